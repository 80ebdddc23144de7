//! What the configuration alone says → its report, in sentences and commands.

use crate::model::VariationName;
use crate::output::{counted, short_percent, thousands};
use crate::report::{
    ConfigurationReport, LayoutGroup, LayoutOffer, LayoutPiece, LayoutShare, LayoutState, LayoutStep,
    LayoutTransition, Sentence,
};
use crate::simulate::{
    Configuration, Layout, LayoutChange, LayoutGroup as Group, Offer, OfferKind, Redrawn, Several, Thing,
    Transition, Whom,
};

use super::shell::option;

/// What is rehearsed, for the commands that are offered.
pub(super) struct Subject<'a> {
    /// The flag or experiment.
    pub(super) name: &'a str,
    /// Which of the two.
    pub(super) thing: Thing,
    /// The labels of the states.
    pub(super) labels: &'a [String],
}

/// Returns the report of what the configuration alone says.
pub(super) fn configuration_report(of: &Subject<'_>, configuration: &Configuration) -> ConfigurationReport {
    let mut unknown: Vec<String> = configuration
        .unknown
        .iter()
        .map(|whom| {
            format!(
                "{}: nothing exact without users, since one hash is taken in several ways, or the pieces are too many",
                whom_in_words(whom)
            )
        })
        .collect();
    if configuration.more_rules > 0 {
        unknown.push(format!(
            "{} more rules: whom they match is not looked at by itself",
            configuration.more_rules
        ));
    }
    ConfigurationReport {
        groups: configuration.groups.iter().map(|group| group_report(of, group)).collect(),
        others: others(configuration),
        unknown,
    }
}

/// Says what holds of those who are in none of the groups.
fn others(configuration: &Configuration) -> Vec<Sentence> {
    let mut said = Vec::new();
    if let Some(several) = configuration.several {
        said.push(of_several(several));
    }
    match configuration.same_lists {
        Some(true) => said.push(Sentence {
            text: "Who is named one by one gets what is written there, in every state the same.".to_owned(),
            good: Some(true),
        }),
        Some(false) => said.push(bad(
            "Who is named one by one is not in these shares, and the lists differ between the states: --population counts."
                .to_owned(),
        )),
        None => {}
    }
    said
}

/// Says what becomes of users whom several rules match.
fn of_several(of: Several) -> Sentence {
    let Several { combinations, same, quiet, left_out } = of;
    let moving = combinations - same - quiet - left_out;
    let whom = "Users whom several rules match";
    if left_out == combinations {
        let text = format!(
            "{whom} are not looked at: the rules have {} combinations.",
            thousands(count(combinations))
        );
        return bad(text);
    }
    let looked = format!(
        "{whom} ({})",
        if combinations == 1 {
            "one combination".to_owned()
        } else {
            counted(count(combinations), "combination")
        }
    );
    if same == combinations {
        let text = format!("{looked} go as those of one rule, since the first that takes everybody decides.");
        return Sentence { text, good: Some(true) };
    }
    let mut parts = Vec::new();
    if same > 0 {
        parts.push(format!("in {} they go as those of one rule", thousands(count(same))));
    }
    if quiet > 0 {
        parts.push(format!("in {} nobody who is on leaves or switches", thousands(count(quiet))));
    }
    if moving > 0 {
        parts.push(format!("in {} some may move, as is said of each", thousands(count(moving))));
    }
    if left_out > 0 {
        parts.push(format!("{} are left out", thousands(count(left_out))));
    }
    let text = format!("{looked}: {}.", parts.join("; "));
    Sentence { text, good: (moving + left_out == 0).then_some(true) }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn group_report(of: &Subject<'_>, group: &Group) -> LayoutGroup {
    let state = |(layout, label): (&Layout, &String)| LayoutState {
        label: label.clone(),
        on: layout.inside,
        exposed: layout.exposed,
        pieces: layout
            .pieces
            .iter()
            .map(|piece| LayoutPiece {
                variation: piece.variation.clone(),
                from: piece.part.0,
                to: piece.part.1,
            })
            .collect(),
        variations: layout
            .variations
            .iter()
            .map(|(variation, share)| LayoutShare { variation: variation.clone(), share: *share })
            .collect(),
    };
    let step = |(at, change): (usize, &LayoutChange)| LayoutStep {
        from: of.labels[at].clone(),
        to: of.labels[at + 1].clone(),
        exact: change.redrawn.is_empty(),
        redrawn: change.redrawn.iter().map(|why| why.word()).collect(),
        joins: change.joins,
        leaves: change.leaves,
        switches: change.switches,
        stays_on: change.stays_in,
        stays_off: change.stays_out,
        transitions: change
            .transitions
            .iter()
            .map(|way| LayoutTransition {
                before: way.before.clone(),
                after: way.after.clone(),
                moves: moves(way.inside, way.before == way.after),
                share: way.share,
            })
            .collect(),
    };
    LayoutGroup {
        whom: whom_in_words(&group.whom),
        rule: group.whom.rule.as_ref().map(|(at, _)| u64::try_from(*at).unwrap_or(u64::MAX)),
        by: group.by.to_string(),
        states: group.states.iter().zip(of.labels).map(state).collect(),
        steps: group.steps.iter().enumerate().map(step).collect(),
        said: said(of, group),
        offers: group.offers.iter().map(|offer| offer_report(of, group, offer)).collect(),
    }
}

/// Returns the word for what it is to be in or not before and after, with the same variation or another.
pub(super) const fn moves(inside: (bool, bool), same: bool) -> &'static str {
    match inside {
        (false, true) => "joins",
        (true, false) => "leaves",
        (true, true) if same => "stays_on",
        (true, true) => "switches",
        (false, false) => "stays_off",
    }
}

