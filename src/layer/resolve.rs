//! Layers → resolved flags: field by field the highest layer that says something.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::eval::World;
use crate::flagfile::{FlagFile, FlagPlaces, Span};
use crate::model::{Experiment, Fallthrough, Flag, FlagName, Segment, Serve, VariationName, Weight};

use super::admin::{AdminLayer, ServerFlag, View};
use super::env::EnvLayer;
use super::field::{Field, FieldValue, Values};
use super::origin::Origin;
use super::source::Source;
use super::stack::{Setting, Stack};

/// All layers of one run, and what its options ask "what if".
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    /// The definitions with their places; none where no flags.toml is at hand.
    pub file: Option<&'a FlagFile>,
    /// The variables.
    pub env: &'a EnvLayer,
    /// The overrides of the target.
    pub admin: &'a AdminLayer,
    /// What an option of this command sets of the flags that it is asked about.
    pub what_if: Option<&'a WhatIf>,
}

/// What an option such as `--rollout 25%` sets, for this one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The flags that it is said of; others, such as their prerequisites, stay as they are.
    pub flags: Vec<String>,
    /// What it sets.
    pub values: Values,
}

impl WhatIf {
    /// Returns the rollout of `--rollout`, with the switch on.
    pub fn rollout(flags: &[String], weight: Weight) -> Self {
        let origin = Origin::Option("--rollout");
        let values = [
            (Field::Enabled, (FieldValue::Switch(true), origin.clone())),
            (Field::Rollout, (FieldValue::Weight(weight), origin)),
        ];
        Self { flags: flags.to_vec(), values: values.into() }
    }
}

/// A flag with all that the layers say of it.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The flag as it is in effect: the definition with the winning value of each field.
    pub effective: Flag,
    /// The switch.
    pub enabled: Stack<bool>,
    /// What everybody else gets.
    pub fallthrough: Stack<Fallthrough>,
    /// Single users.
    pub users: IndexMap<String, Stack<VariationName>>,
    /// Organisations.
    pub orgs: IndexMap<String, Stack<VariationName>>,
    /// Values that cannot be taken for what they are; where there is one, nobody knows what is in effect.
    pub problems: Vec<LayerProblem>,
    /// Where flags.toml declares it; none for a flag that only the admin layer knows.
    pub declared_at: Option<Origin>,
}

/// A value of a layer that does not fit its flag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct LayerProblem {
    /// Its layer.
    pub layer: Source,
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

impl Resolved {
    /// Tells whether flags.toml declares the flag.
    pub const fn is_declared(&self) -> bool {
        self.declared_at.is_some()
    }

    /// Returns the switch that counts.
    pub fn is_enabled(&self) -> bool {
        self.enabled.effective().value
    }
}

