//! Rows with columns, many at once. What a program can make of a cell is found out once for each different cell
//! (`memo`), rows whose cells answer alike are one sort (`sorter`), what the users of a sort come to is evaluated
//! once, and their ids are hashed in lanes as plain ones are.
//!
//! Nothing here decides what a user is served, or reads a value otherwise than row by row: that is the one evaluator's,
//! asked for a row of each sort. What cannot be told from single cells is left to the row path.

mod ages;
mod csv;
mod groups;
mod ids;
mod json;
mod many;
mod memo;
mod object;
mod pairs;
mod plain;
mod short;
mod sorter;
mod sorting;
mod template;

pub(super) use ids::{make_up_ids, read_ids, sorting_of_ids};
pub(crate) use many::{Many, ManyMemory, Work};
pub(super) use short::Short;
pub(crate) use sorting::Asked;
pub(super) use sorting::{Cell, Place, Sorting};
