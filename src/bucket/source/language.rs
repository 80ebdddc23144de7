//! The languages, and what their versions of a record have in common.

use std::fmt;

use super::super::algorithm::{Algorithm, Purpose};
use super::super::record::{Count, Record, Reduce, Seed};
use super::super::template::Piece;

/// A language in which a bucket can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Python 3, with its standard library.
    Python,
    /// `PostgreSQL`, as a function.
    Sql,
    /// JavaScript for Node.js.
    JavaScript,
    /// Rust, with `RustCrypto`'s crates.
    Rust,
}

impl Language {
    /// Returns the word of options.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Sql => "sql",
            Self::JavaScript => "js",
            Self::Rust => "rust",
        }
    }

    /// Returns its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Sql => "SQL",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
        }
    }

    /// Returns what a comment starts with.
    const fn comment(self) -> &'static str {
        match self {
            Self::Python => "#",
            Self::Sql => "--",
            Self::JavaScript | Self::Rust => "//",
        }
    }
}

/// Why a record cannot be computed somewhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsupported(pub(super) &'static str);

/// What a language has of a record: what stands before the function, and the function.
pub(super) struct Lines {
    pub(super) head: Vec<&'static str>,
    pub(super) function: String,
}

/// Returns the lines that compute the bucket of some purposes, in functions `bucket`, or `rollout_bucket` and
/// `variant_bucket` where there are two.
///
/// # Errors
/// When the language lacks what a record needs.
pub fn source(
    algorithm: &Algorithm,
    purposes: &[Purpose],
    language: Language,
) -> Result<String, Unsupported> {
    let mut head: Vec<&'static str> = Vec::new();
    let mut functions = Vec::with_capacity(purposes.len());
    for purpose in purposes {
        let record = algorithm.record(*purpose);
        let name = match (purposes.len(), purpose) {
            (0 | 1, _) => "bucket",
            (_, Purpose::Rollout) => "rollout_bucket",
            (_, Purpose::Variant) => "variant_bucket",
        };
        let lines = match language {
            Language::Python => super::python::source(record, *purpose, name),
            Language::JavaScript => super::javascript::source(record, *purpose, name),
            Language::Rust => super::rust::source(record, *purpose, name),
            Language::Sql => super::sql::source(record, *purpose, name)?,
        };
        head.extend(lines.head.iter().filter(|line| !head.contains(line)).collect::<Vec<_>>());
        let comment = language.comment();
        let (sign, of) = (record.compare.sign(), format!("{algorithm}, {}", purpose.word()));
        functions.push(match purpose {
            Purpose::Rollout => {
                format!("{comment} {of}: in where {name}(…) {sign} {}\n{}", threshold(record), lines.function)
            }
            Purpose::Variant => {
                format!(
                    "{comment} {of}: the first where {name}(…) {sign} {}\n{}",
                    share(record),
                    lines.function
                )
            }
        });
    }
    let gap = if head.is_empty() { "" } else { "\n" };
    Ok(format!("{}{gap}{}", head.join("\n"), functions.join("\n")))
}

/// Adds to a text what a format makes.
pub(super) fn append(out: &mut String, what: fmt::Arguments<'_>) {
    fmt::Write::write_fmt(out, what).expect("because a String takes everything");
}

/// Says what a rollout's bucket is compared with.
fn threshold(record: &Record) -> String {
    match record.reduce {
        Reduce::Unit { top: 100, .. } | Reduce::Flagsmith => "percent".to_owned(),
        Reduce::Unit { .. } | Reduce::Fraction(_) => "percent / 100".to_owned(),
        Reduce::Scale(count) | Reduce::Modulo(count) => match count {
            Count::Fixed(100) => "percent".to_owned(),
            Count::Fixed(count) => format!("percent / 100 * {count}"),
            Count::Total(_) => "percent / 100 * total".to_owned(),
        },
    }
}

/// Says what a variant's bucket is compared with.
fn share(record: &Record) -> String {
    match record.reduce {
        Reduce::Unit { top: 100, .. } | Reduce::Flagsmith => "the shares so far, in percent".to_owned(),
        Reduce::Unit { .. } | Reduce::Fraction(_) => "the shares so far / their sum".to_owned(),
        Reduce::Scale(count) | Reduce::Modulo(count) => match count {
            Count::Fixed(count) => format!("the shares so far / their sum * {count}"),
            Count::Total(1) => "the shares so far; total is their sum".to_owned(),
            Count::Total(times) => format!("the shares so far * {times}; total is their sum"),
        },
    }
}

/// The parameters of a function, in their order.
pub(super) fn parameters(record: &Record) -> Vec<&'static str> {
    let template = &record.template;
    let by_key = template.has(&Piece::Key) || matches!(record.seed, Seed::OfKey(_));
    let salt = template.has(&Piece::Salt);
    let named = [("key", by_key), ("salt", salt), ("unit", true)];
    named.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name).collect()
}

/// The sum of the shares where the record asks for it: that of a rollout in thousandths of a percent.
pub(super) fn total(record: &Record, purpose: Purpose) -> Option<&'static str> {
    let asks = matches!(record.reduce, Reduce::Scale(Count::Total(_)) | Reduce::Modulo(Count::Total(_)));
    asks.then_some(if purpose == Purpose::Rollout { "100000" } else { "100" })
}

/// The number of buckets as an expression.
pub(super) fn count(count: Count) -> String {
    match count {
        Count::Fixed(count) => count.to_string(),
        Count::Total(1) => "total".to_owned(),
        Count::Total(times) => format!("total * {times}"),
    }
}

/// The same, in brackets where an operator would tear it apart.
pub(super) fn grouped_count(of: Count) -> String {
    match of {
        Count::Total(times) if times > 1 => format!("({})", count(of)),
        _ => count(of),
    }
}

/// The pieces of the text that is hashed: literals in quotes, names as they are.
pub(super) fn pieces(record: &Record, purpose: Purpose) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut literal = String::new();
    let seed = match record.seed {
        Seed::Fixed(seed) | Seed::OfKey(seed) => seed,
    };
    for piece in record.template.pieces() {
        let name = match piece {
            Piece::Key => "key",
            Piece::Salt => "salt",
            Piece::Unit => "unit",
            Piece::Purpose => {
                literal.push_str(purpose.word());
                continue;
            }
            Piece::Seed => {
                literal.push_str(&seed.to_string());
                continue;
            }
            Piece::Text(text) => {
                literal.push_str(text);
                continue;
            }
        };
        if !literal.is_empty() {
            all.push(quoted(&std::mem::take(&mut literal)));
        }
        all.push(name.to_owned());
    }
    if !literal.is_empty() {
        all.push(quoted(&literal));
    }
    all
}

/// Returns a literal that Python, JavaScript and Rust read alike: plain ASCII, all else is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            other => out.extend(other.to_string().escape_unicode()),
        }
    }
    out.push('"');
    out
}

/// The largest number of so many bits.
pub(super) const fn largest(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}