impl<'a> Layers<'a> {
    /// Returns the names of the declared flags, in the order of the file.
    pub fn declared(&self) -> impl Iterator<Item = &'a FlagName> {
        self.file.into_iter().flat_map(|file| file.definitions().flags.keys())
    }

    /// Returns the names of flags that only the admin layer knows, sorted.
    pub fn undeclared(&self) -> Vec<&'a str> {
        let declared =
            |name: &&str| self.file.is_some_and(|file| file.definitions().flags.contains_key(*name));
        let admin = self.admin;
        let known = admin.server.keys().chain(admin.overrides.keys()).map(String::as_str);
        let mut names: Vec<&str> = known.filter(|name| !declared(name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Resolves a flag; none if neither flags.toml nor the admin layer knows it.
    pub fn resolve(&self, name: &str) -> Option<Resolved> {
        let mut resolved = match self.file.and_then(|file| Some((file, file.definitions().flags.get(name)?)))
        {
            Some((file, flag)) => of_definition(file, flag),
            None => self.of_admin_alone(name)?,
        };
        if resolved.is_declared() {
            for problem in self.env.problems(name) {
                resolved.problems.push(LayerProblem {
                    layer: Source::Env,
                    origin: problem.origin.clone(),
                    message: problem.message.clone(),
                    fix: problem.fix.clone(),
                });
            }
            if let Some(values) = self.env.values(name) {
                resolved.put(Source::Env, values);
            }
        }
        if let Some(values) = self.admin.overrides.get(name) {
            resolved.put(Source::Admin, values);
        }
        if let Some(server) = self.seen_by_server(&resolved) {
            push(&mut resolved.enabled, server.enabled, Source::Admin, &Origin::ServerView);
        }
        if let Some(what_if) = self.what_if.filter(|what_if| what_if.flags.iter().any(|flag| flag == name)) {
            resolved.put(Source::WhatIf, &what_if.values);
        }
        resolved.settle();
        Some(resolved)
    }

    /// Returns the server's own view of a flag.
    pub fn server(&self, name: &str) -> Option<&'a ServerFlag> {
        self.admin.server.get(name)
    }

    /// Returns the server's own view of a flag where that is to count and says something else.
    fn seen_by_server(&self, resolved: &Resolved) -> Option<&'a ServerFlag> {
        let counts = self.admin.view == Some(View::Server) && resolved.is_declared();
        let server = self.server(resolved.effective.name.as_str()).filter(|_| counts)?;
        (server.enabled != resolved.is_enabled()).then_some(server)
    }

    /// Returns a flag and all that it needs through prerequisites, the flag first, each once.
    pub fn closure(&self, name: &str) -> Vec<Resolved> {
        let mut all: Vec<Resolved> = self.resolve(name).into_iter().collect();
        let mut at = 0;
        while let Some(flag) = all.get(at) {
            let needed: Vec<FlagName> = flag.effective.prerequisites.iter().map(|p| p.flag.clone()).collect();
            for name in needed {
                if !all.iter().any(|other| other.effective.name == name) {
                    all.extend(self.resolve(name.as_str()));
                }
            }
            at += 1;
        }
        all
    }

    /// Returns a flag that flags.toml does not declare: boolean, with the switch that the server names.
    fn of_admin_alone(&self, name: &str) -> Option<Resolved> {
        let server = self.admin.server.get(name);
        if server.is_none() && !self.admin.overrides.contains_key(name) {
            return None;
        }
        let name = FlagName::try_from(name).ok()?;
        let mut flag = Flag::boolean(name, server.is_some_and(|server| server.enabled));
        if let Some(file) = self.file {
            flag.bucketing = file.definitions().bucketing.default.clone();
        }
        let source = match server.map(|server| server.source.as_str()) {
            Some("admin") => Source::Admin,
            Some("env") => Source::Env,
            _ => Source::Default,
        };
        let origin = if server.is_some() { Origin::Server } else { Origin::BuiltIn };
        let fallthrough = flag.fallthrough.clone();
        Some(Resolved {
            enabled: Stack::of(Setting { value: flag.enabled, source, origin }),
            fallthrough: Stack::of(Setting {
                value: fallthrough,
                source: Source::Default,
                origin: Origin::BuiltIn,
            }),
            users: IndexMap::new(),
            orgs: IndexMap::new(),
            problems: Vec::new(),
            declared_at: None,
            effective: flag,
        })
    }
}

/// Returns the lowest layer of a declared flag.
fn of_definition(file: &FlagFile, flag: &Flag) -> Resolved {
    let name: Arc<str> = file.name().into();
    let origin = |span: Span| {
        let position = file.position(span.start);
        Origin::File { file: name.clone(), line: position.line, column: position.column }
    };
    let places = file.flag_places(&flag.name);
    let place = |of: fn(&FlagPlaces) -> Option<Span>| places.and_then(of).map_or(Origin::BuiltIn, origin);
    let setting = |origin| move |value| Setting { value, source: Source::Default, origin };
    let entries = |entries: &IndexMap<String, VariationName>, spans: Option<&Vec<Span>>| {
        let with_place = entries.iter().enumerate().map(|(at, (key, variation))| {
            let origin = spans.and_then(|spans| spans.get(at)).map_or(Origin::BuiltIn, |span| origin(*span));
            (key.clone(), Stack::of(setting(origin)(variation.clone())))
        });
        with_place.collect()
    };
    Resolved {
        enabled: Stack::of(Setting {
            value: flag.enabled,
            source: Source::Default,
            origin: place(|places| Some(places.enabled)),
        }),
        fallthrough: Stack::of(Setting {
            value: flag.fallthrough.clone(),
            source: Source::Default,
            origin: place(|places| places.fallthrough),
        }),
        users: entries(&flag.users, places.map(|places| &places.users)),
        orgs: entries(&flag.orgs, places.map(|places| &places.orgs)),
        problems: Vec::new(),
        declared_at: Some(place(|places| Some(places.key))),
        effective: flag.clone(),
    }
}

