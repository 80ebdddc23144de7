//! Reading all layers: flags.toml, the variables, the admin layer of the target.

use std::path::Path;
use std::sync::Arc;

use crate::admin::Target;
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::flagfile::FlagFile;
use crate::layer::{
    AdminLayer, DotenvError, EnvLayer, EnvNote, Freshness, Layers, Origin, Resolved, TargetKind, Variable,
    Version, WhatIf, parse_dotenv,
};
use crate::model::Definitions;
use crate::output::Format;
use crate::report::{FreshnessReport, Note, TargetReport};
use crate::settings::{self, TargetChoice};

use super::session::Session;

/// All layers of one run.
pub(super) struct Loaded {
    /// The definitions; none where no flags.toml is at hand and a server answers without.
    pub(super) file: Option<FlagFile>,
    /// The variables as they came in, those of the file first.
    pub(super) variables: Vec<Variable>,
    /// The variables.
    pub(super) env: EnvLayer,
    /// The admin layer.
    pub(super) admin: AdminLayer,
    /// Where the admin layer was read from.
    pub(super) target: Arc<Target>,
    /// Who chose the target.
    pub(super) choice: TargetChoice,
    /// What an option of this command sets.
    pub(super) what_if: Option<WhatIf>,
    /// What is worth a word.
    pub(super) notes: Vec<Note>,
    /// Whether the target was asked at all.
    asked: bool,
}

/// How much a command needs of flags.toml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Definitive {
    /// It must be there and without mistakes.
    Required,
    /// A server's flags can be written without it, even if it is broken: an incident cannot wait.
    IfAny,
}

/// What a run needs of the layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs<'a> {
    /// Of flags.toml.
    pub(super) definitive: Definitive,
    /// The flags whose overrides will be changed on the target: a write must find them as they were read.
    pub(super) overriding: &'a [&'a str],
    /// Whether the admin layer only tells what masks a change of a file, which can be made without knowing.
    pub(super) admin_if_any: bool,
    /// Whether the env file may be one that is yet to be written.
    pub(super) new_env_file: bool,
    /// Which answer of a server will do.
    pub(super) fresh: Fresh,
}

/// Which answer of a server will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fresh {
    /// Its last good one too, where it is away.
    Usual,
    /// A live one, unless `--max-age` says otherwise: the exit code is the answer.
    Live,
    /// A live one, whatever it answered before.
    OnlyLive,
}

impl Needs<'_> {
    /// Returns the needs of a run that reads everything.
    pub(super) const fn of(definitive: Definitive) -> Self {
        Self { definitive, overriding: &[], admin_if_any: false, new_env_file: false, fresh: Fresh::Usual }
    }
}

