//! Looking at texts as the tests of the rules do: on 2026-11-22, with the first line `schema = 1` left out.

use crate::flagfile::FlagFile;
use crate::layer::{EnvLayer, Origin, Variable, parse_dotenv};
use crate::lint::{EnvFile, Environment, Finding, Place, Subject, lint, rule_of};
use crate::model::{Clause, Date};

/// Reads definitions without their first line.
pub(in crate::lint) fn file(text: &str) -> FlagFile {
    // The line of the schema stands last on the first line, so that lines count from the text given.
    let text = format!("schema = 1\n{text}");
    match FlagFile::parse("flags.toml", text) {
        Ok(file) => file,
        Err(mistakes) => panic!("{mistakes:#?}"),
    }
}

/// Returns the clauses of a rule.
pub(in crate::lint) fn when(clauses: &str) -> Vec<Clause> {
    let text = format!("[segments]\nx = {{ rules = [{{ when = [{clauses}] }}] }}\ns = {{}}\nt = {{}}\n");
    file(&text).definitions().segments["x"].rules[0].when.clone()
}

/// Returns an environment of an env file called `.env`, if there is any text, and variables of the process.
pub(in crate::lint) fn environment(
    file: &FlagFile,
    name: &str,
    env: &str,
    process: &[(&str, &str)],
) -> Environment {
    let entries = parse_dotenv(env).expect("readable");
    let env_file = EnvFile { name: name.to_owned(), text: env.to_owned(), entries };
    let mut variables = env_file.variables();
    variables.extend(process.iter().map(|(name, value)| Variable {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        origin: Origin::Variable { name: (*name).to_owned() },
    }));
    let layer = EnvLayer::read(file.definitions(), variables.clone());
    Environment { variables, layer, file: (!env.is_empty()).then_some(env_file) }
}

/// Returns everything found.
pub(in crate::lint) fn all(file: &FlagFile, environments: &[Environment]) -> Vec<Finding> {
    let today = Date::parse("2026-11-22").expect("a day");
    lint(Subject { file, environments, today })
}

fn words(findings: Vec<Finding>, code: &str) -> Vec<String> {
    assert!(rule_of(code).is_some(), "there is no rule {code}");
    let mut out = Vec::new();
    for finding in findings.into_iter().filter(|finding| finding.code == code) {
        assert!(finding.fix.is_some_and(|fix| !fix.is_empty()), "every finding says what to do");
        let place = match finding.place {
            // The first line is ours.
            Place::File { file, line, column, width, .. } if file == "flags.toml" => {
                format!("{}:{column}+{width}", line - 1)
            }
            Place::File { file, line, column, width, .. } => format!("{file}:{line}:{column}+{width}"),
            Place::Variable { name } => name,
        };
        out.push(format!("{place} {}", finding.message));
    }
    out
}

/// Returns what a rule finds in definitions alone: `line:column+width message`.
pub(in crate::lint) fn found(code: &str, text: &str) -> Vec<String> {
    words(all(&file(text), &[]), code)
}

/// Returns what a rule finds with these lines of an env file.
pub(in crate::lint) fn found_with(code: &str, text: &str, env: &str) -> Vec<String> {
    let file = file(text);
    let environment = environment(&file, ".env", env, &[]);
    words(all(&file, &[environment]), code)
}

/// Returns what a rule finds with these variables of the process.
pub(in crate::lint) fn found_here(
    code: &str,
    text: &str,
    env: &str,
    process: &[(&str, &str)],
) -> Vec<String> {
    let file = file(text);
    let environment = environment(&file, ".env", env, process);
    words(all(&file, &[environment]), code)
}

/// Returns what a rule finds where these env files are other environments.
pub(in crate::lint) fn found_across(code: &str, text: &str, others: &[(&str, &str)]) -> Vec<String> {
    let file = file(text);
    let mut environments = vec![environment(&file, ".env", "", &[])];
    environments.extend(others.iter().map(|(name, env)| environment(&file, name, env, &[])));
    words(all(&file, &environments), code)
}

/// Checks that a rule finds nothing in definitions.
#[track_caller]
pub(in crate::lint) fn clean(code: &str, text: &str) {
    let found = found(code, text);
    assert!(found.is_empty(), "{found:#?}\n{text}");
}

/// Returns what a rule would have written instead.
pub(in crate::lint) fn fixes(code: &str, text: &str) -> Vec<String> {
    let findings = all(&file(text), &[]).into_iter().filter(|finding| finding.code == code);
    findings.filter_map(|finding| finding.fix).collect()
}
