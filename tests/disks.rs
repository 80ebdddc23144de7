//! Disks that take no more, folders that nobody may write, and writers that are killed: an error that says so, and
//! nothing lost that was acknowledged.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::project::{Project, Run, run};
use super::store::{assert_gapless, journal, only_store, pause};

const FLAGS: &str = "schema = 1\n[flags]\na = true\nb = { enabled = true, rollout = \"10%\" }\n";

#[track_caller]
fn is_told(run: &Run) {
    assert_eq!(run.code, 12, "{run:?}");
    assert!(
        run.stderr.starts_with("error: ") && run.stderr.contains('`'),
        "it names the place: {}",
        run.stderr
    );
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn left_out(what: &str) {
    eprintln!("left out: {what}");
}

#[test]
fn a_file_that_may_not_grow_is_an_error_of_every_writer() {
    let project = Project::new(&format!("{FLAGS}{}", "# a long comment\n".repeat(400)));
    project.write(".env", &format!("FF_B=1%\n{}", "# a long comment\n".repeat(400)));
    let files = ["flags.toml", ".env"].map(|name| project.read(name));
    let writers = [
        "set b 20% --local",
        "set b 20% --layer default",
        "set b 20% --layer env --env-file .env",
        "remove a",
    ];
    for writer in writers {
        let run = run(&mut project.shell(&format!("ulimit -f 2; ffctl {writer} --yes")));
        is_told(&run);
        assert_eq!(["flags.toml", ".env"].map(|name| project.read(name)), files, "{writer}");
        let left = fs::read_dir(project.path("")).expect("listed").filter_map(Result::ok);
        let left: Vec<_> =
            left.filter(|entry| entry.file_name().to_string_lossy().contains(".ffctl-")).collect();
        assert!(left.is_empty(), "{writer}: {left:?}");
    }
    // A store that is there already, and may not get its journal of the transaction.
    project.ok(&["set", "b", "20%", "--local", "--yes"]);
    is_told(&run(&mut project.shell("ulimit -f 2; ffctl set b 30% --local --yes")));
    assert_eq!(project.json(&["list", "b"])["flags"][0]["summary"], "20%");
    project.ok(&["set", "b", "30%", "--local", "--yes"]);
    assert_gapless(&journal(&project));
}

#[test]
fn a_full_disk_is_an_error_and_what_was_there_stays() {
    let project = Project::new(FLAGS);
    let mount = project.path("disk");
    fs::create_dir(&mount).expect("made");
    // A file system of its own, which ends with the process.
    let script = "mount -t tmpfs -o size=256k none disk || exit 99
        cp flags.toml disk/flags.toml
        ffctl set b 20% --store disk/x.db --yes >/dev/null || exit 98
        head -c 400000 /dev/zero > disk/fill 2>/dev/null
        ffctl set b 30% --store disk/x.db --yes; echo \"store $?\"
        ffctl set b 30% --layer default --flags disk/flags.toml --yes; echo \"file $?\"
        ffctl set b 30% --layer env --env-file disk/new.env --yes; echo \"env $?\"
        ffctl set b 30% --store disk/new.db --yes; echo \"new $?\"
        cmp flags.toml disk/flags.toml && echo same
        ffctl get b --store disk/x.db
        ffctl list b --store disk/x.db -o csv | grep -o '20%' | head -1
        ls -A disk
        rm disk/fill
        ffctl set b 30% --store disk/x.db --yes >/dev/null; echo \"again $?\"";
    let run = run(&mut {
        let mut command = project.process("unshare");
        command.args(["-m", "sh", "-c", script]);
        assert_cmd::Command::from_std(command)
    });
    if run.code == 99 || run.stderr.contains("unshare") {
        left_out("no small file system can be mounted here, so no disk was full");
        return;
    }
    for line in ["store 12", "file 12", "env 12", "new 12", "same", "partial", "20%", "again 0"] {
        assert!(run.stdout.lines().any(|other| other == line), "{line}: {run:?}");
    }
    assert_eq!(run.stderr.matches("error: ").count(), 4, "{}", run.stderr);
    assert!(run.stderr.contains("no space left for the local store `disk/x.db`"), "{}", run.stderr);
    assert!(!run.stdout.contains(".ffctl-"), "nothing is left on it: {}", run.stdout);
}

/// Runs a command line as somebody else, who owns nothing here; none where one cannot be somebody else.
fn as_nobody(project: &Project, line: &str) -> Option<Run> {
    let binary = project.path("ffctl");
    if !binary.exists() {
        fs::copy(env!("CARGO_BIN_EXE_ffctl"), &binary).expect("copied");
    }
    let mut command = project.process("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", line]);
    let run = run(&mut assert_cmd::Command::from_std(command));
    (!run.stderr.contains("setpriv")).then_some(run)
}

