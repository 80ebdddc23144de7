//! Why a change cannot be spliced.

use crate::error::Diagnostic;
use crate::model::{FlagName, VariationName};

/// Why a change cannot be spliced into the text. The text is then as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpliceError {
    /// The file defines no such flag, and an edit never creates one.
    #[error("no flag is called `{0}`")]
    UnknownFlag(FlagName),
    /// The flag cannot serve that.
    #[error("`{flag}` has no variation `{variation}`")]
    UnknownVariation {
        /// The flag.
        flag: FlagName,
        /// What it was to serve.
        variation: VariationName,
    },
    /// A rollout is for boolean flags.
    #[error("`{0}` has variations: it takes `serve` or a `split`, no rollout")]
    NotBoolean(FlagName),
    /// `serve` and `split` are for flags with variations.
    #[error("`{0}` is boolean: it takes a rollout, no `serve` and no `split`")]
    NotNamed(FlagName),
    /// A flag with variations always says what it serves.
    #[error("`{flag}` must say what it serves: `{field}` can be replaced, not removed")]
    Required {
        /// The flag.
        flag: FlagName,
        /// The key in the file.
        field: &'static str,
    },
    /// A user's or organisation's key is never empty.
    #[error("a key in `{field}` of `{flag}` is empty")]
    EmptyKey {
        /// The flag.
        flag: FlagName,
        /// The key in the file.
        field: &'static str,
    },
    /// The list has to become a table, on one line, and its comments would be lost.
    #[error("`{field}` of `{flag}` has comments that would be lost: write it as a table first")]
    Comments {
        /// The flag.
        flag: FlagName,
        /// The key in the file.
        field: &'static str,
    },
    /// What was spliced does not read back as what was meant; a defect of this program.
    #[error("the changed file would not read back as intended, so it is left alone")]
    NotAsIntended(Vec<Diagnostic>),
}
