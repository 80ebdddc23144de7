//! `--if`: what a flag must be for a change to be made.

use crate::error::{Error, Kind, Result};
use crate::eval::State;
use crate::layer::{FieldValue, parse_switch};
use crate::model::{Fallthrough, Flag, VariationName, Weight};

use super::request::{bare_number, variation_of};

/// What a flag must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// On for everyone.
    On,
    /// Off for everyone.
    Off,
    /// Not the same for everyone.
    Partial,
    /// Switched on with this rollout, whoever is treated apart.
    Rollout(Weight),
    /// This variation for everyone.
    Variation(VariationName),
}

impl Condition {
    /// Reads `on`, `off`, `partial`, `25%` or a variation of the flag.
    ///
    /// # Errors
    /// When it is nothing of that, or ambiguous (`1`: on, or 1%?).
    pub fn parse(flag: &Flag, text: &str) -> Result<Self> {
        let text = text.trim();
        if let Some((message, readings)) = bare_number(text) {
            let error = Error::new(Kind::Usage, format!("--if: {message}"));
            return Err(readings.iter().fold(error, |error, reading| error.hint(format!("--if {reading}"))));
        }
        if text.eq_ignore_ascii_case("partial") {
            return Ok(Self::Partial);
        }
        if let Some(word) = parse_switch(text) {
            return Ok(if word.0 { Self::On } else { Self::Off });
        }
        if text.ends_with('%') {
            return Weight::parse(text).map(Self::Rollout).map_err(|error| {
                Error::new(Kind::Usage, format!("--if: {error}"))
                    .hint("write a percentage from 0% to 100%, such as 12.5%")
            });
        }
        if flag.variations.is_boolean() {
            let message = format!("--if: `{text}` is no state of the boolean flag `{}`", flag.name);
            return Err(
                Error::new(Kind::Usage, message).hint("write on, off, partial or a percentage such as 25%")
            );
        }
        variation_of(flag, text).map(Self::Variation)
    }

    /// Tells whether the flag is so: `state` is what it means for everybody, `flag` as it is in effect.
    pub fn holds(&self, state: &State, flag: &Flag) -> bool {
        match self {
            Self::On => matches!(state, State::On(_)),
            Self::Off => matches!(state, State::Off(_)),
            Self::Partial => matches!(state, State::Partial(_)),
            Self::Rollout(weight) => flag.enabled && flag.fallthrough == Fallthrough::Rollout(*weight),
            Self::Variation(variation) => state.everyone() == Some(variation),
        }
    }
}

/// Writes the condition as it is typed.
impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::On => f.pad("on"),
            Self::Off => f.pad("off"),
            Self::Partial => f.pad("partial"),
            Self::Rollout(weight) => std::fmt::Display::fmt(weight, f),
            Self::Variation(variation) => f.pad(&FieldValue::Variation(variation.clone()).to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::state_of;
    use crate::model::{Definitions, FlagName};

    #[test]
    fn each_word_holds_for_its_state_alone() {
        let flag = |enabled, rollout: &str| Flag {
            fallthrough: Fallthrough::Rollout(Weight::parse(rollout).expect("a weight")),
            ..Flag::boolean(FlagName::try_from("x").expect("a name"), enabled)
        };
        let on = || VariationName::try_from("on").expect("a name");
        let mut listed = flag(true, "25%");
        listed.orgs.insert("acme".to_owned(), on());
        let cases = [
            (flag(true, "100%"), vec!["on", "100%", "TRUE"]),
            (flag(false, "25%"), vec!["off", "no"]),
            (flag(true, "25%"), vec!["partial", "25%", "25.0%"]),
            (listed, vec!["partial", "25%", "25.0%"]),
            (flag(true, "0%"), vec!["off", "no", "0%"]),
        ];
        for (flag, holding) in cases {
            let state = state_of(&Definitions::default(), &flag);
            for text in ["on", "100%", "TRUE", "off", "no", "partial", "25%", "25.0%", "0%"] {
                let condition = Condition::parse(&flag, text).expect(text);
                assert_eq!(condition.holds(&state, &flag), holding.contains(&text), "{state}: {text}");
            }
        }
        for wrong in ["1", "0.25", "25", "v3", "", "101%", "25%%"] {
            assert_eq!(Condition::parse(&flag(true, "1%"), wrong).expect_err(wrong).kind(), Kind::Usage);
        }
    }
}
