//! `ffctl list`: every flag, its state and where that comes from.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::answer::{flag_report, words::when};
use crate::cli::{ListArguments, SourceWord, StateFilter};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::Source;
use crate::report::{Count, FlagReport, ListReport, StateWord};

use super::load::Definitive;
use super::session::Session;
use super::unchanged;

pub(super) fn run(session: &mut Session, arguments: &ListArguments) -> Result<u8> {
    let names = patterns(&arguments.names)?;
    let since = arguments.unchanged.as_deref().map(|span| unchanged::since(session, span)).transpose()?;
    let mut loaded = session.load(Definitive::Required)?;
    let mut notes = std::mem::take(&mut loaded.notes);
    let changed = since.map(|since| unchanged::changed(session, &loaded, since, &mut notes)).transpose()?;
    loaded.notes = notes;
    let layers = loaded.layers();
    let now = session.now();
    let today = now.date();
    let declared = layers.declared().map(crate::model::FlagName::as_str);
    let all: Vec<FlagReport> = declared
        .chain(layers.undeclared())
        .filter_map(|name| layers.resolve(name))
        .map(|resolved| {
            let mut flag = flag_report(&layers, &resolved, today);
            flag.ends = flag.override_expires.values().min().map(|ends| when(*ends, now)).unwrap_or_default();
            flag
        })
        .collect();
    let total = all.len();
    let flags: Vec<FlagReport> = all
        .into_iter()
        .filter(|flag| {
            names.as_ref().is_none_or(|names| names.is_match(&flag.name))
                && is_wanted(flag, arguments)
                && changed.as_ref().is_none_or(|changed| changed.spares(&flag.name))
        })
        .collect();
    let count = count(&flags, total);
    let report = ListReport {
        flags,
        count,
        file: loaded.file_name().map(str::to_owned),
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        notes: loaded.notes.clone(),
    };
    session.notes(&loaded.notes);
    session.notes(loaded.not_live_beside(session.format).as_slice());
    session.emit(&report)?;
    loaded.leave();
    let invalid = report.flags.iter().any(|flag| flag.state == StateWord::Invalid);
    Ok(if invalid { exit::code(Kind::Invalid) } else { exit::DONE })
}

/// Returns the patterns as one set; none where there is none, which means everything.
///
/// # Errors
/// When one cannot be read.
pub(super) fn patterns(texts: &[String]) -> Result<Option<GlobSet>> {
    if texts.is_empty() {
        return Ok(None);
    }
    let wrong = |error: globset::Error| {
        Error::new(Kind::Usage, "cannot read a name pattern")
            .caused_by(error)
            .hint("write a pattern such as 'enable_*'")
    };
    let mut set = GlobSetBuilder::new();
    for text in texts {
        set.add(Glob::new(text).map_err(wrong)?);
    }
    set.build().map(Some).map_err(wrong)
}

fn is_wanted(flag: &FlagReport, arguments: &ListArguments) -> bool {
    let state = |filter: &StateFilter| {
        flag.state
            == match filter {
                StateFilter::On => StateWord::On,
                StateFilter::Off => StateWord::Off,
                StateFilter::Partial => StateWord::Partial,
                StateFilter::Invalid => StateWord::Invalid,
            }
    };
    let sources = flag.all_sources();
    let source = |word: &SourceWord| {
        sources.contains(match word {
            SourceWord::Default => &Source::Default,
            SourceWord::Env => &Source::Env,
            SourceWord::Admin => &Source::Admin,
        })
    };
    (!arguments.expired || flag.expired)
        && (arguments.state.is_empty() || arguments.state.iter().any(state))
        && (arguments.source.is_empty() || arguments.source.iter().any(source))
        && (arguments.tag.is_empty() || arguments.tag.iter().any(|tag| flag.tags.contains(tag)))
        && (arguments.owner.is_empty()
            || arguments.owner.iter().any(|owner| flag.owner.as_ref() == Some(owner)))
}

fn count(flags: &[FlagReport], total: usize) -> Count {
    let of = |state: StateWord| flags.iter().filter(|flag| flag.state == state).count();
    Count {
        shown: flags.len(),
        total,
        on: of(StateWord::On),
        off: of(StateWord::Off),
        partial: of(StateWord::Partial),
        invalid: of(StateWord::Invalid),
        undeclared: flags.iter().filter(|flag| !flag.declared).count(),
        overridden: flags
            .iter()
            .filter(|flag| flag.declared && flag.all_sources().iter().any(|source| *source > Source::Default))
            .count(),
    }
}
