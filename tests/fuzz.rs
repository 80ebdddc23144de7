//! The corpora of the fuzzer, replayed: every file of `fuzz/corpus/` through the function that is fuzzed with it.

#[expect(unreachable_pub, reason = "there it is a library of its own")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;

#[test]
fn every_file_of_every_corpus_keeps_the_promises() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut bytes = 0;
    for (name, target) in targets::TARGETS {
        let files: Vec<_> = fs::read_dir(corpus.join(name)).expect(name).collect();
        assert!(files.len() >= 6, "{name} has {} files", files.len());
        for file in files {
            let path = file.expect("readable").path();
            let data = fs::read(&path).expect("readable");
            bytes += data.len();
            let caught = std::panic::catch_unwind(|| target(&data));
            assert!(caught.is_ok(), "`{name}` breaks a promise with {}", path.display());
        }
    }
    assert!(bytes < 300 * 1024, "{bytes} bytes are too many to keep");
}

#[test]
fn every_target_has_its_program_and_its_corpus() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names = |folder: &str| {
        let files =
            fs::read_dir(fuzz.join(folder)).expect("there").map(|file| file.expect("readable").path());
        let mut names: Vec<String> =
            files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        names.sort();
        names
    };
    let targets: Vec<&str> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("there");
    assert!(targets.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
}
