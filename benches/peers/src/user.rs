//! The users that every engine is asked for.

use crate::engine::Job;

/// A user.
pub struct User {
    pub id: String,
    pub email: Option<String>,
}

/// Returns so many users, always the same ones.
pub fn users(job: Job, count: usize) -> Vec<User> {
    (0..count as u64)
        .map(|at| {
            let id = match job {
                Job::RolloutOfUuids => uuid(at),
                Job::Rollout | Job::BehindSuffix => format!("user-{}", 100_000 + at),
            };
            let domain = if at % 2 == 0 { "agpt.co" } else { "example.com" };
            let email = (job == Job::BehindSuffix).then(|| format!("person.{at}@{domain}"));
            User { id, email }
        })
        .collect()
}

/// Returns 128 bits of splitmix64 as a UUID's text.
fn uuid(seed: u64) -> String {
    let mix = |seed: u64| {
        let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let (a, b) = (mix(2 * seed), mix(2 * seed + 1));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xffff,
        b >> 48,
        b & 0xffff_ffff_ffff
    )
}
