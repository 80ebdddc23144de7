//! `ffctl diff` between targets: what each says of every flag, whatever flags.toml it runs with.

use crate::answer::{Seen, SeenFlags, Whose, compare_seen};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{EnvLayer, Freshness, Layers, Source, View};
use crate::report::{ComparedReport, DiffReport, FreshnessReport, Note};
use crate::settings::Options;

use super::diff::{Words, no_state};
use super::load::{Definitive, Loaded, Needs, env_note};
use super::session::Session;
use super::side::{Side, TargetWord, Without};
use super::wanted::Wanted;

/// One side, read.
struct Read {
    compared: ComparedReport,
    flags: SeenFlags,
    notes: Vec<Note>,
}

pub(super) fn run(session: &mut Session, words: &Words, wanted: &Wanted<'_>) -> Result<u8> {
    session.states = true;
    let side = |word: &str| session.side(word)?.ok_or_else(|| no_state(word));
    let sides = (side(&words.before)?, side(&words.after)?);
    refuse_unused(session, words, [&sides.0, &sides.1])?;
    let before = read(session, &words.before, &sides.0)?;
    let after = read(session, &words.after, &sides.1)?;
    let mut all: Vec<&str> = Vec::new();
    for read in [&before, &after] {
        all.extend(read.flags.keys().map(String::as_str));
    }
    wanted.known(&all, "flag", " in either state")?;
    let (differences, count) = compare_seen(&before.flags, &after.flags, &|name| wanted.is_wanted(name));
    let mut notes: Vec<Note> = Vec::new();
    for note in before.notes.iter().chain(&after.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    for read in [&before, &after] {
        if read.flags.values().any(|flag| flag.fields.is_none()) {
            let message = format!(
                "{} tells the switch and the source of its flags alone: nothing else of them is compared",
                read.compared.state
            );
            notes.push(Note::new(message));
        }
    }
    let report = DiffReport::of((before.compared, after.compared), differences, count, notes);
    session.notes(&report.notes);
    session.emit(&report)?;
    Ok(exit::combined([
        if count.invalid > 0 { exit::code(Kind::Invalid) } else { exit::DONE },
        if count.differing > 0 { exit::NO } else { exit::DONE },
    ]))
}

fn read(session: &mut Session, word: &str, side: &Side) -> Result<Read> {
    match side {
        Side::File(file) => {
            let without = Without::anything();
            let layers = Layers { file: Some(file), env: &without.env, admin: &without.admin, what_if: None };
            let compared = ComparedReport::new(word, Some(file.name().to_owned()));
            Ok(Read { compared, flags: Seen::all(&layers, Whose::Checkout), notes: Vec::new() })
        }
        Side::Snapshot(snapshot) => {
            let age = session.now().millis().saturating_sub(snapshot.saved_at.millis());
            let age = std::time::Duration::from_millis(u64::try_from(age).unwrap_or_default());
            let compared = ComparedReport {
                target: Some(super::snapshot::target_of(snapshot)),
                freshness: Some(FreshnessReport::from(Freshness::Cached(age))),
                ..ComparedReport::new(word, None)
            };
            Ok(Read { compared, flags: super::snapshot::seen(snapshot), notes: Vec::new() })
        }
        Side::Layer(Source::Admin | Source::WhatIf) => {
            let loaded = session.load(Definitive::Required)?;
            of_target(session, word, loaded, Whose::Checkout)
        }
        Side::Layer(layer) => of_layer(session, word, *layer),
        Side::Target(target) => {
            let (loaded, whose) = session.load_target(target)?;
            of_target(session, word, loaded, whose)
        }
    }
}

/// Returns what flags.toml alone says, or with the variables.
fn of_layer(session: &mut Session, word: &str, layer: Source) -> Result<Read> {
    let file = super::load::definitions(&session.settings.flag_file()?)?;
    let env = match layer {
        Source::Env => EnvLayer::read(file.definitions(), session.variables(false)?),
        _ => EnvLayer::default(),
    };
    let without = Without::anything();
    let layers = Layers { file: Some(&file), env: &env, admin: &without.admin, what_if: None };
    let flags = Seen::all(&layers, Whose::Checkout);
    let notes = env.notes().iter().map(env_note).collect();
    Ok(Read { compared: ComparedReport::new(word, Some(file.name().to_owned())), flags, notes })
}

fn of_target(session: &Session, word: &str, loaded: Loaded, whose: Whose) -> Result<Read> {
    if loaded.admin.freshness == Freshness::NotAsked {
        let message = format!("{}: it was not asked, and there is no answer of earlier", loaded.admin.target);
        return Err(Error::new(Kind::Unreachable, message).hint("leave out --offline"));
    }
    let compared = ComparedReport {
        target: Some(loaded.target_report()),
        freshness: Some(loaded.freshness()),
        view: Some(if whose == Whose::Server { View::Server.word() } else { View::Checkout.word() }),
        ..ComparedReport::new(
            word,
            loaded.file_name().filter(|_| whose == Whose::Checkout).map(str::to_owned),
        )
    };
    let mut notes = loaded.notes.clone();
    notes.extend(loaded.not_live_beside(session.format));
    let flags = Seen::all(&loaded.layers(), whose);
    loaded.leave();
    Ok(Read { compared, flags, notes })
}

impl Session {
    /// Reads all layers of a target that stands among the states, and returns whose words on it count: a server's own,
    /// unless `--view checkout` chose this checkout's.
    ///
    /// # Errors
    /// As [`Session::load_for`].
    pub(super) fn load_target(&mut self, target: &TargetWord) -> Result<(Loaded, Whose)> {
        let whose = match target {
            TargetWord::Profile(_) if self.view != Some(View::Checkout) => Whose::Server,
            _ => Whose::Checkout,
        };
        let named = Options { profile: None, local: false, store: None, ..self.settings.options.clone() };
        let named = match target {
            TargetWord::Profile(name) => Options { profile: Some(name.clone()), ..named },
            TargetWord::Local => Options { local: true, ..named },
            TargetWord::Store(file) => Options { store: Some(file.clone()), ..named },
        };
        let own = std::mem::replace(&mut self.settings.options, named);
        // What a server says of itself needs no flags.toml.
        let definitive = if whose == Whose::Server { Definitive::IfAny } else { Definitive::Required };
        let view = self.view.take_if(|_| matches!(target, TargetWord::Local | TargetWord::Store(_)));
        let loaded = self.load_for(&Needs::of(definitive));
        self.settings.options = own;
        self.view = self.view.or(view);
        let mut loaded = loaded?;
        if whose == Whose::Server && loaded.file.is_none() {
            loaded.notes.retain(|note| !note.message.starts_with("going on without flags.toml"));
        }
        Ok((loaded, whose))
    }
}

/// Refuses global options that these sides have no use for.
fn refuse_unused(session: &Session, words: &Words, sides: [&Side; 2]) -> Result<()> {
    let of = |wanted: &dyn Fn(&Side) -> bool| sides.into_iter().any(wanted);
    let admin = of(&|side| matches!(side, Side::Layer(Source::Admin)));
    let target = admin || of(&|side| matches!(side, Side::Target(_)));
    let server = admin || of(&|side| matches!(side, Side::Target(TargetWord::Profile(_))));
    let by_checkout = session.view == Some(View::Checkout) && server;
    let here =
        |side: &Side| matches!(side, Side::Layer(_) | Side::Target(TargetWord::Local | TargetWord::Store(_)));
    let variables = by_checkout || of(&|side| here(side) && !matches!(side, Side::Layer(Source::Default)));
    let revision = words.before.starts_with("git:") || words.after.starts_with("git:");
    let options = &session.settings.options;
    let unused = [
        (options.profile.is_some(), "--profile", admin),
        (options.local, "--local", admin),
        (options.store.is_some(), "--store", admin),
        (session.offline, "--offline", target),
        (session.max_age.is_some(), "--max-age", target),
        (session.view.is_some(), "--view", server),
        (options.env_file.is_some(), "--env-file", variables),
        (options.flags.is_some(), "--flags", revision || by_checkout || of(&here)),
    ];
    let Some((_, option, _)) = unused.into_iter().find(|(given, _, used)| *given && !used) else {
        return Ok(());
    };
    let message =
        format!("`{option}` has no effect here: neither `{}` nor `{}` needs it", words.before, words.after);
    Err(Error::new(Kind::Usage, message).hint(format!("leave out {option}")))
}
