//! Two experiments, or one and nothing.

use indexmap::IndexMap;

use crate::bucket::Algorithm;
use crate::flagfile::FlagFile;
use crate::layer::Origin;
use crate::model::{BucketBy, Experiment};

use super::difference::{Effect, FieldDifference};
use super::fields::{Fields, Said, algorithm_in_words, is_reordered, place, same_algorithm, same_split};

/// An experiment of one side.
#[derive(Clone, Copy)]
pub(super) struct ExperimentSide<'a> {
    pub(super) experiment: &'a Experiment,
    file: &'a FlagFile,
}

impl<'a> ExperimentSide<'a> {
    /// Returns the experiment of this name; none if the side has none.
    pub(super) fn of(file: Option<&'a FlagFile>, name: &str) -> Option<Self> {
        let file = file?;
        Some(Self { experiment: file.definitions().experiments.get(name)?, file })
    }

    /// Returns where its key stands; the file remembers no more of an experiment.
    pub(super) fn place(&self) -> Option<Origin> {
        Some(place(self.file, self.file.experiment_place(&self.experiment.name)?))
    }
}

/// Returns the fields that differ.
pub(super) fn compare_experiments(
    old: Option<ExperimentSide<'_>>,
    new: Option<ExperimentSide<'_>>,
) -> Vec<FieldDifference> {
    let mut fields = Fields::default();
    let alone = old.is_none() || new.is_none();
    let each = |of: &dyn Fn(&Experiment) -> Option<String>| {
        let said = |side: Option<ExperimentSide<'_>>| {
            let side = side?;
            Some(Said::at(of(side.experiment)?, side.place()))
        };
        (said(old), said(new))
    };
    let same = |a: &String, b: &String| a == b;
    let gate = each(&|experiment| experiment.flag.as_ref().map(ToString::to_string));
    fields.compare("flag", Effect::Behaviour, gate, same, Clone::clone);
    let force = |side: Option<ExperimentSide<'_>>| {
        let entry = |side: &ExperimentSide<'_>| {
            let place = side.place();
            side.experiment
                .force
                .iter()
                .map(|(key, variant)| (key.clone(), Said::at(variant.clone(), place.clone())))
                .collect::<IndexMap<_, _>>()
        };
        side.as_ref().map_or_else(IndexMap::new, entry)
    };
    fields.entries("force", &force(old), &force(new));
    let variants = |side: Option<ExperimentSide<'_>>| {
        side.map(|side| Said::at(side.experiment.variants.clone(), side.place()))
    };
    let effect = match (old, new) {
        (Some(old), Some(new)) if is_reordered(&old.experiment.variants, &new.experiment.variants) => {
            Effect::Moves
        }
        _ => Effect::Behaviour,
    };
    fields.compare("variants", effect, (variants(old), variants(new)), same_split, ToString::to_string);
    let dealt = if alone { Effect::Behaviour } else { Effect::Moves };
    let salt =
        each(&|experiment| (!alone || experiment.salt.is_some()).then(|| experiment.hash_key().to_owned()));
    fields.compare("salt", dealt, salt, same, |text| format!("\"{text}\""));
    let bucket_by = each(&|experiment| {
        let by = &experiment.bucket_by;
        (!alone || *by != BucketBy::default()).then(|| by.to_string())
    });
    fields.compare("bucket_by", dealt, bucket_by, same, Clone::clone);
    let bucketing = |side: Option<ExperimentSide<'_>>| {
        let side = side?;
        let algorithm = &side.experiment.bucketing;
        (!alone || *algorithm != Algorithm::default()).then(|| Said::at(algorithm.clone(), side.place()))
    };
    let pair = (bucketing(old), bucketing(new));
    fields.compare("bucketing", dealt, pair, same_algorithm, algorithm_in_words);
    let (old_text, new_text) = each(&|experiment| experiment.description.clone());
    fields.metadata("description", old_text, new_text);
    let (old_text, new_text) = each(&|experiment| experiment.owner.clone());
    fields.metadata("owner", old_text, new_text);
    fields.finish()
}
