//! Samples: Users and their contexts.

use crate::bucket::{Algorithm, Number};
use crate::model::Value;
use crate::report::*;

use super::*;

pub(in crate::output) fn context(foreign: Foreign<'_>) -> ContextReport {
    let user = vec![
        ("kind".to_owned(), Value::from("user")),
        ("key".to_owned(), Value::Text(foreign.text("u-42"))),
        ("account_age_days".to_owned(), Value::from(12)),
    ];
    ContextReport {
        context: Value::Object(user),
        at: "2026-09-21T12:26:40Z".into(),
        summary: foreign.text("user u-42, org initech, 1 attribute"),
        directory: Some(directory(foreign, "bare")),
    }
}

/// What came of a lookup; with a word of `state` that is not `bare` there are odd things in the record.
pub(in crate::output) fn directory(foreign: Foreign<'_>, state: &'static str) -> DirectoryReport {
    let bare = state == "bare";
    let odd = OddityReport {
        field: foreign.text("created_at"),
        message: foreign.text("`2026-01-01T00:00:00` has no time zone"),
    };
    DirectoryReport {
        state,
        address: foreign.text("https://people.example.com/users/{id}"),
        reason: bare.then_some("failed"),
        message: bare.then(|| foreign.text("no answer within 5s")),
        odd: if bare { Vec::new() } else { vec![odd] },
    }
}

pub(in crate::output) fn user(foreign: Foreign<'_>) -> UserReport {
    let f = foreign;
    let attribute = |name: &str, value: Value, origin, from: Option<&str>| AttributeReport {
        kind: if name == "key" { "org" } else { "user" }.to_owned(),
        name: f.text(name),
        value,
        origin,
        from: from.map(|from| f.text(from)),
    };
    let segment = |name: &str, origins: &[&'static str]| MembershipReport {
        segment: f.text(name),
        origins: origins.to_vec(),
    };
    UserReport {
        user: f.text("u-42"),
        directory: Some(directory(f, "directory")),
        attributes: vec![
            attribute("email", Value::Text(f.text("ada@agpt.co")), "record", Some("email")),
            attribute("role", Value::Text(f.text("admin")), "record", Some("metadata.role")),
            attribute("custom_tier", Value::from(3), "record", Some("metadata.tier")),
            attribute("plan", Value::Text(f.text("pro")), "caller", None),
            attribute("key", Value::Text(f.text("initech")), "caller", None),
            attribute("email_domain", Value::Text(f.text("agpt.co")), "derived", Some("email")),
        ],
        segments: vec![
            segment("admin", &["role", "metadata"]),
            segment("employee", &["defined"]),
            segment("vip", &["caller"]),
        ],
        context: Value::Object(vec![("key".to_owned(), Value::Text(f.text("u-42")))]),
        at: "2026-09-21T12:26:40Z".into(),
        notes: notes(f),
    }
}

pub(in crate::output) fn bucket(foreign: Foreign<'_>) -> BucketReport {
    BucketReport {
        bucket: Some(Number::Whole(61_432)),
        total: Number::Whole(100_000),
        threshold: Number::Whole(50_000),
        from: Number::Whole(0),
        compare: "<",
        in_at: Some(weight("61.433%")),
        input: foreign.some("rollout:enable_memory_v2:u-42"),
        by: foreign.text("user"),
        algorithm: Algorithm::default(),
    }
}
