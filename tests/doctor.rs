//! `ffctl doctor`: each thing that can be wrong is found, with its place, its fix and its code, and stops nothing else.

use std::fs;

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::{Project, Run};
use super::support::api;
use super::support::server::{Reply, Server};

fn configured(text: &str) -> Project {
    let project = Project::shipped();
    configure(&project, text);
    project
}

fn configure(project: &Project, text: &str) {
    fs::create_dir_all(project.config("ffctl")).expect("a folder");
    fs::write(project.config("ffctl/config.toml"), text).expect("written");
}

/// Runs the doctor and returns its code and its findings.
fn examine(project: &Project, options: &[&str]) -> (i32, Vec<Value>) {
    let run = project.run(&[&["doctor", "--json"], options].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let findings = report["findings"].as_array().expect("findings").clone();
    let wrong = findings.iter().any(|finding| finding["level"] == "wrong");
    assert_eq!((report["healthy"] == json!(true), run.code == 0), (!wrong, !wrong), "{run:?}");
    (run.code, findings)
}

/// Returns the finding of a check that says this.
#[track_caller]
fn found<'a>(findings: &'a [Value], check: &str, level: &str, says: &str) -> &'a Value {
    let fits = |finding: &&Value| {
        let message = finding["message"].as_str().expect("text");
        finding["check"] == check && finding["level"] == level && message.contains(says)
    };
    findings.iter().find(fits).unwrap_or_else(|| panic!("{check} {level}: {says}: {findings:#?}"))
}

#[test]
fn a_sound_project_is_healthy() {
    let project = Project::shipped();
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 0);
    found(&findings, "config", "ok", "no config.toml");
    found(&findings, "flags", "ok", "9 flags");
    found(&findings, "target", "ok", "the local store");
    found(&findings, "store", "ok", "nothing is kept in it yet");
    assert!(findings.iter().all(|finding| finding["level"] == "ok"), "{findings:#?}");
    project.ok(&["set", "use_v3_style", "on", "--local", "--yes"]);
    let (_, findings) = examine(&project, &[]);
    found(&findings, "store", "ok", "overrides 1 flag; it is as it was written");
    found(&findings, "store", "ok", "its journal of 1 change is whole");
    assert!(!project.cache().exists(), "it keeps nothing");
}

#[test]
fn a_real_server_is_looked_over() {
    let elsewhere = Project::shipped();
    let server = FfctlServer::start(&elsewhere, &[]);
    let project =
        configured(&format!("default_profile = \"prod\"\n[profiles.prod]\nurl = \"{}\"\n", server.url()));
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 4, "there is no token yet");
    found(&findings, "token", "ok", "there is none");
    let wrong = found(&findings, "server", "wrong", "it asks for a token and there is none");
    assert_eq!(wrong["fix"], "ffctl login --profile prod");
    let (code, findings) = examine(&project, &["--offline"]);
    let warning = found(&findings, "token", "warning", "there is none");
    assert_eq!((code, &warning["fix"]), (0, &json!("ffctl login --profile prod")));
    assert_eq!(project.run_with_input(&["login", "-p", "prod"], &server.token).code, 0);
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 0, "{findings:#?}");
    let target = found(&findings, "target", "ok", "profile `prod`, http://127.0.0.1:");
    assert!(
        target["place"].as_str().expect("a place").ends_with("config.toml:1 default_profile"),
        "{target}"
    );
    found(&findings, "token", "ok", "kept by `ffctl login`");
    let version = concat!("ms, ffctl ", env!("CARGO_PKG_VERSION"));
    found(&findings, "server", "ok", version);
    found(&findings, "server", "ok", "it accepts the token of `first admin`: admin");
    found(&findings, "server", "ok", "its clock and the one here agree");
    project.ok(&["list"]);
    let (_, findings) = examine(&project, &["--offline"]);
    found(&findings, "server", "skipped", "was not asked (--offline)");
    found(&findings, "cache", "ok", "the last answer of the target is");
    let shown = project.run(&["doctor"]);
    assert!(!format!("{shown:?}{findings:?}").contains(&server.token));
    assert!(shown.stdout.contains("nothing is wrong"), "{shown:?}");
}

