//! The README's console blocks are executed: what stands there is what the commands print.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::project::{Project, bless, run};

/// One console block: its commands, each with the output below it.
struct Block {
    line: usize,
    steps: Vec<(String, String)>,
}

fn readme() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line != "```console" {
            continue;
        }
        let mut steps: Vec<(String, String)> = Vec::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push((command.to_owned(), String::new()));
            } else {
                let (_, output) = steps.last_mut().expect("a block starts with a command");
                output.push_str(line);
                output.push('\n');
            }
        }
        blocks.push(Block { line: at + 1, steps });
    }
    blocks
}

/// The README shows the flags as they were when it was written: none had expired. So that it prints the same in years,
/// they expire a lifetime later here.
fn later(flags: &str) -> String {
    let later = flags.replace("expires = 2027-", "expires = 2127-");
    assert!(!later.contains("expires = 20"), "another year expires: {later}");
    later
}

/// Takes back what [`later`] does.
fn sooner(shown: &str) -> String {
    shown.replace("2127-", "2027-")
}

/// The command as it runs here: the program is built already.
fn runnable(command: &str) -> String {
    command.replace("cargo run --release --locked -- ", "ffctl ")
}

#[test]
fn every_console_block_prints_what_it_says() {
    let mut text = fs::read_to_string(readme()).expect("a README");
    let blocks = blocks(&text);
    assert!(blocks.len() >= 5, "{} console blocks", blocks.len());
    let mut wrong = Vec::new();
    for block in &blocks {
        let project = Project::new(&later(super::project::SHIPPED));
        project.write("users.csv", &users());
        for (command, expected) in &block.steps {
            let run = run(&mut project.shell(&format!("{} 2>&1", runnable(command))));
            let actual = sooner(&run.stdout);
            if actual == *expected {
                continue;
            }
            if bless() {
                let old = format!("$ {command}\n{expected}");
                assert!(text.contains(&old), "found again: {old}");
                text = text.replacen(&old, &format!("$ {command}\n{actual}"), 1);
            } else {
                wrong.push(format!(
                    "README.md:{} $ {command}\n--- says\n{expected}--- prints\n{actual}",
                    block.line
                ));
            }
        }
    }
    if bless() {
        fs::write(readme(), text).expect("written");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A small population, the same at every run: what the README's users.csv stands for.
fn users() -> String {
    let mut text = String::from("user_id,org,email,created_at\n");
    for number in 0..1000 {
        let org = ["acme", "globex", "initech", "hooli"][number % 4];
        let domain = if number % 25 == 0 { "agpt.co" } else { "example.com" };
        let day = 1 + number % 28;
        let month = 1 + number % 12;
        let _ = writeln!(text, "u-{number},{org},u{number}@{domain},2025-{month:02}-{day:02}T00:00:00Z");
    }
    text
}

#[test]
fn the_first_screen_has_the_two_commands() {
    let text = fs::read_to_string(readme()).expect("a README");
    let screen: Vec<&str> = text.lines().take(60).collect();
    for command in [
        "cargo run --release --locked -- list",
        "cargo test --all-features",
        "cargo install --path . --locked",
    ] {
        assert!(screen.iter().any(|line| line.contains(command)), "{command}");
    }
}
