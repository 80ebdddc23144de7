//! `ffctl init`: a commented starter flags.toml.

use std::path::Path;

use crate::change::{read_file, write_file};
use crate::cli::InitArguments;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::flagfile::{FlagFile, starter};
use crate::report::InitReport;

use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &InitArguments) -> Result<u8> {
    let targets = ["--env-file", "--profile", "--local", "--store", "--offline", "--max-age"];
    session.has_no_use_for("`ffctl init` writes a file and", &targets)?;
    let options = &session.settings.options;
    let named = options.flags.clone().unwrap_or_else(|| "flags.toml".into());
    let shown = named.display().to_string();
    let path = session.settings.folders.absolute(&named);
    let snapshot = read_file(&path)?;
    if snapshot.text.is_some() || Path::new(&path).is_dir() {
        return Err(Error::new(Kind::Refused, format!("`{shown}` exists already; nothing was written"))
            .hint("ffctl init --flags FILE writes another one"));
    }
    let flags = match FlagFile::parse(&shown, starter().to_owned()) {
        Ok(file) => file.definitions().flags.keys().map(ToString::to_string).collect(),
        Err(mistakes) => return Err(Error::in_file("the built-in starter file", mistakes)),
    };
    if let Some(permit) = crate::admin::Permit::unless_dry_run(arguments.dry_run) {
        write_file(&permit, &snapshot, starter())?;
    }
    session.emit(&InitReport { file: shown, flags, dry_run: arguments.dry_run })?;
    Ok(exit::DONE)
}
