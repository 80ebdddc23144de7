//! What everybody gets of each flag, as one side sees it: this checkout, a server in its own words, a snapshot. What
//! two sides differ in.

use indexmap::IndexMap;

use crate::layer::{Field, Layers, Origin, Resolved, ServerFlag};
use crate::model::{FlagName, Timestamp};
use crate::report::{DiffCount, DifferenceReport, FieldDifferenceReport, FlagReport, SideReport, StateWord};

use super::flag::flag_report;

/// Whose words count where a server has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// This checkout's: its definitions, its variables, the overrides of the target.
    Checkout,
    /// The server's.
    Server,
}

/// A flag as one side sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The word of the state.
    pub state: StateWord,
    /// The state in short.
    pub summary: String,
    /// The switch; none if a layer holds something that cannot be read.
    pub enabled: Option<bool>,
    /// The layer that sets the switch, as the side names it.
    pub source: String,
    /// The other fields in effect, in words: `rollout`, `serve`, `user u-42`; none where the side does not say.
    pub fields: Option<IndexMap<String, String>>,
    /// Where the switch stands, if it stands here.
    pub place: Option<Origin>,
    /// What cannot be read, for people.
    pub problems: Vec<String>,
    /// Whether flags.toml of that side declares the flag.
    pub declared: bool,
    /// The number of the last journalled change, where the side names it.
    pub journal: Option<u64>,
}

/// All flags of one side by name, in the order of flags.toml, undeclared ones last.
pub type SeenFlags = IndexMap<String, Seen>;

impl Seen {
    /// Returns what this checkout resolves a flag to.
    pub fn here(layers: &Layers<'_>, resolved: &Resolved) -> Self {
        // Whether a flag has expired means nothing here.
        let report = flag_report(layers, resolved, Timestamp::from_millis(0).date());
        Self { place: Some(resolved.enabled.effective().origin.clone()), ..Self::of(&report) }
    }

    fn of(report: &FlagReport) -> Self {
        let mut fields = IndexMap::new();
        let of_rest = [
            ("rollout", report.rollout.map(|weight| weight.to_string())),
            ("serve", report.serve.as_ref().map(ToString::to_string)),
            ("serve", report.split.as_ref().map(ToString::to_string)),
        ];
        fields.extend(of_rest.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        for (noun, entries) in [("user", &report.users), ("org", &report.orgs)] {
            fields.extend(entries.iter().map(|(key, name)| (format!("{noun} {key}"), name.to_string())));
        }
        Self {
            state: report.state,
            summary: report.summary.clone(),
            enabled: report.enabled,
            source: report.source.to_string(),
            fields: Some(fields),
            place: None,
            problems: report.problems.clone(),
            declared: report.declared,
            journal: None,
        }
    }

    /// Returns what a server says of a flag: its state, or where it sends no more than three fields, its switch.
    pub fn by_server(flag: &ServerFlag) -> Self {
        let ServerFlag { enabled, source, state, .. } = flag;
        let word = if *enabled { StateWord::On } else { StateWord::Off };
        let switch = Self {
            state: word,
            summary: word.word().to_owned(),
            enabled: Some(*enabled),
            source: source.clone(),
            fields: None,
            place: None,
            problems: Vec::new(),
            declared: true,
            journal: None,
        };
        let Some(said) = state else { return switch };
        let Some(word) = StateWord::parse(&said.word) else { return switch };
        let rest = said.values.iter().filter(|(field, _)| **field != Field::Enabled);
        Self {
            state: word,
            summary: said.summary.clone(),
            enabled: (word != StateWord::Invalid).then_some(*enabled),
            fields: Some(rest.map(|(field, (value, _))| (field.to_string(), value.to_string())).collect()),
            declared: said.declared,
            journal: said.journal,
            ..switch
        }
    }

    /// Returns all flags of these layers.
    pub fn all(layers: &Layers<'_>, whose: Whose) -> SeenFlags {
        let known = |name: &str| match whose {
            Whose::Server => layers.server(name).map(Self::by_server),
            Whose::Checkout => layers.resolve(name).map(|resolved| Self::here(layers, &resolved)),
        };
        let names = layers.declared().map(FlagName::as_str).chain(layers.undeclared());
        names.filter_map(|name| Some((name.to_owned(), known(name)?))).collect()
    }

    fn side(&self) -> SideReport {
        SideReport {
            state: Some(self.state),
            summary: Some(self.summary.clone()),
            place: None,
            problems: self.problems.clone(),
        }
    }

    /// Returns every field in words, the switch first and its source last; `whole` leaves out what only one of two
    /// sides says.
    fn in_words(&self, whole: bool) -> IndexMap<&str, String> {
        let switch = self.enabled.map(|on| ("enabled", if on { "on" } else { "off" }.to_owned()));
        let mut all: IndexMap<&str, String> = switch.into_iter().collect();
        for (name, value) in self.fields.iter().flatten().filter(|_| whole) {
            all.insert(name, value.clone());
        }
        all.insert(SOURCE, self.source.clone());
        all
    }
}

/// The field that only says why.
const SOURCE: &str = "source";

/// Returns the fields that differ between two sides of a flag, in words.
pub fn differing(old: Option<&Seen>, new: Option<&Seen>) -> Vec<FieldDifferenceReport> {
    let whole = [old, new].into_iter().flatten().all(|side| side.fields.is_some());
    let words = |side: Option<&'_ Seen>| -> IndexMap<String, (String, Option<Origin>)> {
        let Some(side) = side else { return IndexMap::new() };
        let place = |field: &str| side.place.clone().filter(|_| field == "enabled");
        let all = side.in_words(whole).into_iter();
        all.map(|(field, value)| (field.to_owned(), (value, place(field)))).collect()
    };
    let (old, new) = (words(old), words(new));
    let gone = old.keys().filter(|field| !new.contains_key(*field));
    let mut fields: Vec<FieldDifferenceReport> = Vec::new();
    for field in new.keys().chain(gone) {
        let (was, is) = (old.get(field), new.get(field));
        if was.map(|(value, _)| value) == is.map(|(value, _)| value) {
            continue;
        }
        let parts = |side: Option<&(String, Option<Origin>)>| {
            side.map_or((None, None), |(value, place)| (Some(value.clone()), place.clone()))
        };
        let ((old, old_place), (new, new_place)) = (parts(was), parts(is));
        let effect = if field == SOURCE { "metadata" } else { "behaviour" };
        fields.push(FieldDifferenceReport { field: field.clone(), effect, old, new, old_place, new_place });
    }
    fields.sort_by_key(|field| field.effect == "metadata");
    fields
}

