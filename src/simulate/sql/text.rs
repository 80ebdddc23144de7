//! Texts: how each database writes them, joins them, and compares them character by character.
//!
//! `Redshift` and `MySQL` ignore blanks at the end of what they compare, with `=` and `IN` alike (Amazon Redshift Database
//! Developer Guide, "Examples with character types"; `MySQL` 8.4 Reference Manual, "The binary Collation Compared to _bin
//! Collations"). There a full stop stands behind both sides.

use super::dialect::Dialect;

/// What stands behind both sides of a comparison where blanks at the end would not count.
const END: &str = ".";

impl Dialect {
    /// Tells whether blanks at the end of texts do not count when they are compared.
    const fn ignores_blanks(self) -> bool {
        matches!(self, Self::Redshift | Self::MySql)
    }

    /// Returns what a reader of the query must know of its comparisons.
    pub(super) const fn remark(self) -> Option<&'static str> {
        if self.ignores_blanks() {
            Some(
                "Texts are compared with a full stop behind them: blanks at their end would not count otherwise.",
            )
        } else {
            None
        }
    }

    /// Returns a value as text.
    pub(super) fn text(self, value: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({value} AS text)"),
            Self::DuckDb | Self::Snowflake | Self::Trino => format!("CAST({value} AS VARCHAR)"),
            Self::ClickHouse => format!("toString({value})"),
            Self::Spark | Self::BigQuery => format!("CAST({value} AS STRING)"),
            Self::Redshift => format!("CAST({value} AS VARCHAR(65535))"),
            // Compared byte by byte, whatever the column's collation makes of case and accents.
            Self::MySql => format!("CONVERT({value} USING utf8mb4) COLLATE utf8mb4_bin"),
        }
    }

    /// Returns a key as text; NULL where it is empty, which is no key.
    pub(super) fn key(self, value: &str) -> String {
        if self.ignores_blanks() {
            format!("CASE WHEN length({value}) > 0 THEN {value} END")
        } else {
            format!("NULLIF({value}, '')")
        }
    }

    /// Returns whether a text is missing or empty.
    pub(super) fn is_empty(self, text: &str) -> String {
        if self.ignores_blanks() {
            format!("{text} IS NULL OR length({text}) = 0")
        } else {
            format!("{text} IS NULL OR {text} = ''")
        }
    }

    /// Returns a text as a literal; none if the database would read it otherwise.
    pub(super) fn literal(self, text: &str) -> Option<String> {
        if text.chars().any(char::is_control) {
            return None;
        }
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        Some(match self {
            // Whether a backslash is one depends on a setting: its code is what it is.
            Self::Redshift if text.contains('\\') => {
                let parts: Vec<String> = text.split('\\').map(quoted).collect();
                format!("({})", parts.join(" || CHR(92) || "))
            }
            Self::MySql if text.contains('\\') => {
                let parts: Vec<String> = text.split('\\').map(quoted).collect();
                format!("concat({})", parts.join(", CHAR(92 USING utf8mb4), "))
            }
            Self::Postgres | Self::DuckDb | Self::Trino | Self::Redshift | Self::MySql => quoted(text),
            Self::ClickHouse | Self::Spark | Self::BigQuery | Self::Snowflake => {
                format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
            }
        })
    }

    /// Returns the name of a variation as a literal: letters, digits, `_`, `.` and `-` need no care.
    pub(super) fn name_literal(self, name: &str) -> String {
        match self {
            // Names may differ in case alone, which the usual collations do not see.
            Self::MySql => format!("_binary'{name}'"),
            _ => format!("'{name}'"),
        }
    }

    /// Returns an expression of literals with the type of text: alone a literal of Redshift's has none.
    pub(super) fn typed(self, words: &str) -> String {
        if self == Self::Redshift { format!("CAST({words} AS VARCHAR)") } else { words.to_owned() }
    }

    /// Returns texts one after another.
    pub(super) fn concatenated(self, texts: &[String]) -> String {
        match (texts, self) {
            ([only], _) => only.clone(),
            (_, Self::Postgres | Self::DuckDb | Self::Snowflake | Self::Trino | Self::Redshift) => {
                texts.join(" || ")
            }
            _ => format!("concat({})", texts.join(", ")),
        }
    }

    /// Returns both sides of a comparison of texts; none if the second cannot be written.
    fn sides(self, text: &str, with: &str) -> Option<(String, String)> {
        if self.ignores_blanks() {
            let text = self.concatenated(&[text.to_owned(), format!("'{END}'")]);
            return Some((text, self.literal(&format!("{with}{END}"))?));
        }
        Some((text.to_owned(), self.literal(with)?))
    }

    /// Returns whether a text is one of some; none if one of those cannot be written.
    pub(super) fn is_one_of<'a>(
        self,
        text: &str,
        these: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let sides = these.into_iter().map(|one| self.sides(text, one)).collect::<Option<Vec<_>>>()?;
        let (text, _) = sides.first()?;
        let literals: Vec<&str> = sides.iter().map(|(_, literal)| literal.as_str()).collect();
        Some(format!("{text} IN ({})", literals.join(", ")))
    }

    /// Returns whether a text starts with another; none if that cannot be written.
    pub(super) fn starts(self, text: &str, with: &str) -> Option<String> {
        if with.is_empty() {
            return Some(there(text));
        }
        let literal = self.literal(with)?;
        let length = with.chars().count();
        Some(match self {
            Self::ClickHouse => format!("startsWith({text}, {literal})"),
            Self::BigQuery => format!("STARTS_WITH({text}, {literal})"),
            _ => self.equal(&format!("substr({text}, 1, {length})"), with)?,
        })
    }

    /// Returns whether a text ends with another; none if that cannot be written.
    pub(super) fn ends(self, text: &str, with: &str) -> Option<String> {
        if with.is_empty() {
            return Some(there(text));
        }
        let literal = self.literal(with)?;
        let length = with.chars().count();
        Some(match self {
            Self::ClickHouse => format!("endsWith({text}, {literal})"),
            Self::BigQuery => format!("ENDS_WITH({text}, {literal})"),
            Self::Trino => self.equal(&format!("substr({text}, -{length})"), with)?,
            _ => self.equal(&format!("right({text}, {length})"), with)?,
        })
    }

    /// Returns whether a text contains another; none if that cannot be written.
    pub(super) fn contains(self, text: &str, what: &str) -> Option<String> {
        if what.is_empty() {
            return Some(there(text));
        }
        let literal = self.literal(what)?;
        Some(match self {
            Self::ClickHouse => format!("position({text}, {literal}) > 0"),
            Self::Spark => format!("instr({text}, {literal}) > 0"),
            Self::Snowflake => format!("POSITION({literal}, {text}) > 0"),
            Self::MySql => format!("locate({literal}, {text}) > 0"),
            _ => format!("strpos({text}, {literal}) > 0"),
        })
    }

    fn equal(self, text: &str, with: &str) -> Option<String> {
        let (text, literal) = self.sides(text, with)?;
        Some(format!("{text} = {literal}"))
    }
}

/// What every text starts and ends with and contains: true of a text, unknown of what is missing, as other comparisons.
fn there(text: &str) -> String {
    format!("{text} = {text}")
}
