//! Unleash's Yggdrasil: a flexibleRollout strategy, with a STR_ENDS_WITH constraint.

use std::collections::HashMap;

use unleash_types::client_features::{ClientFeatures, Context};
use unleash_yggdrasil::EngineState;

use crate::engine::{Engine, FLAG, Job};
use crate::user::User;

pub struct Yggdrasil {
    engine: EngineState,
    contexts: Vec<Context>,
}

impl Yggdrasil {
    pub fn new(job: Job, users: &[User]) -> Self {
        let constraints = match job {
            Job::Rollout | Job::RolloutOfUuids => serde_json::json!([]),
            Job::BehindSuffix => serde_json::json!([
                { "contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@agpt.co"] }
            ]),
        };
        let features: ClientFeatures = serde_json::from_value(serde_json::json!({
            "version": 2,
            "features": [{
                "name": FLAG,
                "enabled": true,
                "strategies": [{
                    "name": "flexibleRollout",
                    "constraints": constraints,
                    "parameters": { "rollout": "25", "stickiness": "userId", "groupId": FLAG },
                }],
            }],
        }))
        .expect("features of Unleash");
        let engine = EngineState::default();
        let warnings = engine.apply_client_features(features);
        assert!(warnings.is_none_or(|warnings| warnings.is_empty()), "the strategy compiles");
        Self { engine, contexts: users.iter().map(context).collect() }
    }
}

fn context(user: &User) -> Context {
    let email = |email: &String| HashMap::from([("email".to_owned(), email.clone())]);
    Context {
        user_id: Some(user.id.clone()),
        session_id: None,
        environment: None,
        app_name: None,
        current_time: None,
        remote_address: None,
        properties: user.email.as_ref().map(email),
    }
}

impl Engine for Yggdrasil {
    fn name(&self) -> &'static str {
        "unleash-yggdrasil 0.21.7"
    }

    fn count_on(&self) -> usize {
        self.contexts.iter().filter(|context| self.engine.is_enabled(FLAG, context, &None)).count()
    }
}
