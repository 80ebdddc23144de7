//! Targeting rules: which of the old is which of the new, and what differs between the two.

use crate::layer::Origin;
use crate::model::{Clause, Rule, Serve, Weight};

use super::clause::{same_clause, same_clauses};
use super::difference::Effect;
use super::fields::{Fields, Said, is_reordered, same_split};

/// The rules of one side with their places.
#[derive(Default)]
pub(super) struct Rules<'a> {
    pub(super) rules: &'a [Rule],
    pub(super) places: Vec<Option<Origin>>,
}

impl Rules<'_> {
    fn place(&self, at: usize) -> Option<Origin> {
        self.places.get(at).cloned().flatten()
    }
}

/// Takes in what differs between the rules of both sides.
pub(super) fn compare_rules(fields: &mut Fields, old: &Rules<'_>, new: &Rules<'_>) {
    let pairs = pairs(old.rules, new.rules);
    let stays = in_order(&pairs);
    let whole = |rules: &Rules<'_>, at: usize| Some(Said::at(in_words(&rules.rules[at]), rules.place(at)));
    for at in 0..new.rules.len() {
        let title = title(at, &new.rules[at]);
        let Some(&(from, _)) = pairs.iter().find(|(_, to)| *to == at) else {
            fields.compare(title, Effect::Behaviour, (None, whole(new, at)), |a, b| a == b, String::clone);
            continue;
        };
        let places = (old.place(from), new.place(at));
        if !stays.contains(&(from, at)) {
            let position = |at: usize, place: &Option<Origin>| Some(Said::at(at + 1, place.clone()));
            let pair = (position(from, &places.0), position(at, &places.1));
            fields.compare(
                format!("{title} position"),
                Effect::Behaviour,
                pair,
                |a, b| a == b,
                |at| format!("rule {at}"),
            );
        }
        compare_pair(fields, &title, (&old.rules[from], &new.rules[at]), &places);
    }
    for at in (0..old.rules.len()).filter(|at| !pairs.iter().any(|(from, _)| from == at)) {
        let title = title(at, &old.rules[at]);
        fields.compare(title, Effect::Behaviour, (whole(old, at), None), |a, b| a == b, String::clone);
    }
}

/// Takes in what differs between a rule and what became of it.
fn compare_pair(
    fields: &mut Fields,
    title: &str,
    (old, new): (&Rule, &Rule),
    places: &(Option<Origin>, Option<Origin>),
) {
    let name =
        |rule: &Rule, place: &Option<Origin>| rule.name.clone().map(|name| Said::at(name, place.clone()));
    fields.metadata(&format!("{title} name"), name(old, &places.0), name(new, &places.1));
    compare_clauses(fields, title, (&old.when, &new.when), places);
    let weight = |rule: &Rule, place: &Option<Origin>| Some(Said::at(rule.rollout, place.clone()));
    let pair = (weight(old, &places.0), weight(new, &places.1));
    fields.compare(format!("{title} rollout"), Effect::Behaviour, pair, |a, b| a == b, ToString::to_string);
    let serve = |rule: &Rule, place: &Option<Origin>| Some(Said::at(rule.serve.clone(), place.clone()));
    let pair = (serve(old, &places.0), serve(new, &places.1));
    fields.compare(
        format!("{title} serve"),
        effect_of_serve(&old.serve, &new.serve),
        pair,
        same_serve,
        ToString::to_string,
    );
}

