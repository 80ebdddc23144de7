//! Findings over definitions and environment: what is wrong, out of date, contradictory or without effect.
//!
//! Pure: the file, the variables and the day come in as data. One rule a file below `rule/`, each with its code; what
//! all of them are is [`RULES`]. What follows from clauses alone is `clause/`, which asks the evaluator and never
//! decides itself who matches. No exit codes and no formats: which findings fail a run is `cmd/`'s, how they look is
//! `output/`'s.

mod clause;
mod drawn;
mod finding;
mod mistakes;
mod rule;
mod rules;
mod run;
mod scope;
mod subject;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Place, Severity};
pub use mistakes::{env_file_findings, file_findings};
pub use rules::{RULES, Rule, rule_of};
pub use run::lint;
pub use subject::{EnvFile, Environment, Subject};
