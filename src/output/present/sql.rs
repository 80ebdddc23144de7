//! How `simulate-rollout --emit-sql` looks where the query does not stand alone.

use crate::report::SqlReport;

use super::super::delimited::Records;
use super::super::document::Document;
use super::super::render::Present;

const HEADER: &[&str] = &["name", "dialect", "table", "states", "reads", "sql"];

impl Present for SqlReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.code("sql", &self.sql);
        document
    }

    fn records(&self) -> Records {
        let row = vec![
            self.name.clone(),
            self.dialect.to_owned(),
            self.table.clone(),
            self.states.join(", "),
            self.reads.join(", "),
            self.sql.clone(),
        ];
        Records { header: HEADER, rows: vec![row] }
    }

    fn names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }
}
