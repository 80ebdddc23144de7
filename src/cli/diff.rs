//! `ffctl diff`

use clap::Args;

/// Show what differs between two states: layers, files, git revisions, targets
#[derive(Clone, Debug, Args)]
#[command(
    override_usage = "ffctl diff [OPTIONS] <A> [B] [PATTERN]...",
    after_help = "\
Examples:
  ffctl diff default admin
  ffctl diff default env 'enable_*' -o markdown

A state is `default` (flags.toml alone), `env` (with variables), `admin` (with
overrides: what counts), a file such as ./other.toml, or the flags.toml of a git
revision: git:HEAD~1, git:origin/main. Without B, a file or revision is compared
with `default`, a layer with `admin`.

A target is profile:NAME, local or store:FILE; snapshot:FILE is what one was.
Beside one of them, what each side says of every flag is compared: state,
rollout, split, users, orgs and source. A server's own words count, unless
--view checkout:
ffctl diff profile:staging profile:prod

Ends with 0 if nothing differs, with 1 if something does. In a pull request:
ffctl diff git:origin/main -o markdown"
)]
pub struct DiffArguments {
    /// The state before
    #[arg(value_name = "A")]
    pub before: String,
    /// The state after, then names or patterns (* and ?) of flags, experiments and segments
    #[arg(value_name = "B PATTERN")]
    pub rest: Vec<String>,
}
