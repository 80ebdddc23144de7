//! Experiments.

use indexmap::IndexMap;

use super::reader::Reader;
use super::text::{fragment, listed, quoted};
use super::variations::Choices;
use crate::flagfile::keys;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Experiment, ExperimentName, FlagName, VariationName};

impl<'a> Reader<'a> {
    /// Reads `[experiments.NAME]`; `flags` are the names of the flags that the file declares, well or badly.
    pub(super) fn read_experiment(
        &mut self,
        name: &ExperimentName,
        entry: &'a Entry<'a>,
        flags: &dyn Fn(&str) -> bool,
        flag_names: &dyn Fn() -> Vec<&'a str>,
    ) -> Option<Experiment> {
        const PAIRS: &str = "variants = [[\"control\", 50], [\"treatment\", 50]]";
        let Data::Table(id) = entry.value.data else {
            self.wrong_type(name.as_str(), "a table", &entry.value, format!("{} = {{ {PAIRS} }}", entry.key));
            return None;
        };
        let before = self.mistakes.len();
        let [description, owner, gate, variants, force, salt, bucket_by, bucketing] =
            self.fields(id, &keys::EXPERIMENT, "an experiment");
        let table = self.tree.table(id);
        let description = self.text(description);
        let owner = self.text(owner);
        let gate = self.gate(gate, flags, flag_names);
        if variants.is_none() {
            self.missing(table, "variants", entry.key_span, "the experiment has no variants", PAIRS);
        }
        let variants = variants.and_then(|variants| self.pairs(variants, Self::variant));
        let force = match force {
            Some(force) => {
                let choices = Choices::Variants(variants.clone());
                self.assignments(force, &choices).map(|(force, _)| force)
            }
            None => Some(IndexMap::new()),
        };
        let salt = self.filled_text(salt, "remove `salt`");
        let bucket_by = self.bucket_by(bucket_by);
        let place = bucketing.map_or(entry.key_span, |entry| entry.value.span);
        let bucketing = self.algorithm(bucketing);
        let experiment = Experiment {
            name: name.clone(),
            description,
            owner,
            flag: gate,
            variants: variants?,
            force: force?,
            salt,
            bucket_by,
            bucketing,
        };
        self.experiment_salted(&experiment, place);
        (before == self.mistakes.len()).then_some(experiment)
    }

    fn variant(&mut self, node: &'a Node<'a>) -> Option<VariationName> {
        match &node.data {
            Data::Text(text) => {
                VariationName::named(text).map_err(|error| self.bad_name(node.span, text, &error)).ok()
            }
            Data::Broken => None,
            data => {
                let fix = quoted(self.raw(node));
                self.wrong(node.span, format!("a variant is text, not {}", data.kind()), fix);
                None
            }
        }
    }

    fn gate(
        &mut self,
        entry: Option<&'a Entry<'a>>,
        flags: &dyn Fn(&str) -> bool,
        names: &dyn Fn() -> Vec<&'a str>,
    ) -> Option<FlagName> {
        let text = self.text(entry)?;
        let span = entry?.value.span;
        if !flags(&text) {
            let known = names();
            let all = listed(known.iter().copied());
            let message = format!("no flag is called `{}`", fragment(&text));
            self.unknown_name(span, message, &text, known, || match all.as_str() {
                "" => "an entry in `[flags]`".to_owned(),
                all => format!("one of {all}"),
            });
            return None;
        }
        FlagName::try_from(text.as_str()).ok()
    }
}
