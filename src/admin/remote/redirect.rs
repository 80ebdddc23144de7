//! Where an answer leads: a token never follows to another origin.

use reqwest::Url;
use reqwest::header::LOCATION;

use super::answer::Answer;

/// What an answer says of where to ask instead.
pub(super) enum Redirect {
    /// It is the answer itself.
    No,
    /// There, on the same origin.
    Within(Url),
    /// On another origin, or nowhere.
    Away,
}

/// Returns where an answer to a request of `from` leads.
pub(super) fn redirect(from: &Url, answer: &Answer) -> Redirect {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Redirect::No;
    }
    let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    match location.and_then(|location| from.join(location).ok()) {
        Some(to) if to.origin() == from.origin() && to.username().is_empty() && to.password().is_none() => {
            Redirect::Within(to)
        }
        _ => Redirect::Away,
    }
}
