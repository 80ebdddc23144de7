//! The target alone, for commands that speak to it before they know which flags they are about.

use crate::admin::Target;
use crate::error::Result;
use crate::layer::TargetLabel;
use crate::settings::TimeLimits;

use super::session::Session;

impl Session {
    /// Returns how the target is named, if it is known which one is meant; nothing is asked.
    pub(super) fn chosen_target(&self) -> Option<TargetLabel> {
        let choice = self.settings.flag_file().and_then(|found| self.settings.target(&found)).ok()?;
        Some(Target::new(&choice, TimeLimits::default()).label().clone())
    }

    /// Returns the target; nothing of it is opened or asked yet.
    ///
    /// # Errors
    /// When it is contradictory, unknown, or a local store without a place.
    pub(super) fn target(&self) -> Result<Target> {
        let choice = self.settings.target(&self.settings.flag_file()?)?;
        self.target_of(&choice, self.settings.limits()?)
    }

    /// Returns the target of a change.
    ///
    /// # Errors
    /// As [`Session::target`]; also when `--offline` or `--max-age` would have it answer from memory.
    pub(super) fn target_to_change(&self) -> Result<Target> {
        let target = self.target()?;
        if target.label().kind.is_remote() {
            self.refuse_memory(target.label())?;
        }
        Ok(target)
    }
}
