//! Where on the command line the cursor stands: behind an option that wants a value, at an option's name, at a
//! command, at a positional argument.

use clap::{Arg, ArgAction, Command};

/// What is being typed.
pub(super) enum At<'d> {
    /// The name of a command.
    Command,
    /// The name of an option.
    Option,
    /// A value of this argument. `prefix` stands before it in the same word: `--output=`, `on,`.
    Value { argument: &'d Arg, prefix: String },
    /// Nothing that the definition knows.
    Nothing,
}

/// Where the cursor stands.
pub(super) struct Cursor<'d> {
    /// The command that was named, or the program itself.
    pub(super) command: &'d Command,
    /// What is being typed.
    pub(super) at: At<'d>,
    /// What stands between the prefix and the cursor.
    pub(super) typed: String,
    /// The options named so far, with their values.
    pub(super) options: Vec<(&'d Arg, Option<String>)>,
    /// The positional words so far.
    pub(super) words: Vec<String>,
}

impl<'d> Cursor<'d> {
    /// Reads the words of a line, of which the last one is being typed; leniently, as nothing is complete yet.
    pub(super) fn find(program: &'d Command, words: &[String]) -> Self {
        let (last, before) = words.split_last().map_or(("", words), |(last, before)| (last.as_str(), before));
        let mut cursor = Self {
            command: program,
            at: At::Nothing,
            typed: last.to_owned(),
            options: Vec::new(),
            words: Vec::new(),
        };
        let mut wants_value: Option<&Arg> = None;
        let mut only_words = false;
        for word in before {
            if wants_value.take().is_some() {
                if let Some((_, value)) = cursor.options.last_mut() {
                    *value = Some(word.clone());
                }
                continue;
            }
            if only_words || word == "-" || !word.starts_with('-') {
                cursor.word(word, only_words);
            } else if word == "--" {
                only_words = true;
            } else {
                wants_value = cursor.option(word);
            }
        }
        cursor.at = match wants_value {
            Some(argument) => At::Value { argument, prefix: String::new() },
            None => cursor.last(last, only_words),
        };
        if let At::Value { argument, prefix } = &mut cursor.at {
            let mut typed = last.strip_prefix(prefix.as_str()).unwrap_or_default();
            if let Some(at) = argument.get_value_delimiter().and_then(|delimiter| typed.rfind(delimiter)) {
                prefix.push_str(&typed[..=at]);
                typed = &typed[at + 1..];
            }
            cursor.typed = typed.to_owned();
        }
        cursor
    }

    fn word(&mut self, word: &str, only_words: bool) {
        match self.command.find_subcommand(word) {
            Some(command) if !only_words => self.command = command,
            _ => self.words.push(word.to_owned()),
        }
    }

    /// Takes an option in; returns the argument whose value is the next word.
    fn option(&mut self, word: &str) -> Option<&'d Arg> {
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let argument = self.long(name)?;
            let waits = takes_value(argument) && value.is_none();
            self.options.push((argument, value));
            return waits.then_some(argument);
        }
        for (at, letter) in word.char_indices().skip(1) {
            let argument = self.short(letter)?;
            let rest = word[at + letter.len_utf8()..].trim_start_matches('=');
            let value = (takes_value(argument) && !rest.is_empty()).then(|| rest.to_owned());
            self.options.push((argument, value));
            if takes_value(argument) {
                return rest.is_empty().then_some(argument);
            }
        }
        None
    }

    /// Returns the last value that was given to an option.
    pub(super) fn value_of(&self, option: &str) -> Option<&str> {
        let given = self.options.iter().rev().find(|(argument, _)| argument.get_id() == option)?;
        given.1.as_deref()
    }

    /// Tells whether an option was named.
    pub(super) fn is_given(&self, option: &Arg) -> bool {
        self.options.iter().any(|(argument, _)| argument.get_id() == option.get_id())
    }

    /// Returns what is being typed where no option waits for its value.
    fn last(&mut self, last: &str, only_words: bool) -> At<'d> {
        if only_words || !last.starts_with('-') {
            if self.command.has_subcommands() && !only_words {
                return At::Command;
            }
            return match self.positional() {
                Some(argument) => At::Value { argument, prefix: String::new() },
                None if last.is_empty() => At::Option,
                None => At::Nothing,
            };
        }
        if let Some((name, _)) = last.strip_prefix("--").and_then(|long| long.split_once('=')) {
            return match self.long(name).filter(|argument| takes_value(argument)) {
                Some(argument) => At::Value { argument, prefix: format!("--{name}=") },
                None => At::Nothing,
            };
        }
        if !last.starts_with("--") {
            // In a row of letters the first that takes a value takes the rest.
            for (at, letter) in last.char_indices().skip(1) {
                let Some(argument) = self.short(letter) else { return At::Nothing };
                let end = at + letter.len_utf8();
                if takes_value(argument) && end < last.len() {
                    let end = if last[end..].starts_with('=') { end + 1 } else { end };
                    return At::Value { argument, prefix: last[..end].to_owned() };
                }
            }
        }
        At::Option
    }

    /// Returns the positional argument that the next word belongs to.
    fn positional(&self) -> Option<&'d Arg> {
        let mut left = self.words.len();
        for argument in self.command.get_positionals() {
            let most = argument.get_num_args().map_or(1, |number| number.max_values());
            let most = if matches!(argument.get_action(), ArgAction::Append) { usize::MAX } else { most };
            if left < most {
                return Some(argument);
            }
            left -= most;
        }
        None
    }

    fn long(&self, name: &str) -> Option<&'d Arg> {
        let is_it = |argument: &&Arg| {
            argument.get_long() == Some(name)
                || argument.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
        };
        self.command.get_arguments().find(is_it)
    }

    fn short(&self, letter: char) -> Option<&'d Arg> {
        self.command.get_arguments().find(|argument| argument.get_short() == Some(letter))
    }
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_action().takes_values()
}
