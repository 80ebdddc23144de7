//! ffctl, through its public library.

use ffctl::eval::{Builder, FlagId, NoObserver, Program, Scratch};
use ffctl::model::{
    Clause, Context, ContextKind, Definitions, Fallthrough, Flag, FlagName, ON, Operator, Rule, Serve,
    Timestamp, Value, VariationName, Weight,
};

use crate::engine::{Engine, FLAG, Job};
use crate::user::User;

pub struct Ours {
    program: Program,
    flag: FlagId,
    contexts: Vec<Context>,
}

impl Ours {
    pub fn new(job: Job, users: &[User]) -> Self {
        let name = FlagName::try_from(FLAG).expect("a name");
        let mut flag = Flag::boolean(name.clone(), true);
        let weight = Weight::from_thousandths(25_000).expect("in range");
        match job {
            Job::Rollout | Job::RolloutOfUuids => flag.fallthrough = Fallthrough::Rollout(weight),
            Job::BehindSuffix => {
                let clause = Clause {
                    kind: ContextKind::user(),
                    attribute: "email".into(),
                    operator: Operator::EndsWith,
                    values: vec![Value::from("@agpt.co")],
                    negate: false,
                };
                let on = VariationName::try_from(ON).expect("a name");
                let serve = Serve::Variation(on);
                flag.rules = vec![Rule { name: None, when: vec![clause], rollout: weight, serve }];
                flag.fallthrough = Fallthrough::Rollout(Weight::NONE);
            }
        }
        let mut definitions = Definitions::default();
        definitions.flags.insert(name, flag);
        let mut builder = Builder::default();
        let flag = builder.flag(&definitions, FLAG).expect("it is defined");
        let contexts = users.iter().map(context).collect();
        Self { program: builder.build(), flag, contexts }
    }
}

fn context(user: &User) -> Context {
    let mut context = Context::user(user.id.as_str());
    if let Some(email) = &user.email {
        context.part_mut(&ContextKind::user()).set("email", Value::from(email.as_str()));
    }
    context
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "ffctl"
    }

    fn count_on(&self) -> usize {
        let mut scratch = Scratch::default();
        let now = Timestamp::from_millis(1_790_000_000_000);
        let off = self.program.off(self.flag);
        let on = |context: &&Context| {
            let mut run = scratch.subject(&self.program, *context, now);
            run.evaluate(self.flag, &mut NoObserver).variation != off
        };
        self.contexts.iter().filter(on).count()
    }
}
