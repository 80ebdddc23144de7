//! `ffctl context show`: what evaluation sees of a user.

use crate::answer::words;
use crate::cli::{ContextAction, ContextCommandArguments, ContextShowArguments};
use crate::context::from_options;
use crate::directory::{Origin, SegmentOrigin, UserRecord};
use crate::error::{Error, Kind, Result};
use crate::eval::{Builder, Scratch, World};
use crate::exit;
use crate::model::{Context, ContextKind, Timestamp, Value};
use crate::report::{AttributeReport, DirectoryReport, MembershipReport, Note, UserReport};

use super::context::invalid;
use super::directory::Known;
use super::load::definitions;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &ContextCommandArguments) -> Result<u8> {
    let ContextAction::Show(arguments) = &arguments.action;
    let layers = ["--store", "--env-file", "--offline", "--max-age"];
    session.has_no_use_for("`ffctl context show` asks the user directory and", &layers)?;
    let at = session.at(&arguments.at)?;
    let found = session.settings.flag_file()?;
    let file = definitions(&found)?;
    let target = session.settings.target(&found)?;
    let caller = caller(arguments)?;
    let (record, known) = if session.has_directory(&target)? {
        let (directory, lookup) = session.record(&arguments.user, &target)?;
        let directory = DirectoryReport::new(directory, &lookup);
        let known = Known { context: lookup.context_with(&caller), directory: Some(directory) };
        ((*lookup.user).clone(), known)
    } else {
        (UserRecord::bare(&arguments.user), Known { context: caller.clone(), directory: None })
    };
    let mut notes = known.notes();
    if known.directory.is_none() {
        let note = Note::new("no user directory is set up; only what the options say is known");
        notes.push(note.hint("FFCTL_DIRECTORY='https://people.example.com/users/{id}'"));
    }
    notes.extend(session.settings.notes().into_iter().map(Note::new));
    let context = &known.context;
    let user = ContextKind::user();
    if lies_ahead(context, at) {
        notes.push(Note::new(format!(
            "created_at of user {} lies ahead: no account_age_days",
            arguments.user
        )));
    }
    let report = UserReport {
        user: arguments.user.clone(),
        attributes: attributes(context, &caller, &record, at),
        segments: segments(file.definitions(), context, &caller, &record, at),
        context: words::context_json(context),
        at: at.to_string(),
        notes,
        directory: known.directory.clone(),
    };
    debug_assert!(context.key(&user).is_some(), "a user was named");
    session.notes(&report.notes);
    session.emit(&report)?;
    Ok(exit::DONE)
}

/// Returns what the options say.
fn caller(arguments: &ContextShowArguments) -> Result<Context> {
    if arguments.user.is_empty() {
        return Err(Error::new(Kind::Usage, "the user's key is empty"));
    }
    let given = arguments.attributes.iter().map(String::as_str);
    from_options(Context::default(), Some(&arguments.user), arguments.org.as_deref(), given)
        .map_err(|error| invalid(&error))
}

/// Returns every key and attribute of a context, then what is derived from them.
fn attributes(
    context: &Context,
    caller: &Context,
    record: &UserRecord,
    at: Timestamp,
) -> Vec<AttributeReport> {
    let mut all = Vec::new();
    for (kind, part) in context.parts() {
        let report = |name: &str, value: Value, origin, from| AttributeReport {
            kind: kind.to_string(),
            name: name.to_owned(),
            value,
            origin,
            from,
        };
        if let Some(key) = part.key.as_ref().filter(|_| !kind.is_user()) {
            all.push(report("key", Value::Text(key.clone()), "caller", None));
        }
        for (name, value) in &part.attributes {
            let given =
                caller.part(kind).is_some_and(|own| own.attributes.iter().any(|(other, _)| other == name));
            if *value == Value::Null || (kind.is_user() && name == "segments") {
                continue;
            }
            let fact = record.facts.iter().find(|fact| !given && fact.name == *name);
            let from = fact.map(|fact| match fact.origin {
                Origin::Field => name.clone(),
                Origin::Metadata => format!("metadata.{}", name.strip_prefix("custom_").unwrap_or(name)),
            });
            all.push(report(name, value.clone(), if fact.is_some() { "record" } else { "caller" }, from));
        }
    }
    for (name, value, from) in derived(context, at) {
        let (kind, from) = ("user".to_owned(), Some(from.to_owned()));
        all.push(AttributeReport { kind, name: name.to_owned(), value, origin: "derived", from });
    }
    all
}

/// Returns the attributes that evaluation derives, as it derives them.
fn derived(context: &Context, at: Timestamp) -> Vec<(&'static str, Value, &'static str)> {
    let user = ContextKind::user();
    let supplied = |name: &str| context.part(&user).is_some_and(|part| part.attribute(name).is_some());
    let names = [("email_domain", "email"), ("account_age_days", "created_at")];
    let mut builder = Builder::default();
    let ids = names.map(|(name, _)| builder.attribute(&user, name));
    let program = builder.build();
    let mut scratch = Scratch::default();
    let run = scratch.subject(&program, context, at);
    let found = names.into_iter().zip(ids).filter(|((name, _), _)| !supplied(name));
    found.filter_map(|((name, from), id)| Some((name, run.attribute(id)?.to_value(), from))).collect()
}

/// Tells whether the account will be made after the evaluation.
fn lies_ahead(context: &Context, at: Timestamp) -> bool {
    let created = context.part(&ContextKind::user()).and_then(|part| part.attribute("created_at"));
    match created {
        Some(Value::Text(text)) => Timestamp::parse(text).is_ok_and(|created| created > at),
        Some(Value::Number(number)) => number.whole().is_some_and(|created| created > at.millis()),
        _ => false,
    }
}

/// Returns the segments that a user is in, sorted, each with all that puts the user there.
fn segments(
    world: &dyn World,
    context: &Context,
    caller: &Context,
    record: &UserRecord,
    at: Timestamp,
) -> Vec<MembershipReport> {
    let user = ContextKind::user();
    let names = |of: &Context| members(world, of, at);
    let by_caller = caller.part(&user).is_some_and(|own| own.attribute("segments").is_some());
    let given = context.part(&user).and_then(|part| part.attribute("segments")).cloned();
    let given: Vec<String> = match given {
        Some(Value::List(all)) => all.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        Some(Value::Text(one)) => vec![one],
        _ => Vec::new(),
    };
    let one = |segment: String| {
        let mut origins = Vec::new();
        if given.contains(&segment) {
            let own = record.segments.iter().find(|(name, _)| *name == segment).map(|(_, origin)| *origin);
            match own.filter(|_| !by_caller) {
                Some(SegmentOrigin::Role) => origins.push("role"),
                Some(SegmentOrigin::Metadata) => origins.push("metadata"),
                Some(SegmentOrigin::RoleAndMetadata) => origins.extend(["role", "metadata"]),
                None => origins.push("caller"),
            }
        }
        // Whether its definition holds shows without what was given.
        let mut without = context.clone();
        let others = given.iter().filter(|name| **name != segment).map(|name| Value::from(name.as_str()));
        without.part_mut(&user).set("segments", Value::List(others.collect()));
        if names(&without).contains(&segment) {
            origins.push("defined");
        }
        MembershipReport { segment, origins }
    };
    names(context).into_iter().map(one).collect()
}

/// Returns the names of all segments that a context is in.
fn members(world: &dyn World, context: &Context, at: Timestamp) -> Vec<String> {
    let mut builder = Builder::default();
    builder.all_segments(world);
    let program = builder.build();
    let mut scratch = Scratch::default();
    scratch.subject(&program, context, at).segments()
}
