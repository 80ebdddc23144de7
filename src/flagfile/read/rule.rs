//! Targeting rules of a flag.

use super::fallthrough::Served;
use super::reader::Reader;
use super::variations::Choices;
use crate::flagfile::keys;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Clause, Rule};

impl<'a> Reader<'a> {
    /// Reads `rules`, with the place of each.
    pub(super) fn rules(
        &mut self,
        entry: Option<&'a Entry<'a>>,
        choices: &Choices,
    ) -> Option<(Vec<Rule>, Vec<Span>)> {
        if entry.is_none() {
            return Some((Vec::new(), Vec::new()));
        }
        let items = self.list(entry, "[{ when = […], … }]")?;
        let mut rules = Vec::with_capacity(items.len());
        let mut complete = true;
        for item in items {
            match self.rule(item, choices) {
                Some(rule) => rules.push(rule),
                None => complete = false,
            }
        }
        complete.then(|| (rules, items.iter().map(|item| item.span).collect()))
    }

    fn rule(&mut self, node: &'a Node<'a>, choices: &Choices) -> Option<Rule> {
        let Data::Table(id) = node.data else {
            self.wrong_type("rules", "a list of tables", node, "{ when = […], serve = \"on\" }");
            return None;
        };
        let [name, when, serve, rollout, split] = self.fields(id, &keys::RULE, "a rule");
        let table = self.tree.table(id);
        let before = self.mistakes.len();
        let name = self.text(name);
        let when = self.when(when, table, node.span);
        let served = self.rule_serves(Served { rollout, serve, split }, choices, table, node.span);
        let (rollout, serve) = served?;
        let rule = Rule { name, when: when?, rollout, serve };
        (before == self.mistakes.len() && !table.damaged).then_some(rule)
    }

    /// Reads `when`: clauses, at least one.
    pub(super) fn when(
        &mut self,
        entry: Option<&'a Entry<'a>>,
        table: &crate::flagfile::syntax::Table<'_>,
        place: Span,
    ) -> Option<Vec<Clause>> {
        const EXAMPLE: &str = "[{ segment = \"employee\" }]";
        let Some(when) = entry else {
            self.missing(
                table,
                "when",
                place,
                "the rule does not say when it applies",
                format!("when = {EXAMPLE}"),
            );
            return None;
        };
        if let Data::Table(_) = when.value.data {
            let fix = format!("when = [{}]", self.raw(&when.value));
            let fix = if self.raw(&when.value).starts_with('{') { fix } else { format!("when = {EXAMPLE}") };
            self.wrong(when.value.span, "`when` is a list of clauses, not one clause", fix);
            return None;
        }
        let items = self.list(entry, EXAMPLE)?;
        if items.is_empty() {
            let fix = format!("when = {EXAMPLE}");
            self.wrong(when.value.span, "`when` is empty: a rule for everyone is the fallthrough", fix);
            return None;
        }
        let mut clauses = Vec::with_capacity(items.len());
        for item in items {
            clauses.extend(self.clause(item));
        }
        (clauses.len() == items.len()).then_some(clauses)
    }
}
