//! Projects that hold the strings.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::Output;

use ffctl::flagfile::FlagFile;

use super::super::project::Project;
use super::strings::strings;

/// Something of everything, for a flags.toml that another file or variable is tried with.
pub(super) const ODD: &str = "\u{1b}[31m::error::\u{202e}\n::x";

/// Returns the name of the flag that has the string of this number in all its fields, among the flags of all.
pub(super) fn flag(number: usize) -> String {
    format!("h_{number:03}")
}

/// Returns a string in the quotes of TOML, everything odd escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => out.push(c),
            c => write!(out, "\\U{:08x}", u32::from(c)).expect("a string takes it"),
        }
    }
    out + "\""
}

/// The flags that have a string in all their fields: a boolean one, and one with variations whose name begins with
/// `v_`.
fn flags_of(name: &str, hostile: &str) -> String {
    let (value, key) = (quoted(hostile), key(hostile));
    format!(
        "[flags.{name}]\nenabled = true\nrollout = \"50%\"\ndescription = {value}\nowner = {value}\n\
         tags = [{key}, \"t\"]\nsalt = {key}\nusers = {{ {key} = \"on\", u = \"off\" }}\norgs = {{ {key} = \"off\" }}\n\
         [[flags.{name}.rules]]\nname = {value}\n\
         when = [{{ attribute = {key}, op = \"in\", values = [{value}, 7] }}, {{ segment = \"seg\" }}]\nserve = \"on\"\n\
         [flags.v_{name}]\nenabled = true\nowner = {value}\noff = \"a\"\nserve = \"b\"\n\
         variations = {{ a = {value}, b = {{ prompt = {value}, {key} = [{value}] }} }}\n"
    )
}

/// Returns a string as a key, which is never empty.
fn key(hostile: &str) -> String {
    if hostile.is_empty() { "\"k\"".to_owned() } else { quoted(hostile) }
}

/// A segment, an experiment and a bucketing algorithm with these strings.
fn rest_with(strings: &[&str], gate: &str) -> String {
    let keys: Vec<String> = strings.iter().map(|text| key(text)).collect();
    let force: Vec<String> = keys.iter().map(|key| format!("{key} = \"treatment\"")).collect();
    let value = quoted(strings[0]);
    let template = quoted(&strings[0].replace('{', "{{").replace('}', "}}"));
    format!(
        "[bucketing.custom.own]\ndescription = {value}\nhash = \"md5\"\nreduce = \"modulo 100\"\n\
         template = {}\n[segments.seg]\nincluded = [{}]\n[experiments.exp]\ndescription = {value}\nowner = {value}\nsalt = {}\n\
         flag = \"{gate}\"\nvariants = [[\"control\", 1], [\"treatment\", 1]]\nforce = {{ {} }}\n",
        template.replacen('"', "\"{key}{unit}", 1),
        keys.join(", "),
        keys[0],
        force.join(", "),
    )
}

/// A flags.toml with one string in every field: flags `h` and `v_h`, an experiment, a segment and
/// a bucketing algorithm.
pub(super) fn flags_with(hostile: &str) -> String {
    format!("schema = 1\n{}{}", flags_of("h", hostile), rest_with(&[hostile], "h"))
}

/// A flags.toml with flags for every string.
pub(super) fn flags() -> String {
    let all = strings();
    let mut text = String::from("schema = 1\n");
    for (number, (_, hostile)) in all.iter().enumerate() {
        text += &flags_of(&flag(number), hostile);
    }
    let mut texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
    texts.retain(|text| !text.is_empty());
    text + &rest_with(&texts, "h_000")
}

/// A project with that flags.toml, whose output goes to the log of a CI system.
pub(super) fn hostile() -> Project {
    in_ci(&flags())
}

/// A project with a flags.toml, whose output goes to the log of a CI system.
pub(super) fn in_ci(flags: &str) -> Project {
    let mut project = Project::new(flags);
    let mistakes = FlagFile::parse("flags.toml", flags.to_owned()).err();
    assert!(mistakes.is_none() || flags.is_empty(), "a file that does not read shows nothing: {mistakes:#?}");
    project.set("CI", "true");
    project.set("GITHUB_ACTIONS", "true");
    project
}

/// Runs the program with arguments that need not be UTF-8.
pub(super) fn run<'a>(project: &Project, arguments: impl IntoIterator<Item = &'a [u8]>) -> Output {
    let arguments: Vec<OsString> =
        arguments.into_iter().map(|argument| OsStr::from_bytes(argument).to_owned()).collect();
    project.command().args(arguments).output().expect("it runs")
}
