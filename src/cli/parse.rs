//! The command line, read quickly where it is sound.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command as Definition, Error, FromArgMatches};

use super::bucketing::BucketingArguments;
use super::check::CheckArguments;
use super::completions::CompletionsArguments;
use super::context_show::ContextCommandArguments;
use super::diff::DiffArguments;
use super::doctor::DoctorArguments;
use super::drift::DriftArguments;
use super::explain::ExplainArguments;
use super::get::GetArguments;
use super::global::GlobalArguments;
use super::history::HistoryArguments;
use super::init::InitArguments;
use super::journal::JournalArguments;
use super::lint::LintArguments;
use super::list::ListArguments;
use super::login::{LoginArguments, LogoutArguments};
use super::man::ManArguments;
use super::profile::ProfileArguments;
use super::remove::RemoveArguments;
use super::serve::ServeArguments;
use super::set::SetArguments;
use super::simulate_rollout::SimulateArguments;
use super::snapshot::SnapshotArguments;
use super::token::TokenArguments;
use super::top::{Cli, Command};
use super::undo::UndoArguments;
use super::unset::UnsetArguments;
use super::variant_for_user::VariantArguments;
use super::watch::WatchArguments;
use super::whole;

/// Reads a command line. To define every option of every command takes a fifth of a start, so the command that
/// stands there is defined alone, and nothing where there is no option; whatever is not read cleanly that way, help
/// included, goes through the whole definition, which words the answer.
///
/// # Errors
/// What clap makes of a mistake, or of `--help` and `--version`.
pub fn parse(arguments: Vec<OsString>) -> Result<Cli, Error> {
    if let Some(answer) = version(&arguments) {
        return Err(answer);
    }
    if let Some(cli) = plainly(&arguments) {
        return Ok(cli);
    }
    if let Some(matches) = quickly(&arguments)
        && let Ok(cli) = Cli::from_arg_matches(&matches)
    {
        return Ok(cli);
    }
    let matches = whole::definition().try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| match error.kind() {
        ErrorKind::MissingSubcommand => error,
        _ => error.format(&mut whole::definition()),
    })
}

/// Returns the answer to `--version` alone, for which no option of a command matters.
fn version(arguments: &[OsString]) -> Option<Error> {
    let [_, only] = arguments else { return None };
    let asked = only == "--version" || only == "-V";
    let definition = || Definition::new("ffctl").version(env!("CARGO_PKG_VERSION"));
    asked.then(|| definition().try_get_matches_from(arguments).err()).flatten()
}

/// Reads what scripts and people type most: `get` or `list` with names, and no option that would have to be known.
fn plainly(arguments: &[OsString]) -> Option<Cli> {
    let mut words = arguments.iter().skip(1).map(|word| word.to_str().filter(|word| !word.starts_with('-')));
    let command = words.next()??;
    let is_get = match command {
        "get" => true,
        "list" | "ls" => false,
        _ => return None,
    };
    let names = words.map(|word| word.map(str::to_owned)).collect::<Option<Vec<_>>>()?;
    let command = match (is_get, names.is_empty()) {
        (true, true) => return None,
        (true, false) => Command::Get(GetArguments { flags: names, ..GetArguments::default() }),
        (false, _) => Command::List(ListArguments { names, ..ListArguments::default() }),
    };
    Some(Cli { global: GlobalArguments::default(), command })
}

/// Reads a command line with the definition of the first command alone that is named in it.
fn quickly(arguments: &[OsString]) -> Option<ArgMatches> {
    let words = arguments.iter().skip(1).filter_map(|argument| argument.to_str());
    let command = words.into_iter().find_map(definition)?;
    let mut definition = GlobalArguments::augment_args(Definition::new("ffctl"))
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommand(command);
    let matches = definition.try_get_matches_from_mut(arguments).ok();
    // The process is short: to take the definition apart again would only cost time.
    std::mem::forget(definition);
    matches
}

