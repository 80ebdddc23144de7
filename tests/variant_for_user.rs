//! `ffctl variant-for-user`: one user, and whole populations in a stream.

use std::fmt::Write;

use serde_json::Value;

use super::project::{Project, run};

const TWO: &str = "schema = 1\n[flags]\ngate = true\nclosed = false\n\
    [experiments.one]\nflag = \"gate\"\nvariants = [[\"a\", 1], [\"b\", 1]]\nforce = { qa = \"b\" }\n\
    [experiments.two]\nflag = \"closed\"\nvariants = [[\"x\", 1], [\"y\", 99]]\n\
    [experiments.three]\nvariants = [[\"c\", 50], [\"t\", 50]]\n";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn one_user_is_answered_for_all_experiments_or_those_named() {
    let project = Project::new(TWO);
    let all = project.json(&["variant-for-user", "u-1"]);
    assert_eq!(all["schema"], "ffctl.variants/1");
    let names: Vec<&str> = all["variants"]
        .as_array()
        .expect("variants")
        .iter()
        .filter_map(|one| one["experiment"].as_str())
        .collect();
    assert_eq!(names, ["one", "two", "three"]);
    let named = project.json(&["variant-for-user", "u-1", "three", "one"]);
    let names: Vec<&Value> =
        named["variants"].as_array().expect("variants").iter().map(|one| &one["experiment"]).collect();
    assert_eq!(names, ["three", "one"]);
    assert_eq!(project.ok(&["variant-for-user", "--user", "u-1", "one", "-o", "name"]).lines().count(), 1);
}

#[test]
fn the_answer_says_why() {
    let project = Project::new(TWO);
    let one = |user: &str, experiment: &str| {
        project.json(&["variant-for-user", user, experiment])["variants"][0].clone()
    };
    let forced = one("qa", "one");
    assert_eq!(
        (&forced["variant"], &forced["forced"], &forced["bucket"]),
        (&"b".into(), &true.into(), &Value::Null)
    );
    let closed = one("u-1", "two");
    assert_eq!(
        (&closed["variant"], &closed["gate"], &closed["flag"]),
        (&"x".into(), &"closed".into(), &"closed".into())
    );
    let split = one("u-1", "three");
    assert_eq!((&split["reason"], &split["gate"]), (&"split".into(), &Value::Null));
    assert!(split["bucket"].as_u64().expect("a slot") < 100 && split["shares"].is_array());
    assert_eq!(split["algorithm"], "ffctl/1");
}

#[test]
fn without_a_unit_it_is_the_first_variant_and_an_error() {
    let project = Project::new(TWO);
    let run = project.run_with_input(
        &["variant-for-user", "three", "--context", "-", "--json"],
        r#"{"kind":"org","key":"acme"}"#,
    );
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let one = &answer["variants"][0];
    assert_eq!(
        (&one["variant"], &one["reason"], &one["error_code"]),
        (&"c".into(), &"error".into(), &"targeting_key_missing".into())
    );
}

#[test]
fn who_asks_wrongly_is_told_how() {
    let project = Project::shipped();
    assert!(project.fails(2, &["variant-for-user"]).contains("ffctl variant-for-user u-42"));
    assert!(project.fails(2, &["variant-for-user", ""]).contains("empty"));
    assert!(
        project
            .fails(3, &["variant-for-user", "u", "personalisation_v2"])
            .contains("did you mean `personalization_v2`?")
    );
    assert!(project.fails(3, &["variant-for-user", "u", "use_v3_style"]).contains("ffctl get use_v3_style"));
    project.write("ids.txt", "u1\n");
    let said = project.fails(2, &["variant-for-user", "--population", "ids.txt", "--org", "acme"]);
    assert!(said.contains("--org"), "{said}");
    assert!(project.fails(2, &["variant-for-user", "u", "--format", "csv"]).contains("--population"));
}

#[test]
fn populations_come_as_ids_csv_and_json_lines() {
    let project = Project::shipped();
    project.write("ids.txt", "u1\nu2\n\nu3\n");
    project.write("users.csv", "user_id,org\nu1,acme\nu2,globex\nu3,\n");
    project.write("users.jsonl", "{\"key\":\"u1\"}\n{\"key\":\"u2\",\"org\":\"acme\"}\n{\"key\":\"u3\"}\n");
    let stream = |arguments: &[&str], input: Option<&str>| {
        let all = [&["variant-for-user", "-o", "jsonl", "--population"], arguments].concat();
        let run = match input {
            Some(input) => project.run_with_input(&all, input),
            None => project.run(&all),
        };
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        lines(&run.stdout)
    };
    let expected = stream(&["ids.txt"], None);
    assert_eq!(
        expected.iter().map(|one| one["user"].as_str().expect("a user")).collect::<Vec<_>>(),
        ["u1", "u2", "u3"]
    );
    for one in &expected {
        assert_eq!(
            (&one["schema"], &one["experiment"]),
            (&"ffctl.variant/1".into(), &"personalization_v2".into())
        );
        assert!(one["variant"].is_string() && one["bucket"].is_u64() && one["reason"] == "split", "{one}");
    }
    assert_eq!(stream(&["users.csv"], None), expected);
    assert_eq!(stream(&["users.jsonl"], None), expected);
    for file in ["ids.txt", "users.csv", "users.jsonl"] {
        assert_eq!(stream(&["-"], Some(&project.read(file))), expected, "{file} through a pipe");
    }
    assert_eq!(
        stream(&["-", "--format", "csv", "--id-column", "who"], Some("who,org\nu1,a\nu2,b\nu3,c\n")),
        expected
    );
}

