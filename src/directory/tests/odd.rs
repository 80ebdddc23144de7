//! What is odd in a record, one thing at a time.

use serde_json::json;

use super::{built, oddities};
use crate::directory::{Origin, Record, SegmentOrigin, build};
use crate::model::{Context, ContextKind, Value};

fn names(user: &crate::directory::UserRecord) -> Vec<&str> {
    user.facts.iter().map(|fact| fact.name.as_str()).collect()
}

#[test]
fn a_whole_record_is_taken_with_its_places() {
    let user = built(&json!({
        "id": "u1", "name": "Ada", "email": "ada@agpt.co", "created_at": "2026-01-01T00:00:00Z", "role": "admin",
        "metadata": { "tier": 3, "segments": ["beta", "admin", "beta"], "role": "guest", "city": null },
        "password": "hunter2",
    }));
    let facts: Vec<_> = user.facts.iter().map(|fact| (fact.name.as_str(), fact.origin)).collect();
    let expected = [
        ("name", Origin::Field),
        ("email", Origin::Field),
        ("created_at", Origin::Field),
        ("role", Origin::Field),
        ("custom_tier", Origin::Metadata),
    ];
    assert_eq!(facts, expected);
    let segments =
        [("admin".to_owned(), SegmentOrigin::RoleAndMetadata), ("beta".to_owned(), SegmentOrigin::Metadata)];
    assert_eq!((user.segments.as_slice(), oddities(&user)), (&segments[..], Vec::new()));
    let role = built(&json!({ "id": "u1", "metadata": { "role": "employee" } }));
    assert_eq!(role.segments, [("employee".to_owned(), SegmentOrigin::Role)]);
    assert_eq!(role.facts[0].origin, Origin::Metadata);
}

#[test]
fn each_odd_thing_costs_itself_and_has_a_note() {
    let record = json!({
        "id": true, "name": 7, "email": "ada", "created_at": "2026-01-01T00:00:00", "role": ["admin"],
        "metadata": { "segments": ["beta", 1, ""], "tier": 3, "": 1 },
    });
    let user = built(&record);
    assert_eq!(names(&user), ["email", "custom_tier"]);
    assert_eq!(user.segments, [("beta".to_owned(), SegmentOrigin::Metadata)]);
    assert_eq!(
        oddities(&user),
        [
            "id: a boolean is not an id",
            "name: a number is not text",
            "email_domain: there is nothing after an `@` in the email",
            "created_at: `2026-01-01T00:00:00` has no time zone",
            "metadata.segments: a number in the list is not the name of a segment",
            "metadata.segments: an empty name in the list",
            "metadata: a key without a name",
            "role: a list is not text",
        ]
    );
}

#[test]
fn values_that_no_reader_takes_cost_only_themselves() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let text = format!(
        r#"{{"id":"u1","name":"Ada","name":"Bob","email":"a@b.c","role":"\ud800","created_at":1e999,
        "metadata":{{"deep":{deep},"huge":1e999,"twice":1,"twice":2,"inner":{{"a":1,"a":2}},"tier":3}},"x":{deep}}}"#
    );
    let user = build("u1", Record::from_json(text.as_bytes()).expect("a record")).expect("of u1");
    assert_eq!(names(&user), ["email", "custom_tier"]);
    let odd: Vec<&str> = user.oddities.iter().map(|oddity| oddity.field.as_str()).collect();
    let metadata = ["metadata.deep", "metadata.huge", "metadata.twice", "metadata.inner"];
    assert_eq!(odd, [&["name", "created_at", "role"][..], &metadata[..]].concat());
    let long = "x".repeat(5_000);
    let user = built(&json!({ "id": "u1", "created_at": long }));
    assert!(user.oddities[0].message.len() < 200, "{}", user.oddities[0].message);
}

proptest::proptest! {
    #[test]
    fn no_bytes_are_too_odd(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        id in "\\PC{1,20}",
        text in "\\PC{0,40}",
        cut in proptest::arbitrary::any::<proptest::sample::Index>(),
    ) {
        let whole = json!({ "id": id, "email": text, "metadata": text, "created_at": text, "role": id }).to_string();
        let part = &whole.as_bytes()[..cut.index(whole.len())];
        for body in [bytes.as_slice(), part, whole.as_bytes()] {
            if let Ok(record) = Record::from_json(body) {
                let user = build(&id, record).expect("it has this id, or none that can be read");
                let context = user.context();
                proptest::prop_assert_eq!(context.key(&ContextKind::user()), Some(id.as_str()));
            }
        }
    }
}

#[test]
fn what_is_no_record_of_this_user_is_none() {
    for text in [
        "",
        "[]",
        "null",
        "{",
        "{}",
        "\"u1\"",
        r#"{"error":"x"}"#,
        r#"{"id":null}"#,
        r#"{"user":{"id":"u1"}}"#,
    ] {
        assert!(Record::from_json(text.as_bytes()).is_err(), "{text}");
    }
    assert!(Record::from_json(b"{\"id\":\"\xff\"}").is_err());
    for id in [json!("u2"), json!("U1"), json!(""), json!(1)] {
        let record = Record::from_json(json!({ "id": id }).to_string().as_bytes()).expect("a record");
        assert!(build("u1", record).is_err_and(|why| why.contains("somebody else")), "{id}");
    }
    let number = Record::from_json(br#"{"id":42}"#).expect("a record");
    assert!(build("42", number).is_ok_and(|user| user.oddities.is_empty()));
}

#[test]
fn a_caller_says_more_and_nothing_of_it_stays() {
    let user = built(&json!({ "id": "u1", "email": "a@b.c", "role": "admin", "metadata": { "tier": 3 } }));
    let before = user.clone();
    let mut caller = Context::user("u1");
    let own = caller.part_mut(&ContextKind::user());
    own.set("email", "x@y.z".into());
    own.set("role", Value::Null);
    own.set("plan", "pro".into());
    caller.part_mut(&ContextKind::org()).key = Some("acme".to_owned());
    let context = user.context_with(&caller);
    let part = context.part(&ContextKind::user()).expect("a user");
    assert_eq!(part.attribute("email"), Some(&"x@y.z".into()));
    assert_eq!(part.attribute("role"), None);
    assert_eq!(
        (part.attribute("custom_tier"), part.attribute("plan")),
        (Some(&3.into()), Some(&"pro".into()))
    );
    assert_eq!(context.key(&ContextKind::org()), Some("acme"));
    assert_eq!(user, before);
}
