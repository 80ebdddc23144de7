//! The tokens of a server that serves this store.

use rusqlite::{Row, params};

use crate::admin::permit::Permit;
use crate::admin::token::{NewToken, Role, SecretDigest, TokenRecord};
use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

use super::connection::{reading, writing};
use super::failure::{damaged, failed};
use super::local::LocalStore;
use super::read::number;
use super::schema::SINCE_CHAIN;
use super::write::{signed, unsigned};

impl LocalStore {
    /// Returns all tokens, also those that do not count any more, in the order of their numbers.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>> {
        let all = reading(self.path(), self.shown(), |transaction, version| {
            if version < SINCE_CHAIN {
                return Ok(Vec::new());
            }
            let sqlite = |error| failed(self.shown(), error);
            let mut statement = transaction
                .prepare("SELECT number, name, role, created_at, expires_at, revoked_at, digest FROM token ORDER BY number")
                .map_err(sqlite)?;
            let mut rows = statement.query([]).map_err(sqlite)?;
            let mut all = Vec::new();
            while let Some(row) = rows.next().map_err(sqlite)? {
                all.push(self.token(row)?);
            }
            Ok(all)
        })?;
        Ok(all.unwrap_or_default())
    }

    /// Keeps a token and returns its number.
    ///
    /// # Errors
    /// When a token of that name counts already, or the store cannot be written.
    pub fn create_token(&self, permit: &Permit, token: &NewToken) -> Result<u64> {
        writing(*permit, self.path(), self.shown(), |transaction| {
            let sqlite = |error| failed(self.shown(), error);
            let taken: bool = transaction
                .query_row(
                    "SELECT EXISTS (SELECT 1 FROM token WHERE name = ?1 AND revoked_at IS NULL
                         AND (expires_at IS NULL OR expires_at > ?2))",
                    params![token.name, token.created_at.millis()],
                    |row| row.get(0),
                )
                .map_err(sqlite)?;
            if taken {
                let message = format!("there is a token `{}` already", token.name);
                return Err(Error::new(Kind::Conflict, message)
                    .hint(format!("ffctl token revoke {} takes that one away", token.name)));
            }
            let number: i64 = transaction
                .query_row(
                    "INSERT INTO token (number, name, role, created_at, expires_at, digest)
                     SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM token RETURNING number",
                    params![
                        token.name,
                        token.role.word(),
                        token.created_at.millis(),
                        token.expires_at.map(Timestamp::millis),
                        token.digest.0
                    ],
                    |row| row.get(0),
                )
                .map_err(sqlite)?;
            Ok((unsigned(number), true))
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
        writing(*permit, self.path(), self.shown(), |transaction| {
            let sqlite = |error| failed(self.shown(), error);
            let mut statement = transaction
                .prepare("SELECT number, name, role, created_at, expires_at, revoked_at, digest FROM token WHERE number = ?1")
                .map_err(sqlite)?;
            let mut rows = statement.query([signed(token)]).map_err(sqlite)?;
            let Some(row) = rows.next().map_err(sqlite)? else {
                return Err(Error::new(Kind::Unknown, format!("there is no token {token}"))
                    .hint("`ffctl token list` shows them all"));
            };
            let before = self.token(row)?;
            let others: bool = transaction
                .query_row(
                    "SELECT EXISTS (SELECT 1 FROM token WHERE role = ?1 AND number <> ?2 AND revoked_at IS NULL
                         AND (expires_at IS NULL OR expires_at > ?3))",
                    params![Role::Admin.word(), signed(token), at.millis()],
                    |row| row.get(0),
                )
                .map_err(sqlite)?;
            if before.token.role == Role::Admin && before.is_valid(at) && !others && !force {
                let message = format!(
                    "`{}` is the last admin token: nobody could make another then",
                    before.token.name
                );
                return Err(Error::new(Kind::Refused, message));
            }
            let changed = transaction
                .execute(
                    "UPDATE token SET revoked_at = ?2 WHERE number = ?1 AND revoked_at IS NULL",
                    params![signed(token), at.millis()],
                )
                .map_err(sqlite)?;
            Ok((before, changed > 0))
        })
    }

    fn token(&self, row: &Row<'_>) -> Result<TokenRecord> {
        let sqlite = |error| failed(self.shown(), error);
        let time = |column: usize| -> Result<Option<Timestamp>> {
            Ok(row.get::<_, Option<i64>>(column).map_err(sqlite)?.map(Timestamp::from_millis))
        };
        let role: String = row.get(2).map_err(sqlite)?;
        let role = Role::parse(&role).ok_or_else(|| damaged(self.shown(), "the role of a token is none"))?;
        Ok(TokenRecord {
            number: number(row, 0).map_err(sqlite)?,
            token: NewToken {
                name: row.get(1).map_err(sqlite)?,
                role,
                created_at: time(3)?.unwrap_or(Timestamp::from_millis(0)),
                expires_at: time(4)?,
                digest: SecretDigest(row.get(6).map_err(sqlite)?),
            },
            revoked_at: time(5)?,
        })
    }
}
