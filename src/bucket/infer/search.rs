//! Candidates against observations.

use std::collections::HashMap;

use super::candidate::{Candidate, Compiled, Search, candidates};

/// What one user was seen to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The unit that is bucketed.
    pub unit: String,
    /// Whether it was on.
    pub on: bool,
}

/// What the observations leave.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Users that were seen on and off: no formula of the user alone does that.
    Random {
        /// How many.
        users: usize,
        /// The first of them.
        examples: Vec<String>,
    },
    /// One formula agrees with every observation.
    One {
        /// It.
        found: Found,
        /// After how many users no other was left but its twins.
        after: usize,
        /// Users whose observation would tell it from its twins.
        ask: Vec<String>,
    },
    /// Several agree.
    Several {
        /// The first of them.
        found: Vec<Found>,
        /// How many there are.
        count: usize,
        /// Users whose observation would tell them apart, among ids like those observed.
        ask: Vec<String>,
    },
    /// None agrees.
    Nothing {
        /// The one that agrees most often, and with how many of how many users.
        nearest: Option<(Found, Agreement)>,
    },
}

/// A formula that agrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The formula.
    pub candidate: Candidate,
    /// Others that differ in so few users that no observed one tells them apart, such as `<` and `<=`.
    pub twins: Vec<Candidate>,
}

/// How often a formula agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// With so many users.
    pub users: usize,
    /// Of so many.
    pub of: usize,
    /// The first users with whom it does not.
    pub wrong: Vec<String>,
}

/// With how many made-up users formulas are held against each other.
const TRIALS: usize = 2000;
/// In how many of them two formulas may differ to be twins: one bucket of a hundred.
const TWINS: usize = 40;
/// How many formulas are named where several remain.
const NAMED: usize = 10;
/// How many users are named.
const SHOWN: usize = 5;
/// More than these are not held against each other: a few more users leave far fewer.
const COMPARED: usize = 200;
/// With how many users the nearest is looked for where none agrees.
const NEAREST: usize = 300;

/// Finds the formulas that agree with all observations; also returns how many were tried, and how many users
/// there are.
pub fn infer(search: &Search, observations: &[Observation]) -> (Verdict, usize, usize) {
    let mut seen: HashMap<&str, bool> = HashMap::with_capacity(observations.len());
    let mut users: Vec<&Observation> = Vec::with_capacity(observations.len());
    let mut random: Vec<String> = Vec::new();
    for observation in observations {
        match seen.insert(&observation.unit, observation.on) {
            None => users.push(observation),
            Some(before) if before == observation.on => {}
            Some(_) if random.contains(&observation.unit) => {}
            Some(_) => random.push(observation.unit.clone()),
        }
    }
    if !random.is_empty() {
        let verdict =
            Verdict::Random { users: random.len(), examples: random.into_iter().take(SHOWN).collect() };
        return (verdict, 0, users.len());
    }
    let all = candidates(search);
    let compiled: Vec<Compiled> = all.iter().map(|candidate| candidate.compiled(search)).collect();
    let fell = |candidate: &Compiled| users.iter().position(|user| candidate.is_on(&user.unit) != user.on);
    let fell: Vec<Option<usize>> = compiled.iter().map(fell).collect();
    let field = Field { all: &all, compiled: &compiled, fell: &fell, trials: trials(&users) };
    let left: Vec<usize> = (0..all.len()).filter(|at| fell[*at].is_none()).collect();
    let verdict = match left.as_slice() {
        [] => Verdict::Nothing { nearest: nearest(&all, &compiled, &users) },
        left => field.agreeing(left),
    };
    (verdict, all.len(), users.len())
}

/// All candidates and how they fared.
struct Field<'a> {
    all: &'a [Candidate],
    compiled: &'a [Compiled],
    /// The first user that each gets wrong.
    fell: &'a [Option<usize>],
    trials: Vec<String>,
}

