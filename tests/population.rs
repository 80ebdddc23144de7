//! `--population`: files, patterns, compression, digests, and rows that add up.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::project::{Project, pinned};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("a Vec takes everything");
    encoder.finish().expect("compressed")
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        write!(digits, "{byte:02x}").expect("a String takes everything");
    }
    digits
}

fn write(project: &Project, name: &str, bytes: &[u8]) {
    std::fs::write(project.path(name), bytes).expect("written");
}

/// A project with users in several files.
fn project() -> Project {
    let project = Project::shipped();
    project.write("users/b.csv", "id,org\nu-3,acme\nu-4,globex\n");
    project.write("users/a.csv", "user_id,plan\nu-1,pro\n\nu-2\nu-1,free\n,pro\n");
    project.write("users/.hidden.csv", "id\nu-9\n");
    project.write("users/more/c.csv", "id\nu-5\n");
    write(&project, "users/d.jsonl.gz", &gzip("{\"id\":\"u-6\"}\n{\"id\":\"u-3\"}\n"));
    write(&project, "ids.txt.zst", &zstd::encode_all(&b"u-7\nu-8\n"[..], 3).expect("compressed"));
    project
}

/// Rehearses a flag that asks for nothing but the id.
fn rehearse<'a>(population: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["simulate-rollout", "use_deepseek_critic", "--to", "50%"];
    arguments.extend(population);
    arguments
}

fn with_input(project: &Project, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = project.process(env!("CARGO_BIN_EXE_ffctl"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(input).expect("taken");
    child.wait_with_output().expect("it ends")
}

#[test]
fn it_looks_as_pinned() {
    let project = project();
    let mut page = String::new();
    for population in [
        &["--population", "users/b.csv"] as &[&str],
        &["--population", "users/b.csv", "--population", "users/d.jsonl.gz", "--distinct"],
        &["--population", "users/**/*", "--population", "ids.txt.zst", "--distinct"],
        &["--population", "users/*.csv", "--no-digest"],
        &["--population", "users/none-*.csv"],
        &["--population", "users"],
        &["--population", "users/b.csv", "--population", "users/*.csv"],
        &["--population", "ids.txt.zst", "--population", "users/b.csv", "--id-column", "id"],
    ] {
        let run = project.run(&rehearse(population));
        let command = rehearse(population).join(" ");
        writeln!(page, "$ ffctl {command}\n{}{}(exit code {})\n", run.stdout, run.stderr, run.code)
            .expect("a String takes everything");
    }
    pinned("population.txt", &page);
}

#[test]
fn a_pattern_reads_its_files_sorted_and_says_which() {
    let project = project();
    let run = project.run(&rehearse(&["--population", "users/*", "--distinct", "--json"]));
    assert_eq!(run.code, 7, "one row cannot be read: {}", run.stderr);
    let population = &serde_json::from_str::<Value>(&run.stdout).expect("JSON")["population"];
    let paths: Vec<&str> = population["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| input["path"].as_str().expect("a path"))
        .collect();
    assert_eq!(paths, ["users/a.csv", "users/b.csv", "users/d.jsonl.gz"], "no folder, nothing hidden");
    assert_eq!(
        population["rows"],
        json!({ "total": 9, "users": 4, "without_id": 1, "duplicates": 2, "wrong": 1, "blank": 1 })
    );
    assert_eq!(population["repeated"], json!(["u-1", "u-3"]));
    assert_eq!(population["wrong"], json!(["users/a.csv, line 4: 1 field where the header has 2"]));
    let bytes = std::fs::read(project.path("users/d.jsonl.gz")).expect("written");
    assert_eq!(population["inputs"][2]["sha256"], sha256(&bytes), "as sha256sum says");
    assert_eq!(population["inputs"][2]["bytes"], bytes.len());
    // A file with such a name is meant before any pattern.
    project.write("users/[b].csv", "id\nu-1\nu-2\n");
    let one = project.json(&rehearse(&["--population", "users/[b].csv"]));
    assert_eq!(one["population"]["users"], 2);
    assert_eq!(one["population"]["rows"]["duplicates"], Value::Null, "not told apart");
}

#[test]
fn a_file_counts_once() {
    let project = project();
    std::os::unix::fs::symlink(project.path("users/b.csv"), project.path("same.csv")).expect("linked");
    for again in ["users/b.csv", "./users/../users/b.csv", "users/*.csv", "same.csv"] {
        let said = project.fails(2, &rehearse(&["--population", "users/b.csv", "--population", again]));
        assert!(said.contains("is named twice"), "{again}: {said}");
    }
    let said = project.fails(2, &rehearse(&["--population", "-", "--population", "-"]));
    assert!(said.contains("standard input (-) is asked for twice"), "{said}");
}

#[test]
fn what_is_no_population_is_refused_by_name() {
    let project = project();
    let ids = "u-1\nu-2\n";
    let wide: Vec<u8> = ids.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &wide].concat();
    let behind = [gzip(ids), b"seven b".to_vec()].concat();
    let place = format!("`behind.gz`: the population is compressed with gzip up to byte {}", gzip(ids).len());
    for (name, bytes, words) in [
        ("empty", &b""[..], "`empty`: the population holds no user"),
        ("wide.txt", &wide, "`wide.txt`: the population is text in UTF-16 without a mark"),
        ("marked", &marked, "`marked`: the population is text in UTF-16"),
        ("nul.txt", b"u-1\nu\x002\n", "`nul.txt`: the population is no text: there are NUL bytes"),
        ("behind.gz", &behind, &place),
    ] {
        write(&project, name, bytes);
        let said = project.fails(7, &rehearse(&["--population", name]));
        assert!(said.contains(words) && said.contains("hint: "), "{said}");
    }
}

#[test]
fn standard_input_may_be_compressed_and_stand_among_files() {
    let project = project();
    let arguments = rehearse(&["--population", "users/b.csv", "--population", "-", "--json"]);
    let output = with_input(&project, &arguments, &gzip("id,org\nu-1,acme\n"));
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["population"]["users"], 3);
    assert_eq!(json["population"]["inputs"][1]["path"], "-");
    assert_eq!(json["population"]["inputs"][1]["sha256"], sha256(&gzip("id,org\nu-1,acme\n")));
    let cut = gzip("id,org\nu-1,acme\n");
    let output = with_input(&project, &arguments, &cut[..cut.len() - 3]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(7), true), "{said}");
    assert!(said.contains("compressed with gzip and cut off"), "{said}");
    // A pipe by name is read once, and told apart from a file.
    let fifo = project.path("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo starts");
    assert!(made.success());
    let writer = std::thread::spawn(move || std::fs::write(fifo, "u-1\nu-2\n"));
    let json = project.json(&rehearse(&["--population", "fifo"]));
    writer.join().expect("no panic").expect("written");
    assert_eq!(json["population"]["users"], 2);
}

