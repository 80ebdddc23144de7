use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;
use crate::settings::{CredentialSource, Token};

use super::answer::encode;
use super::slot::{Slot, Stored};
use super::{Cache, CachedAnswer, Damage, decode_cached_answer};

const URL: &str = "https://flags.example.com/api/v1/admin/feature-flags";
const BODY: &[u8] = br#"{"flags":[{"name":"a","enabled":true,"source":"env"}]}"#;
const NOW: u64 = 1_767_225_600;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn token(text: &str) -> Token {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    fs::write(&path, text).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
    }
    let shown = "t".to_owned();
    CredentialSource::File { path, shown }.load().expect("a token").expect("a token")
}

struct Folder {
    root: tempfile::TempDir,
    cache: Cache,
}

impl Folder {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(root.path().join("made/when/needed"), now);
        Self { root, cache }
    }

    fn slot(&self) -> Slot {
        self.cache.slot(URL, None)
    }

    /// The files below, with those that are not for reading.
    fn files(&self) -> Vec<PathBuf> {
        let folder = self.root.path().join("made/when/needed");
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
    }

    /// The one file, after an answer was kept.
    fn file(&self) -> PathBuf {
        self.slot().keep(BODY, Some("\"17\""), Duration::ZERO);
        assert_eq!(self.files().len(), 1);
        self.files().remove(0)
    }
}

#[test]
fn what_is_kept_is_read_with_its_age() {
    let folder = Folder::new();
    assert_eq!(folder.slot().read(), Stored::Nothing);
    assert!(folder.files().is_empty(), "who reads makes nothing");
    folder.slot().keep(BODY, Some("\"17\""), Duration::from_secs(90));
    let Stored::Answer(answer, age) = folder.slot().read() else { panic!("an answer") };
    assert_eq!((answer.body.as_slice(), answer.etag.as_deref()), (BODY, Some("\"17\"")));
    assert_eq!((age, answer.url.as_str()), (Duration::from_secs(90), URL));
    folder.slot().keep(b"{}", None, Duration::ZERO);
    assert!(matches!(folder.slot().read(), Stored::Answer(answer, Duration::ZERO) if answer.body == b"{}"));
    folder.slot().forget();
    assert_eq!(folder.slot().read(), Stored::Nothing);
    folder.slot().forget();
}

#[test]
fn who_asks_otherwise_reads_nothing() {
    let folder = Folder::new();
    let (one, other) = (token("alpha"), token("beta"));
    folder.cache.slot(URL, Some(&one)).keep(BODY, None, Duration::ZERO);
    assert!(matches!(folder.cache.slot(URL, Some(&one)).read(), Stored::Answer(..)));
    for (url, token) in [(URL, None), (URL, Some(&other)), ("https://flags.example.com/x", Some(&one))] {
        assert_eq!(folder.cache.slot(url, token).read(), Stored::Nothing);
    }
    let content = fs::read(&folder.files()[0]).expect("readable");
    assert!(memchr::memmem::find(&content, b"alpha").is_none(), "the token is not in it");
    // Not even under the name of another.
    fs::create_dir_all(folder.files()[0].parent().expect("a folder")).expect("there");
    folder.cache.slot(URL, Some(&other)).keep(b"[]", None, Duration::ZERO);
    let files = folder.files();
    fs::copy(&files[0], &files[1]).expect("copied");
    let read = [&one, &other].map(|token| folder.cache.slot(URL, Some(token)).read());
    assert!(read.contains(&Stored::Unusable(Damage::Misplaced)), "{read:?}");
}

