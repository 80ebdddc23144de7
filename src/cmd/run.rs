//! From arguments to an exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::cli::{self, ColorWord, Command, FormatWord, GlobalArguments, ViewWord};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::View;
use crate::output::{self, Format, Screen};
use crate::report::FailureReport;
use crate::settings::{ColorChoice, Folders, Options, Settings, Variables};

use super::complete;
use super::console::Console;
use super::process::{Process, Terminals};
use super::session::Session;
use super::shell;

/// Runs the program and returns its exit code.
pub fn run(process: Process) -> u8 {
    if complete::is_asked(&process.arguments) {
        return complete::run(process);
    }
    catch_unwind(AssertUnwindSafe(|| parse_and_run(process))).unwrap_or(exit::code(Kind::Bug))
}

fn parse_and_run(process: Process) -> u8 {
    let Process { arguments, variables, folder, now, sleep, stdin, stdout, stderr, terminals } = process;
    // Whether errors go out as JSON must be known even if the command line cannot be parsed.
    let json = arguments.iter().any(|argument| {
        matches!(
            argument.to_str(),
            Some(
                "--json" | "-ojson" | "-ojsonl" | "-o=json" | "-o=jsonl" | "--output=json" | "--output=jsonl"
            )
        )
    }) || arguments.windows(2).any(|pair| {
        matches!(pair[0].to_str(), Some("-o" | "--output"))
            && matches!(pair[1].to_str(), Some("json" | "jsonl"))
    });
    let words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    let command_line = words.fold("ffctl".to_owned(), |line, word| format!("{line} {}", shell::word(&word)));
    let parsed = cli::parse(arguments);
    let global = parsed.as_ref().map_or_else(|_| GlobalArguments::default(), |cli| cli.global.clone());
    let (start, lost) = match folder {
        Ok(start) => (start, None),
        Err(error) => (std::path::PathBuf::new(), Some(error)),
    };
    let settings = Settings {
        options: options(&global),
        variables: variables.into_iter().collect::<Variables>(),
        folders: Folders::of_user(start),
    };
    let color = settings.color();
    let screens = screens(&settings, terminals, color.as_ref().copied().unwrap_or(ColorChoice::Never));
    let console = Console::new(stdout, stderr, screens.0, screens.1, terminals);
    let format = format(&settings);
    let mut session = Session {
        settings,
        console,
        format: format.as_ref().copied().unwrap_or(Format::Table),
        held_back: Vec::new(),
        offline: global.offline,
        max_age: global.max_age,
        command_line,
        view: global.view.map(|word| match word {
            ViewWord::Checkout => View::Checkout,
            ViewWord::Server => View::Server,
        }),
        kept: None,
        states: false,
        directory: None,
        clock: now,
        patience: None,
        sleep,
        stdin: Some(stdin),
    };
    let result = match parsed {
        Err(error) => {
            let json = json || session.format.is_json();
            return not_parsed(&mut session, &error, json);
        }
        Ok(cli) => match lost {
            Some(error) => Err(Error::new(Kind::Local, "cannot tell where flags.toml is").caused_by(error)),
            None => color
                .and(format)
                .and_then(|format| answers_in(&cli.command, format, &session.settings))
                .and_then(|()| super::view::takes_view(&cli.command, session.view))
                .and_then(|()| dispatch(&mut session, &cli.command)),
        },
    };
    match result {
        Ok(code) => {
            session.let_go();
            code
        }
        Err(error) => {
            let json = json || session.format.is_json();
            let mut report = FailureReport::from(&error);
            report.error.notes = std::mem::take(&mut session.held_back);
            let text = output::failure(&report, json, &session.console.words);
            session.console.words(&text);
            exit::code(error.kind())
        }
    }
}

fn dispatch(session: &mut Session, command: &Command) -> Result<u8> {
    match command {
        Command::List(arguments) => super::list::run(session, arguments),
        Command::Get(arguments) => super::get::run(session, arguments),
        Command::Explain(arguments) => super::explain::run(session, arguments),
        Command::Context(arguments) => super::context_show::run(session, arguments),
        Command::Diff(arguments) => super::diff::run(session, arguments),
        Command::Drift(arguments) => super::drift::run(session, arguments),
        Command::Watch(arguments) => super::watch::run(session, arguments),
        Command::Snapshot(arguments) => super::snapshot::run(session, arguments),
        Command::Set(arguments) => super::set::run(session, arguments),
        Command::Unset(arguments) => super::unset::run(session, arguments),
        Command::Undo(arguments) => super::undo::run(session, arguments),
        Command::History(arguments) => super::history::run(session, arguments),
        Command::Remove(arguments) => super::remove::run(session, arguments),
        Command::SimulateRollout(arguments) => super::simulate_rollout::run(session, arguments),
        Command::VariantForUser(arguments) => super::variant_for_user::run(session, arguments),
        Command::Bucketing(arguments) => super::bucketing::run(session, arguments),
        Command::Lint(arguments) => super::lint::run(session, arguments),
        Command::Check(arguments) => super::check::run(session, arguments),
        Command::Serve(arguments) => super::serve::run(session, arguments),
        Command::Journal(arguments) => super::journal::run(session, arguments),
        Command::Token(arguments) => super::token::run(session, arguments),
        Command::Init(arguments) => super::init::run(session, arguments),
        Command::Profile(arguments) => super::profile::run(session, arguments),
        Command::Login(arguments) => super::login::login(session, arguments),
        Command::Logout(_) => super::login::logout(session),
        Command::Doctor(_) => super::doctor::run(session),
        Command::Completions(arguments) => super::completions::run(session, arguments),
        Command::Man(arguments) => super::man::run(session, arguments),
    }
}

