//! Looking, telling, and looking again.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::answer::{Seen, Whose};
use crate::cli::{CheckArguments, ExecFail, WatchArguments};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{TargetKind, TargetLabel, View};
use crate::output::{self, Format, counted};
use crate::report::{CheckReport, Note, TargetReport, WatchReport};
use crate::settings::short_duration;

use super::super::check::Question;
use super::super::load::{Definitive, Fresh, Loaded, Needs};
use super::super::session::Session;
use super::super::wait::may_change;
use super::super::wanted::{Wanted, flags_of};
use super::exec::exec;
use super::feed::{Feed, Woken};
use super::tell::{About, State, happened};

/// How often a server without events is asked, and a local store looked at.
const POLL_SERVER: Duration = Duration::from_secs(5);
const POLL_STORE: Duration = Duration::from_secs(1);
/// The shortest time that a server is given for an answer.
const SHORTEST_LOOK: Duration = Duration::from_millis(500);

pub(in super::super) fn run(session: &mut Session, arguments: &WatchArguments) -> Result<u8> {
    session.has_no_use_for("`ffctl watch`", &["--offline", "--max-age"])?;
    if arguments.interval.is_some_and(|interval| interval.is_zero()) {
        return Err(Error::new(Kind::Usage, "--interval 0: there is no pause to ask in")
            .hint("leave it out, or --interval 1s"));
    }
    if arguments.exec_timeout.is_zero() {
        return Err(Error::new(Kind::Usage, "--exec-timeout 0: no command is that fast")
            .hint("leave it out, or --exec-timeout 5m"));
    }
    session.states = true;
    let asked = CheckArguments { conditions: arguments.until.clone(), ..CheckArguments::default() };
    let conditions = if asked.conditions.is_empty() { Vec::new() } else { session.conditions(&asked)? };
    let question =
        (!conditions.is_empty()).then_some(Question { arguments: &asked, conditions, context: None });
    let end = arguments.lasts.and_then(|lasts| Instant::now().checked_add(lasts));
    let mut watch = Watch {
        arguments,
        wanted: Wanted::of(&arguments.names)?,
        question,
        end,
        first: true,
        begun: false,
        verdict: None,
    };
    let ended = watch.go(session);
    if watch.begun && session.format == Format::Json {
        session.console.data("]\n")?;
    }
    ended
}

/// What is watched, and how it ends.
struct Watch<'a> {
    arguments: &'a WatchArguments,
    wanted: Wanted<'a>,
    question: Option<Question<'a>>,
    end: Option<Instant>,
    /// Whether nothing was told yet.
    first: bool,
    /// Whether the answer has begun.
    begun: bool,
    /// What the conditions came to last.
    verdict: Option<CheckReport>,
}

/// Since when the target cannot be reached, if so.
#[derive(Default)]
struct Away(Option<Instant>);

impl Away {
    const fn is_away(&self) -> bool {
        self.0.is_some()
    }
}

/// What came of a look.
enum Looked {
    /// This is so now, and this happened since the look before.
    Seen(Box<Loaded>, State, Vec<WatchReport>),
    /// It cannot be told, which may pass.
    Away(Error),
    /// It cannot be told, and will not pass.
    Failed(Error),
}

