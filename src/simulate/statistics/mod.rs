//! What counts mean: tests, intervals and bounds, each as a plain function of counts.
//!
//! Small probabilities are computed themselves, never as one minus their complement. Logarithms and exponentials
//! are `libm`'s, so that all systems say the same. Agreement with `SciPy` is tested to 1e-9, tails included
//! (`tests/statistics.rs`).
//!
//! Knows nothing of populations, flags or experiments: whoever asks has counted already.

mod association;
mod beta;
mod chi_square;
mod clopper_pearson;
mod effective;
mod failure_bound;
mod normal;
mod power;
mod sample_ratio;
mod sequential;
mod stirling;
mod wilson;

pub use association::{Association, association};
pub use chi_square::survival;
pub use clopper_pearson::clopper_pearson;
pub use effective::{design_effect, effective_size};
pub use failure_bound::{failure_bound, rule_of_three};
pub use normal::{normal_quantile, normal_survival};
pub use power::{Power, PowerComparison};
pub use sample_ratio::{SampleRatio, sample_ratio};
pub use sequential::{SequentialRatio, sequential_ratio, sequential_ratio_of_groups};
pub use wilson::{Interval, wilson};
