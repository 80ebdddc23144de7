//! `FF_*`: the first line is a value, the whole is a `.env` file.

use ffctl::change::{EnvEdit, edit_env_file};
use ffctl::flagfile::FlagFile;
use ffctl::layer::{EnvLayer, Origin, Variable, parse_dotenv};

use super::first_line;

const FLAGS: &str = "schema = 1\n[flags]\na = true\n[flags.b]\nenabled = true\nvariations = { v2 = 1, v3 = 2 }\n\
                     off = \"v2\"\nserve = \"v3\"\n";

/// Any value of a variable, and any file of them.
pub fn variables(data: &[u8]) {
    let Some((value, _)) = first_line(data) else { return };
    let file = FlagFile::parse("flags.toml", FLAGS.to_owned()).expect("written above");
    let variable = |name: &str| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: Origin::Variable { name: name.to_owned() },
    };
    let layer = EnvLayer::read(file.definitions(), [variable("FF_A"), variable("FF_B")]);
    for name in ["a", "b"] {
        let (set, wrong) = (layer.values(name).is_some(), !layer.problems(name).is_empty());
        assert!(!(set && wrong), "a value counts or is wrong, not both");
        assert_eq!(!(set || wrong), value.trim().is_empty(), "only nothing says nothing");
        for problem in layer.problems(name) {
            assert!(!problem.fix.is_empty() && !problem.message.is_empty());
        }
    }

    let text = std::str::from_utf8(data).expect("looked at above");
    let Ok(entries) = parse_dotenv(text) else { return };
    for entry in &entries {
        assert!(entry.name.starts_with("FF_") && text.get(entry.span.clone()).is_some(), "{entry:?}");
    }
    let edits = [EnvEdit { name: "FF_A".to_owned(), value: Some("25%".to_owned()) }];
    let edited = edit_env_file(text, &edits).expect("what reads can be edited");
    let read = parse_dotenv(&edited).expect("and reads again");
    let last = read.iter().rfind(|entry| entry.name == "FF_A").expect("it was set");
    assert_eq!(last.value, "25%");
    let others = |entries: &[ffctl::layer::DotenvEntry]| -> Vec<_> {
        let others = entries.iter().filter(|entry| entry.name != "FF_A");
        others.map(|entry| (entry.name.clone(), entry.value.clone())).collect()
    };
    assert_eq!(others(&entries), others(&read), "nobody else's value changes");
}
