//! The sanitiser: whatever comes in, nothing goes out that a terminal or a CI system obeys, and JSON keeps it.

use ffctl::error::{Diagnostic, Error, Kind};
use ffctl::output::{Screen, failure, foreign, note, sanitize};
use ffctl::report::{FailureReport, Note};

use super::inert::{assert_inert, assert_unarmed};

/// Any text where people read.
pub fn sanitiser(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let shown = sanitize(&text).into_owned();
    assert_inert(&shown);
    assert!(!shown.contains('\n'));
    assert_eq!(sanitize(&shown), shown.as_str(), "once is enough");
    let diagnostic = Diagnostic {
        file: text.to_string(),
        line: 1,
        column: 1 + text.chars().count() / 2,
        text: text.to_string(),
        width: 3,
        message: text.to_string(),
        fix: Some(text.to_string()),
        code: None,
    };
    let error = Error::in_file(&text, vec![diagnostic]).caused_by(text.to_string()).hint(&*text);
    let report = FailureReport::from(&error);
    for width in [None, Some(20), Some(80)] {
        let screen = Screen { width, color: false, unicode: width != Some(80), ci: true };
        for shown in [
            failure(&report, false, &screen),
            note(&Note::new(text.to_string()).hint(text.to_string()), &screen),
            foreign(&text, screen),
        ] {
            assert_inert(&shown);
            assert_unarmed(&shown);
        }
    }
    let json = failure(&report, true, &Screen { ci: true, ..Screen::default() });
    assert_inert(&json);
    assert_unarmed(&json);
    assert_eq!(json.lines().count(), 1, "one object on one line");
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read["error"]["causes"][0], *text, "and whole");
    let _ = Error::new(Kind::Usage, text.to_string()).to_string();
}
