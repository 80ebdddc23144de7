//! `ffctl remove`: what goes, what stays to the byte, and what stands in the way.

use super::project::{Project, SHIPPED};

fn is_untouched(project: &Project) -> bool {
    project.read("flags.toml") == SHIPPED
        && std::fs::read_dir(project.state()).expect("a folder").next().is_none()
}

#[test]
fn a_flag_goes_whole_and_comes_back_to_the_byte() {
    let project = Project::shipped();
    let flags: Vec<String> = project.ok(&["list", "-o", "name"]).lines().map(str::to_owned).collect();
    let mut removed = 0;
    for flag in &flags {
        let run = project.run(&["remove", flag, "--yes", "-m", "dead"]);
        if run.code == 8 {
            continue;
        }
        assert_eq!(run.code, 0, "{run:?}");
        removed += 1;
        let number = format!("L{}", removed * 2 - 1);
        assert!(run.stdout.contains(&format!("written · journal {number} · read back")), "{}", run.stdout);
        assert!(run.stdout.contains(&format!("undo: ffctl undo {number}")), "{}", run.stdout);
        assert!(run.stdout.contains("→ · absent"), "{}", run.stdout);
        assert!(!project.ok(&["list", "-o", "name"]).lines().any(|name| name == flag));
        let now = project.read("flags.toml");
        assert!(!now.contains(&format!("flags.{flag}]")), "{now}");
        let mut lines = SHIPPED.lines();
        assert!(now.lines().all(|line| lines.any(|other| other == line)), "every other line stays: {now}");
        project.ok(&["undo", &number, "--yes"]);
        assert_eq!(project.read("flags.toml"), SHIPPED, "{flag}");
    }
    assert!(removed >= 6, "{removed} of {flags:?}");
}

#[test]
fn several_go_together_and_an_undo_brings_all_back() {
    let project = Project::shipped();
    project.ok(&["remove", "use_v3_style", "enable_try_on", "style_prompt", "--yes"]);
    assert_eq!(project.ok(&["list", "-o", "name"]).lines().count(), 6);
    project.ok(&["undo", "L1", "--yes"]);
    assert_eq!(project.read("flags.toml"), SHIPPED);
    project.ok(&["undo", "L2", "--yes"]);
    assert_eq!(project.ok(&["list", "-o", "name"]).lines().count(), 6, "and an undo of the undo");
}

#[test]
fn what_stays_between_the_lines_of_a_flag_is_not_shown_as_changed() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nrollout = \"0%\"\n[flags.b]\nenabled = true\n[[flags.a.rules]]\nname = \"r\"\n\
         when = [{ attribute = \"x\", op = \"in\", values = [1] }]\nserve = \"on\"\n",
    );
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    let said = project.ok(&["remove", "a", "--dry-run"]);
    assert!(!said.contains("flags.b"), "{said}");
    assert!(said.contains("from line 2:\n  - [flags.a]") && said.contains("from line 7:\n"), "{said}");
    assert!(!said.contains("over admin"), "an override is above what goes, not below: {said}");
    let before = project.read("flags.toml");
    project.ok(&["remove", "a", "--yes"]);
    project.ok(&["undo", "L1", "--yes"]);
    assert_eq!(project.read("flags.toml"), before);
}

const NEEDED: &str = "schema = 1\n[flags]\na = true\nb = true\nc = { enabled = true, prerequisites = [{ flag = \"b\", variation = \"on\" }, { flag = \"a\", variation = \"on\" }] }\n[experiments.e]\nflag = \"a\"\nvariants = [[\"x\", 1], [\"y\", 1]]\n";

#[test]
fn what_is_still_needed_stays_and_who_needs_it_is_told() {
    let project = Project::new(NEEDED);
    let said = project.fails(8, &["remove", "a", "--yes"]);
    assert!(said.contains("2 definitions still need `a`; nothing was changed"), "{said}");
    assert!(said.contains("flags.toml:5: `c` has the prerequisite `a`"), "{said}");
    assert!(said.contains("flags.toml:6: the experiment `e` has the gate `a`"), "{said}");
    assert!(project.fails(8, &["remove", "b", "--dry-run"]).contains("1 definition still needs `b`"));
    assert_eq!(project.read("flags.toml"), NEEDED);
    project.ok(&["remove", "b", "c", "--yes"]);
    assert!(!project.read("flags.toml").contains("b = true"));
}

#[test]
fn guards_and_conditions_are_those_of_every_change() {
    let project = Project::shipped();
    assert!(project.fails(8, &["remove", "use_v3_style"]).contains("--yes"));
    let said = project.fails(5, &["remove", "use_v3_style", "--if", "on", "--yes"]);
    assert!(said.contains("`use_v3_style` is off"), "{said}");
    project.fails(3, &["remove", "use_v3_stile", "--yes"]);
    project.fails(2, &["remove", "use_v3_style", "use_v3_style", "--yes"]);
    let planned = project.ok(&["remove", "use_v3_style", "--dry-run", "--if", "off"]);
    assert!(planned.contains("- [flags.use_v3_style]") && planned.contains("planned"), "{planned}");
    assert!(is_untouched(&project));
}

#[test]
fn what_stays_behind_in_other_layers_is_told_with_the_command_that_clears_it() {
    let mut project = Project::shipped();
    project.ok(&["set", "use_v3_style", "25%", "--local", "--yes"]);
    project.write(".env", "A=1\nFF_USE_V3_STYLE=off\n");
    project.set("FF_USE_V3_STYLE", "on");
    let run = project.run(&["remove", "use_v3_style", "--local", "--env-file", ".env", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    for text in [
        "the override of `use_v3_style` stays behind: enabled on, rollout 25%",
        "hint: ffctl unset use_v3_style --local",
        ".env:2 FF_USE_V3_STYLE stays behind",
        "hint: ffctl unset use_v3_style --layer env --env-file .env",
        "FF_USE_V3_STYLE is set in this process",
        "hint: unset FF_USE_V3_STYLE",
    ] {
        assert!(run.stderr.contains(text), "{text}: {}", run.stderr);
    }
    project.ok(&["unset", "use_v3_style", "--local", "--yes"]);
    assert!(project.run(&["get", "use_v3_style"]).code == 3, "nothing is left of it");
}
