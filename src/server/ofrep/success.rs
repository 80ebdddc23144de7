//! An evaluation in the words of the protocol.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};

use crate::layer::Source;
use crate::model::{Reason, Value};

/// A reason of the `OpenFeature` specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = OfrepReason)]
pub(super) enum Word {
    /// Everyone gets it.
    Static,
    /// Nothing matched, or another flag does not serve what this one needs.
    Default,
    /// The user, the organisation or a rule matched.
    TargetingMatch,
    /// The bucket decided.
    Split,
    /// The flag is off.
    Disabled,
}

impl Word {
    /// Returns the word of a reason; none for an error, which is no success.
    pub(super) const fn of(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::Static => Self::Static,
            Reason::Default | Reason::PrerequisiteFailed => Self::Default,
            Reason::TargetingMatch => Self::TargetingMatch,
            Reason::Split => Self::Split,
            Reason::Disabled => Self::Disabled,
            Reason::Error(_) => return None,
        })
    }
}

/// What a flag serves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfrepSuccess)]
pub(super) struct Success<'a> {
    /// The flag.
    pub(super) key: &'a str,
    /// The value.
    #[schema(schema_with = value_schema)]
    pub(super) value: &'a Value,
    /// Why.
    pub(super) reason: Word,
    /// The variation.
    pub(super) variant: &'a str,
    /// What else is known, as hooks and telemetry take it.
    pub(super) metadata: Metadata,
}

/// What else is known of an evaluation: flat, as the protocol wants it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfrepMetadata)]
pub(super) struct Metadata {
    /// The layer that sets the flag's switch: `default`, `env` or `admin`.
    #[schema(value_type = String)]
    pub(super) source: Source,
    /// The number of the last change of the flag in the journal; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Why nothing but the key is known of the user, where the server asks a user directory: `no_such_user` or `failed`;
    /// absent where there is a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) directory: Option<&'static str>,
    /// The rule that decided, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<usize>,
    /// `prerequisite_failed`, where another flag does not serve what this one needs: the protocol has no such reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
}

/// The types that the protocol has for values: it knows no lists and no null.
fn value_schema() -> Schema {
    let of = |kind: Type| ObjectBuilder::new().schema_type(SchemaType::Type(kind));
    OneOfBuilder::new()
        .item(of(Type::Boolean))
        .item(of(Type::String))
        .item(of(Type::Number))
        .item(of(Type::Object))
        .description(Some("the value of the variation"))
        .into()
}
