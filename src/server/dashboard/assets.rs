//! The style, the script and the icon: built in, so that nothing is loaded from elsewhere.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// A file that is part of the program.
pub(super) struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

/// How everything looks.
pub(super) static STYLE: Asset = Asset {
    name: "style.css",
    kind: "text/css; charset=utf-8",
    text: concat!(include_str!("../../output/page/palette.css"), include_str!("assets/style.css")),
};

/// What is more pleasant with a script.
pub(super) static SCRIPT: Asset =
    Asset { name: "app.js", kind: "text/javascript; charset=utf-8", text: include_str!("assets/app.js") };

/// What keeps a page true while it is open.
pub(super) static LIVE: Asset =
    Asset { name: "live.js", kind: "text/javascript; charset=utf-8", text: include_str!("assets/live.js") };

/// The icon of the tab.
pub(super) static ICON: Asset =
    Asset { name: "icon.svg", kind: "image/svg+xml", text: include_str!("assets/icon.svg") };

impl Asset {
    /// Returns the path that a page names: another one for each content, so that a browser may keep it.
    pub(super) fn path(&self) -> String {
        let digest = Sha256::digest(self.text.as_bytes());
        format!("/assets/{}?v={}", self.name, hex(&digest[..4]))
    }
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = [&STYLE, &SCRIPT, &LIVE, &ICON].into_iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.text).into_response()
}
