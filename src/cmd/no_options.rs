//! Global options that a command has no use for are refused, never ignored.

use crate::error::{Error, Kind, Result};

use super::session::Session;

impl Session {
    /// Refuses every global option, which would be ignored.
    ///
    /// # Errors
    /// Kind `Usage` with the first that was given.
    pub(super) fn takes_no_global_option(&self, why: &str) -> Result<()> {
        let Some((option, _)) = self.global_options().into_iter().find(|(_, given)| *given) else {
            return Ok(());
        };
        Err(Error::new(Kind::Usage, format!("{option} has no effect here: {why}"))
            .hint(format!("leave out {option}")))
    }

    /// Refuses these of the global options, which would be ignored; `who` says who "has no use for" them.
    ///
    /// # Errors
    /// Kind `Usage` with the first that was given.
    pub(super) fn has_no_use_for(&self, who: &str, options: &[&str]) -> Result<()> {
        let refused = |(option, given): &(&str, bool)| *given && options.contains(option);
        let Some((option, _)) = self.global_options().into_iter().find(refused) else { return Ok(()) };
        Err(Error::new(Kind::Usage, format!("{who} has no use for {option}"))
            .hint(format!("leave out {option}")))
    }

    /// Returns the global options, each with whether it was given.
    fn global_options(&self) -> [(&'static str, bool); 9] {
        let options = &self.settings.options;
        [
            ("--flags", options.flags.is_some()),
            ("--env-file", options.env_file.is_some()),
            ("--profile", options.profile.is_some()),
            ("--local", options.local),
            ("--store", options.store.is_some()),
            ("--offline", self.offline),
            ("--max-age", self.max_age.is_some()),
            ("--output", options.output.is_some()),
            ("--color", options.color.is_some()),
        ]
    }
}