/// Says what clap found: help and version are answers, everything else is a mistake of usage.
fn not_parsed(session: &mut Session, error: &clap::Error, json: bool) -> u8 {
    let styled = error.render();
    if !error.use_stderr() {
        let text = if session.console.data.color { styled.ansi().to_string() } else { styled.to_string() };
        return match session.console.data(&text) {
            Ok(()) => exit::DONE,
            Err(error) => exit::code(error.kind()),
        };
    }
    let text: String = if json {
        let failure = usage_error(&styled.to_string());
        output::failure(&FailureReport::from(&failure), true, &session.console.words)
    } else {
        // What was typed stands in it, and may hold anything.
        output::foreign(&styled.to_string(), session.console.words)
    };
    session.console.words(&text);
    exit::code(Kind::Usage)
}

/// Returns what clap says in many lines as one error: the message on one line, its tips and values as hints.
fn usage_error(text: &str) -> Error {
    let end = |line: &&str| !line.starts_with("Usage:") && !line.starts_with("For more information");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take_while(end);
    let first = lines.next().unwrap_or("cannot read the command line").trim_start_matches("error: ");
    let (mut message, mut hints) = (first.to_owned(), Vec::new());
    for line in lines {
        match line.strip_prefix("tip: ") {
            Some(tip) => hints.push(tip.to_owned()),
            None if line.starts_with("[possible values: ") => {
                hints.push(line.trim_matches(['[', ']']).to_owned());
            }
            None => message = format!("{message} {line}"),
        }
    }
    hints.into_iter().fold(Error::new(Kind::Usage, message), Error::hint).hint("ffctl --help")
}

fn options(global: &GlobalArguments) -> Options {
    let word = global.output.map(|word| match word {
        FormatWord::Table => "table",
        FormatWord::Json => "json",
        FormatWord::Jsonl => "jsonl",
        FormatWord::Csv => "csv",
        FormatWord::Markdown => "markdown",
        FormatWord::Name => "name",
        FormatWord::Github => "github",
        FormatWord::Junit => "junit",
        FormatWord::Sarif => "sarif",
    });
    Options {
        flags: global.flags.clone(),
        env_file: global.env_file.clone(),
        profile: global.profile.clone(),
        local: global.local,
        store: global.store.clone(),
        output: if global.json { Some("json") } else { word }.map(str::to_owned),
        color: global.color.map(|word| match word {
            ColorWord::Auto => ColorChoice::Auto,
            ColorWord::Always => ColorChoice::Always,
            ColorWord::Never => ColorChoice::Never,
        }),
    }
}

fn format(settings: &Settings) -> Result<Format> {
    match settings.output()? {
        None => Ok(Format::Table),
        Some((word, named_by)) => Format::parse(word).ok_or_else(|| {
            let words: Vec<_> = Format::ALL.iter().map(|format| format.word()).collect();
            Error::new(Kind::Invalid, format!("{named_by}: `{word}` is no output format"))
                .hint(format!("one of {}", words.join(", ")))
        }),
    }
}

/// Returns the formats for CI systems in which a command answers.
const fn formats_for_ci(command: &Command) -> &'static [Format] {
    match command {
        Command::Lint(_) => &[Format::Github, Format::Sarif],
        Command::Check(_) => &[Format::Github, Format::Junit],
        Command::Drift(_) => &[Format::Github],
        Command::List(_)
        | Command::Get(_)
        | Command::Explain(_)
        | Command::Context(_)
        | Command::Diff(_)
        | Command::Watch(_)
        | Command::Snapshot(_)
        | Command::Set(_)
        | Command::Unset(_)
        | Command::Undo(_)
        | Command::History(_)
        | Command::Remove(_)
        | Command::SimulateRollout(_)
        | Command::VariantForUser(_)
        | Command::Bucketing(_)
        | Command::Serve(_)
        | Command::Journal(_)
        | Command::Token(_)
        | Command::Init(_)
        | Command::Profile(_)
        | Command::Login(_)
        | Command::Logout(_)
        | Command::Doctor(_)
        | Command::Completions(_)
        | Command::Man(_) => &[],
    }
}

/// Refuses, before anything is asked or written, a format in which the command does not answer.
fn answers_in(command: &Command, format: Format, settings: &Settings) -> Result<()> {
    let special = formats_for_ci(command);
    if Format::GENERAL.contains(&format) || special.contains(&format) {
        return Ok(());
    }
    let words: Vec<_> = Format::GENERAL.iter().chain(special).map(|format| format.word()).collect();
    let named_by = settings.output()?.map_or("--output", |(_, named_by)| named_by);
    let kind = if named_by == "--output" { Kind::Usage } else { Kind::Invalid };
    let message = format!("{named_by}: this command does not answer as `{format}`");
    Err(Error::new(kind, message).hint(format!("one of {}", words.join(", "))))
}

/// Returns what standard output and standard error can show.
fn screens(settings: &Settings, terminals: Terminals, color: ColorChoice) -> (Screen, Screen) {
    let set = |name: &str| matches!(settings.variables.text(name), Ok(Some(value)) if !value.is_empty());
    // Azure Pipelines and TeamCity do not say `CI`.
    let ci = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"].into_iter().any(set);
    // A locale that names a character set names UTF-8, or the drawing stays within ASCII.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| settings.variables.text(name).ok().flatten().filter(|value| !value.is_empty()));
    let unicode = locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let screen = |terminal: bool| Screen {
        width: if terminal { terminals.width } else { None },
        color: color.applies(terminal),
        unicode,
        ci,
    };
    (screen(terminals.stdout), screen(terminals.stderr))
}
