//! `bucketing infer` over observations that are not what it reads.

use super::observed::observed;

#[test]
fn observations_that_cannot_be_read_are_said() {
    let (project, rows) = observed("", 60);
    let from_input = project.run_with_input(
        &["bucketing", "infer", "-", "--percent", "30", "--json"],
        &rows.replace("user,on", "uid,enabled"),
    );
    assert_eq!(from_input.code, 0, "{}", from_input.stderr);
    project.write("odd.csv", &format!("{rows}u-1,perhaps\n,true\n"));
    let odd = project.run(&["bucketing", "infer", "odd.csv", "--percent", "30"]);
    assert!(
        odd.stderr.contains("line 62: `perhaps` is neither on nor off")
            && odd.stderr.contains("line 63: no id"),
        "{}",
        odd.stderr
    );
    project.write("empty.csv", "user,on\n");
    assert!(
        project.fails(7, &["bucketing", "infer", "empty.csv", "--percent", "30"]).contains("no observation")
    );
    project.write("one.csv", "user\nu-1\n");
    assert!(
        project
            .fails(7, &["bucketing", "infer", "one.csv", "--percent", "30"])
            .contains("whether the users were on")
    );
    project.write("semicolons.csv", "user;on\nu-1;true\n");
    let semicolons = project.fails(7, &["bucketing", "infer", "semicolons.csv", "--percent", "30"]);
    assert!(semicolons.contains("separated by commas, not by ';'"), "{semicolons}");
    assert!(project.fails(12, &["bucketing", "infer", ".", "--percent", "30"]).contains("cannot read `.`"));
    assert!(project.fails(3, &["bucketing", "show", "md5"]).contains("`md5-user`"));
    let columns = ["bucketing", "infer", "observed.csv", "--percent", "30", "--on-column", "onn"];
    assert!(project.fails(7, &columns).contains("no column `onn`"));
    for percent in ["0", "100%", "many", "0.3"] {
        assert!(
            project
                .fails(2, &["bucketing", "infer", "observed.csv", "--percent", percent])
                .contains("--percent")
        );
    }
    assert_eq!(project.run(&["bucketing", "infer", "absent.csv", "--percent", "30"]).code, 12);
    assert_eq!(project.run(&["bucketing", "infer", "observed.csv"]).code, 2);
}
