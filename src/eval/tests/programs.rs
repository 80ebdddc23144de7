//! What a program tells its callers: attributes, units, names; several worlds in one.

use super::make::{
    NOW, behind, bucket_of, clause, in_segment, ramp, segment, serve, versions, whole, with_segments, world,
};
use crate::bucket::Purpose;
use crate::eval::{AttributeId, Builder, NoObserver, Scratch, Subject, ValueRef};
use crate::model::{BucketBy, ContextKind, Flag, Operator, Value};

#[test]
fn attributes_stand_at_their_number_and_bring_what_they_are_derived_from() {
    let flag = behind(clause("email_domain", Operator::In, [Value::from("agpt.co")]));
    let staff = segment("staff", [clause("plan", Operator::In, [Value::from("pro")])]);
    let rules = [flag.rules[0].clone(), super::make::rule([in_segment("staff")], "100%", "on")];
    let flag = Flag { rules: rules.into(), bucket_by: BucketBy::parse("org.tier").expect("a unit"), ..flag };
    let mut builder = Builder::default();
    builder.flag(&with_segments(world([flag]), [staff]), "f");
    let program = builder.build();
    let names: Vec<_> = program.attributes().map(|(kind, name)| format!("{kind}.{name}")).collect();
    assert_eq!(names, ["org.tier", "user.email_domain", "user.email", "user.segments", "user.plan"]);
    assert_eq!(program.units().map(ToString::to_string).collect::<Vec<_>>(), ["org.tier"]);
}

/// A row of a table, which finds its columns by number.
struct Row<'a>(&'a str, Vec<Option<&'a str>>);

impl Subject for Row<'_> {
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        kind.is_user().then_some(self.0)
    }

    fn attribute(&self, id: AttributeId, _kind: &ContextKind, _name: &str) -> Option<ValueRef<'_>> {
        self.1[id.index()].map(ValueRef::Text)
    }
}

#[test]
fn a_row_is_a_subject_by_the_numbers_of_its_columns() {
    let mut builder = Builder::default();
    let flag = behind(clause("email_domain", Operator::In, [Value::from("agpt.co")]));
    let id = builder.flag(&world([flag]), "f").expect("defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    for (row, served) in [
        (Row("u1", vec![None, Some("bob@agpt.co")]), "on"),
        (Row("u1", vec![Some("agpt.co"), None]), "on"),
        (Row("u1", vec![None, None]), "off"),
    ] {
        let result = scratch.subject(&program, &row, NOW).evaluate(id, &mut NoObserver);
        assert_eq!(program.variation(id, result.variation).as_str(), served);
    }
}

#[test]
fn before_and_after_live_side_by_side() {
    let (before, after) = (world([ramp("f", "25%")]), world([ramp("f", "50%")]));
    let mut builder = Builder::default();
    let ids = [&before, &after].map(|world| builder.flag(world, "f").expect("defined"));
    let program = builder.build();
    assert_eq!(program.units().count(), 1);
    let mut scratch = Scratch::default();
    for at in 0..50 {
        let user = format!("u{at}");
        let bucket = bucket_of(Purpose::Rollout, "f", &user, 100_000);
        let mut run = scratch.subject(&program, user.as_str(), NOW);
        for (id, weight) in ids.into_iter().zip([25_000, 50_000]) {
            let result = run.evaluate(id, &mut NoObserver);
            assert_eq!(program.bucket(id, &result).and_then(whole), Some(bucket));
            assert_eq!(result.variation != program.off(id), bucket < weight);
        }
    }
}

#[test]
fn one_memory_serves_several_programs() {
    let program = |flag: Flag| {
        let mut builder = Builder::default();
        let id = builder.flag(&world([flag]), "f").expect("defined");
        (builder.build(), id)
    };
    let programs =
        [program(ramp("f", "25%")), program(Flag { salt: Some("other".into()), ..ramp("f", "25%") })];
    let mut scratch = Scratch::default();
    for ((program, id), key) in programs.iter().zip(["f", "other"]) {
        let result = scratch.subject(program, "u1", NOW).evaluate(*id, &mut NoObserver);
        assert_eq!(
            program.bucket(*id, &result).and_then(whole),
            Some(bucket_of(Purpose::Rollout, key, "u1", 100_000))
        );
    }
}

#[test]
fn names_and_values_are_told() {
    let mut builder = Builder::default();
    let id = builder.flag(&world([versions("f", serve("v2"))]), "f").expect("defined");
    let program = builder.build();
    assert_eq!(program.name(id), "f");
    assert_eq!(program.off(id), 0);
    let all: Vec<_> = program.variations(id).iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(all, ["v1=v1", "v2=v2", "v3=v3"]);
    assert_eq!(program.value(id, 1), &Value::from("v2"));
}
