//! How the answers of `bucketing` look.

use crate::report::{
    AlgorithmReport, AlgorithmsReport, FormulaReport, InferReport, RecordReport, ShownAlgorithm,
};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::{count, counted};
use super::super::render::Present;
use super::super::style::Style;
use super::common::or_empty;

impl Present for AlgorithmsReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let row = |algorithm: &AlgorithmReport| {
            let name = Text::styled(Style::Strong, &*algorithm.name);
            let mark = if algorithm.default { " default" } else { "" };
            let used = match algorithm.used_by.as_slice() {
                [] => String::new(),
                [one] => one.clone(),
                many => counted(count(many.len()), "name"),
            };
            Row::new([
                name.with(Style::On, mark).into(),
                formula(&algorithm.rollout).into(),
                used.into(),
                Text::styled(Style::Faint, &*algorithm.about).into(),
            ])
        };
        document.table(Table {
            columns: vec![
                Column::new("ALGORITHM"),
                Column::new("ROLLOUT").wrapping(),
                Column::new("USED BY"),
                Column::new("ABOUT").wrapping().folding(0, ""),
            ],
            rows: self.algorithms.iter().map(row).collect(),
            ..Table::default()
        });
        document.gap();
        document.line(Text::dotted([
            Text::styled(Style::Faint, "default: ").and(&*self.default),
            self.file.as_ref().map_or_else(
                || Text::styled(Style::Faint, "no flags.toml here"),
                |file| Text::styled(Style::Faint, "in ").and(&**file),
            ),
        ]));
        document
    }

    fn records(&self) -> Records {
        Records { header: HEADER, rows: self.algorithms.iter().map(record).collect() }
    }

    fn names(&self) -> Vec<String> {
        self.algorithms.iter().map(|algorithm| algorithm.name.clone()).collect()
    }
}

const HEADER: &[&str] = &[
    "name",
    "custom",
    "default",
    "used_by",
    "hash",
    "template",
    "slice",
    "reduce",
    "offset",
    "compare",
    "variant_template",
    "variant_reduce",
    "variant_compare",
    "order",
    "seed",
    "about",
];

fn record(algorithm: &AlgorithmReport) -> Vec<String> {
    let (rollout, variant) = (&algorithm.rollout, &algorithm.variant);
    vec![
        algorithm.name.clone(),
        algorithm.custom.to_string(),
        algorithm.default.to_string(),
        algorithm.used_by.join(" "),
        rollout.hash.to_owned(),
        rollout.template.clone(),
        rollout.slice.clone(),
        rollout.reduce.clone(),
        rollout.offset.to_string(),
        rollout.compare.to_owned(),
        variant.template.clone(),
        variant.reduce.clone(),
        variant.compare.to_owned(),
        algorithm.order.to_owned(),
        algorithm.seed.to_owned(),
        algorithm.about.clone(),
    ]
}

/// Returns a formula on one line: `sha1 of {key}.{unit}, hex 15, unit`.
fn formula(record: &RecordReport) -> Text {
    let seed = match record.seed.as_str() {
        "0" => String::new(),
        seed => format!(", seed {seed}"),
    };
    Text::plain(record.hash)
        .with(Style::Faint, " of ")
        .and(&*record.template)
        .with(Style::Faint, format!("{seed}, {}, {}, {}", record.slice, record.reduce, record.compare))
}

