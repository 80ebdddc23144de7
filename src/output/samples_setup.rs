//! Sample reports of what is set up: profiles, logins, the doctor's findings.

use crate::model::Timestamp;
use crate::report::*;

use super::samples::{Foreign, notes, prod};

fn field(f: Foreign<'_>, key: &str, value: &str, line: usize) -> ProfileField {
    let place = format!("{}:{line}", f.text("~/.config/ffctl/config.toml"));
    ProfileField { key: f.text(key), value: f.text(value), place }
}

fn profile(f: Foreign<'_>, name: &str) -> ProfileReport {
    let is_prod = name == "prod";
    let url = if is_prod { "https://flags.example.com" } else { "http://127.0.0.1:8080" };
    let mut fields = vec![field(f, "url", url, if is_prod { 4 } else { 12 })];
    if is_prod {
        // The keys of the guards are read by name.
        let own = |key: &str, value, line| ProfileField { key: key.to_owned(), ..field(f, key, value, line) };
        fields.extend([
            field(f, "description", "what customers see", 5),
            own("require_reason", "true", 6),
            own("max_step", "10%", 7),
            own("freeze", "Fri 16:00..Mon 08:00 +01:00, 2026-12-20..2027-01-04", 8),
        ]);
    }
    ProfileReport {
        name: f.text(name),
        url: f.text(url),
        protected: is_prod,
        description: is_prod.then(|| f.text("what customers see")),
        default: !is_prod,
        used: !is_prod,
        token: TokenSourceReport {
            source: if is_prod { "login" } else { "token_file" },
            file: f.some(if is_prod { "~/.local/state/ffctl/tokens/prod.token" } else { "~/.flags-token" }),
            present: is_prod,
            problem: (!is_prod).then(|| f.text("the token file `~/.flags-token` can be read by others")),
        },
        frozen_until: is_prod.then(|| Timestamp::from_millis(1_795_417_200_000)),
        fields,
    }
}

pub(super) fn profiles(f: Foreign<'_>, outcome: &'static str) -> ProfilesReport {
    let names: &[&str] = if outcome == "listed" { &["prod", "dev"] } else { &["prod"] };
    let lines = LinesChange {
        line: 3,
        removed: vec![f.text("default_profile = \"dev\"")],
        added: vec![f.text("default_profile = \"prod\"")],
    };
    ProfilesReport {
        config: f.some("~/.config/ffctl/config.toml"),
        outcome,
        dry_run: outcome == "chosen",
        profiles: names.iter().map(|name| profile(f, name)).collect(),
        lines: if outcome == "chosen" { vec![lines] } else { Vec::new() },
        next: (outcome == "shown").then(|| f.text("ffctl login --profile prod")),
        notes: notes(f),
    }
}

pub(super) fn login(f: Foreign<'_>, outcome: &'static str) -> LoginReport {
    let kept = outcome == "kept";
    LoginReport {
        target: prod(f),
        outcome,
        origin: f.text("https://flags.example.com"),
        file: f.text("~/.local/state/ffctl/tokens/prod.token"),
        name: kept.then(|| f.text("ada")),
        role: kept.then(|| f.text("editor")),
        expires_at: kept.then(|| Timestamp::from_millis(1_800_000_000_000)),
        server: kept.then(|| f.text("ffctl 0.1.0")),
        notes: notes(f),
    }
}

pub(super) fn doctor(f: Foreign<'_>) -> DoctorReport {
    let finding = |check, level, message: &str, place: Option<&str>, fix: Option<&str>, exit| HealthReport {
        check,
        level,
        message: f.text(message),
        place: place.map(|place| f.text(place)),
        fix: fix.map(|fix| f.text(fix)),
        exit,
    };
    DoctorReport {
        healthy: false,
        summary: HealthCount { ok: 3, warning: 1, wrong: 1, skipped: 1 },
        findings: vec![
            finding("settings", "ok", "FFCTL_PROFILE is `prod`", Some("variable FFCTL_PROFILE"), None, 0),
            finding(
                "config",
                "ok",
                "2 profiles, `dev` is the default",
                Some("~/.config/ffctl/config.toml"),
                None,
                0,
            ),
            finding(
                "config",
                "warning",
                "others can write it, and it decides where tokens go",
                Some("~/.config/ffctl/config.toml"),
                Some("chmod go-w ~/.config/ffctl/config.toml"),
                0,
            ),
            finding("flags", "ok", "9 flags, no mistake", Some("flags.toml"), None, 0),
            finding(
                "token",
                "wrong",
                "the token file `~/.flags-token` can be read by others",
                None,
                Some("`chmod 600 ~/.flags-token`"),
                4,
            ),
            finding(
                "server",
                "skipped",
                "https://flags.example.com is not asked before there is a token",
                None,
                None,
                0,
            ),
        ],
        notes: notes(f),
    }
}
