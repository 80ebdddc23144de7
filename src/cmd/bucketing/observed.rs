//! Users that were seen on or off: CSV with a header.

use std::io::{BufRead, BufReader, Read};

use crate::bucket::Observation;
use crate::cli::InferArguments;
use crate::cmd::session::Session;
use crate::context::Columns;
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::simulate::{other_form, uncompressed};

/// The usual names of the column that says whether a user was on.
const ON_NAMES: [&str; 6] = ["on", "enabled", "value", "flag", "state", "result"];
/// How many wrong rows are named.
const NAMED: usize = 5;

/// What was observed.
pub(super) struct Observed {
    pub(super) observations: Vec<Observation>,
    /// The file as the user named it.
    pub(super) source: String,
    /// How many rows say neither on nor off, or of whom.
    pub(super) wrong: usize,
    /// The first of them.
    pub(super) first_wrong: Vec<String>,
}

/// Reads the observations.
pub(super) fn read(session: &mut Session, arguments: &InferArguments) -> Result<Observed> {
    let shown = arguments.observed.display().to_string();
    let unread =
        |error: std::io::Error| Error::new(Kind::Local, format!("cannot read `{shown}`")).caused_by(error);
    let reader: Box<dyn Read + Send> = if shown == "-" {
        session.stdin()?
    } else {
        let file = std::fs::File::open(session.settings.folders.absolute(&arguments.observed));
        Box::new(file.map_err(unread)?)
    };
    let mut reader = BufReader::new(uncompressed(reader, &shown).map_err(unread)?);
    let form = other_form(reader.fill_buf().map_err(unread)?);
    let source = if shown == "-" { "standard input".to_owned() } else { shown };
    if let Some((form, hint)) = form {
        return Err(Error::new(Kind::Invalid, format!("{source} is {form}, and no CSV")).hint(hint));
    }
    let invalid = |error: csv::Error| match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(1, csv::Position::line);
            Error::new(Kind::Invalid, format!("{source}, line {line}: not UTF-8"))
                .hint("write it as CSV in UTF-8; it may be compressed with gzip or zstd")
        }
        _ if error.is_io_error() => {
            Error::new(Kind::Local, format!("cannot read `{source}`")).caused_by(error)
        }
        _ => Error::new(Kind::Invalid, format!("{source}: {error}")),
    };
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let header = rows.headers().map_err(invalid)?.clone();
    let header: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    refuse_no_header(&header, arguments, &source)?;
    let id = column(&header, arguments.id_column.as_deref(), &Columns::ID_NAMES, Some(0), &source)?;
    let last = header.len().checked_sub(1).filter(|last| *last != id);
    let on = column(&header, arguments.on_column.as_deref(), &ON_NAMES, last, &source)?;
    let mut observed =
        Observed { observations: Vec::new(), source: source.clone(), wrong: 0, first_wrong: Vec::new() };
    for (at, row) in rows.records().enumerate() {
        let row = row.map_err(invalid)?;
        let line = row.position().map_or(at as u64 + 2, csv::Position::line);
        let (unit, said) = (row.get(id).unwrap_or_default(), row.get(on).unwrap_or_default());
        match (unit, switch(said)) {
            ("", _) => observed.take_wrong(format!("line {line}: no id")),
            (_, None) => observed.take_wrong(format!("line {line}: `{said}` is neither on nor off")),
            (unit, Some(on)) => observed.observations.push(Observation { unit: unit.to_owned(), on }),
        }
    }
    if observed.observations.is_empty() {
        let error = Error::new(Kind::Invalid, format!("{source} has no observation"));
        return Err(match observed.first_wrong.first() {
            Some(first) => error.hint(first.clone()),
            None => error.hint("CSV with a header: user,on"),
        });
    }
    Ok(observed)
}

impl Observed {
    fn take_wrong(&mut self, row: String) {
        self.wrong += 1;
        if self.first_wrong.len() < NAMED {
            self.first_wrong.push(row);
        }
    }
}

/// Refuses a file whose first line is no header: it would not be counted.
fn refuse_no_header(header: &[&str], arguments: &InferArguments, source: &str) -> Result<()> {
    let hint = "CSV with a header: user,on";
    if header.iter().all(|name| name.is_empty()) {
        return Err(Error::new(Kind::Invalid, format!("{source} is empty")).hint(hint));
    }
    let named = arguments.id_column.is_some() || arguments.on_column.is_some();
    let usual = Columns::ID_NAMES.iter().chain(&ON_NAMES);
    let is_usual = |name: &&str| usual.clone().any(|usual| usual.eq_ignore_ascii_case(name));
    if named || header.iter().any(is_usual) || header.last().is_none_or(|last| switch(last).is_none()) {
        return Ok(());
    }
    let message = format!("{source} has no header: its first line is an observation, `{}`", header.join(","));
    Err(Error::new(Kind::Invalid, message).hint("put the line `user,on` in front of it"))
}

/// Returns the position of a column: the one named, one of the usual names, else `otherwise`.
fn column(
    header: &[&str],
    named: Option<&str>,
    usual: &[&str],
    otherwise: Option<usize>,
    source: &str,
) -> Result<usize> {
    let position = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let found = match named {
        Some(named) => position(named).ok_or_else(|| {
            let error = Error::new(Kind::Invalid, format!("{source} has no column `{named}`"));
            let hint = did_you_mean(named, header.iter().copied());
            error.hint(hint.unwrap_or_else(|| format!("it has {}", header.join(", "))))
        }),
        None => usual.iter().find_map(|name| position(name)).or(otherwise).ok_or_else(|| {
            let error = Error::new(
                Kind::Invalid,
                format!("{source} has one column; whether the users were on is missing"),
            );
            match header.first().and_then(|only| only.chars().find(|c| [';', '\t', '|'].contains(c))) {
                Some(other) => error.hint(format!("columns are separated by commas, not by {other:?}")),
                None => error.hint("CSV with a header: user,on"),
            }
        }),
    }?;
    if header.iter().filter(|column| column.eq_ignore_ascii_case(header[found])).count() > 1 {
        let message = format!("{source}: the column `{}` stands twice in the header", header[found]);
        return Err(Error::new(Kind::Invalid, message).hint("rename one of the two, or take it out"));
    }
    Ok(found)
}

/// Reads on or off.
fn switch(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" | "t" | "y" | "enabled" | "treatment" => Some(true),
        "false" | "0" | "off" | "no" | "f" | "n" | "disabled" | "control" => Some(false),
        _ => None,
    }
}
