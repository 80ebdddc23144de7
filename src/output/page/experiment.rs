//! The variants of an experiment: their counts against their shares, and the test of the sample ratio.

use maud::{Markup, html};

use crate::report::{ExperimentReport, ObservedReport, SampleRatio, VariationCount};

use super::super::number::{percent, probability, thousands};
use super::parts::{arm_mark, foreign_markup};
use super::picture::number;
use super::summary::said;

/// Returns the variants after the last step.
pub(super) fn section(experiment: &ExperimentReport, state: Option<&str>) -> Markup {
    html! {
        section aria-labelledby="variants" {
            h2 #variants { "Variants against their shares" @if let Some(state) = state { small { " " (foreign_markup(state)) } } }
            (table("Users by variant, without those counted apart", &experiment.variants))
            @if experiment.forced + experiment.gated > 0 {
                p.faint {
                    "Counted apart: "
                    @if experiment.forced > 0 { (thousands(experiment.forced)) " forced" }
                    @if experiment.forced > 0 && experiment.gated > 0 { ", " }
                    @if experiment.gated > 0 { (thousands(experiment.gated)) " behind the closed gate" }
                    "."
                }
            }
            @if let Some(test) = &experiment.sample_ratio { (sample_ratio(test)) }
        }
    }
}

/// Returns what production counted, against the shares.
pub(super) fn observed(observed: &ObservedReport) -> Markup {
    html! {
        section aria-labelledby="observed" {
            h2 #observed { "What production counted" }
            ul.said { @for sentence in &observed.meaning { (said(sentence)) } }
            (table("Users of production by variant", &observed.variants))
            @if let Some(test) = &observed.sample_ratio { (sample_ratio(test)) }
            @if let Some(test) = &observed.sequential {
                p class=[test.mismatch.then_some("is-failed")] {
                    @if test.mismatch { strong { "✗ The sequential test finds a mismatch. " } }
                    @else { strong.is-good { "✓ The sequential test finds no mismatch. " } }
                    "p = " (probability(test.p)) " over all looks together (the limit is " (probability(test.limit)) "), log odds "
                    (format!("{:.3}", test.log_odds)) "."
                }
            }
        }
    }
}

/// The users of each variant against its share.
fn table(caption: &str, variants: &[VariationCount]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.groups {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "Variant" }
                    th.bars scope="col" { "Share" }
                    th.number scope="col" { "Share" }
                    th.number scope="col" { "Expected" }
                    th.number scope="col" { "Deviation" }
                    th.number scope="col" { "Users" }
                } }
                tbody { @for (at, variant) in variants.iter().enumerate() { (row(at, variant)) } }
            }
        }
    }
}

fn row(at: usize, variant: &VariationCount) -> Markup {
    let deviation = variant.expected.map(|expected| (variant.share - expected) * 100.0);
    html! {
        tr {
            th scope="row" { (arm_mark(at)) " " (foreign_markup(variant.variation.as_str())) }
            td.bars {
                svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                    rect.track width="100" height="6" {}
                    rect class={ "fill arm-" (at % 6) } width=(number(variant.share * 100.0)) height="6" {}
                    @if let Some(expected) = variant.expected { rect.wanted x=(number(expected * 100.0 - 0.4)) width="0.8" height="6" {} }
                }
            }
            td.number { strong { (percent(variant.share)) } }
            td.number { (variant.expected.map_or_else(String::new, percent)) }
            td.number { (deviation.map_or_else(String::new, |points| format!("{points:+.2} points").replace('-', "−"))) }
            td.number { (thousands(variant.users)) }
        }
    }
}

fn sample_ratio(test: &SampleRatio) -> Markup {
    html! {
        p class=[test.mismatch.then_some("is-failed")] {
            @if test.mismatch { strong { "✗ Sample ratio mismatch. " } } @else { strong.is-good { "✓ No sample ratio mismatch. " } }
            "χ² = " (format!("{:.3}", test.chi_square)) " with " (test.degrees) " degree" @if test.degrees != 1 { "s" }
            " of freedom, p = " (probability(test.p)) " (the limit is 0.001); the largest deviation is "
            (format!("{:.2}", test.deviation_points)) " points"
            @if let Some(effect) = test.design_effect { "; " (format!("{effect:.1}")) " users count as one" } "."
        }
    }
}
