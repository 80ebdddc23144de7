//! What goes into the hash: pieces of text around the unit.

use std::fmt;

use super::algorithm::Purpose;

/// One piece of a hash input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The word of the purpose, `rollout` or `variant`.
    Purpose,
    /// The flag's or experiment's name; its salt, if it has one and the template has no piece for it.
    Key,
    /// The flag's or experiment's salt.
    Salt,
    /// The seed in decimal digits.
    Seed,
    /// The unit.
    Unit,
    /// The same text for everyone.
    Text(String),
}

/// The pieces of a hash input, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Template {
    pieces: Vec<Piece>,
    cbor: bool,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A name in braces that is no piece.
    #[error("`{{{0}}}` is no piece of a template")]
    Unknown(String),
    /// A brace without its partner.
    #[error("a brace has no partner; a literal one is written twice")]
    Brace,
    /// Without the unit everyone would get the same bucket.
    #[error("the template has no `{{unit}}`: everyone would get the same bucket")]
    NoUnit,
}

/// The names of the pieces as they stand in braces.
const NAMES: [(&str, Piece); 5] = [
    ("purpose", Piece::Purpose),
    ("key", Piece::Key),
    ("salt", Piece::Salt),
    ("seed", Piece::Seed),
    ("unit", Piece::Unit),
];

impl Template {
    /// The names that stand in braces.
    pub const NAMES: [&'static str; 5] = ["purpose", "key", "salt", "seed", "unit"];

    /// Reads a template such as `{key}:{unit}`; a literal brace is written twice.
    ///
    /// # Errors
    /// When a name is unknown, a brace has no partner, or the unit is missing.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let ("{", Some((name, after))) = (brace, after.split_once('}')) else {
                return Err(TemplateError::Brace);
            };
            let piece = NAMES.iter().find(|(known, _)| *known == name).map(|(_, piece)| piece.clone());
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(piece.ok_or_else(|| TemplateError::Unknown(name.to_owned()))?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        if !pieces.contains(&Piece::Unit) {
            return Err(TemplateError::NoUnit);
        }
        Ok(Self { pieces, cbor: false })
    }

    /// Returns the template whose pieces are the texts of an array in canonical CBOR (RFC 8949, section 4.2).
    #[must_use]
    pub(super) fn in_cbor(mut self) -> Self {
        self.cbor = true;
        self
    }

    /// Tells whether the pieces are the texts of an array in CBOR.
    pub const fn is_cbor(&self) -> bool {
        self.cbor
    }

    /// Returns the pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Tells whether a piece stands in it.
    pub fn has(&self, piece: &Piece) -> bool {
        self.pieces.contains(piece)
    }

    /// Tells whether the unit stands alone: then every flag begins with the same people.
    pub fn is_unit_alone(&self) -> bool {
        !self.pieces.iter().any(|piece| matches!(piece, Piece::Key | Piece::Salt | Piece::Seed))
    }

    /// Returns the text of every piece for a flag or experiment; none for the unit.
    pub(super) fn filled(
        &self,
        purpose: Purpose,
        key: &str,
        salt: Option<&str>,
        seed: u32,
    ) -> Vec<Option<String>> {
        let named = if self.has(&Piece::Salt) { key } else { salt.unwrap_or(key) };
        let text = |piece: &Piece| match piece {
            Piece::Purpose => Some(purpose.word().to_owned()),
            Piece::Key => Some(named.to_owned()),
            Piece::Salt => Some(salt.unwrap_or_default().to_owned()),
            Piece::Seed => Some(seed.to_string()),
            Piece::Unit => None,
            Piece::Text(text) => Some(text.clone()),
        };
        self.pieces.iter().map(text).collect()
    }
}

/// Writes what [`Template::parse`] reads; an array of texts in CBOR as `cbor[{key}, {unit}]`.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
            piece => {
                let name = NAMES.iter().find(|(_, known)| known == piece).map_or("", |(name, _)| name);
                format!("{{{name}}}")
            }
        };
        let pieces: Vec<String> = self.pieces.iter().map(text).collect();
        if self.cbor { write!(f, "cbor[{}]", pieces.join(", ")) } else { f.pad(&pieces.concat()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reads_back() {
        for text in [
            "{key}:{unit}",
            "{unit}",
            "{purpose}:{key}:{unit}",
            "{{{unit}}}x",
            "{seed}.{unit}",
            "a{{b}}{unit}",
        ] {
            assert_eq!(Template::parse(text).expect("a template").to_string(), text);
        }
    }

    #[test]
    fn what_is_no_template_says_why() {
        let error = |text| Template::parse(text).expect_err("no template");
        assert_eq!(error("{user}:{unit}"), TemplateError::Unknown("user".into()));
        assert_eq!(error("{key:{unit"), TemplateError::Brace);
        assert_eq!(error("{unit}}"), TemplateError::Brace);
        assert_eq!(error("{key}"), TemplateError::NoUnit);
        assert_eq!(error(""), TemplateError::NoUnit);
    }

    #[test]
    fn a_salt_without_a_piece_of_its_own_stands_in_for_the_key() {
        let filled = |text, salt| {
            let template = Template::parse(text).expect("a template");
            template.filled(Purpose::Rollout, "k", salt, 7).into_iter().flatten().collect::<String>()
        };
        assert_eq!(filled("{key}:{unit}", None), "k:");
        assert_eq!(filled("{key}:{unit}", Some("s")), "s:");
        assert_eq!(filled("{key}.{salt}.{unit}", Some("s")), "k.s.");
        assert_eq!(filled("{seed}.{unit}", Some("s")), "7.");
    }
}
