//! What counts as a difference, and what does not.

use crate::flagfile::FlagFile;
use crate::layer::{AdminLayer, EnvLayer, Freshness, Layers, Origin, TargetKind, TargetLabel, Variable};

use super::{Comparison, compare};

const BASE: &str = r#"
schema = 1
[flags]
plain = true
[flags.memory]
description = "Memory"
owner = "team-a"
tags = ["x", "y"]
expires = 2027-03-31
enabled = true
rollout = "25%"
users = { u1 = "on", u2 = "off" }
orgs = ["acme", "globex"]
prerequisites = [{ flag = "plain", variation = "on" }]
[[flags.memory.rules]]
name = "employees"
when = [{ segment = "employee" }]
serve = "on"
[[flags.memory.rules]]
name = "new"
when = [{ attribute = "age", op = "less_than", values = [7] }, { attribute = "plan", op = "in", values = ["pro", "team"] }]
rollout = "40%"
[flags.prompt]
enabled = true
off = "v2"
variations = { v2 = { a = 1, b = [1, 2] }, v3 = "x" }
split = [["v2", 90], ["v3", 10]]
[experiments.trial]
flag = "plain"
variants = [["control", 50], ["treatment", 50]]
force = { qa = "treatment" }
[segments.employee]
included = ["e1", "e2"]
rules = [{ when = [{ attribute = "mail", op = "in", values = ["a", "b"] }] }, { when = [{ attribute = "x", op = "in", values = [1] }] }]
[segments.staff]
rules = [{ when = [{ segment = "employee" }] }]
"#;

fn file(name: &str, text: &str) -> FlagFile {
    FlagFile::parse(name, text.to_owned()).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:#?}\n{text}"))
}

fn nobody() -> AdminLayer {
    let target =
        TargetLabel { profile: None, address: String::new(), kind: TargetKind::Local, served: false };
    AdminLayer::empty(target, Freshness::NotAsked)
}

fn between(old: &str, new: &str) -> Comparison {
    let (old, new) = (file("old", old), file("new", new));
    let (env, admin) = (EnvLayer::default(), nobody());
    let layers = |file| Layers { file: Some(file), env: &env, admin: &admin, what_if: None };
    compare(&layers(&old), &layers(&new), &|_| true)
}

/// The differences a line each: `changed memory | rollout: 25% → 50% [behaviour]`.
fn lines(comparison: &Comparison) -> Vec<String> {
    let mut lines = Vec::new();
    for one in &comparison.differences {
        lines.push(format!("{} {}", one.change.word(), one.name));
        for field in &one.fields {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "·".to_owned());
            lines.push(format!(
                "  {}: {} → {} [{}]",
                field.field,
                value(&field.old),
                value(&field.new),
                field.effect.word()
            ));
        }
    }
    lines
}

/// The differences that a replacement in the base makes.
#[track_caller]
fn replaced(pairs: &[(&str, &str)]) -> Vec<String> {
    let mut text = BASE.to_owned();
    for (from, to) in pairs {
        assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in the base");
        text = text.replace(from, to);
    }
    lines(&between(BASE, &text))
}

