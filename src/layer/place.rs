//! Where parts of a definition stand that no layer above can change.

use crate::model::ExperimentName;

use super::origin::Origin;
use super::resolve::Layers;

impl Layers<'_> {
    /// Returns where an experiment stands.
    pub fn experiment_origin(&self, experiment: &ExperimentName) -> Option<Origin> {
        let file = self.file?;
        let position = file.position(file.experiment_place(experiment)?.start);
        Some(Origin::File { file: file.name().into(), line: position.line, column: position.column })
    }

    /// Returns where a rule of a flag stands, counted from 0.
    pub fn rule_origin(&self, flag: &str, rule: usize) -> Option<Origin> {
        let file = self.file?;
        let name = file.definitions().flags.get(flag).map(|flag| &flag.name)?;
        let span = file.flag_places(name)?.rules.get(rule)?;
        let position = file.position(span.start);
        Some(Origin::File { file: file.name().into(), line: position.line, column: position.column })
    }
}