impl Loaded {
    /// Returns the layers.
    pub(super) fn layers(&self) -> Layers<'_> {
        Layers {
            file: self.file.as_ref(),
            env: &self.env,
            admin: &self.admin,
            what_if: self.what_if.as_ref(),
        }
    }

    /// Returns the number of the newest journalled change of any flag, where the target names it.
    pub(super) fn last_change(&self) -> Option<u64> {
        let of_store = self.admin.versions.values().filter_map(|version| match version {
            Version::Journal(number) => Some(*number),
            Version::Tag(_) | Version::Unknown => None,
        });
        let of_server = self.admin.server.values().filter_map(|flag| flag.state.as_ref()?.journal);
        of_store.chain(of_server).max().filter(|number| *number > 0)
    }

    /// Leaves its memory to the end of the process: to free ten thousand flags takes longer than to end.
    pub(super) fn leave(self) {
        std::mem::forget(self);
    }

    /// Returns the target as reports name it.
    pub(super) fn target_report(&self) -> TargetReport {
        TargetReport::from(&self.admin.target)
    }

    /// Returns how fresh the admin layer is.
    pub(super) fn freshness(&self) -> FreshnessReport {
        FreshnessReport::from(self.admin.freshness)
    }

    /// Returns what must be said beside an answer that has no room for it: that the admin layer was not asked. Why
    /// an answer is cached although it was asked stands in the notes already.
    pub(super) fn not_live(&self) -> Option<Note> {
        let what = match self.admin.freshness {
            Freshness::NotAsked => "not asked".to_owned(),
            Freshness::Cached(age) if !self.asked => {
                format!("not asked, its answer of {} ago", settings::short_duration(age))
            }
            Freshness::Cached(_) | Freshness::Live => return None,
        };
        Some(Note::new(format!("admin: {what} (target: {})", self.admin.target)))
    }

    /// Returns what must be said beside an answer in a format that has no room for it.
    pub(super) fn not_live_beside(&self, format: Format) -> Option<Note> {
        matches!(format, Format::Csv | Format::Name).then(|| self.not_live()).flatten()
    }

    /// Returns the name of flags.toml as the user would write it.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.file.as_ref().map(FlagFile::name)
    }

    /// Resolves a flag by name.
    ///
    /// # Errors
    /// Kind `Unknown` if nobody knows it, with the nearest name.
    pub(super) fn flag(&self, name: &str) -> Result<Resolved> {
        self.layers().resolve(name).ok_or_else(|| self.unknown_flag(name))
    }

    /// Returns the error for a flag that nobody knows.
    pub(super) fn unknown_flag(&self, name: &str) -> Error {
        let layers = self.layers();
        let undeclared = layers.undeclared();
        let known = layers.declared().map(crate::model::FlagName::as_str).chain(undeclared.iter().copied());
        let error = Error::new(Kind::Unknown, format!("there is no flag `{name}`"));
        let is_experiment =
            self.file.as_ref().is_some_and(|file| file.definitions().experiments.contains_key(name));
        if is_experiment {
            return error.hint(format!("`{name}` is an experiment: ffctl variant-for-user USER {name}"));
        }
        match did_you_mean(name, known) {
            Some(hint) => error.hint(hint),
            None => error.hint("`ffctl list -o name` names them all"),
        }
    }

    /// Returns the error for a name that is neither a flag nor an experiment.
    pub(super) fn unknown_flag_or_experiment(&self, name: &str) -> Error {
        let layers = self.layers();
        let undeclared = layers.undeclared();
        let flags = layers.declared().map(crate::model::FlagName::as_str).chain(undeclared.iter().copied());
        let definitions = self.file.iter().map(FlagFile::definitions);
        let experiments =
            definitions.flat_map(|all| all.experiments.keys().map(crate::model::ExperimentName::as_str));
        let error = Error::new(Kind::Unknown, format!("there is no flag or experiment `{name}`"));
        error.hint(
            did_you_mean(name, flags.chain(experiments))
                .unwrap_or_else(|| "`ffctl list -o name` names all flags".to_owned()),
        )
    }

    /// Checks that nobody need guess what a flag is: neither it nor a flag it depends on has a layer with a
    /// value that cannot be read.
    ///
    /// # Errors
    /// Kind `Invalid`, with every such value.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let mut problems = self.layers().closure(name).into_iter().flat_map(|flag| flag.problems);
        let Some(first) = problems.next() else { return Ok(()) };
        let mut error = Error::new(Kind::Invalid, format!("nobody can tell what `{name}` is: {first}"));
        error = error.hint(first.fix);
        for problem in problems {
            error = error.hint(format!("{problem}: {}", problem.fix));
        }
        Err(error)
    }
}

impl Session {
    /// Reads all layers.
    ///
    /// # Errors
    /// When flags.toml, a setting, the env file or the admin layer cannot be read.
    pub(super) fn load(&mut self, definitive: Definitive) -> Result<Loaded> {
        self.load_for(&Needs::of(definitive))
    }

    /// Reads all layers for a run that needs this of them.
    ///
    /// # Errors
    /// As [`Session::load`]; also when a change asks `--offline` for a server.
    pub(super) fn load_for(&mut self, needs: &Needs<'_>) -> Result<Loaded> {
        let (found, lost) = self.flag_file(needs)?;
        let (choice, lost) = match (self.settings.target(&found), lost) {
            (Err(_), Some(error)) => return Err(error),
            (choice, lost) => (choice?, lost),
        };
        let limits = self.read_limits()?;
        let target = match self.kept.take() {
            Some(kept) => {
                kept.limit(limits.read);
                kept
            }
            None => Arc::new(self.target_of(&choice, limits)?),
        };
        // Who looks again has its connection, also where this look fails.
        self.kept = self.patience.map(|_| Arc::clone(&target));
        let optional = needs.definitive == Definitive::IfAny && target.label().kind == TargetKind::Server;
        let mut notes: Vec<Note> = self.settings.notes().into_iter().map(Note::new).collect();
        notes.extend(choice.notes.iter().map(Note::new));
        let file = match lost.map_or_else(|| definitions(&found), Err) {
            Ok(file) => Some(file),
            Err(error)
                if optional || (found.path().is_none() && target.label().kind == TargetKind::Server) =>
            {
                notes.push(Note::new(format!("going on without flags.toml: {}", error.message())));
                None
            }
            Err(error) => return Err(error),
        };
        let nothing = Definitions::default();
        let definitions = file.as_ref().map_or(&nothing, FlagFile::definitions);
        let variables = self.variables(needs.new_env_file)?;
        let env = EnvLayer::read(definitions, variables.clone());
        notes.extend(env.notes().iter().map(env_note));
        let mut admin = self.admin_layer(&target, needs, &mut notes)?;
        self.choose_view(&mut admin)?;
        notes.extend(admin.notes.iter().map(Note::new));
        let asked = !(self.offline && target.label().kind.is_remote());
        Ok(Loaded { file, variables, env, admin, target, choice, what_if: None, notes, asked })
    }

