//! What is asked of a flag: the words of `set` → a patch.

use crate::error::{Error, Kind, Result, did_you_mean, nearest};
use crate::layer::{Ends, Field, FieldValue, Patch, parse_switch};
use crate::model::{Flag, FlagName, Serve, Share, Split, VariationName, Weight};

/// A change of one flag in one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagRequest {
    /// The flag.
    pub flag: FlagName,
    /// What to set and what to clear.
    pub patch: Patch,
    /// When what it sets ends by itself.
    pub ends: Ends,
}

impl FlagRequest {
    /// Returns a request of something that stays.
    pub fn new(flag: FlagName, patch: Patch) -> Self {
        Self { flag, patch, ends: Ends::default() }
    }
}

/// Splits `flag=value`; none if there is no `=`.
pub fn parse_assignment(item: &str) -> Option<(&str, &str)> {
    item.split_once('=')
}

/// Returns the patch that `value` asks of a flag: the switch, a rollout, or a variation; with `users` or
/// `orgs` their entries alone.
///
/// # Errors
/// When the value is no state or variation of the flag, is ambiguous (`1`: on, or 1%?), or a percentage for
/// single users.
pub fn set_patch(flag: &Flag, value: &str, users: &[String], orgs: &[String]) -> Result<Patch> {
    if let Some((message, readings)) = bare_number(value) {
        let error = Error::new(Kind::Usage, message);
        return Err(readings
            .iter()
            .fold(error, |error, reading| error.hint(format!("ffctl set {} {reading}", flag.name))));
    }
    let mut patch = Patch::new();
    if users.is_empty() && orgs.is_empty() {
        everybody(flag, value, &mut patch)?;
        return Ok(patch);
    }
    let variation = FieldValue::Variation(variation_of(flag, value)?);
    for key in users {
        patch.insert(Field::User(not_empty(key, "user")?), Some(variation.clone()));
    }
    for key in orgs {
        patch.insert(Field::Org(not_empty(key, "org")?), Some(variation.clone()));
    }
    Ok(patch)
}

/// Returns what is wrong with a number without a percent sign, and what it might mean; none for everything else.
pub(super) fn bare_number(value: &str) -> Option<(String, Vec<String>)> {
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let percent = format!("{value}%");
    let other = match value {
        "0" => Some("off".to_owned()),
        "1" => Some("on".to_owned()),
        // A fraction, as other tools write it: 0.25 of everybody.
        _ => hundredfold(value),
    };
    Some(match other {
        Some(other) => (format!("`{value}` is ambiguous: `{other}` or `{percent}`?"), vec![other, percent]),
        None => (format!("`{value}` is no percentage without its sign"), vec![percent]),
    })
}

/// Returns the percentage that a fraction below 1 stands for.
fn hundredfold(value: &str) -> Option<String> {
    let digits = value.strip_prefix("0.").or_else(|| value.strip_prefix('.'))?;
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let padded = format!("{digits:0<2}");
    let (whole, rest) = padded.split_at(2);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if rest.is_empty() { format!("{whole}%") } else { format!("{whole}.{rest}%") })
}

fn not_empty(key: &str, kind: &str) -> Result<String> {
    if key.is_empty() {
        return Err(Error::new(Kind::Usage, format!("the key of --{kind} is empty")));
    }
    Ok(key.to_owned())
}

fn everybody(flag: &Flag, value: &str, patch: &mut Patch) -> Result<()> {
    // Who names a rollout or a variation wants it to count; where the switch is on already, it is not touched.
    let on = (!flag.enabled).then_some(FieldValue::Switch(true));
    if let Some(word) = parse_switch(value) {
        patch.insert(Field::Enabled, Some(FieldValue::Switch(word.0)));
        return Ok(());
    }
    if value.trim().ends_with('%') {
        let weight = Weight::parse(value).map_err(|error| {
            Error::new(Kind::Usage, error.to_string())
                .hint("write a percentage from 0% to 100%, such as 12.5%")
        })?;
        if !flag.variations.is_boolean() {
            let example = example_split(flag);
            return Err(Error::new(
                Kind::Usage,
                format!("`{}` has variations: it takes a split, not a rollout", flag.name),
            )
            .hint(format!("ffctl set {} --split {example}", flag.name)));
        }
        patch.extend(on.map(|on| (Field::Enabled, Some(on))));
        patch.insert(Field::Rollout, Some(FieldValue::Weight(weight)));
        return Ok(());
    }
    let serve = Serve::Variation(variation_of(flag, value)?);
    patch.extend(on.map(|on| (Field::Enabled, Some(on))));
    patch.insert(Field::Serve, Some(FieldValue::Serve(serve)));
    Ok(())
}

