//! What CI systems read: looks pinned, nothing hostile obeyed, the XML well-formed and complete.

use super::super::samples::{self, Foreign};
use super::super::{Format, Screen, render};
use super::hostile::{harmless, hostile};
use super::looks::check;

fn shown(text: Option<&str>, format: Format) -> String {
    render(&samples::check(Foreign(text)), format, &Screen { ci: true, ..Screen::default() })
}

#[test]
fn they_look_as_pinned() {
    check("check_github", &shown(None, Format::Github));
    check("check_junit", &shown(None, Format::Junit));
    check("drift_github", &drift_shown(None));
}

fn drift_shown(text: Option<&str>) -> String {
    render(&samples::drift(Foreign(text)), Format::Github, &Screen { ci: true, ..Screen::default() })
}

#[test]
fn annotations_of_drift_are_one_command_a_flag_whatever_stands_in_them() {
    let flags = samples::drift(Foreign(None)).flags.len();
    for text in hostile() {
        let shown = drift_shown(Some(&text));
        harmless(&text, &shown);
        let commands: Vec<&str> = shown.lines().filter(|line| line.starts_with("::error ")).collect();
        assert_eq!((commands.len(), shown.lines().count()), (flags, flags + 1), "{text:?}: {shown}");
    }
}

#[test]
fn annotations_are_one_command_a_condition_whatever_stands_in_them() {
    let conditions = samples::check(Foreign(None)).conditions.len();
    for text in hostile() {
        let shown = shown(Some(&text), Format::Github);
        harmless(&text, &shown);
        let (commands, rest): (Vec<&str>, Vec<&str>) =
            shown.lines().partition(|line| line.starts_with("::notice ") || line.starts_with("::error "));
        assert_eq!((commands.len(), rest.len()), (conditions, 1), "{text:?}: {shown}");
        for command in commands {
            let (_, behind) = command[2..].split_once("::").expect("the properties end");
            assert!(command.contains("title=ffctl check::"), "{command}");
            assert!(!behind.contains("##["), "{command}");
        }
        assert!(!rest[0].trim_start().starts_with("::"), "{}", rest[0]);
    }
}

#[test]
fn junit_is_well_formed_and_says_the_same_whatever_stands_in_it() {
    for text in hostile().iter().map(|text| Some(text.as_str())).chain([None]) {
        let report = samples::check(Foreign(text));
        let shown = shown(text, Format::Junit);
        assert!(!shown.contains("##["), "{shown}");
        let document = roxmltree::Document::parse(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"));
        let suites = document.root_element();
        let suite = suites.first_element_child().expect("a suite");
        let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
        assert_eq!(cases.len(), report.conditions.len());
        let number = |name: &str| suite.attribute(name).and_then(|text| text.parse::<usize>().ok());
        assert_eq!(
            (number("tests"), number("failures"), number("errors")),
            (Some(report.count.total), Some(report.count.fail), Some(report.count.unclear))
        );
        for (case, condition) in cases.iter().zip(&report.conditions) {
            let name = case.attribute("name").expect("a name");
            assert_eq!(name, super::super::sanitize(&condition.condition), "attributes keep their text");
            let child = case.first_element_child();
            assert_eq!(child.is_none(), condition.holds);
            let kind = child.and_then(|child| child.attribute("type"));
            assert_eq!(kind, (!condition.holds).then(|| condition.outcome.word()));
            let tag = child.map(|child| child.tag_name().name().to_owned());
            let expected = if condition.outcome.is_no() { "failure" } else { "error" };
            assert!(tag.is_none_or(|tag| tag == expected));
        }
    }
}