/// Takes in the clauses that differ: those of one attribute together, then those that stand alone.
pub(super) fn compare_clauses(
    fields: &mut Fields,
    title: &str,
    (old, new): (&[Clause], &[Clause]),
    places: &(Option<Origin>, Option<Origin>),
) {
    let only = |all: &[Clause], of: &[Clause]| -> Vec<Clause> {
        all.iter().filter(|clause| !of.iter().any(|other| same_clause(clause, other))).cloned().collect()
    };
    let (mut gone, come) = (only(old, new), only(new, old));
    let field = format!("{title} clause");
    let mut push = |old: Option<Clause>, new: Option<Clause>| {
        let said = |clause: Option<Clause>, place: &Option<Origin>| {
            clause.map(|clause| Said::at(clause, place.clone()))
        };
        let pair = (said(old, &places.0), said(new, &places.1));
        fields.compare(&*field, Effect::Behaviour, pair, |_, _| false, ToString::to_string);
    };
    for clause in come {
        let subject = (&clause.kind, &clause.attribute);
        let was = gone.iter().position(|other| (&other.kind, &other.attribute) == subject);
        push(was.map(|at| gone.remove(at)), Some(clause));
    }
    for clause in gone {
        push(Some(clause), None);
    }
}

/// Tells whether two things served are the same for everybody.
pub(super) fn same_serve(a: &Serve, b: &Serve) -> bool {
    match (a, b) {
        (Serve::Split(a), Serve::Split(b)) => same_split(a, b),
        (a, b) => a == b,
    }
}

/// Returns what it means that something else is served.
pub(super) fn effect_of_serve(old: &Serve, new: &Serve) -> Effect {
    match (old, new) {
        (Serve::Split(old), Serve::Split(new)) if is_reordered(old, new) => Effect::Moves,
        _ => Effect::Behaviour,
    }
}

/// Returns how a rule is called: `rule 2 "employees first"`.
fn title(at: usize, rule: &Rule) -> String {
    match &rule.name {
        Some(name) => format!("rule {} \"{name}\"", at + 1),
        None => format!("rule {}", at + 1),
    }
}

/// Returns a whole rule: `when email_domain is "agpt.co" serve on to 40%`.
fn in_words(rule: &Rule) -> String {
    let clauses: Vec<String> = rule.when.iter().map(ToString::to_string).collect();
    let to = if rule.rollout == Weight::ALL { String::new() } else { format!(" to {}", rule.rollout) };
    format!("when {} serve {}{to}", clauses.join(" and "), rule.serve)
}

/// Pairs the old rules with the new ones (positions of both, sorted by the new): the same rule first, then the
/// same name, the same clauses, a clause in common, and the same position.
fn pairs(old: &[Rule], new: &[Rule]) -> Vec<(usize, usize)> {
    let same = |a: &Rule, b: &Rule| {
        same_clauses(&a.when, &b.when) && a.rollout == b.rollout && same_serve(&a.serve, &b.serve)
    };
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut take = |wanted: &dyn Fn(usize, usize) -> bool| {
        for from in 0..old.len() {
            for to in 0..new.len() {
                let free = |pairs: &[(usize, usize)]| !pairs.iter().any(|(a, b)| *a == from || *b == to);
                if free(&pairs) && wanted(from, to) {
                    pairs.push((from, to));
                }
            }
        }
    };
    take(&|a, b| a == b && old[a].name == new[b].name && same(&old[a], &new[b]));
    take(&|a, b| old[a].name == new[b].name && same(&old[a], &new[b]));
    take(&|a, b| old[a].name.is_some() && old[a].name == new[b].name);
    take(&|a, b| same_clauses(&old[a].when, &new[b].when));
    take(&|a, b| old[a].when.iter().any(|clause| new[b].when.iter().any(|other| same_clause(clause, other))));
    take(&|a, b| a == b && (old[a].name.is_none() || new[b].name.is_none()));
    pairs.sort_by_key(|(_, to)| *to);
    pairs
}

/// Returns a longest part of the pairs in which the old positions rise: the rules that did not move.
fn in_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut best: Vec<Vec<(usize, usize)>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let before = best[..at].iter().filter(|chain| chain.last().is_some_and(|last| last.0 < pair.0));
        let mut chain = before.max_by_key(|chain| chain.len()).cloned().unwrap_or_default();
        chain.push(*pair);
        best.push(chain);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}
