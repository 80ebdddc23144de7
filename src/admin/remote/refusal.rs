//! From a status that is no success to what a person can do.

use reqwest::StatusCode;

use crate::error::{Error, Kind};
use crate::layer::TargetLabel;

use super::answer::Answer;

/// What was asked for, in the messages.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked<'a> {
    /// Its flags, or another route that every server has.
    Everything,
    /// One flag.
    Flag(&'a str),
    /// Several flags at once.
    Flags,
    /// The journal.
    Journal,
}

/// Returns the error of an answer that is no success. For a change, call [`outcome_is_unknown`] first.
pub(super) fn refusal(label: &TargetLabel, asked: Asked<'_>, answer: &Answer) -> Error {
    let status = answer.status;
    let said = answer.explanation().map(|text| format!(": {text}")).unwrap_or_default();
    let times =
        if answer.attempts > 1 { format!(", asked {} times", answer.attempts) } else { String::new() };
    let error = |kind, what: &str| Error::new(kind, format!("{label}: {what} ({status}{times}){said}"));
    // What stands in the way of a change means nothing to a question.
    let is_question = matches!(asked, Asked::Everything | Asked::Journal);
    let option = label.profile.as_ref().map(|name| format!(" --profile {name}")).unwrap_or_default();
    let list = format!("`ffctl list{option}` shows its flags");
    match status.as_u16() {
        401 => {
            let (what, old) = match answer.secret {
                None => ("it asks for a token and there is none", "FFCTL_TOKEN_FILE names the file of one"),
                Some(_) => ("it does not accept the token", "is the token file up to date?"),
            };
            error(Kind::Credentials, what).hint(match &label.profile {
                Some(name) => format!("ffctl login --profile {name}"),
                None => old.to_owned(),
            })
        }
        403 => error(Kind::Credentials, "the token does not allow this")
            .hint("ask for the right, or use another token"),
        404 | 410 => match asked {
            Asked::Flag(flag) => error(Kind::Unknown, &format!("it knows no flag `{flag}`")).hint(&*list),
            Asked::Flags => error(Kind::Unknown, "it does not know one of the flags").hint(&*list),
            Asked::Journal => error(Kind::Unreachable, "it keeps no journal"),
            Asked::Everything => {
                error(Kind::Unreachable, "there is no admin API at this address").hint("is the url right?")
            }
        },
        400 | 409 | 412 | 422 | 428 if is_question => {
            let kind = if matches!(status.as_u16(), 400 | 422) { Kind::Invalid } else { Kind::Conflict };
            error(kind, "it does not accept the question")
        }
        409 | 412 => error(Kind::Conflict, "it was changed meanwhile"),
        428 => error(Kind::Conflict, "it takes no change without the version that it is based on"),
        400 | 422 => error(Kind::Invalid, "it does not accept the change"),
        429 => {
            let when = answer.come_back().unwrap_or_else(|| "later".to_owned());
            error(Kind::Unreachable, &format!("too many requests, come back {when}"))
                .again_after(answer.wait().unwrap_or_default())
        }
        503 => match answer.come_back() {
            Some(when) => error(Kind::Unreachable, &format!("it is not available, come back {when}")),
            None => error(Kind::Unreachable, "it is not available"),
        },
        405 | 501 => error(Kind::Unreachable, "it does not offer this"),
        500..=599 => error(Kind::Unreachable, "it failed"),
        _ => error(Kind::Unreachable, "it answers something that is not the admin API"),
    }
}

/// Returns whether a change may have happened although the answer is no success: a gateway lost the server's
/// answer, or the server failed on the way. 501, 503 and 505 come before anything is done.
pub(super) fn outcome_is_unknown(status: StatusCode) -> bool {
    matches!(status.as_u16(), 303 | 500..=599) && !matches!(status.as_u16(), 501 | 503 | 505)
}
