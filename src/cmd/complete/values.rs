//! Which values each argument takes, beyond the words that its definition lists.

use clap::{Arg, Command, CommandFactory};

use crate::cli::Cli;
use crate::model::{Variations, Weight};

use super::candidate::{Candidate, Candidates};
use super::cursor::Cursor;
use super::known::Known;

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Names of flags.
    Flags,
    /// Names of flags and experiments.
    FlagsAndExperiments,
    /// A user, then names of experiments.
    UserThenExperiments,
    /// A flag and its value, or several `FLAG=VALUE`.
    FlagAndValue,
    /// What is to hold of a flag: `FLAG=VALUE`.
    Conditions,
    /// How large a part of everybody is on: `FLAG=PERCENT`.
    FlagAndPercentage,
    /// States, then names of definitions.
    StatesThenDefinitions,
    /// A state of a rehearsal.
    States,
    /// Shares of variations.
    Shares,
    /// What a forecast is counted by.
    Dimensions,
    /// Names of commands.
    Commands,
    /// Names of bucketing algorithms.
    Algorithms,
    /// Names of profiles.
    Profiles,
    /// Numbers of journalled changes.
    Journal,
    /// Owners of flags.
    Owners,
    /// Tags of flags.
    Tags,
    /// Organisations that flags treat apart.
    Orgs,
    /// Users that flags treat apart.
    Users,
    /// What a flag is to be now: what `set` takes, or `partial`.
    Present,
    /// Rules of `lint`.
    Rules,
    /// Severities and rules of `lint`.
    SeveritiesAndRules,
    /// A time span.
    Spans,
    /// A percentage.
    Percentages,
    /// Names of snapshots, and files.
    Snapshots,
    /// Files.
    Files,
    /// What nobody can know: a reason, a time, a number.
    Anything,
}

/// Returns what an argument takes; none for one that this page does not know.
pub(super) fn takes(argument: &Arg) -> Option<Takes> {
    let names = argument.get_value_names().unwrap_or_default();
    let takes = match (argument.get_id().as_str(), names.first().map_or("", |name| name.as_str())) {
        ("profile" | "confirm", _) | (_, "PROFILE") => Takes::Profiles,
        ("owner", _) => Takes::Owners,
        ("tag", _) => Takes::Tags,
        ("org", _) => Takes::Orgs,
        ("user", _) => Takes::Users,
        (_, "B PATTERN") => Takes::StatesThenDefinitions,
        ("only_if", _) => Takes::Present,
        (_, "RULE") => Takes::Rules,
        (_, "WHAT") => Takes::SeveritiesAndRules,
        (_, "WHEN" | "DURATION") => Takes::Spans,
        (_, "A" | "STATE") => Takes::States,
        (_, "COMMAND") => Takes::Commands,
        (_, "ALGORITHM") => Takes::Algorithms,
        (_, "SHARES") => Takes::Shares,
        (_, "FLAG|EXPERIMENT") => Takes::FlagsAndExperiments,
        (_, "FLAG VALUE") => Takes::FlagAndValue,
        (_, "USER EXPERIMENT") => Takes::UserThenExperiments,
        (_, "org|segment|rule|ATTRIBUTE") => Takes::Dimensions,
        (_, "PERCENT") => Takes::Percentages,
        ("conditions", _) => Takes::Conditions,
        (_, "FLAG=PERCENT") => Takes::FlagAndPercentage,
        (_, name) if name.starts_with("FLAG=") || name.starts_with("FLAG>") => Takes::Conditions,
        (_, "FLAG" | "PATTERN") => Takes::Flags,
        (_, "SNAPSHOT" | "OTHER") => Takes::Snapshots,
        ("number" | "entry", _) => Takes::Journal,
        (_, name) if name.starts_with("FILE") => Takes::Files,
        (
            _,
            "HOST:PORT" | "N=HASH" | "NAME=VALUE" | "TIME" | "KEY" | "TEXT" | "N" | "S" | "NAME" | "REASON"
            | "A..B" | "CONDITION" | "VARIANT=USERS" | "PERCENT|POINTS" | "WHO" | "DAYS" | "SHELL COMMAND"
            | "TARGET" | "URL" | "TABLE" | "NAME=EXPRESSION" | "SQL",
        ) => Takes::Anything,
        _ => return None,
    };
    Some(takes)
}

