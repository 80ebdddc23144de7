//! Asking the evaluator whether a value satisfies clauses.

use crate::eval::{Builder, FlagId, NoObserver, Program, Scratch};
use crate::model::{
    Clause, Context, ContextKind, Definitions, Fallthrough, Flag, FlagName, ON, Rule, Serve, Timestamp,
    Value, VariationName, Weight,
};

/// Clauses on one attribute, ready to be tried.
pub(super) struct Trial {
    program: Program,
    flag: FlagId,
    kind: ContextKind,
    attribute: String,
}

impl Trial {
    /// Returns the trial of clauses that all ask for the attribute of the first; none of no clauses.
    pub(super) fn of(clauses: &[&Clause]) -> Option<Self> {
        let first = clauses.first()?;
        let name = FlagName::try_from("trial").ok()?;
        let on = VariationName::try_from(ON).ok()?;
        let mut flag = Flag::boolean(name.clone(), true);
        flag.fallthrough = Fallthrough::Rollout(Weight::NONE);
        flag.rules.push(Rule {
            name: None,
            when: clauses.iter().map(|clause| (*clause).clone()).collect(),
            rollout: Weight::ALL,
            serve: Serve::Variation(on),
        });
        let definitions = Definitions { flags: [(name, flag)].into(), ..Definitions::default() };
        let mut builder = Builder::default();
        let flag = builder.flag(&definitions, "trial")?;
        let (kind, attribute) = (first.kind.clone(), first.attribute.clone());
        Some(Self { program: builder.build(), flag, kind, attribute })
    }

    /// Tells whether a value satisfies all clauses.
    pub(super) fn passes(&self, value: &Value) -> bool {
        let mut context = Context::default();
        let part = context.part_mut(&self.kind);
        match value {
            Value::Text(key) if self.attribute == "key" => part.key = Some(key.clone()),
            value => part.set(self.attribute.as_str(), value.clone()),
        }
        let mut scratch = Scratch::default();
        let mut run = scratch.subject(&self.program, &context, Timestamp::from_millis(0));
        let outcome = run.evaluate(self.flag, &mut NoObserver);
        self.program.variation(self.flag, outcome.variation).as_str() == ON
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operator;

    #[test]
    fn the_evaluator_decides() {
        let clause = |attribute: &str, operator, value: Value, negate| Clause {
            kind: ContextKind::user(),
            attribute: attribute.to_owned(),
            operator,
            values: vec![value],
            negate,
        };
        let below = clause("n", Operator::LessThan, Value::from(7), false);
        let not_three = clause("n", Operator::In, Value::from(3), true);
        let trial = Trial::of(&[&below, &not_three]).expect("clauses");
        let passes = [2, 3, 7].map(|number: i64| trial.passes(&Value::from(number)));
        assert_eq!(passes, [true, false, false]);
        let key = clause("key", Operator::StartsWith, Value::from("u-"), false);
        assert!(Trial::of(&[&key]).expect("a clause").passes(&Value::from("u-1")));
    }
}
