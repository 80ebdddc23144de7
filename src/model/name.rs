//! Names of flags, experiments, segments and variations.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Why a text is not a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing, or more than 128 characters.
    #[error("a name has 1 to 128 characters, this one has {0}")]
    Length(usize),
    /// It starts with something else than a letter.
    #[error("a name starts with a letter, not with {0:?}")]
    Start(char),
    /// It holds something else than letters, digits, `_`, `.` and `-`.
    #[error("a name holds letters, digits, `_`, `.` and `-`, not {0:?}")]
    Character(char),
    /// A variation named like a boolean word, which `ffctl set` could not tell from the switch.
    #[error("a variation is not named like the boolean word `{0}`")]
    BooleanWord(String),
}

/// The words that set a switch, lower-case.
const BOOLEAN_WORDS: [&str; 8] = ["true", "false", "1", "0", "on", "off", "yes", "no"];

fn check(text: &str) -> Result<(), NameError> {
    let length = text.chars().count();
    if length == 0 || length > 128 {
        return Err(NameError::Length(length));
    }
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if first.is_ascii_alphabetic() => {}
        other => return Err(NameError::Start(other.unwrap_or(' '))),
    }
    match characters.find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))) {
        Some(odd) => Err(NameError::Character(odd)),
        None => Ok(()),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(text: &str) -> Result<Self, NameError> {
                check(text)?;
                Ok(Self(text.into()))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

name! {
    /// The name of a flag: `[A-Za-z][A-Za-z0-9_.-]{0,127}`.
    FlagName
}
name! {
    /// The name of an experiment; shares one namespace with flags.
    ExperimentName
}
name! {
    /// The name of a segment.
    SegmentName
}
name! {
    /// The name of a variation, or of an experiment's variant. Only a boolean flag has `on` and `off`.
    VariationName
}

impl VariationName {
    /// Returns the name of a variation of a flag that is not boolean.
    ///
    /// # Errors
    /// When the text is no name, or one of the boolean words in any case.
    pub fn named(text: &str) -> Result<Self, NameError> {
        if BOOLEAN_WORDS.contains(&text.to_ascii_lowercase().as_str()) {
            return Err(NameError::BooleanWord(text.to_owned()));
        }
        Self::try_from(text)
    }
}

/// Returns the environment variable of a flag: `FF_` and the name upper-cased, `-` and `.` as `_`.
pub fn variable_of(flag: &str) -> String {
    let mut variable = String::with_capacity(3 + flag.len());
    variable.push_str("FF_");
    variable.extend(flag.chars().map(|c| match c {
        '-' | '.' => '_',
        other => other.to_ascii_uppercase(),
    }));
    variable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for good in ["a", "use_v3_style", "a.b-c_9", &"x".repeat(128)] {
            assert!(FlagName::try_from(good).is_ok(), "{good}");
        }
        for bad in ["", "9a", "_a", "a b", "a/b", "é", &"x".repeat(129)] {
            assert!(FlagName::try_from(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_variation_is_no_boolean_word() {
        assert!(VariationName::named("v2").is_ok());
        for word in ["on", "OFF", "True", "yes"] {
            assert_eq!(VariationName::named(word), Err(NameError::BooleanWord(word.into())));
        }
    }

    #[test]
    fn variables_are_upper_case_with_underscores() {
        assert_eq!(variable_of("enable-try.on_2"), "FF_ENABLE_TRY_ON_2");
    }
}
