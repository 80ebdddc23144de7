//! Rows with columns that are counted together come to the same as one by one.

use std::io::Cursor;

use indexmap::IndexMap;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::bulk::{agree, agree_in_any_way};
use super::support::{clause, flag, plan, rule, variation, world};
use crate::eval::World;
use crate::eval::tests::generate::{EXPERIMENTS, FLAGS, context, definitions};
use crate::model::{BucketBy, Context, ContextKind, Definitions, Operator, Value};
use crate::simulate::{Dimension, Plan, Population};

/// By what a forecast may be broken down.
const BY: [Option<&str>; 7] =
    [None, Some("org"), Some("plan"), Some("segment"), Some("email_domain"), Some("score"), Some("org.plan")];

fn stream(name: &'static str, bytes: Vec<u8>) -> impl Fn() -> Population<'static> {
    move || Population::stream(Cursor::new(bytes.clone()), name, None)
}

/// Returns two stages of a flag that ask for an organisation, a plan, a score and the domain of an address.
fn stages() -> [Definitions; 2] {
    let mut now = flag("f", 20_000);
    now.orgs = IndexMap::from([("acme".to_owned(), variation("on"))]);
    now.users = IndexMap::from([("u7".to_owned(), variation("off"))]);
    now.rules = vec![
        rule(clause("plan", Operator::In, "pro"), 40_000),
        rule(clause("email_domain", Operator::In, "agpt.co"), 100_000),
    ];
    now.rules[0].when.push(clause("score", Operator::GreaterThan, 3));
    now.rules.push(rule(clause("account_age_days", Operator::LessThan, 30), 70_000));
    let mut then = now.clone();
    then.rules[0].when[0].negate = true;
    then.bucket_by = BucketBy::parse("org").expect("a unit");
    let mut both = flag("f", 60_000);
    both.rules = then.rules.clone();
    both.rules.extend(now.rules.iter().cloned());
    [world([then]), world([both])]
}

fn plan_by(by: Option<&str>) -> Plan {
    let [then, both] = stages();
    plan("f", &[&then, &both], by)
}

/// Returns pieces put together, after a header.
fn soup(
    header: &'static str,
    pieces: &'static [&'static [u8]],
    most: usize,
) -> impl Strategy<Value = Vec<u8>> {
    vec(select(pieces), 0..most).prop_map(move |pieces| [header.as_bytes(), &pieces.concat()].concat())
}

const CSV: [&[u8]; 30] = [
    b"u1,acme,pro,a@agpt.co,5\n",
    b"u2,globex,free,b@x.y,3\n",
    b"u3,,pro,,7\r\n",
    b"u4,globex,pro,c@x.y,7\n",
    b"u5,initech,\"pro\",\"d@agpt.co\",\"7\"\n",
    b"u7,globex,pro,c@x.y,7\n",
    b",acme,pro,c@x.y,7\n",
    b",",
    b",",
    b",",
    b",",
    b",,,,",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\"",
    b"\"a,b\"",
    b"\"\"",
    b"pro",
    b"agpt.co",
    b"x@agpt.co",
    b"4",
    b"4.5",
    b"07",
    b" ",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    "é".as_bytes(),
];

const JSON: [&[u8]; 46] = [
    br#"{"id":"u1","org":"acme","plan":"pro"}"#,
    br#"{"id":"u2","org":"globex","plan":"free","score":4}"#,
    br#"{"id":"u3","org":7,"email":"a@agpt.co","score":4.5}"#,
    br#"{"id":4,"plan":"pro","score":1e3,"tags":["a",{"b":[]}]}"#,
    br#"{"id":"u7","user.plan":"pro","metadata":{"a":1}}"#,
    br#"{"kind":"user","key":"u8","plan":"pro"}"#,
    br#" { "id" : "u9" , "org" : null , "plan" : true } "#,
    br#"{"id":"u\u0031","plan":"p\"ro"}"#,
    br#"{"id":"u1","id":"u2"}"#,
    br#"{"id":"u1","user_id":"u2"}"#,
    br#"{"id":"u1","x":1,"x":2}"#,
    br#"{"id":"u1","x":{"a":1,"a":2}}"#,
    br#"{"id":"u1","x":01}"#,
    br#"{"id":"u1","org":{"key":"acme","plan":"pro"}}"#,
    br#"{"id":-0,"org":true}"#,
    br#"{"id":"u10","created_at":"1969-12-25T00:00:00Z","email_domain":null}"#,
    br#"{"id":"u11","created_at":-86400000,"account_age_days":40}"#,
    br#"{"id":1.0,"org":-5}"#,
    b"\n",
    b"\n",
    b"\n",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\"id\"",
    b"\"id\":\"u5\"",
    b"\"org\":",
    b"\"plan\":\"pro\"",
    b"\"score\":",
    b"null",
    b"true",
    b"12",
    b"-",
    b"0.5",
    b"1e999",
    b"\\",
    b"\t",
    b"\x01",
    b"\xff",
    "é".as_bytes(),
];

