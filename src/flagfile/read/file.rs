//! The file as a whole: its format, its names, and what they refer to.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::cycle::cycles;
use super::prerequisite::Wanted;
use super::reader::Reader;
use super::text::{as_name, fragment};
use crate::flagfile::code;
use crate::flagfile::keys;
use crate::flagfile::mistake::Mistake;
use crate::flagfile::places::Places;
use crate::flagfile::position::Span;
use crate::flagfile::quote::key;
use crate::flagfile::syntax::{Data, Entry, Table, Tree};
use crate::model::{
    Definitions, ExperimentName, Flag, FlagName, NameError, SegmentName, Variations, variable_of,
};

/// The format that this build reads.
const SCHEMA: i64 = 1;

/// What was read: of no use if there are mistakes.
pub(in crate::flagfile) struct Read {
    pub(in crate::flagfile) definitions: Definitions,
    pub(in crate::flagfile) places: Places,
    pub(in crate::flagfile) mistakes: Vec<Mistake>,
}

/// Reads a tree as definitions.
pub(in crate::flagfile) fn read(tree: &Tree<'_>) -> Read {
    let mut reader = Reader::new(tree);
    let [schema, bucketing, flags, experiments, segments] =
        reader.fields(Tree::ROOT, &keys::FILE, "the file");
    reader.schema(schema);
    reader.bucketing(bucketing);
    let mut definitions = Definitions::default();
    let mut places = Places::default();

    let segments = entries(reader.section(segments));
    let segment_names: Vec<&str> = segments.iter().map(|entry| entry.key.as_ref()).collect();
    for (at, entry) in segments.iter().enumerate() {
        reader.segment = Some(at);
        if let Some(name) = reader.name(entry, |text| SegmentName::try_from(text))
            && let Some(segment) = reader.read_segment(&name, entry)
        {
            definitions.segments.insert(name, segment);
            places.segments.push(entry.key_span);
        }
    }
    reader.segment = None;

    let flag_table = reader.section(flags);
    let flags = entries(flag_table);
    let mut wanted = Vec::new();
    reader.flags(flags, &mut definitions, &mut places, &mut wanted);
    reader.shared_variables(flags);
    reader.flag_references(flags, &wanted, &mut definitions.flags);

    let experiments = entries(reader.section(experiments));
    let declared = |name: &str| flag_table.is_some_and(|table| table.entry(name).is_some());
    for entry in experiments {
        let Some(name) = reader.name(entry, |text| ExperimentName::try_from(text)) else { continue };
        if declared(name.as_str()) {
            let message = format!("`{name}` is a flag too, and the two share one namespace");
            reader.wrong(entry.key_span, message, format!("{name}_experiment"));
        }
        let names = || flags.iter().map(|entry| entry.key.as_ref()).collect();
        if let Some(experiment) = reader.read_experiment(&name, entry, &declared, &names) {
            definitions.experiments.insert(name, experiment);
            places.experiments.push(entry.key_span);
        }
    }

    let known: HashSet<&str> = segment_names.iter().copied().collect();
    reader.unknown_segments(|name| known.contains(name), &segment_names);
    reader.segment_cycles(&segment_names);
    definitions.bucketing = std::mem::take(&mut reader.known.bucketing);
    Read { definitions, places, mistakes: reader.mistakes }
}

fn entries<'a>(table: Option<&'a Table<'a>>) -> &'a [Entry<'a>] {
    table.map_or(&[], |table| &table.entries)
}

