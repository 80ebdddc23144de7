//! JSON lines: an object a line, a record of a user or a context.

use crate::context::{Columns, Document, from_value};
use crate::eval::Program;
use crate::model::{Context, ContextKind, Value};

use super::super::engine::Job;
use super::intake::BlockIntake;

/// How lines are read, and which attributes are watched for.
pub(crate) struct JsonRows {
    pub(super) columns: Columns,
    user: ContextKind,
    /// Keys (`key`) and attributes that evaluation asks for, or derives others from.
    watched: Vec<(ContextKind, String)>,
}

impl JsonRows {
    pub(super) fn new(columns: Columns, program: &Program) -> Self {
        let needs = program.lacking(&|_, _| false);
        let bases = needs.iter().filter_map(|need| Some((need.kind.clone(), need.derived_from?.to_owned())));
        let names = needs.iter().map(|need| (need.kind.clone(), need.name.clone()));
        let watched = bases.chain(names).collect();
        Self { columns, user: ContextKind::user(), watched }
    }

    /// Tells whether an attribute occurred, by what was seen.
    pub(super) fn has(&self, seen: &[bool], kind: &ContextKind, name: &str) -> bool {
        let position = self.watched.iter().position(|(other, of)| other == kind && of == name);
        position.and_then(|at| seen.get(at)).copied().unwrap_or(false)
    }

    /// Reads a block of lines.
    pub(super) fn read<J: Job>(
        &self,
        block: &[u8],
        job: &J,
        worker: &mut J::Worker,
        out: &mut J::Out,
    ) -> BlockIntake {
        let mut intake = BlockIntake { seen: vec![false; self.watched.len()], ..BlockIntake::default() };
        let mut lines = block.split(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            let ended = lines.peek().is_some();
            if line.trim_ascii().is_empty() {
                intake.blank += u64::from(ended);
            } else {
                match self.context(line) {
                    Ok(context) => {
                        self.watch(&context, &mut intake.seen);
                        let id = context.key(&self.user).unwrap_or_default();
                        intake.row(id);
                        job.row(worker, out, id, &context);
                    }
                    Err(message) => intake.wrong(intake.lines, || message),
                }
            }
            intake.lines += u64::from(ended);
        }
        intake
    }

    fn context(&self, line: &[u8]) -> Result<Context, String> {
        match serde_json::from_slice(line) {
            Ok(Document(value @ Value::Object(_))) => {
                from_value(value, &self.columns).map_err(|error| error.to_string())
            }
            Ok(Document(other)) => Err(format!("{} where an object is expected", other.kind())),
            Err(error) => {
                // Of the place only the column is right: each line is a text of its own.
                let text = error.to_string();
                let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
                Err(format!("not JSON: {what} at column {}", error.column()))
            }
        }
    }

    fn watch(&self, context: &Context, seen: &mut [bool]) {
        for (seen, (kind, name)) in seen.iter_mut().zip(&self.watched).filter(|(seen, _)| !**seen) {
            *seen = match name.as_str() {
                "key" => context.key(kind).is_some(),
                name => context.part(kind).is_some_and(|part| part.attribute(name).is_some()),
            };
        }
    }
}
