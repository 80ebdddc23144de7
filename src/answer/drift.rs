//! Where a server and this checkout disagree on a flag: in what, why, and what ends it.

use crate::layer::{Layers, Origin};
use crate::model::variable_of;
use crate::report::{DriftCount, DriftSide, DriftedFlag, StateWord};

use super::definition::definition_mark;
use super::seen::{Seen, Whose, differing};

/// The sources that every side means the same by.
const LAYERS: [&str; 3] = ["default", "env", "admin"];

/// Returns the flags that differ, in the order of flags.toml, undeclared ones last. Kinds of drift that `ignored` names
/// count for nothing; `option` names the server on a further command line.
pub fn drifting(
    layers: &Layers<'_>,
    is_wanted: &dyn Fn(&str) -> bool,
    ignored: &[&str],
    option: &str,
) -> (Vec<DriftedFlag>, DriftCount) {
    let here = Seen::all(layers, Whose::Checkout);
    let there = Seen::all(layers, Whose::Server);
    let (mut flags, mut count) = (Vec::new(), DriftCount::default());
    for (name, mine) in &here {
        if !is_wanted(name) {
            continue;
        }
        count.compared += 1;
        let declared = layers.file.is_some_and(|file| file.definitions().flags.contains_key(name.as_str()));
        let pair = Pair { name, here: declared.then_some(mine), there: there.get(name), option };
        let marks = (
            definition_mark(layers, name),
            layers.server(name).and_then(|flag| flag.state.as_ref()?.definition.clone()),
        );
        let kinds: Vec<&'static str> =
            pair.kinds(marks).into_iter().filter(|kind| !ignored.contains(kind)).collect();
        if kinds.is_empty() {
            continue;
        }
        for kind in &kinds {
            *counter(&mut count, kind) += 1;
        }
        count.drifting += 1;
        flags.push(pair.report(kinds));
    }
    (flags, count)
}

fn counter<'a>(count: &'a mut DriftCount, kind: &str) -> &'a mut usize {
    match kind {
        "state" => &mut count.state,
        "source" => &mut count.source,
        "definition" => &mut count.definition,
        "only_here" => &mut count.only_here,
        "only_there" => &mut count.only_there,
        _ => &mut count.invalid,
    }
}

/// A flag of both sides.
struct Pair<'a> {
    name: &'a str,
    here: Option<&'a Seen>,
    there: Option<&'a Seen>,
    option: &'a str,
}

impl Pair<'_> {
    /// Returns how the sides differ.
    fn kinds(&self, marks: (Option<String>, Option<String>)) -> Vec<&'static str> {
        let (here, there) = match (self.here, self.there) {
            (Some(here), Some(there)) => (here, there),
            (Some(_), None) => return vec!["only_here"],
            (None, Some(there)) if there.declared => return vec!["only_there"],
            // Nobody declares it: an override that is left over.
            (None, _) => return vec!["only_there"],
        };
        if [here, there].iter().any(|side| side.state == StateWord::Invalid) {
            return vec!["invalid"];
        }
        let whole = here.fields.is_some() && there.fields.is_some();
        let fields = differing(Some(here), Some(there));
        let state = fields.iter().any(|field| field.effect == "behaviour")
            || (whole && (here.state, &here.summary) != (there.state, &there.summary));
        // What a foreign server calls its sources may be anything.
        let source = here.source != there.source && LAYERS.contains(&there.source.as_str());
        let definition = matches!(marks, (Some(here), Some(there)) if here != there);
        let all = [(state, "state"), (source, "source"), (definition, "definition")];
        all.into_iter().filter(|(differs, _)| *differs).map(|(_, kind)| kind).collect()
    }

    fn report(&self, kinds: Vec<&'static str>) -> DriftedFlag {
        let side = |seen: &Seen| DriftSide {
            state: seen.state,
            summary: seen.summary.clone(),
            enabled: seen.enabled,
            source: seen.source.clone(),
            place: seen.place.clone().filter(|place| *place != Origin::BuiltIn),
        };
        let (why, fixes) = self.why(&kinds);
        let both = self.here.is_some() && self.there.is_some();
        let fields = differing(self.here, self.there);
        DriftedFlag {
            name: self.name.to_owned(),
            kinds,
            here: self.here.map(side),
            there: self.there.map(side),
            fields: if both { fields } else { Vec::new() },
            why,
            fixes,
        }
    }

    /// Returns why they differ, and what ends it.
    fn why(&self, kinds: &[&str]) -> (String, Vec<String>) {
        let (name, option) = (self.name, self.option);
        let other_file = "the server runs another flags.toml than this checkout";
        let align = || {
            vec!["deploy this flags.toml to the server, or bring this checkout to what runs there".to_owned()]
        };
        let (here, there) = match (self.here, self.there) {
            (Some(here), Some(there)) => (here, there),
            (Some(_), None) => {
                let why = "the server does not know it: it runs a flags.toml without it";
                return (why.to_owned(), align());
            }
            (None, there) if there.is_some_and(|there| !there.declared) => {
                let why = "nobody declares it: an override that outlived its definition";
                return (why.to_owned(), vec![format!("ffctl unset {name}{option}")]);
            }
            (None, _) => {
                let why = "it is not declared here: the server runs a flags.toml with it";
                return (why.to_owned(), align());
            }
        };
        if kinds == ["invalid"] {
            let problem = here.problems.iter().chain(&there.problems).next().cloned();
            let why = problem.unwrap_or_else(|| "a layer of the server cannot be read".to_owned());
            return (why, vec![format!("ffctl explain {name}{option}")]);
        }
        let variable = variable_of(name);
        match (here.source.as_str(), there.source.as_str()) {
            (here_source, "env") if here_source != "env" => (
                format!("{variable} is set in the server's environment"),
                vec![
                    format!("take {variable} out of the server's environment"),
                    format!("or make it so here: ffctl set {name} {} --layer default", word(there)),
                ],
            ),
            ("env", there_source) if there_source != "env" => {
                let place = here.place.as_ref().map_or_else(|| variable.clone(), ToString::to_string);
                let unset = match &here.place {
                    Some(Origin::EnvFile { file, .. }) => {
                        format!("ffctl unset {name} --layer env --env-file {file}")
                    }
                    _ => format!("unset {variable}"),
                };
                (format!("{place} is set here, and not in the server's environment"), vec![unset])
            }
            ("env", _) => (
                format!("{variable} has another value in the server's environment"),
                vec![format!("make {variable} the same on both sides, or unset it on both")],
            ),
            (_, "default" | "admin") => (other_file.to_owned(), align()),
            (_, foreign) => (
                format!("the server decides it by `{foreign}`, which is no layer of this checkout"),
                vec![format!("make it so here: ffctl set {name} {} --layer default", word(there))],
            ),
        }
    }
}

/// Returns the word with which `set` makes a flag so.
fn word(seen: &Seen) -> &'static str {
    if seen.enabled == Some(true) { "on" } else { "off" }
}
