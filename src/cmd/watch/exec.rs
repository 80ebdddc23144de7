//! The command that is run for each event.

use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::WatchReport;
use crate::settings::short_duration;

/// The longest pause between two looks whether a command has ended.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Runs a command with an event in its environment and as JSON on its standard input, for so long at most; the error
/// says how it failed. No value is put into the command itself, so none can become a part of it.
pub(super) fn exec(
    command: &str,
    report: &WatchReport,
    json: &str,
    limit: Duration,
    sleep: fn(Duration),
) -> Result<(), String> {
    let mut shell = shell(command);
    for (name, value) in variables(report) {
        // What no variable can hold is nothing that a command could read.
        shell.env(format!("FFCTL_WATCH_{name}"), value.replace('\0', ""));
    }
    // Standard output is for what is watched.
    shell.stdin(Stdio::piped()).stdout(Stdio::from(io::stderr())).stderr(Stdio::inherit());
    let mut child = shell.spawn().map_err(|error| format!("cannot be started: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        let json = json.to_owned();
        // It need not read it, not even the beginning.
        thread::spawn(move || input.write_all(json.as_bytes()));
    }
    let status = wait(&mut child, limit, sleep).map_err(|error| format!("cannot be waited for: {error}"))?;
    let Some(status) = status else {
        return Err(format!("was killed: it had not ended after {} (--exec-timeout)", short_duration(limit)));
    };
    match (status.success(), status.code()) {
        (true, _) => Ok(()),
        (false, Some(code)) => Err(format!("ended with {code}")),
        (false, None) => Err("was killed".to_owned()),
    }
}

/// Waits until a command has ended; nothing if it had to be killed.
fn wait(child: &mut Child, limit: Duration, sleep: fn(Duration)) -> io::Result<Option<ExitStatus>> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() {
            kill(child)?;
            child.wait()?;
            return Ok(None);
        }
        sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Kills a command and what it has started.
#[cfg(unix)]
fn kill(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process_group};
    Ok(kill_process_group(Pid::from_child(child), Signal::KILL)?)
}

/// Kills a command.
#[cfg(windows)]
fn kill(child: &mut Child) -> io::Result<()> {
    child.kill()
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt;
    let mut shell = Command::new("sh");
    // A group of its own, so that all of it can be ended.
    shell.arg("-c").arg(command).process_group(0);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

/// Returns the variables, all of them for every event: an empty one says nothing.
fn variables(report: &WatchReport) -> [(&'static str, String); 11] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let summary = |side: &Option<crate::report::WatchedSide>| {
        side.as_ref().map(|side| side.summary.clone()).unwrap_or_default()
    };
    [
        ("EVENT", report.event.to_owned()),
        ("FLAG", text(&report.flag)),
        ("WAS", summary(&report.was)),
        ("IS", summary(&report.is)),
        ("SOURCE", report.is.as_ref().map(|is| is.source.clone()).unwrap_or_default()),
        ("BY", text(&report.by)),
        ("REASON", text(&report.reason)),
        ("JOURNAL", report.journal.map(|number| number.to_string()).unwrap_or_default()),
        ("AT", report.changed_at.unwrap_or(report.at).to_string()),
        ("MESSAGE", text(&report.message)),
        ("TARGET", report.target.label.clone()),
    ]
}
