//! The committed completion scripts are those of the command line as it is.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::project::pinned_at;

#[test]
fn the_committed_scripts_are_current() {
    let names = [
        (Shell::Bash, "ffctl.bash"),
        (Shell::Zsh, "_ffctl"),
        (Shell::Fish, "ffctl.fish"),
        (Shell::PowerShell, "_ffctl.ps1"),
        (Shell::Elvish, "ffctl.elv"),
    ];
    for (shell, name) in names {
        let mut script = Vec::new();
        generate(shell, &mut ffctl::cli::Cli::command(), "ffctl", &mut script);
        pinned_at(&format!("completions/{name}"), &String::from_utf8(script).expect("UTF-8"));
    }
}
