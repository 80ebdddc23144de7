//! Splices byte by byte.

use super::*;
use crate::flagfile::FlagFile;
use crate::model::{FlagName, Share, Split, VariationName, Weight};

pub(super) fn name(text: &str) -> FlagName {
    FlagName::try_from(text).expect("a name")
}

fn variation(text: &str) -> VariationName {
    VariationName::try_from(text).expect("a name")
}

fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a weight")
}

fn rollout(text: &str) -> Edit {
    Edit::Rollout(Some(weight(text)))
}

fn user(key: &str, to: &str) -> Edit {
    Edit::User { key: key.to_owned(), variation: (!to.is_empty()).then(|| variation(to)) }
}

fn org(key: &str, to: &str) -> Edit {
    Edit::Org { key: key.to_owned(), variation: (!to.is_empty()).then(|| variation(to)) }
}

fn split(pairs: &[(&str, i64)]) -> Edit {
    let pairs =
        pairs.iter().map(|(name, share)| (variation(name), Share::try_from(*share).expect("a share")));
    Edit::Split(Some(Split::new(pairs.collect()).expect("a split")))
}

pub(super) fn parse(text: &str) -> FlagFile {
    FlagFile::parse("flags.toml", text.to_owned()).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes:#?}"))
}

fn spliced(text: &str, edit: Edit) -> Result<String, SpliceError> {
    splice(&parse(text), &[(name("x"), edit)])
}

/// Splices a text that goes without its first line, `schema = 1`.
#[track_caller]
fn check(before: &str, edit: Edit, after: &str) {
    let text = |body: &str| format!("\u{feff}schema = 1 # ü\n{body}");
    assert_eq!(spliced(&text(before), edit.clone()).as_deref(), Ok(text(after).as_str()));
    let windows = |body: &str| text(body).replace('\n', "\r\n");
    assert_eq!(spliced(&windows(before), edit).as_deref(), Ok(windows(after).as_str()));
}

#[test]
fn the_switch() {
    check("[flags]\nx=true# c\n", Edit::Enabled(false), "[flags]\nx=false# c\n");
    check("flags.\"x\" = true", Edit::Enabled(false), "flags.\"x\" = false");
    check(
        "[flags]\nx . enabled  =  true # c\n",
        Edit::Enabled(false),
        "[flags]\nx . enabled  =  false # c\n",
    );
    check(
        "flags = { x = { 'enabled' = false } }\n",
        Edit::Enabled(true),
        "flags = { x = { 'enabled' = true } }\n",
    );
    check("[flags . x]\n\tenabled = false\n", Edit::Enabled(true), "[flags . x]\n\tenabled = true\n");
    check("[flags]\nx = true\n", Edit::Enabled(true), "[flags]\nx = true\n");
}

#[test]
fn the_rollout() {
    check(
        "[flags]\nx = false # c\n",
        rollout("25%"),
        "[flags]\nx = { enabled = false, rollout = \"25%\" } # c\n",
    );
    check(
        "[flags.x]\nenabled = true # c\n\n[segments]",
        rollout("0%"),
        "[flags.x]\nenabled = true # c\nrollout = \"0%\"\n\n[segments]",
    );
    check("[flags.x]\n  enabled = true", rollout("0%"), "[flags.x]\n  enabled = true\n  rollout = \"0%\"");
    check(
        "[flags]\nx.enabled = true\ny = true\n",
        rollout("0%"),
        "[flags]\nx.enabled = true\nx.rollout = \"0%\"\ny = true\n",
    );
    check(
        "flags = { x.enabled = true, y = true }\n",
        rollout("0%"),
        "flags = { x.enabled = true, x.rollout = \"0%\", y = true }\n",
    );
    check(
        "[flags]\nx = { enabled = true }\n",
        rollout("1%"),
        "[flags]\nx = { enabled = true, rollout = \"1%\" }\n",
    );
    check(
        "[flags.x]\nrollout = 25 # c\nenabled = true\n",
        rollout("12.5%"),
        "[flags.x]\nrollout = \"12.5%\" # c\nenabled = true\n",
    );
    check(
        "[flags.x]\nrollout = '25%'\nenabled = true\n",
        rollout("50%"),
        "[flags.x]\nrollout = '50%'\nenabled = true\n",
    );
    check(
        "[flags.x]\nrollout = 25\nenabled = true\n",
        rollout("25%"),
        "[flags.x]\nrollout = 25\nenabled = true\n",
    );
    check(
        "[flags.x]\nrollout = 25 # c\nenabled = true\n",
        Edit::Rollout(None),
        "[flags.x]\nenabled = true\n",
    );
    check("[flags.x]\nenabled = true\nrollout = 25", Edit::Rollout(None), "[flags.x]\nenabled = true");
    check(
        "[flags]\nx = { rollout = 25, enabled = true }\n",
        Edit::Rollout(None),
        "[flags]\nx = { enabled = true }\n",
    );
    check(
        "[flags]\nx = { enabled = true, rollout = 25 }\n",
        Edit::Rollout(None),
        "[flags]\nx = { enabled = true }\n",
    );
    check("[flags]\nx = true\n", Edit::Rollout(None), "[flags]\nx = true\n");
    check(
        "[flags.x]\nenabled = true\nrollout = 25\norgs = [\"a\"]\n",
        Edit::Rollout(None),
        "[flags.x]\nenabled = true\nrollout = \"100%\"\norgs = [\"a\"]\n",
    );
}

