//! Options of the command line → contexts.

use crate::model::{Context, ContextKind, Value};

use super::error::ContextError;
use super::field::{header, of_kind};
use super::json::{Document, key_of};

/// Reads an attribute as an option gives it: `plan=pro`, `age=30` (typed as [`super::typed`] says),
/// `zip:string=0123`, `zip:="0123"` (raw JSON), `org.plan=pro` (of another kind). An empty value is null,
/// which counts as absent.
///
/// # Errors
/// When there is no `=`, no name, what stands before the point is no kind, or the JSON or the typing is wrong.
pub fn parse_attribute(text: &str) -> Result<(ContextKind, String, Value), ContextError> {
    let path = || format!("--attr {text}");
    let shape = || {
        ContextError::new(path(), "not an attribute and its value")
            .with_hint("write `--attr plan=pro`, or `--attr 'zip:=\"0123\"'` for raw JSON")
    };
    let (name, value) = text.split_once('=').ok_or_else(shape)?;
    let (name, value) = if let Some(name) = name.strip_suffix(':') {
        let parsed = serde_json::from_str(value).map_err(|error| {
            let hint = format!("text in JSON stands in quotes: `--attr '{name}:=\"{value}\"'`");
            ContextError::new(path(), format!("not JSON behind `:=`: {error}")).with_hint(hint)
        })?;
        let Document(value) = parsed;
        (name, value)
    } else {
        let (name, typing) = header(name);
        let value = typing
            .read(value)
            .map_err(|_| ContextError::new(path(), format!("`{value}` is not {}", typing.wants())))?;
        (name, value.unwrap_or(Value::Null))
    };
    if name.is_empty() {
        return Err(shape());
    }
    if !name.contains('.') {
        return Ok((ContextKind::user(), name.to_owned(), value));
    }
    let (kind, attribute) = of_kind(name).ok_or_else(|| {
        ContextError::new(path(), format!("`{name}` is not an attribute of a context kind"))
            .with_hint("write `--attr org.plan=pro`")
    })?;
    Ok((kind, attribute, value))
}

/// Sets an attribute of a context; the name `key` sets the key of the kind.
///
/// # Errors
/// When a key is no text or whole number.
pub fn set(
    context: &mut Context,
    kind: &ContextKind,
    name: impl Into<String>,
    value: Value,
) -> Result<(), ContextError> {
    let name = name.into();
    if name == "key" {
        context.part_mut(kind).key = key_of(kind, value)?;
    } else {
        context.part_mut(kind).set(name, value);
    }
    Ok(())
}

/// Returns the context of the options `--user`, `--org` and `--attr`, on top of a context from elsewhere:
/// what an option says goes before what stands in `base`.
///
/// # Errors
/// When an attribute cannot be read (see [`parse_attribute`]), or the user or the organisation is empty: an
/// unset variable of a script must not become a user.
pub fn from_options<'a>(
    base: Context,
    user: Option<&str>,
    org: Option<&str>,
    attributes: impl IntoIterator<Item = &'a str>,
) -> Result<Context, ContextError> {
    let mut context = base;
    for (option, kind, key) in [("--user", ContextKind::user(), user), ("--org", ContextKind::org(), org)] {
        match key {
            Some("") => {
                return Err(ContextError::new(option, "an empty key")
                    .with_hint(format!("write {option} KEY, or leave it out")));
            }
            Some(key) => context.part_mut(&kind).key = Some(key.to_owned()),
            None => {}
        }
    }
    for text in attributes {
        let (kind, name, value) = parse_attribute(text)?;
        set(&mut context, &kind, name, value)?;
    }
    Ok(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(String, Value), String> {
        let name = |(kind, name, value): (ContextKind, String, Value)| (format!("{kind}/{name}"), value);
        parse_attribute(text).map(name).map_err(|error| error.to_string())
    }

    #[test]
    fn attributes_of_options() {
        for (text, name, value) in [
            ("plan=pro", "user/plan", Value::from("pro")),
            ("age=30", "user/age", 30.into()),
            ("beta=true", "user/beta", true.into()),
            ("zip=0123", "user/zip", "0123".into()),
            ("zip:=\"123\"", "user/zip", "123".into()),
            ("zip:string=123", "user/zip", "123".into()),
            ("tags:=[\"a\"]", "user/tags", Value::List(vec!["a".into()])),
            ("org.plan=pro", "org/plan", "pro".into()),
            ("org.a.b=c", "org/a.b", "c".into()),
            ("query=a=b", "user/query", "a=b".into()),
            ("plan=", "user/plan", Value::Null),
        ] {
            assert_eq!(parsed(text), Ok((name.to_owned(), value)), "{text}");
        }
    }

    #[test]
    fn wrong_options_say_what_to_write() {
        for text in ["plan", "=pro", ":=1", "a b.c=d", ".x=1", "org.=1", "zip:=0123", "age:number=x"] {
            assert!(parsed(text).is_err_and(|message| message.starts_with("--attr ")), "{text}");
        }
        let error = parse_attribute("zip:=abc").expect_err("not JSON");
        assert_eq!(error.hint(), Some("text in JSON stands in quotes: `--attr 'zip:=\"abc\"'`"));
    }

    #[test]
    fn options_go_before_the_base() {
        let mut base = Context::user("u0");
        base.part_mut(&ContextKind::user()).set("plan", "free".into());
        let context =
            from_options(base, Some("u1"), Some("acme"), ["plan=pro", "org.size=3", "device.key=7"]);
        let context = context.expect("a context");
        assert_eq!(context.key(&ContextKind::user()), Some("u1"));
        assert_eq!(context.key(&ContextKind::org()), Some("acme"));
        let device = ContextKind::try_from("device").expect("a kind");
        assert_eq!(context.key(&device), Some("7"));
        let plan = context.part(&ContextKind::user()).and_then(|part| part.attribute("plan"));
        assert_eq!(plan, Some(&"pro".into()));
        assert!(from_options(Context::default(), Some(""), None, []).is_err());
    }
}
