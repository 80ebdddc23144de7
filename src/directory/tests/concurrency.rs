//! Many threads at once: one lookup at a time for a user, and none waits for another user's.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use super::{plain, shared};
use crate::directory::{CacheLimits, Directory, Mark, NoRecord};

const THREADS: usize = 50;

/// Asks for one user from fifty threads at once; returns the marks, how often was asked, and how often at the same time.
fn crowd(fails: bool) -> (Vec<Mark>, usize, usize) {
    let (asked, inside, most) =
        (shared(AtomicUsize::new(0)), AtomicUsize::new(0), shared(AtomicUsize::new(0)));
    let (count, peak) = (Arc::clone(&asked), Arc::clone(&most));
    let source = move |key: &str| {
        count.fetch_add(1, Ordering::SeqCst);
        peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        pause(Duration::from_millis(100));
        inside.fetch_sub(1, Ordering::SeqCst);
        if fails { Err(NoRecord::Failed("down".to_owned())) } else { plain(key) }
    };
    let directory = Directory::of("test", source, CacheLimits::default());
    let start = Barrier::new(THREADS);
    let marks = std::thread::scope(|scope| {
        let one = || {
            start.wait();
            directory.lookup("u1").mark
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    (marks, asked.load(Ordering::SeqCst), most.load(Ordering::SeqCst))
}

#[test]
fn fifty_threads_ask_once_for_one_user() {
    let (marks, asked, most) = crowd(false);
    assert_eq!((asked, most), (1, 1));
    assert_eq!(marks.iter().filter(|mark| **mark == Mark::Directory).count(), 1);
    assert_eq!(marks.iter().filter(|mark| **mark == Mark::Cached).count(), THREADS - 1);
}

#[test]
fn a_failure_is_everybodys_who_waits_and_nobodys_after() {
    let (marks, asked, most) = crowd(true);
    assert_eq!(most, 1, "one at a time");
    assert!(asked < THREADS / 2, "who waited does not ask again: {asked}");
    assert!(marks.iter().all(|mark| *mark == Mark::Bare(NoRecord::Failed("down".to_owned()))));
}

#[test]
fn users_do_not_wait_for_each_other() {
    // Neither lookup ends before both have begun.
    let both = Barrier::new(2);
    let source = move |key: &str| {
        both.wait();
        plain(key)
    };
    let directory = Directory::of("test", source, CacheLimits::default());
    std::thread::scope(|scope| {
        let other = scope.spawn(|| directory.lookup("u2").mark);
        assert_eq!(directory.lookup("u1").mark, Mark::Directory);
        assert_eq!(other.join().expect("no panic"), Mark::Directory);
    });
}

#[test]
fn a_source_that_panics_harms_no_other_lookup() {
    let first = AtomicUsize::new(0);
    let source = move |key: &str| {
        assert!(first.fetch_add(1, Ordering::SeqCst) > 0, "on purpose");
        plain(key)
    };
    let directory = Directory::of("test", source, CacheLimits::default());
    let lookup = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| directory.lookup("u1").mark));
    assert!(lookup().is_err());
    assert_eq!(lookup().expect("no panic"), Mark::Directory);
}

#[expect(clippy::disallowed_methods, reason = "a directory that takes its time")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
