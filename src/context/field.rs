//! The names of fields: which is the id, which the organisation, and whose attribute the others are.

use crate::model::{BucketBy, ContextKind};

use super::error::ContextError;
use super::typed::Typing;

/// Which fields of a record mean something special; what is not named here goes by the usual names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The field with the user's key. Unnamed: one of [`Columns::ID_NAMES`].
    pub id: Option<String>,
    /// The field with the organisation's key. Unnamed: `org`.
    pub org: Option<String>,
}

/// What a field of a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The key of a context kind.
    Key(ContextKind),
    /// An attribute of a context kind.
    Attribute(ContextKind, String),
    /// An object of which every entry becomes an attribute `custom_<entry>` of the user.
    Metadata,
}

impl Columns {
    /// The names that the field with the user's key may have, in any case of letters.
    pub const ID_NAMES: [&str; 8] =
        ["id", "user_id", "user", "key", "user_key", "userid", "userkey", "targeting_key"];

    /// Returns which of the field names is the one of the user's key; none if none is.
    ///
    /// # Errors
    /// When several could be it and none was chosen; the names of all that could.
    pub fn id_of<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Option<&'a str>, Vec<&'a str>> {
        let is_id = |name: &str| match &self.id {
            Some(chosen) => chosen == name,
            None => Self::ID_NAMES.iter().any(|usual| usual.eq_ignore_ascii_case(name)),
        };
        let mut found: Vec<&str> = names.into_iter().filter(|name| is_id(name)).collect();
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ if self.id.is_some() => Ok(found.pop()),
            _ => Err(found),
        }
    }

    /// Returns what a field is; `id` is the name of the field with the user's key.
    pub fn role(&self, name: &str, id: Option<&str>) -> Role {
        if id == Some(name) {
            return Role::Key(ContextKind::user());
        }
        if self.org.as_deref().unwrap_or("org") == name {
            return Role::Key(ContextKind::org());
        }
        if name == "metadata" {
            return Role::Metadata;
        }
        match of_kind(name) {
            Some((kind, attribute)) if attribute == "key" => Role::Key(kind),
            Some((kind, attribute)) => Role::Attribute(kind, attribute),
            None => Role::Attribute(ContextKind::user(), name.to_owned()),
        }
    }
}

/// Returns the error of a record in which several fields could be the user's key.
pub(super) fn ambiguous_id(names: &[&str]) -> ContextError {
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    ContextError::new("user.key", format!("{list} could be the id"))
        .with_hint(format!("choose one, such as `--id-column {}`", names.first().unwrap_or(&"id")))
}

/// Splits `kind.attribute`; none if there is no point or what stands before it is no kind.
pub(super) fn of_kind(name: &str) -> Option<(ContextKind, String)> {
    let by = BucketBy::parse(name)?;
    Some((by.kind, by.attribute?))
}

/// Splits the header of a column into its name and how its cells are typed: `zip:string`. What stands behind
/// the colon must be one of the words of [`Typing::of_word`]; otherwise the colon belongs to the name.
pub fn header(text: &str) -> (&str, Typing) {
    let split = text.rsplit_once(':').and_then(|(name, word)| Some((name, Typing::of_word(word)?)));
    split.filter(|(name, _)| !name.is_empty()).unwrap_or((text, Typing::Canonical))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Role {
        Columns::default().role(name, Some("id"))
    }

    fn attribute(kind: &str, name: &str) -> Role {
        Role::Attribute(ContextKind::try_from(kind).expect("a kind"), name.to_owned())
    }

    #[test]
    fn fields_have_roles_by_name() {
        assert_eq!(role("id"), Role::Key(ContextKind::user()));
        assert_eq!(role("org"), Role::Key(ContextKind::org()));
        assert_eq!(role("org.key"), Role::Key(ContextKind::org()));
        assert_eq!(role("org.plan"), attribute("org", "plan"));
        assert_eq!(role("user.plan"), attribute("user", "plan"));
        assert_eq!(role("plan"), attribute("user", "plan"));
        assert_eq!(role("metadata"), Role::Metadata);
        assert_eq!(role("net amount. EUR"), attribute("user", "net amount. EUR"));
        assert_eq!(role("user_id"), attribute("user", "user_id"));
    }

    #[test]
    fn the_organisation_can_be_another_column() {
        let columns = Columns { org: Some("company".into()), ..Columns::default() };
        assert_eq!(columns.role("company", None), Role::Key(ContextKind::org()));
        assert_eq!(columns.role("org", None), attribute("user", "org"));
    }

    #[test]
    fn the_id_is_found_by_its_usual_names_and_never_guessed() {
        let columns = Columns::default();
        assert_eq!(columns.id_of(["plan", "User_ID"]), Ok(Some("User_ID")));
        assert_eq!(columns.id_of(["plan", "org"]), Ok(None));
        assert_eq!(columns.id_of(["id", "plan", "user_id"]), Err(vec!["id", "user_id"]));
        let chosen = Columns { id: Some("email".into()), ..Columns::default() };
        assert_eq!(chosen.id_of(["id", "email", "user_id"]), Ok(Some("email")));
        assert_eq!(chosen.id_of(["id"]), Ok(None));
    }

    #[test]
    fn a_header_may_type_its_cells() {
        assert_eq!(header("zip:string"), ("zip", Typing::Text));
        assert_eq!(header("org.seats:number"), ("org.seats", Typing::Number));
        assert_eq!(header("beta:bool"), ("beta", Typing::Bool));
        assert_eq!(header("segments:json"), ("segments", Typing::Json));
        assert_eq!(header("custom:tier"), ("custom:tier", Typing::Canonical));
        assert_eq!(header(":string"), (":string", Typing::Canonical));
        assert_eq!(header("a:b:string"), ("a:b", Typing::Text));
    }
}
