//! Changes as transactions: what is asked, what would change, whether it may, and writing files safely.
//!
//! One path for the store, a server, `.env` and flags.toml: request → plan → guard → write → read back. What
//! a plan looks like on a screen is `report/` and `output/`; talking to stores and servers is `admin/`.

mod condition;
mod effect;
mod env_file;
mod file;
mod guard;
mod hunk;
mod pieces;
mod plan;
mod private_file;
mod request;
mod restrict;

pub use condition::Condition;
pub use effect::Effect;
pub use env_file::{EnvEdit, edit_env_file};
pub use file::{FileSnapshot, read_file, write_file, write_list};
pub use guard::{Consent, ConsentOptions, TargetGuard, consent};
pub use hunk::{hunk, taken_back};
pub use pieces::{Piece, pieces};
pub use plan::{InForce, Known, Plan, PlannedField, PlannedFlag, plan};
pub use private_file::{remove_private_file, write_private_file};
pub use request::{FlagRequest, parse_assignment, parse_split, set_patch, variable_value};
pub use restrict::{
    Refusal, Restricted, may_make_tokens, may_revoke_tokens, nothing_frozen, refusals, refused,
};
