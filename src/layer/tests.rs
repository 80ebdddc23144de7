//! Every combination of layers resolves field by field to the highest one present.

use std::fmt::Write;

use proptest::prelude::*;

use crate::flagfile::FlagFile;
use crate::model::{Fallthrough, VariationName, Weight};

use super::{
    AdminLayer, EnvLayer, Field, FieldValue, Freshness, Layers, Origin, Source, Stack, TargetKind,
    TargetLabel, Values, Variable,
};

const KEYS: [&str; 3] = ["k0", "k1", "k2"];

/// What one layer says: the switch, the rollout in percent, and on or off for some keys.
#[derive(Clone, Debug, Default)]
struct Said {
    enabled: Option<bool>,
    rollout: Option<u32>,
    users: [Option<bool>; 3],
    orgs: [Option<bool>; 3],
}

fn entries() -> impl Strategy<Value = [Option<bool>; 3]> {
    prop::array::uniform3(any::<Option<bool>>())
}

fn said() -> impl Strategy<Value = Said> {
    (any::<Option<bool>>(), prop::option::of(0u32..=100), entries(), entries())
        .prop_map(|(enabled, rollout, users, orgs)| Said { enabled, rollout, users, orgs })
}

/// What a variable says: nothing, a word, or a percentage, which switches on as well.
fn variable() -> impl Strategy<Value = Said> {
    prop_oneof![
        Just(Said::default()),
        any::<bool>().prop_map(|on| Said { enabled: Some(on), ..Said::default() }),
        (0u32..=100).prop_map(|rollout| Said {
            enabled: Some(true),
            rollout: Some(rollout),
            ..Said::default()
        }),
    ]
}

const fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn toml(said: &Said) -> String {
    let mut text = String::from("schema = 1\n[flags.a]\n");
    let table = |keys: &[Option<bool>; 3]| {
        let pairs: Vec<String> = KEYS
            .iter()
            .zip(keys)
            .filter_map(|(key, on)| on.map(|on| format!("{key} = \"{}\"", word(on))))
            .collect();
        pairs.join(", ")
    };
    let _ = writeln!(text, "enabled = {}", said.enabled.unwrap_or_default());
    let _ = writeln!(text, "rollout = \"{}%\"", said.rollout.unwrap_or_default());
    let _ = writeln!(text, "users = {{ {} }}\norgs = {{ {} }}", table(&said.users), table(&said.orgs));
    text
}

fn overrides(said: &Said) -> Values {
    let origin = || Origin::Variable { name: "of the test".to_owned() };
    let variation = |on: bool| FieldValue::Variation(VariationName::try_from(word(on)).expect("a name"));
    let mut values = Values::new();
    let mut put = |field, value| values.insert(field, (value, origin()));
    said.enabled.map(|on| put(Field::Enabled, FieldValue::Switch(on)));
    said.rollout.map(|rollout| put(Field::Rollout, FieldValue::Weight(percent(rollout))));
    for (at, key) in KEYS.into_iter().enumerate() {
        said.users[at].map(|on| put(Field::User(key.to_owned()), variation(on)));
        said.orgs[at].map(|on| put(Field::Org(key.to_owned()), variation(on)));
    }
    values
}

fn percent(rollout: u32) -> Weight {
    Weight::from_thousandths(rollout * 1000).expect("a percentage")
}

/// The settings that all layers together must come to, lowest first.
fn stacked<T>(layers: &[(Source, &Said)], of: impl Fn(&Said) -> Option<T>) -> Vec<(Source, T)> {
    layers.iter().filter_map(|(source, said)| Some((*source, of(said)?))).collect()
}

fn settings<T, U>(stack: Option<&Stack<T>>, read: impl Fn(&T) -> U) -> Vec<(Source, U)> {
    let settings = stack.into_iter().flat_map(Stack::settings);
    settings.map(|setting| (setting.source, read(&setting.value))).collect()
}

proptest! {
    #[test]
    fn every_field_comes_from_the_highest_layer_that_has_it(
        default in said(), env in variable(), admin in said(), named in any::<bool>()
    ) {
        // flags.toml says something of both in any case.
        let default = Said { enabled: default.enabled.or(Some(false)), rollout: default.rollout.or(Some(0)), ..default };
        let file = FlagFile::parse("flags.toml", toml(&default)).expect("a file without mistakes");
        let text = match (env.rollout, env.enabled) {
            (Some(rollout), _) => format!("{rollout}%"),
            (None, Some(on)) => word(on).to_owned(),
            (None, None) => String::new(),
        };
        let origin = Origin::Variable { name: "FF_A".to_owned() };
        let variables = Variable { name: "FF_A".to_owned(), value: text, origin };
        let env_layer = EnvLayer::read(file.definitions(), [variables]);
        let label = TargetLabel { profile: None, address: "x".to_owned(), kind: TargetKind::Local, served: false };
        let mut admin_layer = AdminLayer::empty(label, Freshness::Live);
        let admin = if named { admin } else { Said::default() };
        if named {
            admin_layer.overrides.insert("a".to_owned(), overrides(&admin));
        }
        let layers = Layers { file: Some(&file), env: &env_layer, admin: &admin_layer, what_if: None };
        let resolved = layers.resolve("a").expect("declared");

        let all = [(Source::Default, &default), (Source::Env, &env), (Source::Admin, &admin)];
        prop_assert!(resolved.problems.is_empty());
        prop_assert_eq!(settings(Some(&resolved.enabled), |on| *on), stacked(&all, |said| said.enabled));
        let rollouts = stacked(&all, |said| said.rollout.map(|rollout| Fallthrough::Rollout(percent(rollout))));
        prop_assert_eq!(settings(Some(&resolved.fallthrough), Clone::clone), rollouts);
        for (at, key) in KEYS.into_iter().enumerate() {
            let on = |name: &VariationName| name.as_str() == "on";
            prop_assert_eq!(settings(resolved.users.get(key), on), stacked(&all, |said| said.users[at]), "user {}", key);
            prop_assert_eq!(settings(resolved.orgs.get(key), on), stacked(&all, |said| said.orgs[at]), "org {}", key);
        }
        // The effective flag is what the tops of the stacks say.
        let flag = &resolved.effective;
        prop_assert_eq!(flag.enabled, *resolved.enabled.settings().last().map(|top| &top.value).expect("one"));
        prop_assert_eq!(&flag.fallthrough, resolved.fallthrough.settings().last().map(|top| &top.value).expect("one"));
        prop_assert!(flag.users.iter().all(|(key, name)| resolved.users[key].effective().value == *name));
        prop_assert_eq!(flag.users.len(), resolved.users.len());
        prop_assert!(flag.orgs.iter().all(|(key, name)| resolved.orgs[key].effective().value == *name));
        prop_assert_eq!(flag.orgs.len(), resolved.orgs.len());
    }
}