#[test]
fn a_file_cut_anywhere_is_no_answer() {
    let folder = Folder::new();
    let path = folder.file();
    let whole = fs::read(&path).expect("readable");
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("written");
        let read = folder.slot().read();
        assert!(matches!(read, Stored::Unusable(Damage::Foreign | Damage::Checksum)), "{length}: {read:?}");
    }
    fs::write(&path, [&whole[..], b"x"].concat()).expect("written");
    assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Checksum), "nor is a longer one");
    fs::write(&path, &whole).expect("written");
    assert!(matches!(folder.slot().read(), Stored::Answer(..)));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let folder = Folder::new();
    let whole = fs::read(folder.file()).expect("readable");
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            assert!(decode_cached_answer(flipped).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn what_is_sound_and_yet_not_ours_is_no_answer() {
    let folder = Folder::new();
    let path = folder.file();
    let Stored::Answer(good, _) = folder.slot().read() else { panic!("an answer") };
    let read = |answer: &CachedAnswer| {
        fs::write(&path, encode(answer)).expect("written");
        folder.slot().read()
    };
    let future = Timestamp::from_millis(good.at.millis() + 1);
    assert_eq!(read(&CachedAnswer { at: future, ..good.clone() }), Stored::Unusable(Damage::Future));
    for millis in [i64::MAX, i64::MIN] {
        let at = Timestamp::from_millis(millis);
        assert_eq!(read(&CachedAnswer { at, ..good.clone() }), Stored::Unusable(Damage::Future), "{millis}");
    }
    let url = "https://evil.example.com/".to_owned();
    assert_eq!(read(&CachedAnswer { url, ..good.clone() }), Stored::Unusable(Damage::Misplaced));
    for foreign in [&b""[..], b"\0", b"ffctl-cache 2 ", b"<html>", &[0xff; 200], b"ffctl-cache 1 \n\n\n"] {
        fs::write(&path, foreign).expect("written");
        assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Foreign), "{foreign:?}");
    }
    // Sparse: a terabyte that takes no room and no time.
    File::create(&path).and_then(|file| file.set_len(1 << 40)).expect("made");
    assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Oversize));
    fs::remove_file(&path).and_then(|()| fs::create_dir(&path)).expect("made");
    assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Foreign));
}

#[test]
fn an_answer_too_large_or_a_folder_that_is_none_keeps_what_was() {
    let folder = Folder::new();
    let path = folder.file();
    folder.slot().keep(&vec![b' '; 9 << 20], None, Duration::ZERO);
    assert!(matches!(folder.slot().read(), Stored::Answer(answer, _) if answer.body == BODY));
    let long = format!("\"{}\"", "x".repeat(5_000));
    folder.slot().keep(BODY, Some(&long), Duration::ZERO);
    assert!(matches!(folder.slot().read(), Stored::Answer(answer, _) if answer.etag.is_none()));
    let below = Cache::new(path.join("below a file"), now);
    below.slot(URL, None).keep(BODY, None, Duration::ZERO);
    assert_eq!(below.slot(URL, None).read(), Stored::Unusable(Damage::Unreadable));
    below.slot(URL, None).forget();
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_or_replace_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let path = folder.file();
    let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
    for open in [0o620, 0o602, 0o666] {
        fs::set_permissions(&path, fs::Permissions::from_mode(open)).expect("set");
        assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Writable), "{open:o}");
    }
    // A link is not followed, and replaced by a file.
    let elsewhere = folder.root.path().join("elsewhere");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
    fs::rename(&path, &elsewhere).and_then(|()| symlink(&elsewhere, &path)).expect("linked");
    assert_eq!(folder.slot().read(), Stored::Unusable(Damage::Foreign));
    let before = fs::read(&elsewhere).expect("there");
    folder.slot().keep(b"[]", None, Duration::ZERO);
    assert!(matches!(folder.slot().read(), Stored::Answer(answer, _) if answer.body == b"[]"));
    assert_eq!(fs::read(&elsewhere).expect("there"), before, "what it led to is as it was");
}

#[test]
fn leftovers_and_forgotten_answers_are_swept() {
    let folder = Folder::new();
    let path = folder.file();
    let at = |name: &str| path.with_file_name(name);
    let written = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    let cases = [
        (".ffctl-a.tmp", Duration::from_mins(2), false),
        (".ffctl-b.tmp", Duration::from_secs(5), true),
        ("gone.answer", Duration::from_hours(24 * 8), false),
        ("quiet.answer", Duration::from_hours(24 * 6), true),
        ("note.txt", Duration::from_hours(24 * 99), true),
    ];
    for (name, age, _) in cases {
        let file = File::create(at(name)).expect("made");
        file.set_modified(written - age).expect("set");
    }
    folder.slot().keep(BODY, None, Duration::ZERO);
    for (name, _, stays) in cases {
        assert_eq!(at(name).exists(), stays, "{name}");
    }
}

#[test]
fn many_who_keep_at_once_leave_one_whole_answer() {
    let folder = Folder::new();
    std::thread::scope(|scope| {
        for writer in 0..8_u8 {
            let folder = &folder;
            scope.spawn(move || {
                for round in 0..50 {
                    let body = vec![writer; 1 + usize::from(writer) * 1_000 + round];
                    folder.slot().keep(&body, None, Duration::ZERO);
                    match folder.slot().read() {
                        Stored::Answer(answer, _) => {
                            assert!(answer.body.iter().all(|byte| *byte == answer.body[0]));
                        }
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(folder.files().len(), 1, "no leftovers");
}
