//! Which of the things that `snapshot` does is done.

use crate::cli::{SnapshotAction, SnapshotArguments};
use crate::error::Result;

use super::super::session::Session;
use super::{compare, keep, restore};

pub(in super::super) fn run(session: &mut Session, arguments: &SnapshotArguments) -> Result<u8> {
    match &arguments.action {
        SnapshotAction::Save(arguments) => keep::save(session, arguments),
        SnapshotAction::Restore(arguments) => restore::run(session, arguments),
        SnapshotAction::Diff(arguments) => compare::run(session, arguments),
        SnapshotAction::List => keep::list(session),
    }
}
