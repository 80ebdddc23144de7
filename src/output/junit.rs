//! Test results as XML, in the form of `JUnit` that CI systems show: a condition is a test case, an answer that is no
//! a failure, and none an error.

use std::fmt::Write;

use crate::check::Outcome;
use crate::report::{CheckReport, ConditionReport};

use super::present::age_words;
use super::sanitize::sanitize;

/// Returns the verdicts as one document.
pub(super) fn junit(report: &CheckReport) -> String {
    let count = &report.count;
    let counts = format!(
        r#"name="ffctl check" tests="{}" failures="{}" errors="{}""#,
        count.total, count.fail, count.unclear
    );
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts} skipped=\"0\">\n"
    );
    if let Some(target) = &report.target {
        let property = |name: &str, value: &str| {
            format!("      <property name=\"{name}\" value=\"{}\"/>\n", escape(value))
        };
        let age = report.freshness.as_ref().and_then(age_words);
        let age = age.map_or_else(String::new, |age| property("freshness", &age));
        let _ =
            writeln!(out, "    <properties>\n{}{age}    </properties>", property("target", &target.label));
    }
    for condition in &report.conditions {
        out.push_str(&case(condition));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(condition: &ConditionReport) -> String {
    let (class, name) = (escape(&condition.name), escape(&condition.condition));
    let head = format!("    <testcase classname=\"{class}\" name=\"{name}\"");
    let element = match condition.outcome {
        Outcome::Holds => return format!("{head}/>\n"),
        outcome if outcome.is_no() => "failure",
        _ => "error",
    };
    let kind = condition.outcome.word();
    let message = escape(&condition.answer());
    let mut facts = Vec::new();
    if let (Some(source), Some(origin)) = (condition.source, &condition.origin) {
        facts.push(format!("decided by {source} {}", escape(&origin.to_string())));
    }
    facts.extend(condition.hint.as_ref().map(|hint| format!("hint: {}", escape(hint))));
    format!(
        "{head}>\n      <{element} type=\"{kind}\" message=\"{message}\">{}</{element}>\n    </testcase>\n",
        facts.join("\n")
    )
}

/// Returns text as it may stand in an attribute or an element. What XML cannot hold at all, such as most control
/// characters, is visible after it was neutralised.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // Earlier runners of GitHub obey `##[` anywhere in a line.
            '#' => out.push_str("&#35;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_is_markup() {
        assert_eq!(escape("<a b=\"c\" d='e'>&]]>"), "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;]]&gt;");
        assert_eq!(escape("\u{0}\u{1b}\u{fffe}\n##["), "\\u{0}\\u{1b}\\u{fffe}\\n&#35;&#35;[");
    }
}
