//! The process: arguments, variables, clock and streams → a session → an exit code.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::process::ExitCode;

use anyhow::Context;
use ffctl::cmd::{Process, Terminals, run};

#[expect(clippy::disallowed_methods, reason = "this is the process edge")]
fn main() -> ExitCode {
    // A file that may not grow (`ulimit -f`) is an error of the write, not the end of the process.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    let width = terminal_size::terminal_size().map(|(width, _)| width.0);
    let [stdin_is, stdout_is] = [stdin().is_terminal(), stdout().is_terminal()];
    let terminals = Terminals { stdin: stdin_is, stdout: stdout_is, stderr: stderr().is_terminal(), width };
    let process = Process {
        arguments: std::env::args_os().collect(),
        variables: std::env::vars_os().collect(),
        folder: std::env::current_dir().context("the folder that this was started in is gone"),
        now: std::time::SystemTime::now,
        sleep: std::thread::sleep,
        stdin: Box::new(stdin()),
        stdout: Box::new(stdout()),
        stderr: Box::new(stderr()),
        terminals,
    };
    ExitCode::from(run(process))
}
