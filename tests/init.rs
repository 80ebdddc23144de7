//! `ffctl init`: a starter file, never over another one.

use super::project::Project;

#[test]
fn it_writes_a_file_that_works() {
    let project = Project::empty();
    let said = project.ok(&["init"]);
    assert!(said.starts_with("wrote flags.toml") && said.contains("next: ffctl list"), "{said}");
    assert!(project.read("flags.toml").contains('#'), "with comments");
    assert_eq!(project.json(&["list"])["count"]["total"], 2);
    let other = project.ok(&["init", "--flags", "other.toml"]);
    assert!(other.contains("next: ffctl list --flags other.toml"), "{other}");
    assert_eq!(project.read("other.toml"), project.read("flags.toml"));
}

#[test]
fn it_never_overwrites() {
    let project = Project::new("schema = 1\n# mine\n");
    assert!(project.fails(8, &["init"]).contains("exists already"));
    project.fails(8, &["init", "--dry-run"]);
    assert_eq!(project.read("flags.toml"), "schema = 1\n# mine\n");
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = Project::empty();
    assert!(project.ok(&["init", "--dry-run"]).starts_with("would write flags.toml"));
    assert!(!project.path("flags.toml").exists());
    let json = project.json(&["init", "--dry-run"]);
    assert_eq!((&json["schema"], &json["dry_run"]), (&"ffctl.init/1".into(), &true.into()));
}

#[test]
fn a_folder_that_is_not_there_is_a_failure() {
    let project = Project::empty();
    assert!(project.fails(12, &["init", "--flags", "no/such/flags.toml"]).contains("no/such"));
}