/// Replacements in the base, and the lines of what differs then.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn every_field_is_seen() {
    let cases: &[Case<'_>] = &[
        (
            &[("plain = true", "plain = false")],
            &["changed plain", "  enabled: on → off [behaviour]", "changed memory"],
        ),
        (
            &[("rollout = \"25%\"", "rollout = \"50%\"")],
            &["changed memory", "  rollout: 25% → 50% [behaviour]"],
        ),
        (
            &[("u2 = \"off\"", "u2 = \"on\", u3 = \"on\"")],
            &["changed memory", "  user u2: off → on [behaviour]", "  user u3: · → on [behaviour]"],
        ),
        (
            &[("orgs = [\"acme\", \"globex\"]", "orgs = [\"acme\"]")],
            &["changed memory", "  org globex: on → · [behaviour]"],
        ),
        (
            &[("prerequisites = [{ flag = \"plain\", variation = \"on\" }]\n", "")],
            &["changed memory", "  prerequisite plain: on → · [behaviour]"],
        ),
        (
            &[("values = [7]", "values = [30]")],
            &[
                "changed memory",
                "  rule 2 \"new\" clause: age is less than 7 → age is less than 30 [behaviour]",
            ],
        ),
        (
            &[("[\"pro\", \"team\"] }", "[\"pro\"] }, { attribute = \"z\", op = \"in\", values = [1] }")],
            &[
                "changed memory",
                "  rule 2 \"new\" clause: plan is one of \"pro\", \"team\" → plan is \"pro\" [behaviour]",
                "  rule 2 \"new\" clause: · → z is 1 [behaviour]",
            ],
        ),
        (
            &[("rollout = \"40%\"", "rollout = \"41%\"")],
            &["changed memory", "  rule 2 \"new\" rollout: 40% → 41% [behaviour]"],
        ),
        (
            &[("serve = \"on\"", "serve = \"off\"")],
            &["changed memory", "  rule 1 \"employees\" serve: on → off [behaviour]"],
        ),
        (
            &[("name = \"employees\"", "name = \"staff\"")],
            &["changed memory", "  rule 1 \"staff\" name: employees → staff [metadata]"],
        ),
        (&[("v3 = \"x\"", "v3 = 1")], &["changed prompt", "  variation v3: \"x\" → 1 [behaviour]"]),
        (
            &[("v3 = \"x\"", "v3 = \"x\", v4 = \"y\"")],
            &["changed prompt", "  variation v4: · → \"y\" [behaviour]"],
        ),
        (&[("off = \"v2\"", "off = \"v3\"")], &["changed prompt", "  off: v2 → v3 [behaviour]"]),
        (
            &[("split = [[\"v2\", 90], [\"v3\", 10]]", "split = [[\"v2\", 80], [\"v3\", 20]]")],
            &["changed prompt", "  split: v2 90 / v3 10 → v2 80 / v3 20 [behaviour]"],
        ),
        (
            &[("split = [[\"v2\", 90], [\"v3\", 10]]", "split = [[\"v3\", 10], [\"v2\", 90]]")],
            &["changed prompt", "  split: v2 90 / v3 10 → v3 10 / v2 90 [moves_people]"],
        ),
        (
            &[("split = [[\"v2\", 90], [\"v3\", 10]]", "serve = \"v3\"")],
            &["changed prompt", "  fallthrough: v2 90 / v3 10 → v3 [behaviour]"],
        ),
        (
            &[("description = \"Memory\"", "salt = \"s\"")],
            &[
                "changed memory",
                "  salt: \"memory\" → \"s\" [moves_people]",
                "  description: Memory → · [metadata]",
            ],
        ),
        (
            &[("owner = \"team-a\"", "owner = \"team-b\"\nbucket_by = \"org\"")],
            &[
                "changed memory",
                "  bucket_by: user → org [moves_people]",
                "  owner: team-a → team-b [metadata]",
            ],
        ),
        (
            &[("tags = [\"x\", \"y\"]", "tags = [\"x\"]"), ("2027-03-31", "2027-04-01")],
            &[
                "changed memory",
                "  expires: 2027-03-31 → 2027-04-01 [metadata]",
                "  tags: x, y → x [metadata]",
            ],
        ),
        (
            &[("[[\"control\", 50], [\"treatment\", 50]]", "[[\"control\", 60], [\"treatment\", 40]]")],
            &[
                "changed trial",
                "  variants: control 50 / treatment 50 → control 60 / treatment 40 [behaviour]",
            ],
        ),
        (
            &[("force = { qa = \"treatment\" }", "salt = \"old\"")],
            &[
                "changed trial",
                "  force qa: treatment → · [behaviour]",
                "  salt: \"trial\" → \"old\" [moves_people]",
            ],
        ),
        (
            &[("included = [\"e1\", \"e2\"]", "included = [\"e1\"]\nexcluded = [\"e3\"]")],
            &["changed employee", "  included: e2 → · [behaviour]", "  excluded: · → e3 [behaviour]"],
        ),
        (
            &[("values = [\"a\", \"b\"]", "values = [\"a\"]")],
            &["changed employee", "  rule clause: mail is one of \"a\", \"b\" → mail is \"a\" [behaviour]"],
        ),
    ];
    for (pairs, expected) in cases {
        assert_eq!(replaced(pairs), *expected, "{pairs:?}");
    }
}