/// Returns the variation of a flag that a word names.
pub(super) fn variation_of(flag: &Flag, value: &str) -> Result<VariationName> {
    let value = value.trim();
    if flag.variations.is_boolean() {
        return match parse_switch(value) {
            Some(word) => {
                let name = if word.0 { crate::model::ON } else { crate::model::OFF };
                VariationName::try_from(name).map_err(|error| Error::new(Kind::Bug, error.to_string()))
            }
            // Of everybody a percentage was read before this; here one user or organisation is meant.
            None if Weight::parse(value).is_ok() => {
                let message =
                    format!("`{value}` is a part of everybody: one user or organisation is on or off");
                Err(Error::new(Kind::Usage, message).hint("write on or off, or leave out --user and --org"))
            }
            None => Err(Error::new(
                Kind::Usage,
                format!("`{value}` is no state of the boolean flag `{}`", flag.name),
            )
            .hint(match nearest(value, ["on", "off"]) {
                Some(word) => format!("did you mean `{word}`?"),
                None => "write on, off or a percentage such as 25%".to_owned(),
            })),
        };
    }
    if let Some(word) = parse_switch(value) {
        // `off` for a single user is the flag's own off variation; `on` names none of several.
        if !word.0 {
            return Ok(flag.variations.off().clone());
        }
        let names: Vec<_> = flag.variations.iter().map(|variation| variation.name.to_string()).collect();
        let message = format!("`{}` has variations: `{value}` does not say which", flag.name);
        return Err(Error::new(Kind::Usage, message).hint(format!("write one of {}", names.join(", "))));
    }
    flag.variations.find(value).cloned().ok_or_else(|| {
        let names: Vec<_> = flag.variations.iter().map(|variation| variation.name.as_str()).collect();
        let error = Error::new(Kind::Unknown, format!("`{}` has no variation `{value}`", flag.name));
        let error = match did_you_mean(value, names.iter().copied()) {
            Some(hint) => error.hint(hint),
            None => error,
        };
        error.hint(format!("its variations: {}", names.join(", ")))
    })
}

fn example_split(flag: &Flag) -> String {
    let pairs: Vec<_> =
        flag.variations.iter().take(2).map(|variation| format!("{}=50", variation.name)).collect();
    pairs.join(",")
}

/// Reads `v2=75,v3=25` as a split of a flag or an experiment; `known` are the names it may use.
///
/// # Errors
/// When a pair is malformed, a name unknown, a share not a positive integer, or a name stands twice.
pub fn parse_split(text: &str, known: &[&str]) -> Result<Split> {
    let usage = |message: String| Error::new(Kind::Usage, message).hint("write shares such as v2=75,v3=25");
    let pair = |pair: &str| {
        let (name, share) = pair
            .split_once('=')
            .ok_or_else(|| usage(format!("`{pair}` is not a variation and its share")))?;
        let name = name.trim();
        if !known.contains(&name) {
            let error = Error::new(Kind::Unknown, format!("there is no variation `{name}`"));
            return Err(match did_you_mean(name, known.iter().copied()) {
                Some(hint) => error.hint(hint),
                None => error.hint(format!("known: {}", known.join(", "))),
            });
        }
        let number: i64 = share
            .trim()
            .parse()
            .map_err(|_| usage(format!("the share `{}` of `{name}` is no whole number", share.trim())))?;
        let share = Share::try_from(number).map_err(|error| usage(error.to_string()))?;
        let name = VariationName::try_from(name).map_err(|error| usage(error.to_string()))?;
        Ok((name, share))
    };
    let pairs = text.split(',').map(pair).collect::<Result<Vec<_>>>()?;
    Split::new(pairs).map_err(|error| usage(error.to_string()))
}

