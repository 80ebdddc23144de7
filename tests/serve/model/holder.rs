//! A client that makes tokens and revokes them until it is told to end: a token that was revoked is refused from then
//! on, on every server, and what was acknowledged stands in the store.

use std::sync::atomic::Ordering;

use ffctl::admin::{Store, TokenAct};
use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use super::super::super::ffctl_server::client;
use super::client::{World, pause};
use super::random::Random;

/// How often a server is asked that has not heard of it yet.
const AGAIN: u32 = 3_000;

/// A token, as who made it knows it.
#[derive(Debug)]
pub(super) struct Held {
    name: String,
    number: u64,
    secret: String,
    /// Whether its revocation was acknowledged; nothing where its outcome is unknown.
    revoked: Option<bool>,
}

/// Who makes and revokes tokens.
pub(super) struct Holder<'a> {
    world: &'a World,
    random: Random,
    http: Client,
}

impl<'a> Holder<'a> {
    pub(super) fn new(world: &'a World, random: Random) -> Self {
        Self { world, random, http: client() }
    }

    /// Makes and revokes tokens until it is over; returns those whose making was acknowledged.
    pub(super) fn act(mut self) -> Vec<Held> {
        let mut held: Vec<Held> = Vec::new();
        for count in 0_u32.. {
            if self.world.over.load(Ordering::Relaxed) {
                break;
            }
            let valid: Vec<usize> = (0..held.len()).filter(|at| held[*at].revoked == Some(false)).collect();
            if valid.len() < 2 || self.random.percent(50) {
                held.extend(self.make(format!("t{count}")));
            } else {
                let at = *self.random.one_of(&valid);
                self.revoke(&mut held[at]);
            }
            // Whatever has happened since: what was refused everywhere once is never let in again.
            let gone: Vec<&Held> = held.iter().filter(|one| one.revoked == Some(true)).collect();
            if !gone.is_empty() {
                let one = *self.random.one_of(&gone);
                let address = self.address();
                let status = self.asks(&address, &one.secret);
                assert!(matches!(status, None | Some(401)), "{status:?} at {address}: {one:?}");
            }
            pause(20);
        }
        held
    }

    fn address(&mut self) -> String {
        let addresses = self.addresses();
        self.random.one_of(&addresses).clone()
    }

    fn addresses(&self) -> Vec<String> {
        self.world.addresses.lock().expect("nobody panicked with it").clone()
    }

    /// Returns the status with which a server answers a token; none of a server that is away.
    fn asks(&self, address: &str, secret: &str) -> Option<u16> {
        let answer = self.http.get(format!("{address}/whoami")).bearer_auth(secret).send().ok()?;
        Some(answer.status().as_u16())
    }

    fn send(&self, method: Method, url: String, body: &Value) -> Option<Response> {
        let request = self.http.request(method, url).bearer_auth(&self.world.token);
        request.header("content-type", "application/json").body(body.to_string()).send().ok()
    }

    fn make(&mut self, name: String) -> Option<Held> {
        let address = self.address();
        let role = *self.random.one_of(&["viewer", "editor"]);
        let made =
            self.send(Method::POST, format!("{address}/tokens"), &json!({ "name": name, "role": role }))?;
        let status = made.status().as_u16();
        assert!(matches!(status, 201 | 503 | 504), "{status} of {name}");
        let token: Value = made.json().ok().filter(|_| status == 201)?;
        let secret = token["secret"].as_str().expect("a secret").to_owned();
        let number = token["number"].as_u64().expect("a number");
        // Who made it knows it at once; whoever else is there, soon.
        let status = self.asks(&address, &secret);
        assert!(matches!(status, None | Some(200)), "{status:?} at {address}: {name}");
        Some(Held { name, number, secret, revoked: Some(false) })
    }

    fn revoke(&mut self, held: &mut Held) {
        let address = self.address();
        held.revoked = None;
        let revoked = self.send(Method::DELETE, format!("{address}/tokens/{}", held.number), &json!({}));
        let Some(status) = revoked.map(|answer| answer.status().as_u16()) else { return };
        assert!(matches!(status, 200 | 503 | 504), "{status} of {held:?}");
        if status != 200 {
            return;
        }
        let status = self.asks(&address, &held.secret);
        assert!(matches!(status, None | Some(401)), "{status:?} at {address}, which revoked it: {held:?}");
        for address in self.addresses() {
            let refused = (0..AGAIN).any(|_| {
                let status = self.asks(&address, &held.secret);
                if status == Some(200) {
                    pause(20);
                }
                status != Some(200)
            });
            assert!(refused, "{address} never heard of it: {held:?}");
        }
        held.revoked = Some(true);
    }
}

/// Judges the tokens of a store that nobody serves any more.
pub(super) fn judge_tokens(store: &Store, held: &[Held]) {
    let tokens = store.tokens().expect("readable");
    for one in held {
        let found = tokens.iter().find(|record| record.number == one.number);
        let found = found.unwrap_or_else(|| panic!("lost: {one:?}"));
        assert_eq!(found.token.name, one.name, "{one:?}");
        if let Some(revoked) = one.revoked {
            assert_eq!(found.revoked_at.is_some(), revoked, "{one:?}");
        }
    }
    // What was done to tokens stands in the journal, once; what was acknowledged stands there for sure.
    let mut told: Vec<(u64, TokenAct)> = Vec::new();
    for token in store.whole_journal().expect("readable").into_iter().filter_map(|entry| entry.token) {
        assert!(!told.contains(&(token.number, token.act)), "twice: {token:?}");
        let record = tokens.iter().find(|record| record.number == token.number).expect("a token");
        assert_eq!((record.token.name.as_str(), record.token.role), (token.name.as_str(), token.role));
        told.push((token.number, token.act));
    }
    for record in tokens.iter().filter(|record| record.number > 1) {
        assert!(told.contains(&(record.number, TokenAct::Created)), "{record:?}");
        assert_eq!(
            told.contains(&(record.number, TokenAct::Revoked)),
            record.revoked_at.is_some(),
            "{record:?}"
        );
    }
    let revoked = held.iter().filter(|one| one.revoked == Some(true)).count();
    assert!(held.len() > 1 && revoked > 0, "{} made, {revoked} revoked", held.len());
}
