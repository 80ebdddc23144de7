//! Segments.

use indexmap::IndexSet;

use super::reader::Reader;
use super::text::fragment;
use crate::flagfile::keys;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Segment, SegmentName, SegmentRule};

impl<'a> Reader<'a> {
    /// Reads `[segments.NAME]`.
    pub(super) fn read_segment(&mut self, name: &SegmentName, entry: &'a Entry<'a>) -> Option<Segment> {
        let Data::Table(id) = entry.value.data else {
            self.wrong_type(
                name.as_str(),
                "a table",
                &entry.value,
                format!("{} = {{ included = [\"…\"] }}", entry.key),
            );
            return None;
        };
        let before = self.mistakes.len();
        let [description, included, excluded, rules] = self.fields(id, &keys::SEGMENT, "a segment");
        let description = self.text(description);
        let included = self.members(included);
        let excluded = self.members(excluded);
        let rules = self.segment_rules(rules);
        let (included, excluded, rules) = (included?, excluded?, rules?);
        for (key, span) in &excluded {
            if included.iter().any(|(other, _)| other == key) {
                let message = format!("`{}` is both included and excluded", fragment(key));
                self.wrong(*span, message, "keep it in one of the two lists");
            }
        }
        let keys = |members: Vec<(&str, Span)>| -> IndexSet<String> {
            members.into_iter().map(|(key, _)| key.to_owned()).collect()
        };
        let segment = Segment {
            name: name.clone(),
            description,
            included: keys(included),
            excluded: keys(excluded),
            rules,
        };
        (before == self.mistakes.len()).then_some(segment)
    }

    fn members(&mut self, entry: Option<&'a Entry<'a>>) -> Option<Vec<(&'a str, Span)>> {
        let Some(given) = entry else { return Some(Vec::new()) };
        let items = self.list(entry, "[\"…\"]")?;
        Some(self.keys(&given.key, items))
    }

    fn segment_rules(&mut self, entry: Option<&'a Entry<'a>>) -> Option<Vec<SegmentRule>> {
        if entry.is_none() {
            return Some(Vec::new());
        }
        let items = self.list(entry, "[{ when = […] }]")?;
        let mut rules = Vec::with_capacity(items.len());
        for item in items {
            rules.extend(self.segment_rule(item));
        }
        (rules.len() == items.len()).then_some(rules)
    }

    fn segment_rule(&mut self, node: &'a Node<'a>) -> Option<SegmentRule> {
        let Data::Table(id) = node.data else {
            self.wrong_type("rules", "a list of tables", node, "{ when = […] }");
            return None;
        };
        let [when] = self.fields(id, &keys::SEGMENT_RULE, "a segment's rule");
        let when = self.when(when, self.tree.table(id), node.span)?;
        Some(SegmentRule { when })
    }
}