#[test]
fn a_server_that_is_away_talks_nonsense_or_lives_in_another_time_is_told() {
    let away = configured("[profiles.prod]\nurl = \"http://127.0.0.1:9\"\n");
    let (code, findings) = examine(&away, &["-p", "prod"]);
    assert_eq!(code, 6);
    assert_eq!(found(&findings, "server", "wrong", "127.0.0.1:9")["exit"], 6);
    let page = Server::start(|_| Reply::Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<!doctype html><p>hello".to_vec(),
    });
    let project = configured(&format!("[profiles.prod]\nurl = \"{}\"\n", page.url()));
    let (code, findings) = examine(&project, &["-p", "prod"]);
    assert_eq!(code, 6);
    found(&findings, "server", "wrong", "web page");
    let past = Server::start(|_| {
        Reply::json(200, &json!({ "name": "ada", "role": "owner", "expires_at": null }))
            .with("date", "Sun, 06 Nov 1994 08:49:37 GMT")
    });
    configure(&project, &format!("[profiles.prod]\nurl = \"{}\"\n", past.url()));
    let (code, findings) = examine(&project, &["-p", "prod"]);
    assert_eq!(code, 0);
    found(&findings, "server", "warning", "behind the one here");
    found(&findings, "server", "ok", "`ada`: a role that is not known here");
}

#[test]
fn each_thing_that_is_wrong_is_found_beside_all_others() {
    let mut project = configured("colour = 1\n[profiles.prod]\nurl = \"https://a\"\nprotected = \"yes\"\n");
    project.write("flags.toml", "schema = 1\n[flags]\na = tru\nb = 1\n");
    project.set("FFCTL_TIMEOUT", "soon");
    project.set("FFCTL_PROFIL", "prod");
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 7);
    let place =
        |check, says| found(&findings, check, "wrong", says)["place"].as_str().expect("a place").to_owned();
    assert!(place("config", "unknown key `colour`").ends_with("config.toml:1:1"));
    assert!(place("config", "`protected` is true or false").ends_with("config.toml:4:13"));
    assert!(findings.iter().filter(|finding| finding["check"] == "flags").count() >= 2, "{findings:#?}");
    found(&findings, "settings", "wrong", "FFCTL_TIMEOUT");
    found(&findings, "settings", "warning", "did you mean `FFCTL_PROFILE`?");
}

#[test]
fn variables_are_told_and_secrets_are_not() {
    let mut project = Project::shipped();
    project.set("FFCTL_OUTPUT", "json");
    project.set("FFCTL_TOKEN", "ffa_hunter2");
    project.set("FFCTL_ADMIN_URL", "https://ada:hunter3@flags.example.com");
    project.set("FFCTL_DIRECTORY", "postgres://ada:hunter4@db.example.com/app");
    project.set("FF_USE_V3_STYLE", "flase");
    project.set("FF_ENABLE_TRY_ONN", "on");
    project.write(".env", "FF_ENABLE_MEMORY_V2=25%\n");
    project.set("FFCTL_ENV_FILE", ".env");
    let (code, findings) = examine(&project, &["--offline"]);
    assert_eq!(code, 7);
    found(&findings, "settings", "ok", "FFCTL_OUTPUT is `json`");
    found(&findings, "settings", "ok", "FFCTL_TOKEN is set");
    found(&findings, "target", "wrong", "credentials do not belong in an address");
    let wrong = found(&findings, "variables", "wrong", "flase");
    assert_eq!(wrong["place"], "FF_USE_V3_STYLE");
    let set = found(&findings, "variables", "ok", "`enable_memory_v2` is set: enabled on, rollout 25%");
    assert_eq!(set["place"], ".env:1 FF_ENABLE_MEMORY_V2");
    let near = found(&findings, "variables", "warning", "FF_ENABLE_TRY_ONN");
    assert_eq!(near["fix"], "did you mean `FF_ENABLE_TRY_ON`?");
    assert!(!format!("{findings:?}").contains("hunter"), "{findings:#?}");
}

