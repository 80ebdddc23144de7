//! One flag.

use super::fallthrough::Served;
use super::prerequisite::Wanted;
use super::reader::Reader;
use super::text::{fragment, quoted};
use super::variations::Choices;
use crate::bucket::Algorithm;
use crate::error::nearest;
use crate::flagfile::keys;
use crate::flagfile::places::FlagPlaces;
use crate::flagfile::position::Span;
use crate::flagfile::quote::key;
use crate::flagfile::syntax::{Data, Entry, Form, TableId};
use crate::model::{BucketBy, Date, Flag, FlagName, VariationName, Variations, Weight};

impl<'a> Reader<'a> {
    /// Reads one entry of `[flags]`; `boolean` are the variations of a boolean flag.
    pub(super) fn read_flag(
        &mut self,
        name: &FlagName,
        entry: &'a Entry<'a>,
        boolean: &Variations,
        wanted: &mut Vec<Wanted<'a>>,
        all_places: &mut Vec<FlagPlaces>,
    ) -> Option<Flag> {
        match &entry.value.data {
            Data::Boolean(enabled) => {
                all_places.push(FlagPlaces::of_shorthand(entry.key_span, entry.value.span));
                Some(bare(name, boolean.clone(), *enabled, self.known.bucketing.default.clone()))
            }
            Data::Table(id) => self.table_flag(name, entry, *id, boolean, wanted, all_places),
            data => {
                let name = key(&entry.key);
                let weight = match data {
                    Data::Text(text) => Weight::parse(text).ok(),
                    _ => None,
                };
                let on = match data {
                    Data::Text(text) => matches!(text.to_lowercase().as_str(), "true" | "on" | "yes" | "1"),
                    data => matches!(data, Data::Integer(Some(1))),
                };
                let fix = match weight.filter(|_| !on) {
                    Some(weight) => format!("{name} = {{ enabled = true, rollout = \"{weight}\" }}"),
                    None => format!("{name} = {on}"),
                };
                self.wrong_type(&entry.key, "`true`, `false` or a table", &entry.value, fix);
                None
            }
        }
    }

    fn table_flag(
        &mut self,
        name: &FlagName,
        entry: &'a Entry<'a>,
        id: TableId,
        boolean: &Variations,
        wanted: &mut Vec<Wanted<'a>>,
        all_places: &mut Vec<FlagPlaces>,
    ) -> Option<Flag> {
        let before = self.mistakes.len();
        let table = self.tree.table(id);
        if self.is_dotted_name(entry, id) {
            return None;
        }
        let [
            description,
            owner,
            tags,
            expires,
            enabled,
            rollout,
            serve,
            split,
            users,
            orgs,
            rules,
            prerequisites,
            variations,
            off,
            salt,
            bucket_by,
            bucketing,
        ] = self.fields(id, &keys::FLAG, "a flag");
        let mut places = FlagPlaces::of_shorthand(entry.key_span, entry.key_span);
        let place = |entry: Option<&'a Entry<'a>>| entry.map(|entry| entry.value.span);
        places.description = place(description);
        places.owner = place(owner);
        places.expires = place(expires);
        places.fallthrough = place(rollout.or(serve).or(split));

        let choices = self.choices(variations, boolean);
        let off = self.off(off, &choices, table, entry.key_span);
        if enabled.is_none() {
            let message = format!("the flag `{}` does not say whether it is on", fragment(name.as_str()));
            self.missing(table, "enabled", entry.key_span, message, "enabled = false");
        }
        places.enabled = place(enabled).unwrap_or(entry.key_span);
        let switch = enabled.and_then(|enabled| self.boolean(enabled));
        let targeted = [users, orgs, rules].into_iter().flatten().find(|entry| match &entry.value.data {
            Data::List(items) | Data::Tables(items) => !items.is_empty(),
            Data::Table(id) => !self.tree.table(*id).entries.is_empty(),
            _ => false,
        });
        let targeted = targeted.map(|entry| entry.key.as_ref());
        let served = Served { rollout, serve, split };
        let fallthrough = self.fallthrough(served, &choices, table, entry.key_span, targeted);
        let users = self.targets(users, &choices);
        let orgs = self.targets(orgs, &choices);
        let rules = self.rules(rules, &choices);
        let prerequisites = self.prerequisites(name, prerequisites, wanted);

        let description = self.text(description);
        let owner = self.text(owner);
        let tags = self.tags(tags);
        let expires = self.day(expires);
        let salt = self.filled_text(salt, "remove `salt`");
        let bucket_by = self.bucket_by(bucket_by);
        let place = bucketing.map_or(entry.key_span, |entry| entry.value.span);
        let bucketing = self.algorithm(bucketing);

        let variations = match choices {
            Choices::Boolean(variations) => variations,
            Choices::Named(all) => Variations::named(all?, off?)?,
            Choices::Variants(_) => return None,
        };
        let (enabled, fallthrough) = (switch?, fallthrough?);
        let (users, orgs, rules) = (users?, orgs?, rules?);
        places.prerequisites = prerequisites?;
        if before != self.mistakes.len() || table.damaged {
            return None;
        }
        (places.users, places.orgs, places.rules) = (users.1, orgs.1, rules.1);
        all_places.push(places);
        let flag = Flag {
            name: name.clone(),
            description,
            owner,
            tags,
            expires,
            variations,
            enabled,
            prerequisites: Vec::new(),
            users: users.0,
            orgs: orgs.0,
            rules: rules.0,
            fallthrough,
            salt,
            bucket_by,
            bucketing,
        };
        self.salted(&flag, place);
        Some(flag)
    }