impl Present for ShownAlgorithm {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let algorithm = &self.algorithm;
        document.line(
            Text::styled(Style::Strong, &*algorithm.name)
                .with(Style::Faint, format!("  {}", algorithm.about)),
        );
        let both = algorithm.rollout == algorithm.variant;
        let mut rows = vec![parts(if both { "rollouts and splits" } else { "rollouts" }, &algorithm.rollout)];
        if !both {
            rows.push(parts("splits, experiments", &algorithm.variant));
        }
        document.gap();
        document.table(Table {
            columns: vec![
                Column::new(""),
                Column::new("HASHED").wrapping(),
                Column::new("HASH"),
                Column::new("PART"),
                Column::new("BUCKET").wrapping(),
                Column::new("IN WHERE").wrapping(),
            ],
            rows,
            ..Table::default()
        });
        document.gap();
        let item = |document: &mut Document, what: &str, text: &str| {
            document.item(0, Text::new(), Text::styled(Style::Faint, format!("{what}: ")).and(text));
        };
        if let Some(there) = &algorithm.missing_there {
            item(&mut document, "a missing unit there", there);
        }
        item(&mut document, "a missing unit here", algorithm.missing_here);
        if algorithm.order == "name_descending" {
            item(
                &mut document,
                "shares are added up",
                "by the name of the variation, the last of the alphabet first",
            );
        }
        match algorithm.seed {
            "optional" => item(&mut document, "seed", "may be said"),
            "required" => item(&mut document, "seed", "must be said: the flag's own"),
            _ => {}
        }
        for note in &algorithm.notes {
            document.item(0, Text::styled(Style::Warning, "!"), note.as_str());
        }
        document.gap();
        document.line(Text::styled(Style::Faint, "in flags.toml: ").with(Style::Hint, &*self.toml));
        if !algorithm.used_by.is_empty() {
            document.line(Text::styled(Style::Faint, "used by: ").and(algorithm.used_by.join(", ")));
        }
        if let Some(source) = &self.source {
            document.gap();
            document.code(source.language, &source.text);
        }
        document
    }

    fn records(&self) -> Records {
        Records { header: HEADER, rows: vec![record(&self.algorithm)] }
    }

    fn names(&self) -> Vec<String> {
        vec![self.algorithm.name.clone()]
    }
}

fn parts(what: &str, record: &RecordReport) -> Row {
    let hash = match record.seed.as_str() {
        "0" => record.hash.to_owned(),
        seed => format!("{} (seed {seed})", record.hash),
    };
    let offset = if record.offset > 0 { " + 1" } else { "" };
    let buckets = record.buckets.map_or_else(String::new, |buckets| format!(" ({buckets} buckets)"));
    Row::new([
        Text::styled(Style::Faint, what).into(),
        Text::plain(&*record.template).into(),
        hash.into(),
        Text::plain(&*record.slice).into(),
        Text::plain(format!("{}{offset}", record.reduce)).with(Style::Faint, buckets).into(),
        format!("bucket {} share", record.compare).into(),
    ])
}

impl Present for InferReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.line(Text::dotted([
            Text::plain(counted(count(self.users), "user")).with(Style::Faint, " in ").and(&*self.source),
            Text::plain(format!("{} on", count(self.on)))
                .with(Style::Faint, " at ")
                .and(self.percent.to_string()),
            Text::plain(counted(count(self.tried), "formula")).with(Style::Faint, " tried"),
        ]));
        document.gap();
        match self.verdict {
            "random" => {
                let users = counted(count(self.count), "user");
                let were = if self.count == 1 { "was" } else { "were" };
                document
                    .line(Text::styled(Style::Error, format!("{users} {were} seen both on and off: ")).and(
                    "production does not decide by the user's id alone, or the percentage changed in between",
                ));
                for user in &self.contradictory {
                    document.item(1, Text::styled(Style::Faint, "·"), user.as_str());
                }
            }
            "one" | "unconfirmed" => self.show_one(&mut document),
            "several" => {
                document.line(Text::styled(
                    Style::Warning,
                    format!("{} agree with every user", counted(count(self.count), "formula")),
                ));
                for found in &self.found {
                    show(&mut document, found);
                }
                self.show_missing(&mut document);
                self.show_ask(&mut document, "these tell most: ");
            }
            _ => self.show_none(&mut document),
        }
        document
    }

    fn records(&self) -> Records {
        let row = |found: &FormulaReport| {
            vec![
                self.verdict.to_owned(),
                or_empty(found.name.as_ref()),
                found.purpose.to_owned(),
                found.record.hash.to_owned(),
                found.record.template.clone(),
                found.record.slice.clone(),
                found.record.reduce.clone(),
                found.record.compare.to_owned(),
                or_empty(found.key.as_ref()),
                or_empty(found.salt.as_ref()),
            ]
        };
        Records {
            header: &[
                "verdict", "name", "purpose", "hash", "template", "slice", "reduce", "compare", "key", "salt",
            ],
            rows: self.found.iter().map(row).collect(),
        }
    }

    fn names(&self) -> Vec<String> {
        match self.found.as_slice() {
            [] => vec![self.verdict.to_owned()],
            found => found.iter().map(title).collect(),
        }
    }
}

/// Returns the name of a formula, or what it is.
fn title(found: &FormulaReport) -> String {
    found.name.clone().unwrap_or_else(|| format!("{} of {}", found.record.hash, found.record.template))
}

