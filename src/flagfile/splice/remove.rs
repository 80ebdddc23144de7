//! Taking a whole flag out of the text, however it is written.

use super::error::SpliceError;
use super::patch::{Patch, apply, line_start, lines};
use super::table;
use crate::flagfile::FlagFile;
use crate::flagfile::position::Span;
use crate::flagfile::syntax::{Data, Entry, Form, TableId, Tree, parse};
use crate::model::FlagName;

/// Returns the file's text without the flag: its lines, tables and rules, and the comments directly above them.
/// Every other byte stays as it was, but for blank lines that would stand double.
///
/// # Errors
/// When there is no such flag, or the rest would not read back as exactly what it was.
pub fn remove(file: &FlagFile, name: &FlagName) -> Result<String, SpliceError> {
    let mut intended = file.definitions().clone();
    if intended.flags.shift_remove(name.as_str()).is_none() {
        return Err(SpliceError::UnknownFlag(name.clone()));
    }
    let text = apply(file.text(), entry_patches(file.text(), "flags", name.as_str()));
    let read = FlagFile::parse(file.name(), text).map_err(SpliceError::NotAsIntended)?;
    let same = read.definitions() == &intended && read.definitions().flags.keys().eq(intended.flags.keys());
    if same { Ok(read.into_parts().1) } else { Err(SpliceError::NotAsIntended(Vec::new())) }
}

/// Returns the patches that take `name` out of a table of the document, however it is written.
pub(super) fn entry_patches(text: &str, table: &str, name: &str) -> Vec<Patch> {
    let (tree, _) = parse(text);
    let Some(Entry { value, .. }) = tree.table(Tree::ROOT).entry(table) else { return Vec::new() };
    let Data::Table(flags) = value.data else { return Vec::new() };
    let Some(entry) = tree.table(flags).entry(name) else { return Vec::new() };
    if tree.table(flags).in_braces {
        return vec![table::remove(&tree, flags, entry)];
    }
    let mut headers = Vec::new();
    collect_headers(&tree, Tree::ROOT, &mut headers);
    headers.sort_unstable();
    let mut parts = Vec::new();
    collect_parts(&tree, entry, &mut parts);
    let spans = parts.into_iter().map(|part| match part {
        Part::Lines(span) => with_comments(text, lines(text, span)),
        Part::Section(header) => {
            let next = headers.iter().find(|start| **start > header.start).copied();
            with_comments(text, section(text, header, next.unwrap_or(text.len())))
        }
    });
    // What stands together goes together, with one run of blank lines.
    let spans = merged(spans.collect()).into_iter().map(|span| with_blanks(text, span));
    merged(spans.collect()).into_iter().map(Patch::remove).collect()
}

/// A part of a flag's text.
enum Part {
    /// Lines in somebody else's table.
    Lines(Span),
    /// A header and all below it.
    Section(Span),
}

