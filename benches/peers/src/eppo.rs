//! Eppo's core: an allocation with a shard of 25%. It has no suffix operator; MATCHES is the nearest.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use eppo_core::eval::get_assignment;
use eppo_core::ufc::UniversalFlagConfig;
use eppo_core::{Attributes, Configuration, SdkMetadata, Str};

use crate::engine::{Engine, FLAG, Job};
use crate::user::User;

pub struct Eppo {
    configuration: Configuration,
    subjects: Vec<(Str, Arc<Attributes>)>,
    now: DateTime<Utc>,
}

impl Eppo {
    pub fn new(job: Job, users: &[User]) -> Self {
        let rules = match job {
            Job::Rollout | Job::RolloutOfUuids => serde_json::json!([]),
            Job::BehindSuffix => serde_json::json!([
                { "conditions": [{ "attribute": "email", "operator": "MATCHES", "value": "@agpt\\.co$" }] }
            ]),
        };
        let shards = serde_json::json!([{ "salt": FLAG, "ranges": [{ "start": 0, "end": 2500 }] }]);
        let json = serde_json::json!({
            "createdAt": "2026-01-01T00:00:00Z",
            "format": "SERVER",
            "environment": { "name": "bench" },
            "flags": {
                FLAG: {
                    "key": FLAG,
                    "enabled": true,
                    "variationType": "BOOLEAN",
                    "variations": {
                        "on": { "key": "on", "value": true },
                        "off": { "key": "off", "value": false },
                    },
                    "allocations": [
                        {
                            "key": "rollout",
                            "rules": rules,
                            "splits": [{ "variationKey": "on", "shards": shards }],
                            "doLog": false,
                        },
                        {
                            "key": "rest",
                            "splits": [{ "variationKey": "off", "shards": [] }],
                            "doLog": false,
                        },
                    ],
                    "totalShards": 10_000,
                },
            },
        });
        let bytes = serde_json::to_vec(&json).expect("JSON");
        let metadata = SdkMetadata { name: "bench", version: "0" };
        let flags = UniversalFlagConfig::from_json(metadata, bytes).expect("a configuration of Eppo");
        Self {
            configuration: Configuration::from_server_response(flags, None),
            subjects: users.iter().map(subject).collect(),
            now: DateTime::from_timestamp(1_790_000_000, 0).expect("a time"),
        }
    }
}

fn subject(user: &User) -> (Str, Arc<Attributes>) {
    let email = user.email.iter().map(|email| ("email".into(), email.as_str().into()));
    (user.id.as_str().into(), Arc::new(email.collect()))
}

impl Engine for Eppo {
    fn name(&self) -> &'static str {
        "eppo_core 10.0.0 (ahash)"
    }

    fn count_on(&self) -> usize {
        let on = |(key, attributes): &&(Str, Arc<Attributes>)| {
            get_assignment(Some(&self.configuration), FLAG, key, attributes, None, self.now)
                .ok()
                .flatten()
                .is_some_and(|assignment| assignment.value.as_boolean() == Some(true))
        };
        self.subjects.iter().filter(on).count()
    }
}