/// Returns the values that could stand at the cursor, and what stands before them in the same word.
pub(super) fn values(known: &Known, cursor: &Cursor<'_>, argument: &Arg) -> (String, Candidates) {
    let whole = |candidates: Candidates| (String::new(), candidates);
    let listed = argument.get_possible_values();
    if !listed.is_empty() {
        let shown = listed.iter().filter(|value| !value.is_hide_set());
        let about = |value: &clap::builder::PossibleValue| value.get_help().map(ToString::to_string);
        let candidate = |value| {
            Candidate::new(clap::builder::PossibleValue::get_name(value), about(value).unwrap_or_default())
        };
        return whole(Candidates::of(shown.map(candidate).collect()));
    }
    let all = match takes(argument).unwrap_or(Takes::Anything) {
        Takes::Flags => others(known.flags(), &cursor.words),
        Takes::FlagsAndExperiments => [known.flags(), known.experiments()].concat(),
        Takes::UserThenExperiments if cursor.words.is_empty() && cursor.value_of("population").is_none() => {
            known.users()
        }
        Takes::UserThenExperiments => others(known.experiments(), &cursor.words),
        Takes::FlagAndValue => return flag_and_value(known, cursor),
        Takes::Conditions => return condition(known, cursor),
        Takes::FlagAndPercentage => match cursor.typed.split_once('=') {
            Some((flag, _)) => return (format!("{flag}="), Candidates::of(percentages())),
            None => with_sign(known.flags()),
        },
        Takes::StatesThenDefinitions if cursor.words.len() == 1 => {
            return whole(Candidates::of([states(), targets(known), definitions(known)].concat()).or_files());
        }
        Takes::StatesThenDefinitions => others(definitions(known), &cursor.words),
        Takes::States => {
            let named = cursor.words.first().filter(|_| argument.get_id() != "before");
            let of_flag = named.map(|flag| values_of(known, flag)).unwrap_or_default();
            // A rehearsal has one target, which options name.
            let targets = if argument.get_id() == "before" { targets(known) } else { Vec::new() };
            return whole(Candidates::of([of_flag, states(), targets].concat()).or_files());
        }
        Takes::Shares => return shares(known, cursor),
        Takes::Dimensions => vec![
            Candidate::new("org", "the organisation"),
            Candidate::new("segment", "the segments of flags.toml"),
            Candidate::new("rule", "what decides"),
        ],
        Takes::Commands => commands(&Cli::command()),
        Takes::Algorithms => known.algorithms(),
        Takes::Profiles => known.profiles(),
        Takes::Journal => known.journal(),
        Takes::Owners => known.owners(),
        Takes::Tags => known.tags(),
        Takes::Orgs => known.orgs(),
        Takes::Users => known.users(),
        Takes::Present => {
            let flag = cursor.words.first().map_or("", |word| word.split('=').next().unwrap_or_default());
            let mut all = values_of(known, flag);
            all.push(Candidate::new("partial", "not the same for everyone"));
            all
        }
        Takes::Rules => rules(),
        Takes::SeveritiesAndRules => {
            let severity = |word, about| Candidate::new(word, about);
            let severities = [severity("warnings", "every warning"), severity("notes", "warnings and notes")];
            [severities.to_vec(), rules()].concat()
        }
        Takes::Spans => [("10m", "ten minutes"), ("1h", "an hour"), ("24h", "a day")]
            .map(|(span, about)| Candidate::new(span, about))
            .to_vec(),
        Takes::Percentages => percentages(),
        Takes::Snapshots => return whole(Candidates::of(known.snapshots()).or_files()),
        Takes::Files => return whole(Candidates::files()),
        Takes::Anything => Vec::new(),
    };
    whole(Candidates::of(all))
}

/// Returns the commands, each with its line of help.
pub(super) fn commands(program: &Command) -> Vec<Candidate> {
    let shown = program.get_subcommands().filter(|command| !command.is_hide_set());
    let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    shown.map(|command| Candidate::new(command.get_name(), about(command))).collect()
}

/// Leaves out what stands on the line already.
fn others(mut all: Vec<Candidate>, words: &[String]) -> Vec<Candidate> {
    all.retain(|candidate| !words.contains(&candidate.value));
    all
}

fn definitions(known: &Known) -> Vec<Candidate> {
    [known.flags(), known.experiments(), known.segments()].concat()
}

fn states() -> Vec<Candidate> {
    vec![
        Candidate::new("default", "flags.toml alone"),
        Candidate::new("env", "with variables"),
        Candidate::new("admin", "with overrides: what counts"),
        Candidate::new("git:HEAD", "flags.toml as last committed"),
        Candidate::new("git:HEAD~1", "flags.toml one commit before"),
        Candidate::new("git:origin/main", "flags.toml of the main branch"),
    ]
}

/// Returns the targets that `diff` compares, and what targets were.
fn targets(known: &Known) -> Vec<Candidate> {
    let named = |word: &str, all: Vec<Candidate>| {
        all.into_iter()
            .map(|one| Candidate::new(format!("{word}{}", one.value), one.about))
            .collect::<Vec<_>>()
    };
    let local = vec![Candidate::new("local", "this checkout with the local store")];
    [named("profile:", known.profiles()), local, named("snapshot:", known.snapshots())].concat()
}

