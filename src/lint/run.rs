//! All rules over one subject.

use super::finding::{Finding, Place};
use super::rule::ALL;
use super::scope::Scope;
use super::subject::Subject;

/// Returns everything that the rules find: by file, then in the order in which it stands there; variables of the
/// process last.
pub fn lint(subject: Subject<'_>) -> Vec<Finding> {
    let mut scope = Scope::new(subject);
    for find in ALL {
        find(&mut scope);
    }
    let mut found = scope.found;
    let files: Vec<&str> = std::iter::once(subject.file.name())
        .chain(subject.environments.iter().filter_map(|one| Some(one.file.as_ref()?.name.as_str())))
        .collect();
    found.sort_by_cached_key(|finding| match &finding.place {
        Place::File { file, line, column, .. } => {
            let at = files.iter().position(|other| other == file).unwrap_or(files.len());
            (at, *line, *column, finding.severity, String::new())
        }
        Place::Variable { name } => (usize::MAX, 0, 0, finding.severity, name.clone()),
    });
    found
}
