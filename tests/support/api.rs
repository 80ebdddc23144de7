//! Two admin APIs: a rich one, which keeps overrides, versions and a journal, and a minimal one, which knows
//! three fields and the switch.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::server::{Reply, Request, Server};

const BASE: &str = "/api/v1/admin";

/// Starts a rich server with these flags, nothing overridden. With a token, it answers 401 without it.
pub(crate) fn rich(flags: &[&str], token: Option<&str>) -> Server {
    started(flags, token, true)
}

/// Starts a rich server that keeps its journal for itself.
pub(crate) fn without_journal(flags: &[&str]) -> Server {
    started(flags, None, false)
}

fn started(flags: &[&str], token: Option<&str>, tells: bool) -> Server {
    let flags = flags.iter().map(|name| ((*name).to_owned(), (json!({}), 0))).collect();
    let state = Mutex::new(Rich { flags, journal: Vec::new(), keys: BTreeMap::new(), tells });
    let expected = token.map(|token| format!("Bearer {token}"));
    Server::start(move |request| {
        if expected.is_some() && request.headers.get("authorization") != expected.as_ref() {
            return Reply::problem(401, "unauthorized", "who are you?");
        }
        state.lock().expect("no request panics").answer(request)
    })
}

struct Rich {
    flags: BTreeMap<String, (Value, u64)>,
    journal: Vec<Value>,
    keys: BTreeMap<String, Reply>,
    /// Whether it tells the numbers of its journal.
    tells: bool,
}

impl Rich {
    fn answer(&mut self, request: &Request) -> Reply {
        let path = request.path.strip_prefix(BASE).unwrap_or_default();
        let name = path.strip_prefix("/feature-flags/");
        match (request.method.as_str(), path, name) {
            ("GET", "/feature-flags", _) => {
                let list: Vec<Value> = self.flags.keys().map(|name| self.entry(name)).collect();
                Reply::json(200, &json!({ "flags": list }))
            }
            ("GET", _, Some(name)) if self.flags.contains_key(name) => self.flag(name),
            ("PATCH", "/feature-flags", _) => self.once(request, |rich, body| {
                let changes = body["flags"].as_object().cloned().unwrap_or_default();
                let changes = changes.into_iter().map(|(name, change)| {
                    (name, change["if_match"].as_str().map(str::to_owned), change["patch"].clone())
                });
                rich.change(changes.collect(), &body["reason"]).unwrap_or_else(|number| {
                    let list: Vec<Value> = rich.flags.keys().map(|name| rich.entry(name)).collect();
                    Reply::json(200, &json!({ "journal": rich.tells.then_some(number), "flags": list }))
                })
            }),
            ("PATCH", _, Some(name)) => {
                let (name, tag) = (name.to_owned(), request.headers.get("if-match").cloned());
                self.once(request, |rich, mut body| {
                    let reason =
                        body.as_object_mut().and_then(|body| body.remove("reason")).unwrap_or_default();
                    let changes = vec![(name.clone(), tag, body)];
                    rich.change(changes, &reason).unwrap_or_else(|_| rich.flag(&name))
                })
            }
            ("GET", _, Some(_)) => Reply::problem(404, "unknown_flag", "no such flag"),
            ("GET", path, _) if path.starts_with("/journal") && self.tells => {
                Reply::json(200, &json!({ "entries": self.journal }))
            }
            _ => Reply::problem(404, "not_found", "no such route"),
        }
    }

    fn entry(&self, name: &str) -> Value {
        let (overriding, version) = &self.flags[name];
        let enabled = overriding["enabled"].as_bool().unwrap_or(false);
        let source = if overriding["enabled"].is_boolean() { "admin" } else { "default" };
        json!({ "name": name, "enabled": enabled, "source": source, "override": overriding,
                "etag": format!("\"{version}\""), "journal": self.tells.then_some(version) })
    }

    fn flag(&self, name: &str) -> Reply {
        Reply::json(200, &self.entry(name)).with("etag", &format!("\"{}\"", self.flags[name].1))
    }

    fn once(&mut self, request: &Request, change: impl FnOnce(&mut Self, Value) -> Reply) -> Reply {
        let key = request.headers.get("idempotency-key").cloned().unwrap_or_default();
        if let Some(first) = self.keys.get(&key) {
            return first.clone();
        }
        let reply = change(self, serde_json::from_str(&request.body).unwrap_or_default());
        self.keys.insert(key, reply.clone());
        reply
    }

    /// Applies changes all or nothing; `Err` is the number of the journal entry, `Ok` a refusal.
    fn change(
        &mut self,
        changes: Vec<(String, Option<String>, Value)>,
        reason: &Value,
    ) -> Result<Reply, usize> {
        for (name, tag, _) in &changes {
            let Some((_, version)) = self.flags.get(name) else {
                return Ok(Reply::problem(404, "unknown_flag", &format!("no flag {name}")));
            };
            match tag {
                None => return Ok(Reply::problem(428, "precondition_required", "If-Match is required")),
                Some(tag) if *tag != format!("\"{version}\"") => {
                    return Ok(Reply::problem(412, "changed", &format!("ben changed {name} at 10:00")));
                }
                Some(_) => {}
            }
        }
        let number = self.journal.len() + 1;
        let mut entries = Vec::new();
        for (name, _, patch) in changes {
            if let Some((overriding, version)) = self.flags.get_mut(&name) {
                let before = overriding.clone();
                merge(overriding, &patch);
                *version = number as u64;
                entries.push(json!({ "flag": name, "before": before, "after": patch }));
            }
        }
        let at = "2026-01-01T00:00:00Z";
        self.journal.push(
            json!({ "number": number, "at": at, "actor": "token", "reason": reason, "changes": entries }),
        );
        Err(number)
    }
}

/// JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().expect("made one above").remove(name);
        } else {
            merge(&mut target[name], value);
        }
    }
}

/// Starts a minimal server: the list with three fields, and `PATCH {"enabled": …}` without a version.
pub(crate) fn minimal(flags: &[(&str, bool, &str)]) -> Server {
    let flag = |(name, enabled, source): &(&str, bool, &str)| json!({ "name": name, "enabled": enabled, "source": source });
    let flags = Mutex::new(flags.iter().map(flag).collect::<Vec<_>>());
    Server::start(move |request| {
        let mut flags = flags.lock().expect("no request panics");
        let path = request.path.strip_prefix(BASE).unwrap_or_default();
        match (request.method.as_str(), path, path.strip_prefix("/feature-flags/")) {
            ("GET", "/feature-flags", _) => Reply::json(200, &json!({ "flags": *flags })),
            ("PATCH", _, Some(name)) => {
                let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
                let flag = flags.iter_mut().find(|flag| flag["name"] == *name);
                match (flag, body["enabled"].as_bool()) {
                    (None, _) => Reply::text(404, "text/plain", "not found"),
                    (_, None) => Reply::json(422, &json!({ "detail": "only `enabled` can be set" })),
                    (Some(flag), Some(enabled)) => {
                        flag["enabled"] = json!(enabled);
                        flag["source"] = json!("admin");
                        Reply::json(200, &json!({ "ok": true }))
                    }
                }
            }
            _ => Reply::text(404, "text/html", "<html><body>Not Found"),
        }
    })
}
