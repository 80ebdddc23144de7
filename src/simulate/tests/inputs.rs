//! Populations of several inputs, plain and compressed: what is read of each, what is told of it, and that nothing gets
//! lost.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::support::{clause, flag, options, plan, rule, run, stream, world};
use crate::model::Operator;
use crate::simulate::{Forecast, Input, Options, Plan, Population, SimulateError, Watch, forecast};

fn input<'a>(bytes: &'a [u8], name: &str) -> Input<'a> {
    Input::stream(Cursor::new(bytes), name, None)
}

fn sha256(bytes: &[u8]) -> String {
    crate::hex::hex(&Sha256::digest(bytes))
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("a Vec takes everything");
    encoder.finish().expect("compressed")
}

fn zstd(text: &str) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    encoder.include_checksum(true).expect("a setting");
    encoder.write_all(text.as_bytes()).expect("a Vec takes everything");
    encoder.finish().expect("compressed")
}

/// A flag that is on for the plan `pro` alone.
fn pro() -> Plan {
    let mut targeted = flag("f", 0);
    targeted.rules = vec![rule(clause("plan", Operator::In, "pro"), 100_000)];
    plan("f", &[&world([targeted])], None)
}

fn fails(plan: &Plan, inputs: Vec<Input<'_>>) -> SimulateError {
    forecast(plan, Population::Inputs(inputs), &options(2), Watch::default(), None).expect_err("a failure")
}

#[test]
fn inputs_of_any_form_are_read_one_after_another() {
    let csv = "id,plan\nu1,pro\nu2,free\nu3\n\n";
    let other = "plan,email,user_id\nfree,x,u4\npro,y,u5";
    let json = "{\"id\":\"u6\",\"plan\":\"pro\"}\n\n{\"id\":\"\",\"plan\":\"pro\"}\nnonsense\n";
    let inputs = || {
        let only_header = input(b"id,plan\n", "none.csv");
        vec![
            input(csv.as_bytes(), "a.csv"),
            only_header,
            input(other.as_bytes(), "b"),
            input(json.as_bytes(), "c.jsonl"),
        ]
    };
    let forecast = run(&pro(), Population::Inputs(inputs()));
    assert_eq!(forecast.stages[0].inside, 4, "u1, u5, u6 and the one without an id");
    let intake = &forecast.intake;
    assert_eq!((intake.rows, intake.without_id, intake.wrong, intake.blank), (6, 1, 2, 2));
    assert_eq!((intake.duplicates, intake.total()), (None, 10));
    let ends = |text: &str| text.matches('\n').count() as u64;
    let headers = 3;
    assert_eq!(intake.total(), ends(csv) + 1 + ends(other) + 1 + ends(json) - headers, "every line");
    let wrong = intake.wrong_rows();
    assert_eq!(wrong[0], "a.csv, line 4: 1 field where the header has 2");
    assert!(wrong[1].starts_with("c.jsonl, line 4: not JSON"), "{wrong:?}");
    let names: Vec<&str> = intake.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["a.csv", "none.csv", "b", "c.jsonl"]);
    for (read, text) in intake.inputs.iter().zip([csv, "id,plan\n", other, json]) {
        assert_eq!(read.bytes, Some(text.len() as u64));
        assert_eq!(read.sha256, Some(sha256(text.as_bytes())));
    }
    let alone = run(&pro(), stream(json, "c.jsonl"));
    assert!(alone.intake.wrong_rows()[0].starts_with("line 4: "), "one input needs no name");
}

#[test]
fn what_one_input_lacks_is_found_before_any_is_counted() {
    let mut seen = 0;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("b.csv");
    std::fs::write(&path, "id,mail\nu2,x\n").expect("written");
    let lacking = || std::fs::File::open(&path);
    let inputs =
        vec![input(b"id,plan\nu1,pro\n", "a.csv"), Input::file(lacking, "b.csv", None), input(b"", "-")];
    let count = |rows: u64, _: u64| assert_eq!(rows, 0, "nothing was counted");
    let watch = Watch { progress: Some(&count), cancel: None };
    let error = forecast(&pro(), Population::Inputs(inputs), &options(1), watch, None).expect_err("lacking");
    assert_eq!(error.to_string(), "`b.csv`: the population lacks what the rules or `--by` ask for: `plan`");
    assert!(error.hints()[0].contains("add these columns"), "{:?}", error.hints());
    // What is read once is found out when its turn comes, and is an error all the same.
    let error = fails(&pro(), vec![input(b"id,plan\nu1,pro\n", "a.csv"), input(b"u1\nu2\n", "-")]);
    assert!(error.to_string().starts_with("`-`: the population lacks"), "{error}");
    let error =
        fails(&pro(), vec![input(b"id,plan\nu1,pro\n", "a.csv"), input(b"name,plan\nu1,x\n", "b.csv")]);
    assert_eq!(error.to_string(), "`b.csv`: the population has no column with the user id");
    // Where it is allowed, what any of them has is not missing for everyone.
    let allowed = Options { allow_missing: true, ..options(1) };
    let mut never = |inputs| {
        seen += 1;
        let forecast = forecast(&pro(), Population::Inputs(inputs), &allowed, Watch::default(), None);
        forecast.expect("a forecast").intake.never_seen.len()
    };
    assert_eq!(never(vec![input(b"u1\n", "a.txt"), input(b"id,plan\nu1,pro\n", "a.csv")]), 0);
    assert_eq!(never(vec![input(b"u1\n", "a.txt"), input(b"{\"id\":\"u1\",\"plan\":\"x\"}\n", "b")]), 0);
    assert_eq!(never(vec![input(b"u1\n", "a.txt"), input(b"{\"id\":\"u1\"}\n", "b")]), 1);
    assert_eq!(never(vec![input(b"u1\n", "a.txt"), input(b"u2\n", "b.txt")]), 1);
    assert_eq!(seen, 4);
}

