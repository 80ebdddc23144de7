//! `bucketing list` and `bucketing show`.

use crate::bucket::{Algorithm, Language, Purpose, SeedUse, presets, source};
use crate::cli::{LanguageWord, PurposeWord, ShowArguments};
use crate::cmd::session::Session;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::model::Bucketing;
use crate::output::{Format, foreign};
use crate::report::{AlgorithmsReport, Note, ShownAlgorithm, SourceReport};

use super::definition::algorithm_report;
use super::run::{algorithm, flag_file, refuse_targets};
use super::snippet::choice;

pub(super) fn list(session: &mut Session) -> Result<u8> {
    refuse_targets(session)?;
    let file = flag_file(session)?;
    let bucketing = bucketing(file.as_ref());
    let report = |algorithm: &Algorithm| {
        let default = file.is_some() && algorithm.name() == bucketing.default.name();
        algorithm_report(algorithm, default, used_by(file.as_ref(), algorithm))
    };
    let report = AlgorithmsReport {
        algorithms: bucketing.custom.iter().cloned().chain(presets()).map(|each| report(&each)).collect(),
        default: bucketing.default.name().to_owned(),
        file: file.as_ref().map(|file| file.name().to_owned()),
    };
    session.emit(&report)?;
    Ok(exit::DONE)
}

pub(super) fn show(session: &mut Session, arguments: &ShowArguments) -> Result<u8> {
    refuse_targets(session)?;
    let file = flag_file(session)?;
    let bucketing = bucketing(file.as_ref());
    let algorithm = algorithm(&bucketing, &arguments.name, arguments.hash_seed)?;
    let default = file.is_some() && algorithm.name() == bucketing.default.name();
    if arguments.language.is_some() && algorithm.seed_use() == SeedUse::Required && algorithm.seed().is_none()
    {
        let message =
            format!("`{algorithm}` hashes with a seed of the flag's own, and none was said: it is 0 below");
        session.note(&Note::new(message).hint("--hash-seed N says it"));
    }
    let source = arguments
        .language
        .map(|word| source_report(&algorithm, language(word), arguments.purpose))
        .transpose()?;
    let report = ShownAlgorithm {
        algorithm: algorithm_report(&algorithm, default, used_by(file.as_ref(), &algorithm)),
        toml: choice(&algorithm),
        source,
    };
    match &report.source {
        // The lines alone, to be put into a file.
        Some(source) if session.format == Format::Table => {
            let text = foreign(&source.text, session.console.data);
            session.console.data(&text)?;
        }
        _ => session.emit(&report)?,
    }
    Ok(exit::DONE)
}

fn bucketing(file: Option<&FlagFile>) -> Bucketing {
    file.map_or_else(Bucketing::default, |file| file.definitions().bucketing.clone())
}

/// Returns the flags and experiments that are bucketed by an algorithm.
fn used_by(file: Option<&FlagFile>, algorithm: &Algorithm) -> Vec<String> {
    let Some(file) = file else { return Vec::new() };
    let definitions = file.definitions();
    let same = |other: &Algorithm| other.name() == algorithm.name();
    let flags = definitions.flags.values().filter(|flag| same(&flag.bucketing));
    let experiments = definitions.experiments.values().filter(|experiment| same(&experiment.bucketing));
    flags.map(|flag| flag.name.to_string()).chain(experiments.map(|one| one.name.to_string())).collect()
}

const fn language(word: LanguageWord) -> Language {
    match word {
        LanguageWord::Python => Language::Python,
        LanguageWord::Sql => Language::Sql,
        LanguageWord::Js => Language::JavaScript,
        LanguageWord::Rust => Language::Rust,
    }
}

/// Returns the lines of one purpose, or of both where they differ.
fn source_report(
    algorithm: &Algorithm,
    language: Language,
    purpose: Option<PurposeWord>,
) -> Result<SourceReport> {
    let purposes: &[Purpose] = match purpose {
        Some(PurposeWord::Rollout) => &[Purpose::Rollout],
        Some(PurposeWord::Variant) => &[Purpose::Variant],
        None if algorithm.shares_draws() => &[Purpose::Rollout],
        None => &Purpose::ALL,
    };
    let text = source(algorithm, purposes, language).map_err(|error| {
        Error::new(Kind::Usage, format!("`{algorithm}` cannot be written in {}: {error}", language.name()))
            .hint(format!("ffctl bucketing show {algorithm} --as python computes it beside the database"))
            .hint("ffctl simulate-rollout FLAG --population postgres://… --query SQL counts users of a database here")
    })?;
    Ok(SourceReport { language: language.word(), text })
}
