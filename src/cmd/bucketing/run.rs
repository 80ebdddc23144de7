//! Which of its actions.

use std::path::Path;

use crate::bucket::{Algorithm, SeedUse, presets};
use crate::cli::{BucketingAction, BucketingArguments};
use crate::cmd::load::read_definitions;
use crate::cmd::session::Session;
use crate::error::{Error, Kind, Result, nearest};
use crate::flagfile::FlagFile;
use crate::model::Bucketing;

pub(in crate::cmd) fn run(session: &mut Session, arguments: &BucketingArguments) -> Result<u8> {
    match &arguments.action {
        BucketingAction::List => super::show::list(session),
        BucketingAction::Show(arguments) => super::show::show(session, arguments),
        BucketingAction::Infer(arguments) => super::infer::run(session, arguments),
        BucketingAction::Migrate(arguments) => super::migrate::run(session, arguments),
    }
}

/// Refuses options that choose a target or variables: algorithms are a matter of flags.toml alone.
pub(super) fn refuse_targets(session: &Session) -> Result<()> {
    let targets = ["--env-file", "--profile", "--local", "--store", "--offline", "--max-age"];
    session.has_no_use_for("algorithms are a matter of flags.toml alone, which", &targets)
}

/// Returns flags.toml, if there is one; one that is named must be there.
pub(super) fn flag_file(session: &Session) -> Result<Option<FlagFile>> {
    let found = session.settings.flag_file()?;
    let named = session.settings.options.flags.is_some();
    match found.required() {
        Ok((path, shown)) => read_definitions(path as &Path, shown).map(Some),
        Err(error) if named => Err(error),
        Err(_) => Ok(None),
    }
}

/// Returns the algorithm of a name, with the seed that was said.
pub(super) fn algorithm(bucketing: &Bucketing, name: &str, seed: Option<u32>) -> Result<Algorithm> {
    let Some(found) = bucketing.find(name) else {
        let error = Error::new(Kind::Unknown, format!("no bucketing algorithm is called `{name}`"));
        let known: Vec<Algorithm> = bucketing.custom.iter().cloned().chain(presets()).collect();
        let families =
            known.iter().filter_map(|known| known.name().split_once('/')).map(|(family, _)| family);
        let nearest_name = nearest(name, known.iter().map(Algorithm::name));
        if let (None, Some(family)) = (nearest_name, nearest(name, families)) {
            let of =
                |known: &&Algorithm| known.name().split_once('/').is_some_and(|(other, _)| other == family);
            let versions: Vec<&str> = known.iter().filter(of).map(Algorithm::name).collect();
            return Err(error.hint(format!("did you mean `{}`?", versions.join("` or `"))));
        }
        let begins = |known: &&Algorithm| name.len() > 1 && known.name().starts_with(name);
        let begun: Vec<&str> = known.iter().filter(begins).map(Algorithm::name).collect();
        if !begun.is_empty() {
            return Err(error.hint(format!("did you mean `{}`?", begun.join("` or `"))));
        }
        return Err(match nearest_name {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`ffctl bucketing list` names them all"),
        });
    };
    match seed {
        None => Ok(found),
        Some(seed) => found.with_seed(seed).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`{found}` takes no seed")).hint("leave out --hash-seed")
        }),
    }
}

/// Refuses an algorithm that nobody can compute without its seed.
pub(super) fn seeded(algorithm: Algorithm) -> Result<Algorithm> {
    if algorithm.seed_use() == SeedUse::Required && algorithm.seed().is_none() {
        let message = format!("`{algorithm}` hashes with a seed of the flag's own");
        return Err(Error::new(Kind::Usage, message).hint("--hash-seed N says it"));
    }
    Ok(algorithm)
}
