//! Options that say which users a command goes through.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where users come from and how to read them.
#[derive(Clone, Debug, Default, Args)]
pub struct PopulationArguments {
    /// The users: plain ids, CSV with a header, or JSON lines, also compressed with gzip or zstd, or Parquet where
    /// ffctl is built with it; a file, a quoted pattern such as 'users/*.csv', standard input (-), or a database by its postgres:// address; several are read one
    /// after another
    #[arg(long, value_name = "FILE|GLOB|-|URL", help_heading = "Population")]
    pub population: Vec<PathBuf>,
    /// The query whose rows are the users of a database, such as 'select id, org, plan from users'
    #[arg(long, value_name = "SQL", requires = "population", help_heading = "Population")]
    pub query: Option<String>,
    /// The form of the population: ids, csv or jsonl [default: by the file's name, else its first line]
    #[arg(long, value_enum, requires = "population", value_name = "FORM", help_heading = "Population")]
    pub format: Option<PopulationForm>,
    /// The column or field with the user's key [default: the usual names of an id]
    #[arg(long, value_name = "NAME", requires = "population", help_heading = "Population")]
    pub id_column: Option<String>,
    /// The column or field with the organisation's key [default: org]
    #[arg(long, value_name = "NAME", requires = "population", help_heading = "Population")]
    pub org_column: Option<String>,
    /// Go on where a column that the rules need is absent; its attribute is then missing for everyone
    #[arg(long, requires = "population", help_heading = "Population")]
    pub allow_missing: bool,
    /// Count each id once: the first row of it; keeps about 30 bytes an id in memory
    #[arg(long, requires = "population", help_heading = "Population")]
    pub distinct: bool,
}

/// The words of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PopulationForm {
    /// One id a line
    Ids,
    /// CSV with a header
    Csv,
    /// One JSON object a line
    Jsonl,
}
