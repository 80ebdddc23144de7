//! What a client asks for: one request, and what its answer says of the store.

use ffctl::layer::{Patch, patch_from_json};
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

use super::random::Random;

const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// What is asked of one flag.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) flag: String,
    /// The tag that is sent.
    pub(super) tag: String,
    /// The patch as JSON; none takes the override away.
    pub(super) body: Option<Value>,
}

impl Part {
    /// Returns the number of the change that the tag names; none of `*`.
    pub(super) fn expected(&self) -> Option<u64> {
        self.tag.strip_prefix('"')?.split_once('-')?.0.parse().ok()
    }

    /// Returns the patch; of an override that is taken away, none.
    pub(super) fn patch(&self) -> Option<Patch> {
        let mut body = self.body.clone()?;
        body.as_object_mut().expect("an object").remove("expires_at");
        Some(patch_from_json(&body).expect("a patch"))
    }
}

/// One attempt, which may be sent several times.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// Its name: the reason in the journal, and the key.
    pub(super) id: String,
    pub(super) parts: Vec<Part>,
    pub(super) dry_run: bool,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It was done, in this entry; without, there was nothing to do.
    Done { number: Option<u64>, replayed: bool },
    /// It was not done.
    NotDone(u16),
    /// Nobody can tell.
    Unknown,
}

impl Operation {
    /// Makes one up; `tag` returns the tag of a flag as somebody might send it.
    pub(super) fn any(
        random: &mut Random,
        id: String,
        mut tag: impl FnMut(&mut Random, &str) -> Option<String>,
        ends: impl Fn(u64) -> String,
    ) -> Option<Self> {
        let several = random.percent(25);
        let mut parts = Vec::new();
        for name in NAMES {
            if !several || random.percent(50) {
                let name = if several { name } else { *random.one_of(&NAMES) };
                let tag = tag(random, name)?;
                let clears = !several && random.percent(10);
                let body = (!clears).then(|| patch(random, &ends));
                parts.push(Part { flag: name.to_owned(), tag, body });
            }
            if !several {
                break;
            }
        }
        (!parts.is_empty()).then(|| Self { id, parts, dry_run: random.percent(5) })
    }

    fn request(&self, client: &Client, address: &str) -> RequestBuilder {
        let base = format!("{address}/feature-flags");
        let dry_run = if self.dry_run { "?dry_run=true" } else { "" };
        match self.parts.as_slice() {
            [Part { flag, tag, body: None }] => {
                let url = format!("{base}/{flag}/override?reason={}{}", self.id, dry_run.replace('?', "&"));
                client.request(Method::DELETE, url).header("if-match", tag)
            }
            [Part { flag, tag, body: Some(body) }] => {
                let mut body = body.clone();
                body["reason"] = json!(self.id);
                let request = client.request(Method::PATCH, format!("{base}/{flag}{dry_run}"));
                request.header("if-match", tag).body(body.to_string())
            }
            parts => {
                let flags = parts
                    .iter()
                    .map(|part| (part.flag.clone(), json!({ "if_match": part.tag, "patch": part.body })));
                let body = json!({ "reason": self.id, "flags": flags.collect::<Map<_, _>>() });
                client.request(Method::PATCH, format!("{base}{dry_run}")).body(body.to_string())
            }
        }
    }

    /// Sends it; a server that is not there did nothing.
    pub(super) fn send(&self, client: &Client, address: &str, token: &str) -> Reply {
        let request = self.request(client, address).bearer_auth(token);
        let request = request.header("idempotency-key", &self.id).header("content-type", "application/json");
        let answer = match request.send() {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Reply::NotDone(0),
            Err(_) => return Reply::Unknown,
        };
        let status = answer.status().as_u16();
        let replayed = answer.headers().contains_key("idempotent-replayed");
        let Ok(text) = answer.text() else { return Reply::Unknown };
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        match status {
            200 => {
                let number = body["journal"].as_u64().filter(|_| !body["head"].is_null());
                Reply::Done { number, replayed }
            }
            412 | 422 => Reply::NotDone(status),
            503 if body["detail"].as_str().is_some_and(|detail| detail.contains("nothing was changed")) => {
                Reply::NotDone(status)
            }
            503 | 504 => Reply::Unknown,
            other => panic!("{} to {self:?}: {other} {text}", self.id),
        }
    }
}

fn patch(random: &mut Random, ends: &impl Fn(u64) -> String) -> Value {
    let mut patch = Map::new();
    let switch = [json!(true), json!(false), Value::Null];
    if random.percent(60) {
        patch.insert("enabled".to_owned(), random.one_of(&switch).clone());
    }
    if random.percent(50) {
        let rollouts = [json!("10%"), json!("50%"), json!("90%"), Value::Null];
        patch.insert("rollout".to_owned(), random.one_of(&rollouts).clone());
    }
    if patch.is_empty() || random.percent(30) {
        let served = [json!("on"), json!("off"), Value::Null];
        let user = format!("u{}", random.below(3));
        patch.insert("users".to_owned(), json!({ user: random.one_of(&served).clone() }));
    }
    let sets = patch.values().any(|value| match value {
        Value::Object(users) => users.values().any(|value| !value.is_null()),
        value => !value.is_null(),
    });
    if sets && random.percent(10) {
        patch.insert("expires_at".to_owned(), json!(ends(200 + random.below(800))));
    }
    Value::Object(patch)
}
