//! A forecast as a page that a person attaches to a change request.

use maud::{Markup, html};

use crate::report::ForecastReport;

use super::frame::document;
use super::making::Making;
use super::parts::foreign_markup;
use super::series::{Palette, states};
use super::{
    configuration, experiment, flow, funnel, groups, moves, orgs, overlap, power, provenance, ramp, summary,
    times,
};

/// Returns the forecast as one HTML file: readable without scripts, light and dark, on a telephone and on paper.
pub fn forecast_page(report: &ForecastReport, making: &Making) -> String {
    let labels: Vec<&str> = states(report).into_iter().map(|state| state.label.as_str()).collect();
    let palette = Palette::of(report);
    let body = html! {
        main {
            header {
                p.kind { "Forecast of " (if report.kind == "experiment" { "an experiment" } else { "a flag" }) }
                h1 { (foreign_markup(&report.name)) }
                p.change {
                    @for (at, state) in states(report).into_iter().enumerate() {
                        @if at > 0 { span.arrow { " → " } }
                        span { (foreign_markup(&state.label)) }
                        @if let Some(summary) = &state.summary { " " small { "(" (foreign_markup(summary)) ")" } }
                    }
                }
            }
            (summary::verdict(report))
            @if report.population.users > 0 { (counted(report, labels.last().copied())) }
            @if let Some(observed) = &report.observed { (experiment::observed(observed)) }
            @if let Some(power) = &report.power { (power::section(power)) }
            @if !report.funnel.is_empty() { (funnel::section(&report.funnel)) }
            @if let Some(times) = &report.times { (times::section(times, report.population.users)) }
            @if let Some(configuration) = &report.configuration { (configuration::section(configuration, &palette)) }
            (summary::notes(report))
        }
        (provenance::footer(report, making))
    };
    document(&format!("{}: {} · ffctl", report.name, labels.join(" → ")), &body)
}

/// What was counted over users.
fn counted(report: &ForecastReport, last: Option<&str>) -> Markup {
    let palette = Palette::of(report);
    html! {
        (summary::tiles(report))
        (ramp::section(report))
        @if !report.steps.is_empty() {
            (flow::section(report, &palette))
            (moves::section(&report.steps))
        }
        @if let Some(experiment) = &report.experiment { (experiment::section(experiment, last)) }
        @for step in report.steps.iter().chain(&report.overall) {
            @let name = format!("{} → {}", step.from, step.then.label);
            (groups::section(&step.groups, (report.steps.len() > 1).then_some(name.as_str())))
        }
        (groups::section(&report.groups, None))
        @if let Some(orgs) = &report.orgs { (orgs::section(orgs, &palette)) }
        @if !report.overlaps.is_empty() { (overlap::section(&report.name, &report.overlaps)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{self, Foreign};
    use super::super::super::tests::hostile::{harmless, hostile};
    use super::*;
    use crate::model::Timestamp;

    fn pages(foreign: Foreign<'_>) -> Vec<String> {
        let making =
            Making::new(foreign.0.unwrap_or("ffctl"), Timestamp::from_millis(0), Timestamp::from_millis(0));
        [
            samples::forecast(foreign),
            samples::forecast_split(foreign),
            samples::experiment(foreign),
            samples::forecast_ramp(foreign),
            samples::forecast_statistics(foreign),
            samples::experiment_statistics(foreign),
        ]
        .iter()
        .map(|report| forecast_page(report, &making))
        .collect()
    }

    #[test]
    fn foreign_text_opens_no_element_and_leaves_no_attribute() {
        let plain = pages(Foreign(Some("plain")));
        for text in hostile() {
            for (page, plain) in pages(Foreign(Some(&text))).iter().zip(&plain) {
                let head = page.find("<body>").expect("a body");
                harmless(&text, &page[head..]);
                for sign in ['<', '>', '"'] {
                    assert_eq!(
                        page.matches(sign).count(),
                        plain.matches(sign).count(),
                        "{sign} with {text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_page_says_what_the_report_says() {
        let [flag, split, experiment, ramp, statistics, observed] =
            pages(Foreign(None)).try_into().expect("six");
        for said in [
            "10.03%",
            "49.99%",
            "+14,972",
            "−12",
            "~1,200",
            "acme",
            "9.85% – 10.22%",
            "leaves&gt;0",
            "line 99: not JSON",
        ] {
            assert!(flag.contains(said), "{said}: {flag}");
        }
        assert!(
            split.contains(">v3<") && split.contains("24.88%") && split.contains("counted exactly"),
            "{split}"
        );
        for said in
            ["acme", "31.4", "812", "the same hash", "below 0.246%", "20 days", "By <bdi>rule", "0.579"]
        {
            assert!(statistics.contains(said), "{said}: {statistics}");
        }
        assert!(observed.contains("5,021") && observed.contains("0.8136"), "{observed}");
        for said in [
            "All of v3",
            "v1</bdi> → ",
            "--no-users",
            "7 users are on, off and on again",
            "2026-11-24",
            "is not off (the gate)",
            "ends: ",
        ] {
            assert!(ramp.contains(said), "{said}: {ramp}");
        }
        assert!(
            experiment.contains("χ² = 0.143")
                && experiment.contains("300 forced, 2,000 behind the closed gate")
        );
    }
}