/// Returns the flags that differ between two sides, in the order of the side after; what is gone comes last.
pub fn compare_seen(
    before: &SeenFlags,
    after: &SeenFlags,
    is_wanted: &dyn Fn(&str) -> bool,
) -> (Vec<DifferenceReport>, DiffCount) {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let (mut differences, mut count) = (Vec::new(), DiffCount::default());
    for name in after.keys().chain(gone).filter(|name| is_wanted(name)) {
        count.compared += 1;
        let (old, new) = (before.get(name), after.get(name));
        let fields = differing(old, new);
        let whole = [old, new].into_iter().flatten().all(|side| side.fields.is_some());
        let state = |side: &Seen| (side.state, side.summary.clone());
        // By a prerequisite or a rule, which are no fields of their own.
        let other_state = whole && old.map(state) != new.map(state);
        let invalid = [old, new].into_iter().flatten().any(|side| side.state == StateWord::Invalid);
        if fields.is_empty() && !other_state && old.is_some() == new.is_some() {
            continue;
        }
        let (change, counted) = match (old, new) {
            (None, _) => ("added", &mut count.added),
            (_, None) => ("removed", &mut count.removed),
            _ => ("changed", &mut count.changed),
        };
        *counted += 1;
        count.differing += 1;
        count.invalid += usize::from(invalid);
        differences.push(DifferenceReport {
            kind: "flag",
            name: name.clone(),
            change,
            was: None,
            before: old.map(Seen::side),
            after: new.map(Seen::side),
            moves_people: false,
            fields,
            used_by: Vec::new(),
            resembles: None,
        });
    }
    (differences, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(enabled: bool, source: &str, rest: Option<&[(&str, &str)]>) -> Seen {
        let flag = ServerFlag { enabled, source: source.to_owned(), rich: true, state: None };
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Seen { fields: rest.map(|rest| rest.iter().map(owned).collect()), ..Seen::by_server(&flag) }
    }

    fn fields(old: &Seen, new: &Seen) -> Vec<String> {
        let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let one =
            |field: FieldDifferenceReport| format!("{} {} {}", field.field, text(field.old), text(field.new));
        differing(Some(old), Some(new)).into_iter().map(one).collect()
    }

    #[test]
    fn only_what_both_sides_say_is_compared() {
        let (whole, other) = (
            seen(true, "admin", Some(&[("rollout", "25%")])),
            seen(true, "env", Some(&[("org acme", "on")])),
        );
        assert_eq!(fields(&whole, &other), ["org acme - on", "rollout 25% -", "source admin env"]);
        let switch = seen(false, "admin", None);
        assert_eq!(fields(&whole, &switch), ["enabled on off"]);
        assert_eq!(fields(&switch, &switch), [""; 0]);
    }

    #[test]
    fn what_one_side_lacks_is_added_or_removed_and_never_nothing() {
        let both = |name: &str| SeenFlags::from_iter([(name.to_owned(), seen(true, "default", None))]);
        let (differences, count) = compare_seen(&both("a"), &both("b"), &|_| true);
        let changes: Vec<_> = differences.iter().map(|one| (one.name.as_str(), one.change)).collect();
        assert_eq!(changes, [("b", "added"), ("a", "removed")]);
        assert_eq!((count.compared, count.differing), (2, 2));
        let (same, count) = compare_seen(&both("a"), &both("a"), &|_| true);
        assert_eq!((same.len(), count.compared), (0, 1));
        let (_, count) = compare_seen(&both("a"), &both("b"), &|name| name == "a");
        assert_eq!(count.compared, 1);
    }
}