/// Returns the one value of a variable that says what a patch says, such as `true` or `25%`.
///
/// # Errors
/// When no single value says it: entries for users or organisations, or a split.
pub fn variable_value(patch: &Patch) -> Result<String> {
    let refuse = |what: String| {
        Error::new(Kind::Usage, format!("a variable cannot hold {what}"))
            .hint("use --layer admin or --layer default")
    };
    let mut value = None;
    for (field, new) in patch {
        let said = match (field, new) {
            (Field::User(_) | Field::Org(_), _) => return Err(refuse(format!("an entry for {field}"))),
            (_, Some(FieldValue::Serve(Serve::Split(_)))) => return Err(refuse("a split".to_owned())),
            (Field::Enabled, Some(FieldValue::Switch(on))) => (0, on.to_string()),
            (_, Some(value)) => (1, value.to_string()),
            (field, None) => return Err(refuse(format!("the taking back of {field} alone"))),
        };
        value = value.max(Some(said));
    }
    value.map(|(_, value)| value).ok_or_else(|| refuse("nothing".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Variations;

    fn boolean() -> Flag {
        Flag::boolean(FlagName::try_from("x").expect("a name"), false)
    }

    fn versions() -> Flag {
        let name = |text| VariationName::try_from(text).expect("a name");
        let all = [(name("v2"), "2".into()), (name("v3"), "3".into())];
        let variations = Variations::named(all.into(), name("v2")).expect("off is one of them");
        Flag { variations, ..boolean() }
    }

    fn patch(flag: &Flag, value: &str) -> Vec<String> {
        let patch = set_patch(flag, value, &[], &[]).expect(value);
        patch.iter().map(|(field, value)| format!("{field}={}", value.as_ref().expect("set"))).collect()
    }

    #[test]
    fn words_become_fields() {
        assert_eq!(patch(&boolean(), "ON"), ["enabled=on"]);
        assert_eq!(patch(&boolean(), "25%"), ["enabled=on", "rollout=25%"]);
        assert_eq!(patch(&versions(), "v3"), ["enabled=on", "serve=v3"]);
    }

    #[test]
    fn a_bare_number_is_refused_with_both_readings() {
        let cases = [
            ("1", vec!["on", "1%"]),
            ("0", vec!["off", "0%"]),
            ("0.5", vec!["50%", "0.5%"]),
            ("0.025", vec!["2.5%", "0.025%"]),
            (".07", vec!["7%", ".07%"]),
            ("25", vec!["25%"]),
        ];
        for (value, readings) in cases {
            let error = set_patch(&boolean(), value, &[], &[]).expect_err(value);
            assert_eq!(error.kind(), Kind::Usage, "{value}");
            let expected: Vec<_> = readings.iter().map(|reading| format!("ffctl set x {reading}")).collect();
            assert_eq!(error.hints(), expected, "{value}");
        }
    }

    #[test]
    fn single_users_get_variations_not_percentages() {
        let users = ["u1".to_owned()];
        let patch = set_patch(&boolean(), "on", &users, &[]).expect("on");
        assert_eq!(patch.keys().map(ToString::to_string).collect::<Vec<_>>(), ["user u1"]);
        assert!(set_patch(&boolean(), "25%", &users, &[]).is_err());
        assert!(set_patch(&versions(), "on", &users, &[]).is_err());
        assert!(set_patch(&versions(), "off", &users, &[]).is_ok());
    }

    #[test]
    fn splits_know_their_names() {
        let split = parse_split("v2=75, v3=25", &["v2", "v3"]).expect("a split");
        assert_eq!(split.total(), 100);
        for bad in ["", "v2", "v2=0", "v2=1,v2=2", "v9=1", "v2=1.5", "v2=-1"] {
            assert!(parse_split(bad, &["v2", "v3"]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_variable_says_the_strongest_field() {
        let value =
            |text: &str| variable_value(&set_patch(&boolean(), text, &[], &[]).expect(text)).expect(text);
        assert_eq!((value("on"), value("12.5%")), ("true".to_owned(), "12.5%".to_owned()));
        let entry = set_patch(&boolean(), "on", &["u".to_owned()], &[]).expect("on");
        assert!(variable_value(&entry).is_err());
    }
}
