//! Whether a change may be made without further words.

use crate::error::{Error, Kind, Result};

/// What is known of the target of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGuard {
    /// How the target is named.
    pub label: String,
    /// Whether the command line names it.
    pub explicit: bool,
    /// The option that would name it.
    pub option: String,
    /// The profile to confirm by its name, where it is protected.
    pub protected: Option<String>,
}

impl TargetGuard {
    /// Makes sure that `--confirm` has something to confirm.
    ///
    /// # Errors
    /// Kind `Usage` where no name protects what is written to.
    pub fn takes_confirmation(&self, options: &ConsentOptions) -> Result<()> {
        if options.confirm.is_none() || self.protected.is_some() {
            return Ok(());
        }
        let message =
            format!("--confirm names a protected profile, and nothing protects this: {}", self.label);
        Err(Error::new(Kind::Usage, message).hint("leave out --confirm; --yes leaves out the question"))
    }
}

/// What the command line says of consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentOptions {
    /// `--yes`.
    pub yes: bool,
    /// `--confirm NAME`.
    pub confirm: Option<String>,
    /// Whether a person can be asked.
    pub terminal: bool,
}

/// What is still needed before a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nothing: write.
    Given,
    /// A yes at the terminal.
    Ask,
    /// This word at the terminal: the name of a protected profile.
    AskName(String),
}

/// Decides whether a write may go on, must ask, or is refused.
///
/// # Errors
/// Kind `Refused`: a protected profile that the command line does not name or that `--confirm` does not
/// confirm; without a terminal, a missing `--yes` or target.
pub fn consent(target: &TargetGuard, options: &ConsentOptions) -> Result<Consent> {
    let refuse = |message: String| Error::new(Kind::Refused, message);
    if let Some(name) = &target.protected {
        if !target.explicit {
            return Err(refuse(format!("profile `{name}` is protected and must stand on the command line"))
                .hint(format!("add --profile {name}")));
        }
        return match &options.confirm {
            Some(given) if given == name => Ok(Consent::Given),
            Some(given) => {
                Err(refuse(format!("--confirm {given} does not name the protected profile `{name}`"))
                    .hint(format!("add --confirm {name}")))
            }
            None if options.terminal && !options.yes => Ok(Consent::AskName(name.clone())),
            None => Err(refuse(format!("profile `{name}` is protected; --yes is not enough"))
                .hint(format!("add --confirm {name}"))),
        };
    }
    if options.terminal {
        return Ok(if options.yes { Consent::Given } else { Consent::Ask });
    }
    if !options.yes {
        return Err(refuse(format!("without a terminal a change needs --yes; target: {}", target.label))
            .hint(if target.explicit {
                "add --yes to change it, or --dry-run to see what would change".to_owned()
            } else {
                format!("add {} --yes to change it, or --dry-run to see what would change", target.option)
            }));
    }
    if !target.explicit {
        let message = format!("without a terminal a change must name its target; this is {}", target.label);
        return Err(refuse(message).hint(format!("add {} to change it", target.option)));
    }
    Ok(Consent::Given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(explicit: bool, protected: bool) -> TargetGuard {
        let protected = protected.then(|| "prod".to_owned());
        TargetGuard { label: "prod".into(), explicit, option: "--profile prod".into(), protected }
    }

    fn options(yes: bool, confirm: Option<&str>, terminal: bool) -> ConsentOptions {
        ConsentOptions { yes, confirm: confirm.map(str::to_owned), terminal }
    }

    #[test]
    fn nothing_unprotected_is_confirmed_by_name() {
        for (protected, confirm, fits) in [
            (true, Some("prod"), true),
            (true, None, true),
            (false, None, true),
            (false, Some("prod"), false),
        ] {
            let checked = target(true, protected).takes_confirmation(&options(true, confirm, false));
            assert_eq!(checked.is_ok(), fits, "{protected} {confirm:?}");
            assert!(checked.err().is_none_or(|error| error.kind() == Kind::Usage));
        }
    }

    #[test]
    fn consent_needs_a_person_or_words() {
        let cases = [
            (target(false, false), options(false, None, true), Some(Consent::Ask)),
            (target(false, false), options(true, None, true), Some(Consent::Given)),
            (target(true, false), options(true, None, false), Some(Consent::Given)),
            (target(false, false), options(true, None, false), None),
            (target(true, false), options(false, None, false), None),
            (target(true, true), options(true, None, true), None),
            (target(true, true), options(true, None, false), None),
            (target(true, true), options(false, None, true), Some(Consent::AskName("prod".into()))),
            (target(true, true), options(false, Some("prod"), false), Some(Consent::Given)),
            (target(true, true), options(true, Some("staging"), false), None),
            (target(false, true), options(true, Some("prod"), true), None),
        ];
        for (target, options, expected) in cases {
            let decided = consent(&target, &options);
            match expected {
                Some(expected) => assert_eq!(decided.expect("allowed"), expected, "{target:?} {options:?}"),
                None => {
                    assert_eq!(decided.expect_err("refused").kind(), Kind::Refused, "{target:?} {options:?}");
                }
            }
        }
    }
}
