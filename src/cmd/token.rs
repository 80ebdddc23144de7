//! `ffctl token`: who may ask a server.

use crate::admin::{
    Journalled, NewToken, Permit, Role, Secret, Target, TokenAuthor, TokenRecord, is_token_name,
};
use crate::change::{Restricted, TargetGuard, may_make_tokens, may_revoke_tokens, nothing_frozen};
use crate::cli::{ConsentArguments, CreateTokenArguments, RoleWord, TokenAction, TokenArguments};
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::exit;
use crate::model::Timestamp;
use crate::output;
use crate::report::{Note, TargetReport, TokenReport, TokensReport};
use crate::settings::{TargetChoice, TargetPlace};

use super::change::{agree, consent_options, guard_of};
use super::session::Session;
use super::shell;
use super::write::actor;

pub(super) fn run(session: &mut Session, arguments: &TokenArguments) -> Result<u8> {
    if session.settings.options.env_file.is_some() {
        let message = "`ffctl token` has no use for --env-file";
        return Err(Error::new(Kind::Usage, message).hint("leave out --env-file"));
    }
    let choice = session.settings.target(&session.settings.flag_file()?)?;
    let target = session.target_to_change()?;
    let notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    session.notes(&notes);
    let report = |action, outcome, tokens| TokensReport {
        target: TargetReport::from(&target.label_now()),
        action,
        outcome,
        tokens,
        secret: None,
        journal: None,
        head: None,
        notes: notes.clone(),
    };
    let now = session.now();
    let report = match &arguments.action {
        TokenAction::List => {
            report("list", "listed", target.tokens()?.into_iter().map(|record| told(record, now)).collect())
        }
        TokenAction::Create(arguments) => {
            let (token, secret) = wanted(arguments, now)?;
            let planned = report("create", "planned", vec![planned(&token)]);
            let guard = guard_of(&choice, &planned.target.label);
            let change = &arguments.change;
            let override_freeze = change.override_freeze.as_deref();
            let refused = || {
                demanded(&choice, change.reason.as_deref(), override_freeze, now, may_make_tokens)?;
                taken(&target, &token, now)
            };
            let broken = override_freeze.map(|why| Note::new(format!("freeze overridden: {why}")));
            let mut report = match agreed(session, &guard, &change.consent, &planned, refused)? {
                None => planned,
                Some(permit) => {
                    let by = TokenAuthor { at: now, actor: actor(session), reason: change.why() };
                    let made = target.create_token(&permit, token, secret, &by)?;
                    let secret = Some(made.secret.reveal().to_owned());
                    let report = report("create", "created", vec![told(made.record, now)]);
                    journalled(TokensReport { secret, ..report }, made.entry)
                }
            };
            session.notes(broken.as_slice());
            report.notes.extend(broken);
            report
        }
        TokenAction::Revoke(arguments) => {
            let record = named(&target, &arguments.name, now)?;
            let planned = report("revoke", "planned", vec![told(record.clone(), now)]);
            let guard = guard_of(&choice, &planned.target.label);
            if record.revoked_at.is_some() {
                guard.takes_confirmation(&consent_options(session, &arguments.consent))?;
                TokensReport { outcome: "unchanged", ..planned }
            } else {
                let reason = arguments.reason.as_deref();
                let refused = || {
                    demanded(&choice, reason, None, now, may_revoke_tokens)?;
                    last_admin(&target, &record, now, arguments.force)
                };
                match agreed(session, &guard, &arguments.consent, &planned, refused)? {
                    None => planned,
                    Some(permit) => {
                        let by =
                            TokenAuthor { at: now, actor: actor(session), reason: arguments.reason.clone() };
                        let revoked = target.revoke_token(&permit, record.number, &by, arguments.force);
                        let entry = revoked.map_err(|error| match error.kind() {
                            Kind::Refused => instead(error),
                            _ => error,
                        })?;
                        let record = TokenRecord { revoked_at: Some(now), ..record };
                        journalled(report("revoke", "revoked", vec![told(record, now)]), entry)
                    }
                }
            }
        }
    };
    session.emit(&report)?;
    Ok(exit::DONE)
}

/// Returns the proof that it may be written, once that is agreed to; none for a dry run, which is refused as the change
/// would be.
fn agreed(
    session: &mut Session,
    guard: &TargetGuard,
    arguments: &ConsentArguments,
    planned: &TokensReport,
    refused: impl FnOnce() -> Result<()>,
) -> Result<Option<Permit>> {
    let options = consent_options(session, arguments);
    guard.takes_confirmation(&options)?;
    refused()?;
    let Some(permit) = Permit::unless_dry_run(arguments.dry_run) else { return Ok(None) };
    agree(session, guard, &options, |screen| output::token_plan(planned, screen))?;
    Ok(Some(permit))
}

