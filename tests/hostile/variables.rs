//! Variables: `FF_*`, the program's own, and those of the system that it asks.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use ffctl::settings::KNOWN_VARIABLES;

use super::check::harmless;
use super::project::{ODD, flags_with, in_ci};
use super::strings::{in_turn, passable};

#[test]
fn flags_of_variables() {
    let project = in_ci(&flags_with(ODD));
    for (name, text) in passable() {
        let value = OsStr::from_bytes(&text);
        let commands = [
            &["list", "*h"] as &[&str],
            &["explain", "h"],
            &["get", "h"],
            &["list", "*h", "-o", "markdown"],
            &["explain", "v_h", "-o", "json"],
        ];
        for (_, command) in in_turn(commands, name.len()) {
            let mut process = project.command();
            process.env("FF_H", value).env("FF_V_H", value).env("FF_HH", value).args(command);
            harmless(&format!("FF_* with {name}, {command:?}"), &process.output().expect("it runs"));
        }
        // A name of a variable has no `=`, and something in it.
        if !text.is_empty() && !text.contains(&b'=') {
            for (_, prefix) in in_turn(["FF_", "FFCTL_", ""], name.len()) {
                let variable = [prefix.as_bytes(), &text].concat();
                let mut process = project.command();
                process.env(OsStr::from_bytes(&variable), "on").args(["list", "h"]);
                harmless(&format!("a variable called {prefix}{name}"), &process.output().expect("it runs"));
            }
        }
    }
}

#[test]
fn the_programs_own() {
    let project = in_ci(&flags_with(ODD));
    let system =
        ["LANG", "LC_ALL", "USER", "TERM", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HTTPS_PROXY"];
    let names: Vec<&str> = KNOWN_VARIABLES.iter().map(|known| known.name).chain(system).collect();
    for (at, (name, text)) in passable().into_iter().enumerate() {
        // Each variable sees a quarter of the strings, since each is a process.
        for variable in names.iter().skip(at % 4).step_by(4) {
            let mut process = project.command();
            process.env(variable, OsStr::from_bytes(&text)).args(["get", "h"]);
            if variable.starts_with("FFCTL_TOKEN") {
                process.env("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
            }
            harmless(&format!("{variable} with {name}"), &process.output().expect("it runs"));
        }
    }
}