/// Says of whom shares are.
fn whom_in_words(whom: &Whom) -> String {
    let mut all = Vec::new();
    if whom.prerequisites {
        all.push("meet the prerequisites".to_owned());
    }
    if let Some(gate) = &whom.gate {
        all.push(format!("pass the gate `{gate}`"));
    }
    if whom.unlisted {
        all.push("are not listed".to_owned());
    }
    match &whom.rule {
        Some(first) if !whom.also.is_empty() => {
            let names: Vec<String> = std::iter::once(first).chain(&whom.also).map(rule_in_words).collect();
            all.push(format!("the rules {} match, and no other", names.join(" and ")));
        }
        Some((_, Some(name))) => all.push(format!("only the rule `{name}` matches")),
        Some((at, None)) => all.push(format!("only rule {at} matches")),
        None if whom.rules => all.push("no rule matches".to_owned()),
        None => {}
    }
    match all.as_slice() {
        [] => "everyone".to_owned(),
        parts => format!("users that {}", parts.join(" and ")),
    }
}

fn rule_in_words((at, name): &(usize, Option<String>)) -> String {
    name.as_ref().map_or_else(|| at.to_string(), |name| format!("`{name}`"))
}

/// Says what the steps do.
fn said(of: &Subject<'_>, group: &Group) -> Vec<Sentence> {
    let mut said = Vec::new();
    for (at, change) in group.steps.iter().enumerate() {
        let several = group.steps.len() > 1;
        let step = if several {
            format!("From {} to {}: ", of.labels[at], of.labels[at + 1])
        } else {
            String::new()
        };
        if !change.redrawn.is_empty() {
            let why: Vec<&str> = change.redrawn.iter().map(|why| reason(*why)).collect();
            said.push(Sentence {
                text: format!("{step}expected, not exact, since {}.", why.join(" and ")),
                good: None,
            });
        }
        let about = if change.redrawn.is_empty() { "" } else { "about " };
        for way in change.transitions.iter().filter(|way| way.inside.0 && way.before != way.after) {
            let before = group.states[at].variations.iter().find(|(name, _)| *name == way.before);
            let before = before.map_or(way.share, |(_, share)| *share);
            said.push(bad(format!("{step}{about}{}", goes(way, before))));
        }
    }
    let moved = group.steps.iter().any(|change| change.leaves + change.switches > 0.0);
    if !group.steps.is_empty() && !moved {
        let joins = group.steps.iter().any(|change| change.joins > 0.0);
        let text = if joins { "nobody who is on leaves or switches." } else { "nothing changes." };
        said.push(Sentence { text: text.to_owned(), good: Some(true) });
    }
    if let Some(least) = group.no_better.filter(|_| group.offers.is_empty()) {
        let text = if least > 0.0 {
            format!(
                "no other order of the pairs moves fewer; {} move in any, since shares shrink.",
                short_percent(least)
            )
        } else {
            "no other order of the pairs moves fewer.".to_owned()
        };
        said.push(Sentence { text, good: None });
    }
    for sentence in &mut said {
        sentence.text = capitalised(&sentence.text);
    }
    said
}

