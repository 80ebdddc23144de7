//! What to write into flags.toml for an algorithm.

use std::fmt::Write;

use crate::bucket::{Algorithm, Compare, Precision, Purpose, Record, Seed, SeedUse, Slice};

/// Returns a text as TOML has it; JSON's escapes are TOML's as well.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// Returns the lines that choose an algorithm for a flag.
pub(super) fn choice(algorithm: &Algorithm) -> String {
    let name = quoted(algorithm.name());
    let single = algorithm.in_words().ends_with("f32");
    let mut parts = vec![format!("algorithm = {name}")];
    let needed = algorithm.seed_use() == SeedUse::Required;
    match algorithm.seed() {
        Some(seed) => parts.push(format!("seed = {seed}")),
        None if needed => parts.push("seed = …".to_owned()),
        None => {}
    }
    if single {
        parts.push("precision = \"f32\"".to_owned());
    }
    match parts.as_slice() {
        [_] => format!("bucketing = {name}"),
        parts => format!("bucketing = {{ {} }}", parts.join(", ")),
    }
}

/// Returns the lines that define a record as an algorithm of one's own.
pub(super) fn definition(name: &str, record: &Record) -> String {
    let mut out = format!("[bucketing.custom.{}]\n", quoted(name));
    let mut line = |key: &str, value: String| {
        writeln!(out, "{key} = {value}").expect("a String takes everything");
    };
    line("hash", quoted(record.hash.word()));
    line("template", quoted(&record.template.to_string()));
    line("reduce", quoted(&record.reduce.to_string()));
    if record.slice != Slice::Whole {
        line("slice", quoted(&record.slice.to_string()));
    }
    if let Seed::Fixed(seed @ 1..) = record.seed {
        line("seed", seed.to_string());
    }
    if record.offset > 0 {
        line("offset", record.offset.to_string());
    }
    if record.compare != Compare::Below {
        line("compare", quoted(record.compare.sign()));
    }
    if record.precision != Precision::F64 {
        line("precision", quoted(record.precision.word()));
    }
    out
}

/// Returns what to write for a formula that was found: the choice of a preset, or a definition of its own.
pub(super) fn found(
    preset: Option<&Algorithm>,
    record: &Record,
    purpose: Purpose,
    salt: Option<&str>,
) -> String {
    let salt = salt.map_or_else(String::new, |salt| format!("salt = {}\n", quoted(salt)));
    match preset {
        Some(preset) if purpose == Purpose::Rollout => format!("{salt}{}", choice(preset)),
        // A rollout that is drawn as the system draws variants.
        _ => {
            format!("{salt}bucketing = \"production/1\"\n\n{}", definition("production/1", record).trim_end())
        }
    }
}
