//! SARIF 2.1.0, the exchange format of static analysis, for code scanning
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::lint::{RULES, Rule};
use crate::report::{FileUri, FindingReport, LintReport};

use super::sanitize::{escape_json, sanitize};
use super::screen::Screen;

/// Returns findings as one log with one run.
pub(super) fn sarif(report: &LintReport, screen: Screen) -> String {
    let mut seen = HashMap::new();
    let results: Vec<Value> = report.findings.iter().map(|one| result(one, &report.uri, &mut seen)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "ffctl",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": RULES.iter().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&log).expect("a log has text keys alone");
    escape_json(text + "\n", screen.ci)
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": sentence(rule.finds) },
        "fullDescription": { "text": format!("{} {}", sentence(rule.finds), rule.why) },
        "help": { "text": rule.why },
        "defaultConfiguration": { "level": rule.severity.word() },
    })
}

fn sentence(fragment: &str) -> String {
    let mut characters = fragment.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

fn result(finding: &FindingReport, definitions: &FileUri, seen: &mut HashMap<u64, usize>) -> Value {
    let fix = finding.fix.as_ref().map(|fix| format!("; fix: {fix}")).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.code,
        "level": finding.severity,
        "message": { "text": sanitize(&format!("{}{fix}", finding.message)) },
        "locations": [location(finding, definitions)],
        "partialFingerprints": { "primaryLocationLineHash": fingerprint(finding, seen) },
    });
    if let Some(index) = RULES.iter().position(|rule| rule.code == finding.code) {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// Returns where a finding stands. A variable of the process stands in no file, but code scanning shows nothing
/// without one: it is shown at the file with the definitions.
fn location(finding: &FindingReport, definitions: &FileUri) -> Value {
    let uri = if finding.file.is_some() { &finding.uri } else { definitions };
    let mut physical = json!({ "artifactLocation": artifact(uri) });
    if let (Some(line), Some(column), Some(end)) = (finding.line, finding.column, finding.end_column) {
        physical["region"] = json!({ "startLine": line, "startColumn": column, "endColumn": end });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(variable) = &finding.variable {
        location["logicalLocations"] = json!([{ "name": sanitize(variable), "kind": "variable" }]);
    }
    location
}

fn artifact(uri: &FileUri) -> Value {
    if uri.inside {
        json!({ "uri": encoded(&uri.path), "uriBaseId": "%SRCROOT%" })
    } else {
        let slash = if uri.path.starts_with('/') { "" } else { "/" };
        json!({ "uri": format!("file://{slash}{}", encoded(&uri.path)) })
    }
}

/// Returns a path as part of a URI: everything but unreserved characters and `/` is encoded (RFC 3986).
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Returns what tells a finding from others when its line has moved: a hash of the rule, what it is about and the
/// line's text (FNV-1a), and which of several such findings it is.
fn fingerprint(finding: &FindingReport, seen: &mut HashMap<u64, usize>) -> String {
    let line = finding.text.as_deref().unwrap_or_default().trim();
    let name = finding.name.as_deref().or(finding.variable.as_deref()).unwrap_or_default();
    let hash = [finding.code, name, line]
        .iter()
        .flat_map(|part| part.bytes().chain([0]))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let count = seen.entry(hash).and_modify(|count| *count += 1).or_insert(1);
    format!("{hash:016x}:{count}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded() {
        assert_eq!(encoded("a b/ü%.toml"), "a%20b/%C3%BC%25.toml");
        let outside = artifact(&FileUri { path: "/x/flags.toml".to_owned(), inside: false });
        assert_eq!(outside["uri"], "file:///x/flags.toml");
        assert_eq!(outside.get("uriBaseId"), None);
    }
}
