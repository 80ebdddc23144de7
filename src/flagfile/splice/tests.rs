//! Splices byte by byte, and properties of all of them.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::flagfile::FlagFile;
use crate::model::{FlagName, Share, Split, VariationName, Weight};

fn name(text: &str) -> FlagName {
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

fn parse(text: &str) -> FlagFile {
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

/// Writes one flag in one of the ways in which people write them.
fn write_flag(
    at: usize,
    style: usize,
    enabled: bool,
    users: &[u8],
    prefix: &mut String,
    sections: &mut String,
) {
    let list: Vec<String> = users.iter().map(|user| format!("\"u{user}\"")).collect();
    let list = list.join(", ");
    let table: Vec<String> = users.iter().map(|user| format!("u{user} = 'off'")).collect();
    let (table, comment) = (table.join(", "), "# note \u{e9} [x] = \"y\"");
    let result = match style {
        0 => writeln!(prefix, "f{at} = {enabled} {comment}"),
        1 => writeln!(
            prefix,
            "  f{at} = {{ enabled = {enabled}, users = [{list}], rollout = 12.5 }} {comment}"
        ),
        2 => writeln!(
            prefix,
            "f{at}.enabled = {enabled}\nf{at} . rollout = '7%'  {comment}\n\"f{at}\".users = {{ {table} }}"
        ),
        3 => writeln!(
            sections,
            "\n[flags.f{at}] {comment}\nenabled = {enabled} {comment}\nusers = {}\nrollout = \"3%\"",
            match list.as_str() {
                "" => "[]".to_owned(),
                list => format!("[\n    {}\n]", list.replace(", ", ", # who\n    ")),
            }
        ),
        4 => writeln!(
            sections,
            "[ flags . \"f{at}\" ]\n\tenabled={enabled}\n\trollout=\"99%\"{comment}\n\t[flags.f{at}.users]\n\t{}",
            table.replace(", ", "\n\t")
        ),
        5 => writeln!(
            sections,
            "[[flags.f{at}.rules]]\nwhen = [{{ segment = \"s\" }}] {comment}\nserve = \"on\"\n[flags.f{at}]\nrollout = 1\nenabled = {enabled}"
        ),
        _ => writeln!(
            sections,
            "[flags.f{at}]\nvariations.on_a = 1 {comment}\nvariations.on_b = \"b # c\"\noff = \"on_a\"\nenabled = {enabled}\n{}",
            if enabled { "serve = 'on_a'" } else { "split = [ ['on_a', 3], [\"on_b\", 1] ] # s" }
        ),
    };
    result.expect("a String takes everything");
}

fn file_of(flags: &[(usize, bool, Vec<u8>)], windows: bool, mark: bool) -> String {
    let (mut prefix, mut sections) =
        (String::from("# top\nschema = 1\n\n[flags]\n"), String::from("[segments.s]\n"));
    for (at, (style, enabled, users)) in flags.iter().enumerate() {
        let mut users = users.clone();
        users.sort_unstable();
        users.dedup();
        write_flag(at, *style, *enabled, &users, &mut prefix, &mut sections);
    }
    let text = format!("{}{prefix}{sections}", if mark { "\u{feff}" } else { "" });
    if windows { text.replace('\n', "\r\n") } else { text }
}

fn any_edit() -> impl Strategy<Value = (usize, u32, u8, u8)> {
    (0..5_usize, 0..=100_000_u32, 0..6_u8, 0..3_u8)
}

fn edit_of(file: &FlagFile, flag: &FlagName, (what, thousandths, key, to): (usize, u32, u8, u8)) -> Edit {
    let flag = &file.definitions().flags[flag.as_str()];
    let names: Vec<VariationName> = flag.variations.iter().map(|v| v.name.clone()).collect();
    let variation = names.get(usize::from(to)).cloned();
    let boolean = flag.variations.is_boolean();
    match what {
        0 => Edit::Enabled(thousandths % 2 == 0),
        1 if boolean => Edit::Rollout(Weight::from_thousandths(thousandths).filter(|_| to > 0)),
        1 => Edit::Serve(variation.or_else(|| names.first().cloned())),
        2 if !boolean => {
            let share = |number: u32| Share::try_from(i64::from(number) + 1).expect("a share");
            let pairs = names.into_iter().map(|name| (name, share(thousandths))).collect();
            Edit::Split(Some(Split::new(pairs).expect("a split")))
        }
        2 | 3 => Edit::User { key: format!("u{key}"), variation },
        _ => Edit::Org { key: format!("o {key}"), variation },
    }
}

/// Returns how many lines of `old` are not in `new` in the same order, and the other way round.
fn line_changes(old: &str, new: &str) -> (usize, usize) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            common[a][b] = if old[a] == new[b] {
                common[a + 1][b + 1] + 1
            } else {
                common[a + 1][b].max(common[a][b + 1])
            };
        }
    }
    (old.len() - common[0][0], new.len() - common[0][0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_splice_changes_only_what_it_names(
        flags in proptest::collection::vec((0..7_usize, any::<bool>(), proptest::collection::vec(0..5_u8, 0..4)), 1..5),
        windows in any::<bool>(), mark in any::<bool>(), which in 0..5_usize, what in any_edit(),
    ) {
        let file = parse(&file_of(&flags, windows, mark));
        let flag = name(&format!("f{}", which % flags.len()));
        let edit = edit_of(&file, &flag, what);
        let new = match splice(&file, &[(flag.clone(), edit.clone())]) {
            Ok(new) => new,
            Err(SpliceError::Comments { .. }) => return Ok(()),
            Err(error) => panic!("{edit:?}: {error:?}\n{}", file.text()),
        };
        let read = parse(&new);
        // All other flags, experiments and segments are as they were; of this one only the field named differs.
        prop_assert_eq!(&read.definitions().segments, &file.definitions().segments);
        for (other, definition) in &read.definitions().flags {
            let mut expected = file.definitions().flags[other.as_str()].clone();
            if *other == flag {
                match &edit {
                    Edit::Enabled(_) => expected.enabled = definition.enabled,
                    Edit::Rollout(_) | Edit::Serve(_) | Edit::Split(_) => expected.fallthrough = definition.fallthrough.clone(),
                    Edit::User { .. } => expected.users = definition.users.clone(),
                    Edit::Org { .. } => expected.orgs = definition.orgs.clone(),
                }
            }
            prop_assert_eq!(&expected, definition);
        }
        // At most two lines are touched, no other byte; line ends and the mark stay. A list of several lines that
        // becomes a table, or empty, is one value.
        let (gone, come) = line_changes(file.text(), &new);
        let value = file.flag_places(&flag).map_or(0, |places| places.users.len() + 1);
        let gone_at_most = if matches!(edit, Edit::User { .. }) { 2 + value } else { 2 };
        prop_assert!(gone <= gone_at_most && come <= 2, "{} {}\n{}\n---\n{}", gone, come, file.text(), new);
        prop_assert_eq!(windows, !new.replace("\r\n", "").contains('\n'));
        prop_assert_eq!(mark, new.starts_with('\u{feff}'));
        // Comments of what is still there stay.
        let removes = matches!(edit, Edit::Rollout(None) | Edit::User { variation: None, .. } | Edit::Org { variation: None, .. } | Edit::Serve(_));
        if !removes {
            prop_assert_eq!(file.text().matches('#').count(), new.matches('#').count());
        }
        // Back again gives the very same bytes.
        if let Edit::Enabled(_) = edit {
            let back = Edit::Enabled(file.definitions().flags[flag.as_str()].enabled);
            let again = splice(&read, &[(flag, back)]);
            prop_assert_eq!(again.as_deref(), Ok(file.text()));
        }
    }
}
