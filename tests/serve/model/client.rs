//! A client that changes flags until it is told to end, and writes down what it was told.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use reqwest::blocking::Client;

use super::super::super::ffctl_server::client;
use super::super::watching::in_millis;
use super::operation::{Operation, Reply};
use super::random::Random;

/// How often an attempt is sent whose outcome is unknown.
const AGAIN: u32 = 30;

/// What all clients see.
pub(super) struct World {
    /// Where the servers answer at present.
    pub(super) addresses: Mutex<Vec<String>>,
    pub(super) over: AtomicBool,
    /// How many changes were acknowledged.
    pub(super) acknowledged: AtomicU32,
    pub(super) token: String,
}

/// What an attempt came to, as its client knows.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) operation: Operation,
    pub(super) reply: Reply,
}

/// One client.
pub(super) struct Actor<'a> {
    world: &'a World,
    random: Random,
    http: Client,
    name: usize,
    /// Tags that it has seen, which may be over by now.
    tags: HashMap<String, Vec<String>>,
}

impl<'a> Actor<'a> {
    pub(super) fn new(world: &'a World, random: Random, name: usize) -> Self {
        Self { world, random, http: client(), name, tags: HashMap::new() }
    }

    /// Changes flags until it is over.
    pub(super) fn act(mut self) -> Vec<Attempt> {
        let mut done = Vec::new();
        for count in 0_u32.. {
            if self.world.over.load(Ordering::Relaxed) {
                break;
            }
            let id = format!("c{}-{count}", self.name);
            let mut random = self.random.split();
            let operation = Operation::any(&mut random, id, |random, flag| self.tag(random, flag), millis);
            let Some(operation) = operation else {
                pause(20);
                continue;
            };
            let reply = self.settle(&operation, &mut random);
            if matches!(reply, Reply::Done { .. }) {
                self.world.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            if let Reply::Done { number: Some(number), .. } = reply
                && !operation.dry_run
            {
                self.repeat(&operation, number, &mut random);
            }
            done.push(Attempt { operation, reply });
        }
        done
    }

    /// Sends an attempt, mostly until it knows what came of it.
    fn settle(&self, operation: &Operation, random: &mut Random) -> Reply {
        let mut reply = self.send(operation, random);
        if reply != Reply::Unknown || random.percent(25) {
            return reply;
        }
        for _ in 0..AGAIN {
            reply = self.send(operation, random);
            match reply {
                Reply::Done { .. } => return reply,
                // Whether the first was done, a refusal of the second does not tell.
                Reply::NotDone(412 | 422) => return Reply::Unknown,
                Reply::NotDone(_) | Reply::Unknown => pause(50),
            }
        }
        Reply::Unknown
    }

    /// Repeats what was done, or uses its name for something else.
    fn repeat(&self, operation: &Operation, number: u64, random: &mut Random) {
        if random.percent(10) {
            match self.send(operation, random) {
                Reply::Done { number: again, replayed } => {
                    assert_eq!((again, replayed), (Some(number), true), "{operation:?}");
                }
                Reply::NotDone(status) => assert!([0, 503].contains(&status), "{status}: {operation:?}"),
                Reply::Unknown => {}
            }
        }
        if random.percent(3) {
            let mut other = operation.clone();
            other.parts[0].body = Some(serde_json::json!({ "users": { "somebody-else": "on" } }));
            let reply = self.send(&other, random);
            assert!(
                matches!(reply, Reply::NotDone(0 | 422 | 503) | Reply::Unknown),
                "{reply:?}: {operation:?}"
            );
        }
    }

    fn send(&self, operation: &Operation, random: &mut Random) -> Reply {
        let address = self.address(random);
        operation.send(&self.http, &address, &self.world.token)
    }

    fn address(&self, random: &mut Random) -> String {
        random.one_of(&self.world.addresses.lock().expect("nobody panicked with it")).clone()
    }

    /// Returns a tag: any, the present one, or one of before.
    fn tag(&mut self, random: &mut Random, flag: &str) -> Option<String> {
        if random.percent(40) {
            return Some("*".to_owned());
        }
        if random.percent(20)
            && let Some(seen) = self.tags.get(flag)
        {
            return Some(random.one_of(seen).clone());
        }
        let url = format!("{}/feature-flags/{flag}", self.address(random));
        let answer = self.http.get(url).bearer_auth(&self.world.token).send().ok()?;
        assert_eq!(answer.status().as_u16(), 200, "reads are always answered");
        let tag = answer.headers().get("etag")?.to_str().expect("ASCII").to_owned();
        self.tags.entry(flag.to_owned()).or_default().push(tag.clone());
        Some(tag)
    }
}

fn millis(millis: u64) -> String {
    in_millis(i64::try_from(millis).expect("small"))
}

#[expect(clippy::disallowed_methods, reason = "a client waits for a server that is away")]
pub(super) fn pause(millis: u64) {
    thread::sleep(Duration::from_millis(millis));
}