/// Says who goes one way; `before` is the share of all that was served the same.
fn goes(way: &Transition, before: f64) -> String {
    let (share, from, to) = (short_percent(way.share), &way.before, &way.after);
    let part = way.share / before;
    let whole = part > 1.0 - 1e-9;
    let of = |what: &str| {
        if before > 1.0 - 1e-9 { String::new() } else { format!(", {} of {what}", short_percent(part)) }
    };
    match (whole, way.inside.1) {
        (true, true) => format!("all of {from} ({share}) turns into {to}."),
        (true, false) => format!("all of {from} ({share}) leaves, for {to}."),
        (false, true) => format!("{share} switch from {from} to {to}{}.", of(from.as_str())),
        (false, false) => format!("{share} leave{}.", of(&format!("those with {from}"))),
    }
}

const fn reason(why: Redrawn) -> &'static str {
    match why {
        Redrawn::Algorithm => "the algorithm changes, so everyone draws anew",
        Redrawn::Salt => "the salt changes, so everyone draws anew",
        Redrawn::BucketBy => "what is bucketed by changes, so everyone draws anew",
        Redrawn::Purpose => "a rollout and a split draw different numbers",
        Redrawn::Hash => "this hash does not make the numbers of a rollout and a split independent",
    }
}

fn bad(text: String) -> Sentence {
    Sentence { text, good: Some(false) }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn offer_report(of: &Subject<'_>, group: &Group, offer: &Offer) -> LayoutOffer {
    let asked: f64 = group.steps.iter().map(|change| change.leaves + change.switches).sum();
    let fewer = || format!("{} of all move instead of {}", short_percent(offer.moved), short_percent(asked));
    let text = match (offer.kind, offer.moved > 0.0) {
        (OfferKind::Order, false) => "The same shares in another order move nobody who is on:".to_owned(),
        (OfferKind::Order, true) => format!("With the same shares in another order {}:", fewer()),
        (OfferKind::Beside, _) => {
            "A variation between two others cannot grow in its place. Growing only what stands beside the piece that \
             is off has as many on and moves nobody who is on:"
                .to_owned()
        }
        (OfferKind::Between, false) => {
            "Laid out from the start with what is off between the two, both can grow and nobody who is on moves:"
                .to_owned()
        }
        (OfferKind::Between, true) => {
            format!("Laid out from the start with what is off between the two, {}:", fewer())
        }
    };
    let splits: Vec<String> = offer.splits.iter().map(|pairs| as_option(pairs)).collect();
    let from = offer.from.as_ref().map(|pairs| as_option(pairs));
    let from = from.or_else(|| of.labels.first().filter(|label| *label != "now").cloned());
    let of_rule = group.whom.rule.as_ref();
    let mut command = format!("ffctl simulate-rollout {}", of.name);
    if let Some(from) = from {
        command.push_str(&option("--from", &from));
    }
    for split in &splits {
        command.push_str(&option("--split", split));
    }
    command.push_str(" --no-users");
    let key = match of.thing {
        Thing::Flag => "split",
        Thing::Experiment => "variants",
    };
    let toml = offer.splits.last().map_or_else(String::new, |pairs| {
        let pairs: Vec<String> = pairs.iter().map(|(name, share)| format!("[\"{name}\", {share}]")).collect();
        format!("{key} = [{}]", pairs.join(", "))
    });
    // No option changes what a rule serves: the line goes into the file.
    let text = of_rule.map_or_else(
        || text.clone(),
        |rule| format!("In the rule {}: {}", rule_in_words(rule), uncapitalised(&text)),
    );
    let command = of_rule.is_none().then_some(command);
    LayoutOffer { text, splits, moved: offer.moved, command, toml }
}

/// Writes shares as `--split` takes them.
fn as_option(pairs: &[(VariationName, u32)]) -> String {
    pairs.iter().map(|(name, share)| format!("{name}={share}")).collect::<Vec<_>>().join(",")
}
