//! A run of the program that is watched: how long it takes and how much memory it has at most.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::project::{Project, Run};

use super::server::wait;

/// What a watched run came to.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) run: Run,
    pub(super) took: Duration,
    /// The most memory that it had, in KiB, as far as the system tells.
    pub(super) memory: Option<u64>,
}

/// Runs the program to its end.
pub(super) fn watched(project: &Project, arguments: &[&str]) -> Watched {
    let mut command = project.process(env!("CARGO_BIN_EXE_ffctl"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = Instant::now();
    let child = command.spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let waiting = std::thread::spawn(move || {
        let output = child.wait_with_output().expect("it ends");
        (output, start.elapsed())
    });
    let mut memory = None;
    while !waiting.is_finished() {
        memory = memory.max(peak(&status));
        wait(Duration::from_millis(2));
    }
    let (output, took) = waiting.join().expect("no panic");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let run = Run {
        code: output.status.code().expect("a code, not a signal"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    Watched { run, took, memory }
}

/// Returns the high-water mark of the memory that a process asked for: not the pages of the program itself, which is
/// large where it is not optimised.
fn peak(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let of = |name: &str| -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    };
    of("VmHWM:")?.checked_sub(of("RssFile:")?)
}