#[cfg(unix)]
#[test]
fn what_others_may_read_or_write_is_found() {
    use std::os::unix::fs::PermissionsExt;
    let server = api::rich(&["use_v3_style"], Some("secret"));
    let project = configured(&format!("[profiles.prod]\nurl = \"{}\"\ntoken_file = \"t\"\n", server.url()));
    let mode = |name: &str, mode| {
        let path = project.config(name);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    };
    fs::write(project.config("ffctl/t"), "secret").expect("written");
    mode("ffctl/t", 0o644);
    mode("ffctl/config.toml", 0o666);
    let (code, findings) = examine(&project, &["-p", "prod"]);
    assert_eq!(code, 4);
    let fix = found(&findings, "token", "wrong", "can be read by others")["fix"].clone();
    assert!(fix.as_str().expect("a fix").starts_with("`chmod 600 "), "{fix}");
    found(&findings, "config", "warning", "others can write it");
    let told = findings.iter().filter(|finding| finding.to_string().contains("can be read by others"));
    assert_eq!(told.count(), 1, "{findings:#?}");
    found(&findings, "server", "skipped", "before there is a token");
    assert!(server.requests().is_empty());
    // Of a profile that is not spoken to it is a warning.
    let (code, findings) = examine(&project, &["--local"]);
    assert_eq!(code, 0);
    found(&findings, "config", "warning", "profile `prod`: the token file");
    mode("ffctl/t", 0o600);
    mode("ffctl/config.toml", 0o600);
    assert_eq!(examine(&project, &["-p", "prod"]).0, 0);
}

#[test]
fn a_damaged_store_an_unknown_profile_and_an_absent_file_have_their_codes() {
    let project = Project::shipped();
    project.write("bad.db", "this is no store, and long enough to be looked at as one");
    let (code, findings) = examine(&project, &["--store", "bad.db"]);
    assert_eq!(code, 12);
    found(&findings, "store", "wrong", "bad.db");
    found(&findings, "flags", "ok", "9 flags");
    let (code, findings) = examine(&project, &["-p", "nobody"]);
    assert_eq!(code, 3);
    found(&findings, "target", "wrong", "there is no profile `nobody`");
    let (code, findings) = examine(&project, &["--flags", "absent.toml"]);
    assert_eq!(code, 7);
    found(&findings, "flags", "wrong", "absent.toml");
    let (code, _) = examine(&project, &["--env-file", "absent.env"]);
    assert_eq!(code, 12);
    let nothing = Project::empty();
    let (code, findings) = examine(&nothing, &[]);
    assert_eq!(code, 0, "who has not begun yet has nothing wrong");
    found(&findings, "flags", "warning", "there is no flags.toml");
}

#[test]
fn a_frozen_profile_and_what_lint_finds_are_warnings() {
    let server = api::rich(&["use_v3_style"], None);
    let freeze = "freeze = [\"Mon..Thu\", \"Fri..Sun\"]\n";
    let project = configured(&format!("[profiles.prod]\nurl = \"{}\"\n{freeze}", server.url()));
    project.write("flags.toml", "schema = 1\n[flags]\na = { enabled = true, expires = 2020-01-01 }\n");
    let (code, findings) = examine(&project, &["-p", "prod"]);
    assert_eq!(code, 0);
    let frozen = found(&findings, "target", "warning", "it is frozen until");
    assert!(frozen["place"].as_str().expect("a place").ends_with("config.toml:3 freeze"), "{frozen}");
    assert_eq!(found(&findings, "flags", "warning", "of `ffctl lint`")["fix"], "ffctl lint");
}

