//! The proof that this run may write.

/// Exists only in a run that is no dry run. Whatever changes a store, a server or a file asks for it, so that
/// `--dry-run` holds where writes leave the program and not in each command.
#[derive(Clone, Copy, Debug)]
pub struct Permit(());

impl Permit {
    /// Returns the permit, unless the run is a dry run.
    pub const fn unless_dry_run(dry_run: bool) -> Option<Self> {
        if dry_run { None } else { Some(Self(())) }
    }
}
