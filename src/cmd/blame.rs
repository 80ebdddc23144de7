//! When the lines of a file were last changed, as git knows it.

use std::path::Path;
use std::process::Command;

use crate::model::Timestamp;

/// When each line was last changed, the first line first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blame {
    lines: Vec<Line>,
    /// Whether the history is cut off, so that the oldest commits at hand stand for all that came before them.
    is_shallow: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    changed: Timestamp,
    /// Whether the commit is the oldest at hand.
    oldest: bool,
}

/// What is known of some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastChange {
    /// None of them was changed since.
    Before,
    /// One was.
    Since,
    /// The history that is at hand does not reach back so far.
    Unknown,
}

impl Blame {
    /// Asks git about a file.
    ///
    /// # Errors
    /// Why git cannot tell: it is not installed, there is no repository, the file is not in it.
    pub(super) fn of(file: &Path) -> Result<Self, String> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let name = file.file_name().ok_or("it has no name")?;
        let git = |arguments: &[&std::ffi::OsStr]| {
            let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
            let output = output.map_err(|error| format!("cannot run git: {error}"))?;
            if output.status.success() {
                return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
            }
            let said = String::from_utf8_lossy(&output.stderr);
            let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed");
            Err(first.trim_start_matches("fatal: ").to_owned())
        };
        let words = |words: [&'static str; 2]| words.map(std::ffi::OsStr::new);
        let [blame, porcelain] = words(["blame", "--line-porcelain"]);
        let text = git(&[blame, porcelain, "--".as_ref(), name])?;
        let is_shallow = git(&words(["rev-parse", "--is-shallow-repository"]))?.trim() == "true";
        Ok(Self { lines: lines(&text), is_shallow })
    }

    /// Returns what is known of some lines, numbered from 1.
    pub(super) fn last_change(&self, lines: &[usize], since: Timestamp) -> LastChange {
        let mut known = LastChange::Before;
        for line in lines.iter().filter_map(|line| self.lines.get(line - 1)) {
            match (line.changed > since, self.is_shallow && line.oldest) {
                (false, _) => {}
                (true, true) => known = LastChange::Unknown,
                (true, false) => return LastChange::Since,
            }
        }
        known
    }
}

/// Reads `git blame --line-porcelain`: for each line a header with the commit's facts, then the line after a tab.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let fresh = Line { changed: Timestamp::from_millis(i64::MAX), oldest: false };
    let mut line = fresh;
    for row in text.lines() {
        if row.starts_with('\t') {
            lines.push(std::mem::replace(&mut line, fresh));
        } else if let Some(seconds) = row.strip_prefix("committer-time ") {
            let seconds: i64 = seconds.parse().unwrap_or(i64::MAX / 1000);
            line.changed = Timestamp::from_millis(seconds.saturating_mul(1000));
        } else if row == "boundary" {
            line.oldest = true;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "aaaa 1 1 1\nauthor A\ncommitter-time 100\nboundary\nfilename f\n\tschema = 1\n\
                        bbbb 2 2 1\ncommitter-time 200\n\tcommitter-time 5\ncccc 3 3 1\ncommitter-time 150\nboundary\n\t\n";

    #[test]
    fn every_line_has_its_time() {
        let seconds: Vec<i64> = lines(TEXT).iter().map(|line| line.changed.millis() / 1000).collect();
        assert_eq!(seconds, [100, 200, 150]);
    }

    #[test]
    fn the_youngest_line_counts_unless_the_history_is_cut_off() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let whole = Blame { lines: lines(TEXT), is_shallow: false };
        assert_eq!(whole.last_change(&[1, 3], at(150)), LastChange::Before);
        assert_eq!(whole.last_change(&[1, 2], at(150)), LastChange::Since);
        let shallow = Blame { is_shallow: true, ..whole };
        assert_eq!(shallow.last_change(&[3], at(120)), LastChange::Unknown);
        assert_eq!(shallow.last_change(&[3, 2], at(120)), LastChange::Since);
        assert_eq!(shallow.last_change(&[3], at(160)), LastChange::Before);
    }
}
