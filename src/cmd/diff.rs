//! `ffctl diff`: what differs between two states.

use crate::cli::DiffArguments;
use crate::compare::compare;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::layer::{AdminLayer, EnvLayer, Layers, Source};
use crate::report::{ComparedReport, Note};

use super::diff_report::{Asked, diff_report};
use super::load::{Definitive, definitions, env_note};
use super::session::Session;
use super::side::{Side, Without, is_state_word, is_target_word};
use super::wanted::{Wanted, definitions_of};

pub(super) fn run(session: &mut Session, arguments: &DiffArguments) -> Result<u8> {
    let words = Words::of(arguments)?;
    let wanted = Wanted::of(&words.patterns)?;
    if is_target_word(&words.before) || is_target_word(&words.after) {
        return super::diff_targets::run(session, &words, &wanted);
    }
    let side = |word: &str| session.side(word)?.ok_or_else(|| no_state(word));
    let (before, after) = (side(&words.before)?, side(&words.after)?);
    refuse_unused(session, &words, [&before, &after])?;
    let mut ground = Ground::below([&before, &after], session)?;
    let without = Without::anything();
    let layers = (ground.layers(&before, &without), ground.layers(&after, &without));
    let all = [definitions_of(&layers.0), definitions_of(&layers.1)].concat();
    wanted.known(&all, "flag, experiment or segment", " in either state")?;
    let comparison = compare(&layers.0, &layers.1, &|name| wanted.is_wanted(name));
    let compared = |word: &str, layers: &Layers<'_>| {
        ComparedReport::new(word, layers.file.map(|file| file.name().to_owned()))
    };
    let sides = (compared(&words.before, &layers.0), compared(&words.after, &layers.1));
    if comparison.compared == 0 && !words.patterns.is_empty() {
        ground.notes.push(Note::new("no flag, experiment or segment has such a name"));
    }
    let report = diff_report(comparison, sides, ground.asked, &ground.notes);
    session.notes(&ground.notes);
    session.emit(&report)?;
    Ok(exit::combined([
        if report.count.invalid > 0 { exit::code(Kind::Invalid) } else { exit::DONE },
        if report.differences.is_empty() { exit::DONE } else { exit::NO },
    ]))
}

/// The command line, understood.
pub(super) struct Words {
    pub(super) before: String,
    pub(super) after: String,
    patterns: Vec<String>,
}

impl Words {
    fn of(arguments: &DiffArguments) -> Result<Self> {
        let before = arguments.before.clone();
        let mut rest = arguments.rest.clone();
        // Names of flags are no paths, so the second word is a state only where it looks like one.
        let after = if rest.first().is_some_and(|word| is_state_word(word)) {
            rest.remove(0)
        } else {
            match before.as_str() {
                "default" | "env" => "admin".to_owned(),
                word if matches!(word, "admin" | "now") || is_target_word(word) => {
                    let message = format!("`{before}` with what? the second state is missing");
                    let hint = if is_target_word(word) {
                        format!("ffctl diff {word} admin")
                    } else {
                        "ffctl diff default admin".to_owned()
                    };
                    return Err(Error::new(Kind::Usage, message).hint(hint));
                }
                _ => "default".to_owned(),
            }
        };
        Ok(Self { before, after, patterns: rest })
    }
}

pub(super) fn no_state(word: &str) -> Error {
    let message = format!("`{word}` is no state: neither a layer nor a file, a git revision or a target");
    Error::new(Kind::Usage, message)
        .hint("default, env, admin, ./other.toml, git:HEAD~1")
        .hint("profile:NAME, local, store:FILE, snapshot:FILE")
        .hint(format!("names and patterns come behind the states: ffctl diff default admin {word}"))
}

/// Refuses global options that these two states have no use for.
fn refuse_unused(session: &Session, words: &Words, sides: [&Side; 2]) -> Result<()> {
    let layer =
        |least: Source| sides.iter().any(|side| matches!(side, Side::Layer(layer) if *layer >= least));
    let revision = words.before.starts_with("git:") || words.after.starts_with("git:");
    let options = &session.settings.options;
    let unused = [
        (options.profile.is_some(), "--profile", Source::Admin),
        (options.local, "--local", Source::Admin),
        (options.store.is_some(), "--store", Source::Admin),
        (session.offline, "--offline", Source::Admin),
        (session.max_age.is_some(), "--max-age", Source::Admin),
        (session.view.is_some(), "--view", Source::Admin),
        (options.env_file.is_some(), "--env-file", Source::Env),
        (options.flags.is_some() && !revision, "--flags", Source::Default),
    ];
    let found = unused.into_iter().find(|(given, _, least)| *given && !layer(*least));
    let Some((_, option, least)) = found else { return Ok(()) };
    let message =
        format!("`{option}` has no effect here: neither `{}` nor `{}` needs it", words.before, words.after);
    Err(Error::new(Kind::Usage, message).hint(format!("ffctl diff {} {least}", words.before)))
}

/// What the two states stand on: the layers that they need, and no more.
struct Ground {
    file: Option<FlagFile>,
    env: EnvLayer,
    admin: Option<AdminLayer>,
    asked: Option<Asked>,
    notes: Vec<Note>,
}

impl Ground {
    fn below(sides: [&Side; 2], session: &mut Session) -> Result<Self> {
        let layers = sides.iter().filter_map(|side| match side {
            Side::Layer(layer) => Some(*layer),
            Side::File(_) | Side::Target(_) | Side::Snapshot(_) => None,
        });
        let highest = layers.clone().max();
        let mut ground =
            Self { file: None, env: EnvLayer::default(), admin: None, asked: None, notes: Vec::new() };
        if highest == Some(Source::Admin) {
            let loaded = session.load(Definitive::Required)?;
            session.notes(loaded.not_live_beside(session.format).as_slice());
            let asked = Asked { target: loaded.target_report(), freshness: loaded.freshness() };
            ground.asked = Some(asked);
            (ground.file, ground.env, ground.notes) = (loaded.file, loaded.env, loaded.notes);
            ground.admin = Some(loaded.admin);
            if ground.file.is_none() && layers.min() != Some(Source::Admin) {
                // A server answers without flags.toml; the layers below cannot.
                session.settings.flag_file()?.required()?;
            }
            return Ok(ground);
        }
        ground.notes.extend(session.settings.notes().into_iter().map(Note::new));
        if highest.is_some() {
            ground.file = Some(definitions(&session.settings.flag_file()?)?);
        }
        if let (Some(Source::Env), Some(file)) = (highest, &ground.file) {
            ground.env = EnvLayer::read(file.definitions(), session.variables(false)?);
            ground.notes.extend(ground.env.notes().iter().map(env_note));
        }
        Ok(ground)
    }

    /// Returns the layers of one side.
    fn layers<'a>(&'a self, side: &'a Side, without: &'a Without) -> Layers<'a> {
        let highest = match side {
            Side::File(file) => {
                return Layers { file: Some(file), env: &without.env, admin: &without.admin, what_if: None };
            }
            Side::Layer(layer) => *layer,
            // Compared by what they say of each flag, not by their layers.
            Side::Target(_) | Side::Snapshot(_) => Source::Default,
        };
        Layers {
            file: self.file.as_ref(),
            env: if highest >= Source::Env { &self.env } else { &without.env },
            admin: self.admin.as_ref().filter(|_| highest >= Source::Admin).unwrap_or(&without.admin),
            what_if: None,
        }
    }
}
