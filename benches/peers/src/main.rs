//! ffctl and its peers on the same jobs in one run: `cargo run --release --locked`.
//!
//! Every engine gets its definitions compiled and its contexts built beforehand and then answers for each
//! user in turn, on one core. The engines take turns round by round, so that a busy machine slows all of
//! them alike; the table has the median round and the best one.

mod engine;
mod eppo;
mod launchdarkly;
mod ours;
mod user;
mod yggdrasil;

use std::time::Instant;

use engine::{Engine, Job};

/// How many users there are: few enough that the contexts of every engine stay in the processor's cache and
/// the engines are measured, not the memory.
const USERS: usize = 4_096;
/// How often a round asks for all of them.
const PASSES: usize = 25;
/// How many rounds the median is taken of.
const ROUNDS: usize = 31;

fn main() {
    for job in Job::ALL {
        let users = user::users(job, USERS);
        let engines: [Box<dyn Engine>; 4] = [
            Box::new(ours::Ours::new(job, &users)),
            Box::new(yggdrasil::Yggdrasil::new(job, &users)),
            Box::new(eppo::Eppo::new(job, &users)),
            Box::new(launchdarkly::LaunchDarkly::new(job, &users)),
        ];
        let mut rates: Vec<Vec<f64>> = engines.iter().map(|_| Vec::new()).collect();
        let mut on = vec![0_usize; engines.len()];
        for _ in 0..ROUNDS {
            for (at, engine) in engines.iter().enumerate() {
                let start = Instant::now();
                on[at] = (0..PASSES).map(|_| engine.count_on()).sum();
                rates[at].push((USERS * PASSES) as f64 / start.elapsed().as_secs_f64() / 1e6);
            }
        }
        let medians: Vec<f64> = rates.iter_mut().map(|rates| median(rates)).collect();
        println!("{}", job.title());
        println!("  {:<40} {:>8} {:>8} {:>10} {:>8}", "engine", "M/s", "best", "ffctl is", "on");
        for (at, engine) in engines.iter().enumerate() {
            let best = rates[at].last().copied().unwrap_or(f64::NAN);
            let ratio = medians[0] / medians[at];
            let share = on[at] as f64 / (USERS * PASSES) as f64 * 100.0;
            let name = engine.name();
            println!("  {name:<40} {:>8.2} {best:>8.2} {ratio:>9.2}x {share:>7.2}%", medians[at]);
        }
        println!();
    }
}

/// Sorts the values and returns the middle one.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