#[test]
fn folders_that_nobody_may_write_are_read_and_named() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(FLAGS);
    project.write(".env", "FF_B=1%\n");
    project.ok(&["set", "b", "20%", "--local", "--yes"]);
    let all = fs::Permissions::from_mode(0o755);
    let store = only_store(&project);
    for path in [&project.path(""), &project.path(".."), &project.state(), &project.state().join("ffctl")] {
        fs::set_permissions(path, all.clone()).expect("set");
    }
    fs::set_permissions(&store, fs::Permissions::from_mode(0o644)).expect("set");
    let Some(read) = as_nobody(&project, "./ffctl list b -o csv") else {
        left_out("one cannot be somebody else here, so no folder was read-only");
        return;
    };
    assert!(read.code == 0 && read.stdout.contains("20%"), "reading needs no right to write: {read:?}");
    let before = (fs::read(&store).expect("there"), project.read("flags.toml"), project.read(".env"));
    for (line, named) in [
        ("./ffctl set b 30% --local --yes", "sqlite3"),
        ("./ffctl set b 30% --layer default --yes", "flags.toml"),
        ("./ffctl set b 30% --layer env --env-file .env --yes", ".env"),
        ("./ffctl set b 30% --layer env --env-file new.env --yes", "new.env"),
        ("./ffctl set b 30% --store new.db --yes", "new.db"),
        ("./ffctl remove a --yes", "flags.toml"),
        ("./ffctl init --flags made.toml", "made.toml"),
        ("./ffctl undo 1 --local --yes", "sqlite3"),
    ] {
        let run = as_nobody(&project, line).expect("as above");
        is_told(&run);
        assert!(run.stderr.contains(named), "{line}: {}", run.stderr);
    }
    let after = (fs::read(&store).expect("there"), project.read("flags.toml"), project.read(".env"));
    assert!(before == after, "and nothing changed");
}

/// How often each writer is killed.
const ROUNDS: usize = 240;

/// Starts `command`, kills it after `moment`, and tells whether it had acknowledged its change.
fn killed(project: &Project, words: &[&str], moment: Duration) -> bool {
    let mut child = project
        .process(env!("CARGO_BIN_EXE_ffctl"))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    pause(moment);
    // It may be done already.
    let _ = child.kill();
    let output = child.wait_with_output().expect("ended");
    String::from_utf8_lossy(&output.stdout).contains("written")
}

/// Kills a writer over and over, at moments spread over what an undisturbed run takes; `check` looks at what is there
/// after each round, with the percentage that was asked for and whether it was acknowledged.
fn kill_loop(project: &Project, layer: &[&str], check: impl Fn(usize, &str, bool)) -> usize {
    let words = |percent: &str| -> Vec<String> {
        ["set", "b", percent].iter().chain(layer).chain(&["--yes"]).map(|word| (*word).to_owned()).collect()
    };
    // How long it takes where nobody kills it, now, on this machine.
    #[expect(clippy::disallowed_methods, reason = "a test that measures how long a process takes")]
    let start = std::time::SystemTime::now();
    for percent in ["11%", "12%", "13%"] {
        let words = words(percent);
        project.ok(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let whole = start.elapsed().unwrap_or_default() / 3;
    let acknowledged = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let percent = format!("{}.{:03}%", round % 70 + 20, round + 1);
        let percent = percent.trim_end_matches('%').trim_end_matches('0').to_owned() + "%";
        let words = words(&percent);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let moment = whole * u32::try_from(round * 37 % ROUNDS).expect("small") * 13 / (10 * 240);
        let said = killed(project, &words, moment);
        acknowledged.fetch_add(usize::from(said), Ordering::Relaxed);
        check(round, &percent, said);
    }
    acknowledged.into_inner()
}

fn assert_some_of_each(acknowledged: usize) {
    assert!(
        (1..ROUNDS).contains(&acknowledged),
        "{acknowledged} of {ROUNDS} were done before they were killed"
    );
}

#[test]
fn a_store_loses_nothing_when_its_writers_are_killed() {
    let project = Project::new(FLAGS);
    let acknowledged = std::sync::Mutex::new(Vec::new());
    let done = kill_loop(&project, &["--local"], |round, percent, said| {
        if said {
            acknowledged.lock().expect("no panic").push(percent.to_owned());
        }
        // Whoever comes next finds a store, whatever was left half done in it.
        if round % 8 == 7 {
            project.ok(&["list", "b"]);
        }
    });
    assert_some_of_each(done);
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    let journal = journal(&project);
    assert_gapless(&journal);
    for percent in acknowledged.into_inner().expect("no panic") {
        assert!(
            journal.iter().any(|(_, after)| after.contains(&format!("\"{percent}\""))),
            "{percent} was acknowledged"
        );
    }
}

/// Takes a minute off what was left in a folder, as if it were older, and returns how much that was.
fn aged_leftovers(folder: &Path, prefix: &str) -> usize {
    let mut left = 0;
    for entry in fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry").path()) {
        if entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)) {
            let file = fs::File::options().write(true).open(&entry).expect("opened");
            let written = file.metadata().and_then(|one| one.modified()).expect("a time");
            file.set_modified(written - Duration::from_hours(1)).expect("set");
            left += 1;
        }
    }
    left
}

