//! LaunchDarkly's evaluation engine: a weighted rollout, behind a rule with endsWith.

use launchdarkly_server_sdk_evaluation::{
    Context, ContextBuilder, Flag, FlagValue, Segment, Store, evaluate,
};

use crate::engine::{Engine, FLAG, Job};
use crate::user::User;

pub struct LaunchDarkly {
    flag: Flag,
    contexts: Vec<Context>,
}

/// The flag refers to nothing else.
struct Nothing;

impl Store for Nothing {
    fn flag(&self, _flag_key: &str) -> Option<Flag> {
        None
    }

    fn segment(&self, _segment_key: &str) -> Option<Segment> {
        None
    }
}

impl LaunchDarkly {
    pub fn new(job: Job, users: &[User]) -> Self {
        let rollout = serde_json::json!({
            "variations": [{ "variation": 1, "weight": 25_000 }, { "variation": 0, "weight": 75_000 }],
        });
        let (rules, fallthrough) = match job {
            Job::Rollout | Job::RolloutOfUuids => {
                (serde_json::json!([]), serde_json::json!({ "rollout": rollout }))
            }
            Job::BehindSuffix => {
                let clause = serde_json::json!({
                    "attribute": "email", "op": "endsWith", "values": ["@agpt.co"], "negate": false,
                });
                let rule = serde_json::json!({
                    "id": "rule", "clauses": [clause], "rollout": rollout, "trackEvents": false,
                });
                (serde_json::json!([rule]), serde_json::json!({ "variation": 0 }))
            }
        };
        let flag = serde_json::from_value(serde_json::json!({
            "key": FLAG,
            "version": 1,
            "on": true,
            "targets": [],
            "rules": rules,
            "prerequisites": [],
            "fallthrough": fallthrough,
            "offVariation": 0,
            "variations": [false, true],
            "clientSide": false,
            "salt": "salt",
        }))
        .expect("a flag of LaunchDarkly");
        Self { flag, contexts: users.iter().map(context).collect() }
    }
}

fn context(user: &User) -> Context {
    let mut builder = ContextBuilder::new(user.id.as_str());
    if let Some(email) = &user.email {
        builder.set_string("email", email.as_str());
    }
    builder.build().expect("a context of LaunchDarkly")
}

impl Engine for LaunchDarkly {
    fn name(&self) -> &'static str {
        "launchdarkly-server-sdk-evaluation 2.2.1"
    }

    fn count_on(&self) -> usize {
        let on = |context: &&Context| {
            matches!(evaluate(&Nothing, &self.flag, context, None).value, Some(FlagValue::Bool(true)))
        };
        self.contexts.iter().filter(on).count()
    }
}
