//! The environment as it was when the process started.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use crate::error::{Error, Kind, Result};

/// A snapshot of the environment variables. What is not UTF-8 is kept in a lossy form and marked.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, Value>,
}

#[derive(Clone)]
struct Value {
    text: String,
    readable: bool,
}

/// Writes the names alone: the values are none of a log's business.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl FromIterator<(OsString, OsString)> for Variables {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(pairs: I) -> Self {
        let value = |value: OsString| match value.into_string() {
            Ok(text) => Value { text, readable: true },
            Err(raw) => Value { text: raw.to_string_lossy().into_owned(), readable: false },
        };
        let pairs = pairs.into_iter().map(|(name, raw)| (name.to_string_lossy().into_owned(), value(raw)));
        Self { values: pairs.collect() }
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Variables {
    fn from(pairs: [(&str, &str); N]) -> Self {
        pairs.into_iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
    }
}

impl Variables {
    /// Returns the variable's text, also if it is empty.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(value) if value.readable => Ok(Some(&value.text)),
            Some(_) => Err(Error::new(Kind::Invalid, format!("variable `{name}` is not UTF-8"))),
        }
    }

    /// Returns the variable's text without blanks around it; an empty one is a mistake, since it is mostly a
    /// secret or a variable that a script expected to be there.
    ///
    /// # Errors
    /// When it is empty or not UTF-8.
    pub fn filled(&self, name: &str) -> Result<Option<&str>> {
        match self.text(name)?.map(str::trim) {
            Some("") => Err(Error::new(Kind::Invalid, format!("variable `{name}` is empty"))
                .hint(format!("set it, or `unset {name}`"))),
            text => Ok(text),
        }
    }

    /// Returns the variable's text without blanks around it; an empty one counts as unset.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn optional(&self, name: &str) -> Result<Option<&str>> {
        Ok(self.text(name)?.map(str::trim).filter(|text| !text.is_empty()))
    }

    /// Returns the names and texts of the variables that start so, sorted by name; a value that is not
    /// UTF-8 has U+FFFD where it is not.
    pub fn starting_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.values
            .range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded))
            .take_while(move |(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.as_str(), value.text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_a_mistake_where_it_matters_and_unset_where_it_does_not() {
        let variables = Variables::from([("FFCTL_A", " "), ("FFCTL_B", " x ")]);
        assert_eq!(variables.filled("FFCTL_A").expect_err("empty").kind(), Kind::Invalid);
        assert_eq!(variables.optional("FFCTL_A").expect("readable"), None);
        assert_eq!(variables.filled("FFCTL_B").expect("readable"), Some("x"));
        assert_eq!(variables.filled("FFCTL_C").expect("absent"), None);
    }

    #[test]
    fn prefixes_are_exact() {
        let variables = Variables::from([("FF", "0"), ("FF_A", "1"), ("FF_B", "2"), ("FFCTL_C", "3")]);
        assert_eq!(variables.starting_with("FF_").collect::<Vec<_>>(), [("FF_A", "1"), ("FF_B", "2")]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_named_and_not_read() {
        use std::os::unix::ffi::OsStringExt;
        let raw = OsString::from_vec(vec![b'o', 0xff]);
        let variables: Variables = [(OsString::from("FFCTL_PROFILE"), raw)].into_iter().collect();
        let error = variables.text("FFCTL_PROFILE").expect_err("not readable");
        assert!(error.message().contains("FFCTL_PROFILE"), "{error}");
    }

    #[test]
    fn debug_shows_no_value() {
        assert!(!format!("{:?}", Variables::from([("FFCTL_TOKEN", "secret")])).contains("secret"));
    }
}
