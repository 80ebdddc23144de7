//! Files without a mistake say what they should.

use crate::flagfile::FlagFile;
use crate::model::{Fallthrough, FlagName, Operator, Serve, Value, Weight};

fn parse(text: &str) -> FlagFile {
    FlagFile::parse("flags.toml", text.to_owned()).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes:#?}"))
}

fn flag(name: &str) -> FlagName {
    FlagName::try_from(name).expect("a name")
}

#[test]
fn the_shipped_file_defines_what_it_should() {
    let file = parse(include_str!("../../../flags.toml"));
    let definitions = file.definitions();
    let names: Vec<&str> = definitions.flags.keys().map(FlagName::as_str).collect();
    assert_eq!(
        names,
        [
            "use_v3_style",
            "enable_try_on",
            "enable_shopping_agent",
            "use_deepseek_critic",
            "enable_memory_v2",
            "enable_cost_alerts",
            "enable_approval_queues",
            "ab_test_personalization",
            "style_prompt",
        ]
    );
    let memory = &definitions.flags["enable_memory_v2"];
    assert_eq!(memory.fallthrough, Fallthrough::Rollout(Weight::parse("25%").expect("a weight")));
    assert_eq!((memory.rules.len(), memory.rules[1].rollout.to_string()), (2, "40%".to_owned()));
    let queues = &definitions.flags["enable_approval_queues"];
    assert_eq!(queues.orgs.keys().collect::<Vec<_>>(), ["acme", "globex"]);
    assert_eq!(queues.fallthrough, Fallthrough::Rollout(Weight::NONE));
    let experiment = &definitions.experiments["personalization_v2"];
    assert_eq!(experiment.variants.total(), 100);
    assert_eq!(experiment.flag.as_ref().map(FlagName::as_str), Some("ab_test_personalization"));
    let segments: Vec<String> = definitions.segments.keys().map(ToString::to_string).collect();
    assert_eq!(segments, ["employee", "admin", "new_user", "recent_user", "established_user"]);
    for flag in definitions.flags.values() {
        assert!(flag.owner.is_some() && flag.expires.is_some() && !flag.tags.is_empty(), "{}", flag.name);
    }
}

#[test]
fn every_way_of_writing_a_flag_reads_alike() {
    let ways = [
        "schema = 1\n[flags]\nx = { enabled = true, rollout = \"25%\", users = { u = \"on\" } }\n",
        "schema = 1\n[flags.x]\nenabled = true\nrollout = 25\nusers = [\"u\"]\n",
        "schema = 1\nflags.x.enabled = true\nflags.x.rollout = 25.0\nflags.x.users.u = \"on\"\n",
        "schema = 1\r\n[flags]\r\nx.enabled = true\r\nx.rollout = '25%'\r\n[flags.x.users]\r\nu = \"on\"\r\n",
        "\u{feff}schema = 1\n[flags.\"x\"]\nenabled = true\nrollout = \"\"\"25%\"\"\"\n[flags.x.users]\n\"u\" = \"on\"\n",
    ];
    let ways = ways.map(parse);
    for way in &ways {
        assert_eq!(way.definitions(), ways[0].definitions(), "{}", way.text());
    }
}