#[test]
fn what_means_the_same_is_no_difference() {
    for pairs in [
        &[("plain = true", "plain = { enabled = true } # same")] as &[(&str, &str)],
        &[("plain = true", "\"plain\" = {enabled=true, rollout = \"100%\"}")],
        &[("rollout = \"25%\"", "rollout = 25.0")],
        &[("tags = [\"x\", \"y\"]", "tags = [\"y\", \"x\"]")],
        &[("orgs = [\"acme\", \"globex\"]", "orgs = { globex = \"on\", acme = \"on\" }")],
        &[("{ u1 = \"on\", u2 = \"off\" }", "{ u2 = \"off\", u1 = \"on\" }")],
        &[("values = [\"pro\", \"team\"]", "values = [\"team\", \"pro\"]")],
        &[("values = [7]", "values = [7.0]")],
        &[("{ a = 1, b = [1, 2] }", "{ b = [1, 2], a = 1.0 }")],
        &[("split = [[\"v2\", 90], [\"v3\", 10]]", "split = [[\"v2\", 9], [\"v3\", 1]]")],
        &[("[[\"control\", 50], [\"treatment\", 50]]", "[[\"control\", 1], [\"treatment\", 1]]")],
        &[("description = \"Memory\"", "description = \"Memory\"\nsalt = \"memory\"\nbucket_by = \"user\"")],
        &[("included = [\"e1\", \"e2\"]", "included = [\"e2\", \"e1\"]")],
        &[("schema = 1", "schema = 1\n\n# a comment")],
    ] {
        assert_eq!(replaced(pairs), Vec::<String>::new(), "{pairs:?}");
    }
    let crlf = BASE.replace('\n', "\r\n");
    assert_eq!(lines(&between(BASE, &crlf)), Vec::<String>::new());
}

#[test]
fn rules_are_followed_where_they_go() {
    let rules = |rules: &[&str]| {
        let rules: Vec<String> = rules
            .iter()
            .map(|rule| {
                let (name, rest) = rule.split_once(' ').unwrap_or((rule, ""));
                let name = if name == "_" { String::new() } else { format!("name = \"{name}\"\n") };
                format!("[[flags.x.rules]]\n{name}when = [{{ attribute = \"{rest}\", op = \"in\", values = [1] }}]\nserve = \"on\"\n")
            })
            .collect();
        format!("schema = 1\n[flags.x]\nenabled = true\nrollout = \"0%\"\n{}", rules.concat())
    };
    let found = |old: &[&str], new: &[&str]| lines(&between(&rules(old), &rules(new)));
    assert_eq!(
        found(&["a p", "b q", "c r"], &["c r", "a p", "b q"]),
        ["changed x", "  rule 1 \"c\" position: rule 3 → rule 1 [behaviour]",]
    );
    assert_eq!(
        found(&["a p", "b q"], &["a p", "n s", "b q"]),
        ["changed x", "  rule 2 \"n\": · → when s is 1 serve on [behaviour]",]
    );
    assert_eq!(
        found(&["a p", "b q", "c r"], &["b q", "c r"]),
        ["changed x", "  rule 1 \"a\": when p is 1 serve on → · [behaviour]",]
    );
    assert_eq!(
        found(&["_ p", "_ q"], &["_ p", "_ z"]),
        ["changed x", "  rule 2 clause: · → z is 1 [behaviour]", "  rule 2 clause: q is 1 → · [behaviour]",]
    );
    assert_eq!(
        found(&["a p", "b q"], &["b q2", "a p"]),
        [
            "changed x",
            "  rule 1 \"b\" position: rule 2 → rule 1 [behaviour]",
            "  rule 1 \"b\" clause: · → q2 is 1 [behaviour]",
            "  rule 1 \"b\" clause: q is 1 → · [behaviour]",
        ]
    );
}

#[test]
fn a_rename_that_keeps_the_hash_moves_nobody() {
    let renamed = BASE
        .replace("flags.memory", "flags.brain")
        .replace("enabled = true\nrollout = \"25%\"", "salt = \"memory\"\nenabled = true\nrollout = \"30%\"");
    let comparison = between(BASE, &renamed);
    assert_eq!(lines(&comparison), ["renamed brain", "  rollout: 25% → 30% [behaviour]"]);
    let back = between(&renamed, BASE);
    assert_eq!(lines(&back), ["renamed memory", "  rollout: 30% → 25% [behaviour]"]);

    let dealt = BASE.replace("flags.memory", "flags.brain");
    let comparison = between(BASE, &dealt);
    let found: Vec<_> = comparison
        .differences
        .iter()
        .map(|one| (one.change.word(), one.name.as_str(), one.resembles.as_deref()))
        .collect();
    assert_eq!(found, [("added", "brain", Some("memory")), ("removed", "memory", None)]);

    let trial = BASE.replace("[experiments.trial]", "[experiments.second]\nsalt = \"trial\"");
    assert_eq!(lines(&between(BASE, &trial)), ["renamed second"]);
}

