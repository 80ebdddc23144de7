//! Whether to use colour.

use crate::error::{Error, Kind, Result, did_you_mean};

use super::options::Options;
use super::variables::Variables;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Where a person looks on: on a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// The words of `--color` and `FFCTL_COLOR`.
    pub const WORDS: [(&'static str, Self); 3] =
        [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];

    /// Returns whether a stream gets colour.
    pub const fn applies(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal,
            Self::Always => true,
            Self::Never => false,
        }
    }

    /// Decides: `--color`, then `FFCTL_COLOR`, `NO_COLOR` (set and not empty, see no-color.org),
    /// `CLICOLOR_FORCE` (set and neither empty nor 0, see bixense.com/clicolors), then the terminal.
    ///
    /// # Errors
    /// When `FFCTL_COLOR` is none of the words.
    pub(super) fn resolve(options: &Options, variables: &Variables) -> Result<Self> {
        if let Some(choice) = options.color {
            return Ok(choice);
        }
        if let Some(word) = variables.optional("FFCTL_COLOR")? {
            let choice = Self::WORDS.into_iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
            let words = Self::WORDS.map(|(known, _)| known);
            return choice.map(|(_, choice)| choice).ok_or_else(|| {
                let hint =
                    did_you_mean(word, words).unwrap_or_else(|| "write auto, always or never".to_owned());
                Error::new(Kind::Invalid, format!("variable `FFCTL_COLOR`: `{word}` is no choice of colour"))
                    .hint(hint)
            });
        }
        let set =
            |name: &str| variables.text(name).map_or(Some("1"), |text| text).filter(|text| !text.is_empty());
        if set("NO_COLOR").is_some() {
            Ok(Self::Never)
        } else if set("CLICOLOR_FORCE").is_some_and(|text| text != "0") {
            Ok(Self::Always)
        } else {
            Ok(Self::Auto)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_option_variable_no_color_force_terminal() {
        let option = Options { color: Some(ColorChoice::Always), ..Options::default() };
        let none = Options::default();
        let resolve =
            |options: &Options, variables| ColorChoice::resolve(options, &variables).expect("valid");
        let all = [("FFCTL_COLOR", "Never"), ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")];
        assert_eq!(resolve(&option, all.into()), ColorChoice::Always);
        assert_eq!(resolve(&none, all.into()), ColorChoice::Never);
        let both = [("NO_COLOR", "0"), ("CLICOLOR_FORCE", "1")];
        assert_eq!(resolve(&none, both.into()), ColorChoice::Never);
        assert_eq!(resolve(&none, [("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")].into()), ColorChoice::Always);
        assert_eq!(resolve(&none, [("CLICOLOR_FORCE", "0")].into()), ColorChoice::Auto);
    }

    #[test]
    fn a_wrong_word_names_its_variable() {
        let error = ColorChoice::resolve(&Options::default(), &[("FFCTL_COLOR", "alwys")].into());
        let error = error.expect_err("no word");
        assert_eq!(error.hints(), ["did you mean `always`?"]);
        assert!(error.message().contains("FFCTL_COLOR"));
    }
}
