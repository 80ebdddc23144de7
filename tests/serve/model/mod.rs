//! A model-checked store: many clients change flags in every way the API has, and one makes and revokes tokens, while the server is killed again and
//! again (and of a database its servers and the database itself), and afterwards the journal has to be one that
//! explains every answer that was given.
//!
//! Runs some seconds; `FFCTL_TEST_MODEL_SECONDS` says how many, `FFCTL_TEST_MODEL_SEED` repeats the choices of a run
//! (not its timing).

mod client;
mod holder;
mod judge;
mod operation;
mod random;
mod stage;

use std::path::PathBuf;

use ffctl::admin::{LocalStore, PostgresStore, Store};
use ffctl::settings::{CredentialSource, PostgresUrl, TimeLimits};

use super::super::ffctl_server::FfctlServer;
use super::super::project::Project;
use super::super::support::postgres::cluster;
use random::{Random, Seed};
use stage::Stage;

const FLAGS: &str = "schema = 1\n[flags]\nalpha = false\nbeta = false\ngamma = true\ndelta = false\n";

#[test]
fn a_file_keeps_every_promise_though_its_server_is_killed() {
    let seed = Seed::of_this_run();
    let project = Project::new(FLAGS);
    let path = project.path("model.sqlite3").display().to_string();
    let server = FfctlServer::start(&project, &["--store", &path]);
    let store = Store::from(LocalStore::new(PathBuf::from(&path), "the store"));
    let mut stage = Stage::new(&project, vec![server], None);
    let (done, tokens) = stage.play(Random::new(seed.0));
    judge::judge(&store, &done);
    holder::judge_tokens(&store, &tokens);
    project.ok(&["journal", "verify", "--store", &path]);
}

#[test]
fn a_database_keeps_every_promise_though_its_servers_and_itself_are_killed() {
    let Some(cluster) = cluster("ffctl serve: the model of a database") else { return };
    let seed = Seed::of_this_run();
    let url = cluster.database().url();
    let project = Project::new(FLAGS);
    let one = FfctlServer::start(&project, &["--store", &url]);
    let other = FfctlServer::joining(&project, &["--store", &url], &one.token);
    let address = PostgresUrl::parse(&url).expect("an address");
    let store = Store::Postgres(PostgresStore::new(&address, CredentialSource::None, TimeLimits::default()));
    let mut stage = Stage::new(&project, vec![one, other], Some(&cluster));
    let (done, tokens) = stage.play(Random::new(seed.0));
    judge::judge(&store, &done);
    holder::judge_tokens(&store, &tokens);
    project.ok(&["journal", "verify", "--store", &url]);
}
