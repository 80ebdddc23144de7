//! The whole process, beside an empty Rust program in the same run: `cargo bench --bench process`.
//!
//! Start-up of `get` and `list` on the shipped flags.toml, `get` in a file of 10,000 flags, and a forecast over
//! ten million made-up users. Programs take turns; the figures are medians, and ratios of medians.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FFCTL: &str = env!("CARGO_BIN_EXE_ffctl");

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = empty_program(folder.path());
    let small = project(folder.path(), "small", include_str!("../flags.toml"));
    let large = project(folder.path(), "large", &large());

    let mut rows = Vec::new();
    for (name, arguments) in [
        ("ffctl --version", vec!["--version"]),
        ("ffctl get FLAG, 9 flags", vec!["get", "enable_memory_v2"]),
        ("ffctl list, 9 flags", vec!["list"]),
    ] {
        let ours = || command(Path::new(FFCTL), &small, &arguments);
        rows.push((name, taking_turns(300, &ours, &|| command(&empty, &small, &[]))));
    }
    let get = || command(Path::new(FFCTL), &large, &["get", "table_flag_77"]);
    rows.push(("ffctl get FLAG, 10,000 flags", taking_turns(60, &get, &|| command(&empty, &large, &[]))));
    let simulate = ["simulate-rollout", "use_deepseek_critic", "--to", "25%", "--synthetic", "10000000"];
    let simulate = || command(Path::new(FFCTL), &small, &simulate);
    rows.push(("simulate-rollout, 10 M users", taking_turns(3, &simulate, &|| command(&empty, &small, &[]))));

    let mut table = format!("{:32} {:>10} {:>10} {:>7}\n", "whole process", "median", "least", "ratio");
    for (name, (ours, empty)) in rows {
        let ratio = ours.median.as_secs_f64() / empty.median.as_secs_f64();
        let (median, least) = (milliseconds(ours.median), milliseconds(ours.least));
        let _ = writeln!(table, "{name:32} {median:>10} {least:>10} {ratio:>6.2}x");
    }
    report(&table);
}

struct Times {
    median: Duration,
    least: Duration,
}

/// Runs the two in turn and returns the times of each.
fn taking_turns(rounds: usize, a: &dyn Fn() -> Command, b: &dyn Fn() -> Command) -> (Times, Times) {
    let time = |command: &dyn Fn() -> Command| {
        let mut command = command();
        let start = Instant::now();
        let status = command.status().expect("it starts");
        let elapsed = start.elapsed();
        assert!(status.success(), "{command:?}");
        elapsed
    };
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..=rounds {
        of_a.push(time(a));
        of_b.push(time(b));
    }
    (times(of_a), times(of_b))
}

/// Returns the figures without the first round, which warmed the caches up.
fn times(mut all: Vec<Duration>) -> Times {
    all.remove(0);
    all.sort_unstable();
    Times { median: all[all.len() / 2], least: all[0] }
}

fn command(program: &Path, project: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(project).env_clear();
    command.env("HOME", project).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Builds a program that does nothing, as a release build would.
fn empty_program(folder: &Path) -> PathBuf {
    let source = folder.join("empty.rs");
    fs::write(&source, "fn main() {}").expect("written");
    let program = folder.join("empty");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "-C", "opt-level=3", "-C", "strip=symbols", "-o"]);
    let status = rustc.arg(&program).arg(&source).status().expect("rustc starts");
    assert!(status.success(), "the empty program builds");
    program
}

fn project(folder: &Path, name: &str, flags: &str) -> PathBuf {
    let project = folder.join(name);
    fs::create_dir_all(project.join(".git")).expect("a folder");
    fs::write(project.join("flags.toml"), flags).expect("written");
    project
}

/// Returns a file of 10,000 flags, half of them shorthands, about 1 MB.
fn large() -> String {
    let mut text = String::from("schema = 1\n\n[flags]\n");
    for number in 0..5000 {
        let _ = writeln!(text, "short_flag_{number} = {}", number % 2 == 0);
    }
    for number in 0..5000 {
        let _ = write!(
            text,
            "\n[flags.table_flag_{number}]\ndescription = \"Flag number {number} of the large file\"\n\
             owner = \"team-{}\"\ntags = [\"a\", \"b\"]\nexpires = 2027-03-31\nenabled = true\nrollout = \"25%\"\n",
            number % 40
        );
        if number % 5 == 0 {
            let _ = write!(
                text,
                "[[flags.table_flag_{number}.rules]]\n\
                 when = [{{ attribute = \"email\", op = \"ends_with\", values = [\"@x.org\"] }}]\nserve = \"on\"\n"
            );
        }
    }
    text
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(table: &str) {
    println!("{table}");
}
