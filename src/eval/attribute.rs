//! Attributes as a program asks for them: supplied ones, and those derived from others.

use std::borrow::Cow;

use crate::model::{ContextKind, Number, Timestamp};

use super::program::Program;
use super::subject::{Subject, ValueRef};

/// The number of an attribute within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeId(pub(super) usize);

impl AttributeId {
    /// Returns the position of the attribute in [`super::Program::attributes`].
    pub const fn index(self) -> usize {
        self.0
    }
}

/// How an attribute that was not supplied can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derived {
    /// Not at all.
    No,
    /// It is the key of its kind.
    Key,
    /// The part of the user's `email` after the last `@`.
    EmailDomain(AttributeId),
    /// Whole days from the user's `created_at` to the evaluation's time; absent if that lies ahead.
    AccountAgeDays(AttributeId),
}

/// One attribute that a program asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) id: AttributeId,
    pub(super) kind: ContextKind,
    pub(super) name: String,
    pub(super) derived: Derived,
    /// A clause asks for it; not only a unit, another attribute, or a lookup that has an answer without it.
    pub(super) asked: bool,
}

/// The names of the attributes that are derived, and what each is derived from.
pub(super) const DERIVED: [(&str, &str); 2] = [("email_domain", "email"), ("account_age_days", "created_at")];

impl Attribute {
    /// Tells whether it is the user's key.
    pub(super) fn is_user_key(&self) -> bool {
        self.derived == Derived::Key && self.kind.is_user()
    }

    /// Returns the moment that the attribute counts from: none where it does not change as time passes.
    pub(super) fn since<S: Subject + ?Sized>(&self, subject: &S, attributes: &[Self]) -> Option<Timestamp> {
        let Derived::AccountAgeDays(base) = self.derived else { return None };
        if subject.attribute(self.id, &self.kind, &self.name).is_some() {
            return None;
        }
        let base = &attributes[base.0];
        time_of(subject.attribute(base.id, &base.kind, &base.name)?)
    }

    /// Tells whether it may change as time passes.
    pub(super) const fn is_of_time(&self) -> bool {
        matches!(self.derived, Derived::AccountAgeDays(_))
    }

    /// Returns the attribute's value: supplied, else derived; `attributes` are those of the same program.
    #[inline]
    pub(super) fn of<'s, S: Subject + ?Sized>(
        &self,
        subject: &'s S,
        attributes: &[Self],
        now: Timestamp,
    ) -> Option<ValueRef<'s>> {
        if self.derived == Derived::Key {
            return subject.key(&self.kind).map(ValueRef::Text);
        }
        if let Some(value) = subject.attribute(self.id, &self.kind, &self.name) {
            return Some(value);
        }
        let base = |id: AttributeId| {
            let base = &attributes[id.0];
            subject.attribute(base.id, &base.kind, &base.name)
        };
        match self.derived {
            Derived::No | Derived::Key => None,
            Derived::EmailDomain(email) => match base(email)? {
                ValueRef::Text(email) => {
                    email.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !domain.is_empty())
                }
                _ => None,
            }
            .map(ValueRef::Text),
            Derived::AccountAgeDays(created_at) => {
                let created = time_of(base(created_at)?)?;
                let days = created.days_until(now)?;
                Some(ValueRef::Number(Number::Integer(days)))
            }
        }
    }
}

impl Program {
    /// Returns what stands where an account's beginning should, if no time can be read there though its age is asked
    /// for and not supplied.
    pub fn unread_time<S: Subject + ?Sized>(&self, subject: &S) -> Option<String> {
        let supplied = |of: &Attribute| subject.attribute(of.id, &of.kind, &of.name);
        self.attributes.iter().find_map(|attribute| {
            let Derived::AccountAgeDays(base) = attribute.derived else { return None };
            let value = supplied(&self.attributes[base.0]).filter(|_| supplied(attribute).is_none())?;
            let text = match value {
                ValueRef::Text(text) => text.to_owned(),
                ValueRef::Number(number) => number.to_string(),
                ValueRef::Bool(value) => value.to_string(),
                ValueRef::List(_) => "a list".to_owned(),
                ValueRef::Object(_) => "an object".to_owned(),
            };
            time_of(value).is_none().then_some(text)
        })
    }
}

/// Reads a time: RFC 3339 text with a zone, or whole epoch milliseconds.
pub(super) fn time_of(value: ValueRef<'_>) -> Option<Timestamp> {
    match value {
        ValueRef::Text(text) => Timestamp::parse(text).ok(),
        ValueRef::Number(number) => number.whole().map(Timestamp::from_millis),
        _ => None,
    }
}

/// Returns the text that a value has as the unit of a bucket: text as it is, whole numbers in decimal,
/// nothing for what is empty or of another type.
pub(super) fn unit_of(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Text("") => None,
        ValueRef::Text(text) => Some(Cow::Borrowed(text)),
        ValueRef::Number(number) => number.as_unit().map(Cow::Owned),
        _ => None,
    }
}
