//! A resolved flag → its report.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::eval::state_of;
use crate::layer::{Field, FieldValue, Layers, Origin, Resolved, Stack, Values};
use crate::model::{Date, Fallthrough, Serve, Timestamp, VariationName};
use crate::report::{
    DefinitionReport, FieldReport, FlagReport, OverriddenReport, RuleReport, ServerView, SettingReport,
    SourcesReport, StateWord,
};

use super::words;

/// Returns when the fields of an override end that do.
pub fn override_ends(values: &Values) -> BTreeMap<String, Timestamp> {
    let end = |(field, (_, origin)): (&Field, &(FieldValue, Origin))| {
        origin.expires_at().map(|ends| (field.to_string(), ends))
    };
    values.iter().filter_map(end).collect()
}

/// Returns the report of a resolved flag; `today` decides whether it has expired.
pub fn flag_report(layers: &Layers<'_>, resolved: &Resolved, today: Date) -> FlagReport {
    let flag = &resolved.effective;
    let clear = resolved.problems.is_empty();
    let state = state_of(layers, flag);
    let (rollout, serve, split) = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => (Some(*weight), None, None),
        Fallthrough::Serve(Serve::Variation(variation)) => (None, Some(variation.clone()), None),
        Fallthrough::Serve(Serve::Split(split)) => (None, None, Some(split.clone())),
    };
    let server = layers.server(flag.name.as_str());
    let of_fallthrough = resolved.fallthrough.effective().source;
    let sources = |entries: &IndexMap<String, Stack<VariationName>>| {
        entries.iter().map(|(key, stack)| (key.clone(), stack.effective().source)).collect()
    };
    FlagReport {
        name: flag.name.to_string(),
        enabled: clear.then_some(flag.enabled),
        source: resolved.enabled.effective().source,
        state: if clear { StateWord::from(&state) } else { StateWord::Invalid },
        summary: if clear { state.to_string() } else { StateWord::Invalid.word().to_owned() },
        rollout,
        serve,
        split,
        users: flag.users.clone(),
        orgs: flag.orgs.clone(),
        rules: flag.rules.len(),
        prerequisites: flag.prerequisites.iter().map(|other| other.flag.to_string()).collect(),
        variations: flag.variations.iter().map(|variation| variation.name.clone()).collect(),
        description: flag.description.clone(),
        owner: flag.owner.clone(),
        tags: flag.tags.clone(),
        expires: flag.expires,
        expired: flag.expires.is_some_and(|expires| expires < today),
        declared: resolved.is_declared(),
        place: resolved.declared_at.clone(),
        algorithm: flag.bucketing.clone(),
        sources: SourcesReport {
            enabled: resolved.enabled.effective().source,
            rollout: rollout.map(|_| of_fallthrough),
            serve: rollout.is_none().then_some(of_fallthrough),
            users: sources(&resolved.users),
            orgs: sources(&resolved.orgs),
        },
        overridden: overridden(resolved),
        override_expires: layers
            .admin
            .overrides
            .get(flag.name.as_str())
            .map(override_ends)
            .unwrap_or_default(),
        ends: String::new(),
        problems: resolved.problems.iter().map(|problem| format!("{problem}; {}", problem.fix)).collect(),
        server: server.map(|server| ServerView { enabled: server.enabled, source: server.source.clone() }),
        drift: layers.drift(resolved).is_some(),
    }
}

/// Calls `see` with the name of each field and what the layers say of it, in the order of evaluation.
fn each_field(resolved: &Resolved, mut see: impl FnMut(String, Vec<SettingReport>)) {
    fn settings<T>(stack: &Stack<T>, text: impl Fn(&T) -> String) -> Vec<SettingReport> {
        let all = stack.settings().iter().rev().enumerate();
        let report = all.map(|(at, setting)| {
            let (by, when, expires_at) = match &setting.origin {
                Origin::Journal { by, at, expires_at, .. } => (by.clone(), *at, *expires_at),
                _ => (None, None, None),
            };
            SettingReport {
                value: text(&setting.value),
                source: setting.source,
                origin: setting.origin.clone(),
                by,
                at: when,
                expires_at,
                detail: None,
                wins: at == 0,
            }
        });
        report.collect()
    }
    see("enabled".to_owned(), settings(&resolved.enabled, |on| FieldValue::Switch(*on).to_string()));
    for (key, stack) in &resolved.users {
        see(format!("user {key}"), settings(stack, ToString::to_string));
    }
    for (key, stack) in &resolved.orgs {
        see(format!("org {key}"), settings(stack, ToString::to_string));
    }
    let field = match resolved.effective.fallthrough {
        Fallthrough::Rollout(_) => "rollout",
        Fallthrough::Serve(Serve::Variation(_)) => "serve",
        Fallthrough::Serve(Serve::Split(_)) => "split",
    };
    see(field.to_owned(), settings(&resolved.fallthrough, words::fallthrough));
}

/// Says who set a value, when, and when it ends, as seen from `now`.
fn detail(setting: &SettingReport, now: Timestamp) -> Option<String> {
    let mut words = Vec::new();
    words.extend(setting.by.as_ref().map(|by| format!("by {by}")));
    words.extend(setting.at.map(|at| words::when(at, now)));
    words.extend(setting.expires_at.map(|ends| format!("ends {}", words::when(ends, now))));
    (!words.is_empty()).then(|| words.join(", "))
}

fn overridden(resolved: &Resolved) -> Vec<OverriddenReport> {
    let mut all = Vec::new();
    each_field(resolved, |field, settings| {
        // A rollout that nobody wrote down is nothing that could be overridden.
        let below = settings.into_iter().filter(|setting| !setting.wins && setting.origin != Origin::BuiltIn);
        all.extend(below.map(|setting| OverriddenReport {
            field: field.clone(),
            value: setting.value,
            source: setting.source,
            origin: setting.origin,
        }));
    });
    all
}

/// Returns every field with all that the layers say of it; times are told as seen from `now`.
pub fn field_reports(resolved: &Resolved, now: Timestamp) -> Vec<FieldReport> {
    let mut fields = Vec::new();
    each_field(resolved, |field, mut settings| {
        for setting in &mut settings {
            setting.detail = detail(setting, now);
        }
        fields.push(FieldReport { field, settings });
    });
    fields
}

/// Returns what flags.toml alone defines of a flag.
pub fn definition_report(layers: &Layers<'_>, resolved: &Resolved) -> DefinitionReport {
    let flag = &resolved.effective;
    let rule = |(at, rule): (usize, &crate::model::Rule)| RuleReport {
        rule: at + 1,
        name: rule.name.clone(),
        clauses: rule.when.iter().map(words::clause).collect(),
        rollout: rule.rollout,
        serve: words::serve(&rule.serve),
        origin: layers.rule_origin(resolved.effective.name.as_str(), at),
    };
    let prerequisites =
        flag.prerequisites.iter().map(|needed| format!("{} = {}", needed.flag, needed.variation));
    DefinitionReport {
        hash_key: flag.hash_key().to_owned(),
        bucket_by: flag.bucket_by.to_string(),
        algorithm: flag.bucketing.clone(),
        prerequisites: prerequisites.collect(),
        rules: flag.rules.iter().enumerate().map(rule).collect(),
        variations: flag.variations.iter().map(|v| (v.name.clone(), v.value.clone())).collect(),
        off: Some(flag.variations.off().clone()),
    }
}
