//! What is fuzzed: each function takes any bytes and panics where the program would break a promise.
//!
//! `fuzz_targets/` hands them to the fuzzer; `tests/fuzz.rs` of the program runs every file of `corpus/` through
//! the same functions. No promise is checked here that a unit test states better for chosen values.

mod admin_url;
mod cache_file;
mod clauses;
mod conditions;
mod context;
mod evaluation;
mod flags_toml;
mod headers;
mod inert;
mod literals;
mod population;
mod sanitiser;
mod splice;
mod variables;
mod wire;

pub use admin_url::admin_url;
pub use cache_file::cache_file;
pub use clauses::clauses;
pub use conditions::conditions;
pub use context::context;
pub use flags_toml::flags_toml;
pub use headers::headers;
pub use literals::literals;
pub use population::population;
pub use sanitiser::sanitiser;
pub use splice::splice;
pub use variables::variables;
pub use wire::wire;

/// A target: any bytes in, a panic where a promise is broken.
pub type Target = fn(&[u8]);

/// Every target with its name, which is the name of its folder in `corpus/`.
pub const TARGETS: [(&str, Target); 13] = [
    ("admin_url", admin_url),
    ("cache_file", cache_file),
    ("clauses", clauses),
    ("conditions", conditions),
    ("context", context),
    ("flags_toml", flags_toml),
    ("headers", headers),
    ("literals", literals),
    ("population", population),
    ("sanitiser", sanitiser),
    ("splice", splice),
    ("variables", variables),
    ("wire", wire),
];

/// Returns the bytes as text and the rest behind its first line.
fn first_line(data: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(data).ok()?;
    Some(text.split_once('\n').unwrap_or((text, "")))
}
