//! Two flags, or one and nothing: field by field.

use indexmap::IndexMap;

use crate::bucket::Algorithm;
use crate::flagfile::{FlagFile, FlagPlaces, Span};
use crate::layer::{Layers, Origin, Resolved, Stack};
use crate::model::{Fallthrough, Flag, Rule, Serve, Value, VariationName, Weight};

use super::clause::same_value;
use super::difference::{Effect, FieldDifference};
use super::fields::{Fields, Said, algorithm_in_words, place, same_algorithm};
use super::rules::{Rules, compare_rules, effect_of_serve, same_serve};

/// A flag of one side: what the layers resolve it to, and the file that defines it.
pub(super) struct FlagSide<'a> {
    pub(super) resolved: Resolved,
    file: Option<&'a FlagFile>,
}

impl<'a> FlagSide<'a> {
    /// Returns the flag of this name; none if the side has none.
    pub(super) fn of(layers: &Layers<'a>, name: &str) -> Option<Self> {
        let resolved = layers.resolve(name)?;
        let file = layers.file.filter(|_| resolved.is_declared());
        Some(Self { resolved, file })
    }

    pub(super) fn flag(&self) -> &Flag {
        &self.resolved.effective
    }

    fn places(&self) -> Option<(&'a FlagFile, &'a FlagPlaces)> {
        let file = self.file?;
        Some((file, file.flag_places(&self.flag().name)?))
    }

    /// Returns the place of a part, or of the flag where the part has none of its own.
    fn place(&self, of: impl Fn(&FlagPlaces) -> Option<Span>) -> Option<Origin> {
        let (file, places) = self.places()?;
        Some(place(file, of(places).unwrap_or(places.key)))
    }

    fn rules(&self) -> Rules<'_> {
        let rules: &[Rule] = &self.flag().rules;
        let at = |at: usize| self.place(|places| places.rules.get(at).copied());
        Rules { rules, places: (0..rules.len()).map(at).collect() }
    }

    fn entries(entries: &IndexMap<String, Stack<VariationName>>) -> IndexMap<String, Said<VariationName>> {
        let said = |stack: &Stack<VariationName>| {
            let setting = stack.effective();
            Said::at(setting.value.clone(), Some(setting.origin.clone()))
        };
        entries.iter().map(|(key, stack)| (key.clone(), said(stack))).collect()
    }
}

/// Tells whether anybody's bucket decides anything in this flag.
pub(super) fn is_bucketed(flag: &Flag) -> bool {
    let partly = |weight: Weight| weight != Weight::NONE && weight != Weight::ALL;
    let split = |serve: &Serve| matches!(serve, Serve::Split(split) if split.single().is_none());
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => partly(*weight),
        Fallthrough::Serve(serve) => split(serve),
    };
    fallthrough || flag.rules.iter().any(|rule| partly(rule.rollout) || split(&rule.serve))
}

/// Returns the fields that differ.
pub(super) fn compare_flags(old: Option<&FlagSide<'_>>, new: Option<&FlagSide<'_>>) -> Vec<FieldDifference> {
    let mut fields = Fields::default();
    let both = |of: &dyn Fn(&FlagSide<'_>) -> Option<Origin>| (old.and_then(of), new.and_then(of));
    let switch = |side: &FlagSide<'_>| {
        let setting = side.resolved.enabled.effective();
        Said::at(setting.value, Some(setting.origin.clone()))
    };
    let text = |on: &bool| if *on { "on" } else { "off" }.to_owned();
    fields.compare("enabled", Effect::Behaviour, (old.map(switch), new.map(switch)), |a, b| a == b, text);
    prerequisites(&mut fields, old, new);
    let entries = |of: fn(&Resolved) -> &IndexMap<String, Stack<VariationName>>| {
        let said = |side: &FlagSide<'_>| FlagSide::entries(of(&side.resolved));
        (old.map(said).unwrap_or_default(), new.map(said).unwrap_or_default())
    };
    for (noun, (old, new)) in
        [("user", entries(|resolved| &resolved.users)), ("org", entries(|resolved| &resolved.orgs))]
    {
        fields.entries(noun, &old, &new);
    }
    compare_rules(&mut fields, &rules_of(old), &rules_of(new));
    fallthrough(&mut fields, old, new);
    variations(&mut fields, old, new);
    hashing(&mut fields, old, new);
    let flags = (old.map(FlagSide::flag), new.map(FlagSide::flag));
    let mut text =
        |field: &str, of: &dyn Fn(&Flag) -> Option<String>, at: fn(&FlagPlaces) -> Option<Span>| {
            let places = both(&|side| side.place(at));
            let said = |flag: Option<&Flag>, place| flag.and_then(of).map(|text| Said::at(text, place));
            fields.metadata(field, said(flags.0, places.0), said(flags.1, places.1));
        };
    text("description", &|flag| flag.description.clone(), |places| places.description);
    text("owner", &|flag| flag.owner.clone(), |places| places.owner);
    text("expires", &|flag| flag.expires.map(|day| day.to_string()), |places| places.expires);
    text("tags", &tags, |_| None);
    fields.finish()
}

fn rules_of<'s>(side: Option<&'s FlagSide<'_>>) -> Rules<'s> {
    side.map_or_else(Rules::default, FlagSide::rules)
}

/// Returns the tags, whose order means nothing.
fn tags(flag: &Flag) -> Option<String> {
    let mut tags = flag.tags.clone();
    tags.sort_unstable();
    tags.dedup();
    (!tags.is_empty()).then(|| tags.join(", "))
}

