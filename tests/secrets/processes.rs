//! What other processes see.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use super::super::project::Project;
use super::super::remote::{TOKEN, private};
use super::super::support::server::{Reply, Server};
use super::astray::clean;
use super::stage::mode;

/// While a server keeps the program waiting, its command line is there for everybody to read.
#[cfg(target_os = "linux")]
#[test]
fn a_process_list_shows_no_token() {
    let server = Server::start(|_| Reply::Late(std::time::Duration::from_secs(3), Box::new(Reply::Close)));
    let project = Project::shipped();
    let token = project.path("../home/t");
    fs::write(&token, TOKEN).expect("written");
    private(&token);
    let mut child = project
        .process(env!("CARGO_BIN_EXE_ffctl"))
        .env("FFCTL_ADMIN_URL", server.url())
        .env("FFCTL_TOKEN_FILE", &token)
        .arg("list")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    while server.requests().is_empty() {
        std::thread::yield_now();
    }
    let process = Path::new("/proc").join(child.id().to_string());
    for file in ["cmdline", "environ", "comm", "status"] {
        let text = fs::read(process.join(file)).expect("it waits");
        assert!(!text.is_empty(), "{file}");
        clean(file, &text);
    }
    child.kill().expect("it waited");
    child.wait().expect("ended");
}

/// Git runs what its settings name; nobody there was meant to have the token.
#[test]
fn a_child_gets_no_token() {
    let mut project = Project::shipped();
    project.write("bin/git", "#!/bin/sh\nenv > git-saw\necho \"$@\" >> git-saw\nexit 1\n");
    mode(&project.path("bin/git"), 0o755);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", project.path("bin").display());
    project.set("PATH", &path);
    project.set("FFCTL_TOKEN", TOKEN);
    for command in [
        &["simulate-rollout", "use_v3_style", "--to", "git:HEAD", "--synthetic", "9"] as &[&str],
        &["diff", "git:HEAD", "default"],
    ] {
        let run = project.run(command);
        assert_eq!(run.code, 7, "{run:?}");
        let saw = project.read("git-saw");
        assert!(saw.contains("HOME="), "git was asked: {saw}");
        clean("what git sees", saw.as_bytes());
        fs::remove_file(project.path("git-saw")).expect("there");
    }
}