impl Resolved {
    /// Puts what a layer sets on top of what lies below.
    fn put(&mut self, source: Source, values: &Values) {
        for (field, (value, origin)) in values {
            if let Err((message, fix)) = self.put_one(source, field, value, origin) {
                self.problems.push(LayerProblem { layer: source, origin: origin.clone(), message, fix });
            }
        }
    }

    fn put_one(
        &mut self,
        source: Source,
        field: &Field,
        value: &FieldValue,
        origin: &Origin,
    ) -> Result<(), (String, String)> {
        let name = &self.effective.name;
        let unset = |field: &str| format!("ffctl unset {name} --field {field}");
        let variations = &self.effective.variations;
        let known = |variation: &VariationName| {
            // What an undeclared flag serves is not known here; only its switch is.
            self.declared_at.is_none() || variations.find(variation.as_str()).is_some()
        };
        let unknown = |variation: &VariationName, field: &str| {
            (format!("`{name}` has no variation `{variation}`"), unset(field))
        };
        match (field, value) {
            (Field::Enabled, FieldValue::Switch(enabled)) => {
                push(&mut self.enabled, *enabled, source, origin);
            }
            (Field::Rollout, FieldValue::Weight(weight)) => {
                if !variations.is_boolean() {
                    let message =
                        format!("`{name}` has variations: it takes a split, not the rollout {weight}");
                    return Err((message, unset("rollout")));
                }
                push(&mut self.fallthrough, Fallthrough::Rollout(*weight), source, origin);
            }
            (Field::Serve, FieldValue::Serve(serve)) => {
                if variations.is_boolean() && self.declared_at.is_some() {
                    let message =
                        format!("`{name}` is boolean: it takes a rollout, not the variation served");
                    return Err((message, unset("serve")));
                }
                let mut named = match serve {
                    Serve::Variation(variation) => vec![variation],
                    Serve::Split(split) => split.pairs().iter().map(|(variation, _)| variation).collect(),
                };
                if let Some(odd) = named.drain(..).find(|variation| !known(variation)) {
                    return Err(unknown(odd, "serve"));
                }
                push(&mut self.fallthrough, Fallthrough::Serve(serve.clone()), source, origin);
            }
            (Field::User(key), FieldValue::Variation(variation)) => {
                if !known(variation) {
                    return Err(unknown(variation, "users"));
                }
                push_entry(&mut self.users, key, variation, source, origin);
            }
            (Field::Org(key), FieldValue::Variation(variation)) => {
                if !known(variation) {
                    return Err(unknown(variation, "orgs"));
                }
                push_entry(&mut self.orgs, key, variation, source, origin);
            }
            (field, value) => {
                return Err((format!("`{value}` is no value of {field}"), unset("enabled")));
            }
        }
        Ok(())
    }

    /// Takes the winning values over into the effective flag.
    fn settle(&mut self) {
        let winners = |stacks: &IndexMap<String, Stack<VariationName>>| {
            stacks.iter().map(|(key, stack)| (key.clone(), stack.effective().value.clone())).collect()
        };
        self.effective.enabled = self.enabled.effective().value;
        self.effective.fallthrough = self.fallthrough.effective().value.clone();
        self.effective.users = winners(&self.users);
        self.effective.orgs = winners(&self.orgs);
    }
}

fn push<T>(stack: &mut Stack<T>, value: T, source: Source, origin: &Origin) {
    stack.push(Setting { value, source, origin: origin.clone() });
}

fn push_entry(
    entries: &mut IndexMap<String, Stack<VariationName>>,
    key: &str,
    variation: &VariationName,
    source: Source,
    origin: &Origin,
) {
    let setting = Setting { value: variation.clone(), source, origin: origin.clone() };
    match entries.get_mut(key) {
        Some(stack) => stack.push(setting),
        None => {
            entries.insert(key.to_owned(), Stack::of(setting));
        }
    }
}

/// The effective definitions: what is evaluated.
impl World for Layers<'_> {
    fn flag(&self, name: &str) -> Option<Cow<'_, Flag>> {
        self.resolve(name).map(|resolved| Cow::Owned(resolved.effective))
    }

    fn experiment(&self, name: &str) -> Option<Cow<'_, Experiment>> {
        self.file?.definitions().experiments.get(name).map(Cow::Borrowed)
    }

    fn segment(&self, name: &str) -> Option<Cow<'_, Segment>> {
        self.file?.definitions().segments.get(name).map(Cow::Borrowed)
    }

    fn segment_names(&self) -> Vec<String> {
        self.file.map_or_else(Vec::new, |file| file.definitions().segment_names())
    }
}
