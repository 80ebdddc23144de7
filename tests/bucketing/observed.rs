//! Observations of production, made by a formula.

use super::super::project::Project;

/// Observations of `new_checkout` at 30% as some formula makes them.
pub(super) fn observed(bucketing: &str, count: usize) -> (Project, String) {
    let flags = format!("schema = 1\n[flags.new_checkout]\nenabled = true\nrollout = \"30%\"\n{bucketing}\n");
    let project = Project::new(&flags);
    let ids: String =
        (0..count).fold(String::new(), |ids, at| format!("{ids}user-{}\n", at * 7919 % 100_003));
    project.write("ids.txt", &ids);
    project.ok(&[
        "simulate-rollout",
        "new_checkout",
        "--from",
        "off",
        "--to",
        "30%",
        "--population",
        "ids.txt",
        "--joins",
        "joined.txt",
    ]);
    let joined = project.read("joined.txt");
    let joined: std::collections::HashSet<&str> = joined.lines().collect();
    let rows =
        ids.lines().fold("user,on\n".to_owned(), |rows, id| format!("{rows}{id},{}\n", joined.contains(id)));
    project.write("observed.csv", &rows);
    (project, rows)
}
