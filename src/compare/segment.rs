//! Two segments, or one and nothing; and which flags ask a segment.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::flagfile::FlagFile;
use crate::layer::Origin;
use crate::model::{Clause, Definitions, Operator, Segment, SegmentRule};

use super::clause::same_clauses;
use super::difference::{Effect, FieldDifference};
use super::fields::{Fields, Said, place};
use super::rules::compare_clauses;

/// A segment of one side.
#[derive(Clone, Copy)]
pub(super) struct SegmentSide<'a> {
    pub(super) segment: &'a Segment,
    file: &'a FlagFile,
}

impl<'a> SegmentSide<'a> {
    /// Returns the segment of this name; none if the side has none.
    pub(super) fn of(file: Option<&'a FlagFile>, name: &str) -> Option<Self> {
        let file = file?;
        Some(Self { segment: file.definitions().segments.get(name)?, file })
    }

    /// Returns where its key stands; the file remembers no more of a segment.
    pub(super) fn place(&self) -> Option<Origin> {
        Some(place(self.file, self.file.segment_place(&self.segment.name)?))
    }
}

type Keys = fn(&Segment) -> &IndexSet<String>;

/// Returns the fields that differ.
pub(super) fn compare_segments(
    old: Option<SegmentSide<'_>>,
    new: Option<SegmentSide<'_>>,
) -> Vec<FieldDifference> {
    let mut fields = Fields::default();
    let at = |side: Option<SegmentSide<'_>>| side.and_then(|side| side.place());
    let (old_place, new_place) = (at(old), at(new));
    let lists: [(&str, Keys); 2] =
        [("included", |segment| &segment.included), ("excluded", |segment| &segment.excluded)];
    for (field, of) in lists {
        let keys =
            |side: Option<SegmentSide<'_>>| side.map_or_else(IndexSet::new, |side| of(side.segment).clone());
        let (was, is) = (keys(old), keys(new));
        for key in is.union(&was) {
            let said = |keys: &IndexSet<String>, place: &Option<Origin>| {
                keys.contains(key).then(|| Said::at(key.clone(), place.clone()))
            };
            let pair = (said(&was, &old_place), said(&is, &new_place));
            fields.compare(field, Effect::Behaviour, pair, |a, b| a == b, Clone::clone);
        }
    }
    let rules = |side: Option<SegmentSide<'_>>| side.map_or_else(Vec::new, |side| side.segment.rules.clone());
    compare_rules(&mut fields, (rules(old), rules(new)), &(old_place, new_place));
    let description = |side: Option<SegmentSide<'_>>| {
        let side = side?;
        Some(Said::at(side.segment.description.clone()?, side.place()))
    };
    fields.metadata("description", description(old), description(new));
    fields.finish()
}

/// Takes in the rules that differ. One match is enough, so their order means nothing.
fn compare_rules(
    fields: &mut Fields,
    (old, new): (Vec<SegmentRule>, Vec<SegmentRule>),
    places: &(Option<Origin>, Option<Origin>),
) {
    let only = |all: &[SegmentRule], of: &[SegmentRule]| -> Vec<SegmentRule> {
        let has = |rule: &SegmentRule| of.iter().any(|other| same_clauses(&rule.when, &other.when));
        all.iter().filter(|rule| !has(rule)).cloned().collect()
    };
    let (gone, come) = (only(&old, &new), only(&new, &old));
    // One that went for one that came is a rule that changed.
    if let ([was], [is]) = (gone.as_slice(), come.as_slice()) {
        compare_clauses(fields, "rule", (&was.when, &is.when), places);
        return;
    }
    let whole = |rule: SegmentRule, place: &Option<Origin>| Some(Said::at(rule.when, place.clone()));
    let text = |when: &Vec<Clause>| {
        let clauses: Vec<String> = when.iter().map(ToString::to_string).collect();
        format!("when {}", clauses.join(" and "))
    };
    for rule in gone {
        fields.compare("rule", Effect::Behaviour, (whole(rule, &places.0), None), |_, _| false, text);
    }
    for rule in come {
        fields.compare("rule", Effect::Behaviour, (None, whole(rule, &places.1)), |_, _| false, text);
    }
}

/// Returns the flags whose rules ask this segment, directly or through other segments.
pub(super) fn flags_that_ask(definitions: &Definitions, segment: &str) -> BTreeSet<String> {
    let asks = |clauses: &[Clause], known: &BTreeSet<String>| {
        let asked = clauses.iter().filter(|clause| clause.operator == Operator::Segment);
        asked
            .flat_map(|clause| &clause.values)
            .any(|value| value.as_text().is_some_and(|name| known.contains(name)))
    };
    let mut known = BTreeSet::from([segment.to_owned()]);
    loop {
        let more: Vec<String> = definitions
            .segments
            .values()
            .filter(|other| !known.contains(other.name.as_str()))
            .filter(|other| other.rules.iter().any(|rule| asks(&rule.when, &known)))
            .map(|other| other.name.to_string())
            .collect();
        if more.is_empty() {
            break;
        }
        known.extend(more);
    }
    let flags = definitions.flags.values();
    let asking = flags.filter(|flag| flag.rules.iter().any(|rule| asks(&rule.when, &known)));
    asking.map(|flag| flag.name.to_string()).collect()
}