#[test]
fn places_lead_back_to_the_text() {
    let file = parse("\u{feff}schema = 1\r\n[flags]\r\nshort = false\r\n");
    let places = file.flag_places(&flag("short")).expect("it is there");
    assert_eq!(places.enabled.of(file.text()), "false");
    let position = file.position(places.enabled.start);
    assert_eq!((position.line, position.column), (3, 9));

    let file = parse(
        "schema = 1\n[flags.x]\nenabled = true\nowner = \"é\" \nusers = { a = \"on\", \"b\" = \"off\" }\norgs = [\"c\"]\nrollout = 12.50\n\
         [[flags.x.rules]]\nwhen = [{ segment = [\"s\"], negate = true }]\nserve = \"off\"\n[segments.s]\n[experiments.e]\nvariants = [[\"a\", 1]]\n",
    );
    let places = file.flag_places(&flag("x")).expect("it is there");
    let of = |span: crate::flagfile::Span| span.of(file.text());
    assert_eq!((of(places.key), of(places.enabled)), ("x", "true"));
    assert_eq!(places.fallthrough.map(of), Some("12.50"));
    assert_eq!(places.users.iter().map(|span| of(*span)).collect::<Vec<_>>(), ["a", "\"b\""]);
    assert_eq!(places.orgs.iter().map(|span| of(*span)).collect::<Vec<_>>(), ["\"c\""]);
    assert_eq!(places.rules.iter().map(|span| of(*span)).collect::<Vec<_>>(), ["[[flags.x.rules]]"]);
    let segment = file.definitions().segments.keys().next().expect("one");
    assert_eq!(file.segment_place(segment).map(of), Some("s"));
    let experiment = file.definitions().experiments.keys().next().expect("one");
    assert_eq!(file.experiment_place(experiment).map(of), Some("e"));
}

#[test]
fn clauses_keep_their_types() {
    let file = parse(
        "schema = 1\n[segments.s]\nrules = [{ when = [\n\
         { attribute = \"a\", op = \"in\", values = [\"1\", 1, 1.5, true] },\n\
         { attribute = \"a\", op = \"before\", values = [2027-01-02 03:04:05+01:00, \"2027-01-02T03:04:05Z\", 1] },\n\
         { kind = \"org\", attribute = \"a\", op = \"semver_equal\", values = [\"1.2.3-rc.1\"], negate = true },\n\
         { attribute = \"a\", op = \"matches\", values = ['^a+$'] },\n\
         { attribute = \"segments\", op = \"in\", values = [\"brought_by_context\"] },\n\
         { op = \"segment\", values = [\"t\"] },\n] }]\n[segments.t]\n",
    );
    let clauses = &file.definitions().segments["s"].rules[0].when;
    assert_eq!(
        clauses[0].values,
        [Value::from("1"), Value::from(1), serde_json::json!(1.5).into(), Value::from(true)]
    );
    assert_eq!(
        clauses[1].values,
        [Value::from("2027-01-02T03:04:05+01:00"), Value::from("2027-01-02T03:04:05Z"), Value::from(1)]
    );
    assert!(clauses[2].negate && clauses[2].kind.as_str() == "org");
    assert_eq!((clauses[5].operator, &clauses[5].values[0]), (Operator::Segment, &Value::from("t")));
}

#[test]
fn flags_with_variations_serve_them() {
    let file = parse(
        "schema = 1\n[flags.x]\nenabled = true\noff = \"a\"\nvariations = { a = 1, b = \"two\", c = { d = [true] } }\nserve = \"b\"\n\
         users = { u = \"c\" }\nprerequisites = [{ flag = \"y\" }, { flag = \"z\", variation = \"n\" }]\n\
         rules = [{ when = [{ attribute = \"q\", op = \"in\", values = [1] }], split = [[\"a\", 1], [\"b\", 2]], rollout = \"50%\" }]\n\
         [flags]\ny = true\n[flags.z]\nenabled = true\noff = \"m\"\nvariations.m = 1\nvariations.n = 2\nserve = \"m\"\n",
    );
    let x = &file.definitions().flags["x"];
    assert!(matches!(&x.fallthrough, Fallthrough::Serve(Serve::Variation(name)) if name.as_str() == "b"));
    assert!(matches!(&x.rules[0].serve, Serve::Split(split) if split.total() == 3));
    let wanted: Vec<(&str, &str)> =
        x.prerequisites.iter().map(|p| (p.flag.as_str(), p.variation.as_str())).collect();
    assert_eq!(wanted, [("y", "on"), ("z", "n")]);
    assert_eq!(x.variations.value("c").map(ToString::to_string).as_deref(), Some("{\"d\":[true]}"));
}
