//! The users that conditions are about, as the user directory knows them.

use std::collections::BTreeMap;

use crate::answer::deciding_bucket;
use crate::check::{Asked, Condition, Outcome, Verdict, context_of, judge};
use crate::error::{Error, Kind, Result};
use crate::model::{Context, ContextKind, Timestamp};
use crate::report::{ConditionReport, ContextReport, DirectoryReport, Note};
use crate::settings::TargetChoice;

use super::check::Question;
use super::directory::Known;
use super::load::Loaded;
use super::session::Session;

/// What is known of the users of a question.
pub(super) struct Users<'a> {
    /// The context that the options name, as far as a condition is about it.
    given: Option<Known>,
    /// The users that conditions name, and the one of the options, by key, where they were looked up.
    known: BTreeMap<&'a str, Known>,
    /// Whether a key alone will do.
    allow_bare: bool,
}

impl Question<'_> {
    /// Returns the keys of the users that conditions are about, as they stand.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let given = self.context.as_ref().and_then(|context| context.key(&ContextKind::user()));
        let asking = self.conditions.iter().filter(|condition| condition.asks_of_contexts());
        asking.filter_map(move |condition| condition.user.as_deref().or(given))
    }
}

impl Session {
    /// Looks up the users of a question, each once, if `--directory` asks for it.
    ///
    /// # Errors
    /// When there is no directory to ask.
    pub(super) fn users<'a>(
        &mut self,
        question: &'a Question<'_>,
        target: &TargetChoice,
    ) -> Result<Users<'a>> {
        let given = question.context.clone().map(|context| Known { context, directory: None });
        let allow_bare = question.arguments.allow_bare_user;
        let mut users = Users { given, known: BTreeMap::new(), allow_bare };
        if !question.arguments.context.directory {
            return Ok(users);
        }
        for key in question.keys() {
            if users.known.contains_key(key) {
                continue;
            }
            let mut caller = question.context.clone().unwrap_or_default();
            caller.part_mut(&ContextKind::user()).key = Some(key.to_owned());
            users.known.insert(key, self.look_up(key, &caller, target)?);
        }
        let key = question.context.as_ref().and_then(|context| context.key(&ContextKind::user()));
        if let Some(known) = key.and_then(|key| users.known.get(key)) {
            users.given = Some(known.clone());
        }
        Ok(users)
    }
}

impl Users<'_> {
    /// Returns the report of the context that the options name.
    pub(super) fn context(&self, at: Timestamp) -> Option<ContextReport> {
        self.given.as_ref().map(|known| known.report(at))
    }

    /// Returns what is worth a word about those that were looked up.
    pub(super) fn notes(&self) -> Vec<Note> {
        let told = |known: &&Known| {
            // Where a key alone will not do, the verdict says so.
            self.allow_bare || known.directory.as_ref().is_none_or(|directory| directory.reason.is_none())
        };
        self.known.values().filter(told).flat_map(Known::notes).collect()
    }

    /// Returns the verdict on a condition.
    pub(super) fn judge(&self, loaded: &Loaded, condition: &Condition, at: Timestamp) -> ConditionReport {
        let known = match &condition.user {
            Some(user) => self.known.get(user.as_str()).filter(|_| condition.asks_of_contexts()),
            None => self.given.as_ref(),
        };
        let context: Option<&Context> = known.or(self.given.as_ref()).map(|known| &known.context);
        let asked = Asked { layers: loaded.layers(), context, at };
        let verdict = judge(&asked, condition);
        let directory = known.and_then(|known| known.directory.as_ref());
        let answered = verdict.outcome == Outcome::Holds || verdict.outcome.is_no();
        let concerned = answered && condition.asks_of_contexts() && !self.allow_bare;
        let bare = directory.filter(|_| concerned).and_then(|directory| bare(directory, known?));
        let of_one = context_of(&asked, condition).filter(|_| bare.is_none() && answered);
        let mut report = ConditionReport::new(condition, &bare.unwrap_or(verdict));
        report.bucket =
            of_one.and_then(|context| deciding_bucket(&asked.layers, &condition.name, &context, at));
        report.directory = directory.filter(|_| condition.user.is_some()).cloned();
        report
    }
}

/// Returns the verdict on somebody of whom there is only the key, which decides nothing unless it may.
fn bare(directory: &DirectoryReport, known: &Known) -> Option<Verdict> {
    const HINT: &str = "--allow-bare-user judges by the key alone";
    let user = known.context.key(&ContextKind::user()).unwrap_or_default();
    let address = &directory.address;
    match (directory.reason?, &directory.message) {
        ("no_such_user", _) => Some(Verdict {
            message: Some(format!("the directory {address} knows no user `{user}`")),
            hint: Some(HINT.to_owned()),
            ..Verdict::new(Outcome::Unknown)
        }),
        (_, why) => {
            let why = why.as_deref().unwrap_or("the lookup failed");
            let message = format!("no record of user `{user}` from the directory {address}: {why}");
            Verdict::of_failure(&Error::new(Kind::Unreachable, message).hint(HINT))
        }
    }
}
