//! One condition from its text: `x=on`, `x>=25%`, `f=enabled`, `style=v3`, `experiment:user=variant`.

use std::ops::Range;

use crate::layer::{SwitchWord, parse_switch};
use crate::model::{FlagName, VariationName, Weight, WeightError};
use crate::simulate::Comparison;

use super::condition::{Condition, Test};

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What to write instead.
    pub fix: Option<String>,
    /// Whether nothing is compared at all, as where a shell took the `>` for a redirection.
    pub compares_nothing: bool,
}

/// Reads one condition; blanks around its parts are ignored. Total: every text is a condition or a mistake.
///
/// # Errors
/// The first mistake in it.
pub fn parse(text: &str) -> Result<Condition, Mistake> {
    let from = text.len() - text.trim_start().len();
    let text = text.trim();
    condition(text)
        .map_err(|mistake| Mistake { span: mistake.span.start + from..mistake.span.end + from, ..mistake })
}

/// Reads what `--at-least` and `--at-most` take, `x=25%`, as a condition with this comparison.
///
/// # Errors
/// The first mistake in it.
pub fn parse_share(text: &str, comparison: Comparison) -> Result<Condition, Mistake> {
    let trimmed = text.trim();
    let from = text.len() - text.trim_start().len();
    let wrong = |fix: Option<String>| Mistake {
        span: from..from + trimmed.len(),
        message: format!("`{trimmed}` is not a name, `=` and a percentage"),
        fix,
        compares_nothing: false,
    };
    let Some((name, value)) = trimmed.split_once('=') else {
        return Err(wrong(FlagName::try_from(trimmed).is_ok().then(|| format!("{trimmed}=25%"))));
    };
    if let Some(plain) = name.strip_suffix(['>', '<']) {
        return Err(wrong(Some(format!("{plain}={value}"))));
    }
    let name = part(trimmed, 0..name.len());
    let value = part(trimmed, name.end + trimmed[name.end..].find('=').map_or(0, |at| at + 1)..trimmed.len());
    let moved = |mistake: Mistake| Mistake {
        span: mistake.span.start + from..mistake.span.end + from,
        fix: mistake.fix.map(|fix| fix.replacen(comparison.sign(), "=", 1)),
        ..mistake
    };
    let name = name_at(trimmed, name).map_err(moved)?;
    let weight = percentage(trimmed, value, &name, comparison).map_err(moved)?;
    Ok(Condition { name, user: None, test: Test::Share(comparison, weight) })
}

/// Returns a part of the text without the blanks around.
fn part(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

fn mistake(span: Range<usize>, message: impl Into<String>, fix: Option<String>) -> Mistake {
    Mistake { span, message: message.into(), fix, compares_nothing: false }
}

/// What may stand between a name and what it is compared with, longer ones first; with none it is a slip that
/// means the other.
const SIGNS: [(&str, Result<Comparison, &str>); 10] = [
    ("!=", Err("=")),
    ("=>", Err(">=")),
    ("=<", Err("<=")),
    (">=", Ok(Comparison::AtLeast)),
    ("<=", Ok(Comparison::AtMost)),
    ("==", Ok(Comparison::Equal)),
    (">", Ok(Comparison::Above)),
    ("<", Ok(Comparison::Below)),
    ("=", Ok(Comparison::Equal)),
    ("!", Err("=")),
];

/// Reads a condition without blanks around it.
fn condition(text: &str) -> Result<Condition, Mistake> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let inner = text.trim_matches(quote).to_owned();
        return Err(mistake(0..1, "quotes are for a shell, and none reads this", Some(inner)));
    }
    if text.is_empty() {
        return Err(mistake(0..0, "the condition is empty", Some("x=on".to_owned())));
    }
    let Some(at) = text.find(['<', '>', '=', '!']) else {
        let fix = match text.split_once(':') {
            Some((name, user)) => format!("{name}:{user}=treatment"),
            None if FlagName::try_from(text).is_ok() => format!("{text}=on"),
            None => "x=on".to_owned(),
        };
        let bare = mistake(0..text.len(), format!("`{text}` compares nothing"), Some(fix));
        return Err(Mistake { compares_nothing: true, ..bare });
    };
    if let Some(colon) = text[..at].find(':') {
        return of_one_user(text, colon);
    }
    let found = SIGNS.iter().find(|(sign, _)| text[at..].starts_with(sign));
    let (sign, meaning) = found.expect("each of the characters looked for begins a sign");
    let behind = at + sign.len();
    let (name, value) = (part(text, 0..at), part(text, behind..text.len()));
    let comparison = meaning.map_err(|meant| {
        let message = match *sign {
            "!=" => "`!=` would hold of what is partly on, too: say what it must be".to_owned(),
            sign => format!("`{sign}` is no comparison"),
        };
        let value = &text[value.clone()];
        let value = match (*sign, parse_switch(value)) {
            ("!=", Some(SwitchWord(on))) => {
                if on {
                    "off"
                } else {
                    "on"
                }
            }
            _ => value,
        };
        mistake(at..behind, message, Some(format!("{}{meant}{value}", &text[name.clone()])))
    })?;
    let name = name_at(text, name)?;
    let test = match comparison {
        Comparison::Equal => equal(text, value, &name)?,
        comparison => Test::Share(comparison, percentage(text, value, &name, comparison)?),
    };
    Ok(Condition { name, user: None, test })
}

