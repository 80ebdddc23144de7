//! Commands that ask nothing and answer one thing refuse the options that say what to ask and how to answer.

use crate::error::{Error, Kind, Result};

use super::session::Session;

impl Session {
    /// Refuses every global option, which would be ignored.
    ///
    /// # Errors
    /// Kind `Usage` with the first that was given.
    pub(super) fn takes_no_global_option(&self, why: &str) -> Result<()> {
        let options = &self.settings.options;
        let given = [
            ("--flags", options.flags.is_some()),
            ("--env-file", options.env_file.is_some()),
            ("--profile", options.profile.is_some()),
            ("--local", options.local),
            ("--store", options.store.is_some()),
            ("--offline", self.offline),
            ("--max-age", self.max_age.is_some()),
            ("--output", options.output.is_some()),
            ("--color", options.color.is_some()),
        ];
        let Some((option, _)) = given.into_iter().find(|(_, given)| *given) else { return Ok(()) };
        Err(Error::new(Kind::Usage, format!("{option} has no effect here: {why}"))
            .hint(format!("leave out {option}")))
    }
}