/// Returns a cell as CSV has it.
fn quoted(cell: &str) -> String {
    let plain = !cell.contains(['"', ',', '\r', '\n']);
    if plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

/// Returns a record's field names, each with its value in a context.
fn fields(context: &Context) -> Vec<(String, Value)> {
    let key = |kind: &str| {
        let kind = ContextKind::try_from(kind).expect("a kind");
        Value::Text(context.key(&kind).unwrap_or_default().to_owned())
    };
    let mut fields: Vec<_> = [("id", "user"), ("org", "org"), ("device.key", "device")]
        .map(|(name, kind)| (name.to_owned(), key(kind)))
        .into();
    for kind in ["user", "org", "device"] {
        for name in ["email", "email_domain", "created_at", "account_age_days", "segments", "plan", "score"] {
            let part = context.part(&ContextKind::try_from(kind).expect("a kind"));
            let value = part.and_then(|part| part.attribute(name)).cloned().unwrap_or(Value::Null);
            let name = if kind == "user" { name.to_owned() } else { format!("{kind}.{name}") };
            fields.push((name, value));
        }
    }
    fields
}

/// Returns contexts as CSV, without some of its columns.
fn csv(contexts: &[Context], without: usize) -> Vec<u8> {
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Text(text) => quoted(text),
        other => quoted(&other.to_string()),
    };
    let keep = |at: usize| at == 0 || without == 0 || at % without != 1;
    let line = |cells: Vec<String>| {
        let kept: Vec<_> =
            cells.into_iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, cell)| cell).collect();
        kept.join(",") + "\n"
    };
    let header = fields(&Context::default()).into_iter().map(|(name, _)| name).collect();
    let rows = contexts.iter().map(|context| fields(context).iter().map(|(_, value)| cell(value)).collect());
    std::iter::once(header).chain(rows).map(line).collect::<String>().into_bytes()
}

/// Returns contexts as JSON lines.
fn json(contexts: &[Context]) -> Vec<u8> {
    let line = |context: &Context| {
        let there = fields(context).into_iter().filter(|(_, value)| *value != Value::Null);
        let fields: Vec<_> = there
            .map(|(name, value)| format!("{}:{}", Value::Text(name), Value::to_string(&value)))
            .collect();
        format!("{{{}}}\n", fields.join(","))
    };
    contexts.iter().map(line).collect::<String>().into_bytes()
}

fn plan_of(world: &dyn World, name: &str, by: Option<&str>) -> Option<Plan> {
    Plan::new(name, &[("now", world), ("then", world)], by.and_then(Dimension::parse).as_ref()).ok()
}

proptest! {
    #[test]
    fn any_csv(bytes in soup("id,org,plan,email,score\n", &CSV, 60), by in select(&BY[..])) {
        agree(&plan_by(by), &stream("users.csv", bytes));
    }

    #[test]
    fn any_csv_of_one_column(bytes in soup("id\n", &CSV, 40)) {
        agree(&plan_by(None), &stream("users.csv", bytes));
    }

    #[test]
    fn any_csv_with_typed_columns(bytes in soup("id,org,plan,email,score:number\n", &CSV, 60), by in select(&BY[..])) {
        agree(&plan_by(by), &stream("users.csv", bytes));
    }

    #[test]
    fn any_json(bytes in soup("", &JSON, 60), by in select(&BY[..])) {
        agree(&plan_by(by), &stream("users.jsonl", bytes));
    }

    /// Whatever definitions ask, and whatever users are.
    #[test]
    fn any_definitions(
        definitions in definitions(),
        contexts in vec(context(), 1..20),
        name in select([&FLAGS[..], &EXPERIMENTS].concat()),
        by in select(&BY[..]),
        without in select(&[0, 2, 3, 5, 7][..]),
    ) {
        if let Some(plan) = plan_of(&definitions, name, by) {
            agree_in_any_way(&plan, &stream("users.csv", csv(&contexts, without)));
            agree_in_any_way(&plan, &stream("users.jsonl", json(&contexts)));
        }
    }
}

