//! Samples: What a server and its setting up answer with.

use crate::model::Timestamp;
use crate::report::*;

use super::*;

pub(in crate::output) fn init(foreign: Foreign<'_>) -> InitReport {
    InitReport {
        file: foreign.text("flags.toml"),
        flags: vec![foreign.text("use_v3_style"), foreign.text("enable_memory_v2")],
        dry_run: false,
    }
}

pub(in crate::output) fn serve(foreign: Foreign<'_>) -> ServeReport {
    ServeReport {
        address: foreign.text("http://127.0.0.1:8080"),
        admin_url: foreign.text("http://127.0.0.1:8080/api/v1/admin"),
        file: foreign.text("flags.toml"),
        store: foreign.text("~/.local/state/ffctl/work-1a2b3c.sqlite3"),
        flags: 9,
        directory: foreign.some("https://people.example.com/users/{id}"),
        token: foreign.some("ffa_3q2-7wEXAMPLEexampleEXAMPLEexampleEXAMPLE00"),
        notes: notes(foreign),
    }
}

pub(in crate::output) fn chain(foreign: Foreign<'_>, broken: bool) -> ChainReport {
    let problem = foreign.text("it, or one before it, is not the one that was written");
    let head = foreign.text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    ChainReport {
        target: prod(foreign),
        whole: !broken,
        entries: 42,
        head: (!broken).then_some(head),
        broken: broken.then_some(BrokenReport { number: 17, problem }),
        notes: notes(foreign),
    }
}

pub(in crate::output) fn tokens(foreign: Foreign<'_>, created: bool) -> TokensReport {
    let at = |day: i64| Timestamp::from_millis(1_790_000_000_000 + day * Timestamp::DAY);
    let token = |number, name: &str, role: &str, state| TokenReport {
        number: Some(number),
        name: foreign.text(name),
        role: role.to_owned(),
        state,
        created_at: at(0),
        expires_at: (state != "valid").then(|| at(90)),
        revoked_at: (state == "revoked").then(|| at(7)),
    };
    let mut tokens = vec![
        token(1, "first admin", "admin", "valid"),
        token(2, "ci deploy", "editor", "revoked"),
        token(3, "dashboard on the wall", "viewer", "expired"),
    ];
    tokens.truncate(if created { 1 } else { 3 });
    TokensReport {
        target: prod(foreign),
        action: if created { "create" } else { "list" },
        outcome: if created { "created" } else { "listed" },
        tokens,
        secret: created.then(|| foreign.text("ffa_3q2-7wEXAMPLEexampleEXAMPLEexampleEXAMPLE00")),
        journal: created.then(|| "20".to_owned()),
        head: created
            .then(|| foreign.text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
        notes: notes(foreign),
    }
}
