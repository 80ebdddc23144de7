//! `bucketing infer` over observations that are not what it reads.

use std::io::Write as _;

use super::observed::observed;

#[test]
fn observations_that_cannot_be_read_are_said() {
    let (project, rows) = observed("", 60);
    let from_input = project.run_with_input(
        &["bucketing", "infer", "-", "--percent", "30", "--json"],
        &rows.replace("user,on", "uid,enabled"),
    );
    assert_eq!(from_input.code, 0, "{}", from_input.stderr);
    project.write("odd.csv", &format!("{rows}u-1,perhaps\n,true\n"));
    let odd = project.run(&["bucketing", "infer", "odd.csv", "--percent", "30"]);
    assert!(
        odd.stderr.contains("line 62: `perhaps` is neither on nor off")
            && odd.stderr.contains("line 63: no id"),
        "{}",
        odd.stderr
    );
    project.write("empty.csv", "user,on\n");
    assert!(
        project.fails(7, &["bucketing", "infer", "empty.csv", "--percent", "30"]).contains("no observation")
    );
    project.write("one.csv", "user\nu-1\n");
    assert!(
        project
            .fails(7, &["bucketing", "infer", "one.csv", "--percent", "30"])
            .contains("whether the users were on")
    );
    project.write("semicolons.csv", "user;on\nu-1;true\n");
    let semicolons = project.fails(7, &["bucketing", "infer", "semicolons.csv", "--percent", "30"]);
    assert!(semicolons.contains("separated by commas, not by ';'"), "{semicolons}");
    assert!(project.fails(12, &["bucketing", "infer", ".", "--percent", "30"]).contains("cannot read `.`"));
    assert!(project.fails(3, &["bucketing", "show", "md5"]).contains("`md5-user`"));
    let columns = ["bucketing", "infer", "observed.csv", "--percent", "30", "--on-column", "onn"];
    assert!(project.fails(7, &columns).contains("no column `onn`"));
    for percent in ["0", "100%", "many", "0.3"] {
        assert!(
            project
                .fails(2, &["bucketing", "infer", "observed.csv", "--percent", percent])
                .contains("--percent")
        );
    }
    assert_eq!(project.run(&["bucketing", "infer", "absent.csv", "--percent", "30"]).code, 12);
    assert_eq!(project.run(&["bucketing", "infer", "observed.csv"]).code, 2);
}

#[test]
fn observations_may_be_compressed_and_need_a_header() {
    let (project, rows) = observed("", 60);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(rows.as_bytes()).expect("written");
    let gzip = gzip.finish().expect("compressed");
    let path = |name: &str| project.path(name);
    std::fs::write(path("observed.csv.gz"), &gzip).expect("written");
    std::fs::write(path("cut.csv.gz"), &gzip[..gzip.len() / 2]).expect("written");
    std::fs::write(path("named.csv.gz"), &rows).expect("written");
    let infer = |name: &'static str| ["bucketing", "infer", name, "--percent", "30"];
    assert!(project.ok(&infer("observed.csv.gz")).contains("found: ffctl/1"));
    let cut = project.fails(12, &infer("cut.csv.gz"));
    assert!(cut.contains("cut off"), "{cut}");
    let named = project.fails(12, &infer("named.csv.gz"));
    assert!(named.contains("gzip"), "{named}");
    let parquet =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/population/users.parquet");
    std::fs::copy(parquet, path("users.parquet")).expect("copied");
    let parquet = project.fails(7, &infer("users.parquet"));
    assert!(parquet.contains("users.parquet is a Parquet file, and no CSV"), "{parquet}");
    assert!(parquet.contains("copy (from 'FILE') to 'NEW.csv'"), "{parquet}");
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(rows.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(path("wide.csv"), wide).expect("written");
    let wide = project.fails(7, &infer("wide.csv"));
    assert!(wide.contains("wide.csv is text in UTF-16") && wide.contains("iconv -f UTF-16"), "{wide}");
    let (_, observations) = rows.split_once('\n').expect("lines");
    project.write("bare.csv", observations);
    let bare = project.fails(7, &infer("bare.csv"));
    assert!(bare.contains("bare.csv has no header: its first line is an observation, `user-0,"), "{bare}");
    assert!(bare.contains("hint: put the line `user,on` in front of it"), "{bare}");
    let named = [&infer("bare.csv")[..], &["--id-column", "user-0"]].concat();
    assert_eq!(project.run(&named).code, 0, "who names a column knows the header");
    project.write("nothing.csv", "");
    assert!(project.fails(7, &infer("nothing.csv")).contains("nothing.csv is empty"));
}
