//! The forecast as one query, for a database where the users already are.
//!
//! The same flag, the same buckets, the same counts: whole numbers only, nothing sampled, one pass over the table. What SQL
//! cannot say in the way the evaluator means it is refused by name, never approximated. Text only: no database is
//! spoken to here.

mod clause;
mod decide;
mod dialect;
mod drawn;
mod query;
mod table;
mod text;

#[cfg(test)]
mod tests;

pub use dialect::Dialect;
pub use query::{SqlError, SqlQuery, sql_query};
pub use table::UserTable;
