//! `ffctl lint`: findings over flags.toml and the variables. No server and no store is asked.

use std::path::{Path, PathBuf};

use crate::cli::LintArguments;
use crate::error::{Error, Kind, Result, nearest};
use crate::exit;
use crate::flagfile::FlagFile;
use crate::layer::{EnvLayer, Origin, Variable, parse_dotenv};
use crate::lint::{
    EnvFile, Environment, Finding, RULES, Rule, Severity, Subject, env_file_findings, file_findings, lint,
    rule_of,
};
use crate::model::Definitions;
use crate::report::{LintRule, RulesReport};

use super::lint_report::{Chosen, lint_report};
use super::load::{broken_env_file, read_text};
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &LintArguments) -> Result<u8> {
    let targets = ["--profile", "--local", "--store", "--max-age"];
    session.has_no_use_for("`ffctl lint` reads files and variables and", &targets)?;
    if arguments.rules || arguments.explain.is_some() {
        return rules(session, arguments.explain.as_deref());
    }
    let chosen = chosen(arguments)?;
    let (path, shown) = file(session, arguments.file.as_deref())?;
    let mut findings = Vec::new();
    let read = read_text(&path, &shown).and_then(|text| {
        FlagFile::parse(&shown, text).map_err(|diagnostics| Error::in_file(&shown, diagnostics))
    });
    let file = match read {
        Ok(file) => Some(file),
        Err(error) if !error.diagnostics().is_empty() => {
            findings.extend(file_findings(error.diagnostics()));
            None
        }
        Err(error) => return Err(error),
    };
    let nothing = Definitions::default();
    let definitions = file.as_ref().map_or(&nothing, FlagFile::definitions);
    let mut env_files = vec![session.settings.env_file()?];
    for named in &arguments.environment {
        env_files.push(Some((session.settings.folders.absolute(named), named.display().to_string())));
    }
    let mut environments = Vec::with_capacity(env_files.len());
    for (at, named) in env_files.iter().enumerate() {
        let process = if at == 0 { of_process(session) } else { Vec::new() };
        environments.push(environment(definitions, named.as_ref(), process, &mut findings)?);
    }
    let complete = file.is_some() && findings.is_empty();
    if let Some(file) = &file {
        let today = session.now().date();
        findings.extend(lint(Subject { file, environments: &environments, today }));
    }
    let env_files: Vec<String> = env_files.into_iter().flatten().map(|(_, shown)| shown).collect();
    let report = lint_report(session, findings, &chosen, (&path, &shown), env_files, complete);
    for note in session.settings.notes() {
        session.note(&crate::report::Note::new(note));
    }
    session.emit(&report)?;
    Ok(match (report.count.errors, report.count.denied) {
        (0, 0) => exit::DONE,
        (0, _) => exit::NO,
        _ => exit::code(Kind::Invalid),
    })
}

/// Lists the rules, or explains one.
fn rules(session: &mut Session, explained: Option<&str>) -> Result<u8> {
    let report = |rule: &Rule| LintRule {
        code: rule.code,
        severity: rule.severity.word(),
        finds: rule.finds,
        why: rule.why,
    };
    let rules = match explained {
        None => RULES.iter().map(report).collect(),
        Some(code) => vec![report(known_rule("--explain", code)?)],
    };
    session.emit(&RulesReport { rules, explained: explained.is_some() })?;
    Ok(exit::DONE)
}

fn known_rule(option: &str, code: &str) -> Result<&'static Rule> {
    rule_of(code).ok_or_else(|| {
        let error = Error::new(Kind::Usage, format!("{option}: there is no rule `{code}`"));
        match nearest(code, RULES.iter().map(|rule| rule.code)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`ffctl lint --rules` lists them"),
        }
    })
}

/// Reads `--deny` and `--allow`.
fn chosen(arguments: &LintArguments) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    for word in &arguments.deny {
        match word.as_str() {
            "warnings" | "warning" => chosen.deny_from(Severity::Warning),
            "notes" | "note" => chosen.deny_from(Severity::Note),
            code => chosen.denied.push(known_rule("--deny", code)?.code),
        }
    }
    for code in &arguments.allow {
        let rule = known_rule("--allow", code)?;
        if rule.severity == Severity::Error {
            let message = format!("--allow: `{code}` finds errors, and no command goes on with one");
            return Err(Error::new(Kind::Usage, message).hint(format!("ffctl lint --explain {code}")));
        }
        if chosen.denied.contains(&rule.code) {
            let message = format!("`{code}` is both denied and allowed");
            return Err(Error::new(Kind::Usage, message).hint("leave one of them out"));
        }
        chosen.allowed.push(rule.code);
    }
    Ok(chosen)
}

/// Returns the file to check, absolute and as the user named it.
fn file(session: &Session, named: Option<&Path>) -> Result<(PathBuf, String)> {
    let Some(named) = named else {
        let found = session.settings.flag_file()?;
        let (path, shown) = found.required()?;
        return Ok((path.to_owned(), shown.to_owned()));
    };
    let (path, shown) = (session.settings.folders.absolute(named), named.display().to_string());
    if path.is_dir() {
        let hint = format!("name the file: `{}`", named.join("flags.toml").display());
        return Err(Error::new(Kind::Invalid, format!("`{shown}` is a folder")).hint(hint));
    }
    if !path.exists() {
        return Err(Error::new(Kind::Invalid, format!("there is no file `{shown}`"))
            .hint("without FILE, the flags.toml here or in a folder above is checked"));
    }
    Ok((path, shown))
}

fn of_process(session: &Session) -> Vec<Variable> {
    let all = session.settings.variables.starting_with("FF_");
    let variable = |(name, value): (&str, &str)| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: Origin::Variable { name: name.to_owned() },
    };
    all.map(variable).collect()
}

/// Reads an environment; what cannot be read of its file is found, and the rest goes on without that file.
fn environment(
    definitions: &Definitions,
    named: Option<&(PathBuf, String)>,
    process: Vec<Variable>,
    findings: &mut Vec<Finding>,
) -> Result<Environment> {
    let mut file = None;
    if let Some((path, shown)) = named {
        let text = read_text(path, shown);
        let read = text.and_then(|text| match parse_dotenv(&text) {
            Ok(entries) => Ok(EnvFile { name: shown.clone(), text, entries }),
            Err(errors) => Err(broken_env_file(shown, &text, errors)),
        });
        match read {
            Ok(read) => file = Some(read),
            Err(error) if !error.diagnostics().is_empty() => {
                findings.extend(env_file_findings(error.diagnostics()));
            }
            Err(error) => return Err(error),
        }
    }
    let mut variables = file.as_ref().map(EnvFile::variables).unwrap_or_default();
    variables.extend(process);
    let layer = EnvLayer::read(definitions, variables.iter().cloned());
    Ok(Environment { variables, layer, file })
}
