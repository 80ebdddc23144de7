//! `ffctl journal verify`: whether the journal is the one that was written.

use crate::admin::{JournalEntry, verify_chain};
use crate::cli::{JournalAction, JournalArguments, VerifyArguments};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::TargetKind;
use crate::report::{BrokenReport, ChainReport, Note, TargetReport};

use super::session::Session;

/// The shortest beginning of a hash that names one.
const SHORTEST: usize = 8;

pub(super) fn run(session: &mut Session, arguments: &JournalArguments) -> Result<u8> {
    match &arguments.action {
        JournalAction::Verify(arguments) => verify(session, arguments),
    }
}

fn verify(session: &mut Session, arguments: &VerifyArguments) -> Result<u8> {
    let unused = [
        ("--env-file", session.settings.options.env_file.is_some()),
        ("--max-age", session.max_age.is_some()),
    ];
    if let Some((option, _)) = unused.iter().find(|(_, given)| *given) {
        let message = format!("`ffctl journal` reads a journal and has no use for {option}");
        return Err(Error::new(Kind::Usage, message).hint(format!("leave out {option}")));
    }
    let receipts = arguments.receipt.iter().map(|text| receipt(text)).collect::<Result<Vec<_>>>()?;
    let target = session.target()?;
    if session.offline && target.label().kind.is_remote() {
        let message = format!("--offline asks no server, and {} keeps its journal itself", target.label());
        return Err(Error::new(Kind::Usage, message).hint("leave out --offline"));
    }
    let notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    let entries = target.whole_journal()?;
    if !entries.is_empty() && entries.iter().all(|entry| entry.hash.is_none()) {
        let (kind, hint) = match target.label().kind {
            TargetKind::Local => (Kind::Local, "the next change chains it, entries of before included"),
            TargetKind::Database | TargetKind::Server => {
                (Kind::Unreachable, "`ffctl serve` keeps one that is")
            }
        };
        return Err(Error::new(kind, format!("{}: its journal is not chained", target.label())).hint(hint));
    }
    let verified = verify_chain(&entries);
    let broken = match &verified {
        Err(error) => Some(BrokenReport { number: error.number, problem: error.what.to_owned() }),
        Ok(_) => receipts.iter().find_map(|receipt| contradicted(&entries, receipt)),
    };
    session.notes(&notes);
    let code = if broken.is_none() { exit::DONE } else { exit::NO };
    session.emit(&ChainReport {
        target: TargetReport::from(&target.label_now()),
        whole: broken.is_none(),
        entries: u64::try_from(entries.len()).unwrap_or(u64::MAX),
        head: verified.ok().map(|head| head.to_string()),
        broken,
        notes,
    })?;
    Ok(code)
}

/// Reads `N=HASH`.
fn receipt(text: &str) -> Result<(u64, String)> {
    let read = text.split_once('=').and_then(|(number, hash)| {
        let digits =
            hash.len() >= SHORTEST && hash.len() <= 64 && hash.chars().all(|c| c.is_ascii_hexdigit());
        Some((number.parse().ok()?, hash.to_ascii_lowercase())).filter(|_| digits)
    });
    read.ok_or_else(|| {
        Error::new(Kind::Usage, format!("--receipt: `{text}` is no number and hash"))
            .hint("write what the receipt says, such as --receipt 17=9f86d081")
    })
}

/// Tells what is wrong if the journal is not the one that a receipt was given for.
fn contradicted(entries: &[JournalEntry], (number, hash): &(u64, String)) -> Option<BrokenReport> {
    let found = entries.iter().find(|entry| entry.number == *number);
    let problem = match found.and_then(|entry| entry.hash) {
        Some(found) if found.to_string().starts_with(hash) => return None,
        Some(found) => format!("its hash is {found}, and the receipt says {hash}"),
        None => "the receipt names it, and it is not there".to_owned(),
    };
    Some(BrokenReport { number: *number, problem })
}
