//! How each database says the same.

use crate::bucket::Hash;

/// A database's SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `PostgreSQL`, from 11 on.
    Postgres,
    /// `DuckDB`.
    DuckDb,
    /// `ClickHouse`.
    ClickHouse,
    /// Spark, and Databricks.
    Spark,
    /// `BigQuery`.
    BigQuery,
    /// Snowflake.
    Snowflake,
    /// Trino, and Athena.
    Trino,
    /// Redshift.
    Redshift,
    /// `MySQL`, from 8 on.
    MySql,
}

impl Dialect {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Postgres,
        Self::DuckDb,
        Self::ClickHouse,
        Self::Spark,
        Self::BigQuery,
        Self::Snowflake,
        Self::Trino,
        Self::Redshift,
        Self::MySql,
    ];

    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::DuckDb => "duckdb",
            Self::ClickHouse => "clickhouse",
            Self::Spark => "spark",
            Self::BigQuery => "bigquery",
            Self::Snowflake => "snowflake",
            Self::Trino => "trino",
            Self::Redshift => "redshift",
            Self::MySql => "mysql",
        }
    }

    /// Returns its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::DuckDb => "DuckDB",
            Self::ClickHouse => "ClickHouse",
            Self::Spark => "Spark",
            Self::BigQuery => "BigQuery",
            Self::Snowflake => "Snowflake",
            Self::Trino => "Trino",
            Self::Redshift => "Redshift",
            Self::MySql => "MySQL",
        }
    }

    /// Returns the name of a column, quoted where it must be.
    pub(super) fn column(self, name: &str) -> String {
        let plain = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_');
        if plain && !RESERVED.contains(&name) {
            return name.to_owned();
        }
        match self {
            Self::Spark | Self::BigQuery | Self::ClickHouse | Self::MySql => {
                format!("`{}`", name.replace('`', "``"))
            }
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Returns the digest of a text in UTF-8, in lower-case hexadecimal digits.
    pub(super) fn hex(self, hash: Hash, text: &str) -> Result<String, &'static str> {
        let name = match hash {
            Hash::Sha256 => "sha256",
            Hash::Sha1 => "sha1",
            Hash::Md5 => "md5",
            _ => return Err("hashes with what databases do not have"),
        };
        Ok(match (self, hash) {
            (Self::Postgres, Hash::Sha256) => format!("encode(sha256(convert_to({text}, 'UTF8')), 'hex')"),
            // In the extension pgcrypto.
            (Self::Postgres, Hash::Sha1) => {
                format!("encode(digest(convert_to({text}, 'UTF8'), 'sha1'), 'hex')")
            }
            (Self::ClickHouse, _) => format!("lower(hex({}({text})))", name.to_uppercase()),
            (Self::BigQuery, _) => format!("TO_HEX({}({text}))", name.to_uppercase()),
            (Self::Trino, _) => format!("lower(to_hex({name}(to_utf8({text}))))"),
            (Self::Spark | Self::Snowflake | Self::Redshift, Hash::Sha256) => format!("sha2({text}, 256)"),
            (Self::MySql, Hash::Sha256) => format!("sha2(CONVERT({text} USING utf8mb4), 256)"),
            (Self::MySql, _) => format!("{name}(CONVERT({text} USING utf8mb4))"),
            _ => format!("{name}({text})"),
        })
    }

    /// Returns the number that `digits` (1..=15) hexadecimal digits of `hex` are, from the digit `from` (from 1) on.
    pub(super) fn number(self, hex: &str, from: u32, digits: u32) -> String {
        let part = match self {
            Self::ClickHouse => format!("substring({hex}, {from}, {digits})"),
            _ => format!("substr({hex}, {from}, {digits})"),
        };
        let zeros = "0".repeat(16 - digits as usize);
        match self {
            Self::Postgres => format!("('x{zeros}' || {part})::bit(64)::bigint"),
            Self::DuckDb => format!("CAST('0x' || {part} AS BIGINT)"),
            Self::ClickHouse => {
                format!("toInt64(reinterpretAsUInt64(reverse(unhex(concat('{zeros}', {part})))))")
            }
            Self::Spark => format!("CAST(conv({part}, 16, 10) AS BIGINT)"),
            Self::BigQuery => format!("CAST(CONCAT('0x', {part}) AS INT64)"),
            Self::Snowflake => format!("TO_NUMBER({part}, '{}')", "X".repeat(digits as usize)),
            Self::Trino => format!("from_base({part}, 16)"),
            Self::Redshift => format!("STRTOL({part}, 16)"),
            Self::MySql => format!("CAST(conv({part}, 16, 10) AS SIGNED)"),
        }
    }

    /// Returns a number without its last `bits` bits.
    pub(super) fn shifted(self, number: &str, bits: u32) -> String {
        match self {
            Self::Postgres | Self::DuckDb | Self::BigQuery | Self::Redshift | Self::MySql => {
                format!("({number}) >> {bits}")
            }
            Self::ClickHouse => format!("bitShiftRight({number}, {bits})"),
            Self::Spark => format!("shiftright({number}, {bits})"),
            Self::Snowflake => format!("BITSHIFTRIGHT({number}, {bits})"),
            Self::Trino => format!("bitwise_right_shift({number}, {bits})"),
        }
    }

    /// Returns a remainder.
    pub(super) fn remainder(self, number: &str, of: u64) -> String {
        match self {
            Self::BigQuery => format!("MOD({number}, {of})"),
            _ => format!("({number}) % {of}"),
        }
    }

    /// Returns what keeps a subquery from being computed again at each use of what it answers.
    pub(super) const fn fence(self) -> &'static str {
        match self {
            Self::Postgres => " OFFSET 0",
            _ => "",
        }
    }
}

/// Names of columns that are words of SQL in one of the databases.
const RESERVED: [&str; 20] = [
    "all", "case", "column", "date", "desc", "end", "from", "group", "groups", "index", "key", "limit",
    "order", "rank", "row", "rows", "table", "time", "user", "when",
];
