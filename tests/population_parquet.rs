//! `--population FILE.parquet`: the same users as in JSON lines, whoever wrote the file.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::population::sha256;
use super::project::Project;
use super::sdk::toolchain;

/// A rule for each type that a column can have.
const FLAGS: &str = r#"schema = 1
[flags.typed]
enabled = true
rollout = "20%"
orgs = { "glo,bex" = "on", "ünï\ncode" = "off" }
rules = [
  { when = [{ attribute = "plan", op = "in", values = ["pro"] }, { attribute = "age", op = "less_than", values = [9] }], serve = "on" },
  { when = [{ attribute = "beta", op = "in", values = [true] }, { attribute = "score", op = "greater_than", values = [60.5] }], rollout = "50%", serve = "on" },
  { when = [{ attribute = "tags", op = "in", values = ["beta, b"] }, { attribute = "small", op = "greater_than", values = [90] }], serve = "on" },
  { when = [{ attribute = "created_at", op = "before", values = ["2025-02-03T04:05:06Z"] }, { attribute = "ratio", op = "in", values = [0.5] }], serve = "on" },
  { when = [{ attribute = "price", op = "greater_than_or_equal", values = [9.97] }], serve = "on" },
  { when = [{ attribute = "account_age_days", op = "less_than", values = [3] }], serve = "on" },
  { when = [{ kind = "group", attribute = "name", op = "in", values = ["staff"] }, { kind = "group", attribute = "level", op = "in", values = [3] }], serve = "on" },
]
"#;

const ATTRIBUTES: [&str; 12] =
    ["org", "plan", "age", "small", "large", "beta", "score", "ratio", "price", "tags", "created_at", "day"];

fn forecast(project: &Project, population: &Path, by: &str) -> Value {
    let population = population.to_str().expect("UTF-8");
    let arguments = [
        "simulate-rollout",
        "typed",
        "--to",
        "60%",
        "--by",
        by,
        "--at",
        "2026-01-02T03:04:05Z",
        "--population",
    ];
    project.json(&[&arguments[..], &[population]].concat())
}

/// Checks that Parquet files come to the same as the JSON lines beside them, by every attribute.
fn agree(project: &Project, folder: &Path, names: &[&str]) {
    for by in ATTRIBUTES {
        let of = |file: &str| {
            let forecast = forecast(project, &folder.join(file), by);
            let population = &forecast["population"];
            json!([forecast["now"], forecast["steps"], population["users"], population["rows"]])
        };
        let expected = of("users.jsonl");
        for name in names {
            let found = of(name);
            assert!(found == expected, "{name} by {by}:\n{found:#}\nis not\n{expected:#}");
        }
    }
}

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/population")
}

/// `users.parquet` and `users.jsonl` are what tests/sdk/parquet/write.py makes of 40 users (pyarrow 26, snappy).
#[test]
#[cfg_attr(not(feature = "parquet"), ignore = "needs --all-features")]
fn columns_become_attributes_of_their_types() {
    let project = Project::new(FLAGS);
    agree(&project, &vectors(), &["users.parquet"]);
    let bytes = std::fs::read(vectors().join("users.parquet")).expect("a file");
    let input = &forecast(&project, &vectors().join("users.parquet"), "plan")["population"]["inputs"][0];
    assert_eq!(input["bytes"], bytes.len());
    assert_eq!(
        input["sha256"],
        sha256(&bytes),
        "of the file's bytes, though they are not read in their order"
    );
}

#[test]
#[cfg_attr(not(feature = "parquet"), ignore = "needs --all-features")]
fn what_cannot_be_read_is_told() {
    let project = Project::new(FLAGS);
    let bytes = std::fs::read(vectors().join("users.parquet")).expect("a file");
    let fails = |population: &[&str], words: &str| {
        let arguments = [&["simulate-rollout", "typed", "--to", "60%"], population].concat();
        let said = project.fails(7, &arguments);
        assert!(said.contains(words), "{population:?}: {said}");
    };
    for length in [4, 100, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(project.path("cut.parquet"), &bytes[..length]).expect("written");
        fails(&["--population", "cut.parquet"], "a Parquet file that cannot be read");
    }
    let mut damaged = bytes.clone();
    damaged[200..260].fill(0x5a);
    std::fs::write(project.path("damaged.parquet"), damaged).expect("written");
    fails(&["--population", "damaged.parquet"], "a Parquet file that cannot be read");
    std::fs::write(project.path("whole.parquet"), &bytes).expect("written");
    fails(&["--population", "whole.parquet", "--format", "csv"], "a Parquet file, and not csv");
    let piped = "cat whole.parquet | ffctl simulate-rollout typed --to 60% --population -";
    let run = super::project::run(&mut project.shell(piped));
    assert_eq!(run.code, 7, "{}", run.stderr);
    assert!(run.stderr.contains("read from its end and not from a stream"), "{}", run.stderr);
    for (column, what) in [("tags", "lists"), ("beta", "booleans"), ("group", "structs"), ("unused", "maps")]
    {
        let words = format!(
            "`whole.parquet`: the population is a Parquet file whose column of user ids, `{column}`, holds {what}"
        );
        fails(&["--population", "whole.parquet", "--id-column", column], &words);
    }
    for column in ["plan", "age", "score", "price", "day", "created_at"] {
        project.ok(&[
            "simulate-rollout",
            "typed",
            "--to",
            "60%",
            "--population",
            "whole.parquet",
            "--id-column",
            column,
            "--allow-missing",
        ]);
    }
    fails(&["--population", "whole.parquet", "--id-column", "raw", "--allow-missing"], "holds no user");
    // A column that no rule can read is none.
    let flags = FLAGS.replace("attribute = \"plan\"", "attribute = \"raw_\"");
    project.write("flags.toml", &flags);
    fails(&["--population", "whole.parquet"], "raw_");
}

