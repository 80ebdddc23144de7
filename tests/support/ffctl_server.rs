//! `ffctl serve` itself: the real process on a free port, in the folder and environment of a project.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::Value;

use super::project::Project;

/// A server that runs until it is dropped, or told to end.
pub(crate) struct FfctlServer {
    child: Child,
    stdout: ChildStdout,
    log: PathBuf,
    options: Vec<String>,
    client: Client,
    /// What it said once it listened.
    pub(crate) said: Value,
    /// The first admin token of its store.
    pub(crate) token: String,
}

impl FfctlServer {
    /// Starts a server over the local store of the project, which must have no token yet.
    pub(crate) fn start(project: &Project, options: &[&str]) -> Self {
        let mut server = Self::started(project, options, String::new());
        server.token = server.said["token"].as_str().expect("the first token of a new store").to_owned();
        server
    }

    /// Starts a server over a store that has this token already.
    pub(crate) fn joining(project: &Project, options: &[&str], token: &str) -> Self {
        Self::started(project, options, token.to_owned())
    }

    fn started(project: &Project, options: &[&str], token: String) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let log = project.path(&format!("serve-{}.log", COUNT.fetch_add(1, Ordering::Relaxed)));
        let mut words = vec!["serve", "-o", "json"];
        if !options.contains(&"--listen") {
            words.extend(["--listen", "127.0.0.1:0"]);
        }
        words.extend(options);
        let mut child = project
            .process(env!("CARGO_BIN_EXE_ffctl"))
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log"))
            .spawn()
            .expect("it starts");
        let mut stdout = child.stdout.take().expect("its output is piped");
        let said = serde_json::Deserializer::from_reader(&mut stdout).into_iter().next();
        let Some(Ok(said)) = said else {
            panic!("it did not listen: {}", fs::read_to_string(&log).unwrap_or_default());
        };
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Self { child, stdout, log, options, client: client(), said, token }
    }

    /// Ends the server and starts it again, on another port.
    pub(crate) fn restart(&mut self, project: &Project) {
        self.end();
        self.again(project);
    }

    /// Starts it again after it ended.
    pub(crate) fn again(&mut self, project: &Project) {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        *self = Self::started(project, &options, self.token.clone());
    }

    /// Starts it again after it ended, where it listened before.
    pub(crate) fn back(&mut self, project: &Project) {
        self.options.extend(["--listen".to_owned(), self.address()]);
        self.again(project);
    }

    /// Tells the server to end and returns how it did.
    pub(crate) fn end(&mut self) -> ExitStatus {
        self.tell("TERM");
        self.child.wait().expect("it ends")
    }

    /// Sends a signal.
    pub(crate) fn tell(&self, signal: &str) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-s", signal, &id]).status().expect("kill runs");
        assert!(told.success());
    }

    /// Ends it as a crash of the machine would: it gets no chance to do anything.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
    }

    /// Waits until the process has ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// Returns the base address of its admin API.
    pub(crate) fn url(&self) -> String {
        self.said["admin_url"].as_str().expect("an address").to_owned()
    }

    /// Returns its address as `HOST:PORT`.
    pub(crate) fn address(&self) -> String {
        let address = self.said["address"].as_str().expect("an address");
        address.split_once("://").expect("a scheme").1.to_owned()
    }

    /// Returns what it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("readable")
    }

    /// Returns what is left of its standard output, once it has ended.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("text");
        rest
    }

    /// Returns the project's command line as it speaks to this server.
    pub(crate) fn point(&self, project: &mut Project) {
        project.set("FFCTL_ADMIN_URL", &self.url());
        project.set("FFCTL_TOKEN", &self.token);
    }

    /// Begins a request with the first token; `path` stands below the admin API, or below `/` if it begins with `//`.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = match path.strip_prefix('/') {
            Some(root) if root.starts_with('/') => {
                format!("{}{root}", self.said["address"].as_str().expect("text"))
            }
            _ => format!("{}{path}", self.url()),
        };
        Request(self.client.request(method, url).bearer_auth(&self.token))
    }

    /// Asks with the first token.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }
}

impl Drop for FfctlServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request to a server.
pub(crate) struct Request(reqwest::blocking::RequestBuilder);

impl Request {
    /// Adds a header; `authorization` replaces the first token.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let value = reqwest::header::HeaderValue::from_str(value).expect("a value");
        let name = reqwest::header::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        Self(self.0.headers(std::iter::once((name, value)).collect()))
    }

    /// Adds a body of JSON.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.with("content-type", "application/json").body(&body.to_string())
    }

    /// Adds a body.
    pub(crate) fn body(self, body: &str) -> Self {
        Self(self.0.body(body.to_owned()))
    }

    /// Sends it.
    pub(crate) fn send(self) -> Answer {
        Answer::of(self.0.send().expect("an answer"))
    }

    /// Sends it, which may fail.
    pub(crate) fn try_send(self) -> Option<Answer> {
        self.0.send().ok().map(Answer::of)
    }

    /// Sends it and returns the answer without reading its body.
    pub(crate) fn open(self) -> Response {
        self.0.send().expect("an answer")
    }
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    /// The body.
    pub(crate) text: String,
}

impl Answer {
    fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().expect("text") }
    }

    /// Returns a header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// Returns the body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Returns the `code` of a problem, after making sure that it is one with this status.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, "application/problem+json"),
            "{self:?}"
        );
        let body = self.json();
        assert_eq!(body["status"], status, "{body}");
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
        body["code"].as_str().expect("a code").to_owned()
    }
}

/// Returns a client that keeps no connection and knows no proxy.
pub(crate) fn client() -> Client {
    // Fails only if another test was faster, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(30))
        .build()
        .expect("a client")
}

/// Waits until something holds, at most this long; returns how long it took.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a test waits for another process")]
pub(crate) fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> Duration {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < limit, "it never came to that");
        std::thread::sleep(Duration::from_millis(2));
    }
    begin.elapsed()
}
