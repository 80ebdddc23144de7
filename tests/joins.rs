//! `--joins FILE`: who joins, in a file that nobody loses anything by.

use super::project::Project;

#[test]
fn joins_replace_nothing_and_are_written_whole_or_not_at_all() {
    let project = Project::shipped();
    let rehearse = |more: &[&'static str]| {
        [&["simulate-rollout", "use_v3_style", "--to", "on", "--population", "few.txt", "--joins"], more]
            .concat()
    };
    project.write("few.txt", "u-1\nu-2\n");
    project.write("notes.txt", "what nobody wants to lose\n");
    let said = project.fails(8, &rehearse(&["notes.txt"]));
    assert!(said.contains("`notes.txt` is there already, and --joins replaces nothing"), "{said}");
    let said = project.fails(8, &rehearse(&["few.txt"]));
    assert!(said.contains("`few.txt` is there already"), "{said}");
    assert_eq!(project.read("notes.txt"), "what nobody wants to lose\n");
    assert!(project.fails(2, &rehearse(&["-"])).contains("--joins takes a file"));
    assert!(project.fails(12, &rehearse(&["."])).contains("the list `.` is a folder"));
    assert!(project.fails(12, &rehearse(&["absent/x.txt"])).contains("does not exist"));
    // Nothing that can be counted: no file, and an empty one stays so.
    let entries = || std::fs::read_dir(project.path(".")).expect("listed").count();
    project.write("empty.txt", "");
    project.write("wrong.csv", "id,id\nu-1,u-2\n");
    let before = entries();
    let mut wrong = rehearse(&["joins.txt"]);
    wrong[5] = "wrong.csv";
    project.fails(7, &wrong);
    wrong[7] = "empty.txt";
    project.fails(7, &wrong);
    assert!(!project.path("joins.txt").exists() && entries() == before, "nothing is left");
    assert_eq!(project.read("empty.txt"), "");
    // A new one and an empty one are written; a second run is refused like any other.
    for file in ["joins.txt", "empty.txt"] {
        let run: Vec<&str> = rehearse(&[]).into_iter().chain([file]).collect();
        project.ok(&run);
        assert_eq!(project.read(file), "u-1\nu-2\n");
        assert!(project.fails(8, &run).contains("is there already"));
    }
    assert_eq!(entries(), before + 1);
    if cfg!(unix) {
        project.ok(&rehearse(&["/dev/null"]));
    }
}