/// A candidate that is left, what it says of the trials, and its twins.
struct Left {
    at: usize,
    fares: Vec<bool>,
    twins: Vec<(usize, Vec<bool>)>,
}

impl Field<'_> {
    fn fares(&self, at: usize) -> Vec<bool> {
        self.trials.iter().map(|unit| self.compiled[at].is_on(unit)).collect()
    }

    /// Says what the candidates that are left come to, twins taken together.
    fn agreeing(&self, left: &[usize]) -> Verdict {
        let mut found: Vec<Left> = Vec::new();
        for at in left.iter().copied().take(COMPARED) {
            let fares = self.fares(at);
            match found.iter_mut().find(|other| apart(&other.fares, &fares) <= TWINS) {
                // What says the same of everyone is the same formula, written otherwise.
                Some(other) if apart(&other.fares, &fares) == 0 => {}
                Some(other) => other.twins.push((at, fares)),
                None => found.push(Left { at, fares, twins: Vec::new() }),
            }
        }
        let name = |left: &Left| Found {
            candidate: self.all[left.at].clone(),
            twins: left.twins.iter().map(|(at, _)| self.all[*at].clone()).collect(),
        };
        if let ([one], true) = (found.as_slice(), left.len() <= COMPARED) {
            let fares: Vec<&[bool]> =
                one.twins.iter().map(|(_, fares)| fares.as_slice()).chain([one.fares.as_slice()]).collect();
            let ask = if one.twins.is_empty() { Vec::new() } else { self.ask(&fares) };
            return Verdict::One { found: name(one), after: self.after(&one.fares), ask };
        }
        let fares: Vec<&[bool]> = found.iter().map(|left| left.fares.as_slice()).collect();
        let ask = self.ask(&fares);
        let count = if left.len() > COMPARED { left.len() } else { found.len() };
        Verdict::Several { count, found: found.iter().take(NAMED).map(name).collect(), ask }
    }

    /// Returns after how many users nothing was left but a candidate and its twins.
    fn after(&self, fares: &[bool]) -> usize {
        let mut fallen: Vec<(usize, usize)> =
            self.fell.iter().enumerate().filter_map(|(at, fell)| Some(((*fell)?, at))).collect();
        fallen.sort_unstable_by(|a, b| b.cmp(a));
        let last = fallen.iter().find(|(_, at)| apart(fares, &self.fares(*at)) > TWINS);
        last.map_or(0, |(user, _)| user + 1)
    }

    /// Returns the users that tell most: those on whom about half of the candidates say on.
    fn ask(&self, fares: &[&[bool]]) -> Vec<String> {
        let mut ask: Vec<(usize, &String)> = Vec::new();
        for (at, unit) in self.trials.iter().enumerate() {
            let on = fares.iter().filter(|fares| fares[at]).count();
            if on > 0 && on < fares.len() {
                ask.push((on.abs_diff(fares.len() - on), unit));
            }
        }
        ask.sort();
        ask.into_iter().take(SHOWN).map(|(_, unit)| unit.clone()).collect()
    }
}

