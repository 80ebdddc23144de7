//! What the reports look like, pinned; and what no report may ever show.

mod ci;
mod color;
pub(super) mod hostile;
mod looks;
mod schema;

use super::samples::{self, Foreign};
use super::samples_setup;
use super::{Format, Present, Screen, failure, note, plan, render};
use crate::report::Report;

/// A screen without colour.
fn screen(width: Option<u16>) -> Screen {
    Screen { width, color: false, unicode: true, ci: false }
}

/// Does something with every sample report.
trait ForEach {
    fn with<R: Present>(&mut self, name: &str, report: &R);
}

fn for_each(foreign: Foreign<'_>, each: &mut impl ForEach) {
    each.with("list", &samples::list(foreign));
    each.with("get", &samples::get(foreign));
    each.with("get_one", &samples::get_one(foreign));
    each.with("explain", &samples::explain(foreign));
    each.with("explain_split", &samples::explain_split(foreign));
    each.with("variants", &samples::variants(foreign));
    each.with("forecast", &samples::forecast(foreign));
    each.with("forecast_split", &samples::forecast_split(foreign));
    each.with("forecast_ramp", &samples::forecast_ramp(foreign));
    each.with("experiment", &samples::experiment(foreign));
    each.with("forecast_statistics", &samples::forecast_statistics(foreign));
    each.with("experiment_statistics", &samples::experiment_statistics(foreign));
    each.with("change", &samples::change(foreign, "written"));
    each.with("change_refused", &samples::change(foreign, "planned"));
    each.with("diff", &samples::diff(foreign));
    each.with("diff_targets", &samples::diff_targets(foreign));
    each.with("drift", &samples::drift(foreign));
    each.with("snapshot_saved", &samples::snapshots(foreign, true));
    each.with("snapshots", &samples::snapshots(foreign, false));
    for (name, event) in samples::watched(foreign) {
        each.with(name, &event);
    }
    each.with("lint", &samples::lint(foreign));
    each.with("rules", &samples::rules(false));
    each.with("rule", &samples::rules(true));
    each.with("history", &samples::history(foreign));
    each.with("check", &samples::check(foreign));
    each.with("init", &samples::init(foreign));
    each.with("algorithms", &samples::algorithms(foreign));
    each.with("algorithm", &samples::shown_algorithm(foreign));
    for verdict in ["one", "unconfirmed", "several", "random", "none"] {
        each.with(&format!("infer_{verdict}"), &samples::inferred(foreign, verdict));
    }
    each.with("sql", &samples::sql(foreign));
    each.with("serve", &samples::serve(foreign));
    each.with("chain", &samples::chain(foreign, false));
    each.with("chain_broken", &samples::chain(foreign, true));
    each.with("tokens", &samples::tokens(foreign, false));
    each.with("token_created", &samples::tokens(foreign, true));
    each.with("user", &samples::user(foreign));
    for outcome in ["listed", "shown", "chosen"] {
        each.with(&format!("profiles_{outcome}"), &samples_setup::profiles(foreign, outcome));
    }
    for outcome in ["kept", "forgotten"] {
        each.with(&format!("login_{outcome}"), &samples_setup::login(foreign, outcome));
    }
    each.with("doctor", &samples_setup::doctor(foreign));
}

/// Every report in one format, and everything that goes to stderr, by name.
fn all_shown(foreign: Foreign<'_>, format: Format, screen: Screen) -> Vec<(String, String)> {
    struct Collect(Format, Screen, Vec<(String, String)>);
    impl ForEach for Collect {
        fn with<R: Present>(&mut self, name: &str, report: &R) {
            self.2.push((name.to_owned(), render(report, self.0, &self.1)));
        }
    }
    let mut collect = Collect(format, screen, Vec::new());
    for_each(foreign, &mut collect);
    let mut all = collect.2;
    if format == Format::Table {
        let failed = samples::failure(foreign);
        let change = samples::change(foreign, "planned");
        all.push(("failure".to_owned(), failure(&failed, false, &screen)));
        all.push(("plan".to_owned(), plan(&change, &screen)));
        all.extend(change.notes.iter().map(|one| ("note".to_owned(), note(one, &screen))));
    }
    all
}

/// Every report with its JSON.
fn all_json(foreign: Foreign<'_>) -> Vec<(&'static str, serde_json::Value, String)> {
    struct Collect(Vec<(&'static str, serde_json::Value, String)>);
    impl ForEach for Collect {
        fn with<R: Present>(&mut self, _: &str, report: &R) {
            let plain = serde_json::to_value(report).expect("a report is JSON");
            self.0.push((<R as Report>::SCHEMA, plain, render(report, Format::Json, &Screen::default())));
        }
    }
    let mut collect = Collect(Vec::new());
    for_each(foreign, &mut collect);
    collect.0
}
