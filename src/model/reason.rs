//! Why an evaluation came out as it did.

/// Why a variation was served; the words on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Everyone gets it: no targeting, no bucket.
    Static,
    /// Nothing above matched.
    Default,
    /// A user, an organisation or a rule matched.
    TargetingMatch,
    /// The bucket decided.
    Split,
    /// The switch is off.
    Disabled,
    /// Another flag does not serve what this one needs.
    PrerequisiteFailed,
    /// The evaluation could not be finished.
    Error(ErrorCode),
}

/// What kept an evaluation from being finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The unit to bucket by is absent, null or empty.
    TargetingKeyMissing,
    /// The definition refers to something that is not there.
    InvalidDefinition,
}

impl Reason {
    /// Returns the word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Default => "default",
            Self::TargetingMatch => "targeting_match",
            Self::Split => "split",
            Self::Disabled => "disabled",
            Self::PrerequisiteFailed => "prerequisite_failed",
            Self::Error(_) => "error",
        }
    }

    /// Returns the error's word on the wire, if it is an error.
    pub const fn error_code(self) -> Option<&'static str> {
        match self {
            Self::Error(ErrorCode::TargetingKeyMissing) => Some("targeting_key_missing"),
            Self::Error(ErrorCode::InvalidDefinition) => Some("invalid_definition"),
            _ => None,
        }
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