/// More than a batch, a block, the texts that are remembered, and the groups that are kept.
#[test]
fn many_rows_of_many_groups() {
    let row = |n: usize| {
        let (plan, quote) = (["pro", "free", ""][n % 3], if n % 5_000 < 40 { "\"" } else { "" });
        let org = n * n % 14_000;
        match n % 997 {
            0 => format!("u{n},ragged\n"),
            1 => format!(",org-{org},{plan},,{n}\n"),
            2 => "u7,org-3,pro,,1\n".to_owned(),
            _ => format!("user-{n},org-{org},{quote}{plan}{quote},u{n}@agpt{}.co,{n}\n", n % 7),
        }
    };
    let csv: String =
        std::iter::once("id,org,plan,email,score\n".to_owned()).chain((0..60_000).map(row)).collect();
    for by in [None, Some("org"), Some("email_domain"), Some("email")] {
        agree(&plan_by(by), &stream("users.csv", csv.clone().into_bytes()));
    }
    let json = csv.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
        match cells[..] {
            [id, org, plan, email, score] => format!(
                "{{\"id\":\"{id}\",\"org\":\"{org}\",\"plan\":\"{plan}\",\"email\":\"{email}\",\"score\":{score}}}\n"
            ),
            _ => line.to_owned() + "\n",
        }
    });
    let json: String = json.collect();
    for by in [None, Some("org"), Some("email")] {
        agree(&plan_by(by), &stream("users.jsonl", json.clone().into_bytes()));
    }
}

/// Lines that are nearly like the ones before them: a byte more, less or another one anywhere, the line end included.
#[test]
fn lines_of_json_that_are_nearly_alike() {
    let lines = [
        "{\"id\":\"u1\",\"org\":\"acme\",\"plan\":\"pro\",\"score\":17}\n",
        "{\"plan\":\"free\", \"a name of more than 32 bytes, none of them asked for\":null,\"score\":-4.5,\"id\":12}\r\n",
        "{\"a\":true,\"id\":\"user-100\",\"score\":0,\"email\":\"ann@agpt.co\"}\n",
    ];
    let others = ["", "\"", "\n", "\\", ",", "}", "{", ":", "0", "9", "-", "e", "n", " ", "\r", "é"];
    for line in lines {
        let mut text = line.repeat(3);
        for at in 0..line.len() {
            for other in others {
                for behind in [at, at + 1] {
                    text.extend([&line[..at], other, &line[behind..], line]);
                }
            }
        }
        for by in [None, Some("org"), Some("score")] {
            agree(&plan_by(by), &stream("users.jsonl", text.clone().into_bytes()));
        }
    }
    let odd = ["\"no object\"\n", "{\"org\":\"acme\"}\n", "{\"org\":\"x\"}\n", "{\"id\":null}\n"].concat();
    agree(&plan_by(None), &stream("users.jsonl", odd.into_bytes()));
    // Lines of less and of more than what is looked at at once.
    let line = |n: usize| {
        let (long, plan) =
            ("x".repeat(n * 7_919 % 40_000), ["pro", "p\\u0072o"][usize::from(n.is_multiple_of(11))]);
        format!("{{\"id\":\"u{n}\",\"x\":\"{long}\",\"plan\":\"{plan}\"}}\n")
    };
    let long: String = (0..60).map(line).collect();
    agree(&plan_by(None), &stream("users.jsonl", long.into_bytes()));
}

/// So many sorts that the later ones are evaluated row by row.
#[test]
fn more_sorts_than_are_kept() {
    let mut wide = flag("f", 50_000);
    wide.orgs =
        (0..5_000).map(|n| (format!("org-{n}"), variation(if n % 2 == 0 { "on" } else { "off" }))).collect();
    wide.rules = (0..12).map(|n| rule(clause("score", Operator::LessThan, n * 100), 10_000)).collect();
    let (now, then) = (world([flag("f", 10_000)]), world([wide]));
    let plan = plan("f", &[&now, &then], Some("org"));
    let rows = (0..40_000).map(|n: usize| format!("u{n},org-{},{}\n", n * 31 % 6_000, n * 17 % 1_500));
    let csv: String = std::iter::once("id,org,score\n".to_owned()).chain(rows).collect();
    agree(&plan, &stream("users.csv", csv.into_bytes()));
}