/// Rows of more than a block, each of another length.
fn many() -> String {
    let row = |at: usize| format!("user-{at},{}\n", ["pro", "free", "\"a\nb\""][at % 3]);
    std::iter::once("id,plan\n".to_owned()).chain((0..60_000).map(row)).collect()
}

#[test]
fn compressed_inputs_are_the_rows_within() {
    let text = many();
    let plain = run(&pro(), stream(&text, "users.csv"));
    assert_eq!(plain.intake.rows, 60_000);
    let middle = text[..text.len() / 2].rfind('\n').expect("a line") + 3;
    let (first, second) = text.split_at(middle);
    let skippable = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(&text)].concat();
    for (compressed, name) in [
        (gzip(&text), "users.csv.gz"),
        (gzip(&text), "-"),
        ([gzip(first), gzip(""), gzip(second)].concat(), "users.gz"),
        (zstd(&text), "users.csv.zst"),
        (zstd(&text), "users.csv"),
        ([zstd(first), zstd(""), zstd(second)].concat(), "-"),
        (skippable, "users.ZSTD"),
    ] {
        for workers in [1, 3] {
            let population = Population::Inputs(vec![input(&compressed, name)]);
            let forecast = forecast(&pro(), population, &options(workers), Watch::default(), None);
            let forecast = forecast.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(forecast.stages, plain.stages, "{name}");
            assert_eq!(forecast.intake.bytes, text.len() as u64);
            let read = &forecast.intake.inputs[0];
            assert_eq!(read.bytes, Some(compressed.len() as u64));
            assert_eq!(read.sha256, Some(sha256(&compressed)), "as `sha256sum` of the file");
        }
    }
    let without = Options { digest: false, ..options(1) };
    let read = forecast(&pro(), stream(&text, "users.csv"), &without, Watch::default(), None);
    assert_eq!(read.expect("a forecast").intake.inputs[0].sha256, None);
}

/// What comes of a compressed input: how many are in, or a failure that says where it is damaged.
fn outcome(plan: &Plan, bytes: &[u8], name: &str) -> Result<Forecast, String> {
    let population = Population::Inputs(vec![input(bytes, name)]);
    forecast(plan, population, &options(1), Watch::default(), None).map_err(|error| error.to_string())
}

