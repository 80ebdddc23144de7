//! `ffctl check`: whether flags are as they must be, told by the exit code.

use crate::check::{Condition, Verdict};
use crate::cli::CheckArguments;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::View;
use crate::model::Context;
use crate::output::Format;
use crate::report::{CheckCount, CheckReport, ConditionReport, Note, TargetReport};

use super::directory::nobody;
use super::load::{Definitive, Fresh, Loaded, Needs};
use super::session::Session;

/// What is asked at every look.
pub(super) struct Question<'a> {
    pub(super) arguments: &'a CheckArguments,
    pub(super) conditions: Vec<Condition>,
    pub(super) context: Option<Context>,
}

/// What came of looking once.
pub(super) struct Look {
    /// The verdicts.
    pub(super) report: CheckReport,
    /// Why nothing could be read to judge by, if that is so.
    pub(super) failure: Option<Error>,
}

pub(super) fn run(session: &mut Session, arguments: &CheckArguments) -> Result<u8> {
    let conditions = session.conditions(arguments)?;
    let context = session.context(&arguments.context)?;
    let question = Question { arguments, conditions, context };
    question.uses_its_context()?;
    let Look { report, failure } = match arguments.wait {
        None => session.look(&question)?,
        Some(limit) => session.wait(&question, limit)?,
    };
    session.notes(&report.notes);
    session.emit(&report)?;
    failure.map_or(Ok(report.exit), Err)
}

impl Question<'_> {
    /// Refuses a context that makes no difference to any condition, and a directory that nobody is looked up in.
    fn uses_its_context(&self) -> Result<()> {
        let of_one = |condition: &Condition| condition.asks_of_contexts();
        let given = &self.arguments.context;
        let named = self.conditions.iter().any(|condition| condition.user.is_some());
        let unused = if self.context.is_some() {
            (!self.conditions.iter().any(of_one)).then_some("a context")
        } else {
            (given.at.at.is_some() && !named).then_some("--at")
        };
        if let Some(option) = unused {
            let message = format!("{option} makes no difference here: every condition is about everybody");
            return Err(Error::new(Kind::Usage, message)
                .hint("flag=on, flag=off and flag=VARIATION can be asked of one"));
        }
        if given.directory && self.keys().next().is_none() {
            return Err(nobody());
        }
        Ok(())
    }
}

impl Session {
    /// Reads all layers once and judges every condition by them.
    ///
    /// # Errors
    /// When the question itself is a mistake; what merely cannot be read is the verdict on every condition.
    pub(super) fn look(&mut self, question: &Question<'_>) -> Result<Look> {
        // Before anything is asked, since it may be a mistake.
        self.at(&question.arguments.context.at)?;
        let needs = Needs { fresh: Fresh::Live, ..Needs::of(Definitive::Required) };
        let loaded = match self.load_for(&needs) {
            Ok(loaded) => loaded,
            Err(error) => return self.nothing_to_judge_by(question, error),
        };
        let report = self.judge(question, &loaded)?;
        loaded.leave();
        Ok(Look { report, failure: None })
    }

    /// Judges every condition by layers that were read.
    ///
    /// # Errors
    /// When the question itself is a mistake.
    pub(super) fn judge(&mut self, question: &Question<'_>, loaded: &Loaded) -> Result<CheckReport> {
        let at = self.at(&question.arguments.context.at)?;
        let users = self.users(question, &loaded.choice)?;
        let judged = question.conditions.iter().map(|condition| users.judge(loaded, condition, at));
        let conditions: Vec<ConditionReport> = judged.collect();
        let mut notes = self.notes_of(loaded);
        notes.extend(users.notes());
        Ok(CheckReport {
            context: users.context(at),
            target: Some(loaded.target_report()),
            freshness: Some(loaded.freshness()),
            notes,
            ..self.report(conditions)
        })
    }

    /// Returns the look at which nothing could be read.
    fn nothing_to_judge_by(&self, question: &Question<'_>, error: Error) -> Result<Look> {
        let Some(verdict) = Verdict::of_failure(&error) else { return Err(error) };
        let conditions =
            question.conditions.iter().map(|condition| ConditionReport::new(condition, &verdict)).collect();
        let target = self.chosen_target().as_ref().map(TargetReport::from);
        Ok(Look { report: CheckReport { target, ..self.report(conditions) }, failure: Some(error) })
    }

    fn report(&self, conditions: Vec<ConditionReport>) -> CheckReport {
        let exit = exit::combined(conditions.iter().map(|condition| condition.exit));
        CheckReport {
            holds: exit == exit::DONE,
            exit,
            count: CheckCount::of(&conditions),
            conditions,
            context: None,
            view: self.view.map(View::word),
            waited_seconds: None,
            target: None,
            freshness: None,
            notes: Vec::new(),
        }
    }

    /// Returns what is worth a word beside the verdicts: also, where a format has no room for it, how old they are.
    fn notes_of(&self, loaded: &Loaded) -> Vec<Note> {
        let mut notes = loaded.notes.clone();
        if matches!(self.format, Format::Name | Format::Github | Format::Junit) {
            notes.extend(loaded.not_live());
        }
        notes
    }
}
