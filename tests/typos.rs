//! Typing mistakes: what was meant is found and said, and never done.

use ffctl::error::{did_you_mean, nearest};

use super::project::Project;

/// Flags as a company has them, with near twins.
const NAMES: [&str; 64] = [
    "enable_memory_v1",
    "enable_memory_v2",
    "enable_memory_cache",
    "enable_shopping_agent",
    "enable_shopping_cart_v2",
    "enable_try_on",
    "enable_try_on_video",
    "use_v2_style",
    "use_v3_style",
    "use_deepseek_critic",
    "use_claude_critic",
    "enable_cost_alerts",
    "enable_cost_reports",
    "enable_approval_queues",
    "enable_approval_emails",
    "ab_test_personalization",
    "ab_test_pricing_page",
    "style_prompt",
    "checkout_redesign",
    "checkout_one_page",
    "new_checkout",
    "new_navigation",
    "dark_mode",
    "dark_mode_mobile",
    "payments_stripe_v3",
    "payments_adyen",
    "payments_apple_pay",
    "payments_google_pay",
    "search-reranker",
    "search-synonyms",
    "search-typo-tolerance",
    "billing.invoices.pdf",
    "billing.invoices.email",
    "billing.proration",
    "ops_kill_switch_uploads",
    "ops_kill_switch_exports",
    "ops_read_only",
    "rate_limit_strict",
    "rate_limit_burst",
    "onboarding_tour",
    "onboarding_checklist",
    "team_invites",
    "team_roles",
    "sso_saml",
    "sso_oidc",
    "webhooks_retry",
    "webhooks_signing",
    "export_csv",
    "export_parquet",
    "import_wizard",
    "audit_log",
    "audit_log_streaming",
    "realtime_presence",
    "realtime_cursors",
    "image_webp",
    "image_avif",
    "notifications_digest",
    "notifications_push",
    "mobile_offline_sync",
    "api_v2_pagination",
    "api_graphql",
    "recommendations_home",
    "recommendations_email",
    "holiday_banner_2026",
];

/// A generator of numbers that is the same everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(limit).expect("small")).expect("small")
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const KEYBOARD: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Returns a key beside another one.
fn neighbour(random: &mut Random, c: char) -> char {
    for row in KEYBOARD {
        if let Some(at) = row.find(c) {
            let beside: Vec<char> = [at.checked_sub(1), Some(at + 1)]
                .into_iter()
                .flatten()
                .filter_map(|at| row.chars().nth(at))
                .collect();
            return beside[random.below(beside.len())];
        }
    }
    '_'
}

/// Makes a typing mistake.
fn mistyped(random: &mut Random, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = random.below(letters.len());
    let letter = |random: &mut Random| char::from(b'a' + u8::try_from(random.below(26)).expect("a letter"));
    match random.below(12) {
        0 => letters.insert(at, letter(random)),
        1 => {
            letters.remove(at);
        }
        2 => letters[at] = letter(random),
        3 if at + 1 < letters.len() => letters.swap(at, at + 1),
        4 => {
            let separators = ["-", "_", ".", " ", ""];
            let other = random.of(&separators);
            return name.replace(['_', '-', '.'], other);
        }
        5 => return name.to_uppercase(),
        6 => {
            // As another language would write it.
            let mut upper = false;
            return name.chars().fold(String::new(), |mut out, c| {
                match c {
                    '_' | '-' | '.' => upper = true,
                    c if std::mem::take(&mut upper) => out.extend(c.to_uppercase()),
                    c => out.push(c),
                }
                out
            });
        }
        7 => letters.push('s'),
        8 => {
            let mut words: Vec<&str> = name.split(['_', '-', '.']).collect();
            let (one, other) = (random.below(words.len()), random.below(words.len()));
            words.swap(one, other);
            return words.join("_");
        }
        9 => letters.insert(at, letters[at]),
        10 => letters[at] = neighbour(random, letters[at]),
        _ => {
            // Two slips in one word.
            let other = random.below(letters.len());
            letters[at] = neighbour(random, letters[at]);
            letters[other] = neighbour(random, letters[other]);
        }
    }
    letters.into_iter().collect()
}

const SEED: u64 = 20_261_122;

