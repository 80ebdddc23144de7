//! What a form asks for → the fields that it sets and clears.

use crate::layer::{Field, FieldValue, Patch, Values};
use crate::model::{Fallthrough, Serve, Share, Split, VariationName, Weight};
use crate::server::snapshot::{Served, Snapshot};

/// How a field's share is called in a form: `share.v2`.
pub(super) const SHARE: &str = "share.";

/// The word that takes back all that the override says.
pub(super) const EVERYTHING: &str = "everything";

/// The sum that shares have, unless the form says that any will do.
const HUNDRED: u64 = 100;

/// A form as its address has it.
pub(super) struct Wish(Vec<(String, String)>);

impl Wish {
    /// Reads the query of an address.
    pub(super) fn read(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned();
        Self(pairs.collect())
    }

    /// Tells whether the piece alone is wanted, for a page that puts it in its place.
    pub(super) fn is_part(&self) -> bool {
        self.text("part") == "true"
    }

    /// Returns the query of the page that asks the same.
    pub(super) fn query(&self) -> String {
        let asked = self.0.iter().filter(|(name, _)| name != "part");
        form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish()
    }

    /// Returns the fields that it sets and clears.
    pub(super) fn patch(&self, snapshot: &Snapshot, flag: &Served) -> Result<Patch, String> {
        let name = &flag.resolved.effective.name;
        let present = snapshot.admin.overrides.get(name.as_str());
        let mut patch = Patch::new();
        match self.text("enabled") {
            "on" => drop(patch.insert(Field::Enabled, Some(FieldValue::Switch(true)))),
            "off" => drop(patch.insert(Field::Enabled, Some(FieldValue::Switch(false)))),
            "" => {}
            other => return Err(format!("`{other}` is neither on nor off")),
        }
        if !self.text("rollout").is_empty() {
            patch.insert(Field::Rollout, Some(FieldValue::Weight(self.rollout()?)));
        }
        if self.0.iter().any(|(name, _)| name.starts_with(SHARE)) {
            patch.insert(Field::Serve, Some(FieldValue::Serve(self.split(flag)?)));
        }
        if !self.text("list").is_empty() {
            let (field, variation) = self.entry(flag)?;
            patch.insert(field, Some(FieldValue::Variation(variation)));
        }
        match self.text("clear") {
            "" => {}
            EVERYTHING => {
                let all = present.into_iter().flat_map(Values::keys);
                patch.extend(all.map(|field| (field.clone(), None)));
            }
            other => drop(patch.insert(set(present, other)?.0, None)),
        }
        if !self.text("again").is_empty() {
            let (field, value) = set(present, self.text("again"))?;
            patch.insert(field, Some(value));
        }
        if patch.is_empty() { Err("nothing is asked for".to_owned()) } else { Ok(patch) }
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Reads a number of percent; its field says that it is one.
    fn rollout(&self) -> Result<Weight, String> {
        let text = self.text("rollout");
        let number = text.trim_end_matches('%');
        Weight::parse(&format!("{number}%")).map_err(|error| error.to_string())
    }

    /// Reads the shares, in the order that decides who gets what: the one that is in effect, then that of the variations.
    fn split(&self, flag: &Served) -> Result<Serve, String> {
        let flag = &flag.resolved.effective;
        let mut pairs = Vec::new();
        for name in in_order(flag) {
            let text = self.text(&format!("{SHARE}{name}"));
            let number: i64 = match text {
                "" => 0,
                text => text
                    .parse()
                    .map_err(|_| format!("the share of `{name}` is a whole number, not `{text}`"))?,
            };
            if number != 0 {
                pairs.push((name, Share::try_from(number).map_err(|error| format!("`{text}`: {error}"))?));
            }
        }
        let sum: u64 = pairs.iter().map(|(_, share)| u64::from(share.get())).sum();
        if sum != HUNDRED && sum != 0 && self.text("ratio") != "true" {
            return Err(format!(
                "the shares sum to {sum}, not {HUNDRED}; where only their ratio counts, say so"
            ));
        }
        if pairs.len() == 1
            && let Some((only, _)) = pairs.pop()
        {
            return Ok(Serve::Variation(only));
        }
        Split::new(pairs).map(Serve::Split).map_err(|error| error.to_string())
    }

    /// Reads whose entry it is and what they shall get.
    fn entry(&self, flag: &Served) -> Result<(Field, VariationName), String> {
        let key = self.text("key").to_owned();
        let field = match self.text("list") {
            _ if key.is_empty() => {
                return Err("the key of the user or the organisation is missing".to_owned());
            }
            "users" => Field::User(key),
            "orgs" => Field::Org(key),
            other => return Err(format!("`{other}` is neither users nor orgs")),
        };
        let wanted = self.text("variation");
        let variation = flag.resolved.effective.variations.find(wanted);
        Ok((field, variation.ok_or_else(|| format!("the flag has no variation `{wanted}`"))?.clone()))
    }
}

/// Returns the variations of a flag in the order in which their shares count.
pub(super) fn in_order(flag: &crate::model::Flag) -> Vec<VariationName> {
    let mut names: Vec<VariationName> = shares(flag).into_iter().map(|(name, _)| name).collect();
    for variation in flag.variations.iter() {
        if !names.contains(variation.name) {
            names.push(variation.name.clone());
        }
    }
    names
}

/// Returns the shares that are in effect; of one variation alone, all of them.
pub(super) fn shares(flag: &crate::model::Flag) -> Vec<(VariationName, u32)> {
    match &flag.fallthrough {
        Fallthrough::Rollout(_) => Vec::new(),
        Fallthrough::Serve(Serve::Variation(only)) => vec![(only.clone(), 100)],
        Fallthrough::Serve(Serve::Split(split)) => {
            split.pairs().iter().map(|(name, share)| (name.clone(), share.get())).collect()
        }
    }
}

/// Returns the field of this name and what the override says of it.
fn set(present: Option<&Values>, name: &str) -> Result<(Field, FieldValue), String> {
    let found = present.into_iter().flatten().find(|(field, _)| field.to_string() == name);
    let (field, (value, _)) =
        found.ok_or_else(|| format!("the override does not say anything of `{name}`"))?;
    Ok((field.clone(), value.clone()))
}
