//! The env layer: `FF_*` variables of declared flags.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::error::nearest;
use crate::model::{Definitions, Flag, FlagName, Serve, Weight, WeightError, variable_of};

use super::field::{Field, FieldValue, Values};
use super::origin::Origin;

/// What every variable of a flag starts with.
const PREFIX: &str = "FF_";

/// A variable as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
}

/// What the variables say of declared flags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvLayer {
    values: HashMap<FlagName, Values>,
    problems: HashMap<FlagName, Vec<EnvProblem>>,
    notes: Vec<EnvNote>,
}

/// A variable of a declared flag that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct EnvProblem {
    /// Where the variable stands.
    pub origin: Origin,
    /// What is wrong with its value.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

/// Something about the variables that fails nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvNote {
    /// An empty variable counts as unset.
    Empty {
        /// Where it stands.
        origin: Origin,
        /// The flag it would set.
        flag: FlagName,
    },
    /// No flag has this variable, but one has a very similar one.
    NearMiss {
        /// Where it stands.
        origin: Origin,
        /// The variable that was probably meant.
        meant: String,
    },
}

/// What a word says that sets a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchWord(pub bool);

/// Reads a boolean word: true, false, 1, 0, on, off, yes, no, in any case, blanks around ignored.
pub fn parse_switch(text: &str) -> Option<SwitchWord> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Some(SwitchWord(true)),
        "false" | "0" | "off" | "no" => Some(SwitchWord(false)),
        _ => None,
    }
}

