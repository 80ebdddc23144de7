//! flags.toml: it reads, or every mistake has its place; what reads can be evaluated.

use ffctl::error::Error;
use ffctl::flagfile::{FlagFile, splice};
use ffctl::model::Context;
use ffctl::output::{Screen, failure};
use ffctl::report::FailureReport;

use super::evaluation::evaluate_all;
use super::inert::assert_inert;

/// Any text as a flags.toml.
pub fn flags_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match FlagFile::parse("flags.toml", text.to_owned()) {
        Ok(file) => {
            evaluate_all(file.definitions(), &Context::user("u-1"));
            evaluate_all(file.definitions(), &Context::default());
            assert_eq!(splice(&file, &[]).as_deref(), Ok(text), "no edit changes nothing");
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "what does not read has a mistake");
            for mistake in &mistakes {
                let length = mistake.text.chars().count();
                assert!(mistake.line >= 1 && mistake.width >= 1, "{mistake:?}");
                assert!((1..=length + 1).contains(&mistake.column), "{mistake:?}");
                let line = text.split('\n').nth(mistake.line - 1).expect("a line of the text");
                assert!(line.contains(&mistake.text), "{mistake:?} in {line:?}");
                assert!(!mistake.message.is_empty(), "{mistake:?}");
            }
            assert!(
                mistakes
                    .windows(2)
                    .all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column)),
                "in the order of the file"
            );
            let report = FailureReport::from(&Error::in_file("flags.toml", mistakes));
            let screen = Screen { width: Some(80), unicode: true, ..Screen::default() };
            assert_inert(&failure(&report, false, &screen));
        }
    }
}
