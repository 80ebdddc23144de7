//! What is asked of `simulate-rollout` beside users: counts of production, the days until a difference shows.

use super::forecast_statistics::project;
use super::forecasts::{json, texts};

#[test]
fn what_production_counted_needs_no_users() {
    let project = project();
    let observed = |counts: &str, more: &[&str]| {
        project.run(&[&["simulate-rollout", "even", "--observed", counts], more].concat())
    };
    let report = json(&project, &["even", "--observed", "control=5021,treatment=4873"]);
    assert_eq!(
        (&report["population"]["users"], &report["population"]["source"]),
        (&0.into(), &"none".into())
    );
    assert_eq!(report["observed"]["sequential"]["mismatch"], false);
    let fail = ["--fail-if", "srm"];
    assert_eq!(observed("control=5021,treatment=4873", &fail).code, 0);
    assert_eq!(observed("control=52000,treatment=48000", &fail).code, 1);
    assert_eq!(observed("control=52000,treatment=48000", &["--fail-if", "sample-ratio"]).code, 1);
    assert_eq!(observed("control=52000,treatment=48000", &[]).code, 0);
    // One look says so, many looks do not yet: a gate that is asked every day waits.
    let once = observed("control=5200,treatment=4800", &fail);
    assert_eq!(once.code, 0);
    assert!(once.stdout.contains("a mismatch if this is the only look"), "{}", once.stdout);
    // Beside users they are a part of the same answer.
    let both = json(&project, &["even", "--observed", "control=1,treatment=0", "--synthetic", "100"]);
    assert_eq!(
        (both["population"]["users"].as_u64(), both["observed"]["users"].as_u64()),
        (Some(100), Some(1))
    );
    assert!(observed("control=0,treatment=0", &[]).stdout.contains("No user was observed"));
}

#[test]
fn a_difference_takes_its_days() {
    let project = project();
    let of = |more: &[&str]| {
        json(
            &project,
            &[&["even", "--observed", "control=1,treatment=1", "--daily-users", "1000"], more].concat(),
        )["power"]
            .clone()
    };
    let assumed = of(&[]);
    assert_eq!((&assumed["worst_case"], assumed["baseline"].as_f64()), (&true.into(), Some(0.5)));
    assert!(texts(&assumed["meaning"]).iter().any(|said| said.contains("Without --baseline")));
    let part = of(&["--baseline", "4%", "--effect", "5%"]);
    let points = of(&["--baseline", "4%", "--effect", "0.2pp"]);
    assert!(part["effect"].as_f64().is_some_and(|effect| (effect - 0.002).abs() < 1e-12), "{part}");
    assert_eq!(part["comparisons"][0]["days"], points["comparisons"][0]["days"]);
    // A flag: who is on against who is off, in the last state that has both.
    let ramp = json(&project, &["gamma", "--to", "10%,100%", "--synthetic", "1000", "--daily-users", "50"]);
    let power = &ramp["power"];
    assert_eq!(
        (&power["state"], &power["comparisons"][0]["control"]["name"]),
        (&"10%".into(), &"off".into())
    );
    assert!(
        power["comparisons"][0]["arm"]["share"].as_f64().is_some_and(|share| (share - 0.1).abs() < 1e-12)
    );
    let nobody = json(&project, &["everyone", "--synthetic", "10", "--daily-users", "5"]);
    assert!(nobody["power"]["comparisons"].as_array().is_some_and(Vec::is_empty));
    assert!(texts(&nobody["verdict"]).iter().any(|said| said.contains("nobody to compare with")));
    let grouped =
        json(&project, &["by_org", "--population", "users.csv", "--allow-missing", "--daily-users", "5"]);
    assert!(texts(&grouped["verdict"]).iter().any(|said| said.contains("users count as one")));
}

#[test]
fn what_makes_no_sense_is_refused_with_a_way_out() {
    let project = project();
    for (code, line, said) in [
        (2, "even --observed control=1", "`treatment`"),
        (3, "even --observed control=1,treatmen=2", "did you mean `treatment`"),
        (2, "even --observed control=1,treatment=2,control=5", "stands twice"),
        (2, "even --observed control=1,treatment=-2", "no number of users"),
        (2, "even --observed nothing", "not a variant and its users"),
        (3, "gamma --observed on=1,of=2", "did you mean `off`"),
        (2, "gamma --observed on=1", "says nothing of `off`"),
        (2, "ruled --observed on=1,off=2", "--population users.csv"),
        (2, "ruled --observed on=1,off=2 --synthetic 9", "does not say the shares"),
        (2, "ruled --observed on=1 --population users.csv", "says nothing of `off`"),
        (2, "gamma --daily-users 5 --effect 2%", "--baseline 4.2% --effect 2%"),
        (2, "gamma --daily-users 5 --baseline 99% --effect 5%", "above 100%"),
        (2, "gamma --daily-users 5 --baseline 0%", "leaves nothing to be seen"),
        (2, "gamma --daily-users 5 --baseline x", "--baseline"),
        (2, "gamma --daily-users 5 --power 1% --alpha 5%", "--power 80% --alpha 5%"),
        (2, "gamma --baseline 5%", "--daily-users"),
        (2, "gamma --synthetic 9 --fail-if srm", "is of an experiment"),
        (2, "gamma --overlap gamma", "--overlap all"),
        (3, "gamma --overlap gama", "did you mean"),
        (2, "gamma --emit-sql postgres --overlap alpha", "cannot be used"),
        (2, "gamma --emit-sql postgres --daily-users 4", "cannot be used"),
        (2, "gamma --by", "--by"),
    ] {
        let arguments: Vec<&str> = std::iter::once("simulate-rollout").chain(line.split(' ')).collect();
        let run = project.run(&arguments);
        assert!(run.code == code && run.stderr.contains(said), "{line}: {} {}", run.code, run.stderr);
    }
}
