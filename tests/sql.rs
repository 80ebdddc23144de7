//! `simulate-rollout --emit-sql`: the same counts in databases.

mod cases;
mod counts;
mod databases;
mod documented;
mod mariadb;
mod options;
