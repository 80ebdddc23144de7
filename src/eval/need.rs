//! What a program must know of its subjects to decide as it would in production.

use std::fmt;

use crate::model::ContextKind;

use super::attribute::{Attribute, DERIVED, Derived};
use super::program::{CompiledFlag, CompiledRollout, CompiledServe, Program, UnitId};

/// A key or an attribute that evaluation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The context kind.
    pub kind: ContextKind,
    /// The attribute; `key` is the key.
    pub name: String,
    /// The attribute of the same kind that it could be derived from instead.
    pub derived_from: Option<&'static str>,
}

impl Need {
    fn new(kind: &ContextKind, name: &str) -> Self {
        let base = DERIVED.iter().find(|(derived, _)| kind.is_user() && *derived == name);
        let derived_from = base.map(|(_, base)| *base);
        Self { kind: kind.clone(), name: name.to_owned(), derived_from }
    }
}

/// Writes it as the name of a column: `plan`, `org` for a key, `org.plan`, `email_domain (or email)`.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.as_str(), self.kind.is_user()) {
            ("key", true) => f.write_str("the user id"),
            ("key", false) if self.kind == ContextKind::org() => f.write_str("org"),
            ("key", false) => write!(f, "{}.key", self.kind),
            (name, true) => f.write_str(name),
            (name, false) => write!(f, "{}.{name}", self.kind),
        }?;
        self.derived_from.map_or(Ok(()), |base| write!(f, " (or {base})"))
    }
}

impl Need {
    /// Returns it for a sentence, with each column's name in backticks.
    pub fn in_words(&self) -> String {
        let column = Self { derived_from: None, ..self.clone() };
        let base = self.derived_from.map_or_else(String::new, |base| format!(" (or `{base}`)"));
        format!("`{column}`{base}")
    }
}

impl Program {
    /// Returns what evaluation asks for and subjects cannot answer that have only what `has` tells of
    /// (kind and attribute; `key` is the key), in the order of the definitions. The user's key is taken for
    /// granted, and so are a user's own `segments`, since the defined ones are always known.
    pub fn lacking(&self, has: &dyn Fn(&ContextKind, &str) -> bool) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        let mut add = |kind: &ContextKind, name: &str| {
            let need = Need::new(kind, name);
            let known = has(kind, name)
                || need.derived_from.is_some_and(|base| has(kind, base))
                || (kind.is_user() && name == "key");
            if !known && !needs.contains(&need) {
                needs.push(need);
            }
        };
        for flag in &self.flags {
            if !flag.orgs.is_empty() {
                add(&self.org, "key");
            }
        }
        for Attribute { kind, name, derived, .. } in self.attributes.iter().filter(|other| other.asked) {
            add(kind, if *derived == Derived::Key { "key" } else { name });
        }
        let flags = self.flags.iter().filter(|flag| flag.is_bucketed()).map(|flag| flag.hashing.unit);
        let experiments = self.experiments.iter().filter(|experiment| experiment.split.upper.len() > 1);
        for UnitId(unit) in flags.chain(experiments.map(|experiment| experiment.hashing.unit)) {
            let by = &self.units[unit].by;
            add(&by.kind, by.attribute.as_deref().unwrap_or("key"));
        }
        needs
    }
}

impl CompiledFlag {
    /// Tells whether a bucket can decide anything: 0% and 100% never need one.
    fn is_bucketed(&self) -> bool {
        let split = |serve: &CompiledServe| matches!(serve, CompiledServe::Split(_));
        let partial = |rollout: &CompiledRollout| matches!(rollout, CompiledRollout::Part { .. });
        let nobody = |rollout: &CompiledRollout| matches!(rollout, CompiledRollout::Nobody);
        partial(&self.rollout)
            || split(&self.fallthrough)
            || self
                .rules
                .iter()
                .any(|rule| !nobody(&rule.rollout) && (partial(&rule.rollout) || split(&rule.serve)))
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::eval::Builder;
    use crate::model::{
        BucketBy, Clause, Definitions, Fallthrough, Flag, FlagName, ON, Operator, Rule, Serve, VariationName,
        Weight,
    };

    fn clause(attribute: &str) -> Clause {
        let (kind, attribute) = (ContextKind::user(), attribute.to_owned());
        Clause { kind, attribute, operator: Operator::In, values: vec!["x".into()], negate: false }
    }

    fn program(bucket_by: &str, weight: u32) -> Program {
        let name = FlagName::try_from("f").expect("a name");
        let on = VariationName::try_from(ON).expect("a name");
        let mut flag = Flag::boolean(name.clone(), true);
        flag.bucket_by = BucketBy::parse(bucket_by).expect("a unit");
        flag.fallthrough = Fallthrough::Rollout(Weight::from_thousandths(weight).expect("a weight"));
        flag.orgs = IndexMap::from([("acme".to_owned(), on.clone())]);
        flag.rules = ["plan", "email_domain", "segments"]
            .map(|attribute| Rule {
                name: None,
                when: vec![clause(attribute)],
                rollout: Weight::ALL,
                serve: Serve::Variation(on.clone()),
            })
            .into();
        let mut world = Definitions::default();
        world.flags.insert(name, flag);
        let mut builder = Builder::default();
        builder.flag(&world, "f");
        builder.build()
    }

    fn lacking(program: &Program, has: &[&str]) -> Vec<String> {
        let has = |kind: &ContextKind, name: &str| has.contains(&format!("{kind}.{name}").as_str());
        program.lacking(&has).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_rules_lists_and_buckets_ask_for_is_needed() {
        let half = program("org.plan", 50_000);
        assert_eq!(lacking(&half, &[]), ["org", "plan", "email_domain (or email)", "org.plan"]);
        assert_eq!(lacking(&half, &["user.plan", "user.email", "org.key", "org.plan"]), [""; 0]);
    }

    #[test]
    fn nobody_and_everyone_need_no_unit() {
        let all = program("device", 100_000);
        assert_eq!(lacking(&all, &["user.plan", "user.email", "org.key"]), [""; 0]);
        assert_eq!(lacking(&program("device", 1), &["user.plan", "user.email", "org.key"]), ["device.key"]);
    }
}
