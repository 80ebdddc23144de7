//! Clauses: an attribute, an operator, wanted values; or a segment.

use super::reader::{Reader, SegmentReference};
use super::text::{fragment, listed, quoted};
use crate::error::nearest;
use crate::flagfile::keys;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node, TableId};
use crate::model::{Clause, ContextKind, Operator, Value};

/// What people write for an operator who know another tool.
const ALIASES: [(&str, Operator); 20] = [
    ("=", Operator::In),
    ("==", Operator::In),
    ("eq", Operator::In),
    ("equals", Operator::In),
    ("is", Operator::In),
    ("one_of", Operator::In),
    ("any_of", Operator::In),
    ("regex", Operator::Matches),
    ("match", Operator::Matches),
    ("<", Operator::LessThan),
    ("lt", Operator::LessThan),
    ("<=", Operator::LessThanOrEqual),
    ("lte", Operator::LessThanOrEqual),
    (">", Operator::GreaterThan),
    ("gt", Operator::GreaterThan),
    (">=", Operator::GreaterThanOrEqual),
    ("gte", Operator::GreaterThanOrEqual),
    ("prefix", Operator::StartsWith),
    ("suffix", Operator::EndsWith),
    ("in_segment", Operator::Segment),
];

impl<'a> Reader<'a> {
    /// Reads one clause.
    pub(super) fn clause(&mut self, node: &'a Node<'a>) -> Option<Clause> {
        let Data::Table(id) = node.data else {
            self.wrong_type("when", "a list of clauses", node, "{ segment = \"employee\" }");
            return None;
        };
        let before = self.mistakes.len();
        let [attribute, op, values, negate, kind, segment] = self.fields(id, &keys::CLAUSE, "a clause");
        let table = self.tree.table(id);
        let negate = match negate {
            Some(entry) => self.boolean(entry),
            None => Some(false),
        };
        if let Some(segment) = segment {
            for other in [attribute, op, values, kind].into_iter().flatten() {
                let message = format!("`segment` stands with `negate` at most, not with `{}`", other.key);
                self.wrong(other.key_span, message, format!("remove `{}`", other.key));
            }
            let values = self.segment_names(&segment.value, "segment")?;
            return (before == self.mistakes.len()).then_some(segment_clause(values, negate?));
        }
        if op.is_none() {
            self.missing(table, "op", node.span, "the clause has no operator", "op = \"in\"");
        }
        let operator = op.and_then(|entry| self.operator(entry));
        if operator == Some(Operator::Segment) {
            for other in [attribute, kind].into_iter().flatten() {
                let message = format!("`{}` means nothing to the operator `segment`", other.key);
                self.wrong(other.key_span, message, format!("remove `{}`", other.key));
            }
            let values = match values {
                Some(entry) => self.segment_names(&entry.value, "values"),
                None => self.no_values(id, node),
            }?;
            return (before == self.mistakes.len()).then_some(segment_clause(values, negate?));
        }
        let kind = match kind {
            Some(entry) => self.kind(entry),
            None => Some(ContextKind::user()),
        };
        if attribute.is_none() {
            self.missing(table, "attribute", node.span, "the clause names no attribute", "attribute = \"…\"");
        }
        let attribute = self.filled_text(attribute, "attribute = \"…\"");
        let values_place = values.map_or(node.span, |entry| entry.value.span);
        let values = match (values, operator) {
            (Some(entry), Some(operator)) => self.operands(entry, operator),
            (Some(_), None) => None,
            (None, _) => self.no_values(id, node),
        };
        let clause = Clause {
            kind: kind?,
            attribute: attribute?,
            operator: operator?,
            values: values?,
            negate: negate?,
        };
        self.note_segments_attribute(&clause, values_place);
        (before == self.mistakes.len() && !table.damaged).then_some(clause)
    }

    fn no_values(&mut self, id: TableId, node: &Node<'_>) -> Option<Vec<Value>> {
        let table = self.tree.table(id);
        self.missing(
            table,
            "values",
            node.span,
            "the clause has no values to compare with",
            "values = [\"…\"]",
        );
        None
    }

