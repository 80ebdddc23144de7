//! What a scenario is played on.

use std::fs;
#[cfg(unix)]
use std::path::Path;

use serde_json::json;

use super::super::project::Project;
use super::super::remote::{TOKEN, private};
use super::super::support::server::{Reply, Request, Server};

/// A place with a token, a server that it is for, and a canary that it is not for.
pub(super) struct Stage {
    pub(super) project: Project,
    pub(super) server: Server,
    pub(super) canary: Server,
}

/// How a scenario is set up; returns the words of the command.
pub(super) type Setup = fn(&mut Stage) -> Vec<String>;

/// What must come of a scenario.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) code: i32,
    /// Whether the server that the token is for gets it.
    pub(super) arrives: bool,
    pub(super) setup: Setup,
}

pub(super) const fn refused(name: &'static str, code: i32, setup: Setup) -> Scenario {
    Scenario { name, code, arrives: false, setup }
}

pub(super) const fn served(name: &'static str, code: i32, setup: Setup) -> Scenario {
    Scenario { name, code, arrives: true, setup }
}

impl Stage {
    pub(super) fn new() -> Self {
        let server = Server::start(|request| {
            let elsewhere = |rest: &str| {
                let to = rest.replace('|', "/").replace('!', "\\");
                Reply::text(307, "text/plain", "").with("location", &to)
            };
            // The first part of the path says what the server does: it repeats the token, or sends elsewhere.
            match request.path.split('/').nth(1).unwrap_or_default() {
                "echo" => Reply::problem(403, "no", &format!("your {}", token_of(request))),
                "echo-header" => Reply::text(401, "text/plain", &token_of(request))
                    .with("www-authenticate", &token_of(request))
                    .with("server", &token_of(request)),
                "echo-etag" => Reply::json(
                    200,
                    &json!({ "flags": [
                    { "name": token_of(request), "enabled": true, "source": token_of(request), "etag": TOKEN }] }),
                ),
                "echo-location" => elsewhere(&format!("http://127.0.0.1:9/{TOKEN}?{TOKEN}")),
                "fail" => Reply::problem(500, "down", &token_of(request)),
                "close" => Reply::Close,
                "html" => Reply::text(200, "text/html", &format!("<html>{}", token_of(request))),
                "nonsense" => Reply::text(200, "application/json", &format!("{{\"{}", token_of(request))),
                to if to.starts_with("to:") => elsewhere(&to["to:".len()..]),
                _ => Reply::json(
                    200,
                    &json!({ "flags": [
                    { "name": "use_v3_style", "enabled": true, "source": "admin" }] }),
                ),
            }
        });
        let canary = Server::start(|_| Reply::json(200, &json!({ "flags": [] })));
        Self { project: Project::shipped(), server, canary }
    }

    /// Names the server, or a path of it, and the token, by variables.
    pub(super) fn variables(&mut self, path: &str) {
        let url = format!("{}{path}", self.server.url());
        self.project.set("FFCTL_ADMIN_URL", &url);
        self.project.set("FFCTL_TOKEN", TOKEN);
    }

    /// Names a profile `prod` at this address with a token file.
    pub(super) fn profile(&self, url: &str) {
        let token = self.token_file("config/token", TOKEN);
        fs::create_dir_all(self.project.config("ffctl")).expect("made");
        let config = format!("[profiles.prod]\nurl = {url:?}\ntoken_file = {token:?}\n");
        fs::write(self.project.config("ffctl/config.toml"), config).expect("written");
    }

    /// Keeps the token as a login for `profile` at `origin` does, in the place of the profile `prod`, whose address is
    /// `url`; returns the words of a reader.
    pub(super) fn kept(&self, profile: &str, origin: &str, url: &str) -> Vec<String> {
        let text = format!("ffctl-token 1\nprofile {profile}\norigin {origin}\ntoken {TOKEN}\n");
        self.token_file("state/ffctl/tokens/prod.token", &text);
        fs::create_dir_all(self.project.config("ffctl")).expect("made");
        let config = format!("[profiles.prod]\nurl = {url:?}\n");
        fs::write(self.project.config("ffctl/config.toml"), config).expect("written");
        words("list -p prod")
    }

    /// Writes a token file, for its owner alone; the path is seen from the folder of all.
    pub(super) fn token_file(&self, path: &str, content: &str) -> String {
        let path = self.project.path("../").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, content).expect("written");
        private(&path);
        path.display().to_string()
    }

    /// Returns the canary's address without its scheme.
    pub(super) fn trap(&self) -> String {
        self.canary.url().replace("http://", "")
    }
}

pub(super) fn token_of(request: &Request) -> String {
    request.headers.get("authorization").cloned().unwrap_or_default()
}

pub(super) fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// Names an address by variables, with a token, and lists.
pub(super) fn at(stage: &mut Stage, url: &str) -> Vec<String> {
    stage.project.set("FFCTL_ADMIN_URL", url);
    stage.project.set("FFCTL_TOKEN", TOKEN);
    stage.project.set("FFCTL_TIMEOUT", "2s");
    words("list")
}

/// Sends the server's readers elsewhere.
pub(super) fn redirected(stage: &mut Stage, to: &str) -> Vec<String> {
    // Neither stays as it is in the path of an address.
    stage.variables(&format!("/to:{}", to.replace('/', "|").replace('\\', "!")));
    words("list")
}

/// The token of `FFCTL_TOKEN` is this text.
pub(super) fn token_is(stage: &mut Stage, token: &str) -> Vec<String> {
    let url = stage.server.url();
    stage.project.set("FFCTL_ADMIN_URL", &url);
    stage.project.set("FFCTL_TOKEN", token);
    words("list")
}

/// The token file holds this.
pub(super) fn file_holds(stage: &mut Stage, content: &str) -> Vec<String> {
    stage.profile(&stage.server.url());
    stage.token_file("config/token", content);
    words("list -p prod")
}

#[cfg(unix)]
pub(super) fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}
