//! Definitions in words: clauses, what is served, contexts.

use std::time::Duration;

use crate::eval::{Actual, ValueRef};
use crate::model::{Clause, Context, Fallthrough, Serve, Timestamp, Value};
use crate::settings::short_duration;

/// Returns a clause in words: `email_domain is one of "agpt.co"`, `not (in segment "employee")`.
pub fn clause(clause: &Clause) -> String {
    clause.to_string()
}

/// Returns the values that a clause wants, in words.
pub fn wanted(clause: &Clause) -> String {
    clause.wanted()
}

/// Returns a value in words: text in quotes, all else as JSON has it.
pub fn value(value: &Value) -> String {
    value.in_words()
}

/// Returns what a context has for a clause: the value, and the value in words.
pub fn actual(actual: Actual<'_>, clause: &Clause) -> (Option<Value>, String) {
    let owned = |borrowed: ValueRef<'_>| {
        let owned = borrowed.to_value();
        let text = value(&owned);
        (Some(owned), text)
    };
    match actual {
        Actual::Missing => (None, "missing".to_owned()),
        Actual::Value(borrowed) => owned(borrowed),
        Actual::Unreadable(borrowed) => {
            let (owned, text) = owned(borrowed);
            (owned, format!("{text}, which `{}` cannot read", clause.operator.word()))
        }
        Actual::Member(Some(segment)) => (Some(Value::from(segment)), format!("a member of \"{segment}\"")),
        Actual::Member(None) => (None, "not a member".to_owned()),
    }
}

/// Returns what is served, in words: `on`, `v2 90 / v3 10`.
pub fn serve(serve: &Serve) -> String {
    serve.to_string()
}

/// Returns what everybody else gets, in words: `25%`, `v3`, `v2 90 / v3 10`.
pub fn fallthrough(fallthrough: &Fallthrough) -> String {
    fallthrough.to_string()
}

/// Returns when something was or will be, seen from `now`: `just now`, `5m ago`, `in 1d 12h`; the day where that is
/// more than 30 days away.
pub fn when(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.millis() - at.millis()) / 1000;
    let span = seconds.unsigned_abs();
    let text = match span {
        0..5 if seconds < 0 => return "in a moment".to_owned(),
        0..5 => return "just now".to_owned(),
        5..2_592_000 => short_duration(Duration::from_secs(span)),
        _ => return at.date().to_string(),
    };
    if seconds > 0 { format!("{text} ago") } else { format!("in {text}") }
}

/// The longest list of attributes that stands in a context in short.
const LONGEST: usize = 60;

/// Returns a context in short: `user u-42, org acme, plan=pro`; many attributes are only counted.
pub fn context(context: &Context) -> String {
    let mut words = Vec::new();
    let mut attributes = Vec::new();
    for (kind, part) in context.parts() {
        if let Some(key) = &part.key {
            words.push(format!("{kind} {key}"));
        }
        let prefix = if kind.is_user() { String::new() } else { format!("{kind}.") };
        attributes.extend(part.attributes.iter().map(|(name, value)| format!("{prefix}{name}={value}")));
    }
    if words.is_empty() && attributes.is_empty() {
        return "nobody in particular".to_owned();
    }
    let listed = attributes.join(", ");
    match attributes.len() {
        0 => {}
        _ if listed.chars().count() <= LONGEST => words.push(listed),
        1 => words.push("1 attribute".to_owned()),
        more => words.push(format!("{more} attributes")),
    }
    words.join(", ")
}

/// Returns a context as JSON has it.
pub fn context_json(context: &Context) -> Value {
    let part = |part: &crate::model::Part| {
        let key = part.key.as_ref().map(|key| ("key".to_owned(), Value::Text(key.clone())));
        key.into_iter().chain(part.attributes.iter().cloned()).collect::<Vec<_>>()
    };
    let mut parts: Vec<_> = context.parts().collect();
    if parts.len() == 1 {
        let (kind, only) = parts.remove(0);
        let mut fields = vec![("kind".to_owned(), Value::from(kind.as_str()))];
        fields.extend(part(only));
        return Value::Object(fields);
    }
    let mut fields = vec![("kind".to_owned(), Value::from("multi"))];
    fields.extend(parts.into_iter().map(|(kind, one)| (kind.to_string(), Value::Object(part(one)))));
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_now() {
        let now = Timestamp::from_millis(Timestamp::DAY * 365);
        let cases = [
            (0, "just now"),
            (-999, "just now"),
            (-4_999, "in a moment"),
            (59_999, "59s ago"),
            (60_000, "1m ago"),
            (2 * 3_600_000, "2h ago"),
            (Timestamp::DAY, "1d ago"),
            (Timestamp::DAY * 30, "1970-12-02"),
            (-3_600_000, "in 1h"),
            (-129_600_000, "in 1d 12h"),
            (-129_597_000, "in 1d 12h"),
            (-Timestamp::DAY * 40, "1971-02-10"),
        ];
        for (ago, expected) in cases {
            assert_eq!(when(Timestamp::from_millis(now.millis() - ago), now), expected, "{ago}");
        }
    }
}
