//! What `bucketing show --as rust` prints computes the same: one program with all of it, by the compiler that is here.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use super::vectors::printed;

/// The crates that the lines name, in the versions of our own lock file: nothing is fetched.
const MANIFEST: &str = "\
[package]
name = \"printed\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
";

#[test]
fn what_is_printed_for_rust_computes_the_same() {
    let every = printed("rust", |preset, run| panic!("{preset}: {run:?}"));
    let mut crates: Vec<&str> = Vec::new();
    let mut program = "#![deny(warnings)]\n\nfn main() {\n".to_owned();
    let mut modules = String::new();
    let write = |out: &mut String, text: &str| writeln!(out, "{text}").expect("a String takes everything");
    for (at, each) in every.iter().enumerate() {
        write(&mut program, &format!("    preset_{at}::print();"));
        write(&mut modules, &format!("mod preset_{at} {{\n{}\npub fn print() {{", each.source));
        for values in each.arguments(|text| format!("{text:?}")) {
            write(&mut modules, &format!("    println!(\"{{}}\", bucket({values}) as f64);"));
        }
        write(&mut modules, "}\n}\n");
        // A snippet says itself what stands in Cargo.toml.
        let named = each.source.lines().filter_map(|line| line.strip_prefix("// Cargo.toml: "));
        crates.extend(named.collect::<Vec<_>>());
    }
    crates.sort_unstable();
    crates.dedup();
    assert_eq!(crates.len(), 3, "{crates:?}");
    write(&mut program, &format!("}}\n\n{modules}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("printed");
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(own.join("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let manifest = format!("{MANIFEST}{}\n\n[workspace]\n", crates.join("\n"));
    for (name, text) in [("Cargo.toml", manifest), ("src/main.rs", program)] {
        fs::write(folder.join(name), text).expect("written");
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--offline"]).current_dir(&folder);
    let output = cargo.env("CARGO_TARGET_DIR", folder.join("target")).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut lines = text.lines().map(|line| line.parse::<f64>().expect("a number"));
    for each in every {
        let buckets: Vec<f64> = lines.by_ref().take(each.calls.len()).collect();
        each.check("rust", &buckets);
    }
    assert_eq!(lines.next(), None);
}
