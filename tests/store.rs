//! The local store from outside: whose it is, many writers at once, writers that are killed, and a store that is
//! no longer one.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::project::{Project, run};

/// Returns the one store below the state folder.
pub(crate) fn only_store(project: &Project) -> PathBuf {
    let folder = project.state().join("ffctl");
    let files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("listed").path()).collect();
    // What a killed process leaves is no store.
    let stores: Vec<_> =
        files.iter().filter(|path| path.extension().is_some_and(|end| end == "sqlite3")).collect();
    match stores.as_slice() {
        [store] => (*store).clone(),
        several => panic!("one store: {several:?}"),
    }
}

/// Returns the numbers of the journal and what each set, oldest first.
pub(crate) fn journal(project: &Project) -> Vec<(u64, String)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(only_store(project), flags).expect("a store");
    let mut statement = connection
        .prepare("SELECT number, coalesce(after, '') FROM journal LEFT JOIN journal_change USING (number) ORDER BY 1")
        .expect("a journal");
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).map(|(number, after)| (number.unsigned_abs(), after)).collect()
}

#[track_caller]
pub(crate) fn assert_gapless(journal: &[(u64, String)]) {
    let mut numbers: Vec<u64> = journal.iter().map(|(number, _)| *number).collect();
    numbers.dedup();
    let expected: Vec<u64> = (1..=numbers.len() as u64).collect();
    assert_eq!(numbers, expected, "without gaps");
}

fn many_flags(count: usize) -> Project {
    let flags: Vec<String> = (0..count).map(|at| format!("flag_{at} = false\n")).collect();
    Project::new(&format!("schema = 1\n[flags]\n{}", flags.concat()))
}

#[test]
fn reading_never_makes_a_store() {
    let project = Project::shipped();
    for words in [
        vec!["list"],
        vec!["get", "use_v3_style"],
        vec!["explain", "use_v3_style"],
        vec!["variant-for-user", "u"],
    ] {
        project.ok(&words);
    }
    assert!(fs::read_dir(project.state()).expect("a folder").next().is_none());
}

#[test]
fn two_projects_do_not_mix() {
    let (mut one, other) = (Project::shipped(), Project::shipped());
    one.set("XDG_STATE_HOME", other.state().to_str().expect("UTF-8"));
    one.ok(&["set", "use_v3_style", "on", "--local", "--yes"]);
    assert_eq!(other.ok(&["get", "use_v3_style"]), "false\n");
    other.ok(&["set", "enable_try_on", "off", "--local", "--yes"]);
    assert_eq!(one.ok(&["get", "enable_try_on"]), "true\n");
    assert_eq!(fs::read_dir(other.state().join("ffctl")).expect("a folder").count(), 2);
}

#[test]
fn a_named_store_is_another_one_and_is_an_explicit_target() {
    let mut project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--store", "mine.db", "--yes"]);
    assert!(project.path("mine.db").is_file());
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n");
    assert_eq!(project.ok(&["get", "use_v3_style", "--store", "mine.db"]), "true\n");
    project.set("FFCTL_STORE", "mine.db");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style", "--local"]), "false\n", "--local takes FFCTL_STORE too");
    assert!(fs::read_dir(project.state()).expect("a folder").next().is_none(), "and nothing else was made");
    project.set("FFCTL_STORE", "");
    project.fails(7, &["get", "use_v3_style"]);
}

#[test]
fn fifty_processes_on_fifty_flags_lose_nothing() {
    let project = many_flags(50);
    std::thread::scope(|scope| {
        for at in 0..50 {
            let project = &project;
            scope.spawn(move || project.ok(&["set", &format!("flag_{at}"), "on", "--local", "--yes"]));
        }
    });
    let list = project.json(&["list"]);
    assert_eq!(list["count"]["on"], 50, "{}", list["count"]);
    let journal = journal(&project);
    assert_eq!(journal.len(), 50);
    assert_gapless(&journal);
}

