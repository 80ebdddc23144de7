//! From what `SQLite` and the system say to what a person can do.

use rusqlite::ErrorCode;

use crate::error::{Error, Kind};

/// Returns the error of a store that is not what it should be.
pub(super) fn damaged(shown: &str, what: impl Into<String>) -> Error {
    Error::new(Kind::Local, format!("the local store `{shown}` is damaged: {}", what.into())).hint(format!(
        "restore it from a backup, or start anew without its overrides: `mv {shown} {shown}.damaged`"
    ))
}

/// Returns the error of a failed operation of `SQLite` on the store.
pub(super) fn failed(shown: &str, error: rusqlite::Error) -> Error {
    let local = |message: String| Error::new(Kind::Local, message);
    let elsewhere = "`--store FILE` names another place";
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) => {
            damaged(shown, error.to_string())
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            local(format!("the local store `{shown}` is in use by another process")).hint("try again")
        }
        Some(ErrorCode::DiskFull) => {
            local(format!("no space left for the local store `{shown}`")).hint(elsewhere)
        }
        Some(ErrorCode::SystemIoFailure) => {
            local(format!("the disk fails or takes no more of the local store `{shown}`"))
                .caused_by(error)
                .hint(elsewhere)
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            local(format!("cannot open or write the local store `{shown}`")).caused_by(error).hint(elsewhere)
        }
        Some(_) => local(format!("the local store `{shown}` failed")).caused_by(error),
        // Not SQLite's: a column that holds what it never should.
        None => damaged(shown, error.to_string()),
    }
}

/// Returns the error of a failed operation of the system on the store or its folder.
pub(super) fn failed_io(shown: &str, doing: &str, error: std::io::Error) -> Error {
    Error::new(Kind::Local, format!("cannot {doing} the local store `{shown}`"))
        .caused_by(error)
        .hint("`--store FILE` names another place")
}