fn show(document: &mut Document, found: &FormulaReport) {
    let name = found.name.as_ref().map_or_else(Text::new, |name| Text::styled(Style::Strong, &**name));
    let with = [("key", &found.key), ("salt", &found.salt)];
    let with: Vec<String> =
        with.iter().filter_map(|(what, text)| Some(format!("{what} {}", text.as_ref()?))).collect();
    let variant = if found.purpose == "variant" { "as it draws variants" } else { "" };
    let text = Text::dotted([
        name,
        Text::plain(variant),
        formula(&found.record),
        Text::styled(Style::Faint, with.join(", ")),
    ]);
    document.item(1, Text::styled(Style::Faint, "·"), text);
}

impl InferReport {
    fn show_one(&self, document: &mut Document) {
        let confirmed = self.verdict == "one";
        for found in &self.found {
            document.line(if confirmed {
                Text::styled(Style::On, "found: ").with(Style::Strong, title(found))
            } else {
                Text::styled(Style::Warning, "left, not confirmed: ").with(Style::Strong, title(found))
            });
            show(document, found);
        }
        let twins: usize = self.found.iter().map(|found| found.twins.len()).sum();
        let after = self.after.unwrap_or(self.users);
        let rest = self.users.saturating_sub(after);
        let told = format!(
            "{} told it from {}",
            counted(count(after), "user"),
            if twins == 0 { "all others" } else { "all others but those below" }
        );
        document.line(if rest > 0 {
            format!("{told}; {} confirmed it, without exception", counted(count(rest), "more user"))
        } else {
            format!("{told}; none is left to confirm it")
        });
        if let Some(chance) = self.by_chance.filter(|_| self.missing.is_some()) {
            let few = if self.on.min(self.users - self.on) < 3 {
                "nearly all are on, or off: users of both kinds must be seen".to_owned()
            } else if chance < 1.0 {
                format!("by chance a wrong formula agrees in up to {:.0}% of such searches", chance * 100.0)
            } else {
                format!("by chance up to {chance:.0} wrong formulas agree with so few users")
            };
            document.line(Text::styled(Style::Warning, few));
        }
        for twin in self.found.iter().flat_map(|found| &found.twins) {
            document.line(Text::styled(Style::Faint, "hardly told from it: ").and(&**twin));
        }
        self.show_missing(document);
        self.show_ask(document, "these users would tell: ");
        // A line that is not sure to be right is not to be copied.
        for found in self.found.iter().filter(|_| confirmed) {
            document.heading("In flags.toml");
            document.code("toml", &found.toml);
        }
    }

    fn show_missing(&self, document: &mut Document) {
        let what = match self.missing {
            Some(more) => format!("observe about {} to be sure", counted(count(more), "more user")),
            None if self.ask.is_empty() => return,
            None => "observe users on whom those that are left differ".to_owned(),
        };
        document.line(Text::styled(Style::Warning, what).and(": until then there is no line for flags.toml"));
    }

    fn show_none(&self, document: &mut Document) {
        document.line(Text::styled(Style::Error, "no formula agrees with every user, and none may fail one"));
        if let Some(nearest) = &self.nearest {
            document.line(
                Text::styled(Style::Faint, "nearest: ")
                    .with(Style::Strong, title(&nearest.formula))
                    .and(format!(", right for {} of {}", nearest.agrees, nearest.of)),
            );
            show(document, &nearest.formula);
            document.line(if nearest.beyond_chance {
                Text::styled(Style::Warning, "far beyond chance: ").and(
                    "probably this one, and some users are forced, targeted, or seen at another percentage",
                )
            } else {
                Text::styled(Style::Warning, "no better than chance: ").and(
                    "the formula is another, or production does not decide by a hash of the user's id at all",
                )
            });
            if nearest.beyond_chance {
                let wrong = nearest.wrong.join(", ");
                document.line(Text::styled(Style::Faint, "not explained by it: ").and(wrong));
            }
        }
        document.line(Text::styled(
            Style::Faint,
            "the key, the salt, a seed or the percentage may be another: --key, --salt, --hash-seed, --percent",
        ));
    }

    fn show_ask(&self, document: &mut Document, what: &str) {
        if !self.ask.is_empty() {
            document.line(Text::styled(Style::Faint, what).and(self.ask.join(", ")));
        }
    }
}
