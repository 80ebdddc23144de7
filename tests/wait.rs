//! `ffctl check --wait`: how often it looks and speaks, when it stops, and with what it ends. Long waits run in this
//! process with a clock of their own.

use std::cell::Cell;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use ffctl::cmd::{Process, Terminals};
use serde_json::json;

use super::project::{Project, run};
use super::remote::with_url;
use super::support::server::{Reply, Server};

fn flags(enabled: bool) -> Reply {
    Reply::json(200, &json!({ "flags": [{ "name": "use_v3_style", "enabled": enabled, "source": "admin" }] }))
}

/// A server that answers with the first of `replies`, then the second, and with the last from then on.
fn in_turn(replies: Vec<Reply>) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |_| {
        let at = asked.fetch_add(1, Ordering::SeqCst);
        replies[at.min(replies.len() - 1)].clone()
    })
}

thread_local! {
    static SLEPT: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    static NAPS: Cell<u32> = const { Cell::new(0) };
    static LONGEST: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

fn clock() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000) + SLEPT.get()
}

fn sleep(pause: Duration) {
    SLEPT.set(SLEPT.get() + pause);
    NAPS.set(NAPS.get() + 1);
    LONGEST.set(LONGEST.get().max(pause));
}

/// A stream whose text can be read afterwards.
#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Text {
    fn read(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
    }
}

/// Runs the program here, with a clock that moves only while it sleeps; returns code, answer and words.
fn at_once(project: &Project, words: &[&str]) -> (u8, String, String) {
    SLEPT.set(Duration::ZERO);
    LONGEST.set(Duration::ZERO);
    NAPS.set(0);
    let (stdout, stderr) = (Text::default(), Text::default());
    // Here the folders of the machine's user would count.
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    std::fs::write(project.config("ffctl/config.toml"), "").expect("written");
    let folders = [
        ("FFCTL_CONFIG", project.config("ffctl/config.toml")),
        ("FFCTL_CACHE_DIR", project.cache()),
        ("FFCTL_STATE_DIR", project.state()),
    ];
    let own = project.variables().iter().map(|(name, value)| (name.into(), value.into()));
    let variables = own.chain(folders.into_iter().map(|(name, path)| (name.into(), path.into())));
    let code = ffctl::cmd::run(Process {
        arguments: ["ffctl", "check"].iter().chain(words).map(Into::into).collect(),
        variables: variables.collect(),
        folder: Ok(project.path("")),
        now: clock,
        sleep,
        stdin: Box::new(std::io::empty()),
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
        terminals: Terminals::default(),
    });
    (code, stdout.read(), stderr.read())
}

#[test]
fn waiting_ends_as_soon_as_all_hold() {
    let server = in_turn(vec![flags(false), flags(false), flags(true)]);
    let project = with_url(&server);
    let run = project.run(&["check", "use_v3_style=on", "--wait", "60s", "-o", "csv"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout.matches("\nuse_v3_style=on,").count(), 1, "one answer, the last: {}", run.stdout);
    assert!(run.stderr.contains("waiting: use_v3_style=on fails: off"), "{}", run.stderr);
    let asked = server.requests().len();
    assert_eq!(asked, 3, "no further look");
}

#[test]
fn at_the_deadline_the_last_look_decides() {
    let server = in_turn(vec![flags(false)]);
    let project = with_url(&server);
    let (code, answer, said) = at_once(&project, &["use_v3_style=on", "--wait", "5m", "-o", "csv"]);
    assert_eq!(code, 1);
    assert!(answer.contains("use_v3_style=on,use_v3_style,,on,fails"), "{answer}");
    assert_eq!(SLEPT.get(), Duration::from_mins(5), "not a moment longer");
    assert_eq!(LONGEST.get(), Duration::from_secs(5));
    let looks = server.requests().len();
    assert!((55..70).contains(&looks), "{looks} looks");
    let lines = said.matches("waiting: use_v3_style=on fails: off").count();
    assert!((9..=10).contains(&lines), "a line every 30 s: {said}");
    assert!(said.contains("· 5m left") && said.contains("· 4m left"), "{said}");
}

#[test]
fn the_last_look_takes_no_longer_than_what_is_left() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => flags(false),
        _ => Reply::Late(Duration::from_secs(25), Box::new(flags(true))),
    });
    let mut project = with_url(&server);
    project.set("FFCTL_TIMEOUT", "20s");
    let started = Instant::now();
    let run = project.run(&["check", "use_v3_style=on", "--wait", "1500ms", "-o", "csv"]);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert_eq!(run.code, 1, "the answer before stands: {run:?}");
}