/// Returns a variable's name without the prefix, which would make strangers alike.
fn bare(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

impl EnvLayer {
    /// Reads the variables of `definitions`; of several of one name the last that is not empty counts, so the
    /// process's come after those of a file. Undeclared ones are passed over, with a note on a near miss.
    pub fn read(definitions: &Definitions, variables: impl IntoIterator<Item = Variable>) -> Self {
        let mut last: IndexMap<String, Variable> = IndexMap::new();
        for variable in variables.into_iter().filter(|variable| variable.name.starts_with(PREFIX)) {
            let empty = |variable: &Variable| variable.value.trim().is_empty();
            if !empty(&variable) || last.get(&variable.name).is_none_or(empty) {
                last.insert(variable.name.clone(), variable);
            }
        }
        let mut layer = Self::default();
        if last.is_empty() {
            return layer;
        }
        let declared: HashMap<String, &Flag> =
            definitions.flags.values().map(|flag| (variable_of(flag.name.as_str()), flag)).collect();
        for variable in last.into_values() {
            if let Some(flag) = declared.get(&variable.name) {
                layer.set(flag, variable);
                continue;
            }
            let known = declared.keys().map(|name| bare(name));
            if let Some(meant) = nearest(bare(&variable.name), known) {
                let meant = format!("{PREFIX}{meant}");
                layer.notes.push(EnvNote::NearMiss { origin: variable.origin, meant });
            }
        }
        layer
    }

    fn set(&mut self, flag: &Flag, variable: Variable) {
        if variable.value.trim().is_empty() {
            self.notes.push(EnvNote::Empty { origin: variable.origin, flag: flag.name.clone() });
            return;
        }
        match parse(flag, &variable.value) {
            Ok(fields) => {
                let values =
                    fields.into_iter().map(|(field, value)| (field, (value, variable.origin.clone())));
                self.values.insert(flag.name.clone(), values.collect());
            }
            Err((message, fix)) => {
                let problem = EnvProblem { origin: variable.origin, message, fix };
                self.problems.entry(flag.name.clone()).or_default().push(problem);
            }
        }
    }

    /// Returns what the variables set of a flag.
    pub fn values(&self, flag: &str) -> Option<&Values> {
        self.values.get(flag)
    }

    /// Returns what is wrong with the variables of a flag.
    pub fn problems(&self, flag: &str) -> &[EnvProblem] {
        self.problems.get(flag).map_or(&[], Vec::as_slice)
    }

    /// Returns what is worth a word but fails nothing.
    pub fn notes(&self) -> &[EnvNote] {
        &self.notes
    }
}

type Fields = Vec<(Field, FieldValue)>;

/// Reads a variable's value for a flag: a boolean word sets the switch, a percentage switch and rollout, a
/// variation's name switch and serve. The error is what is wrong and what to write instead.
pub(super) fn parse(flag: &Flag, text: &str) -> Result<Fields, (String, String)> {
    let trimmed = text.trim();
    let on = (Field::Enabled, FieldValue::Switch(true));
    if let Some(SwitchWord(enabled)) = parse_switch(trimmed) {
        return Ok(vec![(Field::Enabled, FieldValue::Switch(enabled))]);
    }
    if flag.variations.is_boolean() {
        if trimmed.ends_with('%') {
            return match Weight::parse(trimmed) {
                Ok(weight) => Ok(vec![on, (Field::Rollout, FieldValue::Weight(weight))]),
                Err(error) => Err((error.to_string(), percentage_for(&error))),
            };
        }
        if let Err(error @ WeightError::Fraction { .. }) = Weight::parse(trimmed) {
            return Err((error.to_string(), percentage_for(&error)));
        }
        let fix = match nearest(trimmed, ["true", "false", "on", "off", "yes", "no"]) {
            Some(word) => format!("write {word}"),
            None if Weight::parse(trimmed).is_ok() => format!("write {trimmed}% for a percentage"),
            None => "write true, false or a percentage such as 25%".to_owned(),
        };
        return Err((format!("`{trimmed}` is not true, false or a percentage"), fix));
    }
    if let Some(variation) = flag.variations.find(trimmed) {
        let serve = Serve::Variation(variation.clone());
        return Ok(vec![on, (Field::Serve, FieldValue::Serve(serve))]);
    }
    let names: Vec<&str> = flag.variations.iter().map(|variation| variation.name.as_str()).collect();
    let fix = match nearest(trimmed, names.iter().copied()) {
        Some(name) => format!("write {name}"),
        None => format!("write true, false or one of {}", names.join(", ")),
    };
    Err((format!("`{trimmed}` is not true, false or a variation of `{}`", flag.name), fix))
}

/// Returns the percentage that is probably meant by what is none.
fn percentage_for(error: &WeightError) -> String {
    let meant = match error {
        WeightError::TooLarge(_) => "100%",
        WeightError::Negative(_) => "0%",
        WeightError::Fraction { meant: Some(meant), .. } => meant,
        _ => return "write a percentage such as 25%".to_owned(),
    };
    format!("write {meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definitions(names: &[&str]) -> Definitions {
        let flag = |name: &&str| FlagName::try_from(*name).expect("a name");
        let flags = names.iter().map(flag).map(|name| (name.clone(), Flag::boolean(name, false))).collect();
        Definitions { flags, ..Definitions::default() }
    }

    fn variable(name: &str, value: &str) -> Variable {
        let origin = Origin::Variable { name: name.to_owned() };
        Variable { name: name.to_owned(), value: value.to_owned(), origin }
    }

    #[test]
    fn words_in_any_case_set_the_switch() {
        for (text, on) in [("true", true), (" Yes ", true), ("1", true), ("OFF", false), ("0", false)] {
            assert_eq!(parse_switch(text), Some(SwitchWord(on)), "{text}");
        }
        assert_eq!(parse_switch("flase"), None);
    }

    #[test]
    fn a_percentage_sets_switch_and_rollout() {
        let layer = EnvLayer::read(&definitions(&["a"]), [variable("FF_A", "12.5%")]);
        let values = layer.values("a").expect("set");
        assert_eq!(values[&Field::Enabled].0, FieldValue::Switch(true));
        assert_eq!(values[&Field::Rollout].0.to_string(), "12.5%");
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_of_its_flag_alone() {
        let layer = EnvLayer::read(
            &definitions(&["a", "b"]),
            [variable("FF_A", "flase"), variable("FF_B", "on"), variable("FF_ELSE", "flase")],
        );
        let [problem] = layer.problems("a") else { panic!("one problem") };
        assert_eq!(problem.fix, "write false");
        assert!(layer.problems("b").is_empty() && layer.values("b").is_some());
        assert!(layer.notes().is_empty());
    }

    #[test]
    fn empty_is_unset_and_a_near_miss_is_noted() {
        let layer = EnvLayer::read(
            &definitions(&["use_v3_style"]),
            [variable("FF_USE_V3_STYLE", " "), variable("FF_USE_V3_STLYE", "on")],
        );
        assert!(layer.values("use_v3_style").is_none());
        assert!(matches!(layer.notes()[0], EnvNote::Empty { .. }));
        let EnvNote::NearMiss { meant, .. } = &layer.notes()[1] else { panic!("a near miss") };
        assert_eq!(meant, "FF_USE_V3_STYLE");
    }

    #[test]
    fn short_names_are_not_all_alike() {
        let layer =
            EnvLayer::read(&definitions(&["a", "new"]), [variable("FF_B", "on"), variable("FF_NEWS", "on")]);
        let [EnvNote::NearMiss { meant, .. }] = layer.notes() else { panic!("{:?}", layer.notes()) };
        assert_eq!(meant, "FF_NEW");
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let variables = [variable("FF_A", "flase"), variable("FF_A", "on")];
        let layer = EnvLayer::read(&definitions(&["a"]), variables);
        assert!(layer.problems("a").is_empty() && layer.values("a").is_some());
        let layer = EnvLayer::read(&definitions(&["a"]), [variable("FF_A", "on"), variable("FF_A", "")]);
        assert!(layer.values("a").is_some(), "an empty variable is as good as none");
    }
}
