//! Populations: the first line says the form, the rest are the rows. Every row is counted once, and what is counted
//! together comes to the same as row by row.

use std::sync::atomic::{AtomicU64, Ordering};

use ffctl::context::Columns;
use ffctl::eval::{Builder, Gate};
use ffctl::flagfile::FlagFile;
use ffctl::model::{Reason, Timestamp};
use ffctl::simulate::{Assigned, Format, Options, Plan, Population, Watch, assign, forecast};

const FLAGS: &str = "schema = 1\n[flags.gate]\nenabled = true\nrollout = \"50%\"\n\
    rules = [{ when = [{ attribute = \"plan\", op = \"in\", values = [\"pro\", 7] }], serve = \"on\" }]\n\
    [experiments.e]\nflag = \"gate\"\nvariants = [[\"a\", 1], [\"b\", 1]]\n";

/// Any bytes as a population.
pub fn population(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let rows = data.get(end + 1..).unwrap_or_default();
    let format = std::str::from_utf8(&data[..end]).ok().and_then(Format::of_word);
    let file = FlagFile::parse("flags.toml", FLAGS.to_owned()).expect("written above");
    let mut builder = Builder::default();
    let experiment = builder.experiment(file.definitions(), "e").expect("defined above");
    let program = builder.build();
    let options = Options {
        columns: Columns::default(),
        allow_missing: true,
        at: Timestamp::from_millis(0),
        workers: 1,
        distinct: false,
        digest: false,
    };
    let seen = AtomicU64::new(0);
    let open = AtomicU64::new(0);
    let render = |assigned: &Assigned<'_>, (): &mut ()| {
        seen.fetch_add(1, Ordering::Relaxed);
        let inside = assigned.gate == Gate::Open && !matches!(assigned.reason, Reason::Error(_));
        open.fetch_add(u64::from(inside), Ordering::Relaxed);
    };
    let population = || Population::stream(rows, "users", format);
    let result = assign(
        &program,
        &[("e", experiment)],
        population(),
        &options,
        Watch::default(),
        &render,
        &mut |()| Ok(()),
    );
    let plan = Plan::new("e", &[("now", file.definitions())], None).expect("defined above");
    let together = forecast(&plan, population(), &options, Watch::default(), None);
    // A forecast of nobody is none.
    let nobody = result.as_ref().is_ok_and(|intake| intake.rows == 0);
    assert_eq!(result.is_ok() && !nobody, together.is_ok(), "both read it, or neither");
    if let (Ok(intake), Ok(forecast)) = (result, together) {
        assert_eq!(intake, forecast.intake, "both read the same");
        assert_eq!(open.into_inner(), forecast.stages[0].inside, "both let the same users in");
        assert_eq!(intake.rows, seen.into_inner(), "every row is assigned once");
        assert!(intake.first_wrong.len() as u64 <= intake.wrong && intake.without_id <= intake.rows);
        assert_eq!(intake.inputs[0].bytes, Some(rows.len() as u64), "read to its end, compressed or not");
    }
}
