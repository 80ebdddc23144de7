//! What a change would do: field by field, and to the state that everybody sees.

use crate::eval::{State, state_of};
use crate::layer::{Field, FieldValue, Layers, Origin, Resolved, Source, Stack, Values, Version};
use crate::model::{Fallthrough, Flag, FlagName, Timestamp, VariationName};

use super::effect::{Effect, effect};
use super::request::FlagRequest;

/// What a change would do to one layer.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The layer that it changes.
    pub layer: Source,
    /// The flags, in the order asked.
    pub flags: Vec<PlannedFlag>,
}

/// What a change would do to one flag.
#[derive(Clone, Debug)]
pub struct PlannedFlag {
    /// The flag.
    pub name: FlagName,
    /// The fields that really change; empty where the layer already says what is asked.
    pub fields: Vec<PlannedField>,
    /// The fields that the layer says as asked already, while a higher layer says something else.
    pub hidden: Vec<PlannedField>,
    /// All that the layer says of it before the change.
    pub old: Values,
    /// What it is before.
    pub before: Known,
    /// What it is after.
    pub after: Known,
    /// What the write must find unchanged.
    pub expect: Version,
    /// Whether the switch is on before the change.
    pub was_enabled: bool,
    /// Whether the switch is off after the change, so that nothing else counts.
    pub switched_off: bool,
    /// Whether what everybody else gets is decided by a rollout.
    pub has_rollout: bool,
    /// What the change does to the users.
    pub effect: Effect,
    /// The rollout or split that stays in force and keeps `on` from meaning everyone.
    pub stays: Option<String>,
}

/// What is known of a flag before or after a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// There is no such flag.
    Absent,
    /// A layer holds something that cannot be read.
    Unreadable,
    /// What it means for everybody.
    State(State),
}

/// One field that changes in the layer.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedField {
    /// The field.
    pub field: Field,
    /// What the layer says now.
    pub old: Option<FieldValue>,
    /// What it will say.
    pub new: Option<FieldValue>,
    /// When what it says now ends by itself, where it does.
    pub old_ends: Option<Timestamp>,
    /// When what it will say does.
    pub new_ends: Option<Timestamp>,
    /// The value that counts now, where it is another layer's.
    pub over: Option<InForce>,
    /// The value that counts after a field was taken out.
    pub then: Option<InForce>,
    /// The value that keeps the change from having an effect.
    pub masked: Option<InForce>,
}

/// The value of a field that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// Its layer.
    pub source: Source,
    /// The value, in words.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
}

impl InForce {
    /// Tells whether the value stands above all that a change of `layer` can say: in a higher layer, or for an
    /// env file in a variable of the process.
    fn is_above(&self, layer: Source) -> bool {
        self.source > layer || (layer == Source::Env && matches!(self.origin, Origin::Variable { .. }))
    }
}

impl Plan {
    /// Tells whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.flags.iter().all(|flag| flag.fields.is_empty())
    }
}

