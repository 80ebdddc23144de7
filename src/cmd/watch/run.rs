//! Looking, telling, and looking again.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::answer::{Seen, Whose};
use crate::cli::{CheckArguments, ExecFail, WatchArguments};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{TargetKind, View};
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

/// What came of a look.
enum Looked {
    /// This is so now.
    Seen(Box<Loaded>, State),
    /// It cannot be told, which may pass.
    Away(Error),
    /// It cannot be told, and will not pass.
    Failed(Error),
}

impl Watch<'_> {
    /// Looks and tells until it is to end.
    fn go(&mut self, session: &mut Session) -> Result<u8> {
        let (mut loaded, mut before) = self.begin(session)?;
        let target = TargetReport::from(loaded.target.label());
        if let Some(code) = self.judge(session, &loaded, &target)? {
            return Ok(code);
        }
        let is_server = loaded.target.label().kind == TargetKind::Server;
        let every = self.arguments.interval.unwrap_or(if is_server { POLL_SERVER } else { POLL_STORE });
        // Any seed will do, as long as watches that lose a server together have others.
        let mut feed = Feed::new(is_server, every, RandomState::new().hash_one(std::process::id()));
        let mut away: Option<Instant> = None;
        loop {
            if session.console.is_closed() {
                return Ok(exit::DONE);
            }
            match feed.wait(&loaded.target, before.last, self.end, session.sleep)? {
                Woken::Over => return self.over(session, &target, away.is_some()),
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
                match self.look(session, &loaded) {
                    Looked::Seen(seen, now) => {
                        loaded = *seen;
                        let at = session.now();
                        let since = away.take();
                        if let Some(since) = since {
                            let message = format!("after {}", short_duration(since.elapsed()));
                            let report = WatchReport {
                                message: Some(message),
                                ..WatchReport::new("reachable", at, target.clone())
                            };
                            self.tell(session, &report)?;
                        }
                        let about = About { target: &target, at, away: since.is_some() };
                        let is_wanted = |name: &str| self.wanted.is_wanted(name);
                        for report in happened(&loaded.target, (&before, &now), &about, &is_wanted) {
                            self.tell(session, &report)?;
                        }
                        before = now;
                        if let Some(code) = self.judge(session, &loaded, &target)? {
                            return Ok(code);
                        }
                        break;
                    }
                    Looked::Away(error) => {
                        if away.is_none() {
                            away = Some(Instant::now());
                            // The line names the target already.
                            let why = error.to_string();
                            let why = why.strip_prefix(&format!("{}: ", target.label)).unwrap_or(&why);
                            let report = WatchReport {
                                message: Some(why.to_owned()),
                                ..WatchReport::new("unreachable", session.now(), target.clone())
                            };
                            self.tell(session, &report)?;
                        }
                        if session.console.is_closed() {
                            return Ok(exit::DONE);
                        }
                        if feed.pause(self.end, session.sleep) {
                            return self.over(session, &target, true);
                        }
                    }
                    Looked::Failed(error) => return Err(error),
                }
            }
        }
    }

    /// Looks for the first time, and says what is watched.
    fn begin(&mut self, session: &mut Session) -> Result<(Loaded, State)> {
        let loaded = self.load(session)?;
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
        self.begun = true;
        if session.format == Format::Json {
            session.console.data("[\n")?;
        }
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
    fn look(&self, session: &mut Session, before: &Loaded) -> Looked {
        // The client is kept: it holds the connection.
        session.kept = Some(Arc::clone(&before.target));
        match self.load(session) {
            Ok(loaded) => {
                let state = self.state(session, &loaded);
                Looked::Seen(Box::new(loaded), state)
            }
            Err(error) if may_pass(&error, before.target.label().kind) => Looked::Away(error),
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
        let text = output::watched(report, session.format, &session.console.data, self.first);
        self.first = false;
        session.console.data(&text)?;
        let Some(command) = &self.arguments.exec else { return Ok(()) };
        let json = output::watched(report, Format::Jsonl, &output::Screen::default(), false);
        let Err(why) = exec(command, report, &json) else { return Ok(()) };
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
    error.passes() || edited || database
}