impl Watch<'_> {
    /// Looks and tells until it is to end.
    fn go(&mut self, session: &mut Session) -> Result<u8> {
        let label = session.chosen_target();
        let is_server = label.as_ref().is_some_and(|label| label.kind == TargetKind::Server);
        let every = self.arguments.interval.unwrap_or(if is_server { POLL_SERVER } else { POLL_STORE });
        // Any seed will do, as long as watches that lose a server together have others.
        let mut feed = Feed::new(is_server, every, RandomState::new().hash_one(std::process::id()));
        let mut away = Away::default();
        let Some((mut loaded, mut before)) = self.arrive(session, label.as_ref(), &mut feed, &mut away)?
        else {
            return Ok(exit::DONE);
        };
        let target = TargetReport::from(loaded.target.label());
        if let Some(code) = self.judge(session, &loaded, &target)? {
            return Ok(code);
        }
        loop {
            if session.console.is_closed() {
                return Ok(exit::DONE);
            }
            match feed.wait(&loaded.target, before.last, self.end, session.sleep)? {
                Woken::Over => return self.over(session, &target, away.is_away()),
                Woken::Later => continue,
                Woken::Look => {}
                Woken::Polls(status) => {
                    let message = format!(
                        "{} has no events to listen to (it answers {status}): it is asked every {}",
                        target.label,
                        short_duration(every)
                    );
                    session.say(&Note::new(message));
                }
            }
            loop {
                let about = About { target: &target, at: session.now(), away: away.is_away() };
                match self.look(session, &loaded, &before, &about) {
                    Looked::Seen(seen, now, happened) => {
                        loaded = *seen;
                        self.back(session, &target, &mut away)?;
                        for report in happened {
                            self.tell(session, &report)?;
                        }
                        before = now;
                        if let Some(code) = self.judge(session, &loaded, &target)? {
                            return Ok(code);
                        }
                        break;
                    }
                    Looked::Away(error) => {
                        self.lost(session, &target, &mut away, &error)?;
                        if session.console.is_closed() {
                            return Ok(exit::DONE);
                        }
                        if feed.pause(error.wait(), self.end, session.sleep) {
                            return self.over(session, &target, true);
                        }
                    }
                    Looked::Failed(error) => return Err(error),
                }
            }
        }
    }

    /// Looks for the first time, as often as it takes while the target is away: somebody may just be starting it.
    /// Nothing if nobody reads what is told any more.
    ///
    /// # Errors
    /// The last reason, when the time is over before.
    fn arrive(
        &mut self,
        session: &mut Session,
        label: Option<&TargetLabel>,
        feed: &mut Feed,
        away: &mut Away,
    ) -> Result<Option<(Loaded, State)>> {
        let target = label.map(TargetReport::from);
        loop {
            match self.load(session) {
                Ok(loaded) => {
                    if let Some(target) = &target {
                        self.back(session, target, away)?;
                    }
                    return self.begin(session, loaded).map(Some);
                }
                Err(error) => {
                    let (Some(label), Some(target)) = (label, &target) else { return Err(error) };
                    // A mistake in a file is one now; while it is watched somebody may be editing it.
                    if !may_pass(&error, label.kind) || label.kind == TargetKind::Local {
                        return Err(error);
                    }
                    self.lost(session, target, away, &error)?;
                    if session.console.is_closed() {
                        return Ok(None);
                    }
                    if feed.pause(error.wait(), self.end, session.sleep) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Tells, once, that the target cannot be reached.
    fn lost(
        &mut self,
        session: &mut Session,
        target: &TargetReport,
        away: &mut Away,
        error: &Error,
    ) -> Result<()> {
        if away.is_away() {
            return Ok(());
        }
        away.0 = Some(Instant::now());
        // The line names the target already.
        let why = error.to_string();
        let why = why.strip_prefix(&format!("{}: ", target.label)).unwrap_or(&why);
        let report = WatchReport {
            message: Some(why.to_owned()),
            ..WatchReport::new("unreachable", session.now(), target.clone())
        };
        self.tell(session, &report)
    }

    /// Tells that the target can be reached again, if it could not.
    fn back(&mut self, session: &mut Session, target: &TargetReport, away: &mut Away) -> Result<()> {
        let Some(since) = away.0.take() else { return Ok(()) };
        let message = format!("after {}", short_duration(since.elapsed()));
        let report = WatchReport {
            message: Some(message),
            ..WatchReport::new("reachable", session.now(), target.clone())
        };
        self.tell(session, &report)
    }

    /// Begins the answer.
    fn open(&mut self, session: &mut Session) -> Result<()> {
        if !self.begun && session.format == Format::Json {
            session.console.data("[\n")?;
        }
        self.begun = true;
        Ok(())
    }

    /// Says what is watched, after the first look.
    fn begin(&mut self, session: &mut Session, loaded: Loaded) -> Result<(Loaded, State)> {
        self.wanted.known(&flags_of(&loaded.layers()), "flag", "")?;
        let state = self.state(session, &loaded);
        for note in &loaded.notes {
            session.say(note);
        }
        let watched = u64::try_from(state.flags.len()).unwrap_or(u64::MAX);
        let mut what = vec![counted(watched, "flag"), format!("target: {}", loaded.admin.target)];
        if let Some(question) = &self.question {
            let conditions: Vec<String> = question.conditions.iter().map(ToString::to_string).collect();
            what.push(format!("until {}", conditions.join(", ")));
        }
        what.extend(self.arguments.lasts.map(|lasts| format!("for {}", short_duration(lasts))));
        let text = output::watching(&what, &session.console.words);
        session.console.words(&text);
        self.open(session)?;
        Ok((loaded, state))
    }

    /// Reads all layers, live.
    fn load(&self, session: &mut Session) -> Result<Loaded> {
        session.patience = self.end.map(|end| {
            let left = end.saturating_duration_since(Instant::now());
            left.max(SHORTEST_LOOK)
        });
        // A server tells what its flags are without flags.toml; conditions are judged by it.
        let definitive = if self.question.is_some() { Definitive::Required } else { Definitive::IfAny };
        session.load_for(&Needs { fresh: Fresh::OnlyLive, ..Needs::of(definitive) })
    }

    /// Looks again.
    fn look(&self, session: &mut Session, last: &Loaded, before: &State, about: &About<'_>) -> Looked {
        // The client is kept: it holds the connection.
        session.kept = Some(Arc::clone(&last.target));
        let is_wanted = |name: &str| self.wanted.is_wanted(name);
        let seen = self.load(session).and_then(|loaded| {
            let now = self.state(session, &loaded);
            let happened = happened(&loaded.target, (before, &now), about, &is_wanted)?;
            Ok((loaded, now, happened))
        });
        match seen {
            Ok((loaded, now, happened)) => Looked::Seen(Box::new(loaded), now, happened),
            Err(error) if may_pass(&error, last.target.label().kind) => Looked::Away(error),
            Err(error) => Looked::Failed(error),
        }
    }

    fn state(&self, session: &Session, loaded: &Loaded) -> State {
        let whose = match (loaded.admin.target.kind, session.view) {
            (TargetKind::Local | TargetKind::Database, _) | (TargetKind::Server, Some(View::Checkout)) => {
                Whose::Checkout
            }
            (TargetKind::Server, _) => Whose::Server,
        };
        let mut flags = Seen::all(&loaded.layers(), whose);
        flags.retain(|name, _| self.wanted.is_wanted(name));
        State { flags, last: loaded.last_change() }
    }

    /// Tells of an event, and runs what is to be run for it.
    fn tell(&mut self, session: &mut Session, report: &WatchReport) -> Result<()> {
        self.open(session)?;
        let text = output::watched(report, session.format, &session.console.data, self.first);
        self.first = false;
        session.console.data(&text)?;
        let Some(command) = &self.arguments.exec else { return Ok(()) };
        let json = output::watched(report, Format::Jsonl, &output::Screen::default(), false);
        let Err(why) = exec(command, report, &json, self.arguments.exec_timeout, session.sleep) else {
            return Ok(());
        };
        let of = report.flag.as_ref().map(|flag| format!(" for `{flag}`")).unwrap_or_default();
        let message = format!("the command of --exec {why}{of}");
        match self.arguments.exec_fail {
            ExecFail::Note => {
                session.say(&Note::new(message));
                Ok(())
            }
            ExecFail::Stop => Err(Error::new(Kind::Local, message)),
        }
    }

    /// Judges the conditions; returns the code to end with if they hold, or can never.
    fn judge(&mut self, session: &mut Session, loaded: &Loaded, target: &TargetReport) -> Result<Option<u8>> {
        let Some(question) = &self.question else { return Ok(None) };
        let verdict = session.judge(question, loaded)?;
        let ends = verdict.holds || !may_change(verdict.exit);
        let code = verdict.exit;
        self.verdict = Some(verdict);
        if !ends {
            return Ok(None);
        }
        self.tell_verdict(session, target, code)?;
        Ok(Some(code))
    }

    /// Ends since the time is over.
    fn over(&mut self, session: &mut Session, target: &TargetReport, away: bool) -> Result<u8> {
        let Some(verdict) = &self.verdict else { return Ok(exit::DONE) };
        let code = if away { exit::code(Kind::Unreachable) } else { verdict.exit };
        self.tell_verdict(session, target, code)?;
        Ok(code)
    }

    fn tell_verdict(&mut self, session: &mut Session, target: &TargetReport, code: u8) -> Result<()> {
        let verdict = self.verdict.take();
        let report = WatchReport {
            holds: Some(code == exit::DONE),
            exit: Some(code),
            conditions: verdict.map(|verdict| verdict.conditions).unwrap_or_default(),
            ..WatchReport::new("until", session.now(), target.clone())
        };
        self.tell(session, &report)
    }
}

/// Tells whether it may be otherwise at the next look: the network or the server failed, or somebody edits a file.
fn may_pass(error: &Error, kind: TargetKind) -> bool {
    let edited = matches!(error.kind(), Kind::Invalid | Kind::Local) && kind == TargetKind::Local;
    let database = error.kind() == Kind::Unreachable && kind == TargetKind::Database;
    error.passes() || error.wait().is_some() || edited || database
}
