//! `ffctl serve`: the real process, what it answers, and what it does not let clients do.

mod commands;
mod connections;
mod directory;
mod reads;
mod roles;
mod running;
mod team;
mod watching;
mod writes;
