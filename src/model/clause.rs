//! Clauses of targeting rules: an attribute, an operator, wanted values.

use std::fmt;

use super::context::ContextKind;
use super::value::Value;

/// One condition on a context.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The context kind that it asks.
    pub kind: ContextKind,
    /// The attribute; `key` is the key. Of no meaning for [`Operator::Segment`].
    pub attribute: String,
    /// How to compare.
    pub operator: Operator,
    /// The wanted values, of which one must match; segment names for [`Operator::Segment`].
    pub values: Vec<Value>,
    /// Turns the answer round, after "any element of an array matches".
    pub negate: bool,
}

impl Clause {
    /// Returns the wanted values in words: text in quotes, a comma between.
    pub fn wanted(&self) -> String {
        let values: Vec<String> = self.values.iter().map(Value::in_words).collect();
        values.join(", ")
    }
}

/// Writes the clause in words: `email_domain is "agpt.co"`, `not (is in segment "employee")`.
impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.operator {
            Operator::Segment => String::new(),
            _ if self.kind.is_user() => format!("{} ", self.attribute),
            _ => format!("{}.{} ", self.kind, self.attribute),
        };
        let several = self.values.len() > 1;
        let reads = match (self.operator, several) {
            (Operator::In, false) => "is",
            (Operator::Segment, true) => "is in one of the segments",
            (operator, _) => operator.reads(),
        };
        let text = format!("{subject}{reads} {}", self.wanted());
        f.pad(&if self.negate { format!("not ({text})") } else { text })
    }
}

macro_rules! operators {
    ($($variant:ident $word:literal $reads:literal $doc:literal,)*) => {
        /// How a clause compares.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator {
            $(#[doc = $doc] $variant,)*
        }

        impl Operator {
            /// Every operator, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the operator's word in flags.toml.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Returns how the operator reads in a sentence, such as `is less than`.
            pub const fn reads(self) -> &'static str {
                match self { $(Self::$variant => $reads,)* }
            }

            /// Returns the operator of a word in flags.toml.
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

operators! {
    In "in" "is one of" "Equal to one of the values, of the same type.",
    StartsWith "starts_with" "starts with" "Text that starts with one of the values.",
    EndsWith "ends_with" "ends with" "Text that ends with one of the values.",
    Contains "contains" "contains" "Text that contains one of the values.",
    Matches "matches" "matches" "Text in which one of the regular expressions finds a match.",
    LessThan "less_than" "is less than" "A number below the value.",
    LessThanOrEqual "less_than_or_equal" "is at most" "A number not above the value.",
    GreaterThan "greater_than" "is greater than" "A number above the value.",
    GreaterThanOrEqual "greater_than_or_equal" "is at least" "A number not below the value.",
    Before "before" "is before" "A time before the value; RFC 3339 or epoch milliseconds.",
    After "after" "is after" "A time after the value; RFC 3339 or epoch milliseconds.",
    SemverEqual "semver_equal" "is version" "A semantic version equal to the value.",
    SemverLessThan "semver_less_than" "is a version below" "A semantic version below the value.",
    SemverGreaterThan "semver_greater_than" "is a version above" "A semantic version above the value.",
    Segment "segment" "is in segment" "A member of one of the segments named.",
}
