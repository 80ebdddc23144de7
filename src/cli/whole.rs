//! The whole definition, as help and completion show it: commands in groups by what they are for.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use super::top::Cli;

/// The groups of the help, each with the names of its commands; a test holds them to the definition.
const GROUPS: [(&str, &[&str]); 6] = [
    ("See", &["list", "get", "explain", "context", "diff", "drift", "watch", "history"]),
    ("Change", &["set", "unset", "undo", "snapshot", "remove"]),
    ("Rehearse", &["simulate-rollout", "variant-for-user", "bucketing"]),
    ("Gate", &["check", "lint"]),
    ("Serve", &["serve", "token", "journal"]),
    ("Set up", &["init", "profile", "login", "logout", "doctor", "completions", "man"]),
];

/// Returns the whole definition.
pub fn definition() -> Command {
    let program = Cli::command();
    let header = *program.get_styles().get_header();
    let literal = *program.get_styles().get_literal();
    let mut commands = String::new();
    let width = program.get_subcommands().map(|command| command.get_name().len()).max().unwrap_or(0);
    for (group, names) in GROUPS {
        let mut title = Some(group);
        for command in names.iter().filter_map(|name| program.find_subcommand(name)) {
            if let Some(title) = title.take() {
                let _ = writeln!(commands, "\n{header}{title}:{header:#}");
            }
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let mut aliases = command.get_visible_aliases().map(|alias| format!(" [alias: {alias}]"));
            let alias = aliases.next().unwrap_or_default();
            let name = command.get_name();
            let blank = " ".repeat(width - name.len());
            let _ = writeln!(commands, "  {literal}{name}{literal:#}{blank}  {about}{alias}");
        }
    }
    let options = format!("{header}Options:{header:#}\n{{options}}{{after-help}}");
    let template = format!("{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{commands}\n{options}");
    program.help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            assert_eq!(grouped.iter().filter(|other| **other == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn the_commands_fit_eighty_columns() {
        let help = definition().render_help().to_string();
        let commands = help.lines().skip(1).take_while(|line| *line != "Options:");
        for line in commands.filter(|line| line.starts_with("  ")) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}