#[test]
fn nineteen_of_twenty_typing_mistakes_find_what_was_meant() {
    let mut random = Random(SEED);
    let (mut made, mut found, mut alone) = (0, 0, 0);
    let mut missed = Vec::new();
    while made < 1000 {
        let meant = random.of(&NAMES);
        let wanted = mistyped(&mut random, meant);
        if NAMES.contains(&wanted.as_str()) {
            continue; // No mistake that anybody could see.
        }
        made += 1;
        let hint = did_you_mean(&wanted, NAMES);
        if hint.as_ref().is_some_and(|hint| hint.contains(&format!("`{meant}`"))) {
            found += 1;
            alone += usize::from(hint.is_some_and(|hint| !hint.contains(" or ")));
        } else {
            missed.push(format!("{wanted} for {meant}: {hint:?}"));
        }
    }
    assert!(found >= 950, "seed {SEED}: {found} of {made}\n{}", missed.join("\n"));
    assert!(alone >= 930, "seed {SEED}: only {alone} without a second name beside it");
}

#[test]
fn unrelated_names_suggest_next_to_nothing() {
    const FIRST: [&str; 20] = [
        "render",
        "sync",
        "legacy",
        "kafka",
        "tenant",
        "geo",
        "login",
        "refund",
        "shadow",
        "graph",
        "queue",
        "locale",
        "thumbnail",
        "feature",
        "inventory",
        "schedule",
        "beta",
        "experimental",
        "use",
        "enable",
    ];
    const SECOND: [&str; 20] = [
        "invoice", "calendar", "gateway", "consumer", "routing", "fence", "captcha", "flow", "traffic",
        "layout", "worker", "fallback", "resizer", "toggles", "counts", "retries", "access", "editor",
        "fonts", "maps",
    ];
    const THIRD: [&str; 5] = ["", "_v2", "_beta", "_for_staff", "_timeout"];
    let mut suggested = Vec::new();
    let mut asked = 0;
    for first in FIRST {
        for second in SECOND {
            for third in THIRD {
                let name = format!("{first}_{second}{third}");
                // Every other one, so that a thousand are asked.
                asked += 1;
                if asked % 2 == 0 {
                    suggested.extend(nearest(&name, NAMES).map(|near| format!("{name}: {near}")));
                }
            }
        }
    }
    let words = ["on", "off", "list", "prod", "staging", "help", "x", "v2", "main", "flags", "all", "test"];
    suggested.extend(words.iter().filter_map(|word| Some(format!("{word}: {}", nearest(word, NAMES)?))));
    assert_eq!(asked / 2, 1000);
    assert!(suggested.len() < 50, "{suggested:#?}");
}

#[test]
fn a_suggestion_is_never_applied_to_a_write() {
    let typos = ["use_v3_stlye", "USE_V3_STYLE", "use-v3-style", "use_v3_styl", "enable_memory_v3"];
    for typo in typos {
        let pair = format!("{typo}=on");
        let writes: [&[&str]; 10] = [
            &["set", typo, "on", "--local", "--yes"],
            &["set", &pair, "--local", "--yes"],
            &["set", "enable_try_on=off", &pair, "--local", "--yes"],
            &["set", typo, "on", "--layer", "default", "--yes"],
            &["set", typo, "on", "--layer", "env", "--env-file", ".env", "--yes"],
            &["unset", typo, "--local", "--yes"],
            &["unset", "enable_try_on", typo, "--local", "--yes"],
            &["set", typo, "on", "--if", "off", "--local", "--yes"],
            &["remove", typo, "--yes"],
            &["remove", "enable_try_on", typo, "--yes"],
        ];
        for words in writes {
            let project = Project::shipped();
            project.write(".env", "FF_USE_V3_STYLE=off\n");
            let said = project.fails(3, words);
            assert!(said.contains("did you mean"), "{words:?}: {said}");
            assert_eq!(project.read("flags.toml"), super::project::SHIPPED, "{words:?}");
            assert_eq!(project.read(".env"), "FF_USE_V3_STYLE=off\n", "{words:?}");
            let overridden = project.json(&["list", "--source", "admin"])["count"]["shown"].clone();
            assert_eq!(overridden, 0, "{words:?}");
        }
    }
}
