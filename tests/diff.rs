//! `diff`: layers, files and revisions of a real repository; its exit codes; what it refuses.

use super::project::{Project, SHIPPED, pinned, run};
use super::support::api;

/// A project in a repository of its own, everything committed.
fn repository(flags: &str) -> Project {
    let project = Project::new(flags);
    std::fs::remove_dir(project.path(".git")).expect("the marker of an empty repository");
    git(&project, &["init", "--quiet", "--initial-branch=main"]);
    commit(&project);
    project
}

fn git(project: &Project, arguments: &[&str]) {
    let mut command = project.process("git");
    command.args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]).args(arguments);
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(project: &Project) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--message", "flags"]);
}

/// The shipped file after a week's work.
fn worked_on() -> String {
    let edits = [
        ("rollout = \"25%\" ", "rollout = \"50%\" "),
        ("values = [\"agpt.co\"]", "values = [\"agpt.co\", \"globex.com\"]"),
        ("split = [[\"v2\", 90], [\"v3\", 10]]", "split = [[\"v3\", 10], [\"v2\", 90]]"),
        ("owner = \"vision-team\"", "owner = \"storefront-team\""),
        ("[flags.use_deepseek_critic]", "[flags.deepseek_critic]\nsalt = \"use_deepseek_critic\""),
        ("[flags.enable_cost_alerts]", "[flags.enable_budget_mail]"),
    ];
    edits.iter().fold(SHIPPED.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    })
}

#[test]
fn a_revision_is_compared_with_the_checkout() {
    let project = repository(SHIPPED);
    let same = project.run(&["diff", "git:HEAD"]);
    assert_eq!((same.code, same.stderr.as_str()), (0, ""), "{}", same.stdout);
    assert_eq!(same.stdout, "from git:HEAD to default (flags.toml)\n\nno differences in 15 definitions\n");

    project.write("flags.toml", &worked_on());
    let mut page = String::new();
    for format in ["table", "markdown", "csv", "name", "json"] {
        let shown = project.run(&["diff", "git:HEAD", "-o", format]);
        assert_eq!((shown.code, shown.stderr.as_str()), (1, ""), "{format}");
        page.extend(["=== ", format, "\n", &shown.stdout]);
    }
    pinned("diff.txt", &page);
    commit(&project);
    assert_eq!(project.run(&["diff", "git:HEAD"]).code, 0);
    assert_eq!(project.run(&["diff", "git:HEAD~1"]).code, 1);
    assert_eq!(project.run(&["diff", "git:HEAD~1", "git:main"]).code, 1);
    let back = project.run(&["diff", "flags.toml", "git:HEAD~1", "enable_memory_v2", "-o", "csv"]);
    assert!(back.stdout.contains("rollout,behaviour,50%,25%,flags.toml:"), "{}", back.stdout);
}

#[test]
fn one_answer_from_any_folder_of_the_repository() {
    let project = repository(SHIPPED);
    project.write("flags.toml", &worked_on());
    project.write("deep/er/x", "");
    let shown = run(&mut project.shell("cd deep/er && ffctl diff git:HEAD enable_memory_v2"));
    assert_eq!(shown.code, 1, "{}", shown.stderr);
    assert!(shown.stdout.contains("git:HEAD:../../flags.toml:"), "{}", shown.stdout);
}

#[test]
fn what_git_does_not_have_is_said_with_what_helps() {
    let project = repository(SHIPPED);
    let said = project.fails(7, &["diff", "git:HEAD~1"]);
    assert!(said.contains("no revision `HEAD~1`") && said.contains("fetch-depth: 0"), "{said}");
    let said = project.fails(7, &["diff", "git:origin/main", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&said).expect("one object");
    assert_eq!(error["error"]["kind"], "invalid");
    for odd in ["git:", "git:--help", "git:HEAD:flags.toml"] {
        assert!(project.fails(2, &["diff", odd]).contains("names no revision"), "{odd}");
    }

    git(&project, &["checkout", "--quiet", "--orphan", "bare"]);
    git(&project, &["rm", "--quiet", "--cached", "flags.toml"]);
    project.write("readme", "");
    git(&project, &["add", "readme"]);
    git(&project, &["commit", "--quiet", "--message", "without flags"]);
    let said = project.fails(7, &["diff", "git:bare"]);
    assert!(said.contains("revision `bare` has no flags.toml"), "{said}");
    assert!(said.contains("git log --diff-filter=A -- flags.toml"), "{said}");

    project.write("flags.toml", "schema = 1\n[flags]\nx = flase\n");
    git(&project, &["add", "flags.toml"]);
    git(&project, &["commit", "--quiet", "--message", "broken"]);
    let said = project.fails(7, &["diff", "git:main", "git:bare"]);
    assert!(said.contains("git:bare:flags.toml:3:5"), "{said}");
}

#[test]
fn a_shallow_clone_is_told_from_a_wrong_name() {
    let project = repository(SHIPPED);
    project.write("flags.toml", &worked_on());
    commit(&project);
    git(
        &project,
        &["clone", "--quiet", "--depth", "1", &format!("file://{}", project.path("").display()), "clone"],
    );
    let shown = run(&mut project.shell("cd clone && ffctl diff git:HEAD~1"));
    assert_eq!(shown.code, 7);
    assert!(shown.stderr.contains("this clone is shallow: fetch-depth: 0"), "{}", shown.stderr);
}

#[test]
fn without_git_or_a_repository_the_message_says_so() {
    let project = Project::shipped();
    let said = project.fails(7, &["diff", "git:HEAD"]);
    assert!(said.contains("git knows no revisions of flags.toml"), "{said}");
    let mut command = project.process(env!("CARGO_BIN_EXE_ffctl"));
    command.env("PATH", "/nowhere").args(["diff", "git:HEAD"]);
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(12), "{said}");
    assert!(said.contains("cannot run git"), "{said}");
}