#[test]
fn a_server_that_is_away_is_waited_for_and_named() {
    let down = Reply::problem(503, "down", "restarting");
    let server = in_turn([vec![down; 12], vec![flags(true)]].concat());
    let project = with_url(&server);
    let (code, _, said) = at_once(&project, &["use_v3_style=on", "--wait", "2m"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("waiting: ") && said.contains("restarting"), "{said}");

    let server = in_turn(vec![Reply::problem(503, "down", "restarting")]);
    let project = with_url(&server);
    let (code, answer, said) = at_once(&project, &["use_v3_style=on", "--wait", "20s"]);
    assert_eq!(code, 6, "{said}");
    assert!(answer.contains("unreachable"), "{answer}");
    assert!(said.contains("error: "), "{said}");
}

#[test]
fn what_time_does_not_change_stops_at_once() {
    let server = in_turn(vec![flags(false)]);
    let mut project = with_url(&server);
    for (condition, code) in [("use_v3_style", 2), ("personalization_v2=on", 2), ("use_v3_stile=on", 3)] {
        let (found, _, said) = at_once(&project, &[condition, "use_v3_style=on", "--wait", "1h"]);
        assert_eq!((found, NAPS.get()), (code, 0), "{condition}: {said}");
    }
    project.set("FF_ENABLE_TRY_ON", "flase");
    let (found, _, _) = at_once(&project, &["enable_try_on=on", "--wait", "1h"]);
    assert_eq!((found, NAPS.get()), (7, 0));
    let refusing = in_turn(vec![Reply::problem(401, "unauthorized", "who are you?")]);
    let (found, _, _) = at_once(&with_url(&refusing), &["use_v3_style=on", "--wait", "1h"]);
    assert_eq!((found, NAPS.get()), (4, 0));
}

#[test]
fn drift_may_go_away() {
    let drifting = || {
        Reply::json(200, &json!({ "flags": [{ "name": "use_v3_style", "enabled": true, "source": "env" }] }))
    };
    let agreed = Reply::json(
        200,
        &json!({ "flags": [{ "name": "use_v3_style", "enabled": false, "source": "env" }] }),
    );
    let server = in_turn(vec![drifting(), drifting(), agreed]);
    let (code, _, said) = at_once(&with_url(&server), &["use_v3_style=off", "--wait", "1m"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("drift: the server says on (env)"), "{said}");
}

#[test]
fn json_says_how_long_it_took_and_nothing_in_between() {
    let server = in_turn(vec![flags(false), flags(false), flags(true)]);
    let (code, answer, said) = at_once(&with_url(&server), &["use_v3_style=on", "--wait", "1m", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((code, &report["waited_seconds"]), (0, &json!(2)));
    assert_eq!(said, "");
}

#[test]
fn a_wait_of_nothing_is_one_look() {
    let server = in_turn(vec![flags(false)]);
    let project = with_url(&server);
    assert_eq!(project.run(&["check", "use_v3_style=on", "--wait", "0"]).code, 1);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(project.run(&["check", "use_v3_style=on", "--wait", "soon"]).code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn control_c_ends_the_wait_with_130() {
    let server = in_turn(vec![flags(false)]);
    let project = with_url(&server);
    // A shell lets what runs in its background ignore the signal, which is to be as at a terminal.
    let wait = "env --default-signal=INT ffctl check use_v3_style=on --wait 60s >&2";
    let mut shell = project.process("sh");
    shell.args(["-c", &format!("{wait} & echo $!; wait $!; echo $?")]);
    shell.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let started = Instant::now();
    let mut child = shell.spawn().expect("a shell");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("piped")));
    let process = lines.next().expect("a line").expect("text");
    while server.requests().is_empty() {
        std::hint::spin_loop();
    }
    let sent = run(&mut project.shell(&format!("kill -INT {process}")));
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(lines.next().expect("a line").expect("text"), "130");
    assert!(started.elapsed() < Duration::from_secs(30));
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!said.contains("panicked") && !said.contains("CONDITION"), "{said}");
}

#[test]
fn all_looks_go_through_one_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (connections, looks) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (taken, asked) = (Arc::clone(&connections), Arc::clone(&looks));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            taken.fetch_add(1, Ordering::SeqCst);
            let asked = Arc::clone(&asked);
            std::thread::spawn(move || answer_all(stream, &asked));
        }
    });
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &url);
    project.ok(&["check", "use_v3_style=on", "--wait", "1m"]);
    assert_eq!(looks.load(Ordering::SeqCst), 4, "the second one failed, the fourth said what was waited for");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

/// Answers every request of a connection: off, a failure, off, on.
fn answer_all(stream: std::net::TcpStream, asked: &AtomicUsize) {
    use std::io::BufRead;
    let mut lines = std::io::BufReader::new(stream.try_clone().expect("a stream")).lines();
    let mut stream = stream;
    while let Some(Ok(line)) = lines.next() {
        if !line.is_empty() {
            continue;
        }
        let look = asked.fetch_add(1, Ordering::SeqCst);
        let body = json!({ "flags": [{ "name": "use_v3_style", "enabled": look >= 3, "source": "admin" }] })
            .to_string();
        let (status, more) = if look == 1 { (503, "retry-after: 3600\r\n") } else { (200, "") };
        let head = format!("HTTP/1.1 {status} X\r\n{more}content-length: {}\r\n\r\n", body.len());
        if stream.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}
