//! The engine through its public library: `cargo bench --bench engine`. Times are for one evaluation, or one
//! bucket; figures beside those of other engines come from `benches/peers`.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ffctl::bucket::bulk::{Batch, Bulk, Engine, Scratch as Memory, each_line};
use ffctl::bucket::{
    Compare, Count, Hash, Line, Names, Precision, Prefix, Purpose, Record, Reduce, Seed, Slice, Template,
};
use ffctl::eval::{Builder, FlagId, NoObserver, Program, Scratch, Step, Subject};
use ffctl::flagfile::FlagFile;
use ffctl::model::{
    Clause, Context, ContextKind, Definitions, Fallthrough, Flag, FlagName, ON, Operator, Rule, Serve,
    Timestamp, Value, VariationName, Weight,
};

const FLAG: &str = "enable_memory_v2";
const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const UUID: &str = "5c3d8535-f81a-4478-a6d3-afaa4d51199e";

fn flag(enabled: bool, fallthrough: u32, rules: Vec<Rule>) -> Flag {
    let name = FlagName::try_from(FLAG).expect("a name");
    let fallthrough = Fallthrough::Rollout(weight(fallthrough));
    Flag { rules, fallthrough, ..Flag::boolean(name, enabled) }
}

fn weight(percent: u32) -> Weight {
    Weight::from_thousandths(percent * 1000).expect("at most 100%")
}

fn rule(when: Vec<Clause>, percent: u32) -> Rule {
    let on = VariationName::try_from(ON).expect("a name");
    Rule { name: None, when, rollout: weight(percent), serve: Serve::Variation(on) }
}

fn clause(attribute: &str, operator: Operator, value: impl Into<Value>) -> Clause {
    let kind = ContextKind::user();
    Clause { kind, attribute: attribute.into(), operator, values: vec![value.into()], negate: false }
}

fn suffix() -> Clause {
    clause("email", Operator::EndsWith, "@agpt.co")
}

fn compile(flag: Flag) -> (Program, FlagId) {
    let mut definitions = Definitions::default();
    definitions.flags.insert(flag.name.clone(), flag);
    let mut builder = Builder::default();
    let id = builder.flag(&definitions, FLAG).expect("it is defined");
    (builder.build(), id)
}

/// Returns a user with an email address, a creation time of five days ago, and a few attributes more.
fn user() -> Context {
    let mut context = Context::user("user-123456");
    let part = context.part_mut(&ContextKind::user());
    part.set("name", "Bob".into());
    part.set("plan", "pro".into());
    part.set("email", "bob@agpt.co".into());
    part.set("created_at", Value::from(NOW.millis() - 5 * Timestamp::DAY));
    context
}

fn evaluate<S: Subject + ?Sized>(
    scratch: &mut Scratch,
    (program, id): &(Program, FlagId),
    subject: &S,
) -> ffctl::eval::Evaluation {
    scratch.subject(program, subject, NOW).evaluate(*id, &mut NoObserver)
}

fn evaluations(criterion: &mut Criterion) {
    let jobs = [
        ("static flag", flag(true, 100, vec![])),
        ("25% rollout", flag(true, 25, vec![])),
        ("25% behind email ends_with", flag(true, 0, vec![rule(vec![suffix()], 25)])),
        (
            "rule of two clauses",
            flag(
                true,
                0,
                vec![rule(vec![suffix(), clause("account_age_days", Operator::LessThan, 7_i64)], 100)],
            ),
        ),
    ];
    let mut group = criterion.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(1));
    let context = user();
    for (name, flag) in jobs {
        let compiled = compile(flag);
        let mut scratch = Scratch::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| evaluate(&mut scratch, &compiled, black_box(&context)));
        });
    }
    let (program, id) = compile(flag(true, 0, vec![rule(vec![suffix()], 25)]));
    let mut scratch = Scratch::default();
    group.bench_function("25% behind email ends_with, watched", |bencher| {
        bencher.iter(|| {
            let mut steps = 0;
            let mut count = |step: Step<'_>| {
                black_box(&step);
                steps += 1;
            };
            let result = scratch.subject(&program, black_box(&context), NOW).evaluate(id, &mut count);
            (result, steps)
        });
    });
    group.finish();
}

