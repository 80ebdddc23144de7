//! States of all definitions by their word: a layer, a file, the flags.toml of a git revision. What `diff`
//! compares and a rehearsal starts from or arrives at.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::admin::SnapshotFile;
use crate::error::{Error, Kind, Result};
use crate::flagfile::FlagFile;
use crate::layer::{AdminLayer, EnvLayer, Freshness, Source, TargetKind, TargetLabel};

use super::load::{read_definitions, text_of};
use super::session::Session;

/// A state by its word.
pub(super) enum Side {
    /// The layers up to this one.
    Layer(Source),
    /// Another file, or another revision of this one.
    File(Box<FlagFile>),
    /// A target by its word.
    Target(TargetWord),
    /// What a target was, kept in a file.
    Snapshot(Box<SnapshotFile>),
}

/// A target that stands among the states of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TargetWord {
    /// `profile:NAME`.
    Profile(String),
    /// `local`.
    Local,
    /// `store:FILE`.
    Store(PathBuf),
}

impl TargetWord {
    fn parse(word: &str) -> Option<Self> {
        match word.split_once(':') {
            Some(("profile", name)) => Some(Self::Profile(name.to_owned())),
            Some(("store", file)) => Some(Self::Store(file.into())),
            _ => (word == "local").then_some(Self::Local),
        }
    }
}

/// Tells whether a word names a target, or what one was: compared is what these say of each flag.
pub(super) fn is_target_word(word: &str) -> bool {
    TargetWord::parse(word).is_some() || word.starts_with(SNAPSHOT)
}

/// What the word of a snapshot begins with.
const SNAPSHOT: &str = "snapshot:";

/// Tells whether a word can only be a state, whatever files there are.
pub(super) fn is_state_word(word: &str) -> bool {
    layer(word).is_some() || word.starts_with("git:") || is_target_word(word) || is_path(word)
}

fn is_path(word: &str) -> bool {
    word.contains(['/', '\\']) || Path::new(word).extension().is_some_and(|end| end == "toml")
}

fn layer(word: &str) -> Option<Source> {
    match word {
        "default" => Some(Source::Default),
        "env" => Some(Source::Env),
        "admin" | "now" => Some(Source::Admin),
        _ => None,
    }
}

impl Session {
    /// Reads a state from its word; none if it is no word of a state.
    ///
    /// # Errors
    /// When the file or the revision cannot be read, or has mistakes.
    pub(super) fn side(&self, word: &str) -> Result<Option<Side>> {
        if let Some(layer) = layer(word) {
            return Ok(Some(Side::Layer(layer)));
        }
        if let Some(target) = TargetWord::parse(word) {
            return match &target {
                TargetWord::Profile(name) if name.is_empty() => {
                    Err(Error::new(Kind::Usage, "`profile:` names no profile").hint("profile:prod"))
                }
                TargetWord::Store(file) if file.as_os_str().is_empty() => {
                    Err(Error::new(Kind::Usage, "`store:` names no file").hint("store:./flags.sqlite3"))
                }
                TargetWord::Store(file) if !self.settings.folders.absolute(file).is_file() => {
                    // A store that is not there would look like one without overrides.
                    Err(Error::new(Kind::Local, format!("there is no store `{}`", file.display())))
                }
                _ => Ok(Some(Side::Target(target))),
            };
        }
        if let Some(name) = word.strip_prefix(SNAPSHOT) {
            return Ok(Some(Side::Snapshot(Box::new(self.snapshot(name)?))));
        }
        if let Some(revision) = word.strip_prefix("git:") {
            return Ok(Some(Side::File(Box::new(self.of_revision(revision)?))));
        }
        let path = self.settings.folders.absolute(Path::new(word));
        if is_path(word) || path.is_file() {
            return Ok(Some(Side::File(Box::new(read_definitions(&path, word)?))));
        }
        Ok(None)
    }

    /// Reads the flags.toml of a git revision.
    fn of_revision(&self, revision: &str) -> Result<FlagFile> {
        let found = self.settings.flag_file()?;
        let (path, shown) = found.required()?;
        if revision.is_empty() || revision.starts_with('-') || revision.contains(':') {
            return Err(Error::new(Kind::Usage, format!("`git:{revision}` names no revision"))
                .hint("write git:HEAD~1 or git:origin/main"));
        }
        let named = format!("git:{revision}:{shown}");
        let git = Git { folder: path.parent().unwrap_or(Path::new(".")) };
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or("flags.toml");
        let Some(bytes) = git.answer(&["cat-file", "blob", &format!("{revision}:./{file}")])? else {
            return Err(git.why(revision, file, shown)?);
        };
        let text = text_of(bytes, &named)?;
        FlagFile::parse(&named, text).map_err(|mistakes| Error::in_file(&named, mistakes))
    }
}

/// The program git, in the folder of flags.toml.
struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    /// Returns what git answers; none if it fails.
    fn answer(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
        let output = self.run(arguments)?;
        Ok(output.status.success().then_some(output.stdout))
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut git = Command::new("git");
        // What git runs in turn, by its settings, is nobody that a token was meant for.
        git.env_remove("FFCTL_TOKEN").arg("-C").arg(self.folder).args(arguments);
        let output = git.output();
        output.map_err(|error| Error::new(Kind::Local, "cannot run git").caused_by(error))
    }

    /// Returns why a file cannot be had of a revision.
    fn why(&self, revision: &str, file: &str, shown: &str) -> Result<Error> {
        let invalid = |message: String| Error::new(Kind::Invalid, message);
        let repository = self.run(&["rev-parse", "--git-dir"])?;
        if !repository.status.success() {
            let said = String::from_utf8_lossy(&repository.stderr);
            let said = said.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned();
            return Ok(invalid(format!("git knows no revisions of {shown}"))
                .caused_by(said)
                .hint("a file can be named as well, such as ./other.toml"));
        }
        if self.answer(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?.is_none() {
            let error = invalid(format!("there is no revision `{revision}` here"));
            let shallow = self.answer(&["rev-parse", "--is-shallow-repository"])?;
            return Ok(if shallow.is_some_and(|answer| answer.starts_with(b"true")) {
                error
                    .hint("this clone is shallow: fetch-depth: 0 in the workflow, or `git fetch --unshallow`")
            } else {
                error
                    .hint("`git fetch` brings the branches of a remote; `git rev-parse REVISION` tells what git knows")
                    .hint("in CI a shallow clone lacks older revisions: fetch-depth: 0")
            });
        }
        Ok(invalid(format!("revision `{revision}` has no {shown}")).hint(format!(
            "`git log --diff-filter=A -- {file}` names the commit that added it; from there on it can be compared"
        )))
    }
}

/// What the layers are without a part of them; kept beside the states, which borrow it.
pub(super) struct Without {
    /// No variables.
    pub(super) env: EnvLayer,
    /// No overrides.
    pub(super) admin: AdminLayer,
}

impl Without {
    /// Returns empty layers.
    pub(super) fn anything() -> Self {
        let nobody =
            TargetLabel { profile: None, address: String::new(), kind: TargetKind::Local, served: false };
        Self { env: EnvLayer::default(), admin: AdminLayer::empty(nobody, Freshness::NotAsked) }
    }
}