/// Collects where each header of the file starts.
pub(super) fn collect_headers(tree: &Tree<'_>, id: TableId, headers: &mut Vec<usize>) {
    for entry in &tree.table(id).entries {
        match &entry.value.data {
            Data::Table(inner) => {
                if tree.table(*inner).form == Form::Header {
                    headers.push(line_start(tree.text, tree.table(*inner).span.start));
                }
                collect_headers(tree, *inner, headers);
            }
            Data::Tables(elements) => {
                for element in elements {
                    headers.push(line_start(tree.text, element.span.start));
                    if let Data::Table(inner) = element.data {
                        collect_headers(tree, inner, headers);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Collects the parts of what an entry holds that do not stand below another part's header.
fn collect_parts(tree: &Tree<'_>, entry: &Entry<'_>, parts: &mut Vec<Part>) {
    match &entry.value.data {
        Data::Table(id) => {
            let table = tree.table(*id);
            match table.form {
                Form::Inline => parts.push(Part::Lines(Span::new(entry.start, entry.value.span.end))),
                Form::Header => {
                    parts.push(Part::Section(table.span));
                    collect_sections(tree, *id, parts);
                }
                Form::Implied | Form::Dotted => {
                    table.entries.iter().for_each(|inner| collect_parts(tree, inner, parts));
                }
            }
        }
        Data::Tables(_) => collect_sections_of(tree, entry, parts),
        _ => parts.push(Part::Lines(Span::new(entry.start, entry.value.span.end))),
    }
}

/// Collects the headers below a table that has its own.
fn collect_sections(tree: &Tree<'_>, id: TableId, parts: &mut Vec<Part>) {
    tree.table(id).entries.iter().for_each(|entry| collect_sections_of(tree, entry, parts));
}

fn collect_sections_of(tree: &Tree<'_>, entry: &Entry<'_>, parts: &mut Vec<Part>) {
    match &entry.value.data {
        Data::Table(id) => {
            if tree.table(*id).form == Form::Header {
                parts.push(Part::Section(tree.table(*id).span));
            }
            collect_sections(tree, *id, parts);
        }
        Data::Tables(elements) => {
            for element in elements {
                parts.push(Part::Section(element.span));
                if let Data::Table(id) = element.data {
                    collect_sections(tree, id, parts);
                }
            }
        }
        _ => {}
    }
}

/// Returns the lines of a section: from its header to before the next, without what stands apart before that.
fn section(text: &str, header: Span, next: usize) -> Span {
    let start = line_start(text, header.start);
    let body = &text[start..next];
    let mut end = 0;
    let mut at = 0;
    // A comment belongs to the section as long as no blank line stands between.
    let mut apart = false;
    for line in body.split_inclusive('\n') {
        let content = line.trim();
        at += line.len();
        match content.chars().next() {
            None => apart = true,
            Some('#') if apart => {}
            // Text over several lines may hold blank lines and what looks like comments: they count if more follows.
            Some(_) => {
                apart = false;
                end = at;
            }
        }
    }
    // Comments directly above the next header belong to it.
    if next < text.len() && !apart {
        let kept = body[..end].split_inclusive('\n').rev();
        let comments: usize = kept.take_while(|line| line.trim_start().starts_with('#')).map(str::len).sum();
        end -= comments;
    }
    Span::new(start, start + end)
}

/// Returns the span with the comment lines directly above.
pub(super) fn with_comments(text: &str, span: Span) -> Span {
    let mut start = span.start;
    while start > 0 {
        let above = line_start(text, start - 1);
        if above == start || !text[above..start].trim_start_matches(['\u{feff}', ' ', '\t']).starts_with('#')
        {
            break;
        }
        start = above;
    }
    Span::new(start, span.end)
}

/// Returns the span with the blank lines of one side, where there are some on both, or nothing on one.
pub(super) fn with_blanks(text: &str, span: Span) -> Span {
    let is_blank = |line: &&str| line.trim().is_empty();
    let above: usize =
        text[..span.start].split_inclusive('\n').rev().take_while(is_blank).map(str::len).sum();
    let below: usize = text[span.end..].split_inclusive('\n').take_while(is_blank).map(str::len).sum();
    let first = line_start(text, 0);
    if span.end + below == text.len() {
        return Span::new((span.start - above).max(first), text.len());
    }
    if above > 0 || span.start <= first {
        return Span::new(span.start, span.end + below);
    }
    span
}

/// Returns the spans in order, those that touch as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut all: Vec<Span> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => all.push(span),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn without(text: &str, name: &str) -> String {
        let file = FlagFile::parse("flags.toml", text.to_owned()).expect("a sound file");
        remove(&file, &FlagName::try_from(name).expect("a name")).expect("removed")
    }

    const FILE: &str = "\u{feff}schema = 1\r\n\r\n# the switches\r\n[flags]\r\n# a, in short\r\na = false   # short\r\n\r\nb = { enabled = true, rollout = \"10%\" } # inline\r\nd.enabled = true\r\nd.rollout = \"5%\" # dotted\r\n\r\n# about c\r\n# and more\r\n[flags.c]  # long\r\nenabled = true\r\norgs = [\r\n  # the first\r\n\r\n  \"acme\",\r\n]\r\nrollout = \"0%\"\r\n# still c\r\n\r\n# ---- apart ----\r\n\r\n# about e\r\n[flags.e]\r\nenabled = true\r\nrollout = \"1%\"\r\n[flags.e.users]\r\nu = \"on\"\r\n\r\n[[flags.c.rules]]\r\nserve = \"on\"\r\nwhen = [{ attribute = \"plan\", op = \"in\", values = [\"pro\"] }]\r\n\r\n# segments\r\n[segments.s]\r\nincluded = [\"u\"]\r\n";

    #[test]
    fn each_way_of_writing_a_flag_goes_whole_and_alone() {
        let cut = |parts: &[&str]| {
            parts.iter().fold(FILE.to_owned(), |text, part| {
                assert!(text.contains(part), "{part}");
                text.replacen(part, "", 1)
            })
        };
        assert_eq!(without(FILE, "a"), cut(&["# a, in short\r\na = false   # short\r\n"]));
        assert_eq!(without(FILE, "b"), cut(&["b = { enabled = true, rollout = \"10%\" } # inline\r\n"]));
        assert_eq!(without(FILE, "d"), cut(&["d.enabled = true\r\nd.rollout = \"5%\" # dotted\r\n"]));
        assert_eq!(
            without(FILE, "e"),
            cut(&[
                "# about e\r\n[flags.e]\r\nenabled = true\r\nrollout = \"1%\"\r\n[flags.e.users]\r\nu = \"on\"\r\n\r\n"
            ])
        );
        let c = FILE.find("# about c").expect("c")..FILE.find("# ---- apart").expect("apart");
        let rules =
            FILE.find("[[flags.c.rules]]").expect("rules")..FILE.find("# segments").expect("segments");
        assert_eq!(without(FILE, "c"), cut(&[&FILE[rules], &FILE[c]]));
    }

    #[test]
    fn the_last_one_leaves_no_blank_lines_and_braces_stay_sound() {
        assert_eq!(without("schema = 1\n\n[flags.a]\nenabled = true\n", "a"), "schema = 1\n");
        assert_eq!(without("schema = 1\n[flags]\na = true", "a"), "schema = 1\n[flags]");
        assert_eq!(
            without("schema = 1\nflags = { a = true, b = false }\n", "a"),
            "schema = 1\nflags = { b = false }\n"
        );
        assert_eq!(
            without("schema = 1\nflags.a = true\nflags.b = true\n", "a"),
            "schema = 1\nflags.b = true\n"
        );
    }

    proptest! {
        #[test]
        fn the_shipped_flags_go_in_any_order(order in Just((0..9_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let shipped = include_str!("../../../flags.toml");
            let file = FlagFile::parse("flags.toml", shipped.to_owned()).expect("sound");
            let names: Vec<FlagName> = file.definitions().flags.keys().cloned().collect();
            let needed = |name: &FlagName| {
                file.definitions().experiments.values().any(|experiment| experiment.flag.as_ref() == Some(name))
            };
            let mut text = shipped.to_owned();
            for at in order {
                if let Some(name) = names.get(at).filter(|name| !needed(name)) {
                    let next = without(&text, name.as_str());
                    // Nothing is new, and every line that is left stands in the order in which it stood.
                    let mut lines = text.lines();
                    prop_assert!(next.lines().all(|line| lines.any(|other| other == line)), "{name}");
                    text = next;
                }
            }
        }
    }
}