    /// Reports `[flags.a.b]`, where a flag named `a.b` was meant.
    fn is_dotted_name(&mut self, entry: &Entry<'_>, id: TableId) -> bool {
        let table = self.tree.table(id);
        let [only] = table.entries.as_slice() else { return false };
        let nested = match &only.value.data {
            Data::Table(inner) => self.tree.table(*inner).entry("enabled").is_some(),
            Data::Boolean(_) => true,
            _ => false,
        };
        if !nested || table.form == Form::Inline || nearest(&only.key, keys::FLAG).is_some() {
            return false;
        }
        let name = format!("{}.{}", entry.key, only.key);
        let message = format!(
            "`{}` is a key in the flag `{}`; a name with a dot is quoted",
            fragment(&only.key),
            fragment(&entry.key)
        );
        self.wrong(only.key_span, message, quoted(&name));
        true
    }

    /// Reads `off`: which variation a flag with variations serves when it is off.
    fn off(
        &mut self,
        entry: Option<&'a Entry<'a>>,
        choices: &Choices,
        table: &crate::flagfile::syntax::Table<'_>,
        key: Span,
    ) -> Option<VariationName> {
        match (entry, choices.is_boolean()) {
            (Some(entry), false) => self.variation(&entry.value, choices),
            (Some(entry), true) => {
                self.wrong(
                    entry.key_span,
                    "a flag without `variations` serves `off` when it is off",
                    "remove `off`",
                );
                None
            }
            (None, false) => {
                let fix = format!("off = {}", quoted(choices.names().first().unwrap_or(&"…")));
                self.missing(
                    table,
                    "off",
                    key,
                    "nothing says which variation is served when the flag is off",
                    fix,
                );
                None
            }
            (None, true) => None,
        }
    }

    fn tags(&mut self, entry: Option<&'a Entry<'a>>) -> Vec<String> {
        match (entry, self.list(entry, "[\"…\"]")) {
            (Some(entry), Some(items)) => {
                self.keys(&entry.key, items).into_iter().map(|(tag, _)| tag.to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Reads a day, as a date of TOML or as text.
    fn day(&mut self, entry: Option<&'a Entry<'a>>) -> Option<Date> {
        let entry = entry?;
        let node = &entry.value;
        let raw = self.raw(node);
        let text = match &node.data {
            Data::Text(text) => text.as_ref(),
            Data::Datetime(_) => raw,
            _ => {
                self.wrong_type(&entry.key, "a day", node, format!("{} = 2027-03-31", entry.key));
                return None;
            }
        };
        // Other spellings of a day are valid ISO 8601, but not what everybody reads alike.
        let plain = text.len() == 10
            && text.bytes().enumerate().all(
                |(at, b)| {
                    if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() }
                },
            );
        if let Some(day) = Date::parse(text).ok().filter(|_| plain) {
            return Some(day);
        }
        let start = text.get(..10).and_then(|start| Date::parse(start).ok());
        let (message, day) = match start {
            Some(day) => (format!("`{}` is a day, not a time of it", entry.key), day.to_string()),
            None => {
                (format!("`{}` is not a day such as 2027-03-31", fragment(text)), "2027-03-31".to_owned())
            }
        };
        self.wrong(node.span, message, format!("{} = {day}", entry.key));
        None
    }

    /// Reads `bucket_by`: a context kind or an attribute of one; the user's key when absent.
    pub(super) fn bucket_by(&mut self, entry: Option<&'a Entry<'a>>) -> BucketBy {
        let Some(text) = self.text(entry) else { return BucketBy::default() };
        match (BucketBy::parse(&text), entry) {
            (Some(bucket_by), _) => bucket_by,
            (None, Some(entry)) => {
                let message =
                    format!("`{}` is neither a context kind nor an attribute of one", fragment(&text));
                self.wrong(entry.value.span, message, "bucket_by = \"org\"");
                BucketBy::default()
            }
            (None, None) => BucketBy::default(),
        }
    }
}

/// Returns a flag with nothing but a switch.
fn bare(name: &FlagName, variations: Variations, enabled: bool, bucketing: Algorithm) -> Flag {
    Flag {
        name: name.clone(),
        description: None,
        owner: None,
        tags: Vec::new(),
        expires: None,
        variations,
        enabled,
        prerequisites: Vec::new(),
        users: indexmap::IndexMap::new(),
        orgs: indexmap::IndexMap::new(),
        rules: Vec::new(),
        fallthrough: crate::model::Fallthrough::Rollout(Weight::ALL),
        salt: None,
        bucket_by: BucketBy::default(),
        bucketing,
    }
}
