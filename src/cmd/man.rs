//! `ffctl man`: a manual page, made of the definition of the command line.

use clap::CommandFactory;

use crate::cli::{Cli, ManArguments};
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::exit;

use super::manual::page;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &ManArguments) -> Result<u8> {
    session.takes_no_global_option("a manual page is the same everywhere")?;
    let mut program = Cli::command();
    program.build();
    let command = match &arguments.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let error = Error::new(Kind::Usage, format!("there is no command `{name}`"));
            let known = program.get_subcommands().map(clap::Command::get_name);
            error.hint(did_you_mean(name, known).unwrap_or_else(|| "ffctl --help".to_owned()))
        })?,
    };
    let page = page(&program, command);
    session.console.data(&page)?;
    Ok(exit::DONE)
}