#[test]
fn what_everybody_else_gets() {
    const HEAD: &str = "[flags.x]\nenabled = true\noff = \"a\"\nvariations = { a = 1, b = 2 }\n";
    let with = |end: &str| format!("{HEAD}{end}");
    check(&with("serve = \"a\" # c\n"), Edit::Serve(Some(variation("b"))), &with("serve = \"b\" # c\n"));
    check(
        &with("serve = \"a\" # c\n"),
        split(&[("a", 1), ("b", 3)]),
        &with("split = [[\"a\", 1], [\"b\", 3]] # c\n"),
    );
    check(
        &with("split = [\n  [\"a\", 1], # c\n]\n"),
        Edit::Serve(Some(variation("b"))),
        &with("serve = \"b\"\n"),
    );
    check(
        &with("split = [[\"a\", 1]]\n"),
        user("u", "b"),
        "[flags.x]\nenabled = true\nusers = { u = \"b\" }\noff = \"a\"\nvariations = { a = 1, b = 2 }\nsplit = [[\"a\", 1]]\n",
    );
}

#[test]
fn users_and_organisations_in_lists() {
    check(
        "[flags]\nx = true\n",
        org("acme", "on"),
        "[flags]\nx = { enabled = true, orgs = [\"acme\"], rollout = \"100%\" }\n",
    );
    check(
        "[flags]\nx = true\n",
        user("é u", "off"),
        "[flags]\nx = { enabled = true, users = { \"é u\" = \"off\" }, rollout = \"100%\" }\n",
    );
    check(
        "[flags.x]\nenabled = true\n",
        user("u", "on"),
        "[flags.x]\nenabled = true\nusers = [\"u\"]\nrollout = \"100%\"\n",
    );
    check(
        "[flags.x]\nenabled = true\nrollout = 5\n",
        user("u", "on"),
        "[flags.x]\nenabled = true\nusers = [\"u\"]\nrollout = 5\n",
    );
    let flag = |list: &str| format!("[flags.x]\nenabled = true\nrollout = 5\nusers = {list} # c\n");
    check(&flag("[]"), user("u", "on"), &flag("[\"u\"]"));
    check(&flag("[ # none\n]"), user("u", "on"), &flag("[ # none\n\"u\"]"));
    check(&flag("['a']"), user("u", "on"), &flag("['a', \"u\"]"));
    check(&flag("['a', 'b', 'c']"), user("a", ""), &flag("['b', 'c']"));
    check(&flag("['a', 'b', 'c']"), user("b", ""), &flag("['a', 'c']"));
    check(&flag("['a', 'b', 'c', ]"), user("c", ""), &flag("['a', 'b', ]"));
    check(&flag("['a']"), user("a", ""), &flag("[]"));
    check(&flag("['a', 'b c']"), user("b c", "off"), &flag("{ a = \"on\", \"b c\" = \"off\" }"));
    check(&flag("['a']"), user("b", "off"), &flag("{ a = \"on\", b = \"off\" }"));
    check(&flag("[\n  'a', # one\n]"), user("b", "on"), &flag("[\n  'a', # one\n  \"b\",\n]"));
    check(
        &flag("[\n  'a', # one\n  'b' # two\n]"),
        user("c", "on"),
        &flag("[\n  'a', # one\n  'b', # two\n  \"c\"\n]"),
    );
    check(&flag("[\n  'a', # one\n  'b', # two\n]"), user("a", ""), &flag("[\n  'b', # two\n]"));
    check(&flag("[\n  'a', # one\n]"), user("a", ""), &flag("[\n]"));
    check(
        "[flags.x]\nenabled = true\nusers = []\n",
        user("u", "on"),
        "[flags.x]\nenabled = true\nrollout = \"100%\"\nusers = [\"u\"]\n",
    );
}

