//! Manual pages in roff: the definition of a command by `clap_mangen`, and around it what the definition does not
//! hold: exit codes, variables, files.

use std::fmt::Write;

use clap::Command;
use clap_mangen::Man;

use crate::error::Kind;
use crate::exit;
use crate::settings::KNOWN_VARIABLES;

/// Returns the page of the program, or of one of its commands.
pub(super) fn page(program: &Command, command: &Command) -> String {
    let version = program.get_version().unwrap_or_default();
    let name = command.get_display_name().unwrap_or(command.get_name());
    let is_program = std::ptr::eq(program, command);
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .section("1")
        .source(format!("ffctl {version}"))
        .manual("ffctl manual");
    let mut page = String::new();
    page.push_str(&section(|out| man.render_title(out)));
    page.push_str(&section(|out| man.render_name_section(out)));
    page.push_str(&section(|out| man.render_synopsis_section(out)));
    page.push_str(&section(|out| man.render_description_section(out)));
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if is_program {
        paragraphs(&mut page, PROGRAM);
        page.push_str(
            &section(|out| man.render_subcommands_section(out)).replace(".SH SUBCOMMANDS", ".SH COMMANDS"),
        );
    } else {
        paragraphs(&mut page, &prose(&help));
    }
    page.push_str(&section(|out| man.render_options_section(out)));
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

/// Returns what `clap_mangen` writes of a section.
fn section(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("writing to memory does not fail");
    let text = String::from_utf8(out).expect("the definitions are UTF-8");
    // Each section begins with the definitions of strings for apostrophes; once is enough.
    text.lines().filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el ")).fold(
        String::new(),
        |mut out, line| {
            out.push_str(line);
            out.push('\n');
            out
        },
    )
}

/// Returns a line of text that roff reads as nothing else.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\(rs").replace('-', "\\-").replace('~', "\\(ti").replace('^', "\\(ha");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// Writes paragraphs, which an empty line divides.
fn paragraphs(page: &mut String, text: &str) {
    for (at, paragraph) in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).enumerate() {
        if at > 0 || !page.ends_with('"') && !page.lines().last().is_some_and(|line| line.starts_with(".SH"))
        {
            page.push_str(".PP\n");
        }
        for line in paragraph.lines() {
            page.push_str(&escape(line.trim()));
            page.push('\n');
        }
    }
}

/// Returns what stands in the help beside the examples.
fn prose(help: &str) -> String {
    let lines = help.lines().filter(|line| *line != "Examples:" && !line.starts_with("  "));
    lines.collect::<Vec<_>>().join("\n")
}

fn examples(page: &mut String, help: &str) {
    let from = help.find("Examples:\n").map_or(help.len(), |at| at + "Examples:\n".len());
    let lines: Vec<&str> = help[from..].lines().take_while(|line| line.starts_with("  ")).collect();
    if lines.is_empty() {
        return;
    }
    page.push_str(".SH EXAMPLES\n");
    for line in lines {
        let (command, about) = match line.trim().split_once("  ") {
            Some((command, about)) => (command, about.trim()),
            None => (line.trim(), ""),
        };
        let _ = writeln!(page, ".PP\n.EX\n{}\n.EE", escape(command));
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