#[test]
fn nobody_moves_where_no_bucket_decides() {
    let text = |salt: &str, rollout: &str| {
        format!("schema = 1\n[flags.x]\nenabled = true\nsalt = \"{salt}\"\nrollout = \"{rollout}\"\n")
    };
    let effect = |old: &str, new: &str| {
        between(&text("a", old), &text("b", new)).differences[0]
            .fields
            .last()
            .map(|field| field.effect.word())
    };
    assert_eq!(effect("25%", "25%"), Some("moves_people"));
    assert_eq!(effect("100%", "100%"), Some("behaviour"));
    assert_eq!(effect("0%", "25%"), Some("behaviour"));
}

#[test]
fn another_algorithm_moves_people() {
    let text =
        |bucketing: &str| format!("schema = 1\n[flags.x]\nenabled = true\n{bucketing}rollout = \"25%\"\n");
    let seeded =
        |seed: u32| text(&format!("bucketing = {{ algorithm = \"launchdarkly\", seed = {seed} }}\n"));
    let said = text("bucketing = \"ffctl/1\"\n");
    assert_eq!(lines(&between(&text(""), &said)), Vec::<String>::new(), "what is meant anyway");
    assert_eq!(
        lines(&between(&text(""), &seeded(61))),
        ["changed x", "  bucketing: ffctl/1 → launchdarkly, seed 61 [moves_people]",]
    );
    assert_eq!(
        lines(&between(&seeded(61), &seeded(62))),
        ["changed x", "  bucketing: launchdarkly, seed 61 → launchdarkly, seed 62 [moves_people]",]
    );
}

#[test]
fn a_changed_segment_names_the_flags_that_ask_it() {
    let text =
        BASE.replace("when = [{ segment = \"employee\" }]\nserve", "when = [{ segment = \"staff\" }]\nserve");
    let changed = text.replace("included = [\"e1\", \"e2\"]", "included = [\"e1\"]");
    let comparison = between(&text, &changed);
    assert_eq!(comparison.differences[0].used_by, ["memory"], "through `staff`");
}

#[test]
fn layers_are_compared_with_their_places() {
    let file = file("flags.toml", BASE);
    let variable = |name: &str, value: &str| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: Origin::Variable { name: name.to_owned() },
    };
    let (none, admin) = (EnvLayer::default(), nobody());
    let layers = |env| Layers { file: Some(&file), env, admin: &admin, what_if: None };
    let env =
        EnvLayer::read(file.definitions(), vec![variable("FF_MEMORY", "60%"), variable("FF_PLAIN", "tru")]);
    let comparison = compare(&layers(&none), &layers(&env), &|_| true);
    assert_eq!(lines(&comparison), ["changed plain", "changed memory", "  rollout: 25% → 60% [behaviour]"]);
    let [plain, memory] = comparison.differences.as_slice() else { panic!("two differ") };
    assert_eq!(plain.after.as_ref().map(|side| side.problems.len()), Some(1), "nobody knows what it is");
    let field = &memory.fields[0];
    assert_eq!(field.new_place, Some(Origin::Variable { name: "FF_MEMORY".to_owned() }));
    assert!(matches!(field.old_place, Some(Origin::File { line: 11, .. })), "{:?}", field.old_place);
    let both_broken = compare(&layers(&env), &layers(&env), &|_| true);
    assert_eq!(lines(&both_broken), ["changed plain"], "what cannot be read is never the same");
    let wanted = compare(&layers(&none), &layers(&env), &|name| name == "memory");
    assert_eq!((wanted.differences.len(), wanted.compared), (1, 1));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Any two of some flags compared in both directions mirror each other, and nothing differs from itself.
        #[test]
        fn the_way_back_is_the_mirror(
            old in prop::collection::vec((0usize..4, 0usize..4), 0..4),
            new in prop::collection::vec((0usize..4, 0usize..4), 0..4),
        ) {
            let text = |rules: &[(usize, usize)]| {
                let rules: Vec<String> = rules.iter().map(|(attribute, value)| format!(
                    "[[flags.x.rules]]\nwhen = [{{ attribute = \"a{attribute}\", op = \"in\", values = [{value}] }}]\nserve = \"on\"\n"
                )).collect();
                format!("schema = 1\n[flags.x]\nenabled = true\nrollout = \"0%\"\n{}", rules.concat())
            };
            let (old, new) = (text(&old), text(&new));
            prop_assert!(lines(&between(&old, &old)).is_empty());
            let there = between(&old, &new);
            let back = between(&new, &old);
            prop_assert_eq!(there.differences.is_empty(), back.differences.is_empty());
            let fields = |comparison: &Comparison| comparison.differences.iter().map(|one| one.fields.len()).sum::<usize>();
            prop_assert_eq!(fields(&there) == 0, fields(&back) == 0);
        }
    }
}