/// Reads `name:user=variant`. The user's key may hold anything, `=` included; what is served cannot.
fn of_one_user(text: &str, colon: usize) -> Result<Condition, Mistake> {
    let name = name_at(text, part(text, 0..colon))?;
    let Some(equals) = text.rfind('=') else {
        let sign = text[colon..].find(['<', '>', '!']).map_or(colon, |at| colon + at);
        let message = "a part of everybody cannot be asked of one user";
        return Err(mistake(sign..text.len(), message, Some(format!("{}=on", &text[..sign]))));
    };
    let user = part(text, colon + 1..equals);
    let value = part(text, equals + 1..text.len());
    if user.is_empty() {
        let wanted = if value.is_empty() { "on" } else { &text[value] };
        let fix = format!("{name}:u-42={wanted}");
        return Err(mistake(colon..colon + 1, "no user stands behind `:`", Some(fix)));
    }
    if text[user.clone()].ends_with(['=', '<', '>', '!']) {
        let message = "nobody can tell where the user's key ends";
        let fix = format!("name the user with --user, and write {name}={}", &text[value]);
        return Err(mistake(user, message, Some(fix)));
    }
    let test = equal(text, value.clone(), &format!("{name}:{}", &text[user.clone()]))?;
    if matches!(test, Test::Switch(_) | Test::Serves(_)) {
        return Ok(Condition { name, user: Some(text[user].to_owned()), test });
    }
    let message = format!("`{}` is said of everybody, not of one user", &text[value.clone()]);
    Err(mistake(value.clone(), message, Some(format!("{name}={}", &text[value]))))
}

fn name_at(text: &str, range: Range<usize>) -> Result<String, Mistake> {
    let name = &text[range.clone()];
    if name.is_empty() {
        let message = "no flag stands before the comparison";
        return Err(mistake(0..text.len().min(1), message, Some(format!("x{text}"))));
    }
    match FlagName::try_from(name) {
        Ok(name) => Ok(name.to_string()),
        Err(error) => Err(mistake(range, error.to_string(), None)),
    }
}

/// Reads what stands behind `=`.
fn equal(text: &str, range: Range<usize>, name: &str) -> Result<Test, Mistake> {
    let value = &text[range.clone()];
    if value.is_empty() {
        let at = range.start.saturating_sub(1);
        return Err(mistake(at..text.len(), "nothing stands behind `=`", Some(format!("{name}=on"))));
    }
    if let Some(SwitchWord(on)) = parse_switch(value) {
        return Ok(Test::Switch(on));
    }
    if let Some((_, test)) = Condition::WORDS.into_iter().find(|(word, _)| *word == value) {
        return Ok(test);
    }
    if value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) || value.ends_with('%')
    {
        let weight = percentage(text, range, name, Comparison::Equal)?;
        return Ok(Test::Share(Comparison::Equal, weight));
    }
    match VariationName::try_from(value) {
        Ok(variation) => Ok(Test::Serves(variation)),
        Err(_) if value.contains(char::is_whitespace) => {
            Err(mistake(range, "more than one condition, or a blank in a name", None))
        }
        Err(error) => Err(mistake(range, error.to_string(), None)),
    }
}

