//! The tokens of the servers that serve a store, and the entries of the journal that tell of them.

use crate::admin::permit::Permit;
use crate::admin::token::{NewToken, Role, SecretDigest, TokenRecord};
use crate::admin::token_change::{Journalled, TokenAct, TokenAuthor, TokenChange};
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::either::Store;
use super::record::Entry;
use super::rows::{Rows, TokenRow};
use super::write::Write;

impl Store {
    /// Returns all tokens, also those that do not count any more, in the order of their numbers.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>> {
        Ok(self.reading(all)?.unwrap_or_default())
    }

    /// Keeps the first token of a store, which a server makes so that somebody can begin: it opens no entry of the
    /// journal, since nobody did it. Returns whether there was none yet.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn create_first_token(&self, permit: &Permit, token: &NewToken) -> Result<bool> {
        self.writing(*permit, |rows| {
            let first = !rows.has_tokens()?;
            if first {
                add(rows, 1, token)?;
            }
            Ok((first, first))
        })
    }

    /// Keeps a token and journals that; returns its number and the entry.
    ///
    /// # Errors
    /// When a token of that name counts already, or the store cannot be written.
    pub fn create_token(
        &self,
        permit: &Permit,
        token: &NewToken,
        by: &TokenAuthor,
    ) -> Result<(u64, Journalled)> {
        self.writing(*permit, |rows| {
            let present = all(rows)?;
            let counts = |record: &&TokenRecord| record.is_valid(token.created_at);
            if present.iter().filter(counts).any(|record| record.token.name == token.name) {
                let message = format!("there is a token `{}` already", token.name);
                return Err(Error::new(Kind::Conflict, message)
                    .hint(format!("ffctl token revoke {} takes that one away", token.name)));
            }
            let number = present.last().map_or(0, |record| record.number) + 1;
            add(rows, number, token)?;
            let entry = journal(rows, &TokenChange::new(TokenAct::Created, number, token), by)?;
            Ok(((number, entry), true))
        })
    }

    /// Revokes a token and journals that; one that is revoked already stays so. Returns it as it was before, and the
    /// entry.
    ///
    /// # Errors
    /// When there is no such token, when it is the last that may make tokens and `force` does not say that this is
    /// meant, or when the store cannot be written.
    pub fn revoke_token(
        &self,
        permit: &Permit,
        token: u64,
        by: &TokenAuthor,
        force: bool,
    ) -> Result<(TokenRecord, Option<Journalled>)> {
        self.writing(*permit, |rows| {
            let present = all(rows)?;
            let unknown = || {
                Error::new(Kind::Unknown, format!("there is no token {token}"))
                    .hint("`ffctl token list` shows them all")
            };
            let before = present.iter().find(|record| record.number == token).ok_or_else(unknown)?;
            let others = present.iter().any(|record| {
                record.number != token && record.token.role == Role::Admin && record.is_valid(by.at)
            });
            if before.token.role == Role::Admin && before.is_valid(by.at) && !others && !force {
                let message = format!(
                    "`{}` is the last admin token: nobody could make another then",
                    before.token.name
                );
                return Err(Error::new(Kind::Refused, message));
            }
            if before.revoked_at.is_some() {
                return Ok(((before.clone(), None), false));
            }
            rows.revoke_token(token, by.at.millis())?;
            let entry = journal(rows, &TokenChange::new(TokenAct::Revoked, token, &before.token), by)?;
            Ok(((before.clone(), Some(entry)), true))
        })
    }
}

fn add(rows: &dyn Rows, number: u64, token: &NewToken) -> Result<()> {
    rows.add_token(&TokenRow {
        number,
        name: token.name.clone(),
        role: token.role.word().to_owned(),
        created_at: token.created_at.millis(),
        expires_at: token.expires_at.map(Timestamp::millis),
        revoked_at: None,
        digest: token.digest.0,
    })
}

fn journal(rows: &dyn Rows, change: &TokenChange, by: &TokenAuthor) -> Result<Journalled> {
    // No key of a client has a blank, and neither happens to a token twice.
    let key = format!("token {} {}", change.number, change.act.word());
    let entry = Entry {
        at: by.at,
        actor: by.actor.as_deref(),
        reason: by.reason.as_deref(),
        key: &key,
        request: "",
        token: Some(change),
    };
    let (number, head) = Write { rows }.record(&entry, &[])?;
    Ok(Journalled { number, head })
}

fn all(rows: &dyn Rows) -> Result<Vec<TokenRecord>> {
    rows.tokens()?.into_iter().map(|row| token(rows, row)).collect()
}

fn token(rows: &dyn Rows, row: TokenRow) -> Result<TokenRecord> {
    let role =
        Role::parse(&row.role).ok_or_else(|| rows.damaged("the role of a token is none".to_owned()))?;
    Ok(TokenRecord {
        number: row.number,
        token: NewToken {
            name: row.name,
            role,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_millis),
            digest: SecretDigest(row.digest),
        },
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
    })
}
