//! Where anything of a file stands, by the path of keys and positions that leads to it.
//!
//! The places that every run needs are kept while reading (`places.rs`); whoever wants to point at a clause or at
//! one value of a list asks here, and only then is the text taken apart once more.

use super::position::Span;
use super::syntax::{Data, Node, Table, Tree, parse};

/// A file's text, taken apart.
pub struct Outline<'t> {
    tree: Tree<'t>,
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into a table, by key.
    Key(&'a str),
    /// Into a list, by position from 0.
    At(usize),
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its key; of an element of a list the element itself.
    pub key: Span,
    /// Its value.
    pub value: Span,
}

impl<'t> Outline<'t> {
    /// Takes a text apart.
    pub fn of(text: &'t str) -> Self {
        Self { tree: parse(text).0 }
    }

    /// Returns where a path leads to; none if it leads nowhere.
    pub fn find(&self, path: &[Step<'_>]) -> Option<Place> {
        let (last, before) = path.split_last()?;
        let mut here = Here::Table(self.tree.table(Tree::ROOT));
        for step in before {
            here = self.enter(here.step(*step)?.1)?;
        }
        let (key, node) = here.step(*last)?;
        Some(Place { key, value: node.span })
    }

    fn enter<'o>(&'o self, node: &'o Node<'t>) -> Option<Here<'o, 't>> {
        match &node.data {
            Data::Table(id) => Some(Here::Table(self.tree.table(*id))),
            Data::List(items) | Data::Tables(items) => Some(Here::List(items)),
            _ => None,
        }
    }
}

enum Here<'o, 't> {
    Table(&'o Table<'t>),
    List(&'o [Node<'t>]),
}

impl<'o, 't> Here<'o, 't> {
    fn step(&self, step: Step<'_>) -> Option<(Span, &'o Node<'t>)> {
        match (self, step) {
            (Self::Table(table), Step::Key(key)) => {
                table.entry(key).map(|entry| (entry.key_span, &entry.value))
            }
            (Self::List(items), Step::At(at)) => items.get(at).map(|node| (node.span, node)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Step::{At, Key};
    use super::*;

    #[test]
    fn a_path_leads_through_headers_and_braces_alike() {
        let text = "[flags.a]\nowner = \"x\"\n[[flags.a.rules]]\nwhen = [{ op = 1 }, { op = 2 }]\n\
                    [flags]\nb = { rules = [{ when = [{ op = 3 }] }] }\n";
        let outline = Outline::of(text);
        let value = |path: &[Step<'_>]| outline.find(path).map(|place| place.value.of(text));
        let rule = |flag, clause| [Key("flags"), Key(flag), Key("rules"), At(0), Key("when"), At(clause)];
        assert_eq!(value(&rule("a", 1)), Some("{ op = 2 }"));
        assert_eq!(value(&rule("b", 0)), Some("{ op = 3 }"));
        assert_eq!(value(&rule("b", 1)), None);
        assert_eq!(value(&[Key("flags"), Key("a"), Key("owner"), Key("x")]), None);
        let owner = outline.find(&[Key("flags"), Key("a"), Key("owner")]).expect("there");
        assert_eq!(owner.key.of(text), "owner");
    }
}
