//! The record of an algorithm of one's own.

use super::reader::Reader;
use super::text::{fragment, listed};
use crate::bucket::{
    Compare, Hash, Precision, Record, RecordError, Reduce, Seed, Slice, Template, TemplateError,
};
use crate::error::nearest;
use crate::flagfile::position::Span;
use crate::flagfile::quote::quoted;
use crate::flagfile::syntax::{Data, Entry, Table};

/// The entries of a record, in the order of [`crate::flagfile::keys::RECORD`].
pub(super) type Fields<'a> = [Option<&'a Entry<'a>>; 8];

impl<'a> Reader<'a> {
    /// Reads a record; what is not said is that of `base`, or the usual.
    pub(super) fn record(
        &mut self,
        fields: Fields<'a>,
        base: Option<&Record>,
        place: Span,
        table: &Table<'_>,
    ) -> Option<Record> {
        let before = self.mistakes.len();
        let [hash, template, reduce, slice, seed, offset, compare, precision] = fields;
        if base.is_none() {
            for (entry, key, fix) in [
                (hash, "hash", "hash = \"md5\""),
                (template, "template", "template = \"{key}:{unit}\""),
                (reduce, "reduce", "reduce = \"modulo 100\""),
            ] {
                if entry.is_none() {
                    self.missing(table, key, place, format!("the algorithm says no `{key}`"), fix);
                }
            }
        }
        // All of them are read before any is missed: one run tells all mistakes.
        let hash = self.part(hash, Hash::parse, base.map(|base| base.hash), hash_wrong);
        let template = self.template(template, base.map(|base| &base.template));
        let reduce_read = self.part(reduce, Reduce::parse, base.map(|base| base.reduce), |text| {
            (format!("`{text}` is no way to make buckets: {}", Reduce::FORMS), "\"modulo 100\"".to_owned())
        });
        let usual = Some(base.map_or(Slice::Whole, |base| base.slice));
        let slice_read = self.part(slice, Slice::parse, usual, |text| {
            (format!("`{text}` is no part of a digest: {}", Slice::FORMS), "\"hex 8\"".to_owned())
        });
        let seed_read = match seed {
            Some(seed) => self.seed(seed).map(Seed::Fixed),
            None => Some(base.map_or(Seed::Fixed(0), |base| base.seed)),
        };
        let offset_read = match offset {
            Some(offset) => self.offset(offset),
            None => Some(base.map_or(0, |base| base.offset)),
        };
        let usual = Some(base.map_or(Compare::Below, |base| base.compare));
        let compare = self.part(compare, Compare::parse, usual, |text| {
            (format!("`{text}` is no comparison: `<` or `<=`"), "\"<\"".to_owned())
        });
        let precision = match precision {
            Some(precision) => self.precision(precision),
            None => Some(base.map_or(Precision::F64, |base| base.precision)),
        };
        let mut read = Record {
            template: template?,
            hash: hash?,
            seed: seed_read?,
            slice: slice_read?,
            reduce: reduce_read?,
            offset: offset_read?,
            precision: precision?,
            compare: compare?,
        };
        // A seed of the base that nothing takes here is none that was said.
        if seed.is_none() && matches!(read.check(), Err(RecordError::NoSeed(_))) {
            read.seed = Seed::Fixed(0);
        }
        if let Err(error) = read.check() {
            let (entry, fix) = match error {
                RecordError::SliceTooLong { .. } => (slice, "slice = \"whole\""),
                RecordError::Absolute(_) => (slice, "slice = \"hex 8\""),
                RecordError::NoSeed(_) => (seed, "remove `seed`"),
                RecordError::TooLong(_) => (slice.or(reduce), "slice = \"hex 15\""),
                RecordError::Offset(_) => (offset.or(reduce), "remove `offset`"),
            };
            let span = entry.map_or(place, |entry| entry.value.span);
            self.wrong(span, error.to_string(), fix);
        }
        (before == self.mistakes.len()).then_some(read)
    }

    /// Reads one word; `usual` without it.
    fn part<T>(
        &mut self,
        entry: Option<&'a Entry<'a>>,
        parse: fn(&str) -> Option<T>,
        usual: Option<T>,
        wrong: impl FnOnce(&str) -> (String, String),
    ) -> Option<T> {
        let Some(entry) = entry else { return usual };
        let text = self.text(Some(entry))?;
        let found = parse(&text);
        if found.is_none() {
            let (message, fix) = wrong(&fragment(&text));
            self.wrong(entry.value.span, message, fix);
        }
        found
    }

    fn template(&mut self, entry: Option<&'a Entry<'a>>, base: Option<&Template>) -> Option<Template> {
        let Some(entry) = entry else { return base.cloned() };
        let text = self.text(Some(entry))?;
        match Template::parse(&text) {
            Ok(template) => Some(template),
            Err(error) => {
                let fix = match &error {
                    TemplateError::Unknown(name) => nearest(name, Template::NAMES).map_or_else(
                        || format!("one of {}", listed(Template::NAMES)),
                        |near| format!("{{{near}}}"),
                    ),
                    TemplateError::Brace | TemplateError::NoUnit => "template = \"{key}:{unit}\"".to_owned(),
                };
                self.wrong(entry.value.span, error.to_string(), fix);
                None
            }
        }
    }

    fn offset(&mut self, entry: &'a Entry<'a>) -> Option<u32> {
        match entry.value.data {
            Data::Integer(Some(number @ (0 | 1))) => u32::try_from(number).ok(),
            Data::Integer(_) => {
                let message = "buckets are counted from 0 or from 1";
                self.wrong(entry.value.span, message, "offset = 1");
                None
            }
            _ => {
                self.wrong_type("offset", "0 or 1", &entry.value, "offset = 1");
                None
            }
        }
    }
}

fn hash_wrong(text: &str) -> (String, String) {
    let words = Hash::ALL.map(Hash::word);
    let near = nearest(&text.to_ascii_lowercase().replace('-', ""), words);
    let fix = near.map_or_else(|| format!("one of {}", words.join(", ")), quoted);
    (format!("no hash is called `{text}`"), fix)
}
