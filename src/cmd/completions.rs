//! `ffctl completions`: the script of a shell. The scripts are files of the project, and ask [`super::complete`].

use crate::cli::{CompletionsArguments, ShellWord};
use crate::error::Result;
use crate::exit;

use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &CompletionsArguments) -> Result<u8> {
    session.takes_no_global_option("the script is the same everywhere")?;
    session.console.data(script(arguments.shell))?;
    Ok(exit::DONE)
}

const fn script(shell: ShellWord) -> &'static str {
    match shell {
        ShellWord::Bash => include_str!("../../completions/ffctl.bash"),
        ShellWord::Zsh => include_str!("../../completions/_ffctl"),
        ShellWord::Fish => include_str!("../../completions/ffctl.fish"),
        ShellWord::PowerShell => include_str!("../../completions/_ffctl.ps1"),
        ShellWord::Elvish => include_str!("../../completions/ffctl.elv"),
    }
}
