//! What a column of a Parquet file holds, and how the header of the rows says so.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type};

/// What a value of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Bool,
    Integer,
    /// A whole number without a sign, kept in the same bits as one with a sign.
    Unsigned,
    Float,
    /// A whole number in as many thousandths (or so) as the scale says.
    Decimal {
        scale: usize,
    },
    Text,
    Json,
    Date,
    /// A time, in so many of these a second.
    Time {
        a_second: i64,
    },
    Uuid,
}

/// A column that becomes an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its number among the leaves of the schema.
    pub(super) leaf: usize,
    /// Its path: `plan`, or `org.plan` for a field of a group.
    pub(super) name: String,
    pub(super) holds: Holds,
    /// Whether each row has a list of values.
    pub(super) list: bool,
}

impl Column {
    /// Returns the columns that can be attributes: single values, and lists of them. Maps, lists of groups and bytes
    /// that are no text cannot.
    pub(super) fn all(schema: &SchemaDescriptor) -> Vec<Self> {
        let columns = schema.columns().iter().enumerate();
        columns.filter_map(|(leaf, column)| Self::of(leaf, column, schema.root_schema())).collect()
    }

    fn of(leaf: usize, column: &ColumnDescriptor, root: &Type) -> Option<Self> {
        let holds = holds(column)?;
        let parts = column.path().parts();
        let list = column.max_rep_level() > 0;
        let named = match column.max_rep_level() {
            0 => parts,
            1 => list_path(parts, root)?,
            _ => return None,
        };
        Some(Self { leaf, name: named.join("."), holds, list })
    }

    /// Returns what its values are, if they cannot be a user's key.
    pub(super) const fn is_no_key(&self) -> Option<&'static str> {
        match self.holds {
            _ if self.list => Some("lists"),
            Holds::Bool => Some("booleans"),
            Holds::Json => Some("JSON"),
            _ => None,
        }
    }

    /// Returns its cell of the header.
    pub(super) fn header(&self) -> String {
        let word = match self.holds {
            _ if self.list => "json",
            Holds::Bool | Holds::Integer => return self.name.clone(),
            Holds::Unsigned | Holds::Float | Holds::Decimal { .. } => "number",
            Holds::Json => "json",
            Holds::Text | Holds::Date | Holds::Time { .. } | Holds::Uuid => "string",
        };
        format!("{}:{word}", self.name)
    }
}

/// Says what a field holds that is no column here.
pub(super) fn words(field: &Type) -> &'static str {
    let logical = field.get_basic_info().logical_type_ref();
    let converted = field.get_basic_info().converted_type();
    match converted {
        _ if field.is_primitive() && matches!(logical, Some(LogicalType::Time(_))) => "times of day",
        _ if field.is_primitive() => "bytes that are no text",
        ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE => "maps",
        ConvertedType::LIST => "lists",
        _ => "structs",
    }
}

/// Returns the path of a list without what only makes it one: `tags` of `tags.list.element`.
fn list_path<'a>(parts: &'a [String], root: &Type) -> Option<&'a [String]> {
    let mut node = root;
    for (at, part) in parts.iter().enumerate() {
        node = node.get_fields().iter().find(|field| field.name() == part)?;
        let info = node.get_basic_info();
        if info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED {
            let single = node.is_primitive() || node.get_fields().len() == 1;
            // A repeated leaf is a list by its own name; a repeated group is one within the group that is named.
            let named = if node.is_primitive() && at == 0 { 1 } else { at };
            return (single && parts.len() - at <= 2).then(|| parts.get(..named)).flatten();
        }
    }
    None
}

fn holds(column: &ColumnDescriptor) -> Option<Holds> {
    let scale = || usize::try_from(column.type_scale()).ok();
    let (physical, converted) = (column.physical_type(), column.converted_type());
    let logical = column.logical_type_ref();
    if matches!(logical, Some(LogicalType::Decimal(_))) || converted == ConvertedType::DECIMAL {
        return match physical {
            Physical::INT32 | Physical::INT64 | Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => {
                Some(Holds::Decimal { scale: scale()? })
            }
            _ => None,
        };
    }
    Some(match physical {
        Physical::BOOLEAN => Holds::Bool,
        Physical::FLOAT | Physical::DOUBLE => Holds::Float,
        Physical::INT96 => Holds::Time { a_second: 1_000_000_000 },
        Physical::INT32 | Physical::INT64 => match (logical, converted) {
            (Some(LogicalType::Timestamp(time)), _) => Holds::Time {
                a_second: match time.unit {
                    TimeUnit::MILLIS => 1_000,
                    TimeUnit::MICROS => 1_000_000,
                    TimeUnit::NANOS => 1_000_000_000,
                },
            },
            (_, ConvertedType::TIMESTAMP_MILLIS) => Holds::Time { a_second: 1_000 },
            (_, ConvertedType::TIMESTAMP_MICROS) => Holds::Time { a_second: 1_000_000 },
            (_, ConvertedType::DATE) => Holds::Date,
            // A time of day is compared with nothing that a rule can say.
            (Some(LogicalType::Time(_)), _) => return None,
            (
                _,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
            ) => Holds::Unsigned,
            _ => Holds::Integer,
        },
        Physical::BYTE_ARRAY => match converted {
            ConvertedType::JSON => Holds::Json,
            ConvertedType::BSON => return None,
            // Older writers do not say that bytes are text.
            _ => Holds::Text,
        },
        Physical::FIXED_LEN_BYTE_ARRAY => match logical {
            Some(LogicalType::Uuid) => Holds::Uuid,
            _ => return None,
        },
    })
}
