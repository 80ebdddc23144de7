//! What a page says of its own making.

use crate::model::Timestamp;

/// How and when a page was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    /// The command line that makes it again.
    pub command_line: String,
    /// When it was made, to the second.
    pub made_at: Timestamp,
    /// As of when users were evaluated: their ages and schedules.
    pub evaluated_at: Timestamp,
}

impl Making {
    /// Returns how and when a page was made, without the passwords that stand in addresses of the command line: a page is
    /// sent around.
    pub fn new(command_line: &str, made_at: Timestamp, evaluated_at: Timestamp) -> Self {
        let made_at = Timestamp::from_millis(made_at.millis().div_euclid(1000) * 1000);
        Self { command_line: without_passwords(command_line), made_at, evaluated_at }
    }
}

/// Returns a command line with `***` for every password of an address in it.
fn without_passwords(line: &str) -> String {
    let words: Vec<String> = line.split(' ').map(without_password).collect();
    words.join(" ")
}

/// Returns a word with `***` for the password of an address, in front of its host or among its parameters.
fn without_password(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else { return word.to_owned() };
    // Whatever a password holds, the last sign of its end counts.
    let (before, host) = rest.rsplit_once('@').map_or((None, rest), |(before, host)| (Some(before), host));
    let mut shown = format!("{scheme}://");
    if let Some(before) = before {
        let (user, password) = before.split_once(':').map_or((before, None), |(user, it)| (user, Some(it)));
        shown.push_str(user);
        shown.push_str(if password.is_some() { ":***@" } else { "@" });
    }
    let mut pieces = host.split_inclusive(['?', '&']);
    shown.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let secret = piece.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("password"));
        match secret {
            Some((name, value)) => {
                let end = value.find(['&', '\'']).map_or("", |at| &value[at..]);
                shown.extend([name, "=***", end]);
            }
            None => shown.push_str(piece),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_keeps_everything_but_passwords() {
        for (line, shown) in [
            ("ffctl simulate-rollout x --to 25%,50%", "ffctl simulate-rollout x --to 25%,50%"),
            (
                "ffctl x --population postgres://r:s3:c@t@db/app",
                "ffctl x --population postgres://r:***@db/app",
            ),
            (
                "ffctl x 'postgres://r@db/app?password=geheim&a=b'",
                "ffctl x 'postgres://r@db/app?password=***&a=b'",
            ),
            (
                "ffctl x 'postgres://r@db/app?a=b&password=geheim'",
                "ffctl x 'postgres://r@db/app?a=b&password=***'",
            ),
            ("ffctl x -p https://flags.example.com/a?b=c", "ffctl x -p https://flags.example.com/a?b=c"),
            ("ffctl x --to git:origin/main@{u}", "ffctl x --to git:origin/main@{u}"),
        ] {
            assert_eq!(without_passwords(line), shown);
        }
    }
}
