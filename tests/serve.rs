//! `ffctl serve`: the real process, what it answers, and what it does not let clients do.

mod commands;
mod connections;
mod database;
mod directory;
mod model;
mod newer;
mod quick;
mod reads;
mod replicas;
mod roles;
mod running;
mod strangers;
mod team;
mod token_entries;
mod watching;
mod writes;
