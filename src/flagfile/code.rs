//! The kinds of mistakes that have a name of their own; all others are mistakes of the file.

/// `rollout = 0.25`: a fraction where a percentage is meant.
pub const FRACTION_AS_PERCENTAGE: &str = "fraction-as-percentage";
/// Two flags with one variable.
pub const COLLIDING_VARIABLES: &str = "colliding-variables";
/// Prerequisites or segments that refer to each other in a circle.
pub const CIRCULAR_REFERENCE: &str = "circular-reference";
/// A key that would configure the tool.
pub const MISPLACED_SETTING: &str = "misplaced-setting";
