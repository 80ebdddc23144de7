//! Flags and experiments as one CASE: what each row gets.

use crate::bucket::Purpose;
use crate::eval::{World, in_order};
use crate::model::{BucketBy, Experiment, Fallthrough, Flag, Serve, Split, VariationName, Weight};

use super::clause::Conditions;
use super::drawn::AllDrawn;
use super::table::Asked;

/// What stands for a bucketed step without its unit. No variation is called so: names start with a letter.
pub(super) const NO_UNIT: &str = "'!targeting_key_missing'";

/// How deep flags may require flags.
const DEEPEST: usize = 20;

/// Writes what one world gives a row.
pub(super) struct Decisions<'a> {
    pub(super) world: &'a dyn World,
    pub(super) asked: &'a Asked<'a>,
    pub(super) drawn: &'a AllDrawn,
}

/// Who passes a rollout.
enum Part {
    Everyone,
    Nobody,
    /// The name of the number, and what it must be less than.
    Below(String, u64),
}

impl Decisions<'_> {
    /// Returns the variation that a flag gives a row, as an expression.
    ///
    /// # Errors
    /// Everything of the flag that SQL cannot say.
    pub(super) fn flag(&self, flag: &Flag) -> Result<String, Vec<String>> {
        self.flag_within(flag, 0)
    }

    fn flag_within(&self, flag: &Flag, depth: usize) -> Result<String, Vec<String>> {
        let off = self.quoted(flag.variations.off());
        if !flag.enabled {
            return Ok(off);
        }
        let mut wrong = Vec::new();
        let mut whens = Vec::new();
        for required in &flag.prerequisites {
            match self.required(required.flag.as_str(), depth) {
                Ok(Some(other)) => {
                    whens.push(format!("WHEN ({other}) <> {} THEN {off}", self.quoted(&required.variation)));
                }
                Ok(None) => whens.push(format!("WHEN 1 = 1 THEN {off}")),
                Err(more) => wrong.extend(more),
            }
        }
        let listed = [
            (&flag.users, Asked::ID.to_owned(), "users"),
            (&flag.orgs, if flag.orgs.is_empty() { String::new() } else { self.asked.org() }, "orgs"),
        ];
        for (keys, column, what) in listed {
            match self.listed(keys, &column) {
                Ok(more) => whens.extend(more),
                Err(key) => wrong
                    .push(format!("{}: the key {key:?} of its {what} cannot be written in SQL", flag.name)),
            }
        }
        let conditions = Conditions { world: self.world, asked: self.asked };
        for (at, rule) in flag.rules.iter().enumerate() {
            let place = match &rule.name {
                Some(name) => format!("{}: rule {} ({name})", flag.name, at + 1),
                None => format!("{}: rule {}", flag.name, at + 1),
            };
            let of = |what: &str| format!("{place}: {what}");
            let written = conditions.all(&rule.when).map_err(|what| of(&what)).and_then(|when| {
                let part = self.part(flag, rule.rollout).map_err(|what| of(&what))?;
                let served = self.served(flag, &rule.serve).map_err(|what| of(&what))?;
                Ok((when, part, served))
            });
            match written {
                Ok((_, Part::Nobody, _)) => {}
                Ok((when, Part::Everyone, served)) => whens.push(format!("WHEN {when} THEN {served}")),
                Ok((when, Part::Below(number, limit), served)) => {
                    whens.push(format!("WHEN {when} AND {number} IS NULL THEN {NO_UNIT}"));
                    whens.push(format!("WHEN {when} AND {number} < {limit} THEN {served}"));
                }
                Err(what) => wrong.push(what),
            }
        }
        let last = match self.fallthrough(flag, &off) {
            Ok(last) => last,
            Err(what) => {
                wrong.push(format!("{}: {what}", flag.name));
                String::new()
            }
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(if whens.is_empty() { last } else { format!("CASE {} ELSE {last} END", whens.join(" ")) })
    }

    fn quoted(&self, variation: &VariationName) -> String {
        self.asked.dialect.name_literal(variation.as_str())
    }

    /// Returns what a required flag gives; none if there is no such flag.
    fn required(&self, name: &str, depth: usize) -> Result<Option<String>, Vec<String>> {
        if depth > DEEPEST {
            return Err(vec![format!("{name}: prerequisites of prerequisites are too deep to write down")]);
        }
        self.world.flag(name).map(|flag| self.flag_within(&flag, depth + 1)).transpose()
    }

    fn listed(
        &self,
        keys: &indexmap::IndexMap<String, VariationName>,
        column: &str,
    ) -> Result<Vec<String>, String> {
        let dialect = self.asked.dialect;
        let mut by_variation: indexmap::IndexMap<&VariationName, Vec<&str>> = indexmap::IndexMap::new();
        for (key, variation) in keys {
            dialect.literal(key).ok_or_else(|| key.clone())?;
            by_variation.entry(variation).or_default().push(key);
        }
        let when = |(variation, keys): (&VariationName, Vec<&str>)| {
            let among = dialect.is_one_of(column, keys)?;
            Some(format!("WHEN {among} THEN {}", self.quoted(variation)))
        };
        Ok(by_variation.into_iter().filter_map(when).collect())
    }

    fn part(&self, flag: &Flag, weight: Weight) -> Result<Part, String> {
        match weight {
            Weight::NONE => Ok(Part::Nobody),
            Weight::ALL => Ok(Part::Everyone),
            weight => {
                let record = flag.bucketing.record(Purpose::Rollout);
                let limit = record.limit(weight.thousandths(), Weight::TOTAL);
                let below = record.whole_limit(limit, Weight::TOTAL);
                let unit = self.unit(&flag.bucket_by);
                let number = self.drawn.number(
                    &flag.bucketing,
                    Purpose::Rollout,
                    flag.hash_names(),
                    Weight::TOTAL,
                    unit,
                );
                match (number, below) {
                    (Ok(number), Some(below)) => Ok(Part::Below(number, below)),
                    (Err(what), _) => Err(cannot(flag.bucketing.name(), what)),
                    (Ok(_), None) => Err(cannot(flag.bucketing.name(), "decides by what is no whole number")),
                }
            }
        }
    }

    fn fallthrough(&self, flag: &Flag, off: &str) -> Result<String, String> {
        match &flag.fallthrough {
            Fallthrough::Serve(serve) => self.served(flag, serve),
            Fallthrough::Rollout(weight) => {
                let on = self.asked.dialect.name_literal(crate::model::ON);
                Ok(match self.part(flag, *weight)? {
                    Part::Everyone => on,
                    Part::Nobody => off.to_owned(),
                    Part::Below(number, limit) => format!(
                        "CASE WHEN {number} IS NULL THEN {NO_UNIT} WHEN {number} < {limit} THEN {on} ELSE {off} END"
                    ),
                })
            }
        }
    }

    fn served(&self, flag: &Flag, serve: &Serve) -> Result<String, String> {
        match serve {
            Serve::Variation(variation) => Ok(self.quoted(variation)),
            Serve::Split(split) => {
                let unit = self.unit(&flag.bucket_by);
                self.split(&flag.bucketing, flag.hash_names(), split, unit)
            }
        }
    }

    fn split(
        &self,
        algorithm: &crate::bucket::Algorithm,
        names: crate::bucket::Names<'_>,
        split: &Split,
        unit: String,
    ) -> Result<String, String> {
        let record = algorithm.record(Purpose::Variant);
        let pairs = in_order(algorithm, split);
        let shares: Vec<u32> = pairs.iter().map(|(_, share)| share.get()).collect();
        let total = split.total();
        let number = self.drawn.number(algorithm, Purpose::Variant, names, total, unit);
        let number = number.map_err(|what| cannot(algorithm.name(), what))?;
        let mut whens = vec![format!("WHEN {number} IS NULL THEN {NO_UNIT}")];
        let Some(((last, _), first)) = pairs.split_last() else { return Err("a split is empty".to_owned()) };
        for ((variation, _), limit) in first.iter().zip(record.limits(&shares)) {
            let below = record.whole_limit(limit, total);
            let below =
                below.ok_or_else(|| cannot(algorithm.name(), "decides by what is no whole number"))?;
            whens.push(format!("WHEN {number} < {below} THEN {}", self.quoted(variation)));
        }
        Ok(format!("CASE {} ELSE {} END", whens.join(" "), self.quoted(last)))
    }

    fn unit(&self, by: &BucketBy) -> String {
        self.asked.attribute(&by.kind, by.attribute.as_deref().unwrap_or("key"), true)
    }

    /// Returns the variant that an experiment gives a row, and how it came to it: `'closed'`, `'forced'` or `'bucket'`.
    ///
    /// # Errors
    /// Everything of the experiment or its gate that SQL cannot say.
    pub(super) fn experiment(&self, experiment: &Experiment) -> Result<(String, String), Vec<String>> {
        let mut wrong = Vec::new();
        let (mut variant, mut how) = (Vec::new(), Vec::new());
        let first = self.quoted(experiment.first());
        if let Some(gate) = &experiment.flag {
            match self.world.flag(gate.as_str()) {
                Some(flag) => match self.flag(&flag) {
                    Ok(given) => {
                        let off = self.quoted(flag.variations.off());
                        variant.push(format!("WHEN ({given}) = {NO_UNIT} THEN {NO_UNIT}"));
                        variant.push(format!("WHEN ({given}) = {off} THEN {first}"));
                        how.push(format!("WHEN ({given}) IN ({off}, {NO_UNIT}) THEN 'closed'"));
                    }
                    Err(more) => wrong.extend(more),
                },
                None => wrong.push(format!("{}: there is no flag `{gate}`", experiment.name)),
            }
        }
        match self.listed(&experiment.force, Asked::ID) {
            Ok(forced) => {
                let keys = experiment.force.keys().map(String::as_str);
                if let Some(among) = self.asked.dialect.is_one_of(Asked::ID, keys) {
                    how.push(format!("WHEN {among} THEN 'forced'"));
                }
                variant.extend(forced);
            }
            Err(key) => wrong.push(format!("{}: the key {key:?} cannot be written in SQL", experiment.name)),
        }
        let last = if experiment.variants.single().is_some() {
            Ok(first)
        } else {
            let unit = self.unit(&experiment.bucket_by);
            self.split(&experiment.bucketing, experiment.hash_names(), &experiment.variants, unit)
        };
        let last = last.unwrap_or_else(|what| {
            wrong.push(format!("{}: {what}", experiment.name));
            String::new()
        });
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let case = |whens: Vec<String>, last: String| {
            if whens.is_empty() { last } else { format!("CASE {} ELSE {last} END", whens.join(" ")) }
        };
        Ok((case(variant, last), case(how, "'bucket'".to_owned())))
    }
}

fn cannot(algorithm: &str, what: &str) -> String {
    format!("its algorithm `{algorithm}` {what}")
}
