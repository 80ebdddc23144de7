//! Watching an evaluation: every step tried, also those that did not match.

use crate::bucket::{Algorithm, Number, Purpose};
use crate::model::{Clause, Reason, VariationName, Weight};

use super::subject::ValueRef;

/// Sees the steps of an evaluation in their order.
pub trait Observer {
    /// Whether anybody listens; where not, no step is even put together.
    const LISTENS: bool;

    /// Sees one step.
    fn step(&mut self, step: Step<'_>);
}

/// Nobody listens: everything about tracing compiles away.
pub struct NoObserver;

impl Observer for NoObserver {
    const LISTENS: bool = false;

    fn step(&mut self, _step: Step<'_>) {}
}

/// Lets a closure see the steps.
impl<F: FnMut(Step<'_>)> Observer for F {
    const LISTENS: bool = true;

    fn step(&mut self, step: Step<'_>) {
        self(step);
    }
}

/// One step of an evaluation.
#[expect(clippy::large_enum_variant, reason = "a step lives for one call, and only where somebody listens")]
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// The switch was asked.
    Switch {
        /// Whether the flag is enabled.
        enabled: bool,
    },
    /// Another flag was evaluated first.
    Prerequisite {
        /// The other flag.
        flag: &'a str,
        /// What it must serve.
        wanted: &'a str,
        /// What it serves, and why; none if there is no such flag.
        actual: Option<(&'a VariationName, Reason)>,
        /// Whether that is what it must serve.
        met: bool,
    },
    /// The user was looked up in the flag's (or the experiment's forced) users.
    User {
        /// The user's key.
        key: Option<&'a str>,
        /// How many users are listed.
        listed: usize,
        /// What the user is served, if listed.
        served: Option<&'a VariationName>,
    },
    /// The organisation was looked up.
    Org {
        /// The organisation's key.
        key: Option<&'a str>,
        /// How many organisations are listed.
        listed: usize,
        /// What the organisation is served, if listed.
        served: Option<&'a VariationName>,
    },
    /// One clause of a rule was tried.
    Clause {
        /// The rule's position, from 0.
        rule: usize,
        /// The clause as it is defined.
        clause: &'a Clause,
        /// What the subject has there.
        actual: Actual<'a>,
        /// Whether it matches, `negate` included.
        matched: bool,
    },
    /// A rule was tried; its clauses came before.
    Rule {
        /// Its position, from 0.
        rule: usize,
        /// Its name.
        name: Option<&'a str>,
        /// Whether all clauses match.
        matched: bool,
        /// The rollout of the rule, where it has one that needs a bucket.
        rollout: Option<Bucketed<'a>>,
        /// The split of the rule, where it has one that needs a bucket.
        split: Option<Bucketed<'a>>,
        /// What it serves, if it decided.
        served: Option<&'a VariationName>,
    },
    /// What everybody else gets.
    Fallthrough {
        /// The bucket, where one is needed.
        bucketed: Option<Bucketed<'a>>,
        /// What is served; none if the unit is missing.
        served: Option<&'a VariationName>,
    },
    /// The gate of an experiment was asked.
    Gate {
        /// The flag.
        flag: &'a str,
        /// What it serves, and why; none if there is no such flag.
        actual: Option<(&'a VariationName, Reason)>,
        /// Whether it lets the subject in.
        open: bool,
    },
}

/// What a subject has for an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Actual<'a> {
    /// Nothing.
    Missing,
    /// Something that the operator cannot read.
    Unreadable(ValueRef<'a>),
    /// A value.
    Value(ValueRef<'a>),
    /// For a clause on segments: the first of those named that the subject is a member of.
    Member(Option<&'a str>),
}

/// A bucket that was, or would have been, computed.
#[derive(Clone, Debug)]
pub struct Bucketed<'a> {
    /// By which algorithm.
    pub algorithm: &'a Algorithm,
    /// What for.
    pub purpose: Purpose,
    /// What goes into the hash beside the unit: salt or name.
    pub key: &'a str,
    /// What was bucketed by, such as `user` or `org.plan`.
    pub by: String,
    /// The unit's text; none if it is missing.
    pub unit: Option<String>,
    /// What is hashed; none if the unit is missing.
    pub input: Option<String>,
    /// The bucket as the algorithm counts it; none if the unit is missing.
    pub bucket: Option<Number>,
    /// What stands for everyone: the number of buckets, 1.0 or 100.0.
    pub total: Number,
    /// For a rollout what the bucket is compared with; for a split the first bucket beyond the variation served.
    pub threshold: Number,
    /// For a split the first bucket of the variation served; for a rollout the first of all.
    pub from: Number,
    /// For a rollout the smallest that has the unit in.
    pub in_at: Option<Weight>,
}