/// Returns a number that is the same for names with the same variable (FNV-1a over the folded bytes).
fn fingerprint(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        let folded = if matches!(byte, b'-' | b'.') { b'_' } else { byte.to_ascii_uppercase() };
        (hash ^ u64::from(folded)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl<'a> Reader<'a> {
    fn schema(&mut self, entry: Option<&'a Entry<'a>>) {
        let fix = format!("schema = {SCHEMA}");
        let Some(entry) = entry else {
            let root = self.tree.table(Tree::ROOT);
            let start = self.tree.text.len() - self.tree.text.trim_start_matches('\u{feff}').len();
            self.missing(
                root,
                "schema",
                Span::new(start, start),
                "the file does not say which format it has",
                fix,
            );
            return;
        };
        match entry.value.data {
            Data::Integer(Some(SCHEMA)) => {}
            Data::Integer(_) => {
                let raw = self.raw(&entry.value);
                let message = format!("this build reads format {SCHEMA}, not {}", fragment(raw));
                self.wrong(entry.value.span, message, fix);
            }
            _ => self.wrong_type("schema", "a whole number", &entry.value, fix),
        }
    }

    /// Returns a table at the top of the file.
    fn section(&mut self, entry: Option<&'a Entry<'a>>) -> Option<&'a Table<'a>> {
        match entry.map(|entry| (entry, &entry.value.data)) {
            Some((_, Data::Table(id))) => Some(self.tree.table(*id)),
            Some((entry, Data::Tables(_))) => {
                let message = format!("`{}` is a table of names, not a list", entry.key);
                self.wrong(entry.value.span, message, format!("[{}.NAME]", entry.key));
                None
            }
            Some((entry, _)) => {
                self.wrong_type(&entry.key, "a table", &entry.value, format!("[{}]", entry.key));
                None
            }
            None => None,
        }
    }

    fn name<T>(&mut self, entry: &Entry<'_>, read: impl FnOnce(&str) -> Result<T, NameError>) -> Option<T> {
        match read(&entry.key) {
            Ok(name) => Some(name),
            Err(error) => {
                self.wrong(entry.key_span, error.to_string(), key(&as_name(&entry.key)));
                None
            }
        }
    }

    fn flags(
        &mut self,
        entries: &'a [Entry<'a>],
        definitions: &mut Definitions,
        places: &mut Places,
        wanted: &mut Vec<Wanted<'a>>,
    ) {
        let boolean = Variations::boolean();
        definitions.flags.reserve(entries.len());
        places.flags.reserve(entries.len());
        for entry in entries {
            let Some(name) = self.name(entry, |text| FlagName::try_from(text)) else { continue };
            if let Some(flag) = self.read_flag(&name, entry, &boolean, wanted, &mut places.flags) {
                definitions.flags.insert(name, flag);
            }
        }
    }

    /// Reports flags that one environment variable would set together.
    fn shared_variables(&mut self, entries: &[Entry<'_>]) {
        // Sorted fingerprints find the few candidates without building ten thousand names.
        let mut prints: Vec<(u64, usize)> =
            entries.iter().enumerate().map(|(at, entry)| (fingerprint(&entry.key), at)).collect();
        prints.sort_unstable();
        for group in prints.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            for (position, (_, at)) in group.iter().enumerate() {
                let entry = &entries[*at];
                let variable = variable_of(&entry.key);
                let mut owners = group[..position].iter().map(|(_, at)| &entries[*at]);
                if let Some(first) = owners.find(|first| variable_of(&first.key) == variable) {
                    let line = self.tree.line(first.key_span.start);
                    let (name, other) = (fragment(&entry.key), fragment(&first.key));
                    let variable = fragment(&variable);
                    let message =
                        format!("`{name}` and `{other}` (line {line}) share the variable `{variable}`");
                    let fix = key(&format!("{}_2", as_name(&entry.key)));
                    self.wrong_as(code::COLLIDING_VARIABLES, entry.key_span, message, fix);
                }
            }
        }
    }

    /// Resolves prerequisites and reports those that go round in circles.
    fn flag_references(
        &mut self,
        entries: &'a [Entry<'a>],
        wanted: &[Wanted<'a>],
        flags: &mut IndexMap<FlagName, Flag>,
    ) {
        if wanted.is_empty() {
            return;
        }
        let declared: Vec<&str> = entries.iter().map(|entry| entry.key.as_ref()).collect();
        self.resolve_prerequisites(wanted, flags, &declared);
        // Over what is written, so that a cycle through a flag that could not be read is found as well.
        let at: HashMap<&str, usize> = declared.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut edges = vec![Vec::new(); declared.len()];
        let mut spans = vec![Vec::new(); declared.len()];
        for wanted in wanted {
            if let (Some(from), Some(to)) = (at.get(wanted.by.as_str()), at.get(wanted.flag.0)) {
                edges[*from].push(*to);
                spans[*from].push(wanted.flag.1);
            }
        }
        self.report_cycles(&edges, &spans, &declared, "prerequisites", "remove this prerequisite");
    }

    fn segment_cycles(&mut self, names: &[&str]) {
        let at: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut edges = vec![Vec::new(); names.len()];
        let mut spans = vec![Vec::new(); names.len()];
        for reference in &self.segment_references {
            if let (Some(from), Some(to)) = (reference.within, at.get(reference.name.as_str())) {
                edges[from].push(*to);
                spans[from].push(reference.span);
            }
        }
        self.report_cycles(&edges, &spans, names, "segments", "remove this reference");
    }

    fn report_cycles(
        &mut self,
        edges: &[Vec<usize>],
        spans: &[Vec<Span>],
        names: &[&str],
        what: &str,
        fix: &str,
    ) {
        for (nodes, edge) in cycles(edges) {
            let Some(last) = nodes.last() else { continue };
            let round = nodes.iter().chain(nodes.first()).map(|node| fragment(names[*node]));
            let path = round.collect::<Vec<_>>().join(" → ");
            let message = format!("{what} in a circle: {path}");
            self.wrong_as(code::CIRCULAR_REFERENCE, spans[*last][edge], message, fix);
        }
    }
}
