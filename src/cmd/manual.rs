//! Manual pages in roff: the definition of a command, and around it what the definition does not hold: exit codes,
//! variables, files.

use std::fmt::Write;

use clap::{Arg, Command};

use crate::error::Kind;
use crate::exit;
use crate::settings::KNOWN_VARIABLES;

/// Returns the page of the program, or of one of its commands.
pub(super) fn page(program: &Command, command: &Command) -> String {
    let version = program.get_version().unwrap_or_default();
    let name = command.get_display_name().unwrap_or(command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let is_program = std::ptr::eq(program, command);
    let mut page = String::new();
    // No date: the same definition is the same page on every day.
    let _ = writeln!(page, ".TH {} 1 \"\" \"ffctl {version}\" \"ffctl manual\"", name.to_uppercase());
    let _ = writeln!(page, ".SH NAME\n{} \\- {}", escape(name), escape(&about));
    synopsis(&mut page, command);
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    page.push_str(".SH DESCRIPTION\n");
    if is_program {
        paragraphs(&mut page, PROGRAM);
        page.push_str(".SH COMMANDS\n");
        for command in command.get_subcommands() {
            let name = format!("ffctl-{}(1)", command.get_name());
            entry(&mut page, &name, &command.get_about().map(ToString::to_string).unwrap_or_default());
        }
    } else {
        paragraphs(&mut page, &format!("{about}.\n\n{}", prose(&help)));
        for one in command.get_subcommands() {
            action(&mut page, one);
        }
    }
    options(&mut page, command);
    examples(&mut page, &help);
    if is_program {
        exit_status(&mut page);
        environment(&mut page);
        files(&mut page);
    } else {
        page.push_str(".SH \"EXIT STATUS\"\n");
        paragraphs(&mut page, "As ffctl(1) lists them.");
        page.push_str(".SH \"SEE ALSO\"\n");
        paragraphs(
            &mut page,
            "ffctl(1), which has the exit codes, the variables and the files of all commands.",
        );
    }
    page
}

const PROGRAM: &str = "\
The state of a flag is resolved from three layers: admin (overrides of the target) above env (FF_* variables) above \
default (flags.toml). Every answer names the layer and the place that each value comes from.

Standard output holds the answer and nothing else; everything else that is said goes to standard error.";

fn synopsis(page: &mut String, command: &Command) {
    page.push_str(".SH SYNOPSIS\n");
    let usage = command.clone().render_usage().to_string();
    for (at, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if at > 0 {
            page.push_str(".br\n");
        }
        let _ = writeln!(page, "{}", escape(line.trim()));
    }
}

/// Writes what a command does that does several things: one of them, with its own arguments and options alone.
fn action(page: &mut String, command: &Command) {
    let name = command.get_display_name().unwrap_or(command.get_name()).replace('-', " ");
    let _ = writeln!(page, ".SH \"{}\"", escape(&name.to_uppercase()));
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    paragraphs(page, &format!("{about}.\n\n{}", prose(&help)));
    let global = |argument: &&Arg| argument.is_global_set() || argument.get_id() == "help";
    for argument in command.get_arguments().filter(|argument| !global(argument) && !argument.is_hide_set()) {
        option(page, argument);
    }
}

/// Writes the arguments, then the options under their headings.
fn options(page: &mut String, command: &Command) {
    let mut headings: Vec<&str> = Vec::new();
    let heading = |argument: &Arg| match (argument.is_positional(), argument.get_help_heading()) {
        (true, _) => "Arguments",
        (false, None) => "Options",
        (false, Some(_)) => "",
    };
    let shown: Vec<(&str, &Arg)> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .map(|argument| match heading(argument) {
            "" => (argument.get_help_heading().unwrap_or("Options"), argument),
            heading => (heading, argument),
        })
        .collect();
    for (heading, _) in &shown {
        if !headings.contains(heading) {
            headings.push(heading);
        }
    }
    // What every command has comes last.
    headings.sort_by_key(|heading| (*heading != "Arguments", heading.starts_with("Global")));
    for heading in headings {
        let _ = writeln!(page, ".SH \"{}\"", heading.to_uppercase());
        for (_, argument) in shown.iter().filter(|(of, _)| *of == heading) {
            option(page, argument);
        }
    }
}

fn option(page: &mut String, argument: &Arg) {
    let takes = argument.get_action().takes_values();
    let names = argument.get_value_names().unwrap_or_default();
    let value: Vec<String> = names.iter().map(|name| format!("\\fI{}\\fR", escape(name))).collect();
    let value = value.join(" ");
    let mut terms = Vec::new();
    terms.extend(argument.get_short().map(|short| format!("\\fB\\-{short}\\fR")));
    terms.extend(argument.get_long().map(|long| format!("\\fB{}\\fR", escape(&format!("--{long}")))));
    let term = match (terms.is_empty(), takes) {
        (true, _) => value,
        (false, true) => format!("{} {value}", terms.join(", ")),
        (false, false) => terms.join(", "),
    };
    let about = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(page, ".TP\n{term}\n{}", escape(&about));
    let possible = argument.get_possible_values();
    if possible.is_empty() || !takes {
        return;
    }
    page.push_str(".RS\n");
    for value in possible.iter().filter(|value| !value.is_hide_set()) {
        entry(page, value.get_name(), &value.get_help().map(ToString::to_string).unwrap_or_default());
    }
    page.push_str(".RE\n");
}

/// Returns a line of text that roff reads as nothing else. What stands between backticks is bold.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut bold = false;
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\(rs"),
            '-' => out.push_str("\\-"),
            '~' => out.push_str("\\(ti"),
            '^' => out.push_str("\\(ha"),
            '\'' => out.push_str("\\(aq"),
            '`' => {
                bold = !bold;
                out.push_str(if bold { "\\fB" } else { "\\fR" });
            }
            c => out.push(c),
        }
    }
    if out.starts_with('.') { format!("\\&{out}") } else { out }
}

