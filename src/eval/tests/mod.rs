//! Tests of evaluation, a file per idea; [`generate`] serves the tests of other rooms as well.

pub(crate) mod generate;
mod make;

mod bounds;
mod derived;
mod experiments;
mod kinds;
mod malformed;
mod observer;
mod operators;
mod prerequisites;
mod programs;
mod properties;
mod segments;
mod states;
mod steps;
