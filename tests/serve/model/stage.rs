//! Where it is played: servers that are killed and come again, and maybe a database that does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::super::super::ffctl_server::FfctlServer;
use super::super::super::project::Project;
use super::super::super::support::postgres::Cluster;
use super::client::{Actor, Attempt, World, pause};
use super::holder::{Held, Holder};
use super::random::Random;

/// Clients at once.
const CLIENTS: usize = 6;

/// How often somebody is killed at least.
const KILLS: u32 = 4;

/// Changes that are acknowledged between two kills at least.
const BETWEEN_KILLS: u32 = 10;

/// How long it may take until so much has happened.
const PATIENCE: Duration = Duration::from_mins(10);

/// Who plays.
pub(super) struct Stage<'a> {
    project: &'a Project,
    servers: Vec<FfctlServer>,
    database: Option<&'a Cluster>,
    /// How often somebody was killed.
    kills: u32,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        project: &'a Project,
        servers: Vec<FfctlServer>,
        database: Option<&'a Cluster>,
    ) -> Self {
        Self { project, servers, database, kills: 0 }
    }

    /// Lets the clients act while servers are killed; returns what each of them knows, and the tokens that were made.
    pub(super) fn play(&mut self, mut random: Random) -> (Vec<Attempt>, Vec<Held>) {
        let world = World {
            addresses: Mutex::new(self.servers.iter().map(FfctlServer::url).collect()),
            over: AtomicBool::new(false),
            acknowledged: AtomicU32::new(0),
            token: self.servers[0].token.clone(),
        };
        let actors: Vec<_> = (0..CLIENTS).map(|name| Actor::new(&world, random.split(), name)).collect();
        let holder = Holder::new(&world, random.split());
        let over = Over(&world.over);
        let done = thread::scope(|scope| {
            let holder = scope.spawn(|| holder.act());
            let threads: Vec<_> = actors.into_iter().map(|actor| scope.spawn(|| actor.act())).collect();
            let (begin, whole) = (Instant::now(), seconds());
            // However slow the machine is: not before there is something to judge, and something has happened since
            // the last kill.
            let mut enough = 0;
            loop {
                pause(100 + random.below(500));
                let acknowledged = world.acknowledged.load(Ordering::Relaxed);
                if threads.iter().any(thread::ScopedJoinHandle::is_finished)
                    || holder.is_finished()
                    || (begin.elapsed() >= whole && self.kills >= KILLS && acknowledged >= enough)
                {
                    break;
                }
                if acknowledged >= enough {
                    self.kill(&mut random, &world);
                    enough = acknowledged + BETWEEN_KILLS;
                }
                assert!(begin.elapsed() < whole + PATIENCE, "{acknowledged} changes, {} kills", self.kills);
            }
            drop(over);
            let done = threads.into_iter().flat_map(|thread| thread.join().expect("no client objects"));
            (done.collect(), holder.join().expect("it does not object"))
        });
        // At last, what is on the disk counts.
        for server in &mut self.servers {
            server.kill();
        }
        done
    }

    fn kill(&mut self, random: &mut Random, world: &World) {
        self.kills += 1;
        if let Some(database) = self.database
            && random.percent(40)
        {
            database.stop();
            pause(random.below(300));
            database.start_again();
            return;
        }
        let at = usize::try_from(random.below(u64::try_from(self.servers.len()).expect("few"))).expect("few");
        let server = &mut self.servers[at];
        server.kill();
        server.again(self.project);
        world.addresses.lock().expect("nobody panicked with it")[at] = server.url();
    }
}

/// Ends the clients, also when the stage falls.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "somebody wants a longer run")]
fn seconds() -> Duration {
    let named = std::env::var("FFCTL_TEST_MODEL_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(named.unwrap_or(5))
}
