//! `bucketing migrate`: who flips.

use super::super::project::Project;

/// Two independent formulas at 10% share a tenth of their tenth: nine in ten of those who are on go off.
#[test]
fn a_migration_says_who_flips_and_is_free_at_both_ends() {
    let flags = |rollout: &str| format!("schema = 1\n[flags.f]\nenabled = true\nrollout = \"{rollout}\"\n");
    let migrate = ["bucketing", "migrate", "f", "--to", "md5-user", "--synthetic", "20000"];
    let tenth = Project::new(&flags("10%"));
    let forecast = tenth.json(&migrate);
    let step = &forecast["steps"][0];
    let (leaves, stays) =
        (step["leaves"].as_u64().expect("a count"), step["stays_on"].as_u64().expect("a count"));
    assert!(leaves > 8 * stays && stays > 0, "{step}");
    assert_eq!((&forecast["algorithm"], &step["then"]["label"]), (&"md5-user".into(), &"md5-user".into()));
    assert_eq!((&step["keeps_everyone"], &step["guaranteed"]), (&false.into(), &false.into()));
    for rollout in ["0%", "100%"] {
        let step = &Project::new(&flags(rollout)).json(&migrate)["steps"][0];
        assert_eq!(
            (&step["joins"], &step["leaves"], &step["guaranteed"]),
            (&0.into(), &0.into(), &true.into())
        );
    }
    assert!(tenth.run(&migrate).stderr.contains("at 0% and at 100%"));
    let again = tenth.run(&["bucketing", "migrate", "f", "--to", "ffctl/1", "--synthetic", "100"]);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
    assert!(tenth.fails(2, &["bucketing", "migrate", "f", "--to", "split"]).contains("--hash-seed"));
    tenth.ok(&["bucketing", "migrate", "f", "--to", "split", "--hash-seed", "9", "--synthetic", "100"]);
    assert_eq!(tenth.run(&["bucketing", "migrate", "g", "--to", "posthog"]).code, 3);
    assert_eq!(tenth.run(&[&migrate[..], &["--fail-if", "leaves>0"]].concat()).code, 1);
}
