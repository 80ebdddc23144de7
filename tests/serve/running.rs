//! Starting and ending, on which terms.

use serde_json::Value;

use super::super::ffctl_server::FfctlServer;
use super::super::project::{Project, run};

#[test]
fn it_says_where_it_listens_and_the_first_token_once() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &["--log", "json"]);
    assert_eq!((&server.said["schema"], &server.said["flags"]), (&"ffctl.serve/1".into(), &9.into()));
    assert!(server.token.starts_with("ffa_") && server.token.len() == 47, "{}", server.token);
    assert_eq!(server.get("/feature-flags").status, 200);
    assert!(server.end().success());
    assert_eq!(server.rest().trim(), "", "one answer and no more");
    for line in server.log().lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry["level"].is_string(), "{line}");
    }
    server.again(&project);
    assert_eq!(server.said["token"], Value::Null);
    assert_eq!(server.get("/feature-flags").status, 200, "the token of before counts");
    let store = project.state();
    let found = run(&mut project.shell(&format!("grep -rc {} {} || true", server.token, store.display())));
    assert!(!found.stdout.contains(":1"), "the store keeps no token: {}", found.stdout);
}

#[test]
fn both_signals_end_it_with_0() {
    for signal in ["TERM", "INT"] {
        let project = Project::shipped();
        let mut server = FfctlServer::start(&project, &[]);
        server.tell(signal);
        assert_eq!(server.wait().code(), Some(0), "{signal}");
        assert!(server.log().contains("ending"), "{}", server.log());
    }
}

#[test]
fn what_it_cannot_start_with_is_said_before_it_listens() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let taken = project.fails(12, &["serve", "--listen", &server.address()]);
    assert!(taken.contains("cannot listen on") && taken.contains("--listen"), "{taken}");
    assert!(Project::empty().fails(7, &["serve"]).contains("flags.toml"));
    let broken = Project::new("schema = 1\n[flags]\na = tru\n");
    assert!(broken.fails(7, &["serve"]).contains("tru"));
    let mut guess = Project::shipped();
    guess.set("FF_USE_V3_STYLE", "flase");
    let said = guess.fails(7, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(said.contains("FF_USE_V3_STYLE"), "{said}");
    assert!(!guess.state().join("ffctl").exists(), "a server that does not start leaves no token behind");
    assert!(
        project
            .fails(12, &["serve", "--tls-certificate", "no.pem", "--tls-key", "no.pem"])
            .contains("no.pem")
    );
    project.fails(2, &["serve", "--tls-certificate", "no.pem"]);
    project.fails(2, &["serve", "--listen", "8080"]);
}

#[test]
fn a_second_server_over_the_same_store_sees_the_same() {
    let project = Project::shipped();
    let one = FfctlServer::start(&project, &[]);
    let mut other = FfctlServer::start(&Project::shipped(), &[]);
    other.token.clone_from(&one.token);
    assert_eq!(other.get("/feature-flags").status, 401, "another store, other tokens");
}
