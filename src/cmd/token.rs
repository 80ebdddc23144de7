//! `ffctl token`: who may ask a server.

use crate::admin::{NewToken, Permit, Role, Secret, Target, TokenRecord, is_token_name};
use crate::cli::{CreateTokenArguments, RevokeTokenArguments, RoleWord, TokenAction, TokenArguments};
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::exit;
use crate::model::Timestamp;
use crate::report::{Note, TargetReport, TokenReport, TokensReport};

use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &TokenArguments) -> Result<u8> {
    if session.settings.options.env_file.is_some() {
        let message = "`ffctl token` has no use for --env-file";
        return Err(Error::new(Kind::Usage, message).hint("leave out --env-file"));
    }
    let target = session.target_to_change()?;
    let permit = Permit::unless_dry_run(false)
        .ok_or_else(|| Error::new(Kind::Bug, "a run that is no dry run has no permit"))?;
    let now = session.now();
    let (outcome, tokens, secret) = match &arguments.action {
        TokenAction::List => ("listed", target.tokens()?, None),
        TokenAction::Create(arguments) => {
            let (record, secret) = create(&target, permit, arguments, now)?;
            ("created", vec![record], Some(secret))
        }
        TokenAction::Revoke(arguments) => ("revoked", vec![revoke(&target, permit, arguments, now)?], None),
    };
    let notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    session.notes(&notes);
    session.emit(&TokensReport {
        target: TargetReport::from(&target.label_now()),
        outcome,
        tokens: tokens.into_iter().map(|record| report(record, now)).collect(),
        secret: secret.map(|secret| secret.reveal().to_owned()),
        notes,
    })?;
    Ok(exit::DONE)
}

fn create(
    target: &Target,
    permit: Permit,
    arguments: &CreateTokenArguments,
    now: Timestamp,
) -> Result<(TokenRecord, Secret)> {
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
    let token = NewToken { name: arguments.name.clone(), role, created_at: now, expires_at, digest };
    target.create_token(&permit, token, secret)
}

fn revoke(
    target: &Target,
    permit: Permit,
    arguments: &RevokeTokenArguments,
    now: Timestamp,
) -> Result<TokenRecord> {
    let tokens = target.tokens()?;
    let wanted = &arguments.name;
    // Names are free again once a token counts no more: the one that counts is meant, else the latest.
    let named = tokens.iter().filter(|record| record.token.name == *wanted);
    let by_name = named.max_by_key(|record| (record.is_valid(now), record.number));
    let by_number = || tokens.iter().find(|record| wanted.parse() == Ok(record.number));
    let record = by_name.or_else(by_number).ok_or_else(|| {
        let near = did_you_mean(wanted, tokens.iter().map(|record| record.token.name.as_str()));
        Error::new(Kind::Unknown, format!("{}: there is no token `{wanted}`", target.label()))
            .hint(near.unwrap_or_else(|| "`ffctl token list` shows them all".to_owned()))
    })?;
    if record.revoked_at.is_some() {
        return Ok(record.clone());
    }
    target.revoke_token(&permit, record.number, now, arguments.yes).map_err(|error| match error.kind() {
        Kind::Refused => {
            error.hint("make another first: ffctl token create NAME --role admin").hint("or add --yes")
        }
        _ => error,
    })?;
    Ok(TokenRecord { revoked_at: Some(now), ..record.clone() })
}

fn report(record: TokenRecord, now: Timestamp) -> TokenReport {
    let state = match (record.is_valid(now), record.revoked_at) {
        (true, _) => "valid",
        (false, Some(_)) => "revoked",
        (false, None) => "expired",
    };
    TokenReport {
        number: record.number,
        name: record.token.name,
        role: record.token.role.word().to_owned(),
        state,
        created_at: record.token.created_at,
        expires_at: record.token.expires_at,
        revoked_at: record.revoked_at,
    }
}
