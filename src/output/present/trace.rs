//! How the trace of an evaluation looks: every step tried, its clauses, and where the bucket fell.

use crate::bucket::{Algorithm, Number};
use crate::report::{BucketReport, ClauseReport, EvaluationReport, StepReport};

use super::super::document::{Column, Document, Row, Ruler, Table, Text};
use super::super::number::{short, thousandths};
use super::super::style::Style;
use super::common::tick;

/// Shows an evaluation: for whom, step by step, and what came out.
pub(super) fn show(document: &mut Document, evaluation: &EvaluationReport, flag: &str) {
    document.heading(format!("Evaluation for {}, at {}", evaluation.context.summary, evaluation.context.at));
    let mut rows = Vec::new();
    for step in &evaluation.trace {
        rows.push(step_row(step));
        rows.extend(step.clauses.iter().map(clause_row));
        // All rollouts of one flag share one bucket: it is drawn once, where it decides.
        let decides = step.outcome == "decided";
        if let Some(bucket) = step.bucket.as_ref().filter(|bucket| decides && bucket.bucket.is_some()) {
            table(document, std::mem::take(&mut rows));
            ruler(document, bucket);
        }
    }
    table(document, rows);
    document.gap();
    document.line(conclusion(evaluation, flag));
}

fn table(document: &mut Document, rows: Vec<Row>) {
    document.table(Table {
        columns: vec![Column::new("STEP").wrapping(), Column::new("WHY").wrapping()],
        rows,
        indent: 2,
        bare: true,
    });
}

/// A step: what was tried, and why it decided or not.
fn step_row(step: &StepReport) -> Row {
    let mark = match step.outcome {
        "decided" => Text::styled(Style::On, "→"),
        "passed" => tick(true),
        _ => tick(false),
    };
    let decided = step.outcome == "decided";
    let subject = Text::styled(if decided { Style::Strong } else { Style::Plain }, &*step.subject);
    let served = step.served.as_ref().filter(|_| decided).map_or_else(Text::new, |served| {
        Text::styled(Style::Faint, "serves ").with(Style::Strong, served.to_string())
    });
    let why = Text::dotted([served, Text::plain(&*step.detail)]);
    Row::new([mark.and(" ").join(subject).into(), why.into()])
}

/// A clause, which says what was wanted, and what the context has there.
fn clause_row(clause: &ClauseReport) -> Row {
    let why = Text::styled(Style::Faint, "is ").and(&*clause.actual_text);
    Row::new([
        Text::plain("    ").join(tick(clause.matched)).and(" ").and(&*clause.clause).into(),
        why.into(),
    ])
}

/// Where the bucket fell.
fn ruler(document: &mut Document, report: &BucketReport) {
    let Some(bucket) = report.bucket else { return };
    let total = report.total;
    let of_all = |number: Number| number.share_of(total);
    // Only a rollout counts in thousandths of a percent; a split counts slots.
    let rollout = report.in_at.is_some();
    let called = |number: Number| match (rollout, number) {
        (_, number) if number == report.from && of_all(number) < 0.000_01 => String::new(),
        (_, number) if of_all(number) >= 1.0 => String::new(),
        (true, number) => of_rollout(number, total).replace(".000%", "%"),
        (false, number) => short(number),
    };
    let at = if rollout { of_rollout(bucket, total) } else { short(bucket) };
    document.ruler(Ruler {
        depth: 3,
        part: (of_all(report.from), of_all(report.threshold)),
        labels: (called(report.from), called(report.threshold)),
        at: of_all(bucket),
        label: at,
        inside: match (rollout, report.compare) {
            (true, "<=") => bucket <= report.threshold,
            _ => (report.from..report.threshold).contains(&bucket),
        },
    });
    let part = |label: &str, text: &str| Text::styled(Style::Faint, format!("{label} ")).and(text);
    let in_at = report.in_at.map_or_else(Text::new, |weight| part("in at ≥", &weight.to_string()));
    let input = report.input.as_ref().map_or_else(Text::new, |input| part("hash of", input));
    let own = report.algorithm.name() == Algorithm::DEFAULT;
    let algorithm = if own { Text::new() } else { Text::plain(report.algorithm.name()) };
    let more = Text::dotted([in_at, part("by", &report.by), input, algorithm]);
    document.item(3, Text::new(), more);
}

/// Returns a bucket of a rollout: as a percentage where buckets are thousandths of one, else as it is counted.
fn of_rollout(number: Number, total: Number) -> String {
    match (number.whole().and_then(|bucket| u32::try_from(bucket).ok()), total) {
        (Some(bucket), Number::Whole(100_000)) => thousandths(bucket),
        _ => short(number),
    }
}

/// The whole in one sentence.
fn conclusion(evaluation: &EvaluationReport, flag: &str) -> Text {
    let served = evaluation.variation.as_str();
    let style = if evaluation.on { Style::On } else { Style::Off };
    let served = Text::styled(style, served.to_owned());
    let reason = match evaluation.error_code {
        Some(code) => Text::styled(Style::Error, format!("error: {code}")),
        None => Text::styled(Style::Faint, evaluation.reason.word()),
    };
    Text::styled(Style::Strong, "→ ")
        .with(Style::Strong, flag)
        .and(" is ")
        .join(served)
        .and(format!(" for {}", evaluation.context.summary))
        .with(Style::Faint, " · ")
        .join(reason)
}
