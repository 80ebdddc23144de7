//! The same splices in any TOML document of tables with names: `[profiles.NAME]` of config.toml.

use toml::{Table, Value};

use super::error::SpliceError;
use super::patch::{Patch, apply, line_start, newline};
use super::remove::{collect_headers, entry_patches, with_blanks, with_comments};
use super::table;
use crate::flagfile::position::Span;
use crate::flagfile::quote;
use crate::flagfile::syntax::{Data, TableId, Tree, parse};

/// A change of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentEdit<'a> {
    /// What a key of the document itself says; none takes it out.
    Root(&'a str, Option<Value>),
    /// A new table `[TABLE.NAME]` of these keys, which is not there yet.
    Add(&'a str, &'a str, &'a [(&'a str, Value)]),
    /// The table `[TABLE.NAME]` goes, with the comments directly above.
    Remove(&'a str, &'a str),
}

/// Returns the text with the edits made, in their order; every byte that they are not about stays as it was. Values are
/// texts and booleans.
///
/// # Errors
/// When the text is no TOML, or the changed text would not read back as exactly what was meant.
pub fn edit_document(text: &str, edits: &[DocumentEdit<'_>]) -> Result<String, SpliceError> {
    let mut intended = read(text)?;
    let mut text = text.to_owned();
    for edit in edits {
        edit.apply(&mut intended);
        let patches = edit.patches(&text);
        text = apply(&text, patches);
    }
    if read(&text)? == intended { Ok(text) } else { Err(SpliceError::NotAsIntended(Vec::new())) }
}

fn read(text: &str) -> Result<Table, SpliceError> {
    text.trim_start_matches('\u{feff}').parse().map_err(|_| SpliceError::NotAsIntended(Vec::new()))
}

impl DocumentEdit<'_> {
    /// Changes the data as the edit of the text should.
    fn apply(&self, document: &mut Table) {
        match self {
            Self::Root(key, Some(value)) => {
                document.insert((*key).to_owned(), value.clone());
            }
            Self::Root(key, None) => {
                document.remove(*key);
            }
            Self::Add(table, name, keys) => {
                let all: Table = keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
                let outer = document.entry(*table).or_insert_with(|| Value::Table(Table::new()));
                if let Value::Table(outer) = outer {
                    outer.insert((*name).to_owned(), Value::Table(all));
                }
            }
            Self::Remove(table, name) => {
                let Some(Value::Table(outer)) = document.get_mut(*table) else { return };
                outer.remove(*name);
                // Nobody has to write that there is none.
                if outer.is_empty() {
                    document.remove(*table);
                }
            }
        }
    }

    fn patches(&self, text: &str) -> Vec<Patch> {
        let (tree, _) = parse(text);
        let root = tree.table(Tree::ROOT);
        match self {
            Self::Root(key, Some(value)) => vec![match root.entry(key) {
                Some(entry) => Patch::replace(entry.value.span, written(value)),
                None => first(&tree, &format!("{} = {}", quote::key(key), written(value))),
            }],
            Self::Root(key, None) => {
                let line = root.entry(key).map(|entry| table::remove(&tree, Tree::ROOT, entry));
                let whole = line.map(|line| with_blanks(text, line.span));
                whole.map(Patch::remove).into_iter().collect()
            }
            Self::Add(table, name, keys) => {
                let outer = root.entry(table).and_then(|entry| match entry.value.data {
                    Data::Table(id) => Some(id),
                    _ => None,
                });
                vec![add(&tree, table, outer, name, keys)]
            }
            Self::Remove(table, name) => entry_patches(text, table, name),
        }
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => quote::quoted(text),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(written).collect();
            format!("[{}]", values.join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns the patch that writes a line before everything else but what is said of the document as a whole.
fn first(tree: &Tree<'_>, line: &str) -> Patch {
    let text = tree.text;
    let mut starts = Vec::new();
    collect_headers(tree, Tree::ROOT, &mut starts);
    let first_header = starts.iter().min().copied();
    starts.extend(tree.table(Tree::ROOT).entries.iter().map(|entry| line_start(text, entry.start)));
    let Some(start) = starts.into_iter().min() else { return last(text, line) };
    let at = with_comments(text, Span::new(start, start)).start;
    let end = newline(text, at);
    let gap = if first_header == Some(start) { end } else { "" };
    Patch::insert(at, format!("{line}{end}{gap}"))
}

/// Returns the patch that writes lines behind everything else, with a blank line between.
fn last(text: &str, lines: &str) -> Patch {
    let end = newline(text, text.len());
    let gap = match text {
        text if text.trim_start_matches('\u{feff}').trim().is_empty() || text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => end,
        _ => &format!("{end}{end}"),
    };
    Patch::insert(text.len(), format!("{gap}{}{end}", lines.replace('\n', end)))
}

/// Returns the patch that writes a new table.
fn add(tree: &Tree<'_>, table: &str, outer: Option<TableId>, name: &str, keys: &[(&str, Value)]) -> Patch {
    let pairs = keys.iter().map(|(key, value)| format!("{} = {}", quote::key(key), written(value)));
    let pairs: Vec<String> = pairs.collect();
    if let Some(id) = outer.filter(|id| tree.table(*id).in_braces) {
        let inline = format!("{{ {} }}", pairs.join(", "));
        return table::add(tree, id, table::last(tree, id), &[(name, inline)]);
    }
    let header = format!("[{}.{}]", quote::key(table), quote::key(name));
    last(tree.text, &format!("{header}\n{}", pairs.join("\n")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINE: &str = "# of ada\r\n\r\n# where I am mostly\r\ndefault_profile = \"dev\" # for now\r\n\r\n# prod, careful\r\n[profiles.prod]\r\nurl = \"https://a\"   # EU\r\nprotected = true\r\n\r\n[profiles.dev]\r\nurl='http://localhost:1'\r\n";

    fn text(value: &str) -> Value {
        Value::String(value.to_owned())
    }

    #[test]
    fn every_byte_outside_an_edit_stays() {
        let keys = [("url", text("https://b")), ("protected", Value::Boolean(true))];
        let added = edit_document(MINE, &[DocumentEdit::Add("profiles", "s.t", &keys)]).expect("added");
        let tail = "\r\n[profiles.\"s.t\"]\r\nurl = \"https://b\"\r\nprotected = true\r\n";
        assert_eq!(added, format!("{MINE}{tail}"));
        let back = edit_document(&added, &[DocumentEdit::Remove("profiles", "s.t")]).expect("removed");
        assert_eq!(back, MINE);
        let used = edit_document(MINE, &[DocumentEdit::Root("default_profile", Some(text("prod")))]);
        assert_eq!(used.expect("used"), MINE.replace("\"dev\"", "\"prod\""));
        let edits = [DocumentEdit::Root("default_profile", None), DocumentEdit::Remove("profiles", "dev")];
        let gone = edit_document(MINE, &edits).expect("removed");
        let gone_too = MINE.replace("default_profile = \"dev\" # for now\r\n", "");
        let rest = gone_too.split("\r\n[profiles.dev]").next().expect("the first part");
        assert_eq!(gone, rest);
    }

    #[test]
    fn a_first_key_comes_before_the_tables_and_behind_what_is_said_of_the_file() {
        let used = |before: &str| {
            edit_document(before, &[DocumentEdit::Root("default_profile", Some(text("a")))]).expect(before)
        };
        let line = "default_profile = \"a\"\n";
        assert_eq!(used(""), line);
        assert_eq!(used("# mine\n"), format!("# mine\n\n{line}"));
        let table = "# of a\n[profiles.a]\nurl = \"https://a\"\n";
        assert_eq!(used(table), format!("{line}\n{table}"));
        assert_eq!(used(&format!("\u{feff}# mine\n\n{table}")), format!("\u{feff}# mine\n\n{line}\n{table}"));
        assert_eq!(
            used("profiles = { a = { url = 1 } }\n"),
            format!("{line}profiles = {{ a = {{ url = 1 }} }}\n")
        );
    }

    #[test]
    fn tables_in_braces_get_another_beside_them() {
        let keys = [("url", text("https://b"))];
        let add = [DocumentEdit::Add("profiles", "b", &keys)];
        let added = edit_document("profiles = { a = { url = \"https://a\" } }\n", &add).expect("added");
        assert_eq!(added, "profiles = { a = { url = \"https://a\" }, b = { url = \"https://b\" } }\n");
    }

    proptest! {
        #[test]
        fn what_is_added_is_removed_to_the_byte(name in "[a-z0-9][a-zA-Z0-9_.-]{0,8}", value in "\\PC{0,20}") {
            prop_assume!(name != "prod" && name != "dev");
            let keys = [("url", text(&value))];
            let added = edit_document(MINE, &[DocumentEdit::Add("profiles", &name, &keys)]).expect("added");
            let back = edit_document(&added, &[DocumentEdit::Remove("profiles", &name)]).expect("removed");
            prop_assert_eq!(back, MINE);
        }
    }
}