/// Adds the entry of the journal.
fn journalled(report: TokensReport, entry: Option<Journalled>) -> TokensReport {
    TokensReport {
        journal: entry.map(|entry| entry.number.to_string()),
        head: entry.map(|entry| entry.head.to_string()),
        ..report
    }
}

/// Refuses what the profile of the target does not take, as `may` tells.
fn demanded(
    choice: &TargetChoice,
    reason: Option<&str>,
    override_freeze: Option<&str>,
    now: Timestamp,
    may: impl FnOnce(&Restricted<'_>) -> Result<()>,
) -> Result<()> {
    let TargetPlace::Server { profile: Some(profile), .. } = &choice.place else {
        return nothing_frozen(override_freeze).map(|none: Option<()>| none.unwrap_or_default());
    };
    let (guards, config) = (&choice.guards, choice.config.as_str());
    may(&Restricted { profile, guards, config, reason, override_freeze, now, again: "" })
}

/// Returns the token that is asked for, with its secret.
fn wanted(arguments: &CreateTokenArguments, now: Timestamp) -> Result<(NewToken, Secret)> {
    if !is_token_name(&arguments.name) {
        let message = format!("`{}` is no name of a token", arguments.name);
        return Err(Error::new(Kind::Usage, message).hint("1 to 100 characters on one line"));
    }
    let role = match arguments.role {
        RoleWord::Viewer => Role::Viewer,
        RoleWord::Editor => Role::Editor,
        RoleWord::Admin => Role::Admin,
    };
    let after = |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    let expires_at =
        arguments.expires.map(|span| Timestamp::from_millis(now.millis().saturating_add(after(span))));
    if arguments.expires.is_some_and(|span| span.is_zero()) {
        return Err(Error::new(Kind::Usage, "--expires 0: such a token would never count"));
    }
    let secret = Secret::random()
        .map_err(|error| Error::new(Kind::Local, "the system has no random numbers").caused_by(error))?;
    let digest = secret.digest();
    Ok((NewToken { name: arguments.name.clone(), role, created_at: now, expires_at, digest }, secret))
}

/// Refuses a name that a token has that counts, as the target would.
fn taken(target: &Target, token: &NewToken, now: Timestamp) -> Result<()> {
    let name = &token.name;
    if target.tokens()?.iter().any(|record| record.token.name == *name && record.is_valid(now)) {
        let message = format!("{}: there is a token `{name}` already", target.label());
        return Err(Error::new(Kind::Conflict, message)
            .hint(format!("ffctl token revoke {} takes that one away", shell::word(name))));
    }
    Ok(())
}

/// Refuses to revoke the last token that may make tokens, as the target would.
fn last_admin(target: &Target, record: &TokenRecord, now: Timestamp, force: bool) -> Result<()> {
    let counts = |one: &TokenRecord| one.token.role == Role::Admin && one.is_valid(now);
    let others = target.tokens()?.iter().any(|one| counts(one) && one.number != record.number);
    if force || others || !counts(record) {
        return Ok(());
    }
    let name = &record.token.name;
    let message = format!("`{name}` is the last admin token: nobody could make another then");
    Err(instead(Error::new(Kind::Refused, message)))
}

fn instead(error: Error) -> Error {
    error.hint("make another first: ffctl token create NAME --role admin").hint("or add --force")
}

/// Returns the token of this name or number.
fn named(target: &Target, wanted: &str, now: Timestamp) -> Result<TokenRecord> {
    let tokens = target.tokens()?;
    // Names are free again once a token counts no more: the one that counts is meant, else the latest.
    let named = tokens.iter().filter(|record| record.token.name == *wanted);
    let by_name = named.max_by_key(|record| (record.is_valid(now), record.number));
    let by_number = || tokens.iter().find(|record| wanted.parse() == Ok(record.number));
    by_name.or_else(by_number).cloned().ok_or_else(|| {
        let near = did_you_mean(wanted, tokens.iter().map(|record| record.token.name.as_str()));
        Error::new(Kind::Unknown, format!("{}: there is no token `{wanted}`", target.label()))
            .hint(near.unwrap_or_else(|| "`ffctl token list` shows them all".to_owned()))
    })
}

/// Returns the report of a token that is to be made.
fn planned(token: &NewToken) -> TokenReport {
    TokenReport {
        number: None,
        name: token.name.clone(),
        role: token.role.word().to_owned(),
        state: "valid",
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: None,
    }
}

fn told(record: TokenRecord, now: Timestamp) -> TokenReport {
    let state = match (record.is_valid(now), record.revoked_at) {
        (true, _) => "valid",
        (false, Some(_)) => "revoked",
        (false, None) => "expired",
    };
    TokenReport {
        number: Some(record.number),
        name: record.token.name,
        role: record.token.role.word().to_owned(),
        state,
        created_at: record.token.created_at,
        expires_at: record.token.expires_at,
        revoked_at: record.revoked_at,
    }
}
