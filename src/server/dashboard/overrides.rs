//! What the admin layer says of a flag: each field with its end and the way back.

use maud::{Markup, html};

use crate::answer::words;
use crate::layer::{Field, FieldValue, Origin, Values};
use crate::model::Timestamp;
use crate::server::snapshot::Served;

use super::edit;
use super::parts;
use super::wish::EVERYTHING;

/// Returns the section; who may not change anything sees no forms.
pub(super) fn section(served: &Served, values: Option<&Values>, may_edit: bool, now: Timestamp) -> Markup {
    let flag = &served.resolved.effective;
    let name = flag.name.as_str();
    html! {
        section #overrides {
            h2 { "Overrides" }
            @match values {
                None => { p.faint { "Nothing is overridden: every value comes from the layers below." } },
                Some(values) => {
                    div.scroll { table.overrides {
                        thead { tr { th { "Field" } th { "Value" } th { "Since" } th { "Ends" } @if may_edit { th {} } } }
                        tbody { @for (field, (value, origin)) in values { (row(name, field, value, origin, may_edit, now)) } }
                    } }
                    @if may_edit && values.len() > 1 {
                        form.back method="get" action=(edit::preview(name)) data-preview {
                            input type="hidden" name="clear" value=(EVERYTHING);
                            button type="submit" { "All back to the layers below" }
                        }
                    }
                },
            }
            @if may_edit { (edit::entry(name, flag)) }
        }
    }
}

fn row(
    name: &str,
    field: &Field,
    value: &FieldValue,
    origin: &Origin,
    may_edit: bool,
    now: Timestamp,
) -> Markup {
    let text = field.to_string();
    let (by, at, ends) = match origin {
        Origin::Journal { by, at, expires_at, .. } => (by.as_deref(), *at, *expires_at),
        _ => (None, None, None),
    };
    html! {
        tr data-key=(text) {
            td { (parts::foreign(&text)) }
            td { strong { (parts::foreign(&value.to_string())) } }
            td.faint {
                @if let Some(at) = at { time datetime=(at) title=(at) { (words::when(at, now)) } }
                @if let Some(by) = by { " by " (parts::foreign(by)) }
            }
            td {
                @match ends {
                    Some(ends) => { time datetime=(ends) title=(ends) { (words::when(ends, now)) } },
                    None => { span.faint { "never" } },
                }
            }
            @if may_edit {
                td.actions {
                    (leading(name, "again", &text, "Change the end"))
                    (leading(name, "clear", &text, "Take back"))
                }
            }
        }
    }
}

/// A button that leads to the forecast of what it does to a field.
fn leading(name: &str, what: &str, field: &str, text: &str) -> Markup {
    html! {
        form method="get" action=(edit::preview(name)) data-preview {
            input type="hidden" name=(what) value=(field);
            button.quiet type="submit" { (text) }
        }
    }
}