/// Returns the definition of the command of this name.
fn definition(name: &str) -> Option<Definition> {
    let command =
        |name: &'static str, augment: fn(Definition) -> Definition| Some(augment(Definition::new(name)));
    match name {
        "list" | "ls" => command("list", ListArguments::augment_args).map(|list| list.visible_alias("ls")),
        "get" => command("get", GetArguments::augment_args),
        "diff" => command("diff", DiffArguments::augment_args),
        "drift" => command("drift", DriftArguments::augment_args),
        "watch" => command("watch", WatchArguments::augment_args),
        "snapshot" => command("snapshot", SnapshotArguments::augment_args),
        "explain" => command("explain", ExplainArguments::augment_args),
        "context" => command("context", ContextCommandArguments::augment_args),
        "set" => command("set", SetArguments::augment_args),
        "unset" => command("unset", UnsetArguments::augment_args),
        "undo" => command("undo", UndoArguments::augment_args),
        "history" => command("history", HistoryArguments::augment_args),
        "remove" => command("remove", RemoveArguments::augment_args),
        "simulate-rollout" => command("simulate-rollout", SimulateArguments::augment_args),
        "variant-for-user" => command("variant-for-user", VariantArguments::augment_args),
        "bucketing" => command("bucketing", BucketingArguments::augment_args),
        "lint" => command("lint", LintArguments::augment_args),
        "check" => command("check", CheckArguments::augment_args),
        "serve" => command("serve", ServeArguments::augment_args),
        "journal" => command("journal", JournalArguments::augment_args),
        "token" => command("token", TokenArguments::augment_args),
        "init" => command("init", InitArguments::augment_args),
        "profile" => command("profile", ProfileArguments::augment_args),
        "login" => command("login", LoginArguments::augment_args),
        "logout" => command("logout", LogoutArguments::augment_args),
        "doctor" => command("doctor", DoctorArguments::augment_args),
        "completions" => command("completions", CompletionsArguments::augment_args),
        "man" => command("man", ManArguments::augment_args),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_version_is_the_one_of_the_whole_definition() {
        for line in ["ffctl --version", "ffctl -V"] {
            let quick = version(&words(line)).expect("it was asked for");
            let whole = whole::definition().try_get_matches_from(words(line)).expect_err("an answer");
            assert_eq!((quick.kind(), quick.to_string()), (whole.kind(), whole.to_string()));
        }
        assert!(version(&words("ffctl list --version")).is_none());
    }

    #[test]
    fn every_command_has_its_quick_definition() {
        for command in whole::definition().get_subcommands() {
            assert!(definition(command.get_name()).is_some(), "{}", command.get_name());
        }
    }

    #[test]
    fn quick_and_whole_read_the_same() {
        for line in [
            "ffctl list",
            "ffctl ls",
            "ffctl list enable_* x",
            "ffctl get a",
            "ffctl get a list b",
            "ffctl get a -",
            "ffctl list -- -x",
            "ffctl ls --state on,off enable_*",
            "ffctl --json -p prod get a b --user u --attr x=1",
            "ffctl get list",
            "ffctl -p get get list",
            "ffctl --flags list get x",
            "ffctl explain x --context - --at 2026-01-01T00:00:00Z",
            "ffctl context show u1 --attr plan=pro --at 2026-01-01T00:00:00Z",
            "ffctl context",
            "ffctl context shw u1",
            "ffctl get x --user u1 --directory",
            "ffctl check x:u1=on --directory --allow-bare-user",
            "ffctl check x:u1=on --allow-bare-user",
            "ffctl set a=on b=25% --local --yes -m why",
            "ffctl unset a --field rollout,users",
            "ffctl undo L17 --yes -m why --idempotency-key k",
            "ffctl history x --since 1h --by ada --limit 5",
            "ffctl remove x y --if off -n",
            "ffctl set a on --if 25% --idempotency-key k",
            "ffctl history --limit 0",
            "ffctl simulate-rollout x --from 10% --to 25%,50% --synthetic 10 --by org",
            "ffctl variant-for-user u e --population -",
            "ffctl journal verify --local --receipt 17=9f86d081",
            "ffctl -p prod token create ci --role editor --expires 90d --dry-run",
            "ffctl token revoke ci --yes --force",
            "ffctl token",
            "ffctl bucketing list -o json",
            "ffctl -f x bucketing show posthog --as js --for variant",
            "ffctl bucketing infer - --percent 30 --key a --key b",
            "ffctl bucketing migrate x --to posthog --synthetic 10",
            "ffctl bucketing",
            "ffctl bucketing lst",
            "ffctl diff git:HEAD~1 default enable_* -o markdown",
            "ffctl diff profile:staging profile:prod x",
            "ffctl drift 'enable_*' -p prod --ignore source,definition -o github",
            "ffctl watch x --until x=on --for 5m --interval 1s --exec true --exec-fail stop",
            "ffctl watch --exec true --exec-timeout 5s",
            "ffctl watch --exec-fail stop",
            "ffctl snapshot save before --comment why --replace",
            "ffctl snapshot restore before --only x,y --exact --saved-from prod -n -m why",
            "ffctl snapshot diff before after.json -o markdown",
            "ffctl snapshot",
            "ffctl lint flags.toml --deny warnings,expired --allow ownerless -o sarif",
            "ffctl profile add prod https://a --protected --token-file t -n",
            "ffctl profile add prod https://a --require-reason --max-step 25% --freeze Fri..Sun --freeze 22:00..06:00",
            "ffctl profile remove prod --confirm prod",
            "ffctl profile",
            "ffctl -p prod login",
            "ffctl logout -p prod --json",
            "ffctl doctor --offline",
            "ffctl set a on --override-freeze why",
            "ffctl completions zsh",
            "ffctl man get",
            "ffctl check a=on b>=5% --at-least c=1% --from - --wait 5m --view server --user u",
            "ffctl init -n --flags other.toml",
            "ffctl serve --listen 127.0.0.1:0 --log json --log-level debug",
            "ffctl",
            "ffctl lst",
            "ffctl get",
            "ffctl get --help",
            "ffctl get x --population y",
            "ffctl list --state no",
            "ffctl --help",
        ] {
            let shown = |result: Result<Cli, Error>| match result {
                Ok(cli) => format!("{cli:?}"),
                Err(error) => error.render().to_string(),
            };
            assert_eq!(shown(parse(words(line))), shown(slowly(words(line))), "{line}");
        }
    }

    fn slowly(words: Vec<OsString>) -> Result<Cli, Error> {
        let matches = whole::definition().try_get_matches_from(words)?;
        Cli::from_arg_matches(&matches)
    }

    #[test]
    fn names_alone_need_no_definition() {
        for line in ["ffctl list", "ffctl ls", "ffctl list enable_* x", "ffctl get a", "ffctl get a list b"] {
            let plain = plainly(&words(line)).expect("names alone");
            let slow = slowly(words(line)).expect("sound");
            assert_eq!(format!("{plain:?}"), format!("{slow:?}"), "{line}");
        }
        let empty = ["ffctl", "get", "", "ünï"].map(OsString::from).to_vec();
        let slow = slowly(empty.clone()).expect("sound");
        assert_eq!(format!("{:?}", plainly(&empty).expect("names alone")), format!("{slow:?}"));
        for line in [
            "ffctl",
            "ffctl get",
            "ffctl get a --json",
            "ffctl --json get a",
            "ffctl list -h",
            "ffctl get a -",
        ] {
            assert!(plainly(&words(line)).is_none(), "{line}");
        }
    }
}