fn buckets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bucket");
    group.throughput(Throughput::Elements(1));
    let prefix = Prefix::new(Purpose::Rollout, FLAG);
    for (name, unit) in [("short id", "user-123456"), ("uuid", UUID), ("200 bytes", &"x".repeat(200))] {
        group.bench_function(name, |bencher| bencher.iter(|| prefix.point(black_box(unit)).bucket(100_000)));
    }
    group.finish();
}

/// Lists of ids, cut into lines and counted between two limits, by everything that this processor has; `portable` draws
/// one by one.
fn bulk(criterion: &mut Criterion) {
    let text: String =
        (100_000..200_000).map(|number| ["user-", &number.to_string(), "\n"].concat()).collect();
    let mut group = criterion.benchmark_group("bulk");
    group.throughput(Throughput::Elements(100_000)).sample_size(20);
    for engine in Engine::all() {
        group.bench_function(format!("lines, {}", engine.word()), |bencher| {
            bencher.iter(|| {
                let mut bytes = 0;
                each_line(black_box(text.as_bytes()), engine, |start, end| bytes += end - start);
                bytes
            });
        });
    }
    for hash in [Hash::Sha256, Hash::Sha1, Hash::Md5, Hash::Murmur3] {
        let record = Record {
            template: Template::parse("{key}.{unit}").expect("a template"),
            hash,
            seed: Seed::Fixed(0),
            slice: Slice::Bytes(4),
            reduce: Reduce::Scale(Count::Fixed(100_000)),
            offset: 0,
            precision: Precision::F64,
            compare: Compare::Below,
        };
        let names = Names { key: "exp-checkout", salt: None };
        let line = Line::of_record(&record, Purpose::Variant, names, 100_000);
        let limits = record.limits(&[5, 45, 50]);
        for engine in Engine::all() {
            let bulk = Bulk::new(&line, limits[..2].to_vec(), engine);
            let (mut batch, mut memory) = (Batch::default(), Memory::default());
            group.bench_function(format!("{hash}, {}", engine.word()), |bencher| {
                bencher.iter(|| {
                    let mut counts = [0; 3];
                    each_line(black_box(text.as_bytes()), engine, |start, end| {
                        if !batch.push(start, end) {
                            bulk.count(&text, &batch, &mut memory, &mut counts);
                            batch.clear();
                            batch.push(start, end);
                        }
                    });
                    bulk.count(&text, &batch, &mut memory, &mut counts);
                    batch.clear();
                    counts
                });
            });
        }
    }
    group.finish();
}

/// A forecast in small: 10,000 ids, each asked before and after a change of the rollout.
fn forecast(criterion: &mut Criterion) {
    let ids: Vec<String> = (0..10_000).map(|at| format!("user-{at}")).collect();
    let mut builder = Builder::default();
    let [before, after] = [25, 50].map(|percent| {
        let flag = flag(true, percent, vec![]);
        let mut definitions = Definitions::default();
        definitions.flags.insert(flag.name.clone(), flag);
        builder.flag(&definitions, FLAG).expect("it is defined")
    });
    let program = builder.build();
    let mut group = criterion.benchmark_group("forecast");
    group.throughput(Throughput::Elements(ids.len() as u64));
    let mut scratch = Scratch::default();
    group.bench_function("10,000 ids, before and after", |bencher| {
        bencher.iter(|| {
            let joins = |id: &&String| {
                let mut run = scratch.subject(&program, id.as_str(), NOW);
                let (before, after) =
                    (run.evaluate(before, &mut NoObserver), run.evaluate(after, &mut NoObserver));
                before.variation != after.variation
            };
            ids.iter().filter(joins).count()
        });
    });
    group.finish();
}

/// Reading a flags.toml of 10,000 flags, half of them shorthands.
fn parse(criterion: &mut Criterion) {
    let mut text = String::from("schema = 1\n[flags]\n");
    for number in 0..5000 {
        let _ = writeln!(text, "short_{number} = true");
    }
    for number in 0..5000 {
        let _ = write!(text, "[flags.table_{number}]\nowner = \"team\"\nenabled = true\nrollout = \"25%\"\n");
    }
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    group.bench_function("10,000 flags", |bencher| {
        bencher.iter(|| FlagFile::parse("flags.toml", black_box(text.clone())));
    });
    group.finish();
}

criterion_group!(benches, evaluations, buckets, bulk, forecast, parse);
criterion_main!(benches);