    fn operator(&mut self, entry: &'a Entry<'a>) -> Option<Operator> {
        let word = self.text(Some(entry))?;
        if let Some(operator) = Operator::of_word(&word) {
            return Some(operator);
        }
        let words = || Operator::ALL.iter().map(|operator| operator.word());
        let lower = word.to_lowercase();
        let alias = ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, operator)| operator.word());
        let fix = match alias.or_else(|| nearest(&word, words())) {
            Some(near) => format!("op = {}", quoted(near)),
            None => format!("one of {}", words().collect::<Vec<_>>().join(", ")),
        };
        self.wrong(entry.value.span, format!("no operator is called `{}`", fragment(&word)), fix);
        None
    }

    fn kind(&mut self, entry: &'a Entry<'a>) -> Option<ContextKind> {
        let text = self.text(Some(entry))?;
        match ContextKind::try_from(text.as_str()) {
            Ok(kind) => Some(kind),
            Err(error) => {
                self.wrong(entry.value.span, error.to_string(), "kind = \"user\"");
                None
            }
        }
    }

    /// Reads the segments that a clause asks for: a name or a list of names.
    fn segment_names(&mut self, node: &'a Node<'a>, key: &str) -> Option<Vec<Value>> {
        let items = match &node.data {
            Data::Text(_) if key == "segment" => std::slice::from_ref(node),
            Data::List(items) => items.as_slice(),
            Data::Text(_) => {
                let fix = format!("values = [{}]", self.raw(node));
                self.wrong(node.span, "`values` is a list, not text", fix);
                return None;
            }
            _ => {
                let wanted = if key == "segment" {
                    "a segment's name or a list of them"
                } else {
                    "a list of segments"
                };
                self.wrong_type(key, wanted, node, format!("{key} = [\"employee\"]"));
                return None;
            }
        };
        if items.is_empty() {
            self.wrong(
                node.span,
                format!("`{key}` is empty: nobody is in none of no segments"),
                format!("{key} = [\"employee\"]"),
            );
            return None;
        }
        let keys = self.keys(key, items);
        for (name, span) in &keys {
            self.segment_references.push(SegmentReference {
                name: (*name).to_owned(),
                span: *span,
                within: self.segment,
                must_exist: true,
            });
        }
        (keys.len() == items.len()).then(|| keys.into_iter().map(|(name, _)| Value::from(name)).collect())
    }

    /// Remembers that a clause on the attribute `segments` asks for segments too: they may not go round in circles.
    fn note_segments_attribute(&mut self, clause: &Clause, span: Span) {
        if clause.attribute == "segments" && clause.operator == Operator::In && clause.kind.is_user() {
            for name in clause.values.iter().filter_map(Value::as_text) {
                let name = name.to_owned();
                let within = self.segment;
                self.segment_references.push(SegmentReference { name, span, within, must_exist: false });
            }
        }
    }

    /// Reports the segments that clauses name and nobody declares.
    pub(super) fn unknown_segments(&mut self, known: impl Fn(&str) -> bool, names: &[&str]) {
        let unknown: Vec<SegmentReference> = std::mem::take(&mut self.segment_references);
        for reference in unknown.iter().filter(|reference| reference.must_exist && !known(&reference.name)) {
            let shown = fragment(&reference.name);
            let message = if names.is_empty() {
                format!("no segment is called `{shown}`")
            } else {
                format!("no segment is called `{shown}`; there are {}", listed(names.iter().copied()))
            };
            let declare = format!(
                "[segments.{}], empty if contexts bring it",
                crate::flagfile::quote::key(&reference.name)
            );
            self.unknown_name(reference.span, message, &reference.name, names.iter().copied(), || declare);
        }
        self.segment_references = unknown;
    }
}

fn segment_clause(values: Vec<Value>, negate: bool) -> Clause {
    Clause {
        kind: ContextKind::user(),
        attribute: String::new(),
        operator: Operator::Segment,
        values,
        negate,
    }
}