/// Reads a percentage, which must bear its sign: `x>=1` could be meant as all or as a hundredth.
fn percentage(
    text: &str,
    range: Range<usize>,
    name: &str,
    comparison: Comparison,
) -> Result<Weight, Mistake> {
    let value = &text[range.clone()];
    let sign = comparison.sign();
    if value.is_empty() {
        let at = text.len().saturating_sub(1);
        let message = format!("no percentage stands behind `{sign}`");
        return Err(mistake(at..text.len(), message, Some(format!("{name}{sign}25%"))));
    }
    let with = |weight: &str| Some(format!("{name}{sign}{weight}"));
    match Weight::parse(value) {
        Ok(weight) if value.ends_with('%') => Ok(weight),
        Ok(weight) => {
            let message = format!("`{value}` is no percentage without its sign");
            Err(mistake(range, message, with(&weight.to_string())))
        }
        Err(error) => {
            let fix = match &error {
                WeightError::Fraction { meant: Some(meant), .. } => with(meant),
                WeightError::NotANumber(_) if parse_switch(value).is_some() => {
                    Some(format!("{name}={value}"))
                }
                _ => None,
            };
            Err(mistake(range, error.to_string(), fix))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        parse(text).map_or_else(|mistake| panic!("{text}: {mistake:?}"), |condition| condition.to_string())
    }

    #[test]
    fn conditions_are_read_and_written_alike() {
        for text in [
            "use_v3_style=on",
            "x=off",
            "enable_memory_v2>=25%",
            "x<=12.5%",
            "x>0%",
            "x<100%",
            "x=25%",
            "style_prompt=v3",
            "personalization_v2:u42=treatment",
            "f=enabled",
            "f=disabled",
            "f=partial",
            "a.b-c:user@example.com=on",
            "e:a=b:c d=control",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_means_the_same_is_read_the_same() {
        for (text, plain) in [
            (" x = TRUE ", "x=on"),
            ("x==no", "x=off"),
            ("x=1", "x=on"),
            ("x >= 25.0 %", "x>=25%"),
            ("e: u1 =treatment", "e:u1=treatment"),
            ("x=Enabled", "x=Enabled"),
        ] {
            assert_eq!(shown(text), plain, "{text}");
        }
        assert_eq!(
            parse("x=Enabled").expect("a variation").test,
            Test::Serves(VariationName::try_from("Enabled").expect("a name"),)
        );
        let at_least = parse_share("x=25%", Comparison::AtLeast).expect("a share");
        assert_eq!(at_least, parse("x>=25%").expect("a condition"));
    }

    #[test]
    fn a_mistake_has_its_place_and_its_fix() {
        for (text, at, message, fix) in [
            ("x", 0..1, "`x` compares nothing", "x=on"),
            ("e:u1", 0..4, "compares nothing", "e:u1=treatment"),
            ("", 0..0, "the condition is empty", "x=on"),
            (" ", 1..1, "the condition is empty", "x=on"),
            ("e:=control", 1..2, "no user", "e:u-42=control"),
            ("x=", 1..2, "nothing stands behind `=`", "x=on"),
            ("=on", 0..1, "no flag stands before", "x=on"),
            ("x>=", 2..3, "no percentage stands behind `>=`", "x>=25%"),
            (" x>=25", 4..6, "`25` is no percentage without its sign", "x>=25%"),
            ("x>=0.25", 3..7, "less than 1%", "x>=25%"),
            ("x>=on", 3..5, "is not a percentage", "x=on"),
            ("x=25", 2..4, "without its sign", "x=25%"),
            ("x=101%", 2..6, "above 100%", ""),
            ("x!=on", 1..3, "partly on, too", "x=off"),
            ("x=>5%", 1..3, "`=>` is no comparison", "x>=5%"),
            ("9x=on", 0..2, "starts with a letter", ""),
            ("x y=on", 0..3, "not ' '", ""),
            ("x=on y=off", 2..10, "more than one condition", ""),
            ("'x>=5%'", 0..1, "quotes are for a shell", "x>=5%"),
            ("e:=on", 1..2, "no user", "e:u-42=on"),
            ("e:u1==on", 2..5, "where the user's key ends", "name the user with --user, and write e=on"),
            ("e:u1>5%", 4..7, "cannot be asked of one user", "e:u1=on"),
            ("e:u1=partial", 5..12, "said of everybody", "e=partial"),
        ] {
            let mistake = parse(text).expect_err(text);
            assert!(mistake.message.contains(message), "{text}: {mistake:?}");
            assert_eq!((mistake.span, mistake.fix.as_deref().unwrap_or_default()), (at, fix), "{text}");
            assert_eq!(mistake.compares_nothing, mistake.message.contains("compares nothing"), "{text}");
        }
        for (text, at, fix) in
            [("x", 0..1, "x=25%"), ("x>=25%", 0..6, "x=25%"), ("x=25", 2..4, "x=25%"), ("x=", 1..2, "x=25%")]
        {
            let mistake = parse_share(text, Comparison::AtMost).expect_err(text);
            assert_eq!((mistake.span, mistake.fix.as_deref().unwrap_or_default()), (at, fix), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_a_condition_or_a_mistake_in_it(text in r#"[ -~é\n]{0,12}|[a-z:=<>!%'". 0-9]{0,12}"#) {
            for read in [parse(&text), parse_share(&text, Comparison::AtLeast)] {
                match read {
                    Ok(condition) => prop_assert_eq!(parse(&condition.to_string()), Ok(condition)),
                    Err(mistake) => prop_assert!(text.get(mistake.span).is_some()),
                }
            }
        }
    }
}