#[test]
fn a_name_that_promises_parquet_is_held_to_it() {
    let project = Project::new(FLAGS);
    project.write("users.parquet", "u1\nu2\n");
    let forecast =
        ["simulate-rollout", "typed", "--to", "60%", "--allow-missing", "--population", "users.parquet"];
    let said = project.fails(7, &forecast);
    assert!(said.contains("named like a Parquet file, and is none that can be read"), "{said}");
    project.ok(&[&forecast[..], &["--format", "ids"]].concat());
}

#[test]
#[cfg_attr(feature = "parquet", ignore = "needs a program without Parquet")]
fn a_program_without_parquet_names_the_file_and_the_way_out() {
    let project = Project::new(FLAGS);
    std::fs::copy(vectors().join("users.parquet"), project.path("users.parquet")).expect("copied");
    project.write("late.csv", "id\nu1\n");
    let refused = |said: &str, file: &str| {
        let words =
            format!("`{file}`: the population is a Parquet file, and this ffctl was built without Parquet");
        assert!(said.contains(&words), "{said}");
        assert!(said.contains("cargo install --path . --locked --features parquet"), "{said}");
        assert!(said.contains("duckdb -c"), "{said}");
    };
    let forecast = ["simulate-rollout", "typed", "--to", "60%", "--allow-missing", "--population"];
    refused(&project.fails(7, &[&forecast[..], &["users.parquet"]].concat()), "users.parquet");
    let second = [&forecast[..], &["late.csv", "--population", "users.parquet"]].concat();
    refused(&project.fails(7, &second), "users.parquet");
    let piped = "cat users.parquet | ffctl simulate-rollout typed --to 60% --population -";
    let run = super::project::run(&mut project.shell(piped));
    assert_eq!(run.code, 7, "{}", run.stderr);
    refused(&run.stderr, "-");
    assert!(project.ok(&["doctor"]).contains("built without Parquet"));
}

#[test]
#[cfg_attr(not(feature = "parquet"), ignore = "needs --all-features")]
fn files_of_pyarrow_and_duckdb_agree() {
    let Some(packages) = toolchain::python("parquet") else { return };
    let project = Project::new(FLAGS);
    let folder = project.path("written");
    std::fs::create_dir_all(&folder).expect("a folder");
    let written = toolchain::run(
        Command::new(packages.join("venv/bin/python")).arg(packages.join("write.py")).arg(&folder),
    );
    written.unwrap_or_else(|error| panic!("{error}"));
    let names = [
        "snappy.parquet",
        "zstd.parquet",
        "gzip.parquet",
        "int96.parquet",
        "duckdb.parquet",
        "duckdb-zstd.parquet",
    ];
    agree(&project, &folder, &names);
    let brotli = folder.join("brotli.parquet");
    let said = project.fails(
        7,
        &["simulate-rollout", "typed", "--to", "60%", "--population", brotli.to_str().expect("UTF-8")],
    );
    assert!(said.contains("brotli"), "{said}");
    let all = folder.join("{}").display().to_string().replace("{}", "*.jsonl");
    let both = project.json(&[
        "simulate-rollout",
        "typed",
        "--to",
        "60%",
        "--distinct",
        "--population",
        &all,
        "--population",
        folder.join("zstd.parquet").to_str().expect("UTF-8"),
    ]);
    assert_eq!(both["population"]["rows"]["users"], 4990);
    assert_eq!(both["population"]["rows"]["duplicates"], 4990, "every one of them again");
}