#[test]
fn a_stream_agrees_with_single_answers_and_keeps_the_order() {
    let project = Project::new(TWO);
    let mut ids = String::new();
    for number in 0..5000 {
        writeln!(ids, "u-{}", number * 7919 % 5000).expect("written");
    }
    let run = project.run_with_input(&["variant-for-user", "--population", "-", "-o", "jsonl"], &ids);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let answers = lines(&run.stdout);
    assert_eq!(answers.len(), 15_000);
    for (at, id) in ids.lines().enumerate() {
        for (slot, experiment) in ["one", "two", "three"].iter().enumerate() {
            let one = &answers[at * 3 + slot];
            assert_eq!((&one["user"], &one["experiment"]), (&id.into(), &(*experiment).into()));
        }
    }
    let single = project.json(&["variant-for-user", "u-17"]);
    let streamed: Vec<&Value> = answers.iter().filter(|one| one["user"] == "u-17").collect();
    for (one, other) in single["variants"].as_array().expect("variants").iter().zip(streamed) {
        for field in ["experiment", "variant", "bucket", "reason", "gate", "forced"] {
            assert_eq!(one[field], other[field], "{field}");
        }
    }
}

#[test]
fn every_format_of_a_stream() {
    let project = Project::shipped();
    let stream = |format: &str| {
        let run =
            project.run_with_input(&["variant-for-user", "--population", "-", "-o", format], "u1\nu2\n");
        assert_eq!(run.code, 0, "{format}: {}", run.stderr);
        run.stdout
    };
    let json: Value = serde_json::from_str(&stream("json")).expect("one document");
    assert_eq!(json["variants"].as_array().map(Vec::len), Some(2));
    let csv = stream("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.records().flatten().count(), 2);
    assert!(csv.starts_with("user,experiment,variant"), "{csv}");
    assert!(stream("table").starts_with("USER") && stream("markdown").starts_with("| USER"));
    assert_eq!(stream("name").lines().count(), 2);
}

#[test]
fn rows_that_cannot_be_read_are_reported_and_are_no_success() {
    let project = Project::shipped();
    let input = "id,org\nu1,acme\nu2\nu3,x,y\nu4,globex\n";
    let run = project.run_with_input(&["variant-for-user", "--population", "-", "-o", "csv"], input);
    assert_eq!(run.code, 7);
    assert!(run.stdout.contains("u1,") && run.stdout.contains("u4,") && !run.stdout.contains("u2"));
    assert!(run.stderr.contains("line 3") && run.stderr.contains("line 4"), "{}", run.stderr);
    assert!(run.stderr.contains("2 rows of standard input could not be read"), "{}", run.stderr);
    let run = project.run_with_input(&["variant-for-user", "--population", "-", "--json"], input);
    let error: Value = serde_json::from_str(&run.stderr).expect("one JSON object");
    assert_eq!(error["error"]["notes"].as_array().map(Vec::len), Some(2));
    assert!(serde_json::from_str::<Value>(&run.stdout).expect("whole")["variants"].is_array());
}

#[test]
fn a_population_that_is_none_leaves_standard_output_empty() {
    let project = Project::shipped();
    project.write("users.csv", "name,org\nu1,acme\n");
    project.write("ids.txt", "u1\n");
    for (code, arguments, word) in [
        (7, &["users.csv"] as &[&str], "--id-column"),
        (7, &["ids.txt", "--id-column", "name"], "list of ids"),
        (12, &["absent.csv"], "absent.csv"),
    ] {
        let run = project.run(&[&["variant-for-user", "--json", "--population"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(word), "{arguments:?}: {}", run.stderr);
        serde_json::from_str::<Value>(&run.stderr).expect("one JSON object");
    }
}

#[test]
fn nobody_in_means_nobody_out() {
    let project = Project::shipped();
    let run = project.run_with_input(&["variant-for-user", "--population", "-", "--json"], "");
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &answer["variants"]), (0, &serde_json::json!([])));
    let run = project.run_with_input(&["variant-for-user", "--population", "-", "-o", "csv"], "");
    assert!(run.stdout.starts_with("user,") && run.stdout.lines().count() == 1);
}

#[test]
fn nobody_minds_a_closed_pipe() {
    let project = Project::shipped();
    let mut ids = String::new();
    for number in 0..200_000 {
        writeln!(ids, "u-{number}").expect("written");
    }
    project.write("ids.txt", &ids);
    let script = "(ffctl variant-for-user --population ids.txt -o jsonl; echo $? >&2) | head -n 1";
    let run = run(&mut project.shell(script));
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (1, "0\n"));
}
