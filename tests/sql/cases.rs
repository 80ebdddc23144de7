//! What is rehearsed in databases, over which users.

use std::fmt::Write as _;

/// Every step of an evaluation, texts that need care, and algorithms of each kind of arithmetic.
pub(super) const FLAGS: &str = r#"schema = 1
[flags.plain]
enabled = true
rollout = "12.5%"

[flags.base]
enabled = true
rollout = "60%"

[flags.rich]
enabled = true
rollout = "25%"
prerequisites = [{ flag = "base", variation = "on" }]
users = { "user-100001" = "on", "user-100002" = "off", "o'neil\\x" = "on" }
orgs = { org-3 = "on", "org-ü" = "off" }

[[flags.rich.rules]]
name = "staff"
when = [{ attribute = "segments", op = "in", values = ["staff"] }, { attribute = "age", op = "greater_than", values = [3] }]
serve = "on"

[[flags.rich.rules]]
when = [{ attribute = "plan", op = "in", values = ["free"], negate = true }, { attribute = "beta", op = "in", values = [true] }]
rollout = "40%"
serve = "on"

[[flags.rich.rules]]
when = [{ attribute = "email", op = "ends_with", values = ["@b.example", "ü.example"] }, { attribute = "email", op = "contains", values = ["7"] }, { attribute = "email", op = "starts_with", values = ["a", "b"] }]
serve = "off"

[[flags.rich.rules]]
when = [{ attribute = "segments", op = "in", values = ["staff"], negate = true }, { attribute = "age", op = "in", values = [1, 2.5] }, { attribute = "age", op = "less_than_or_equal", values = [2] }]
rollout = "70%"
serve = "on"

[flags.model]
enabled = true
off = "a"
variations = { a = "x", b = "y", B = "z" }
split = [["a", 70], ["b", 20], ["B", 9]]

[[flags.model.rules]]
when = [{ attribute = "email", op = "starts_with", values = [""], negate = true }]
serve = "b"

[[flags.model.rules]]
when = [{ attribute = "plan", op = "in", values = ["pro "] }, { attribute = "plan", op = "ends_with", values = ["o "] }]
serve = "B"

[flags.by_org]
enabled = true
rollout = "33.333%"
bucket_by = "org"

[flags.md5]
enabled = true
rollout = "37%"
bucketing = "md5-flag-user"

[flags.sha1]
enabled = true
rollout = "37.123%"
bucketing = "posthog"

[flags.salted]
enabled = true
rollout = "11%"
bucketing = "statsig"
salt = "it's.r"

[experiments.exp]
flag = "base"
variants = [["control", 50], ["treatment", 50]]
force = { user-100004 = "treatment", user-100005 = "control", "user-100006 " = "treatment" }

[segments.staff]
included = ["user-100010"]
excluded = ["user-100011"]
rules = [{ when = [{ attribute = "email_domain", op = "in", values = ["b.example"] }] }]
"#;

/// What is rehearsed, over which table.
pub(super) const CASES: [(&[&str], &str); 10] = [
    (&["plain", "--to", "20%,50%"], "many"),
    (&["rich", "--to", "50%"], "many"),
    (&["exp", "--split", "control=20,treatment=80"], "many"),
    (&["plain"], "few"),
    (&["model", "--split", "a=50,b=40,B=9"], "few"),
    (&["by_org", "--to", "60%"], "few"),
    (&["md5", "--to", "50%"], "few"),
    (&["sha1", "--to", "50%"], "few"),
    (&["salted", "--to", "50%"], "few"),
    (&["base", "--to", "off,100%"], "few"),
];

/// Users of every kind: without an id, without an organisation, ids and domains of several bytes a character, blanks at
/// the end that make another text.
pub(super) fn users(count: usize) -> String {
    let mut text = String::from("id,org,plan,age,beta,email,email_domain\n");
    for at in 0..count {
        let id = match at {
            7 => "o'neil\\x".to_owned(),
            8 => "\"user-100001 \"".to_owned(),
            9 => "\" \"".to_owned(),
            10 => "\"user-100006 \"".to_owned(),
            _ if at % 1000 == 500 => String::new(),
            _ if at % 1000 == 501 => format!("zoë-{at}-日本"),
            _ => format!("user-{}", 100_000 + at),
        };
        let org = match at {
            _ if at % 11 == 0 => String::new(),
            _ if at % 13 == 0 => "org-ü".to_owned(),
            _ => format!("org-{}", at % 97),
        };
        let plan = ["free", "pro", "team", "\"pro \"", ""][at % 5];
        let age = match at {
            _ if at % 9 == 0 => String::new(),
            _ if at % 2 == 1 => format!("{}.5", at % 7),
            _ => (at % 7).to_string(),
        };
        let beta = ["true", "false", ""][at % 3];
        let domain = ["b.example", "a.example", "ü.example", ""][at % 4];
        let email = if domain.is_empty() {
            String::new()
        } else {
            format!("{}{at}@{domain}", ["a", "b", "c"][at % 3])
        };
        writeln!(text, "{id},{org},{plan},{age},{beta},{email},{domain}").expect("a String takes everything");
    }
    text
}
