//! `bucketing migrate`: who flips when another algorithm buckets.

use crate::cli::{MigrateArguments, StatisticsArguments};
use crate::cmd::session::Session;
use crate::cmd::simulate_rollout::rehearse;
use crate::cmd::states::{State, bucketed_state};
use crate::error::Result;
use crate::eval::World;
use crate::model::Bucketing;
use crate::report::Note;

use super::run::{algorithm, seeded};

pub(super) fn run(session: &mut Session, arguments: &MigrateArguments) -> Result<u8> {
    let statistics = StatisticsArguments::default();
    rehearse(session, &arguments.name, (&arguments.rehearsal, &statistics), &|session, loaded| {
        let definitions = loaded.file.as_ref().map(|file| file.definitions().bucketing.clone());
        let bucketing = definitions.unwrap_or_else(Bucketing::default);
        let to = seeded(algorithm(&bucketing, &arguments.to, arguments.hash_seed)?)?;
        let layers = loaded.layers();
        let name = arguments.name.as_str();
        let now = layers.resolve(name).map(|resolved| resolved.effective.bucketing);
        let now = now.or_else(|| layers.experiment(name).map(|experiment| experiment.bucketing.clone()));
        if now.as_ref() == Some(&to) {
            session.note(&Note::new(format!("`{name}` is bucketed by `{to}` already")));
        } else {
            let hint = "every algorithm agrees at 0% and at 100%: change it there, and nobody flips";
            session.note(&Note::new(hint));
        }
        Ok(vec![State::now(), bucketed_state(loaded, name, &to)?])
    })
}
