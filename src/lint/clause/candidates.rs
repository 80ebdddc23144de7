//! Values worth trying: those that clauses name, and their neighbours on both sides.

use semver::{BuildMetadata, Prerelease, Version};

use crate::model::{Clause, Number, Timestamp, Value};

/// Returns values of which one satisfies the clauses if any does, as long as each compares numbers, times or
/// versions, or names its values outright: between two bounds that leave room lies one of these.
pub(super) fn candidates(clauses: &[&Clause]) -> Vec<Value> {
    let named: Vec<&Value> = clauses.iter().flat_map(|clause| &clause.values).collect();
    let mut all: Vec<Value> = named.iter().map(|value| (*value).clone()).collect();
    let mut numbers: Vec<f64> = Vec::new();
    for value in named {
        match value {
            Value::Number(number) => numbers.push(of_number(*number)),
            Value::Text(text) => {
                numbers.extend(
                    Timestamp::parse(text).ok().map(|time| of_number(Number::Integer(time.millis()))),
                );
                all.extend(
                    Version::parse(text)
                        .iter()
                        .flat_map(around)
                        .map(|version| Value::Text(version.to_string())),
                );
            }
            _ => {}
        }
    }
    numbers.sort_by(f64::total_cmp);
    let between = numbers.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect::<Vec<_>>();
    let beside = numbers.iter().flat_map(|number| [number - 1.0, number + 1.0]).collect::<Vec<_>>();
    let whole =
        beside.iter().chain(&between).flat_map(|number| [number.floor(), number.ceil()]).collect::<Vec<_>>();
    let times = numbers.iter().copied();
    all.extend(times.chain(between).chain(beside).chain(whole).map(number));
    all
}

#[expect(clippy::cast_precision_loss, reason = "a neighbour a little off is still a neighbour")]
fn of_number(number: Number) -> f64 {
    match number {
        Number::Integer(number) => number as f64,
        Number::Float(number) => number,
    }
}

fn number(number: f64) -> Value {
    let number = Number::Float(number);
    Value::Number(number.whole().map_or(number, Number::Integer))
}

/// Returns versions just below and above one.
fn around(version: &Version) -> Vec<Version> {
    let pre = |base: &Version, pre: &str| {
        Prerelease::new(pre).ok().map(|pre| Version { pre, build: BuildMetadata::EMPTY, ..base.clone() })
    };
    let next = Version::new(version.major, version.minor, version.patch.saturating_add(1));
    let later = format!("{}.0", version.pre);
    let beside = if version.pre.is_empty() { pre(version, "0") } else { pre(version, &later) };
    let lowest = pre(&Version::new(0, 0, 0), "0");
    [beside, pre(&next, "0"), Some(next), lowest].into_iter().flatten().collect()
}