#[test]
fn users_and_organisations_in_tables() {
    let flag = |table: &str| format!("[flags.x]\nenabled = true\nrollout = 5\norgs = {table} # c\n");
    check(&flag("{ a = 'on' }"), org("a", "off"), &flag("{ a = \"off\" }"));
    check(&flag("{ a = 'on' }"), org("b.c", "off"), &flag("{ a = 'on', \"b.c\" = \"off\" }"));
    check(&flag("{}"), org("b", "off"), &flag("{ b = \"off\" }"));
    check(&flag("{ a = 'on', b = 'on' }"), org("a", ""), &flag("{ b = 'on' }"));
    check(&flag("{ a = 'on', b = 'on' }"), org("b", ""), &flag("{ a = 'on' }"));
    check(&flag("{ a = 'on' }"), org("a", ""), &flag("{}"));
    let flag = |table: &str| {
        format!("[flags.x]\nenabled = true\nrollout = 5\n[flags.x.orgs] # c\n{table}\n[segments]\n")
    };
    check(&flag("a = 'on' # d\n"), org("a", "off"), &flag("a = \"off\" # d\n"));
    check(&flag("a = 'on' # d\n"), org("b", "on"), &flag("a = 'on' # d\nb = \"on\"\n"));
    check(&flag(""), org("b", "on"), &flag("b = \"on\"\n"));
    check(&flag("a = 'on' # d\n"), org("a", ""), &flag(""));
    check(
        "[flags]\nx.enabled = true\nx.rollout = 5\nx.orgs.a = 'on'\n",
        org("b", "off"),
        "[flags]\nx.enabled = true\nx.rollout = 5\nx.orgs.a = 'on'\nx.orgs.b = \"off\"\n",
    );
    check(
        "[flags]\nx.enabled = true\nx.rollout = 5\nx.orgs.a = 'on'\n",
        org("a", ""),
        "[flags]\nx.enabled = true\nx.rollout = 5\n",
    );
    check(
        "[flags]\nx = { enabled = true, orgs.a = 'on', rollout = 5 }\n",
        org("b", "off"),
        "[flags]\nx = { enabled = true, orgs.a = 'on', orgs.b = \"off\", rollout = 5 }\n",
    );
    check(
        "[flags]\nx = { orgs.a = 'on', enabled = true, rollout = 5 }\n",
        org("a", ""),
        "[flags]\nx = { enabled = true, rollout = 5 }\n",
    );
}

#[test]
fn several_edits_at_once() {
    let file = parse("schema = 1\n[flags]\nx = true\ny = false # c\n");
    let edits = [(name("x"), rollout("5%")), (name("y"), Edit::Enabled(true)), (name("x"), user("u", "off"))];
    assert_eq!(
        splice(&file, &edits).as_deref(),
        Ok(
            "schema = 1\n[flags]\nx = { enabled = true, users = { u = \"off\" }, rollout = \"5%\" }\ny = true # c\n"
        )
    );
}

#[test]
fn what_cannot_be_spliced_says_why() {
    let file = parse(
        "schema = 1\n[flags]\nx = true\n[flags.m]\nenabled = true\noff = \"a\"\nvariations = { a = 1, b = 2 }\nserve = \"a\"\n\
                      [flags.l]\nenabled = true\nrollout = 5\nusers = [\n'a', # why\n]\n",
    );
    let fails =
        |flag: &str, edit: Edit| splice(&file, &[(name(flag), edit)]).expect_err("it cannot be spliced");
    assert_eq!(fails("gone", Edit::Enabled(true)), SpliceError::UnknownFlag(name("gone")));
    assert_eq!(fails("m", rollout("5%")), SpliceError::NotBoolean(name("m")));
    assert_eq!(fails("x", Edit::Serve(Some(variation("on")))), SpliceError::NotNamed(name("x")));
    assert_eq!(fails("m", Edit::Serve(None)), SpliceError::Required { flag: name("m"), field: "serve" });
    assert_eq!(
        fails("m", split(&[("z", 1)])),
        SpliceError::UnknownVariation { flag: name("m"), variation: variation("z") }
    );
    assert_eq!(fails("x", user("", "on")), SpliceError::EmptyKey { flag: name("x"), field: "users" });
    assert_eq!(fails("l", user("a", "off")), SpliceError::Comments { flag: name("l"), field: "users" });
}
