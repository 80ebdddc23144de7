//! Conditions on a forecast, for CI: `share>30%`, `leaves>0`.

use std::cmp::Ordering;
use std::fmt;

use crate::error::did_you_mean;
use crate::model::{Weight, WeightError};

use super::forecast::Forecast;

/// What a condition asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The share of users that are in at the last stage; compared with a percentage.
    Share,
    /// How many users are in at the last stage.
    On,
    /// How many join between the first stage and the last.
    Joins,
    /// How many leave.
    Leaves,
    /// How many switch.
    Switches,
    /// How many evaluations ended in an error, at the first stage or the last.
    Errors,
}

impl Metric {
    /// Every metric with its word.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Share, "share"),
        (Self::On, "on"),
        (Self::Joins, "joins"),
        (Self::Leaves, "leaves"),
        (Self::Switches, "switches"),
        (Self::Errors, "errors"),
    ];

    /// Returns the count that the metric stands for.
    pub fn of(self, forecast: &Forecast) -> u64 {
        let counts = forecast.overall.as_ref().map(|overall| overall.counts).unwrap_or_default();
        let last = forecast.stages.last();
        match self {
            Self::Share | Self::On => last.map_or(0, |stage| stage.inside),
            Self::Joins => counts.joins,
            Self::Leaves => counts.leaves,
            Self::Switches => counts.switches,
            Self::Errors if forecast.overall.is_some() => counts.errors,
            Self::Errors => last.map_or(0, |stage| stage.missing_key + stage.invalid),
        }
    }
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
}

impl Comparison {
    /// Every comparison with its sign, longer signs first.
    const ALL: [(Self, &'static str); 6] = [
        (Self::AtLeast, ">="),
        (Self::AtMost, "<="),
        (Self::Equal, "=="),
        (Self::Above, ">"),
        (Self::Below, "<"),
        (Self::Equal, "="),
    ];

    /// Tells whether what is compared stands so to what it is compared with.
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
        }
    }

    /// Returns the sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
        }
    }
}

/// What a condition compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// So many users.
    Users(u64),
    /// So large a part of all rows.
    Part(Weight),
}

/// A condition on a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is compared.
    pub metric: Metric,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub threshold: Threshold,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// No comparison in it: perhaps a shell took the `>` for a redirection.
    #[error("`{0}` is not a condition: write it in quotes, such as 'share>30%'")]
    NoComparison(String),
    /// An unknown metric.
    #[error("`{name}` is not one of share, on, joins, leaves, switches, errors")]
    Metric {
        /// What stood there.
        name: String,
        /// What may have been meant.
        hint: Option<String>,
    },
    /// A share compared with a bare number.
    #[error("a share is compared with a percentage: `share{sign}{number}%`?")]
    BareShare {
        /// The comparison.
        sign: &'static str,
        /// The number.
        number: String,
    },
    /// What stands behind the comparison is neither a number of users nor a percentage.
    #[error("`{0}` is neither a number of users nor a percentage")]
    Number(String),
    /// A percentage that is none.
    #[error(transparent)]
    Percentage(#[from] WeightError),
}

impl ConditionError {
    /// Returns what to write instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Metric { hint: Some(hint), .. } => hint.clone(),
            Self::BareShare { sign, number } => format!("write 'share{sign}{number}%'"),
            _ => "write a condition such as 'share>30%' or 'leaves>0', or srm".to_owned(),
        }
    }
}