#[test]
fn damaged_inputs_are_never_a_shorter_population() {
    let text: String = std::iter::once("id,plan\n".to_owned())
        .chain((0..40).map(|at| format!("user-{at},{}\n", at * 7919 % 101)))
        .collect();
    let plan = pro();
    let whole = outcome(&plan, text.as_bytes(), "users.csv").expect("a forecast").stages;
    for (bytes, name) in [(gzip(&text), "users.csv.gz"), (zstd(&text), "users.csv.zst")] {
        for length in 0..bytes.len() {
            let error = outcome(&plan, &bytes[..length], name).expect_err("cut off");
            let told = error.contains("cut off: it ends at byte") || error.contains("as its name says");
            assert!(told, "{name} of {length} bytes: {error}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            // Some bytes say nothing of the rows, such as the time in a header.
            if let Ok(forecast) = outcome(&plan, &damaged, name) {
                assert_eq!((&forecast.stages, at < 10), (&whole, true), "{name}, byte {at}");
            }
        }
        for junk in [&b"u1,pro\n"[..], b"x", b"\x1f\x8c", b"\0\0\0\0\0x", b"nothing that was compressed"] {
            let behind = [&bytes[..], junk].concat();
            let error = outcome(&plan, &behind, name).expect_err("it is not read");
            let place = format!("`{name}`: the population is compressed with");
            let at = format!("up to byte {}, and what follows there is neither", bytes.len());
            assert!(error.starts_with(&place) && error.contains(&at), "{error}");
        }
        let again = [&bytes[..], &bytes[..bytes.len() - 3]].concat();
        let error = outcome(&plan, &again, name).expect_err("cut off");
        assert!(error.contains(&format!("cut off: it ends at byte {}", again.len())), "{error}");
        for zeros in [1, 4, 5, 512, 300_000] {
            let padded = [bytes.clone(), vec![0; zeros]].concat();
            assert_eq!(outcome(&plan, &padded, name).expect("padding is nothing").stages, whole);
        }
        let twice = zstd::encode_all(&bytes[..], 1);
        let error = outcome(&plan, &twice.expect("compressed"), "-").expect_err("twice");
        assert_eq!(error, "`-`: the population is compressed twice");
    }
}

#[test]
fn a_window_that_asks_for_too_much_memory_is_refused() {
    // A frame header with a window of 2^28 bytes, and one block of three plain bytes, the last.
    let frame = |window: u8| [&[0x28, 0xb5, 0x2f, 0xfd, 0, window, 0x19, 0, 0][..], b"u1\n"].concat();
    let plan = plan("f", &[&world([flag("f", 50_000)])], None);
    let error = outcome(&plan, &frame(18 << 3), "-").expect_err("too large");
    assert_eq!(error, "`-`: the population is compressed with zstd over a window of more than 128 MiB");
    assert_eq!(outcome(&plan, &frame(17 << 3), "-").expect("a forecast").intake.rows, 1);
}

#[test]
fn each_id_counts_once_by_its_first_row_whatever_the_threads() {
    let mut first = String::from("id,plan\n");
    for at in 0..50_000_u32 {
        // One in three repeats an earlier id, with another plan.
        let id = if at % 3 == 2 { at / 2 } else { at };
        let plan = if at % 3 == 2 { "pro" } else { "free" };
        writeln!(first, "user-{id},{plan}").expect("a String takes everything");
    }
    first += ",pro\n,pro\nragged\n";
    let second =
        "{\"id\":\"user-0\",\"plan\":\"pro\"}\n{\"id\":\"new\",\"plan\":\"pro\"}\n{\"plan\":\"pro\"}\n";
    let run = |workers, distinct| {
        let inputs = vec![input(first.as_bytes(), "a.csv"), input(second.as_bytes(), "b.jsonl")];
        let options = Options { distinct, ..options(workers) };
        forecast(&pro(), Population::Inputs(inputs), &options, Watch::default(), None).expect("a forecast")
    };
    // By a plain reading of the same rows.
    let mut known = std::collections::HashSet::new();
    let (mut pro, mut users, mut repeated) = (0, 0, Vec::new());
    for line in first.lines().skip(1).filter(|line| line.starts_with("user")) {
        let (id, plan) = line.split_once(',').expect("two fields");
        if known.insert(id.to_owned()) {
            users += 1;
            pro += u64::from(plan == "pro");
        } else {
            repeated.push(id.to_owned());
        }
    }
    let one = run(1, true);
    let intake = &one.intake;
    assert_eq!((one.stages[0].inside, intake.rows), (pro + 4, users + 4), "three have no id, one is new");
    assert_eq!((intake.duplicates, intake.without_id), (Some(repeated.len() as u64 + 1), 3));
    assert_eq!(intake.first_duplicates, repeated[..5]);
    assert_eq!((intake.wrong, intake.total()), (1, 50_003 + 3));
    for workers in [2, 3, 8] {
        assert_eq!(run(workers, true), one);
    }
    let all = run(2, false);
    assert_eq!((all.intake.rows, all.intake.duplicates), (50_002 + 3, None));
}

#[test]
fn joins_name_each_id_once() {
    let (off, on) = (world([flag("f", 0)]), world([flag("f", 100_000)]));
    let plan = plan("f", &[&off, &on], None);
    let mut joined = Vec::new();
    let mut take = |id: &str| {
        joined.push(id.to_owned());
        Ok(())
    };
    let distinct = Options { distinct: true, ..options(2) };
    let population = stream("u1\nu2\nu1\nu3\nu2\n", "ids.txt");
    forecast(&plan, population, &distinct, Watch::default(), Some(&mut take)).expect("a forecast");
    assert_eq!(joined, ["u1", "u2", "u3"]);
}

#[test]
fn progress_counts_the_bytes_as_they_stand_there() {
    let compressed = gzip(&many());
    let last = std::cell::Cell::new((0, 0));
    let note = |rows, bytes| last.set((rows, bytes));
    let watch = Watch { progress: Some(&note), cancel: None };
    let population = Population::Inputs(vec![input(&compressed, "a.csv.gz"), input(&compressed, "b.csv.gz")]);
    forecast(&pro(), population, &options(2), watch, None).expect("a forecast");
    assert_eq!(last.get(), (120_000, 2 * compressed.len() as u64));
}
