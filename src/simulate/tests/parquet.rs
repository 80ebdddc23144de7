//! Groups of rows of a Parquet file, read several at once.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::support::{clause, flag, options, plan, rule, world};
use crate::model::Operator;
use crate::simulate::{Forecast, Input, Options, Plan, Population, SimulateError, Watch, forecast};

const USERS: usize = 7_000;

/// Returns the id and the plan of a user, some without an id.
fn user(number: usize) -> (String, &'static str) {
    let id = if number % 911 == 5 { String::new() } else { format!("user-{}", number % 6_500) };
    (id, ["pro", "free", "team"][number % 3])
}

/// Writes all users in groups of so many rows.
fn write(path: &Path, of_group: usize) {
    write_as(path, "plan", of_group);
}

/// Writes them with another name for the plan.
fn write_as(path: &Path, plan: &str, of_group: usize) {
    let schema = format!("message users {{ required binary id (STRING); required binary {plan} (STRING); }}");
    let schema = Arc::new(parse_message_type(&schema).expect("a schema"));
    let file = File::create(path).expect("a file");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(WriterProperties::builder().build()))
        .expect("a writer");
    let users: Vec<_> = (0..USERS).map(user).collect();
    for group in users.chunks(of_group) {
        let mut rows = writer.next_row_group().expect("a group");
        let columns: [Vec<ByteArray>; 2] = [
            group.iter().map(|(id, _)| id.as_str().into()).collect(),
            group.iter().map(|(_, plan)| (*plan).into()).collect(),
        ];
        for values in columns {
            let mut column = rows.next_column().expect("a column").expect("one more");
            column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("written");
            column.close().expect("closed");
        }
        rows.close().expect("closed");
    }
    writer.close().expect("closed");
}

fn pro_first() -> Plan {
    let mut then = flag("f", 30_000);
    then.rules = vec![rule(clause("plan", Operator::In, "pro"), 60_000)];
    plan("f", &[&world([flag("f", 10_000)]), &world([then])], Some("plan"))
}

fn count(path: PathBuf, options: &Options) -> Result<(Forecast, Vec<String>), SimulateError> {
    let input = Input::file(move || File::open(&path), "users.parquet", None);
    let mut joined = Vec::new();
    let mut join = |id: &str| {
        joined.push(id.to_owned());
        Ok(())
    };
    let plan = pro_first();
    let told = forecast(&plan, Population::Inputs(vec![input]), options, Watch::default(), Some(&mut join))?;
    Ok((told, joined))
}

#[test]
fn groups_come_to_the_same_as_one_after_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("users");
    for distinct in [false, true] {
        let mut all = Vec::new();
        for (of_group, workers) in [(USERS, 1), (USERS, 3), (1_000, 1), (1_000, 3), (333, 2)] {
            write(&path, of_group);
            let options = Options { distinct, digest: false, ..options(workers) };
            let (mut told, joined) = count(path.clone(), &options).expect("a forecast");
            let input = &mut told.intake.inputs[0];
            assert_eq!(input.bytes.take(), Some(std::fs::metadata(&path).expect("there").len()));
            assert!(told.one_by_one < 100, "{} rows were evaluated one by one", told.one_by_one);
            told.one_by_one = 0;
            all.push((told, joined));
        }
        let rows = if distinct { 6_501 } else { USERS as u64 };
        assert_eq!((all[0].0.intake.rows, all[0].0.intake.without_id), (rows, 8));
        assert!(all[0].1.len() > 1_000 && all.iter().all(|one| *one == all[0]), "{all:#?}");
    }
}

#[test]
fn a_damaged_group_ends_the_forecast() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("users");
    write(&path, 1_000);
    let mut bytes = std::fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2_000].fill(0xff);
    std::fs::write(&path, bytes).expect("written");
    let error = count(path, &options(3)).expect_err("it is damaged");
    assert!(
        error.to_string().starts_with("`users.parquet`: the population is a Parquet file that"),
        "{error}"
    );
}

#[test]
fn times_that_are_none_are_told_of_groups_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("users");
    let mut aged = flag("f", 30_000);
    aged.rules = vec![rule(clause("account_age_days", Operator::LessThan, 7), 60_000)];
    let plan = plan("f", &[&world([flag("f", 10_000)]), &world([aged])], None);
    for of_group in [USERS, 1_000] {
        write_as(&path, "created_at", of_group);
        let path = path.clone();
        let input = Input::file(move || File::open(&path), "users.parquet", None);
        let population = Population::Inputs(vec![input]);
        let told = forecast(&plan, population, &options(3), Watch::default(), None).expect("a forecast");
        let unread = &told.intake.unread_times;
        assert_eq!((unread.len(), unread[0].first.as_str()), (1, "pro"), "{unread:?}");
    }
}
