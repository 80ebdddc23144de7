//! Colours: each style is applied where its meaning is, and nowhere changes the layout.

use super::super::samples::{self, Foreign};
use super::super::{Format, Screen, Style, render};
use super::{all_shown, screen};

fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn styles_are_applied_by_meaning() {
    let colourful = Screen { color: true, ..screen(Some(140)) };
    let list = render(&samples::list(Foreign(None)), Format::Table, &colourful);
    let explain = render(&samples::explain(Foreign(None)), Format::Table, &colourful);
    let change = render(&samples::change(Foreign(None), "written"), Format::Table, &colourful);
    let forecast = render(&samples::forecast(Foreign(None)), Format::Table, &colourful);
    for (shown, style, text) in [
        (&list, Style::On, "● on"),
        (&list, Style::Off, "○ off"),
        (&list, Style::Partial, "◐ 50% + 2 rules"),
        (&list, Style::Invalid, "! invalid"),
        (&list, Style::Source(crate::layer::Source::Admin), "admin"),
        (&list, Style::Source(crate::layer::Source::Env), "env"),
        (&list, Style::Source(crate::layer::Source::Default), "default"),
        (&list, Style::Strong, "use_v3_style"),
        (&list, Style::Title, "FLAG"),
        (&list, Style::Overridden, "25%"),
        (&list, Style::Warning, " undeclared"),
        (&list, Style::Error, "invalid: "),
        (&explain, Style::Heading, "Layers"),
        (&explain, Style::Overridden, "10%"),
        (&explain, Style::Faint, "overridden"),
        (&change, Style::Removed, "25%"),
        (&change, Style::Added, "50%"),
        (&change, Style::Hint, "ffctl undo 18 -p prod"),
        (&forecast, Style::Bar, "━━━━"),
        (&forecast, Style::Removed, "-12"),
    ] {
        let parameters = style.parameters().expect("a style that shows");
        let wanted = format!("\u{1b}[{parameters}m{text}\u{1b}[0m");
        assert!(shown.contains(&wanted), "no {style:?} {text:?} in\n{shown}");
    }
}

#[test]
fn colour_changes_nothing_else() {
    for width in [Some(80), Some(140), None] {
        let plain = all_shown(Foreign(None), Format::Table, screen(width));
        let colourful = Screen { color: true, ..screen(width) };
        for ((name, plain), (_, shown)) in
            plain.into_iter().zip(all_shown(Foreign(None), Format::Table, colourful))
        {
            assert_eq!(without_colour(&shown), plain, "{name}");
        }
    }
}

#[test]
fn only_tables_have_colours() {
    let colourful = Screen { color: true, ..screen(None) };
    for format in Format::GENERAL.into_iter().filter(|format| *format != Format::Table) {
        for (name, shown) in all_shown(Foreign(None), format, colourful) {
            assert!(!shown.contains('\u{1b}'), "{name} as {format}");
        }
    }
}