fn rules() -> Vec<Candidate> {
    crate::lint::RULES.iter().map(|rule| Candidate::new(rule.code, rule.finds)).collect()
}

fn percentages() -> Vec<Candidate> {
    ["1%", "5%", "10%", "25%", "50%", "100%"].map(|text| Candidate::new(text, "of the users")).to_vec()
}

/// Returns the words that `set` takes of a flag.
fn values_of(known: &Known, flag: &str) -> Vec<Candidate> {
    let mut all = vec![Candidate::new("on", "the switch on"), Candidate::new("off", "off for everyone")];
    let resolved = known.flag(flag);
    match resolved.map(|resolved| resolved.effective.variations) {
        Some(variations) if !variations.is_boolean() => all.extend(named(&variations)),
        _ => all.extend(percentages().into_iter().filter(|one| one.value != Weight::ALL.to_string())),
    }
    all
}

fn named(variations: &Variations) -> Vec<Candidate> {
    variations.iter().map(|one| Candidate::new(one.name.as_str(), one.value.to_string())).collect()
}

/// `set x <value>`, `set x=<value> y=<value>`.
fn flag_and_value(known: &Known, cursor: &Cursor<'_>) -> (String, Candidates) {
    if let Some((flag, _)) = cursor.typed.split_once('=') {
        return (format!("{flag}="), Candidates::of(values_of(known, flag)));
    }
    match cursor.words.as_slice() {
        [flag] if !flag.contains('=') => (String::new(), Candidates::of(values_of(known, flag))),
        // Behind `set x on` nothing more can stand.
        [flag, ..] if !flag.contains('=') => (String::new(), Candidates::default()),
        words => {
            let taken: Vec<String> =
                words.iter().filter_map(|word| Some(word.split_once('=')?.0.to_owned())).collect();
            let mut all = others(known.flags(), &taken);
            if !words.is_empty() {
                all = with_sign(all);
            }
            (String::new(), Candidates::of(all))
        }
    }
}

/// `x=on`, `x>=25%`, `x=enabled`, `experiment:user=variant`.
fn condition(known: &Known, cursor: &Cursor<'_>) -> (String, Candidates) {
    let Some(at) = cursor.typed.find('=') else {
        let all = with_sign([known.flags(), known.experiments()].concat());
        return (String::new(), Candidates::of(all));
    };
    let before = &cursor.typed[..at];
    let plain = before.trim_end_matches(['>', '<', '!']);
    let (name, of_one) = plain.split_once(':').map_or((plain, false), |(name, _)| (name, true));
    let experiment = known.definitions().and_then(|all| all.experiments.get(name));
    let all = if before != plain {
        percentages()
    } else if let Some(experiment) = experiment {
        let pairs = experiment.variants.pairs().iter();
        pairs
            .map(|(name, share)| Candidate::new(name.as_str(), format!("{} of all shares", share.get())))
            .collect()
    } else {
        let mut all = values_of(known, name);
        all.retain(|value| !of_one || !value.value.ends_with('%'));
        if !of_one {
            all.push(Candidate::new("enabled", "the switch alone"));
            all.push(Candidate::new("disabled", "the switch alone"));
            all.push(Candidate::new("partial", "not the same for everyone"));
        }
        all
    };
    (cursor.typed[..=at].to_owned(), Candidates::of(all))
}

/// `--split v2=75,v3=25`: the variation whose share comes next.
fn shares(known: &Known, cursor: &Cursor<'_>) -> (String, Candidates) {
    let before = &cursor.typed[..cursor.typed.rfind(',').map_or(0, |at| at + 1)];
    let Some(name) = cursor.words.first() else { return Default::default() };
    let flag = known.flag(name).filter(|flag| !flag.effective.variations.is_boolean());
    let mut all = if let Some(flag) = flag {
        named(&flag.effective.variations)
    } else {
        let experiment = known.definitions().and_then(|all| all.experiments.get(name.as_str()));
        let pairs = experiment.into_iter().flat_map(|experiment| experiment.variants.pairs());
        pairs.map(|(name, share)| Candidate::new(name.as_str(), format!("{} now", share.get()))).collect()
    };
    let taken = |name: &str| before.split(',').any(|pair| pair.split('=').next() == Some(name));
    all.retain(|candidate| !taken(&candidate.value));
    (before.to_owned(), Candidates::of(with_sign(all)))
}

/// Lets a value follow.
fn with_sign(mut all: Vec<Candidate>) -> Vec<Candidate> {
    for candidate in &mut all {
        candidate.value.push('=');
    }
    all
}
