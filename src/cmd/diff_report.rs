//! A comparison → its report.

use crate::compare::{Change, Comparison, Difference, Effect, FieldDifference, Side};
use crate::report::{
    ComparedReport, DiffCount, DiffReport, DifferenceReport, FieldDifferenceReport, FreshnessReport, Note,
    SideReport, StateWord, TargetReport,
};

/// What was asked for the admin layer, and how old its answer is.
pub(super) struct Asked {
    pub(super) target: TargetReport,
    pub(super) freshness: FreshnessReport,
}

/// Returns the report of a comparison of these two states.
pub(super) fn diff_report(
    comparison: Comparison,
    (before, after): (ComparedReport, ComparedReport),
    asked: Option<Asked>,
    notes: &[Note],
) -> DiffReport {
    let count = count(&comparison);
    let (target, freshness) = match asked {
        Some(asked) => (Some(asked.target), Some(asked.freshness)),
        None => (None, None),
    };
    DiffReport {
        before,
        after,
        differences: comparison.differences.into_iter().map(difference).collect(),
        count,
        target,
        freshness,
        notes: notes.to_vec(),
    }
}

fn is_moving(difference: &Difference) -> bool {
    difference.fields.iter().any(|field| field.effect == Effect::Moves)
}

fn count(comparison: &Comparison) -> DiffCount {
    let all = &comparison.differences;
    let of = |wanted: &dyn Fn(&Difference) -> bool| all.iter().filter(|one| wanted(one)).count();
    let invalid = |side: &Option<Side>| side.as_ref().is_some_and(|side| !side.problems.is_empty());
    DiffCount {
        compared: comparison.compared,
        differing: all.len(),
        added: of(&|one| one.change == Change::Added),
        removed: of(&|one| one.change == Change::Removed),
        changed: of(&|one| one.change == Change::Changed),
        renamed: of(&|one| matches!(one.change, Change::Renamed(_))),
        moving: of(&is_moving),
        invalid: of(&|one| invalid(&one.before) || invalid(&one.after)),
    }
}

fn difference(difference: Difference) -> DifferenceReport {
    DifferenceReport {
        kind: difference.subject.word(),
        change: difference.change.word(),
        moves_people: is_moving(&difference),
        was: match difference.change {
            Change::Renamed(was) => Some(was),
            _ => None,
        },
        name: difference.name,
        before: difference.before.map(side),
        after: difference.after.map(side),
        fields: difference.fields.into_iter().map(field).collect(),
        used_by: difference.used_by,
        resembles: difference.resembles,
    }
}

fn side(side: Side) -> SideReport {
    let clear = side.problems.is_empty();
    let word = |state| if clear { StateWord::from(state) } else { StateWord::Invalid };
    let state = side.state.as_ref().map(word);
    let summary = side
        .state
        .as_ref()
        .map(|state| if clear { state.to_string() } else { StateWord::Invalid.word().to_owned() });
    SideReport { state, summary, place: side.place, problems: side.problems }
}

fn field(field: FieldDifference) -> FieldDifferenceReport {
    FieldDifferenceReport {
        field: field.field,
        effect: field.effect.word(),
        old: field.old,
        new: field.new,
        old_place: field.old_place,
        new_place: field.new_place,
    }
}
