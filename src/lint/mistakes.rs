//! Mistakes of files as findings: what no command can read.

use crate::error::Diagnostic;
use crate::flagfile::code;

use super::finding::{Finding, Severity};
use super::rules::{Rule, rule_of};

pub(super) const INVALID_DEFINITION: Rule = Rule {
    code: "invalid-definition",
    severity: Severity::Error,
    finds: "something in flags.toml that cannot be read",
    why: "Every command that needs the definitions fails until it is corrected.",
};

pub(super) const FRACTION_AS_PERCENTAGE: Rule = Rule {
    code: code::FRACTION_AS_PERCENTAGE,
    severity: Severity::Error,
    finds: "a rollout such as 0.25",
    why: "It would be a quarter of a percent; whoever writes it means 25%. \"0.25%\" says the other outright.",
};

pub(super) const COLLIDING_VARIABLES: Rule = Rule {
    code: code::COLLIDING_VARIABLES,
    severity: Severity::Error,
    finds: "two flags with one variable, such as a-b and a_b",
    why: "FF_A_B would set both. Rename one, and keep its old name as `salt` so that no user moves.",
};

pub(super) const CIRCULAR_REFERENCE: Rule = Rule {
    code: code::CIRCULAR_REFERENCE,
    severity: Severity::Error,
    finds: "prerequisites or segments that refer to each other in a circle",
    why: "Nobody could say what any of them is.",
};

pub(super) const MISPLACED_SETTING: Rule = Rule {
    code: code::MISPLACED_SETTING,
    severity: Severity::Error,
    finds: "a key in flags.toml that would configure the tool",
    why: "A committed file must never choose where a credential goes. Settings belong in config.toml.",
};

pub(super) const INVALID_ENV_FILE: Rule = Rule {
    code: "invalid-env-file",
    severity: Severity::Error,
    finds: "an FF_* line of an env file that cannot be read",
    why: "Every command that reads the env file fails until it is corrected.",
};

/// Returns the mistakes of a flags.toml as findings.
pub fn file_findings(diagnostics: &[Diagnostic]) -> Vec<Finding> {
    let found = |diagnostic: &Diagnostic| {
        let named = diagnostic.code.and_then(rule_of);
        finding(named.unwrap_or(&INVALID_DEFINITION), diagnostic)
    };
    diagnostics.iter().map(found).collect()
}

/// Returns the mistakes of an env file as findings.
pub fn env_file_findings(diagnostics: &[Diagnostic]) -> Vec<Finding> {
    diagnostics.iter().map(|diagnostic| finding(&INVALID_ENV_FILE, diagnostic)).collect()
}

fn finding(rule: &Rule, diagnostic: &Diagnostic) -> Finding {
    Finding {
        code: rule.code,
        severity: rule.severity,
        message: diagnostic.message.clone(),
        fix: diagnostic.fix.clone(),
        place: diagnostic.into(),
        name: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flagfile::FlagFile;

    fn codes(text: &str) -> Vec<&'static str> {
        let broken = FlagFile::parse("flags.toml", text.to_owned()).expect_err("broken");
        file_findings(&broken).into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn mistakes_that_have_a_name_keep_it() {
        let text = "schema = 1\nurl = \"x\"\n[flags]\na-b = true\na_b = { enabled = true, rollout = 0.25 }\n\
                    c = { enabled = true, prerequisites = [{ flag = \"c\" }] }\nd = 5\n";
        let expected = [
            "misplaced-setting",
            "colliding-variables",
            "fraction-as-percentage",
            "circular-reference",
            "invalid-definition",
        ];
        assert_eq!(codes(text), expected);
        assert_eq!(
            codes("schema = 1\n[flags]\na = { enabled = true, rollout = 101 }\n"),
            ["invalid-definition"]
        );
    }
}
