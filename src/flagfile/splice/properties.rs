//! Properties of all splices.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::tests::{name, parse};
use super::*;
use crate::flagfile::FlagFile;
use crate::model::{FlagName, Share, Split, VariationName, Weight};

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