fn prerequisites(fields: &mut Fields, old: Option<&FlagSide<'_>>, new: Option<&FlagSide<'_>>) {
    // All must be met, so their order means nothing.
    let wanted = |side: Option<&FlagSide<'_>>| -> IndexMap<String, Said<VariationName>> {
        let all = side.into_iter().flat_map(|side| {
            side.flag().prerequisites.iter().enumerate().map(move |(at, needed)| {
                let place = side.place(|places| places.prerequisites.get(at).copied());
                (needed.flag.to_string(), Said::at(needed.variation.clone(), place))
            })
        });
        all.collect()
    };
    fields.entries("prerequisite", &wanted(old), &wanted(new));
}

fn fallthrough(fields: &mut Fields, old: Option<&FlagSide<'_>>, new: Option<&FlagSide<'_>>) {
    let said = |side: Option<&FlagSide<'_>>, alone: bool| {
        let setting = side?.resolved.fallthrough.effective();
        // Of a flag that is new or gone, what nobody wrote down goes without saying.
        let silent = alone && setting.origin == Origin::BuiltIn;
        (!silent).then(|| Said::at(setting.value.clone(), Some(setting.origin.clone())))
    };
    let pair = (said(old, new.is_none()), said(new, old.is_none()));
    let word = |said: &Option<Said<Fallthrough>>| match said.as_ref().map(|said| &said.value) {
        Some(Fallthrough::Rollout(_)) => Some("rollout"),
        Some(Fallthrough::Serve(Serve::Variation(_))) => Some("serve"),
        Some(Fallthrough::Serve(Serve::Split(_))) => Some("split"),
        None => None,
    };
    let field = match (word(&pair.0), word(&pair.1)) {
        (Some(old), Some(new)) if old != new => "fallthrough",
        (old, new) => new.or(old).unwrap_or("fallthrough"),
    };
    let effect = match (&pair.0, &pair.1) {
        (
            Some(Said { value: Fallthrough::Serve(old), .. }),
            Some(Said { value: Fallthrough::Serve(new), .. }),
        ) => effect_of_serve(old, new),
        _ => Effect::Behaviour,
    };
    let same = |a: &Fallthrough, b: &Fallthrough| match (a, b) {
        (Fallthrough::Serve(a), Fallthrough::Serve(b)) => same_serve(a, b),
        (a, b) => a == b,
    };
    fields.compare(field, effect, pair, same, ToString::to_string);
}

fn variations(fields: &mut Fields, old: Option<&FlagSide<'_>>, new: Option<&FlagSide<'_>>) {
    let named = |side: Option<&FlagSide<'_>>| -> IndexMap<String, Value> {
        let all = side.filter(|side| !side.flag().variations.is_boolean()).into_iter();
        all.flat_map(|side| side.flag().variations.iter())
            .map(|variation| (variation.name.to_string(), variation.value.clone()))
            .collect()
    };
    let (was, is) = (named(old), named(new));
    let at = |side: Option<&FlagSide<'_>>| side.and_then(|side| side.place(|_| None));
    let (old_place, new_place) = (at(old), at(new));
    let gone = was.keys().filter(|name| !is.contains_key(*name));
    for name in is.keys().chain(gone) {
        let said = |all: &IndexMap<String, Value>, place: &Option<Origin>| {
            all.get(name).map(|value| Said::at(value.clone(), place.clone()))
        };
        let pair = (said(&was, &old_place), said(&is, &new_place));
        fields.compare(format!("variation {name}"), Effect::Behaviour, pair, same_value, Value::in_words);
    }
    let off = |side: Option<&FlagSide<'_>>, place: &Option<Origin>| {
        let variations = &side.filter(|side| !side.flag().variations.is_boolean())?.flag().variations;
        Some(Said::at(variations.off().clone(), place.clone()))
    };
    let pair = (off(old, &old_place), off(new, &new_place));
    fields.compare("off", Effect::Behaviour, pair, |a, b| a == b, ToString::to_string);
}

/// What goes into the hash: where that differs and buckets decide, everybody is dealt anew.
fn hashing(fields: &mut Fields, old: Option<&FlagSide<'_>>, new: Option<&FlagSide<'_>>) {
    let at = |side: Option<&FlagSide<'_>>| side.and_then(|side| side.place(|_| None));
    let deals = |side: Option<&FlagSide<'_>>| side.is_some_and(|side| is_bucketed(side.flag()));
    let effect = if deals(old) && deals(new) { Effect::Moves } else { Effect::Behaviour };
    let alone = old.is_none() || new.is_none();
    let salt = |side: Option<&FlagSide<'_>>| {
        let flag = side?.flag();
        (!alone || flag.salt.is_some()).then(|| Said::at(flag.hash_key().to_owned(), at(side)))
    };
    let quoted = |text: &String| format!("\"{text}\"");
    fields.compare("salt", effect, (salt(old), salt(new)), |a, b| a == b, quoted);
    let bucket_by = |side: Option<&FlagSide<'_>>| {
        let by = &side?.flag().bucket_by;
        (!alone || *by != crate::model::BucketBy::default()).then(|| Said::at(by.clone(), at(side)))
    };
    let pair = (bucket_by(old), bucket_by(new));
    fields.compare("bucket_by", effect, pair, |a, b| a == b, ToString::to_string);
    let bucketing = |side: Option<&FlagSide<'_>>| {
        let algorithm = &side?.flag().bucketing;
        (!alone || *algorithm != Algorithm::default()).then(|| Said::at(algorithm.clone(), at(side)))
    };
    let pair = (bucketing(old), bucketing(new));
    fields.compare("bucketing", effect, pair, same_algorithm, algorithm_in_words);
}
