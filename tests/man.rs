//! The manual pages: committed as they are printed, and without a complaint of those who read roff.

use std::process::{Command, Stdio};

use super::project::{Project, pinned_at};

fn pages(project: &Project) -> Vec<(String, String)> {
    let mut pages = vec![("ffctl".to_owned(), project.ok(&["man"]))];
    for command in super::help::commands() {
        pages.push((format!("ffctl-{command}"), project.ok(&["man", &command])));
    }
    pages
}

#[test]
fn the_committed_pages_are_current() {
    let project = Project::empty();
    let pages = pages(&project);
    for (name, page) in &pages {
        pinned_at(&format!("docs/man/{name}.1"), page);
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    let committed = std::fs::read_dir(folder).expect("a folder").count();
    assert_eq!(committed, pages.len(), "a page of a command that is gone?");
}

#[test]
fn a_page_tells_codes_variables_files_and_examples() {
    let page = Project::empty().ok(&["man"]);
    for heading in ["NAME", "SYNOPSIS", "COMMANDS", "\"EXIT STATUS\"", "ENVIRONMENT", "FILES", "EXAMPLES"] {
        assert!(page.contains(&format!(".SH {heading}\n")), "{heading}");
    }
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 70, 130] {
        assert!(page.contains(&format!("\\fB{code}\\fR")), "{code}");
    }
    for known in ffctl::settings::KNOWN_VARIABLES {
        assert!(page.contains(&format!("\\fB{}\\fR", known.name)), "{}", known.name);
    }
    let page = Project::empty().ok(&["man", "set"]);
    assert!(page.contains("ffctl set enable_memory_v2 50% \\-\\-dry\\-run"), "{page}");
    assert!(Project::empty().fails(2, &["man", "lst"]).contains("`list`"));
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn readers_of_roff_have_nothing_to_say() {
    let project = Project::empty();
    let readers: [&[&str]; 2] =
        [&["groff", "-man", "-Tutf8", "-ww", "-z"], &["mandoc", "-Tlint", "-W", "warning"]];
    for reader in readers {
        let (program, arguments) = reader.split_first().expect("a program");
        if Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_err()
        {
            eprintln!("left out: there is no {program} here");
            continue;
        }
        for (name, page) in pages(&project) {
            project.write(&name, &page);
            let output = project.process(program).args(arguments).arg(&name).output().expect("it runs");
            let said = [output.stdout, output.stderr].concat();
            // A page without a date is the same on every day.
            let said = String::from_utf8_lossy(&said).into_owned();
            let other = said.lines().filter(|line| !line.contains("missing date"));
            assert_eq!(other.collect::<Vec<_>>(), Vec::<&str>::new(), "{program} of {name}");
        }
    }
}
