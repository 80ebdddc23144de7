//! `ffctl serve`: the admin API over the local store, or over one in a database.

use tokio::runtime::Builder;

use crate::admin::{LocalStore, Permit, PostgresStore, Store};
use crate::cli::{LevelWord, LogWord, ServeArguments};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::report::ServeReport;
use crate::server::{Bound, Limits, LogFormat, ServerConfig, bind, log_to_stderr};
use crate::settings::{FlagFile, TargetPlace};

use super::load::read_definitions;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &ServeArguments) -> Result<u8> {
    let away = ["--profile", "--offline", "--max-age"];
    session.has_no_use_for("`ffctl serve` serves a store of its own and", &away)?;
    let found = session.settings.flag_file()?;
    let (path, shown) = found.required()?;
    let (path, shown) = (path.to_owned(), shown.to_owned());
    let file = read_definitions(&path, &shown)?;
    let (store, store_shown) = store_of(session, &found)?;
    let directory = arguments.directory.as_deref().map(|url| session.directory_of_server(url)).transpose()?;
    let asked = directory.as_ref().map(|directory| directory.name().to_owned());
    let tls = arguments.tls_certificate.as_ref().zip(arguments.tls_key.as_ref());
    let folders = &session.settings.folders;
    let (again, again_shown) = (path.clone(), shown.clone());
    let config = ServerConfig {
        listen: arguments.listen,
        tls: tls.map(|(chain, key)| (folders.absolute(chain), folders.absolute(key))),
        store,
        flags: path,
        definitions: Box::new(move || read_definitions(&again, &again_shown)),
        variables: session.variables(false)?,
        clock: session.clock,
        directory,
        metrics_open: arguments.metrics_open,
        limits: limits(arguments),
    };
    let level = match arguments.log_level {
        LevelWord::Error => tracing::Level::ERROR,
        LevelWord::Warn => tracing::Level::WARN,
        LevelWord::Info => tracing::Level::INFO,
        LevelWord::Debug => tracing::Level::DEBUG,
    };
    let format = match arguments.log {
        LogWord::Text => LogFormat::Text,
        LogWord::Json => LogFormat::Json,
    };
    log_to_stderr(format, level, session.console.words.color);
    let permit = Permit::unless_dry_run(false)
        .ok_or_else(|| Error::new(Kind::Bug, "a run that is no dry run has no permit"))?;
    let now = session.now();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(Kind::Local, "the system has no threads left").caused_by(error))?;
    runtime.block_on(async {
        let bound = bind(config, &permit, now).await?;
        let ended = ended()?;
        let flags = file.definitions().flags.len();
        session.emit(&ServeReport { directory: asked, ..report(&bound, shown, store_shown, flags) })?;
        bound.serve(ended).await;
        Ok(exit::DONE)
    })
}

/// Returns the store that is served, and its place: its own, whatever a profile says of servers.
fn store_of(session: &Session, found: &FlagFile) -> Result<(Store, String)> {
    match session.settings.served_store(found)? {
        TargetPlace::Local { store, shown } => Ok((LocalStore::new(store, &*shown).into(), shown)),
        TargetPlace::Database { url, credentials } => {
            let store = PostgresStore::new(&url, credentials, session.settings.limits()?);
            Ok((Store::Postgres(store), url.to_string()))
        }
        TargetPlace::Server { .. } => {
            Err(Error::new(Kind::Bug, "a server was chosen as the store of a server"))
        }
    }
}

fn limits(arguments: &ServeArguments) -> Limits {
    let connections = usize::try_from(arguments.max_connections).unwrap_or(usize::MAX);
    Limits {
        connections,
        head: arguments.head_timeout,
        rate: arguments.rate_limit,
        evaluation_rate: arguments.evaluation_rate_limit,
        directory: arguments.directory_wait,
        ..Limits::default()
    }
}

fn report(bound: &Bound, file: String, store: String, flags: usize) -> ServeReport {
    let scheme = if bound.is_encrypted() { "https" } else { "http" };
    let address = format!("{scheme}://{}", bound.address);
    ServeReport {
        admin_url: format!("{address}/api/v1/admin"),
        address,
        file,
        store,
        flags,
        directory: None,
        token: bound.first_token.as_ref().map(|secret| secret.reveal().to_owned()),
        notes: Vec::new(),
    }
}

/// Returns what is ready once somebody tells the process to end: Ctrl-C, or on Unix SIGTERM.
fn ended() -> Result<impl Future<Output = ()>> {
    let failed = |error| Error::new(Kind::Local, "cannot wait for signals").caused_by(error);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("ending: no new connections, answers under way are finished");
        })
    }
    #[cfg(not(unix))]
    {
        let _ = failed;
        Ok(async {
            let _ = tokio::signal::ctrl_c().await;
        })
    }
}