impl Condition {
    /// Reads a condition: a metric, a comparison (`>`, `>=`, `<`, `<=`, `=`), and a number of users or a
    /// percentage of all rows. Blanks between them are ignored.
    ///
    /// # Errors
    /// When one of the three is missing or wrong.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let Some(at) = text.find(['<', '>', '=']) else {
            return Err(ConditionError::NoComparison(text.to_owned()));
        };
        let (name, rest) = text.split_at(at);
        let name = name.trim();
        let found = Comparison::ALL
            .iter()
            .find_map(|(comparison, sign)| rest.strip_prefix(sign).map(|value| (*comparison, value.trim())));
        let Some((comparison, value)) = found else {
            return Err(ConditionError::NoComparison(text.to_owned()));
        };
        let metric = Metric::ALL.iter().find(|(_, word)| *word == name).map(|(metric, _)| *metric);
        let metric = metric.ok_or_else(|| ConditionError::Metric {
            name: name.to_owned(),
            hint: did_you_mean(name, Metric::ALL.iter().map(|(_, word)| *word)),
        })?;
        let threshold = if value.ends_with('%') {
            Threshold::Part(Weight::parse(value)?)
        } else if metric == Metric::Share {
            return Err(ConditionError::BareShare { sign: comparison.sign(), number: value.to_owned() });
        } else {
            let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            let users = value.parse().ok().filter(|_| plain);
            Threshold::Users(users.ok_or_else(|| ConditionError::Number(value.to_owned()))?)
        };
        Ok(Self { metric, comparison, threshold })
    }

    /// Tells whether the condition holds. Percentages are compared exactly, without rounding.
    pub fn holds(&self, forecast: &Forecast) -> bool {
        self.compares(self.metric.of(forecast), forecast.intake.rows)
    }

    fn compares(&self, count: u64, rows: u64) -> bool {
        let order = match self.threshold {
            Threshold::Users(users) => count.cmp(&users),
            Threshold::Part(weight) => {
                let whole = u128::from(rows) * u128::from(weight.thousandths());
                (u128::from(count) * u128::from(Weight::TOTAL)).cmp(&whole)
            }
        };
        self.comparison.holds(order)
    }
}

/// Writes what [`Condition::parse`] reads.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word =
            Metric::ALL.iter().find(|(metric, _)| *metric == self.metric).map_or("", |(_, word)| *word);
        write!(f, "{word}{}", self.comparison.sign())?;
        match self.threshold {
            Threshold::Users(users) => write!(f, "{users}"),
            Threshold::Part(weight) => write!(f, "{weight}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compares(text: &str, count: u64, rows: u64) -> bool {
        Condition::parse(text).expect("a condition").compares(count, rows)
    }

    #[test]
    fn conditions_compare_exactly() {
        assert!(compares("share>30%", 301, 1000) && !compares("share>30%", 300, 1000));
        assert!(compares("share >= 30%", 300, 1000) && !compares("share<30%", 300, 1000));
        assert!(compares("share=33.333%", 33_333, 100_000) && !compares("share=33.333%", 1, 3));
        assert!(compares("leaves>0", 1, 10) && !compares("leaves>0", 0, 10));
        assert!(compares("joins<=5%", 5, 100) && compares("switches==0", 0, 1) && compares("errors<1", 0, 1));
    }

    #[test]
    fn conditions_read_back() {
        for text in ["share>30%", "on>=7", "joins<0.5%", "leaves<=0", "switches=3", "errors>0"] {
            assert_eq!(Condition::parse(text).map(|condition| condition.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_condition_says_why() {
        let error = |text: &str| Condition::parse(text).map_err(|error| error.to_string()).expect_err("none");
        assert_eq!(error("share"), "`share` is not a condition: write it in quotes, such as 'share>30%'");
        let unknown = Condition::parse("shares>3%").expect_err("no metric");
        assert_eq!(unknown.hint(), "did you mean `share`?");
        assert_eq!(error("share>30"), "a share is compared with a percentage: `share>30%`?");
        assert_eq!(error("joins>many"), "`many` is neither a number of users nor a percentage");
        assert_eq!(error("joins>"), "`` is neither a number of users nor a percentage");
        assert_eq!(error("joins>+5"), "`+5` is neither a number of users nor a percentage");
        assert_eq!(error("share>101%"), "`101%` is above 100%");
    }
}