    /// Finds flags.toml; where a run may do without, a variable that names a missing one is an error that only
    /// counts if the target turns out to be no server.
    fn flag_file(&self, needs: &Needs<'_>) -> Result<(settings::FlagFile, Option<Error>)> {
        match self.settings.flag_file() {
            Ok(found) => Ok((found, None)),
            Err(error) if needs.definitive == Definitive::IfAny && self.settings.options.flags.is_none() => {
                Ok((settings::FlagFile::Missing { looked_in: Vec::new() }, Some(error)))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the `FF_*` variables: those of the env file, then those of the process.
    pub(super) fn variables(&self, new_env_file: bool) -> Result<Vec<Variable>> {
        variables(&self.settings, new_env_file)
    }
}

/// Returns the `FF_*` variables: those of the env file, then those of the process.
pub(super) fn variables(settings: &settings::Settings, new_env_file: bool) -> Result<Vec<Variable>> {
    let mut all = Vec::new();
    let named = settings.env_file()?;
    if let Some((path, shown)) = named.filter(|(path, _)| !new_env_file || path.exists()) {
        let text = read_text(&path, &shown)?;
        let entries = parse_dotenv(&text).map_err(|errors| broken_env_file(&shown, &text, errors))?;
        let file: std::sync::Arc<str> = shown.into();
        all.extend(entries.into_iter().map(|entry| Variable {
            origin: Origin::EnvFile { name: entry.name.clone(), file: file.clone(), line: entry.line },
            name: entry.name,
            value: entry.value,
        }));
    }
    all.extend(settings.variables.starting_with("FF_").map(|(name, value)| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: Origin::Variable { name: name.to_owned() },
    }));
    Ok(all)
}

/// Reads the flags.toml that was found.
pub(super) fn definitions(found: &settings::FlagFile) -> Result<FlagFile> {
    let (path, shown) = found.required()?;
    read_definitions(path, shown)
}

/// Reads and parses a flags.toml.
pub(super) fn read_definitions(path: &Path, shown: &str) -> Result<FlagFile> {
    let text = read_text(path, shown)?;
    FlagFile::parse(shown, text).map_err(|diagnostics| Error::in_file(shown, diagnostics))
}

/// Returns the error of an env file with lines that cannot be read.
pub(super) fn broken_env_file(shown: &str, text: &str, errors: Vec<DotenvError>) -> Error {
    let at =
        |error: DotenvError| settings::diagnostic_at(shown, text, error.span, error.message, Some(error.fix));
    Error::in_file(shown, errors.into_iter().map(at).collect())
}

/// Reads a text file.
pub(super) fn read_text(path: &Path, shown: &str) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::Local, format!("there is no file `{shown}`"))
            .hint("a path is seen from the folder in which the command starts"),
        _ => Error::new(Kind::Local, format!("cannot read `{shown}`")).caused_by(error),
    })?;
    text_of(bytes, shown)
}

/// Returns the text that was read from `shown`.
pub(super) fn text_of(bytes: Vec<u8>, shown: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        // The first character that is no character has taken the place of the bytes.
        let span = valid..valid + char::REPLACEMENT_CHARACTER.len_utf8();
        let fix = Some("save the file as UTF-8".to_owned());
        let at = settings::diagnostic_at(shown, &text, span, "this is not UTF-8", fix);
        Error::in_file(shown, vec![at])
    })
}

pub(super) fn env_note(note: &EnvNote) -> Note {
    match note {
        EnvNote::Empty { origin, flag } => Note::new(format!(
            "{origin} is empty and counts as unset; `{flag}` keeps its value from elsewhere"
        )),
        EnvNote::NearMiss { origin, meant } => {
            Note::new(format!("{origin} sets no flag")).hint(format!("did you mean `{meant}`?"))
        }
    }
}
