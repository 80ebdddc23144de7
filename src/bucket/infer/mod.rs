//! Which formula does production use? Candidates, and what observed users leave of them.

mod candidate;
mod search;

pub use candidate::{Candidate, Search};
pub use search::{Agreement, Found, Observation, Verdict, infer};