#[test]
fn the_digest_can_be_left_out() {
    let project = project();
    let json = project.json(&rehearse(&["--population", "users/b.csv", "--no-digest"]));
    assert_eq!(json["population"]["inputs"], json!([{ "path": "users/b.csv", "bytes": 27, "sha256": null }]));
    assert!(!project.ok(&rehearse(&["--population", "users/b.csv", "--no-digest"])).contains("sha256"));
    let synthetic = project.json(&rehearse(&["--synthetic", "1000"]));
    assert!(synthetic["population"].get("inputs").is_none(), "nothing was read");
    assert_eq!(synthetic["population"]["rows"]["total"], 1000);
    for option in ["--no-digest", "--distinct"] {
        assert!(project.fails(2, &rehearse(&["--synthetic", "9", option])).contains(option), "{option}");
    }
    for option in
        [&["--distinct"] as &[&str], &["--format", "csv"], &["--id-column", "x"], &["--allow-missing"]]
    {
        let synthetic = rehearse(&[&["--synthetic", "9"], option].concat()).join(" ");
        assert_eq!(project.run(&synthetic.split(' ').collect::<Vec<_>>()).code, 2, "{synthetic}");
    }
    assert_eq!(project.run(&["variant-for-user", "--population", "ids.txt.zst", "--no-digest"]).code, 2);
}

#[test]
fn every_command_with_a_population_takes_them() {
    let project = project();
    let assigned = project.run(&[
        "variant-for-user",
        "--population",
        "ids.txt.zst",
        "--population",
        "users/d.jsonl.gz",
        "--population",
        "users/b.csv",
        "--distinct",
        "-o",
        "csv",
    ]);
    assert_eq!(assigned.code, 0, "{}", assigned.stderr);
    let users: Vec<&str> =
        assigned.stdout.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(users, ["u-7", "u-8", "u-6", "u-3", "u-4"]);
    assert!(assigned.stderr.contains("1 row repeats an id and was left out: u-3"), "{}", assigned.stderr);
    let migrated = project.json(&[
        "bucketing",
        "migrate",
        "use_deepseek_critic",
        "--to",
        "posthog",
        "--population",
        "users/d.*.gz",
        "--population",
        "users/b.csv",
        "--distinct",
    ]);
    assert_eq!(migrated["population"]["rows"]["duplicates"], 1);
}

#[test]
fn joins_and_counts_of_distinct_users_agree() {
    let project = project();
    let ids: String = (0..3000).map(|at| ["user-", &(at % 1000).to_string(), "\n"].concat()).collect();
    project.write("often.txt", &ids);
    let forecast =
        project.json(&rehearse(&["--population", "often.txt", "--distinct", "--joins", "joins.txt"]));
    let joins = project.read("joins.txt");
    assert_eq!(forecast["steps"][0]["joins"], joins.lines().count());
    assert_eq!(forecast["population"]["rows"]["duplicates"], 2000);
    let once: String = (0..1000).map(|at| ["user-", &at.to_string(), "\n"].concat()).collect();
    project.write("once.txt", &once);
    project.ok(&rehearse(&["--population", "once.txt", "--joins", "joins-once.txt"]));
    assert_eq!(joins, project.read("joins-once.txt"));
}
