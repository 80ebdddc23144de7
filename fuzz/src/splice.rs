//! Splicing: the first line is an edit, the rest a flags.toml. What comes out reads, and defines exactly what was
//! meant.

use ffctl::flagfile::{Edit, FlagFile, SpliceError};
use ffctl::model::{FlagName, Share, Split, VariationName, Weight};

use super::first_line;

/// Any edit of any file that reads.
pub fn splice(data: &[u8]) {
    let Some((edit, text)) = first_line(data) else { return };
    let Ok(file) = FlagFile::parse("flags.toml", text.to_owned()) else { return };
    let Some((name, edit)) = read_edit(edit, &file) else { return };
    let spliced = ffctl::flagfile::splice(&file, &[(name.clone(), edit.clone())]);
    let changed = match spliced {
        Ok(changed) => changed,
        Err(SpliceError::NotAsIntended(why)) => panic!("{edit:?} of `{name}` does not read back: {why:?}"),
        Err(_) => return,
    };
    let read = FlagFile::parse("flags.toml", changed.clone()).expect("what was spliced reads");
    for (other, flag) in &file.definitions().flags {
        if *other != name {
            assert_eq!(read.definitions().flags.get(other), Some(flag), "only `{name}` changes");
        }
    }
    assert_eq!(read.definitions().segments, file.definitions().segments);
    assert_eq!(read.definitions().experiments, file.definitions().experiments);
    let again = ffctl::flagfile::splice(&read, &[(name, edit)]);
    assert_eq!(again, Ok(changed), "the same once more changes nothing");
}

/// Reads an edit: the number of a flag, a field, and what it is to be.
fn read_edit(line: &str, file: &FlagFile) -> Option<(FlagName, Edit)> {
    let mut words = line.splitn(3, ' ');
    let flags = &file.definitions().flags;
    let (name, flag) = flags.get_index(words.next()?.parse().ok()?)?;
    let (field, value) = (words.next()?, words.next().unwrap_or_default());
    let variation = |text: &str| VariationName::named(text).or_else(|_| VariationName::try_from(text)).ok();
    let target = |text: &str| {
        let (key, name) = text.rsplit_once('=').unwrap_or((text, ""));
        (key.to_owned(), variation(name))
    };
    let edit = match field {
        "enabled" => Edit::Enabled(value == "true"),
        "rollout" => Edit::Rollout(Weight::parse(value).ok()),
        "serve" => Edit::Serve(variation(value)),
        "split" => {
            let all = flag.variations.iter().map(|variation| variation.name.clone());
            let shares = value.split(' ').map(|share| share.parse::<i64>().unwrap_or(1));
            let pairs = all.zip(shares).map(|(name, share)| Some((name, Share::try_from(share).ok()?)));
            Edit::Split(Some(Split::new(pairs.collect::<Option<_>>()?).ok()?))
        }
        "user" => {
            let (key, variation) = target(value);
            Edit::User { key, variation }
        }
        "org" => {
            let (key, variation) = target(value);
            Edit::Org { key, variation }
        }
        _ => return None,
    };
    Some((name.clone(), edit))
}
