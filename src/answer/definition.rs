//! Whether two sides define a flag alike: a mark that is the same for the same meaning.
//!
//! What is for people (descriptions, owners, names of rules) is no part of it, nor is the order of what has none.

use std::collections::BTreeSet;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::eval::World;
use crate::hex::hex;
use crate::layer::Layers;
use crate::model::{Clause, Flag, Operator};

/// The version of what goes into the hash; another one is another mark.
const VERSION: &str = "ffctl.definition/1";

/// Bytes of the hash that make the mark.
const BYTES: usize = 12;

/// Returns the mark of what flags.toml defines of a flag, with the segments that its rules ask: hexadecimal digits;
/// none if flags.toml does not declare it.
pub fn definition_mark(layers: &Layers<'_>, name: &str) -> Option<String> {
    let flag = layers.file?.definitions().flags.get(name)?;
    Some(hex(&Sha256::digest(in_words(layers, flag).as_bytes())[..BYTES]))
}

/// Returns the definition in words, a line each, with nothing in it that means nothing.
fn in_words(world: &dyn World, flag: &Flag) -> String {
    let mut text = format!("{VERSION}\n");
    let mut line = |what: &str, value: &dyn std::fmt::Display| {
        writeln!(text, "{what} {value}").expect("writing to memory does not fail");
    };
    line("enabled", &flag.enabled);
    for needed in &flag.prerequisites {
        line("needs", &format!("{} {}", needed.flag, needed.variation));
    }
    for (what, entries) in [("user", &flag.users), ("org", &flag.orgs)] {
        let sorted: BTreeSet<String> = entries.iter().map(|(key, name)| format!("{key:?} {name}")).collect();
        for entry in &sorted {
            line(what, entry);
        }
    }
    let mut segments = Vec::new();
    for rule in &flag.rules {
        line("rule", &format!("{} {}", rule.rollout, rule.serve));
        for clause in &rule.when {
            line("when", &clause_in_words(clause, &mut segments));
        }
    }
    line("else", &flag.fallthrough);
    for variation in flag.variations.iter() {
        line("variation", &format!("{} {}", variation.name, variation.value.in_words()));
    }
    line("off", flag.variations.off());
    line("hash", &format!("{:?} by {}", flag.hash_key(), flag.bucket_by));
    line("algorithm", &format!("{} {:?}", flag.bucketing, flag.bucketing.seed()));
    let mut at = 0;
    while let Some(name) = segments.get(at).cloned() {
        at += 1;
        line("segment", &format!("{name:?}"));
        let Some(segment) = world.segment(&name) else { continue };
        for (what, keys) in [("included", &segment.included), ("excluded", &segment.excluded)] {
            for key in keys.iter().collect::<BTreeSet<_>>() {
                line(what, &format!("{key:?}"));
            }
        }
        for rule in &segment.rules {
            line("rule", &"");
            for clause in &rule.when {
                line("when", &clause_in_words(clause, &mut segments));
            }
        }
    }
    text
}

/// Returns a clause in words, and notes the segments that it asks.
fn clause_in_words(clause: &Clause, segments: &mut Vec<String>) -> String {
    if clause.operator == Operator::Segment {
        for name in clause.values.iter().filter_map(crate::model::Value::as_text) {
            if !segments.iter().any(|known| known == name) {
                segments.push(name.to_owned());
            }
        }
    }
    clause.to_string()
}

#[cfg(test)]
mod tests {
    use crate::flagfile::FlagFile;
    use crate::layer::{AdminLayer, EnvLayer, Freshness, TargetKind, TargetLabel};

    use super::*;

    fn mark(flags: &str) -> String {
        let file = FlagFile::parse("flags.toml", format!("schema = 1\n{flags}")).expect("valid");
        let label =
            TargetLabel { profile: None, address: "a".to_owned(), kind: TargetKind::Server, served: false };
        let admin = AdminLayer::empty(label, Freshness::Live);
        let env = EnvLayer::default();
        let layers = Layers { file: Some(&file), env: &env, admin: &admin, what_if: None };
        assert_eq!(definition_mark(&layers, "elsewhere"), None);
        definition_mark(&layers, "x").expect("declared")
    }

    const SEGMENT: &str = "[[flags.x.rules]]\nwhen = [{ segment = \"a\" }]\nserve = \"on\"\n";

    #[test]
    fn what_means_the_same_has_the_same_mark() {
        let one = mark("[flags]\nx = true\n");
        assert_eq!((one.len(), one == mark("[flags.x]\ndescription = \"d\"\nenabled = true\n")), (24, true));
        assert_ne!(one, mark("[flags]\nx = false\n"));
        let listed = |users: &str| mark(&format!("[flags.x]\nenabled = true\n{users}\nrollout = \"0%\"\n"));
        let ordered = listed("users = { a = \"on\", b = \"off\" }");
        assert_eq!(ordered, listed("users = { b = \"off\", a = \"on\" }"));
        assert_ne!(ordered, listed("users = { a = \"off\", b = \"off\" }"));
        assert_ne!(ordered, listed("orgs = { a = \"on\", b = \"off\" }"));
    }

    #[test]
    fn a_segment_that_a_rule_asks_is_part_of_it_however_deep() {
        let with = |member: &str| {
            let segments = format!(
                "[segments.a]\nrules = [{{ when = [{{ segment = \"b\" }}] }}]\n[segments.b]\nincluded = [\"{member}\"]\n"
            );
            mark(&format!("[flags.x]\nenabled = true\nrollout = \"0%\"\n{SEGMENT}{segments}"))
        };
        assert_eq!(with("u-1"), with("u-1"));
        assert_ne!(with("u-1"), with("u-2"));
    }
}