#[test]
fn a_user_directory_is_asked_for_nobody() {
    let people = Server::start(|_| Reply::problem(404, "unknown_user", "no such user"));
    let mut project = Project::shipped();
    project.set("FFCTL_DIRECTORY", &format!("{}/users/{{id}}", people.url()));
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 0, "{findings:#?}");
    found(&findings, "directory", "ok", "it answers");
    let asked = people.requests().len();
    let (_, findings) = examine(&project, &["--offline"]);
    found(&findings, "directory", "skipped", "was not asked");
    assert_eq!(people.requests().len(), asked);
    project.set("FFCTL_DIRECTORY", "http://127.0.0.1:9/users/{id}");
    assert_eq!(examine(&project, &[]).0, 6);
}

#[test]
fn the_doctor_takes_every_option_or_refuses_it() {
    let project = Project::shipped();
    for option in [&["--max-age", "1h"] as &[&str], &["--view", "checkout"]] {
        let said = project.fails(2, &[&["doctor"], option].concat());
        assert!(said.contains(option[0]), "{said}");
    }
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        assert!(project.ok(&["doctor", "-o", format]).ends_with('\n'), "{format}");
    }
    assert_eq!(project.ok(&["doctor", "-o", "name"]), "", "the names of what to look at");
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &["doctor", "-o", format]).contains("does not answer as"));
    }
    assert!(project.ok(&["doctor", "--color", "always"]).contains('\u{1b}'));
    let Run { stdout, .. } = project.run(&["doctor", "--store", "own.db"]);
    assert!(stdout.contains("own.db"), "{stdout}");
    assert!(!project.path("own.db").exists());
}

/// Starts a server over TLS whose certificate, of an authority that the project trusts, ends at this time.
fn over_tls(project: &mut Project, ends: std::time::SystemTime) -> FfctlServer {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().expect("a key");
    let authority = rcgen::CertifiedIssuer::self_signed(params, key).expect("signed");
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("an address");
    params.not_after = ends.into();
    let certificate = params.signed_by(&key, &authority).expect("signed");
    project.write("authority.pem", &authority.pem());
    project.write("chain.pem", &certificate.pem());
    project.write("key.pem", &key.serialize_pem());
    project.set("SSL_CERT_FILE", &project.path("authority.pem").display().to_string());
    FfctlServer::start(project, &["--tls-certificate", "chain.pem", "--tls-key", "key.pem"])
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a certificate ends at a time of this machine's clock")]
fn a_certificate_that_ends_soon_is_told() {
    let day = std::time::Duration::from_hours(24);
    for (days, level, says) in
        [(300, "ok", "its certificate is good until 20"), (5, "warning", "its certificate ends in 5d")]
    {
        let mut project = Project::shipped();
        let server = over_tls(&mut project, std::time::SystemTime::now() + day * days);
        server.point(&mut project);
        let (code, findings) = examine(&project, &[]);
        assert_eq!(code, 0, "{findings:#?}");
        found(&findings, "server", level, says);
    }
}

#[test]
fn a_token_file_that_is_a_pipe_holds_nobody_up() {
    let mut project = Project::shipped();
    let pipe = project.path("pipe").display().to_string();
    assert!(
        std::process::Command::new("mkfifo")
            .args(["-m", "600", &pipe])
            .status()
            .expect("mkfifo runs")
            .success()
    );
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    project.set("FFCTL_TOKEN_FILE", &pipe);
    let (code, findings) = examine(&project, &[]);
    assert_eq!(code, 4, "{findings:#?}");
    found(&findings, "token", "wrong", "is a pipe or a device");
    // Likewise of a profile that is not even spoken to, and where profiles are listed.
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let text = format!("[profiles.other]\nurl = \"https://flags.example.com\"\ntoken_file = \"{pipe}\"\n");
    std::fs::write(project.config("ffctl/config.toml"), text).expect("written");
    let (_, findings) = examine(&project, &["--offline"]);
    assert!(findings.iter().any(|one| one.to_string().contains("is a pipe or a device")), "{findings:#?}");
    assert!(project.ok(&["profile", "show", "other"]).contains("is a pipe or a device"));
}
