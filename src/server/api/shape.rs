//! What requests and answers look like that are put together of JSON rather than of types: for `/openapi.json` alone.
#![expect(dead_code, reason = "describes JSON that other files write and read")]

use std::collections::HashMap;

use utoipa::ToSchema;

use crate::server::snapshot::FlagAnswer;

/// A change of an override (RFC 7396): what is null is cleared, what is absent stays.
#[derive(ToSchema)]
#[schema(as = FlagPatch)]
pub(super) struct FlagPatch {
    /// The switch.
    enabled: Option<bool>,
    /// The share of a boolean flag's users that nothing else matches, with its sign: `12.5%`; a number alone is refused.
    rollout: Option<String>,
    /// The one variation that those users are served.
    serve: Option<String>,
    /// The split among those users: pairs of a variation and its share, in the order that decides.
    split: Option<Vec<(String, u32)>>,
    /// Single users and their variations.
    users: Option<HashMap<String, Option<String>>>,
    /// Organisations and their variations.
    orgs: Option<HashMap<String, Option<String>>>,
    /// When the fields of this change end by themselves, RFC 3339.
    expires_at: Option<String>,
    /// Instead of `expires_at`: when each of them ends, by its words (`enabled`, `rollout`, `serve`, `user u-42`,
    /// `org acme`); one that is not named stays for good, whatever end it has.
    ends: Option<HashMap<String, String>>,
    /// Why; goes into the journal, not into the override.
    reason: Option<String>,
}

/// Changes of several flags, all or nothing.
#[derive(ToSchema)]
#[schema(as = FlagPatches)]
pub(super) struct FlagPatches {
    /// Why; goes into the journal.
    reason: Option<String>,
    /// The changes by the names of the flags.
    flags: HashMap<String, MatchedPatch>,
}

/// A change, and what it is based on.
#[derive(ToSchema)]
#[schema(as = MatchedPatch)]
struct MatchedPatch {
    /// The tag of the flag, or `*`.
    if_match: String,
    /// The change.
    patch: FlagPatch,
}

/// What a change led to.
#[derive(ToSchema)]
#[schema(as = Receipt)]
struct Receipt {
    /// The hash of the journal's last entry.
    #[schema(required)]
    head: Option<String>,
    /// Whether nothing was written, as asked.
    #[schema(nullable = false)]
    dry_run: Option<bool>,
}

/// A flag after a change of it; `journal` is the entry's number.
#[derive(ToSchema)]
#[schema(as = ChangedFlag)]
pub(super) struct ChangedFlag {
    #[serde(flatten)]
    flag: FlagAnswer<'static>,
    #[serde(flatten)]
    receipt: Receipt,
}

/// Flags after a change of them.
#[derive(ToSchema)]
#[schema(as = ChangedFlags)]
pub(super) struct ChangedFlags {
    /// The number of the journal entry; null if nothing was to be changed.
    #[schema(required)]
    journal: Option<u64>,
    /// The flags as they are since.
    flags: Vec<FlagAnswer<'static>>,
    #[serde(flatten)]
    receipt: Receipt,
}

/// Entries of the journal.
#[derive(ToSchema)]
#[schema(as = Journal)]
pub(super) struct Journal {
    /// The newest first.
    entries: Vec<JournalEntry>,
}

/// One acknowledged change.
#[derive(ToSchema)]
#[schema(as = JournalEntry)]
struct JournalEntry {
    /// Its number, without gaps.
    number: u64,
    /// When.
    #[schema(required)]
    at: Option<String>,
    /// Who.
    #[schema(required)]
    actor: Option<String>,
    /// Why.
    #[schema(required)]
    reason: Option<String>,
    /// The program that did it.
    #[schema(required)]
    tool: Option<String>,
    /// What it changed.
    changes: Vec<JournalChange>,
    /// The token that it made or revoked; then it changed no flag.
    #[schema(nullable = false)]
    token: Option<JournalToken>,
    /// The hash that chains it to the entry before it.
    #[schema(required)]
    hash: Option<String>,
}

/// What an entry changed of one flag.
#[derive(ToSchema)]
#[schema(as = JournalChange)]
struct JournalChange {
    /// The flag.
    flag: String,
    /// Its changed fields as they were; null where they were not set.
    #[schema(value_type = Object)]
    before: (),
    /// The same fields since.
    #[schema(value_type = Object)]
    after: (),
    /// When they end by themselves.
    #[schema(nullable = false)]
    expires_at: Option<String>,
    /// When each of them does, by its words, where that is not at the same time.
    #[schema(nullable = false)]
    ends: Option<HashMap<String, String>>,
}

/// What an entry did to a token.
#[derive(ToSchema)]
#[schema(as = JournalToken)]
struct JournalToken {
    /// `created` or `revoked`.
    change: String,
    /// The number of the token.
    number: u64,
    /// Its name.
    name: String,
    /// `viewer`, `editor` or `admin`.
    role: String,
    /// When it counts no more by itself.
    #[schema(nullable = false)]
    expires_at: Option<String>,
}

/// What a new token shall be.
#[derive(ToSchema)]
#[schema(as = TokenRequest)]
pub(super) struct TokenRequest {
    /// Its name: who stands in the journal.
    name: String,
    /// `viewer`, `editor` or `admin`.
    role: String,
    /// When it counts no more, RFC 3339; never if absent.
    expires_at: Option<String>,
    /// Why; goes into the journal.
    reason: Option<String>,
}

/// Every token, without its secret.
#[derive(ToSchema)]
#[schema(as = Tokens)]
pub(super) struct Tokens {
    /// The tokens by number.
    tokens: Vec<Token>,
}

/// A token, without its secret.
#[derive(ToSchema)]
#[schema(as = Token)]
pub(super) struct Token {
    /// Its number.
    number: u64,
    /// Its name.
    name: String,
    /// `viewer`, `editor` or `admin`.
    role: String,
    /// Since when it counts.
    created_at: String,
    /// When it counts no more by itself.
    #[schema(required)]
    expires_at: Option<String>,
    /// When it was revoked.
    #[schema(required)]
    revoked_at: Option<String>,
    /// Whether it counts now.
    valid: bool,
}

/// Whose token a request carries.
#[derive(ToSchema)]
#[schema(as = Whoami)]
pub(super) struct Whoami {
    /// The number of the token.
    number: u64,
    /// Its name: who stands in the journal.
    name: String,
    /// `viewer`, `editor` or `admin`.
    role: String,
    /// When it counts no more by itself.
    #[schema(required)]
    expires_at: Option<String>,
    /// The program that answers, and its version.
    server: String,
}

/// The entry of the journal that tells of it.
#[derive(ToSchema)]
#[schema(as = TokenReceipt)]
struct TokenReceipt {
    /// Its number; none where there was nothing to do.
    #[schema(nullable = false)]
    journal: Option<u64>,
    /// Its hash.
    #[schema(nullable = false)]
    head: Option<String>,
}

/// A token that was revoked.
#[derive(ToSchema)]
#[schema(as = RevokedToken)]
pub(super) struct RevokedToken {
    #[serde(flatten)]
    token: Token,
    #[serde(flatten)]
    receipt: TokenReceipt,
}

/// A token that was just made.
#[derive(ToSchema)]
#[schema(as = NewToken)]
pub(super) struct NewToken {
    #[serde(flatten)]
    token: Token,
    #[serde(flatten)]
    receipt: TokenReceipt,
    /// What goes behind `Bearer`; never shown again.
    secret: String,
}