#[test]
fn fifty_processes_on_one_flag_lose_nothing_and_say_who_was_faster() {
    let project = Project::shipped();
    let codes: Vec<(usize, i32, String)> = std::thread::scope(|scope| {
        let start = |at: usize| {
            let project = &project;
            scope.spawn(move || {
                let run = project.run(&["set", "use_v3_style", &format!("{}%", at + 1), "--local", "--yes"]);
                (at + 1, run.code, run.stderr)
            })
        };
        let started: Vec<_> = (0..50).map(start).collect();
        started.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    let journal = journal(&project);
    assert_gapless(&journal);
    let mut written = 0;
    for (percent, code, stderr) in &codes {
        let is_there = journal.iter().any(|(_, after)| after.contains(&format!("\"{percent}%\"")));
        match code {
            0 => written += 1,
            5 => assert!(stderr.contains("was changed meanwhile") && stderr.contains("journal"), "{stderr}"),
            _ => panic!("{code}: {stderr}"),
        }
        assert_eq!(is_there, *code == 0, "{percent}%: in the journal if and only if it was acknowledged");
    }
    assert!(written >= 1);
    assert_eq!(journal.len(), written);
}

#[expect(clippy::disallowed_methods, reason = "a test that kills at different moments")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[test]
fn a_store_that_is_none_is_an_error_and_never_off() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--store", "good.db", "--yes"]);
    let good = fs::read(project.path("good.db")).expect("a store");
    let middle = good.len() / 2;
    let mut torn = good.clone();
    torn[200..4000].fill(0xff);
    let broken: [Vec<u8>; 6] = [
        vec![],
        b"not a store".to_vec(),
        good[..100].to_vec(),
        good[..middle].to_vec(),
        good[..good.len() - 1].to_vec(),
        torn,
    ];
    for bytes in broken {
        fs::write(project.path("broken.db"), &bytes).expect("written");
        for words in [vec!["list"], vec!["get", "use_v3_style"], vec!["set", "use_v3_style", "off", "--yes"]]
        {
            let run = project.run(&[words.clone(), vec!["--store", "broken.db"]].concat());
            assert_eq!(run.code, 12, "{} bytes, {words:?}: {run:?}", bytes.len());
            assert_eq!(run.stdout, "", "{words:?}");
            assert!(run.stderr.contains("broken.db"), "{}", run.stderr);
            assert!(run.stderr.contains("hint: "), "{}", run.stderr);
            assert_eq!(run.stderr.contains("it is an empty file"), bytes.is_empty(), "{}", run.stderr);
            assert!(!run.stderr.contains("has 0 bytes and should have 0"), "{}", run.stderr);
        }
        assert_eq!(fs::read(project.path("broken.db")).expect("there"), bytes, "it is left as it was");
    }
}

#[test]
fn somebody_elses_database_is_not_touched() {
    let project = Project::shipped();
    let connection = Connection::open(project.path("other.db")).expect("made");
    connection.execute_batch("CREATE TABLE mine (x)").expect("made");
    drop(connection);
    for words in [vec!["list"], vec!["set", "use_v3_style", "on", "--yes"]] {
        let stderr = project.fails(12, &[words, vec!["--store", "other.db"]].concat());
        assert!(stderr.contains("not a store of ffctl"), "{stderr}");
    }
}

#[test]
fn what_a_killed_process_left_is_swept() {
    let project = Project::shipped();
    let folder = project.state().join("ffctl");
    fs::create_dir(&folder).expect("made");
    let (old, new) = (folder.join(".ffctl-store-old"), folder.join(".ffctl-store-new"));
    fs::write(&new, "").expect("written");
    let file = fs::File::create(&old).expect("made");
    let hour_ago =
        fs::metadata(&new).and_then(|new| new.modified()).expect("a time") - Duration::from_hours(1);
    file.set_modified(hour_ago).expect("set");
    project.ok(&["set", "use_v3_style", "on", "--local", "--yes"]);
    assert_eq!((old.exists(), new.exists()), (false, true), "somebody may still be at the new one");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let project = Project::shipped();
    fs::create_dir(project.path("folder")).expect("made");
    for place in ["flags.toml/x.db", "folder"] {
        let stderr = project.fails(12, &["set", "use_v3_style", "on", "--yes", "--store", place]);
        assert!(stderr.contains(place) && stderr.contains("--store FILE"), "{stderr}");
    }
}

#[test]
fn a_machine_without_a_state_folder_is_told_what_to_do() {
    let project = Project::shipped();
    let mut command = project.command();
    command.env_remove("XDG_STATE_HOME").env_remove("HOME").env("FFCTL_STATE_DIR", "here");
    let done = run(command.args(["set", "use_v3_style", "on", "--local", "--yes"]));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(project.path("here").is_dir());
}
