//! `ffctl doctor`

use clap::Args;

/// Look over everything that commands need: settings, files, target, token, server
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl doctor
  ffctl doctor --offline -o json

Ends with 0 where nothing is wrong, warnings included; else with the code of a command that meets
what is wrong: 7 an invalid file or variable, 3 an unknown profile, 4 a token, 6 a server, 12 a file
or store; of several the first.")]
pub struct DoctorArguments {}
