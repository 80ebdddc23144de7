//! A rollout by organisation, and what it comes to in users.

use maud::{Markup, html};

use crate::report::{OrgReport, OrgsReport};

use super::super::number::{percent, share, thousands};
use super::parts::{arm_mark, foreign_markup};
use super::picture::number;
use super::series::Palette;
use super::summary::said;

/// Returns the organisations, or what else is bucketed by.
pub(super) fn section(report: &OrgsReport, palette: &Palette<'_>) -> Markup {
    let all_users: u64 = report.variations.iter().map(|one| one.users).sum();
    let figure = |name: &str, value: &Markup| html! { div { dt { (name) } dd { (value) } } };
    html! {
        section aria-labelledby="orgs" {
            h2 #orgs { "What each " (foreign_markup(&report.unit)) " gets" }
            ul.said { @for sentence in &report.meaning { (said(sentence)) } }
            dl.facts {
                (figure("Units", &html! { (thousands(report.orgs)) @if report.truncated { " or more" } }))
                (figure("Worth units of one size (Kish)", &html! { (format!("{:.1}", report.effective_size)) }))
                (figure("On as a whole", &html! { (thousands(report.on)) " (" (percent(report.share_of_orgs)) ")" }))
                (figure("Off as a whole", &html! { (thousands(report.off)) }))
                (figure("Split", &html! { (thousands(report.split)) }))
                (figure("Of their users are on", &html! { (percent(report.share_of_users)) }))
                (figure("Users without one", &html! { (thousands(report.without)) }))
            }
            div.scroll tabindex="0" role="region" aria-label="What units and their users get" {
                table.groups {
                    caption { "What they get, by units and by users" }
                    thead { tr {
                        th scope="col" { "Gets" }
                        th.bars scope="col" { "Of the units" }
                        th.number scope="col" { "Units" }
                        th.bars scope="col" { "Of their users" }
                        th.number scope="col" { "Users" }
                    } }
                    tbody {
                        @for one in &report.variations {
                            @let name = one.variation.as_str();
                            tr {
                                th scope="row" { @if let Some(arm) = palette.arm(name) { (arm_mark(arm)) " " } (foreign_markup(name)) }
                                td.bars { (bar(&palette.class(name), share(one.orgs, report.orgs))) }
                                td.number { (thousands(one.orgs)) }
                                td.bars { (bar(&palette.class(name), share(one.users, all_users))) }
                                td.number { (thousands(one.users)) }
                            }
                        }
                    }
                }
            }
            (largest(report))
        }
    }
}

fn bar(class: &str, share: f64) -> Markup {
    html! {
        svg.share viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.track width="100" height="6" {}
            rect class=(class) width=(number(share * 100.0)) height="6" {}
        }
    }
}

fn largest(report: &OrgsReport) -> Markup {
    let parts: [(&str, &[OrgReport]); 3] =
        [("On", &report.largest_on), ("Off", &report.largest_off), ("Split", &report.largest_split)];
    html! {
        div.scroll.below tabindex="0" role="region" aria-label="The largest units" {
            table.groups {
                caption { "The largest of each" }
                thead { tr {
                    th scope="col" { "Is" }
                    th scope="col" { "Unit" }
                    th.bars scope="col" { "Of all users" }
                    th.number scope="col" { "Users" }
                    th.number scope="col" { "On" }
                } }
                @for (word, orgs) in parts.into_iter().filter(|(_, orgs)| !orgs.is_empty()) {
                    tbody {
                        @for (at, org) in orgs.iter().enumerate() {
                            tr {
                                td { @if at == 0 { (word) } }
                                th scope="row" { (foreign_markup(&org.org)) }
                                td.bars { (bar("was", share(org.users, report.users))) }
                                td.number { (thousands(org.users)) }
                                td.number { (thousands(org.on)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
