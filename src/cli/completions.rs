//! `ffctl completions`

use clap::{Args, ValueEnum};

/// Print the script that completes commands, options, flags and values in a shell
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl completions bash > ffctl.bash
  ffctl completions fish

The script says in its first lines where it belongs. It asks ffctl itself what could stand next: names of
flags with their state, variations, experiments, profiles; from files only, never from the network.")]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: ShellWord,
}

/// The shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellWord {
    /// bash 3.2 and later
    Bash,
    /// zsh
    Zsh,
    /// fish 3 and later
    Fish,
    /// `PowerShell` 5.1 and later
    #[value(help = "PowerShell 5.1 and later")]
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    /// elvish 0.19 and later
    Elvish,
}
