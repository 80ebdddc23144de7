//! From words to lines of candidates.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{ArgAction, CommandFactory};

use crate::cli::Cli;
use crate::cmd::process::Process;
use crate::exit;
use crate::settings::{Folders, Options, Settings, Variables};

use super::candidate::{Candidate, Candidates};
use super::cursor::{At, Cursor};
use super::known::Known;
use super::values::{commands, values};

/// The word that the shells' scripts put in front of what is being typed.
const WORD: &str = "__complete";

/// Tells whether a shell asks what could be typed.
pub(crate) fn is_asked(arguments: &[OsString]) -> bool {
    arguments.get(1).is_some_and(|word| word == WORD)
}

/// Answers the shell. Nothing on standard error, and always 0.
pub(crate) fn run(process: Process) -> u8 {
    // The hook would tell the terminal of a defect in the middle of the line that is being typed.
    let (me, before) = (std::thread::current().id(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != me {
            before(info);
        }
    }));
    let Process { arguments, variables, folder, now, mut stdout, .. } = process;
    let words: Vec<String> =
        arguments.into_iter().skip(2).map(|word| word.to_string_lossy().into_owned()).collect();
    let lines = catch_unwind(AssertUnwindSafe(|| {
        let mut program = Cli::command();
        program.build();
        let cursor = Cursor::find(&program, &words);
        let settings = Settings {
            options: options(&cursor),
            variables: variables.into_iter().collect::<Variables>(),
            folders: Folders::of_user(folder.unwrap_or_default()),
        };
        let known = Known::new(settings, now);
        let lines = candidates(&cursor, &known).lines();
        // The process is short: to take everything apart again would only cost time.
        std::mem::forget((program, known));
        lines
    }));
    if let Ok(lines) = lines {
        let _ = stdout.write_all(lines.as_bytes()).and_then(|()| stdout.flush());
    }
    exit::DONE
}

/// Returns the global options that say what to read.
fn options(cursor: &Cursor<'_>) -> Options {
    let path = |option: &str| cursor.value_of(option).map(Into::into);
    Options {
        flags: path("flags_file"),
        env_file: path("env_file"),
        profile: cursor.value_of("profile").map(str::to_owned),
        local: cursor.options.iter().any(|(argument, _)| argument.get_id() == "local"),
        store: path("store"),
        ..Options::default()
    }
}

pub(super) fn candidates(cursor: &Cursor<'_>, known: &Known) -> Candidates {
    match &cursor.at {
        At::Nothing => Candidates::default(),
        At::Command => Candidates::of(commands(cursor.command)).beginning(&cursor.typed),
        At::Option => Candidates::of(option_names(cursor)).beginning(&cursor.typed),
        At::Value { argument, prefix } => {
            let (before, all) = values(known, cursor, argument);
            let typed = cursor.typed.strip_prefix(before.as_str()).unwrap_or(&cursor.typed);
            all.beginning(typed).behind(&format!("{prefix}{before}"))
        }
    }
}

/// Returns the options that can still be given: the long names, and the short ones where only a dash stands there.
fn option_names(cursor: &Cursor<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    let contradicts = |a: &clap::Arg, b: &clap::Arg| {
        cursor.command.get_arg_conflicts_with(a).iter().any(|other| other.get_id() == b.get_id())
    };
    let conflicts = |option: &clap::Arg| {
        cursor.options.iter().any(|(given, _)| contradicts(option, given) || contradicts(given, option))
    };
    let repeats = |option: &clap::Arg| matches!(option.get_action(), ArgAction::Append | ArgAction::Count);
    for option in
        cursor.command.get_arguments().filter(|option| !option.is_positional() && !option.is_hide_set())
    {
        if conflicts(option) || cursor.is_given(option) && !repeats(option) {
            continue;
        }
        let about = about(option.get_help());
        all.extend(option.get_long().map(|long| Candidate::new(format!("--{long}"), about.clone())));
        // A letter alone is found by who looks for letters.
        if cursor.typed.starts_with('-') && !cursor.typed.starts_with("--") {
            all.extend(option.get_short().map(|short| Candidate::new(format!("-{short}"), about)));
        }
    }
    all
}

fn about(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}
