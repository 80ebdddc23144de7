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
    /// The columns of lines that are sorted: the attributes of the program by number, and keys (`key`).
    pub(super) fields: Vec<(ContextKind, String)>,
    /// The column of each that is watched for.
    pub(super) watched_columns: Vec<Option<usize>>,
}

impl JsonRows {
    pub(super) fn new(columns: Columns, program: &Program) -> Self {
        let needs = program.lacking(&|_, _| false);
        let bases = needs.iter().filter_map(|need| Some((need.kind.clone(), need.derived_from?.to_owned())));
        let names = needs.iter().map(|need| (need.kind.clone(), need.name.clone()));
        let watched: Vec<(ContextKind, String)> = bases.chain(names).collect();
        let keys = program.units().map(|by| by.kind.clone()).chain([ContextKind::org()]);
        let attributes = program.attributes().map(|(kind, name)| (kind.clone(), name.to_owned()));
        let fields: Vec<_> = attributes.chain(keys.map(|kind| (kind, "key".to_owned()))).collect();
        let column = |of| fields.iter().position(|field| field == of);
        let watched_columns = watched.iter().map(column).collect();
        Self { columns, user: ContextKind::user(), watched, fields, watched_columns }
    }

    /// Returns the column of an attribute or a key.
    pub(super) fn column(&self, kind: &ContextKind, name: &str) -> Option<usize> {
        self.fields.iter().position(|(other, of)| other == kind && of == name)
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
        let mut intake = self.intake();
        let mut lines = block.split(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            let ended = lines.peek().is_some();
            if ended || !line.trim_ascii().is_empty() {
                self.take(line, job, worker, out, &mut intake);
            }
            intake.lines += u64::from(ended);
        }
        intake
    }

    /// Returns the intake of a block of which nothing is read yet.
    pub(super) fn intake(&self) -> BlockIntake {
        BlockIntake { seen: vec![false; self.watched.len()], ..BlockIntake::default() }
    }

    /// Takes a line that may be blank or wrong.
    pub(super) fn take<J: Job>(
        &self,
        line: &[u8],
        job: &J,
        worker: &mut J::Worker,
        out: &mut J::Out,
        intake: &mut BlockIntake,
    ) {
        if line.trim_ascii().is_empty() {
            intake.blank += 1;
            return;
        }
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

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn context(&self, line: &[u8]) -> Result<Context, String> {
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
