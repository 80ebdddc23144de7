//! Tests of evaluation, a file per idea.

mod make;

mod derived;
mod experiments;
mod kinds;
mod malformed;
mod observer;
mod operators;
mod prerequisites;
mod segments;
mod states;
mod steps;
