//! What is looked at.

use crate::flagfile::FlagFile;
use crate::layer::{DotenvEntry, EnvLayer, Origin, Variable};
use crate::model::Date;

/// A file of definitions, and the environments that it is used in.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The definitions.
    pub file: &'a FlagFile,
    /// The environments: the one of this run first, then others of which only the env file is known.
    pub environments: &'a [Environment],
    /// The day on which it is looked at.
    pub today: Date,
}

/// One environment.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its variables as they came in, those of the env file first.
    pub variables: Vec<Variable>,
    /// What they say.
    pub layer: EnvLayer,
    /// Its env file, if it has one.
    pub file: Option<EnvFile>,
}

/// An env file that could be read.
#[derive(Clone, Debug)]
pub struct EnvFile {
    /// The file as the user named it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its `FF_*` lines.
    pub entries: Vec<DotenvEntry>,
}

impl EnvFile {
    /// Returns the variables of the file.
    pub fn variables(&self) -> Vec<Variable> {
        let file: std::sync::Arc<str> = self.name.as_str().into();
        let variable = |entry: &DotenvEntry| Variable {
            origin: Origin::EnvFile { name: entry.name.clone(), file: file.clone(), line: entry.line },
            name: entry.name.clone(),
            value: entry.value.clone(),
        };
        self.entries.iter().map(variable).collect()
    }
}
