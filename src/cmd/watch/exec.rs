//! The command that is run for each event.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::report::WatchReport;

/// Runs a command with an event in its environment and as JSON on its standard input; the error says how it failed.
/// No value is put into the command itself, so none can become a part of it.
pub(super) fn exec(command: &str, report: &WatchReport, json: &str) -> Result<(), String> {
    let mut shell = shell(command);
    for (name, value) in variables(report) {
        // What no variable can hold is nothing that a command could read.
        shell.env(format!("FFCTL_WATCH_{name}"), value.replace('\0', ""));
    }
    // Standard output is for what is watched.
    shell.stdin(Stdio::piped()).stdout(Stdio::from(io::stderr())).stderr(Stdio::inherit());
    let mut child = shell.spawn().map_err(|error| format!("cannot be started: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        // It need not read it.
        let _ = input.write_all(json.as_bytes());
    }
    let status = child.wait().map_err(|error| format!("cannot be waited for: {error}"))?;
    match (status.success(), status.code()) {
        (true, _) => Ok(()),
        (false, Some(code)) => Err(format!("ended with {code}")),
        (false, None) => Err("was killed".to_owned()),
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
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
