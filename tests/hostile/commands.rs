//! Every command with every place of a command line that takes foreign text.

use clap::CommandFactory;

/// Stands for the string itself.
pub(super) const TEXT: &str = "TEXT";
/// Stands for the flag that has the string in all its fields.
pub(super) const FLAG: &str = "FLAG";

/// The forms of a command: at least one that reads what the strings stand in, and one for each of its own arguments
/// that takes any text.
pub(super) type Forms = &'static [&'static [&'static str]];

/// Every command.
pub(super) const COMMANDS: &[(&str, Forms)] = &[
    (
        "list",
        &[
            &["list"],
            &["list", TEXT],
            &["list", "--owner", TEXT],
            &["list", "--tag", TEXT],
            &["list", "--state", TEXT],
            &["list", "--unchanged", TEXT],
        ],
    ),
    (
        "get",
        &[
            &["get", FLAG],
            &["get", "v_FLAG"],
            &["get", FLAG, "v_FLAG", "--user", TEXT],
            &["get", TEXT],
            &["get", FLAG, "--user", TEXT, "--org", TEXT],
            &["get", FLAG, "v_FLAG", "--attr", TEXT],
            &["get", FLAG, "--attr", "x:=TEXT"],
            &["get", FLAG, "--at", TEXT],
            &["get", FLAG, "--rollout", TEXT],
            &["get", FLAG, "--field", TEXT],
            &["get", FLAG, "--context", TEXT],
        ],
    ),
    (
        "explain",
        &[
            &["explain", FLAG],
            &["explain", "v_FLAG"],
            &["explain", FLAG, "--user", TEXT, "--org", TEXT, "--attr", "x=TEXT"],
            &["explain", TEXT],
        ],
    ),
    (
        "set",
        &[
            &["set", FLAG, "10%", "--dry-run", "-m", TEXT],
            &["set", FLAG, TEXT, "--dry-run"],
            &["set", TEXT, "on", "--dry-run"],
            &["set", "TEXT=on", "v_h=b", "--dry-run"],
            &["set", FLAG, "on", "--user", TEXT, "--org", TEXT, "--dry-run"],
            &["set", "v_FLAG", "--split", TEXT, "--dry-run"],
            &["set", FLAG, "on", "--confirm", TEXT],
            &["set", FLAG, "on", "--if", TEXT, "--dry-run"],
            &["set", FLAG, "on", "--override-freeze", TEXT, "--dry-run"],
            &["set", FLAG, "on", "--for", TEXT, "--dry-run"],
            &["set", FLAG, "on", "--idempotency-key", TEXT, "--dry-run"],
            &["set", FLAG, "10%", "--layer", "default", "--dry-run"],
        ],
    ),
    (
        "unset",
        &[
            &["unset", FLAG, "--dry-run", "-m", TEXT],
            &["unset", TEXT, "--dry-run"],
            &["unset", FLAG, "--user", TEXT, "--layer", "default", "--dry-run"],
            &["unset", FLAG, "--org", TEXT, "--dry-run"],
        ],
    ),
    (
        "simulate-rollout",
        &[
            &["simulate-rollout", FLAG, "--to", "on", "--synthetic", "9"],
            &["simulate-rollout", TEXT, "--to", "on", "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--to", TEXT, "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--to", "git:TEXT", "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--to", "on", "--synthetic", "9", "--by", TEXT],
            &["simulate-rollout", FLAG, "--to", "on", "--synthetic", "9", "--fail-if", TEXT],
            &["simulate-rollout", FLAG, "--to", "on", "--population", TEXT],
            &["simulate-rollout", FLAG, "--from", TEXT, "--no-users"],
            &["simulate-rollout", "v_FLAG", "--split", TEXT, "--no-users"],
            &["simulate-rollout", FLAG, "--between", TEXT, "--synthetic", "9"],
            &[
                "simulate-rollout",
                FLAG,
                "--between",
                "2026-01-01..2026-01-02",
                "--every",
                TEXT,
                "--synthetic",
                "9",
            ],
            &["simulate-rollout", FLAG, "--to", "on", "--synthetic", "9", "--report", TEXT],
            &["simulate-rollout", FLAG, "--to", "on", "--synthetic", "9", "--overlap", TEXT],
            &["simulate-rollout", FLAG, "--observed", TEXT],
            &["simulate-rollout", FLAG, "--daily-users", TEXT],
            &["simulate-rollout", FLAG, "--daily-users", "9", "--baseline", TEXT, "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--daily-users", "9", "--effect", TEXT, "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--daily-users", "9", "--power", TEXT, "--synthetic", "9"],
            &["simulate-rollout", FLAG, "--daily-users", "9", "--alpha", TEXT, "--synthetic", "9"],
            &[
                "simulate-rollout",
                FLAG,
                "--to",
                "on",
                "--population",
                "postgres://127.0.0.1:1/x",
                "--query",
                TEXT,
            ],
            &["simulate-rollout", FLAG, "--emit-sql", "mysql", "--table", TEXT],
            &["simulate-rollout", FLAG, "--emit-sql", "mysql", "--column", TEXT],
        ],
    ),
    (
        "variant-for-user",
        &[
            &["variant-for-user", TEXT],
            &["variant-for-user", "u", TEXT],
            &["variant-for-user", "--population", TEXT],
            &["variant-for-user", "--population", "postgres://127.0.0.1:1/x", "--query", TEXT],
        ],
    ),
    (
        "bucketing",
        &[
            &["bucketing", "list"],
            &["bucketing", "show", TEXT],
            &["bucketing", "show", "own"],
            &["bucketing", "show", "own", "--as", "python"],
            &["bucketing", "infer", TEXT, "--percent", "30"],
            &["bucketing", "infer", "observed.csv", "--percent", "30", "--key", TEXT, "--salt", TEXT],
            &["bucketing", "infer", "observed.csv", "--percent", TEXT],
            &["bucketing", "infer", "observed.csv", "--percent", "30", "--id-column", TEXT],
            &["bucketing", "infer", "observed.csv", "--percent", "30", "--on-column", TEXT],
            &["bucketing", "migrate", FLAG, "--to", "own", "--synthetic", "9"],
            &["bucketing", "migrate", FLAG, "--to", TEXT],
            &["bucketing", "migrate", TEXT, "--to", "posthog", "--synthetic", "9"],
            &["bucketing", "migrate", FLAG, "--to", "posthog", "--synthetic", "9", "--by", TEXT],
            &["bucketing", "migrate", FLAG, "--to", "posthog", "--synthetic", "9", "--fail-if", TEXT],
            &["bucketing", "migrate", FLAG, "--to", "posthog", "--synthetic", "9", "--report", TEXT],
            &["bucketing", "migrate", FLAG, "--to", "posthog", "--population", TEXT],
            &[
                "bucketing",
                "migrate",
                FLAG,
                "--to",
                "posthog",
                "--population",
                "postgres://127.0.0.1:1/x",
                "--query",
                TEXT,
            ],
        ],
    ),
    (
        "diff",
        &[
            &["diff", "default", "admin", FLAG],
            &["diff", TEXT],
            &["diff", "default", TEXT],
            &["diff", "git:TEXT", "default"],
            &["diff", "default", "env", TEXT],
            &["diff", "profile:TEXT", "default"],
            &["diff", "store:TEXT", "local", TEXT],
            &["diff", "snapshot:TEXT", "admin"],
        ],
    ),
    ("drift", &[&["drift"], &["drift", TEXT], &["drift", "--ignore", TEXT]]),
    (
        "watch",
        &[
            &["watch", "--for", "1ms"],
            &["watch", TEXT, "--for", "1ms"],
            &["watch", "--until", TEXT, "--for", "1ms"],
            &["watch", "--until", "h=on", "--for", "1ms"],
            &["watch", "--interval", TEXT, "--for", "1ms"],
            &["watch", "--exec", TEXT, "--for", "1ms"],
            &["watch", "--exec", "true", "--exec-timeout", TEXT, "--for", "1ms"],
        ],
    ),
    (
        "snapshot",
        &[
            &["set", FLAG, "on", "--user", TEXT, "--local", "--yes"],
            &["snapshot", "save", "kept", "--comment", TEXT, "--replace", "--local"],
            &["snapshot", "list"],
            &["set", FLAG, "off", "--user", TEXT, "--local", "--yes"],
            &["snapshot", "diff", "kept", "--local"],
            &["snapshot", "diff", TEXT],
            &["snapshot", "diff", "kept", TEXT],
            &["snapshot", "restore", "kept", "--dry-run", "-m", TEXT, "--local"],
            &["snapshot", "restore", "kept", "--only", TEXT, "--dry-run", "--local"],
            &["snapshot", "restore", "kept", "--saved-from", TEXT, "--dry-run", "--local"],
            &["snapshot", "restore", TEXT, "--dry-run"],
        ],
    ),
    (
        "check",
        &[
            &["check", "h=on", "v_h=b"],
            &["check", "h=on", "h>=10%", "v_h=b", "--output", "github"],
            &["check", "h=on", "h>=10%", "v_h=b", "--output", "junit"],
            &["check", "h=on", "v_h=b", "--user", TEXT, "--org", TEXT],
            &["check", TEXT],
            &["check", "h=TEXT", "TEXT=on", "exp:TEXT=control"],
            &["check", TEXT, "--output", "github"],
            &["check", TEXT, "--output", "junit"],
            &["check", "h=on", "--attr", TEXT],
            &["check", "h=on", "--at", TEXT],
            &["check", "h=on", "--context", TEXT],
            &["check", "--from", TEXT],
            &["check", "--at-least", TEXT],
            &["check", "--at-most", TEXT],
            &["check", "h=on", "--wait", TEXT],
        ],
    ),
    (
        "history",
        &[
            // What the journal holds from here on.
            &["set", FLAG, "on", "--user", TEXT, "--local", "--yes", "-m", TEXT],
            &["history"],
            &["history", FLAG, "--limit", "3"],
            &["history", TEXT],
            &["history", "--by", TEXT],
            &["history", "--since", TEXT],
        ],
    ),
    (
        "undo",
        &[
            &["set", FLAG, "off", "--org", TEXT, "--local", "--yes", "-m", TEXT],
            &["undo", "--dry-run", "-m", TEXT],
            &["undo", TEXT],
        ],
    ),
    (
        "remove",
        &[
            &["remove", FLAG, "--dry-run", "-m", TEXT],
            &["remove", "v_FLAG", "--dry-run"],
            &["remove", TEXT, "--dry-run"],
        ],
    ),
    (
        "lint",
        &[
            &["lint"],
            &["lint", "--output", "github"],
            &["lint", "--output", "sarif"],
            &["lint", TEXT],
            &["lint", "--environment", TEXT],
            &["lint", "--deny", TEXT],
            &["lint", "--allow", TEXT],
            &["lint", "--explain", TEXT],
        ],
    ),
    ("journal", &[&["journal", "verify"], &["journal", "verify", "--receipt", TEXT]]),
    (
        "token",
        &[
            &["token", "create", TEXT, "--role", "viewer", "--local", "--yes"],
            &["token", "create", "x", "--role", "viewer", "--local", "--confirm", TEXT],
            &["token", "create", "x", "--role", "viewer", "--expires", TEXT],
            &["token", "create", "x", "--role", "viewer", "--local", "--override-freeze", TEXT],
            &["token", "list"],
            &["token", "create", "x", "--role", "viewer", "--local", "--yes", "-m", TEXT],
            &["token", "revoke", TEXT, "--local", "--yes"],
            &["token", "revoke", "x", "--local", "--yes", "-m", TEXT],
        ],
    ),
    (
        "serve",
        &[
            // What is no certificate ends it after it has read flags.toml and before it listens.
            &["serve", "--tls-certificate", "flags.toml", "--tls-key", "flags.toml"],
            &["serve", "--tls-certificate", TEXT, "--tls-key", TEXT],
            &["serve", "--listen", TEXT],
            &["serve", "--max-connections", TEXT],
            &["serve", "--head-timeout", TEXT],
            &["serve", "--rate-limit", TEXT],
            &["serve", "--evaluation-rate-limit", TEXT],
            &["serve", "--directory", TEXT, "--tls-certificate", "flags.toml", "--tls-key", "flags.toml"],
            &["serve", "--directory", "https://people.example.com/{id}", "--directory-wait", TEXT],
        ],
    ),
    (
        "context",
        &[
            &["context", "show", TEXT],
            &["context", "show", "u-1", "--org", TEXT],
            &["context", "show", "u-1", "--attr", TEXT],
            &["context", "show", "u-1", "--at", TEXT],
        ],
    ),
    (
        "profile",
        &[
            &["profile", "add", TEXT, "https://flags.example.com", "--dry-run"],
            &["profile", "add", "x", TEXT, "--dry-run"],
            &["profile", "add", "x", "https://a", "--max-step", TEXT, "--freeze", TEXT, "--dry-run"],
            &["profile", "add", "x", "https://a", "--description", TEXT, "--token-file", TEXT, "--dry-run"],
            &["profile", "list"],
            &["profile", "use", TEXT, "--dry-run"],
            &["profile", "show", TEXT],
            &["profile", "remove", TEXT, "--dry-run"],
            &["profile", "remove", TEXT, "--confirm", TEXT],
        ],
    ),
    ("login", &[&["login", "--profile", TEXT], &["login", TEXT]]),
    ("logout", &[&["logout", "--profile", TEXT]]),
    ("doctor", &[&["doctor"], &["doctor", "--profile", TEXT], &["doctor", "--flags", TEXT]]),
    ("completions", &[&["completions", TEXT]]),
    ("man", &[&["man", TEXT]]),
    ("init", &[&["init", "--dry-run", "--flags", TEXT]]),
];

/// The global options that take any text, each on a command that reads it.
pub(super) const GLOBAL: Forms = &[
    &["list", "--flags", TEXT],
    &["list", "--env-file", TEXT],
    &["list", "--profile", TEXT],
    &["list", "--store", TEXT],
    &["list", "--output", TEXT],
    &["list", "--color", TEXT],
    &["list", "--max-age", TEXT],
    &["list", "--view", TEXT],
    &[TEXT],
    &["list", "--TEXT"],
    &["--json", "get", TEXT],
];

#[test]
fn every_command_has_a_row() {
    for command in ffctl::cli::Cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(COMMANDS.iter().any(|(known, _)| *known == name), "`{name}` needs a row in COMMANDS");
    }
}

#[test]
fn every_option_that_takes_text_is_tried() {
    // Numbers and words of a list are refused by clap, which is tried on others; the rest of an option's text is
    // tried on another command, since one function reads it there.
    const ELSEWHERE: [&str; 9] =
        ["format", "hash-seed", "org-column", "synthetic", "seed", "joins", "from", "layer", "limit"];
    let tried = |option: &str| {
        let forms = COMMANDS.iter().flat_map(|(_, forms)| *forms).chain(GLOBAL);
        let long = format!("--{option}");
        forms.flat_map(|form| form.windows(2)).any(|pair| pair[0] == long && pair[1].contains(TEXT))
            || (option == "reason"
                && COMMANDS.iter().flat_map(|(_, forms)| *forms).any(|form| form.contains(&"-m")))
    };
    let program = ffctl::cli::Cli::command();
    // A command that does several things has its options below them.
    for command in program.get_subcommands().flat_map(|one| one.get_subcommands().chain([one])) {
        for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
            let Some(long) = argument.get_long() else { continue };
            let words = !argument.get_possible_values().is_empty();
            assert!(words || tried(long) || ELSEWHERE.contains(&long), "`{} --{long}`", command.get_name());
        }
    }
}
