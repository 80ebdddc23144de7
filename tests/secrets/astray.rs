//! Every scenario, and a search for the token in everything that is left of it.

use std::fs;
use std::path::Path;

use super::super::project::{Run, run};
use super::super::remote::TOKEN;
use super::scenarios::SCENARIOS;
use super::stage::{Scenario, Stage, token_of};

/// Fails where the token, or a good part of it, stands.
#[track_caller]
pub(super) fn clean(what: &str, text: &[u8]) {
    for secret in [TOKEN, &TOKEN[..TOKEN.len() - 4], "proxy-password-4712", "dG9rZW4tb2YtdGhlLXRlc3Rz"] {
        let found = text.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{what} holds `{secret}`: {}", String::from_utf8_lossy(text));
    }
}

/// Searches the files below a folder, but for those that a scenario itself wrote the token to.
fn search(what: &str, folder: &Path, written: &[&str]) {
    for entry in fs::read_dir(folder).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(what, &path, written);
        } else if !written.iter().any(|name| path.ends_with(name)) {
            clean(&format!("{what}: {}", path.display()), &fs::read(&path).unwrap_or_default());
        }
    }
}

#[test]
fn no_byte_of_a_token_goes_astray() {
    assert!(SCENARIOS.len() >= 40, "{} scenarios", SCENARIOS.len());
    for Scenario { name, code, arrives, setup } in SCENARIOS {
        let mut stage = Stage::new();
        let words = setup(&mut stage);
        let Run { code: ended, stdout, stderr } = run(stage.project.command().args(&words));
        assert_eq!(ended, *code, "{name}: {stdout}{stderr}");
        // Who typed a token has it on the command line already; it is not repeated even so.
        clean(&format!("{name}: stdout"), stdout.as_bytes());
        clean(&format!("{name}: stderr"), stderr.as_bytes());
        for request in stage.canary.requests() {
            // The password of a proxy is the proxy's own.
            let shown = format!("{request:?}").replace("YWRhOnByb3h5LXBhc3N3b3JkLTQ3MTI=", "");
            clean(&format!("{name}: the canary"), shown.as_bytes());
            assert!(!request.headers.contains_key("authorization"), "{name}: {request:?}");
        }
        let got =
            stage.server.requests().iter().any(|request| token_of(request) == format!("Bearer {TOKEN}"));
        assert_eq!(got, *arrives, "{name}: whether the server gets the token");
        let written =
            ["config/token", "home/t", "home/open", "home/mine", "ffctl/config.toml", "tokens/prod.token"];
        search(name, &stage.project.path("../"), &written);
    }
}

#[test]
fn names_of_scenarios_differ() {
    let mut names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SCENARIOS.len());
}
