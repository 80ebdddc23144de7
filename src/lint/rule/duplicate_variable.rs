//! Variables that stand twice in one env file.

use crate::layer::Origin;
use crate::lint::finding::Severity;
use crate::lint::rules::Rule;
use crate::lint::scope::Scope;
use crate::model::variable_of;

pub(in crate::lint) const RULE: Rule = Rule {
    code: "duplicate-variable",
    severity: Severity::Warning,
    finds: "an FF_* variable that stands twice in one env file",
    why: "The last line counts, and the first one is what people find.",
};

pub(super) fn find(scope: &mut Scope<'_>) {
    for environment in scope.subject.environments {
        let Some(file) = environment.file.as_ref().filter(|file| file.entries.len() > 1) else { continue };
        for flag in scope.definitions().flags.keys() {
            let variable = variable_of(flag.as_str());
            let mut lines: Vec<usize> =
                file.entries.iter().filter(|entry| entry.name == variable).map(|entry| entry.line).collect();
            let Some(last) = lines.pop() else { continue };
            for line in lines {
                let file: std::sync::Arc<str> = file.name.as_str().into();
                let place = scope.variable_at(&Origin::EnvFile { name: variable.clone(), file, line });
                let message = format!("`{variable}` stands again in line {last}, which counts");
                scope.report(&RULE, flag.as_str(), place, message, "keep one of the two");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::{found_here, found_with};

    #[test]
    fn a_variable_stands_once_in_a_file() {
        let flags = "[flags]\na = true\n";
        let hit = [".env:1:1+6 `FF_A` stands again in line 3, which counts"];
        assert_eq!(found_with("duplicate-variable", flags, "FF_A=0\nFF_C=1\nFF_A=1\nFF_C=2\n"), hit);
        assert!(found_with("duplicate-variable", flags, "FF_A=0\n#FF_A=1\n").is_empty());
        assert!(found_here("duplicate-variable", flags, "FF_A=0\n", &[("FF_A", "1")]).is_empty());
    }
}
