//! In which form a population comes.

use crate::context::Columns;

use super::super::error::SimulateError;
use super::compressed::{Compression, inner_name};
use super::opening::{PARQUET, READS_PARQUET};

/// The form of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One id a line, taken as it stands: only the line end is cut off.
    Ids,
    /// CSV (RFC 4180) with a header.
    Csv,
    /// One JSON object a line: a record of a user, or a context.
    JsonLines,
}

impl Format {
    /// Returns the format's word in options.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ids => "ids",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// Returns the format of a word in options.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Ids, Self::Csv, Self::JsonLines].into_iter().find(|format| format.word() == word)
    }

    /// Returns the format that a file's name tells by its extension: `.csv`; `.jsonl`, `.ndjson` and `.json`;
    /// `.txt` and `.ids`; that of a compressed file by the name within, `users.csv.gz`.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = inner_name(name).0.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "txt" | "ids" => Some(Self::Ids),
            _ => None,
        }
    }

    /// Returns the format that the first line which is not blank tells: JSON lines if it starts with `{`, CSV
    /// if it holds a comma or is nothing but a usual name of an id column, else a list of ids.
    pub fn of_content(start: &[u8]) -> Self {
        let line = first_line(start);
        let is_id_name = || Columns::ID_NAMES.iter().any(|name| line.eq_ignore_ascii_case(name.as_bytes()));
        if line.starts_with(b"{") {
            Self::JsonLines
        } else if line.contains(&b',') || is_id_name() {
            Self::Csv
        } else {
            Self::Ids
        }
    }
}

/// Returns the first line that is not blank, without blanks around it.
fn first_line(start: &[u8]) -> &[u8] {
    start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or(b"")
}

/// How many of the first bytes tell whether it is text.
const LOOKED_AT: usize = 8 * 1024;

/// Tells whether a text begins as letters of ASCII do in UTF-16: one byte of two is zero.
fn is_wide(start: &[u8]) -> bool {
    let is_letter = |byte: u8| byte != 0 && byte.is_ascii();
    match *start {
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] => is_letter(a) && is_letter(b),
        _ => false,
    }
}

/// Returns what something is that is no text in UTF-8, by its first bytes, and what to do about it.
pub fn other_form(start: &[u8]) -> Option<(&'static str, &'static str)> {
    if start.starts_with(PARQUET) {
        let rewritten = "write it as CSV: `duckdb -c \"copy (from 'FILE') to 'NEW.csv' (header)\"`";
        return Some(("a Parquet file", rewritten));
    }
    let marked = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    if !marked && is_wide(start) {
        let hint = "convert it: `iconv -f UTF-16LE -t UTF-8 FILE > NEW` (UTF-16BE if that is none)";
        return Some(("text in UTF-16 without a mark", hint));
    }
    if !marked && start.iter().take(LOOKED_AT).any(|byte| *byte == 0) {
        return Some((
            "no text: there are NUL bytes in it",
            "`tr -d '\\0' < FILE > NEW` takes them out, if it is text but for them",
        ));
    }
    marked.then_some(("text in UTF-16", "convert it: `iconv -f UTF-16 -t UTF-8 FILE > NEW`"))
}

/// Refuses what is no text that this program reads, by its first bytes.
///
/// # Errors
/// When it is still compressed, Parquet, UTF-16, or (as JSON lines) a JSON array.
pub(super) fn refuse_other_forms(start: &[u8], format: Option<Format>) -> Result<(), SimulateError> {
    let refuse = |form, hint| Err(SimulateError::Form { form, hint });
    if Compression::of(start).is_some() {
        return refuse("compressed twice", "decompress it once, and ffctl does the rest");
    }
    if start.starts_with(PARQUET) && !READS_PARQUET {
        return Err(SimulateError::NoParquet);
    }
    if start.starts_with(PARQUET) {
        return refuse(
            "a Parquet file, which is read from its end and not from a stream",
            "write it to a file and name that: `--population FILE`",
        );
    }
    if let Some((form, hint)) = other_form(start) {
        return refuse(form, hint);
    }
    let maybe_json = matches!(format, None | Some(Format::JsonLines));
    if maybe_json && first_line(start).starts_with(b"[") {
        return refuse("a JSON array", "write one object a line: `jq -c '.[]' FILE`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_told_by_its_first_bytes() {
        let form = |start: &[u8]| other_form(start).map(|(form, _)| form);
        assert_eq!(form(b"\xff\xfeu\0"), Some("text in UTF-16"));
        assert_eq!(form(b"u\x001\0\n\0"), Some("text in UTF-16 without a mark"));
        assert_eq!(form(b"\0u\x001\0\n"), Some("text in UTF-16 without a mark"));
        assert_eq!(form(b"u1\nu\x002\n"), Some("no text: there are NUL bytes in it"));
        assert_eq!(form(b"PAR1"), Some("a Parquet file"));
        assert_eq!(form("ü1\n".as_bytes()), None);
    }

    #[test]
    fn the_name_tells_the_format() {
        assert_eq!(Format::of_name("dir.d/users.CSV"), Some(Format::Csv));
        assert_eq!(Format::of_name("users.ndjson"), Some(Format::JsonLines));
        assert_eq!(Format::of_name("users.txt"), Some(Format::Ids));
        assert_eq!(Format::of_name("users.csv.GZ"), Some(Format::Csv));
        assert_eq!(Format::of_name("users.jsonl.zst"), Some(Format::JsonLines));
        assert_eq!(Format::of_name("users.gz"), None);
        assert_eq!(Format::of_name("-"), None);
        assert_eq!(Format::of_name("users.dat"), None);
    }

    #[test]
    fn else_the_first_line_does() {
        assert_eq!(Format::of_content(b"\r\n  {\"id\":1}\n"), Format::JsonLines);
        assert_eq!(Format::of_content(b"id,plan\nu1,pro\n"), Format::Csv);
        assert_eq!(Format::of_content(b"User_ID\r\nu1\r\n"), Format::Csv);
        assert_eq!(Format::of_content(b"\n\nu1\nu2\n"), Format::Ids);
        assert_eq!(Format::of_content(b""), Format::Ids);
    }

    #[test]
    fn other_forms_are_refused() {
        for start in [&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"PAR1", b"\xff\xfeu\0", b" [\n{\"id\":1}]"]
        {
            assert!(refuse_other_forms(start, None).is_err(), "{start:?}");
        }
        assert!(refuse_other_forms(b"[u1]\n", Some(Format::Ids)).is_ok());
        assert!(refuse_other_forms(b"u1\n", None).is_ok());
    }

    #[test]
    fn words_read_back() {
        for format in [Format::Ids, Format::Csv, Format::JsonLines] {
            assert_eq!(Format::of_word(format.word()), Some(format));
        }
    }
}