#[test]
fn the_layers_are_states_too() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STYLE", "25%");
    project.ok(&["set", "enable_try_on", "off", "--local", "--yes"]);
    let names = |arguments: &[&str]| {
        let shown = project.run(&[arguments, &["-o", "name"]].concat());
        (shown.code, shown.stdout)
    };
    assert_eq!(names(&["diff", "default", "env"]), (1, "use_v3_style\n".to_owned()));
    assert_eq!(names(&["diff", "env", "admin"]), (1, "enable_try_on\n".to_owned()));
    assert_eq!(names(&["diff", "env"]), (1, "enable_try_on\n".to_owned()), "a layer is compared with all");
    assert_eq!(names(&["diff", "default"]).1, "use_v3_style\nenable_try_on\n");
    assert_eq!(names(&["diff", "default", "admin", "use_*"]).1, "use_v3_style\n");
    assert_eq!(names(&["diff", "default", "./flags.toml"]), (0, String::new()));
    let shown = project.run(&["diff", "default", "admin"]).stdout;
    for expected in ["○ off → ◐ 25%", "+ 25%   FF_USE_V3_STYLE", "● on → ○ off", "+ off  journal 1"]
    {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[test]
fn nobody_asks_a_target_that_is_not_needed() {
    let server = api::rich(&["use_v3_style"], None);
    let mut project = Project::shipped();
    project.write("other.toml", SHIPPED);
    project.set("FFCTL_ADMIN_URL", &server.url());
    for pair in [["default", "env"], ["default", "other.toml"], ["other.toml", "flags.toml"]] {
        let answer = project.json(&["diff", pair[0], pair[1]]);
        assert!(answer["target"].is_null() && answer["freshness"].is_null(), "{answer}");
    }
    assert!(server.requests().is_empty());
    assert_eq!(project.json(&["diff", "env", "admin"])["freshness"]["state"], "live");
    assert!(!server.requests().is_empty());
    // Not even a contradiction in the target's settings matters.
    project.set("FFCTL_PROFILE", "prod");
    project.ok(&["diff", "default", "env"]);
    project.fails(7, &["diff", "default", "admin"]);
}

#[test]
fn a_server_without_a_checkout_is_compared_with_a_file() {
    let server = api::rich(&["use_v3_style"], None);
    let mut project = Project::empty();
    project.write("sub/theirs.toml", "schema = 1\n[flags]\nuse_v3_style = true\n");
    project.set("FFCTL_ADMIN_URL", &server.url());
    let shown = project.run(&["diff", "sub/theirs.toml", "admin"]);
    assert_eq!(shown.code, 1, "{}", shown.stderr);
    assert!(shown.stdout.contains("use_v3_style  ● on → ○ off"), "{}", shown.stdout);
    let said = project.fails(7, &["diff", "default", "admin"]);
    assert!(said.contains("there is no flags.toml"), "{said}");
}

#[test]
fn what_cannot_be_read_is_never_the_same() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STYLE", "flase");
    for pair in [["default", "env"], ["env", "admin"]] {
        let shown = project.run(&["diff", pair[0], pair[1]]);
        assert_eq!(shown.code, 7, "{}", shown.stdout);
        assert!(shown.stdout.contains("invalid: FF_USE_V3_STYLE"), "{}", shown.stdout);
    }
    assert_eq!(project.run(&["diff", "default", "env", "enable_*"]).code, 0, "others can be told");
}

#[test]
fn a_mistyped_name_is_not_no_differences() {
    let project = Project::shipped();
    let said = project.fails(3, &["diff", "default", "env", "use_v3_stlye"]);
    assert!(said.contains("did you mean `use_v3_style`?"), "{said}");
    for name in ["personalization_v2", "employee", "enable_*"] {
        project.ok(&["diff", "default", "env", name]);
    }
    let odd = project.run(&["diff", "default", "env", "zz*"]);
    assert_eq!(odd.code, 0);
    assert!(odd.stderr.contains("has such a name"), "{}", odd.stderr);
    project.fails(2, &["diff", "default", "env", "a["]);
}

#[test]
fn words_that_are_no_states_are_told_from_names() {
    let project = Project::shipped();
    assert!(project.fails(2, &["diff", "use_v3_style"]).contains("no state"));
    assert!(project.fails(2, &["diff", "admin"]).contains("ffctl diff default admin"));
    assert!(project.fails(2, &["diff"]).contains("<A>"));
    assert!(project.fails(12, &["diff", "absent.toml"]).contains("absent.toml"));
    // A pattern right behind the first state leaves the second one out.
    project.ok(&["diff", "default", "use_v3_style"]);
}

#[test]
fn a_closed_pipe_keeps_the_verdict() {
    let project = Project::shipped();
    project.write("other.toml", &worked_on());
    let script = "{ ffctl diff default other.toml; echo $? >code; } | true; sleep 0.1; cat code";
    let piped = run(&mut project.shell(&format!("trap '' PIPE; {script}")));
    assert_eq!((piped.stdout.as_str(), piped.stderr.as_str()), ("1\n", ""));
}
