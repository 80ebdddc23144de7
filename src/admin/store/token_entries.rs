//! Tests of what the journal of a store tells of its tokens.

use crate::admin::chain::verify_chain;
use crate::admin::journal::JournalFilter;
use crate::admin::token::{NewToken, Role, Secret, TokenRecord};
use crate::admin::token_change::{Journalled, TokenAct, TokenAuthor, TokenChange};
use crate::error::Kind;
use crate::layer::Version;
use crate::model::Timestamp;

use super::either::Store;
use super::tests::{each, permit, switch};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn by(millis: i64, reason: Option<&str>) -> TokenAuthor {
    TokenAuthor { at: at(millis), actor: Some("ana".to_owned()), reason: reason.map(str::to_owned) }
}

fn token(name: &str, role: Role, expires_at: Option<Timestamp>) -> NewToken {
    let digest = Secret::random().expect("random").digest();
    NewToken { name: name.to_owned(), role, created_at: at(0), expires_at, digest }
}

fn turn_on(store: &Store, flag: &str) {
    store.write(&permit(), &switch(flag, true, Version::Unknown)).expect("written");
}

#[test]
fn what_is_done_to_tokens_stands_in_the_journal_and_its_chain() {
    each("what is done to tokens stands in the journal", |store| {
        assert!(store.create_first_token(&permit(), &token("first", Role::Admin, None)).expect("made"));
        let again = store.create_first_token(&permit(), &token("second", Role::Admin, None));
        assert!(!again.expect("asked"), "there is one");
        assert!(store.whole_journal().expect("read").is_empty(), "nobody did it");
        turn_on(store, "x");
        let (name, ends) = ("ci \u{e9}\"; --", Some(at(9_000)));
        let made =
            store.create_token(&permit(), &token(name, Role::Editor, ends), &by(5, Some("a pipeline")));
        let (number, entry) = made.expect("made");
        assert_eq!((number, entry.number), (2, 2));
        turn_on(store, "y");
        let (before, revoked) =
            store.revoke_token(&permit(), 2, &by(6, Some("it leaked")), false).expect("revoked");
        assert_eq!((before.revoked_at, revoked.map(|entry| entry.number)), (None, Some(4)));
        let again = store.revoke_token(&permit(), 2, &by(7, None), false).expect("revoked already");
        assert_eq!((again.0.revoked_at, again.1), (Some(at(6)), None));
        let journal = store.whole_journal().expect("read");
        let head = verify_chain(&journal).expect("whole");
        assert_eq!(revoked, Some(Journalled { number: 4, head }));
        assert_eq!(journal[1].hash, Some(entry.head));
        let told =
            |act| TokenChange { act, number: 2, name: name.to_owned(), role: Role::Editor, expires_at: ends };
        let tokens: Vec<_> = journal.iter().map(|entry| entry.token.clone()).collect();
        assert_eq!(tokens, [None, Some(told(TokenAct::Created)), None, Some(told(TokenAct::Revoked))]);
        let entry = &journal[3];
        assert_eq!((entry.actor.as_deref(), entry.reason.as_deref()), (Some("ana"), Some("it leaked")));
        assert_eq!((entry.at, entry.changes.len()), (Some(at(6)), 0));
        let of_flag = JournalFilter { flag: Some("y".to_owned()), ..JournalFilter::default() };
        let numbers: Vec<u64> =
            store.journal(&of_flag).expect("read").iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, [3]);
    });
}

#[test]
fn what_is_refused_is_not_journalled() {
    each("what is refused of tokens is not journalled", |store| {
        store.create_first_token(&permit(), &token("first", Role::Admin, None)).expect("made");
        let taken = store.create_token(&permit(), &token("first", Role::Viewer, None), &by(1, None));
        assert_eq!(taken.expect_err("taken").kind(), Kind::Conflict);
        let last = store.revoke_token(&permit(), 1, &by(1, None), false);
        assert_eq!(last.expect_err("the last admin").kind(), Kind::Refused);
        let unknown = store.revoke_token(&permit(), 9, &by(1, None), false);
        assert_eq!(unknown.expect_err("none").kind(), Kind::Unknown);
        assert!(store.whole_journal().expect("read").is_empty());
        let tokens: Vec<Option<Timestamp>> =
            store.tokens().expect("read").iter().map(|record: &TokenRecord| record.revoked_at).collect();
        assert_eq!(tokens, [None]);
        store.revoke_token(&permit(), 1, &by(2, None), true).expect("meant so");
        assert_eq!(store.whole_journal().expect("read").len(), 1);
    });
}
