//! What `bucketing show --as python` and `--as js` print computes the same.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use super::super::project::Project;
use super::vectors::printed;

/// Runs a program over its standard input; none, said aloud, where it is not installed.
fn interpreted(program: &str, arguments: &[&str], script: &str) -> Option<Vec<f64>> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        // Past the harness, which keeps to itself what a test that passes says by `eprintln!`.
        let said =
            format!("NOT TESTED: `{program}` is not installed, so what is printed for it was not run\n");
        std::io::stderr().write_all(said.as_bytes()).expect("standard error is open");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    input.write_all(script.as_bytes()).expect("the script is read");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}\n{script}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.lines().map(|line| line.parse().unwrap_or_else(|_| panic!("{program} says {line}"))).collect())
}

/// Checks what is printed for a language: `call` makes a line that prints one bucket.
fn agrees(language: &str, program: &str, arguments: &[&str], call: &dyn Fn(&str) -> String) {
    for each in printed(language, |preset, run| panic!("{preset}: {run:?}")) {
        let mut script = each.source.clone();
        for values in each.arguments(|text| json!(text).to_string()) {
            writeln!(script, "{}", call(&values)).expect("a String takes everything");
        }
        let Some(buckets) = interpreted(program, arguments, &script) else { return };
        each.check(language, &buckets);
    }
}

#[test]
fn what_is_printed_for_python_computes_the_same() {
    agrees("python", "python3", &["-"], &|values| format!("print(repr(bucket({values})))"));
}

#[test]
fn what_is_printed_for_javascript_computes_the_same() {
    agrees("js", "node", &["-"], &|values| format!("console.log(bucket({values}));"));
}

#[test]
fn every_algorithm_is_printed_in_every_language_or_says_why_not() {
    let project = Project::shipped();
    let names = project.ok(&["bucketing", "list", "-o", "name"]);
    assert!(names.lines().count() >= 24);
    for name in names.lines() {
        for language in ["python", "js", "rust"] {
            let source = project.ok(&["bucketing", "show", name, "--as", language]);
            assert!(source.contains("bucket(") && source.contains(name), "{source}");
        }
        let sql = project.run(&["bucketing", "show", name, "--as", "sql"]);
        assert!(
            sql.code == 0 && sql.stdout.contains("CREATE FUNCTION")
                || sql.code == 2 && sql.stderr.contains("cannot be written in SQL"),
            "{name}: {sql:?}"
        );
    }
}
