//! `bucketing infer`: which formula production uses.

use crate::bucket::{Algorithm, Candidate, Found, Search, Verdict, infer};
use crate::cli::InferArguments;
use crate::cmd::session::Session;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::model::Weight;
use crate::output::counted;
use crate::report::{FormulaReport, InferReport, NearestReport, Note};

use super::chance::Counts;
use super::definition::record_report;
use super::observed::{Observed, read};
use super::run::{flag_file, refuse_targets};

/// With more wrong formulas than this agreeing by chance, one that is left is not confirmed.
const CONFIRMED: f64 = 0.01;
/// More names than these are not tried unasked: each multiplies the formulas.
const MOST_KEYS: usize = 50;

pub(super) fn run(session: &mut Session, arguments: &InferArguments) -> Result<u8> {
    refuse_targets(session)?;
    let percent = percent(&arguments.percent)?;
    let keys = if arguments.key.is_empty() { names(session)? } else { arguments.key.clone() };
    let observed = read(session, arguments)?;
    let search = Search {
        keys,
        salts: arguments.salt.clone(),
        seeds: arguments.hash_seed.clone(),
        part: percent.thousandths(),
        total: Weight::TOTAL,
    };
    let (verdict, tried, users) = infer(&search, &observed.observations);
    let report = report(&verdict, (tried, users), percent, &search, &observed);
    session.notes(&report.notes);
    session.emit(&report)?;
    Ok(if report.verdict == "one" { exit::DONE } else { exit::NO })
}

fn percent(text: &str) -> Result<Weight> {
    let hint = "the rollout at which the users were seen, such as 30";
    let weight = Weight::parse(text)
        .map_err(|error| Error::new(Kind::Usage, format!("--percent: {error}")).hint(hint))?;
    if matches!(weight, Weight::NONE | Weight::ALL) {
        let message = format!("--percent: at {weight} every formula says the same");
        return Err(Error::new(Kind::Usage, message).hint(hint));
    }
    Ok(weight)
}

/// Returns the names of flags.toml: what was observed is most likely one of them.
fn names(session: &mut Session) -> Result<Vec<String>> {
    let file = flag_file(session)?;
    let definitions = file.as_ref().map(FlagFile::definitions);
    let names: Vec<String> = definitions
        .into_iter()
        .flat_map(|all| {
            all.flags.keys().map(ToString::to_string).chain(all.experiments.keys().map(ToString::to_string))
        })
        .collect();
    if names.is_empty() || names.len() > MOST_KEYS {
        let message = if names.is_empty() {
            "no name is known: only formulas of the user's id alone are tried".to_owned()
        } else {
            format!(
                "flags.toml has {} names, too many to try unasked: only formulas of the user's id alone are tried",
                names.len()
            )
        };
        session.note(&Note::new(message).hint("--key NAME says the flag's key"));
        return Ok(Vec::new());
    }
    Ok(names)
}

fn report(
    verdict: &Verdict,
    (tried, users): (usize, usize),
    percent: Weight,
    search: &Search,
    observed: &Observed,
) -> InferReport {
    let counts = Counts::of(&observed.observations, users);
    let share = percent.fraction();
    let missing = |counts: &Counts| counts.missing(share, tried, CONFIRMED);
    let formulas = |found: &[Found]| found.iter().map(formula).collect::<Vec<_>>();
    let mut report = InferReport {
        verdict: "none",
        source: observed.source.clone(),
        users,
        on: counts.on,
        percent,
        tried,
        keys: search.keys.clone(),
        found: Vec::new(),
        count: 0,
        after: None,
        by_chance: None,
        missing: None,
        ask: Vec::new(),
        contradictory: Vec::new(),
        nearest: None,
        wrong_rows: observed.wrong,
        notes: observed.first_wrong.iter().map(|row| Note::new(row.clone())).collect(),
    };
    match verdict {
        Verdict::Random { users, examples } => {
            report.verdict = "random";
            report.count = *users;
            report.contradictory.clone_from(examples);
        }
        Verdict::One { found, after, ask } => {
            let by_chance = counts.agreeing(share, tried);
            let enough = by_chance <= CONFIRMED && counts.has_both();
            let confirmed = enough && found.twins.is_empty();
            report.missing = (!enough).then(|| missing(&counts));
            report.verdict = if confirmed { "one" } else { "unconfirmed" };
            report.count = 1;
            report.found = formulas(std::slice::from_ref(found));
            report.after = Some(*after);
            report.ask.clone_from(ask);
            report.by_chance = Some(by_chance);
        }
        Verdict::Several { found, count, ask } => {
            report.verdict = "several";
            report.count = *count;
            report.found = formulas(found);
            report.missing = Some(missing(&counts)).filter(|more| *more > 0);
            report.ask.clone_from(ask);
        }
        Verdict::Nothing { nearest } => {
            report.nearest = nearest.as_ref().map(|(found, agreement)| NearestReport {
                formula: formula(found),
                agrees: agreement.users,
                of: agreement.of,
                beyond_chance: counts.nearly_agreeing(share, tried, (agreement.users, agreement.of)) < 0.001,
                wrong: agreement.wrong.clone(),
            });
        }
    }
    if observed.wrong > observed.first_wrong.len() {
        let message =
            format!("{} could not be read; the first are named", counted(observed.wrong as u64, "row"));
        report.notes.push(Note::new(message));
    }
    let unlikely = report.verdict != "random" && counts.of_unchosen(share) < 1e-6;
    if unlikely && report.verdict != "one" {
        let message = format!(
            "{} of {users} users are on, which {percent} of all hardly gives: they were chosen, or the percentage was another",
            counts.on
        );
        report.notes.push(Note::new(message));
    }
    report
}

fn formula(found: &Found) -> FormulaReport {
    let Candidate { preset, record, purpose, key, salt } = &found.candidate;
    FormulaReport {
        name: preset.as_ref().map(Algorithm::in_words),
        purpose: purpose.word(),
        key: key.clone(),
        salt: salt.clone(),
        record: record_report(record),
        twins: found.twins.iter().map(words).collect(),
        toml: super::snippet::found(preset.as_ref(), record, *purpose, salt.as_deref()),
    }
}

/// Says a formula in one line.
fn words(candidate: &Candidate) -> String {
    let record = &candidate.record;
    let of = format!("{} of {}, {}, {}", record.hash, record.template, record.slice, record.reduce);
    let said = format!("{of}, {}", record.compare.sign());
    match &candidate.preset {
        Some(preset) => format!("{} ({said})", preset.in_words()),
        None => said,
    }
}
