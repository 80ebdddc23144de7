//! Weights and shares: `rollout`, `split`, and an experiment's `variants`.

use super::reader::Reader;
use super::text::{fragment, quoted};
use super::variations::Choices;
use crate::flagfile::code;
use crate::flagfile::quote::key;
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Share, Split, VariationName, Weight, WeightError};

impl<'a> Reader<'a> {
    /// Reads a percentage from its text, never from a float.
    pub(super) fn weight(&mut self, entry: &'a Entry<'a>) -> Option<Weight> {
        let node = &entry.value;
        let text = match &node.data {
            Data::Text(text) => text.as_ref(),
            Data::Integer(_) | Data::Float(_) => self.raw(node),
            Data::Boolean(on) => {
                let all = if *on { Weight::ALL } else { Weight::NONE };
                self.wrong_type(&entry.key, "a percentage", node, format!("{} = \"{all}\"", entry.key));
                return None;
            }
            _ => {
                self.wrong_type(&entry.key, "a percentage", node, format!("{} = \"25%\"", entry.key));
                return None;
            }
        };
        match Weight::parse(text) {
            Ok(weight) => Some(weight),
            Err(error) => {
                let meant = match &error {
                    WeightError::Negative(_) => Weight::NONE.to_string(),
                    WeightError::TooLarge(_) => Weight::ALL.to_string(),
                    WeightError::TooFine(text) => rounded(text),
                    WeightError::Fraction { meant, .. } => meant.clone().unwrap_or_else(|| "25%".to_owned()),
                    WeightError::NotANumber(_) => "25%".to_owned(),
                };
                let message =
                    if text.is_empty() { format!("`{}` is empty", entry.key) } else { short(&error) };
                let fix = format!("{} = \"{meant}\"", entry.key);
                match error {
                    WeightError::Fraction { .. } => {
                        self.wrong_as(code::FRACTION_AS_PERCENTAGE, node.span, message, fix);
                    }
                    _ => self.wrong(node.span, message, fix),
                }
                None
            }
        }
    }

    /// Reads ordered pairs of a name and its share; `name` turns a text into the name of a variation or variant.
    pub(super) fn pairs(
        &mut self,
        entry: &'a Entry<'a>,
        mut name: impl FnMut(&mut Self, &'a Node<'a>) -> Option<VariationName>,
    ) -> Option<Split> {
        let items = match &entry.value.data {
            Data::List(items) => items,
            Data::Table(id) => {
                let fix = self.as_pairs(entry, *id);
                let message = format!(
                    "`{}` is a list of pairs: the order decides who gets what, and a table has none",
                    entry.key
                );
                self.wrong(entry.value.span, message, fix);
                return None;
            }
            _ => {
                let fix = format!("{} = [[\"a\", 50], [\"b\", 50]]", entry.key);
                self.wrong_type(&entry.key, "a list of pairs", &entry.value, fix);
                return None;
            }
        };
        if let [Node { data: Data::Text(_), .. }, Node { data: Data::Integer(_), .. }] = items.as_slice() {
            let fix = format!("{} = [{}]", entry.key, self.raw(&entry.value));
            self.wrong(entry.value.span, format!("`{}` is a list of pairs, not one pair", entry.key), fix);
            return None;
        }
        if items.is_empty() {
            let fix = format!("{} = [[\"a\", 50], [\"b\", 50]]", entry.key);
            self.wrong(entry.value.span, format!("`{}` is empty", entry.key), fix);
            return None;
        }
        let mut pairs = Vec::with_capacity(items.len());
        let mut complete = true;
        let mut seen = std::collections::HashSet::with_capacity(items.len());
        for item in items {
            let Data::List(pair) = &item.data else {
                if !matches!(item.data, Data::Broken) {
                    let raw = self.raw(item);
                    let fix = if let Data::Text(_) = item.data {
                        format!("[{raw}, 50]")
                    } else {
                        "[\"a\", 50]".to_owned()
                    };
                    self.wrong(item.span, format!("a pair is a list, not {}", item.data.kind()), fix);
                }
                complete = false;
                continue;
            };
            let [variation, share] = pair.as_slice() else {
                let message = "a pair is a name and a share";
                self.wrong(item.span, message, "[\"a\", 50]");
                complete = false;
                continue;
            };
            let found = name(self, variation);
            if let Some(found) = &found
                && !seen.insert(found.clone())
            {
                self.wrong(variation.span, format!("`{found}` has two shares"), "keep one of the two");
                complete = false;
            }
            match (found, self.share(share)) {
                (Some(found), Some(share)) => pairs.push((found, share)),
                _ => complete = false,
            }
        }
        if !complete {
            return None;
        }
        match Split::new(pairs) {
            Ok(split) => Some(split),
            Err(error) => {
                self.wrong(entry.value.span, error.to_string(), "divide all shares by the same number");
                None
            }
        }
    }

    /// Reads a flag's `split`.
    pub(super) fn split(&mut self, entry: &'a Entry<'a>, choices: &Choices) -> Option<Split> {
        self.pairs(entry, |reader, node| reader.variation(node, choices))
    }

    fn share(&mut self, node: &Node<'_>) -> Option<Share> {
        match &node.data {
            Data::Integer(Some(number)) => match Share::try_from(*number) {
                Ok(share) => Some(share),
                Err(error) => {
                    let fix = if *number <= 0 {
                        "leave the pair out, or a share from 1"
                    } else {
                        "a smaller share"
                    };
                    self.wrong(node.span, error.to_string(), fix);
                    None
                }
            },
            Data::Broken => None,
            data => {
                let raw = self.raw(node);
                let digits: String = raw.chars().filter(char::is_ascii_digit).take(9).collect();
                let digits = digits.trim_start_matches('0');
                let fix = match data {
                    Data::Text(_) if !digits.is_empty() => digits.to_owned(),
                    _ => "whole numbers in the same ratio, such as 1 and 3".to_owned(),
                };
                let message = match data {
                    Data::Integer(None) => "a share is a whole number from 1 to 2147483647".to_owned(),
                    data => format!("a share is a whole number, not {}", data.kind()),
                };
                self.wrong(node.span, message, fix);
                None
            }
        }
    }

    /// Returns a table of shares written as the pairs that it should be.
    fn as_pairs(&self, entry: &Entry<'_>, id: crate::flagfile::syntax::TableId) -> String {
        let pairs: Vec<String> = self
            .tree
            .table(id)
            .entries
            .iter()
            .map(|pair| format!("[{}, {}]", quoted(&pair.key), fragment(self.raw(&pair.value))))
            .collect();
        format!("{} = [{}]", key(&entry.key), pairs.join(", "))
    }
}

/// Returns the error with a long text cut.
fn short(error: &WeightError) -> String {
    fragment_middle(&error.to_string())
}

fn fragment_middle(message: &str) -> String {
    const LONGEST: usize = 120;
    let count = message.chars().count();
    if count <= LONGEST {
        return message.to_owned();
    }
    let head: String = message.chars().take(LONGEST / 2).collect();
    let tail: String = message.chars().skip(count - LONGEST / 2).collect();
    format!("{head}…{tail}")
}

/// Returns a percentage with the digits after the third dropped.
fn rounded(text: &str) -> String {
    let number = text.trim_end_matches('%').trim_end();
    match number.split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{}%", fraction.chars().take(3).collect::<String>()),
        None => format!("{number}%"),
    }
}
