//! `ffctl simulate-rollout` between states that stand elsewhere: layers, other files, revisions of git.

use serde_json::Value;

use super::project::run;
use super::simulate_rollout::project;

#[test]
fn layers_files_and_revisions_are_states() {
    let mut project = project();
    project.set("FF_USE_DEEPSEEK_CRITIC", "20%");
    project.ok(&["set", "use_deepseek_critic", "40%", "--local", "--yes"]);
    project
        .write("other.toml", "schema = 1\n[flags.use_deepseek_critic]\nenabled = true\nrollout = \"90%\"\n");
    let forecast = project.json(&[
        "simulate-rollout",
        "use_deepseek_critic",
        "--from",
        "default",
        "--to",
        "env,admin,off,on",
        "--synthetic",
        "1000",
    ]);
    let summary =
        |state: &Value| state.get("summary").unwrap_or(&state["label"]).as_str().expect("text").to_owned();
    let steps: Vec<String> =
        forecast["steps"].as_array().expect("steps").iter().map(|step| summary(&step["then"])).collect();
    assert_eq!(summary(&forecast["now"]), "10%");
    assert_eq!(steps, ["20%", "40%", "off", "40%"], "`on` leaves a rollout in force");
    // Another file stands under the variables and overrides of now.
    let file = project.json(&[
        "simulate-rollout",
        "use_deepseek_critic",
        "--to",
        "other.toml",
        "--synthetic",
        "1000",
    ]);
    assert_eq!(summary(&file["steps"][0]["then"]), "40%");
    assert!(
        project
            .fails(12, &["simulate-rollout", "use_deepseek_critic", "--to", "absent.toml"])
            .contains("absent.toml")
    );
}

#[test]
fn a_revision_of_git_is_a_state() {
    let project = project();
    let git = "rm -rf .git && git init -q . && git add flags.toml && git -c user.name=a -c user.email=a@b commit -q -m first";
    assert_eq!(run(&mut project.shell(git)).code, 0);
    project
        .write("flags.toml", &project.read("flags.toml").replace("rollout = \"25%\" ", "rollout = \"60%\" "));
    let forecast = project.json(&[
        "simulate-rollout",
        "enable_memory_v2",
        "--from",
        "git:HEAD",
        "--to",
        "now",
        "--population",
        "users.csv",
    ]);
    assert_eq!(
        (&forecast["now"]["label"], &forecast["now"]["summary"]),
        (&"git:HEAD".into(), &"25% + 2 rules".into())
    );
    assert_eq!(forecast["steps"][0]["then"]["summary"], "60% + 2 rules");
    assert!(forecast["steps"][0]["joins"].as_u64() > Some(0));
    assert!(
        project
            .fails(7, &["simulate-rollout", "enable_memory_v2", "--to", "git:nothing"])
            .contains("nothing")
    );
    for wrong in ["git:", "git:--output=x", "git:HEAD:secret"] {
        assert_eq!(project.run(&["simulate-rollout", "enable_memory_v2", "--to", wrong]).code, 2, "{wrong}");
    }
}
