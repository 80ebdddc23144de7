//! Percentages between two buckets.

use crate::bucket::Purpose;
use crate::flagfile::Step::{At, Key};
use crate::lint::drawn::percent;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::{Fallthrough, Flag, Weight};

pub(in crate::lint) const RULE: Rule = Rule {
    code: "too-fine-percentage",
    severity: Severity::Warning,
    finds: "a percentage finer than the buckets of its algorithm",
    why: "Production rounds it: other people are in than the number says, or nobody.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for (flag, places) in scope.flags() {
        let name = flag.name.as_str();
        let base = [Key("flags"), Key(name)];
        for (at, rule) in flag.rules.iter().enumerate() {
            let path = [base[0], base[1], Key("rules"), At(at), Key("rollout")];
            let span = scope.value_at(&path, places.rules.get(at).copied().unwrap_or(places.key));
            report(scope, flag, rule.rollout, span);
        }
        if let Fallthrough::Rollout(weight) = flag.fallthrough {
            report(scope, flag, weight, places.fallthrough.unwrap_or(places.key));
        }
    }
}

fn report(scope: &mut Scope<'_>, flag: &Flag, weight: Weight, span: crate::flagfile::Span) {
    let record = flag.bucketing.record(Purpose::Rollout);
    let (part, total) = (weight.thousandths(), Weight::TOTAL);
    let (false, Some(buckets)) = (record.can_express(part, total), record.buckets(total)) else { return };
    let (algorithm, name) = (&flag.bucketing, flag.name.as_str());
    let effective = percent(record.effective(part, total));
    let message =
        format!("{weight} of `{name}` is {effective} in effect: `{algorithm}` has {buckets} buckets");
    let expressed = |part: &u32| record.can_express(*part, total);
    let below = (0..part).rev().find(expressed).and_then(Weight::from_thousandths);
    let above = (part..=total).find(expressed).and_then(Weight::from_thousandths);
    let both: Vec<String> = below.iter().chain(&above).map(ToString::to_string).collect();
    scope.report(&RULE, name, scope.at(span), message, both.join(" or "));
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{clean, fixes, found};

    #[test]
    fn what_falls_between_two_buckets_is_told_with_what_it_comes_to() {
        let of = |algorithm: &str, rollout: &str| {
            format!(
                "[flags]\na = {{ enabled = true, rollout = \"{rollout}\", bucketing = \"{algorithm}\" }}\n"
            )
        };
        let text = of("unleash", "12.5%");
        assert_eq!(
            found("too-fine-percentage", &text),
            ["2:33+7 12.5% of `a` is 12% in effect: `unleash` has 100 buckets"]
        );
        assert_eq!(fixes("too-fine-percentage", &text), ["12% or 13%"]);
        assert_eq!(
            found("too-fine-percentage", &of("configcat", "0.5%")),
            ["2:33+6 0.5% of `a` is 1% in effect: `configcat` has 100 buckets"]
        );
        for (algorithm, rollout) in
            [("unleash", "12%"), ("eppo", "12.25%"), ("posthog", "12.345%"), ("ffctl/1", "0.001%")]
        {
            clean("too-fine-percentage", &of(algorithm, rollout));
        }
    }
}
