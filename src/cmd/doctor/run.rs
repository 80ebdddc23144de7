//! The checks, one after the other.

use crate::cmd::session::Session;
use crate::error::Result;
use crate::report::{DoctorReport, Note};
use crate::settings::{FlagFile, TargetChoice};
use crate::simulate::READS_PARQUET;

use super::findings::Findings;
use super::{directory, files, server, settings, stores};

/// What the checks have learnt for those that follow.
pub(super) struct Ground {
    /// Where flags.toml is; none where one was named that is not there.
    pub(super) flag_file: Option<FlagFile>,
    /// What is spoken to; none where the settings do not tell.
    pub(super) choice: Option<TargetChoice>,
}

/// Tells which program this is, and what it was built with.
fn check_program(findings: &mut Findings) {
    findings.begin("program");
    let parquet = if READS_PARQUET { "reads Parquet" } else { "built without Parquet" };
    findings.ok(format!("ffctl {}, {parquet}", env!("CARGO_PKG_VERSION")), None);
}

pub(in crate::cmd) fn run(session: &mut Session) -> Result<u8> {
    session.has_no_use_for("`ffctl doctor` looks at what is there and", &["--max-age"])?;
    let mut findings = Findings::default();
    check_program(&mut findings);
    let missing = FlagFile::Missing { looked_in: Vec::new() };
    let flag_file = session.settings.flag_file();
    let choice = session.settings.target(flag_file.as_ref().unwrap_or(&missing));
    settings::check(session, &mut findings);
    files::check_config(session, choice.as_ref().ok(), &mut findings);
    settings::check_target(session, choice.as_ref(), &mut findings);
    files::check_flags(session, &flag_file, choice.as_ref().ok(), &mut findings);
    let ground = Ground { flag_file: flag_file.ok(), choice: choice.ok() };
    stores::check_store(session, &ground, &mut findings);
    settings::check_token(session, &ground, &mut findings);
    stores::check_cache(session, &ground, &mut findings);
    server::check(session, &ground, &mut findings);
    directory::check(session, &ground, &mut findings);
    let (summary, code) = (findings.count(), findings.code());
    let notes: Vec<Note> = if session.offline {
        vec![Note::new("--offline: nobody was asked; server and user directory were left out")]
    } else {
        Vec::new()
    };
    session.notes(&notes);
    let report =
        DoctorReport { healthy: summary.wrong == 0, summary, findings: findings.into_reports(), notes };
    session.emit(&report)?;
    Ok(code)
}
