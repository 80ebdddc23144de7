//! The layers by name, in the order in which they win.

use std::fmt;

/// Which layer a value comes from; a later one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// flags.toml of this checkout.
    Default,
    /// An `FF_*` variable.
    Env,
    /// An override of the target.
    Admin,
    /// An option of this one command that asks "what if"; nothing is changed.
    WhatIf,
}

impl Source {
    /// Every source, lowest first.
    pub const ALL: [Self; 4] = [Self::Default, Self::Env, Self::Admin, Self::WhatIf];

    /// Returns the word of the source in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Env => "env",
            Self::Admin => "admin",
            Self::WhatIf => "what_if",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl serde::Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
