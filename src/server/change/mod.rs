//! Changes of overrides: one path for one flag, several, and a flag that goes back to the layers below.
//!
//! What a patch does to a flag is decided in `layer/`, whether it still may in `admin/`; here stands what HTTP adds:
//! preconditions, names of attempts, rehearsals, and which of it is whose mistake.

mod answer;
mod apply;
mod body;
mod fit;
mod precondition;

pub(super) use answer::{several, single};
pub(super) use apply::{Applied, Change, Wanted, apply};
pub(super) use body::{reason_of, unknown_keys};
pub(super) use precondition::Precondition;
