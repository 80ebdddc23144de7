//! `PostgreSQL`: one function of whole numbers, or of double precision.

use super::super::algorithm::Purpose;
use super::super::hash::Hash;
use super::super::record::{Precision, Record, Reduce, Slice};
use super::language::{Lines, Unsupported, grouped_count, largest, parameters, pieces, total};

pub(super) fn source(record: &Record, purpose: Purpose, name: &str) -> Result<Lines, Unsupported> {
    // A literal of the template holds no backslash: single quotes are all that needs care.
    let text = pieces(record, purpose)
        .into_iter()
        .map(|piece| match piece.strip_prefix('"').and_then(|piece| piece.strip_suffix('"')) {
            Some(literal) if literal.contains('\\') => {
                Err(Unsupported("the template holds what SQL would escape otherwise"))
            }
            Some(literal) => Ok(format!("'{}'", literal.replace('\'', "''"))),
            None => Ok(piece),
        })
        .collect::<Result<Vec<_>, _>>()?
        .join(" || ");
    let bytes = format!("convert_to({text}, 'UTF8')");
    let hex = match record.hash {
        Hash::Md5 => format!("md5({text})"),
        Hash::Sha256 => format!("encode(sha256({bytes}), 'hex')"),
        // In the extension pgcrypto.
        Hash::Sha1 => format!("encode(digest({bytes}, 'sha1'), 'hex')"),
        Hash::Murmur3 => return Err(Unsupported("PostgreSQL has no murmur3")),
        Hash::Crc32 => {
            return Err(Unsupported("PostgreSQL has a CRC-32 of this kind from version 18 on only"));
        }
        _ => return Err(Unsupported("PostgreSQL has no such hash")),
    };
    if record.precision == Precision::F32 && record.is_fraction() {
        return Err(Unsupported("PostgreSQL would round in other places in single precision"));
    }
    let first = |digits: u32| {
        let padding = "0".repeat(16 - digits as usize);
        format!("('x{padding}' || substr(h, 1, {digits}))::bit(64)::bigint")
    };
    let digits = match record.slice {
        Slice::Hex(digits) => digits,
        Slice::Bytes(bytes) => 2 * bytes,
        Slice::Whole | Slice::Absolute => 2 * record.hash.bytes(),
    };
    let offset = if record.offset > 0 { " + 1" } else { "" };
    // Sixteen digits would be a negative number: remainders take eight at a time.
    let rest = |modulus: &str| {
        if digits < 16 {
            return format!("{} % {modulus}", first(digits));
        }
        let word = |at: u32| format!("('x' || substr(h, {}, 8))::bit(32)::bigint", at * 8 + 1);
        (1..digits / 8).fold(format!("{} % {modulus}", word(0)), |sum, at| {
            format!("(({sum}) * 4294967296 + {}) % {modulus}", word(at))
        })
    };
    let (kind, result) = match record.reduce {
        Reduce::Scale(of) if record.bits() <= 32 => {
            ("bigint", format!("({} * {} >> {}){offset}", first(digits), grouped_count(of), record.bits()))
        }
        Reduce::Scale(_) => {
            return Err(Unsupported("more than 32 bits do not scale in PostgreSQL's whole numbers"));
        }
        Reduce::Modulo(of) => ("bigint", format!("({}){offset}", rest(&grouped_count(of)))),
        Reduce::Fraction(of) => {
            ("double precision", format!("({})::double precision / {of}", rest(&of.to_string())))
        }
        Reduce::Unit { .. } if digits >= 16 => {
            return Err(Unsupported("64 bits are a negative number to PostgreSQL"));
        }
        Reduce::Unit { closed, top } => {
            let divisor = if closed {
                largest(record.bits()).to_string()
            } else {
                (1_u128 << record.bits()).to_string()
            };
            let times = if top == 100 { " * 100" } else { "" };
            (
                "double precision",
                format!("({})::double precision / {divisor}::double precision{times}", first(digits)),
            )
        }
        Reduce::Flagsmith => return Err(Unsupported("one expression cannot hash again")),
    };
    let mut parameters: Vec<String> =
        parameters(record).into_iter().map(|name| format!("{name} text")).collect();
    parameters.extend(total(record, purpose).map(|total| format!("total bigint DEFAULT {total}")));
    // OFFSET 0 keeps the hash from being computed again at each use.
    let head = if record.hash == Hash::Sha1 {
        vec!["-- digest() is in the extension pgcrypto\n"]
    } else {
        Vec::new()
    };
    let function = format!(
        "CREATE FUNCTION {name}({}) RETURNS {kind} LANGUAGE sql IMMUTABLE AS $$\n  SELECT {result}\n  FROM (SELECT {hex} AS h OFFSET 0) AS hashed\n$$;\n",
        parameters.join(", ")
    );
    Ok(Lines { head, function })
}