/// Writes paragraphs, which an empty line divides.
fn paragraphs(page: &mut String, text: &str) {
    for (at, paragraph) in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).enumerate() {
        if at > 0 || !page.ends_with('"') && !page.lines().last().is_some_and(|line| line.starts_with(".SH"))
        {
            page.push_str(".PP\n");
        }
        let mut listed = false;
        for line in paragraph.trim_end().lines() {
            // What is moved in is a list, whose lines stay lines.
            if line.starts_with("  ") != listed {
                listed = !listed;
                page.push_str(if listed { ".RS\n.EX\n" } else { ".EE\n.RE\n" });
            }
            page.push_str(&escape(line.trim()));
            page.push('\n');
        }
        if listed {
            page.push_str(".EE\n.RE\n");
        }
    }
}

/// Returns what stands in the help beside the examples.
fn prose(help: &str) -> String {
    let paragraphs = help.split("\n\n").filter(|paragraph| !paragraph.trim().starts_with("Examples:"));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn examples(page: &mut String, help: &str) {
    let from = help.find("Examples:\n").map_or(help.len(), |at| at + "Examples:\n".len());
    let lines: Vec<&str> = help[from..].lines().take_while(|line| line.starts_with("  ")).collect();
    if lines.is_empty() {
        return;
    }
    page.push_str(".SH EXAMPLES\n");
    for (at, line) in lines.into_iter().enumerate() {
        let (command, about) = match line.trim().split_once("  ") {
            Some((command, about)) => (command, about.trim()),
            None => (line.trim(), ""),
        };
        let between = if at > 0 { ".PP\n" } else { "" };
        let _ = writeln!(page, "{between}.EX\n{}\n.EE", escape(command));
        if !about.is_empty() {
            let _ = writeln!(page, ".RS\n{}\n.RE", escape(about));
        }
    }
}

fn entry(page: &mut String, term: &str, text: &str) {
    let _ = writeln!(page, ".TP\n\\fB{}\\fR\n{}", escape(term), escape(text));
}

fn exit_status(page: &mut String) {
    page.push_str(".SH \"EXIT STATUS\"\n");
    entry(page, "0", "done; the answer is yes");
    entry(
        page,
        "1",
        "the answer is no: a condition that does not hold, differences, findings; never a failure",
    );
    for kind in Kind::ALL {
        entry(page, &exit::code(kind).to_string(), about(kind));
    }
    paragraphs(page, "Where several apply, the first of 7, 3, 4, 6, 9, 10, 1, 0.");
}

const fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Usage => "usage: the command line does not say what to do",
        Kind::Unknown => "unknown flag, experiment, variation or profile",
        Kind::Credentials => "credentials missing or refused",
        Kind::Conflict => "conflict: someone else changed it, or a stated precondition does not hold",
        Kind::Unreachable => {
            "the admin layer cannot be reached or talks nonsense, and no answer is allowed without it"
        }
        Kind::Invalid => "invalid flags.toml, FF_* variable, context, population or setting",
        Kind::Refused => "refused by a guard: needs consent, a named target, a reason",
        Kind::Stale => "only an answer older than --max-age is available",
        Kind::Drift => "drift: the server and this checkout disagree",
        Kind::OutcomeUnknown => {
            "a write was sent and its outcome is unknown; the message has the command that verifies it"
        }
        Kind::Local => "a local file, store or disk failed",
        Kind::Bug => "a defect of this program",
        Kind::Interrupted => "interrupted",
    }
}

fn environment(page: &mut String) {
    page.push_str(".SH ENVIRONMENT\n");
    entry(
        page,
        "FF_NAME",
        "the env layer: FF_ and the name of a flag in capitals, - and . as _; true, false, a percentage or a variation",
    );
    for variable in KNOWN_VARIABLES {
        entry(page, variable.name, variable.about);
    }
}

fn files(page: &mut String) {
    page.push_str(".SH FILES\n");
    for (file, text) in [
        (
            "flags.toml",
            "the definitions: in the starting folder or above it, up to the root of the repository",
        ),
        ("~/.config/ffctl/config.toml", "the profiles, which alone name where a token goes"),
        ("~/.local/state/ffctl/*.sqlite3", "the local stores, one for each flags.toml"),
        ("~/.cache/ffctl/", "the last good answers of servers"),
    ] {
        entry(page, file, text);
    }
    paragraphs(page, "On macOS and Windows these folders are those of the system.");
}
