//! Users by organisation → their report, with what it means.

use crate::output::{counted, percent, thousands};
use crate::report::{OrgReport, OrgVariation, OrgsReport, Sentence};
use crate::simulate::{Forecast, Org, Orgs, Thing};

use super::forecast_verdict::{bad, good, plain};

/// From this part of the whole on, half of the organisations are as good as not there.
const CONCENTRATED: f64 = 0.5;
/// From this part of all users on one organisation alone is worth a word.
const GIANT: f64 = 0.1;
/// Shares of organisations and of users that differ by more are worth a word: a tenth.
const APART: f64 = 0.1;

/// Returns the report of what was counted by organisation.
pub(super) fn orgs_report(result: &Forecast) -> Option<OrgsReport> {
    let orgs = result.orgs.as_ref()?;
    let named = |all: &[Org]| {
        let one = |org: &Org| OrgReport { org: org.key.clone(), users: org.users, on: org.inside };
        all.iter().map(one).collect::<Vec<_>>()
    };
    let variations = orgs.variations.iter().map(|(variation, whole, users)| OrgVariation {
        variation: variation.clone(),
        orgs: *whole,
        users: *users,
    });
    Some(OrgsReport {
        unit: orgs.unit.to_string(),
        orgs: orgs.orgs,
        users: orgs.users,
        without: orgs.without,
        truncated: orgs.truncated,
        effective_size: orgs.effective_size,
        on: orgs.inside,
        off: orgs.outside,
        split: orgs.split,
        share_of_orgs: share(orgs.inside, orgs.orgs),
        share_of_users: share(orgs.users_in, orgs.users),
        variations: variations.collect(),
        largest_on: named(&orgs.largest_inside),
        largest_off: named(&orgs.largest_outside),
        largest_split: named(&orgs.largest_split),
        meaning: meaning(result, orgs),
    })
}

fn meaning(result: &Forecast, orgs: &Orgs) -> Vec<Sentence> {
    let mut said = Vec::new();
    let unit = orgs.unit.to_string();
    let (one, many) = if unit == "org" {
        ("org".to_owned(), "orgs".to_owned())
    } else {
        (format!("`{unit}`"), format!("`{unit}` values"))
    };
    let is_in = match result.thing {
        Thing::Flag => "on",
        Thing::Experiment => "in the experiment",
    };
    if orgs.inside > 0 && orgs.inside < orgs.orgs {
        let (part, users) = (share(orgs.inside, orgs.orgs), share(orgs.users_inside, orgs.users));
        let (part_of, of_users) = (percent(part), percent(users));
        let text = if orgs.split == 0 {
            format!("{part_of} of the {many} is {of_users} of the users.")
        } else {
            format!("{part_of} of the {many} are {is_in} with all their users: {of_users} of the users.")
        };
        // Where most are split nobody is let in by whole ones, and small ones are the first to be whole by chance.
        let whole = orgs.split < orgs.inside + orgs.outside;
        said.push(if whole && (part - users).abs() > APART { bad(text) } else { plain(text) });
    }
    let largest = [&orgs.largest_inside, &orgs.largest_outside, &orgs.largest_split];
    if let Some(largest) = largest.iter().filter_map(|all| all.first()).max_by_key(|org| org.users)
        && orgs.orgs > 1
    {
        #[expect(clippy::cast_precision_loss, reason = "organisations stay far below 2^53")]
        let uneven = orgs.effective_size < orgs.orgs as f64 * CONCENTRATED;
        let part = share(largest.users, orgs.users);
        if uneven {
            let giant = if part >= GIANT {
                format!("; {} alone has {} of the users", largest.key, percent(part))
            } else {
                String::new()
            };
            said.push(plain(format!(
                "{} {many} of very different sizes say as much as {:.1} of one size (Kish){giant}.",
                thousands(orgs.orgs),
                orgs.effective_size
            )));
        }
    }
    if orgs.split > 0 {
        let (noun, verb, its) = if orgs.split == 1 { (&one, "is", "its") } else { (&many, "are", "their") };
        said.push(plain(format!(
            "{} {noun} {verb} split: some of {its} users are {is_in}, some are not.",
            thousands(orgs.split)
        )));
    } else if result.thing == Thing::Flag && orgs.inside > 0 && orgs.outside > 0 {
        said.push(good(format!("No {one} is split: all users of each are {is_in}, or none.")));
    }
    // Where it is what the bucket lacks, that is said already.
    let said_already = result.stages.iter().any(|stage| stage.missing_key == orgs.without);
    if orgs.without > 0 && !said_already {
        said.push(plain(format!("{} no {one}.", has(orgs.without))));
    }
    if orgs.truncated {
        said.push(bad(format!("More than a million {many}: the figures are of the first of the input.")));
    }
    said
}

/// `1 user has`, `7 users have`.
fn has(users: u64) -> String {
    format!("{} {}", counted(users, "user"), if users == 1 { "has" } else { "have" })
}

#[expect(clippy::cast_precision_loss, reason = "a share is for reading; the counts beside it are exact")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
