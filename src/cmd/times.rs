//! `--between A..B --every SPAN`: the times at which a state is looked at, and what the admin layer is then.

use crate::cli::TimesArguments;
use crate::error::{Error, Kind, Result};
use crate::eval::World;
use crate::layer::{AdminLayer, Layers};
use crate::model::Timestamp;
use crate::report::{TimePoint, TimesReport};
use crate::simulate::Times;

use super::load::Loaded;
use super::moment::moment;
use super::states::State;

/// The most times of one answer.
const MOST: u64 = 1_000;

/// The times that were asked for.
pub(super) struct Asked {
    /// In their order, at least one.
    pub(super) points: Vec<Timestamp>,
    every_millis: i64,
}

/// Reads the options; none where no times are asked for.
///
/// # Errors
/// When the two times are none or in the wrong order, or there are too many between.
pub(super) fn asked(arguments: &TimesArguments) -> Result<Option<Asked>> {
    let Some(text) = &arguments.between else { return Ok(None) };
    let usage = |message: String| {
        Error::new(Kind::Usage, format!("--between: {message}"))
            .hint("--between 2026-12-01..2026-12-31 --every 1d")
    };
    let Some((from, to)) = text.split_once("..") else {
        return Err(usage(format!("`{text}` is not two times with `..` between")));
    };
    let (from, to) = (moment("--between", from)?, moment("--between", to)?);
    if to < from {
        return Err(usage(format!("`{text}` ends before it begins")));
    }
    let every = arguments.every.map_or(Ok(Timestamp::DAY), |every| i64::try_from(every.as_millis()));
    let every_millis = every.ok().filter(|every| *every >= 1_000);
    let Some(every_millis) = every_millis else {
        return Err(Error::new(Kind::Usage, "--every is at least a second").hint("--every 1d"));
    };
    // One at every step and one at the end, which the last step may fall short of.
    let span = to.millis().saturating_sub(from.millis()).unsigned_abs();
    let times = span.div_ceil(every_millis.unsigned_abs()).saturating_add(1);
    if times > MOST {
        let message = format!("--between has {times} times, more than {MOST}");
        return Err(Error::new(Kind::Usage, message).hint("a longer --every, or a shorter --between"));
    }
    let mut points = vec![from];
    while let Some(last) = points.last()
        && let Some(next) = last.millis().checked_add(every_millis).filter(|next| *next < to.millis())
    {
        points.push(Timestamp::from_millis(next));
    }
    if from < to {
        points.push(to);
    }
    Ok(Some(Asked { points, every_millis }))
}

/// What the admin layer is at each time: overrides end.
pub(super) struct Schedule {
    /// The layer as long as nothing else ends.
    layers: Vec<AdminLayer>,
    /// The times, each with the position of its layer.
    pub(super) points: Vec<(usize, Timestamp)>,
    /// What has ended since the time before.
    ended: Vec<Vec<String>>,
    state: String,
    every_millis: i64,
}

impl Schedule {
    /// Follows the overrides of all that decides for `name` in a state.
    pub(super) fn new(loaded: &Loaded, name: &str, state: &State, asked: Asked) -> Self {
        let layers = loaded.layers();
        let gate = layers.experiment(name).and_then(|experiment| experiment.flag.clone());
        let of_gate = gate.iter().flat_map(|gate| layers.closure(gate.as_str()));
        let flags =
            layers.closure(name).into_iter().chain(of_gate).map(|flag| flag.effective.name.to_string());
        // What a step sets stays as it is set.
        let flags: Vec<String> = flags.filter(|flag| state.follows_overrides(flag, name)).collect();
        let mut schedule = Self {
            layers: Vec::new(),
            points: Vec::new(),
            ended: Vec::new(),
            state: state.label.clone(),
            every_millis: asked.every_millis,
        };
        let mut admin = loaded.admin.clone();
        for at in asked.points {
            let ended = end(&mut admin, &flags, at);
            if schedule.layers.is_empty() || !ended.is_empty() {
                schedule.layers.push(admin.clone());
            }
            schedule.points.push((schedule.layers.len() - 1, at));
            schedule.ended.push(ended);
        }
        schedule
    }

    /// Returns the layers as long as nothing else ends, one after the other.
    pub(super) fn layers<'a>(&'a self, now: Layers<'a>) -> Vec<Layers<'a>> {
        self.layers.iter().map(|admin| Layers { admin, ..now }).collect()
    }

    /// Returns the report of what was counted.
    pub(super) fn report(&self, times: &Times, users: u64) -> TimesReport {
        #[expect(clippy::cast_precision_loss, reason = "a share is for show; counts stay exact")]
        let share = |inside: u64| if users == 0 { 0.0 } else { inside as f64 / users as f64 };
        let point = |(counts, ended): (&crate::simulate::TimeCounts, &Vec<String>)| TimePoint {
            at: counts.at,
            on: counts.inside,
            share: share(counts.inside),
            joins: counts.joins,
            leaves: counts.leaves,
            switches: counts.switches,
            exposed: counts.exposed,
            ended: ended.clone(),
        };
        TimesReport {
            state: self.state.clone(),
            every_seconds: u64::try_from(self.every_millis / 1_000).unwrap_or_default(),
            points: times.points.iter().zip(&self.ended).map(point).collect(),
            flapping: times.flapping,
            sample_flapping: times.first_flapping.clone(),
            depends_on_time: times.depends_on_time,
        }
    }
}

/// Takes away what has ended by a time, of these flags, and returns what that is.
fn end(admin: &mut AdminLayer, flags: &[String], at: Timestamp) -> Vec<String> {
    let mut ended = Vec::new();
    for flag in flags {
        let Some(values) = admin.overrides.get_mut(flag) else { continue };
        values.retain(|field, (_, origin)| {
            let stays = origin.expires_at().is_none_or(|ends| ends > at);
            if !stays {
                ended.push(format!("{flag} {field}"));
            }
            stays
        });
        if values.is_empty() {
            admin.overrides.remove(flag);
        }
    }
    ended
}