#[test]
fn flags_toml_and_env_files_are_whole_when_their_writers_are_killed() {
    for (layer, name, text) in [
        (&["--layer", "default"] as &[&str], "flags.toml", FLAGS.replace("10%", "PERCENT")),
        (&["--layer", "env", "--env-file", ".env"], ".env", "A=1\nFF_B=PERCENT\n".to_owned()),
    ] {
        let project = Project::new(FLAGS);
        project.write(".env", "A=1\nFF_B=1%\n");
        // What the undisturbed runs before the first kill left.
        let last = std::sync::Mutex::new(text.replace("PERCENT", "13%"));
        let done = kill_loop(&project, layer, |round, percent, said| {
            let now = project.read(name);
            let asked = text.replace("PERCENT", percent);
            let mut last = last.lock().expect("no panic");
            let is_before = now == *last;
            assert!(
                now == asked || (!said && is_before),
                "round {round}, {percent}, acknowledged: {said}\n{now}"
            );
            // Whatever the moment: the file changed if and only if whoever comes next finds it in the journal.
            let newest = project.json(&["history", "--limit", "1"])["entries"][0].clone();
            let is_journalled = newest["changes"].to_string().contains(&format!("\"{percent}\""));
            assert_eq!(is_journalled, now == asked, "round {round}, {percent}: {newest}\n{now}");
            *last = now;
        });
        assert_some_of_each(done);
        // What killed runs left is swept by the next one, once it is old enough to be nobody's.
        let left = aged_leftovers(&project.path(""), ".ffctl-");
        project.ok(&[&["set", "b", "99%", "--yes"], layer].concat());
        assert_eq!(aged_leftovers(&project.path(""), ".ffctl-"), 0, "{left} were there before");
        // The journal of files has each change at most once, and no gap.
        let history = project.json(&["history", "--limit", "1000"]);
        let numbers =
            history["entries"].as_array().expect("a list").iter().map(|entry| entry["number"].clone());
        let numbers: Vec<_> = numbers.collect();
        let expected: Vec<_> =
            (1..=numbers.len()).rev().map(|number| serde_json::json!(format!("L{number}"))).collect();
        assert_eq!(numbers, expected);
        assert!(numbers.len() >= done, "every acknowledged change is in it");
    }
}

#[test]
fn what_is_left_of_a_store_is_swept_by_an_ordinary_write() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "b", "20%", "--local", "--yes"]);
    let folder = project.state().join("ffctl");
    for name in [".ffctl-store-a", ".ffctl-store-b"] {
        fs::write(folder.join(name), "").expect("written");
    }
    assert_eq!(aged_leftovers(&folder, ".ffctl-store-a"), 1);
    project.ok(&["set", "b", "30%", "--local", "--yes"]);
    let exists = |name: &str| folder.join(name).exists();
    assert_eq!(
        (exists(".ffctl-store-a"), exists(".ffctl-store-b")),
        (false, true),
        "somebody may be at the new one"
    );
}