/// Returns in how many trials two formulas differ.
fn apart(a: &[bool], b: &[bool]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

/// Returns ids like those observed: the last digits of one replaced, else digits added.
fn trials(users: &[&Observation]) -> Vec<String> {
    let pattern = users.first().map_or("user-", |user| user.unit.as_str());
    let stem = pattern.trim_end_matches(|c: char| c.is_ascii_digit());
    (0..TRIALS).map(|at| format!("{stem}{}", 1000 + at)).collect()
}

/// Returns the candidate that agrees most often, with the first users.
fn nearest(all: &[Candidate], compiled: &[Compiled], users: &[&Observation]) -> Option<(Found, Agreement)> {
    let users = &users[..users.len().min(NEAREST)];
    let agrees =
        |candidate: &Compiled| users.iter().filter(|user| candidate.is_on(&user.unit) == user.on).count();
    let best = compiled.iter().map(agrees).enumerate().max_by_key(|(at, users)| (*users, usize::MAX - at))?;
    let (at, agreeing) = best;
    let found = Found { candidate: all[at].clone(), twins: Vec::new() };
    let wrong = users.iter().filter(|user| compiled[at].is_on(&user.unit) != user.on);
    let wrong = wrong.take(SHOWN).map(|user| user.unit.clone()).collect();
    Some((found, Agreement { users: agreeing, of: users.len(), wrong }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::{Line, Names, Purpose, preset};

    fn search() -> Search {
        Search { keys: vec!["new_checkout".into()], part: 30_000, total: 100_000, ..Search::default() }
    }

    fn observed(name: &str, count: usize) -> Vec<Observation> {
        let preset = preset(name).expect("a preset");
        let names = Names { key: "new_checkout", salt: None };
        let line = Line::new(&preset, Purpose::Rollout, names, 100_000);
        let limit = preset.record(Purpose::Rollout).limit(30_000, 100_000);
        let unit = |at: usize| format!("u-{}", 7919 * at % 100_003);
        (0..count).map(unit).map(|unit| Observation { on: line.draw(&unit) < limit, unit }).collect()
    }

    #[test]
    fn each_preset_is_found_by_its_name() {
        for name in
            ["ffctl/1", "posthog", "unleash", "optimizely", "md5-flag-user", "md5-user", "growthbook/2"]
        {
            let (verdict, tried, users) = infer(&search(), &observed(name, 200));
            assert!(tried > 8_000 && users == 200);
            let Verdict::One { found, after, .. } = verdict else { panic!("{name}: {verdict:?}") };
            assert_eq!(found.candidate.preset.expect("a preset").name(), name);
            assert!(after < 60, "{name}: {after}");
        }
    }

    #[test]
    fn about_twenty_users_are_enough() {
        let mut enough = 0;
        for name in ["ffctl/1", "posthog", "unleash", "flagd/2", "configcat"] {
            let observed = observed(name, 400);
            for part in observed.chunks(26) {
                let (verdict, _, _) = infer(&search(), part);
                enough += usize::from(matches!(verdict, Verdict::One { .. }));
            }
        }
        assert!(enough >= 64, "{enough} of 80");
    }

    #[test]
    fn few_observations_leave_several_and_say_whom_to_ask() {
        let (verdict, _, _) = infer(&search(), &observed("posthog", 6));
        let Verdict::Several { found, count, ask } = verdict else { panic!("{verdict:?}") };
        assert!(count > 10 && found.len() == 10 && ask.len() == 5);
    }

    #[test]
    fn who_is_on_and_off_refutes_all() {
        let mut observed = observed("posthog", 50);
        let mut again = observed[7].clone();
        again.on = !again.on;
        observed.push(again.clone());
        let (verdict, _, _) = infer(&search(), &observed);
        assert_eq!(verdict, Verdict::Random { users: 1, examples: vec![again.unit] });
    }

    #[test]
    fn another_key_is_found_by_nobody_and_one_wrong_row_leaves_the_nearest() {
        let other = Search { keys: vec!["other".into()], ..search() };
        let (verdict, _, _) = infer(&other, &observed("posthog", 100));
        assert!(matches!(verdict, Verdict::Nothing { .. }), "{verdict:?}");
        let mut wrong = observed("posthog", 100);
        wrong[3].on = !wrong[3].on;
        let (verdict, _, _) = infer(&search(), &wrong);
        let Verdict::Nothing { nearest: Some((found, agreement)) } = verdict else { panic!("{verdict:?}") };
        assert_eq!(found.candidate.preset.expect("a preset").name(), "posthog");
        let user = wrong[3].unit.clone();
        assert_eq!(agreement, Agreement { users: 99, of: 100, wrong: vec![user] });
    }
}
