//! The frame of a page that is one file: what stands around every report, and what browsers are told to forbid.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::base64url::base64url;

use super::super::sanitize::sanitize;

/// How everything looks.
const STYLE: &str = concat!(include_str!("palette.css"), include_str!("style.css"));

/// What the first lines of every page hold; by this a page is known again.
const GENERATOR: &str = concat!("ffctl ", env!("CARGO_PKG_VERSION"));

/// Returns a whole page as one file.
pub(super) fn document(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="generator" content=(GENERATOR);
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (sanitize(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// Returns what a browser allows the page: its own style, and nothing else, from nowhere.
fn policy() -> String {
    // Policies take the letters of base64url as well, with the padding of base64.
    let digest = base64url(&Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{digest}='; base-uri 'none'; form-action 'none'")
}

/// Tells whether a text is a page that this program wrote, of any version.
pub fn is_page(text: &str) -> bool {
    let head: String = text.chars().take(400).collect();
    head.starts_with("<!DOCTYPE html><html") && head.contains("<meta name=\"generator\" content=\"ffctl ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_again_and_nothing_else_is() {
        let page = document("a <b>", &html! { p { "x" } });
        assert!(is_page(&page) && page.contains("<title>a &lt;b&gt;</title>"), "{page}");
        assert!(!is_page("") && !is_page("<!DOCTYPE html><html lang=\"en\"><head></head></html>"));
        assert!(!is_page("schema = 1\n# <meta name=\"generator\" content=\"ffctl 1\">"));
    }

    #[test]
    fn the_style_is_written_as_it_is_hashed() {
        let page = document("t", &html! {});
        let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
        assert_eq!(style.map(|(style, _)| style), Some(STYLE));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "nothing comes from elsewhere");
    }
}
