//! The options that every command has, as the command line said them.

use std::path::PathBuf;

use super::color::ColorChoice;

/// The global options; what was not given is none or false.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--flags FILE`: the flags.toml to read.
    pub flags: Option<PathBuf>,
    /// `--env-file FILE`: a file with `FF_*` lines.
    pub env_file: Option<PathBuf>,
    /// `-p/--profile NAME`: the profile to speak to.
    pub profile: Option<String>,
    /// `--local`: the local store, whatever else is set.
    pub local: bool,
    /// `--store FILE`: the file of the local store, which is spoken to then.
    pub store: Option<PathBuf>,
    /// `-o/--output FORMAT`: its word; the formats themselves are `output/`'s.
    pub output: Option<String>,
    /// `--color WHEN`.
    pub color: Option<ColorChoice>,
}