/// Returns what the requests change in `layer`. `before` are the layers as they are, `after` as they would be;
/// `old` and `new` look up what the layer itself says of a flag before and after.
pub fn plan(
    layer: Source,
    requests: &[FlagRequest],
    before: &Layers<'_>,
    after: &Layers<'_>,
    old: impl Fn(&FlagName) -> Option<Values>,
    new: impl Fn(&FlagName) -> Option<Values>,
) -> Plan {
    let flags = requests.iter().map(|request| {
        let name = &request.flag;
        let (was, will) = (before.resolve(name.as_str()), after.resolve(name.as_str()));
        let (old, new) = (old(name), new(name));
        let value = |values: &Option<Values>, field: &Field| {
            values.as_ref().and_then(|values| values.get(field)).map(|(value, _)| value.clone())
        };
        let ends = |values: &Option<Values>, field: &Field| {
            values.as_ref().and_then(|values| values.get(field)).and_then(|(_, origin)| origin.expires_at())
        };
        let mut touched: Vec<&Field> = Vec::new();
        for field in old.iter().chain(&new).flat_map(Values::keys).chain(request.patch.keys()) {
            if !touched.contains(&field) {
                touched.push(field);
            }
        }
        // Of a flag that goes, nothing is masked; what is left of it elsewhere is no flag of this file.
        let goes = layer != Source::Admin && will.as_ref().is_none_or(|will| !will.is_declared());
        let fields: Vec<_> = touched
            .into_iter()
            .filter_map(|field| {
                let (old_ends, new_ends) = (ends(&old, field), ends(&new, field));
                let (old, new) = (value(&old, field), value(&new, field));
                let then = || will.as_ref().filter(|_| !goes).and_then(|will| in_force(will, field));
                (old != new || old_ends != new_ends).then(|| PlannedField {
                    old_ends,
                    new_ends,
                    over: was
                        .as_ref()
                        .and_then(|was| in_force(was, field))
                        .filter(|now| now.source != layer && !(goes && now.is_above(layer))),
                    masked: then().filter(|then| then.is_above(layer)),
                    then: then().filter(|then| new.is_none() && !then.is_above(layer)),
                    field: field.clone(),
                    old,
                    new,
                })
            })
            .collect();
        let hidden = request.patch.iter().filter(|_| !goes).filter_map(|(field, wanted)| {
            let (now, wanted) = (value(&old, field), wanted.clone()?);
            let above = will.as_ref().and_then(|will| in_force(will, field))?;
            let hidden = now.as_ref() == Some(&wanted) && above.is_above(layer);
            (hidden && above.value != wanted.to_string()).then(|| PlannedField {
                field: field.clone(),
                old: now,
                new: Some(wanted),
                old_ends: None,
                new_ends: None,
                over: None,
                then: None,
                masked: Some(above),
            })
        });
        let hidden: Vec<_> = hidden.collect();
        let known = |layers: &Layers<'_>, resolved: Option<&Resolved>| {
            let exists = |one: &&Resolved| layer == Source::Admin || one.is_declared();
            match resolved.filter(exists) {
                None => Known::Absent,
                Some(one) if one.problems.is_empty() => Known::State(state_of(layers, &one.effective)),
                Some(_) => Known::Unreadable,
            }
        };
        let (now, then) = (was.as_ref().map(|was| &was.effective), will.as_ref().map(|will| &will.effective));
        let nothing = Flag::boolean(name.clone(), false);
        PlannedFlag {
            name: name.clone(),
            effect: effect(now.unwrap_or(&nothing), then.unwrap_or(&nothing), &fields),
            has_rollout: then.is_some_and(|then| matches!(then.fallthrough, Fallthrough::Rollout(_))),
            fields,
            hidden,
            old: old.unwrap_or_default(),
            before: known(before, was.as_ref()),
            after: known(after, will.as_ref()),
            expect: before.admin.version(name.as_str()),
            was_enabled: was.as_ref().is_some_and(Resolved::is_enabled),
            switched_off: will.as_ref().is_some_and(|will| !will.is_enabled()),
            stays: will.as_ref().and_then(|will| stays(request, will)),
        }
    });
    Plan { layer, flags: flags.collect() }
}

/// Returns the value of a field that counts.
fn in_force(resolved: &Resolved, field: &Field) -> Option<InForce> {
    fn top<T>(stack: &Stack<T>, words: impl Fn(&T) -> String) -> InForce {
        let setting = stack.effective();
        InForce { source: setting.source, value: words(&setting.value), origin: setting.origin.clone() }
    }
    let entry = |stack: &Stack<VariationName>| top(stack, ToString::to_string);
    match field {
        Field::Enabled => Some(top(&resolved.enabled, |on| FieldValue::Switch(*on).to_string())),
        Field::Rollout | Field::Serve => Some(top(&resolved.fallthrough, in_words)),
        Field::User(key) => resolved.users.get(key).map(entry),
        Field::Org(key) => resolved.orgs.get(key).map(entry),
    }
}

/// Returns a fallthrough in words: `25%`, `v3`, `v2 75 / v3 25`.
fn in_words(fallthrough: &Fallthrough) -> String {
    match fallthrough {
        Fallthrough::Rollout(weight) => weight.to_string(),
        Fallthrough::Serve(serve) => FieldValue::Serve(serve.clone()).to_string(),
    }
}

/// Returns what stays in force where somebody asked for `on` and might take that for everyone.
fn stays(request: &FlagRequest, after: &Resolved) -> Option<String> {
    let only_on = request.patch.len() == 1
        && matches!(request.patch.get(&Field::Enabled), Some(Some(FieldValue::Switch(true))));
    let partly = match &after.effective.fallthrough {
        Fallthrough::Rollout(weight) => *weight < crate::model::Weight::ALL,
        Fallthrough::Serve(_) => false,
    };
    (only_on && partly).then(|| in_words(&after.effective.fallthrough))
}
