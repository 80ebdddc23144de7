//! Findings → their report: what is denied, what is allowed, and how CI systems name the files.

use std::path::{Component, Path};

use crate::lint::{Finding, Place, Severity};
use crate::report::{FileUri, FindingCount, FindingReport, LintReport};

use super::session::Session;

/// What the options say of findings.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    /// From which severity on findings are denied, the mildest.
    pub(super) denied_from: Option<Severity>,
    /// The rules denied by name.
    pub(super) denied: Vec<&'static str>,
    /// The rules left out.
    pub(super) allowed: Vec<&'static str>,
}

impl Chosen {
    /// Denies a severity and all that is worse.
    pub(super) fn deny_from(&mut self, severity: Severity) {
        self.denied_from = self.denied_from.max(Some(severity));
    }
}

/// Returns the report of what was found in `file`.
pub(super) fn lint_report(
    session: &Session,
    findings: Vec<Finding>,
    chosen: &Chosen,
    file: (&Path, &str),
    env_files: Vec<String>,
    complete: bool,
) -> LintReport {
    let root = root(&session.settings.folders.start);
    let uri = |shown: &str| {
        let path = if shown == file.1 {
            file.0.to_owned()
        } else {
            session.settings.folders.absolute(Path::new(shown))
        };
        file_uri(&path, root)
    };
    let before = findings.len();
    let kept = findings.into_iter().filter(|finding| !chosen.allowed.contains(&finding.code));
    let findings: Vec<FindingReport> = kept.map(|finding| report(finding, chosen, &uri)).collect();
    let of =
        |severity: Severity| findings.iter().filter(|finding| finding.severity == severity.word()).count();
    LintReport {
        count: FindingCount {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
            denied: findings.iter().filter(|finding| finding.denied).count(),
            allowed: before - findings.len(),
        },
        findings,
        file: file.1.to_owned(),
        env_files,
        complete,
        uri: uri(file.1),
    }
}

fn report(finding: Finding, chosen: &Chosen, uri: &impl Fn(&str) -> FileUri) -> FindingReport {
    let by_severity = chosen.denied_from.is_some_and(|mildest| finding.severity <= mildest);
    let denied = by_severity || chosen.denied.contains(&finding.code);
    let mut report = FindingReport {
        code: finding.code,
        severity: finding.severity.word(),
        denied,
        message: finding.message,
        fix: finding.fix,
        name: finding.name.filter(|name| !name.is_empty()),
        file: None,
        line: None,
        column: None,
        end_column: None,
        text: None,
        variable: None,
        uri: FileUri::default(),
    };
    match finding.place {
        Place::Variable { name } => report.variable = Some(name),
        Place::File { file, line, column, width, text } => {
            report.uri = uri(&file);
            report.file = Some(file);
            (report.line, report.column, report.end_column) =
                (Some(line), Some(column), Some(column + width));
            report.text = Some(text);
        }
    }
    report
}

/// Returns the root of the repository that holds a folder; the folder itself where there is none.
fn root(start: &Path) -> &Path {
    start.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).unwrap_or(start)
}

fn file_uri(path: &Path, root: &Path) -> FileUri {
    let path = normal(path);
    let (inside, path) = match path.strip_prefix(root) {
        Ok(relative) => (true, relative.to_owned()),
        Err(_) => (false, path),
    };
    let text = path.display().to_string();
    FileUri { path: if cfg!(windows) { text.replace('\\', "/") } else { text }, inside }
}

/// Returns a path without `.` and `..`, links not followed.
fn normal(path: &Path) -> std::path::PathBuf {
    let mut out = std::path::PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_root_of_the_repository() {
        let uri = |path: &str| file_uri(Path::new(path), Path::new("/repo"));
        assert_eq!(
            uri("/repo/a/../b/./flags.toml"),
            FileUri { path: "b/flags.toml".to_owned(), inside: true }
        );
        assert_eq!(uri("/other/flags.toml"), FileUri { path: "/other/flags.toml".to_owned(), inside: false });
    }
}
