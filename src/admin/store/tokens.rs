//! The tokens of the servers that serve a store.

use crate::admin::permit::Permit;
use crate::admin::token::{NewToken, Role, SecretDigest, TokenRecord};
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::either::Store;
use super::rows::{Rows, TokenRow};

impl Store {
    /// Returns all tokens, also those that do not count any more, in the order of their numbers.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>> {
        Ok(self.reading(all)?.unwrap_or_default())
    }

    /// Keeps a token and returns its number.
    ///
    /// # Errors
    /// When a token of that name counts already, or the store cannot be written.
    pub fn create_token(&self, permit: &Permit, token: &NewToken) -> Result<u64> {
        self.writing(*permit, |rows| {
            let present = all(rows)?;
            let counts = |record: &&TokenRecord| record.is_valid(token.created_at);
            if present.iter().filter(counts).any(|record| record.token.name == token.name) {
                let message = format!("there is a token `{}` already", token.name);
                return Err(Error::new(Kind::Conflict, message)
                    .hint(format!("ffctl token revoke {} takes that one away", token.name)));
            }
            let number = present.last().map_or(0, |record| record.number) + 1;
            rows.add_token(&TokenRow {
                number,
                name: token.name.clone(),
                role: token.role.word().to_owned(),
                created_at: token.created_at.millis(),
                expires_at: token.expires_at.map(Timestamp::millis),
                revoked_at: None,
                digest: token.digest.0,
            })?;
            Ok((number, true))
        })
    }

    /// Revokes a token; one that is revoked already stays so. Returns it as it was before.
    ///
    /// # Errors
    /// When there is no such token, when it is the last that may make tokens and `force` does not say that this is
    /// meant, or when the store cannot be written.
    pub fn revoke_token(
        &self,
        permit: &Permit,
        token: u64,
        at: Timestamp,
        force: bool,
    ) -> Result<TokenRecord> {
        self.writing(*permit, |rows| {
            let present = all(rows)?;
            let unknown = || {
                Error::new(Kind::Unknown, format!("there is no token {token}"))
                    .hint("`ffctl token list` shows them all")
            };
            let before = present.iter().find(|record| record.number == token).ok_or_else(unknown)?;
            let others = present.iter().any(|record| {
                record.number != token && record.token.role == Role::Admin && record.is_valid(at)
            });
            if before.token.role == Role::Admin && before.is_valid(at) && !others && !force {
                let message = format!(
                    "`{}` is the last admin token: nobody could make another then",
                    before.token.name
                );
                return Err(Error::new(Kind::Refused, message));
            }
            let counts = before.revoked_at.is_none();
            if counts {
                rows.revoke_token(token, at.millis())?;
            }
            Ok((before.clone(), counts))
        })
    }
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
