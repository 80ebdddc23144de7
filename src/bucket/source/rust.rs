//! Rust, with the crates `sha2`, `sha1` and `md-5` where they are needed.

use super::super::algorithm::Purpose;
use super::super::hash::Hash;
use super::super::record::{Precision, Record, Reduce, Seed, Slice};
use super::language::{Lines, append, count, grouped_count, largest, parameters, pieces, total};

const MURMUR3: &str = "\
fn murmur3(data: &[u8], seed: u32) -> u32 { // x86_32
    let mix = |k: u32| k.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let (blocks, tail) = data.as_chunks::<4>();
    let mut h = blocks.iter().fold(seed, |h, block| {
        (h ^ mix(u32::from_le_bytes(*block))).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
    });
    h ^= mix(tail.iter().rev().fold(0, |k, byte| k << 8 | u32::from(*byte))) ^ data.len() as u32;
    h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}
";
const FNV: &str = "\
fn fnv1a32(units: impl Iterator<Item = u32>) -> u32 {
    units.fold(0x811c_9dc5, |h: u32, unit| (h ^ unit).wrapping_mul(0x0100_0193))
}
";
const CRC32: &str = "\
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |c: u32, byte| {
        (0..8).fold(c ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}
";
const CBOR: &str = "\
fn cbor(texts: &[&str]) -> Vec<u8> {
    let head = |major: u8, n: usize| match n {
        0..24 => vec![major | n as u8],
        24..256 => vec![major | 24, n as u8],
        256..65536 => [&[major | 25][..], &(n as u16).to_be_bytes()].concat(),
        _ => [&[major | 26][..], &(n as u32).to_be_bytes()].concat(),
    };
    let parts = texts.iter().flat_map(|text| [head(0x60, text.len()), text.as_bytes().to_vec()].concat());
    head(0x80, texts.len()).into_iter().chain(parts).collect()
}
";

pub(super) fn source(record: &Record, purpose: Purpose, name: &str) -> Lines {
    let mut head: Vec<&'static str> = Vec::new();
    let mut out = String::new();
    match record.hash {
        Hash::Sha256 => head.push("// Cargo.toml: sha2 = \"0.11\"\nuse sha2::{Digest, Sha256};\n"),
        Hash::Sha1 => head.push("// Cargo.toml: sha1 = \"0.11\"\nuse sha1::{Digest, Sha1};\n"),
        Hash::Md5 => head.push("// Cargo.toml: md-5 = \"0.11\"\nuse md5::{Digest, Md5};\n"),
        _ => {}
    }
    if record.hash == Hash::Murmur3 || matches!(record.seed, Seed::OfKey(_)) {
        head.push(MURMUR3);
    }
    if matches!(record.hash, Hash::Fnv1a32 | Hash::Fnv1a32Utf16 | Hash::Fnv1a32Utf16Twice) {
        head.push(FNV);
    }
    if record.hash == Hash::Crc32 {
        head.push(CRC32);
    }
    if record.template.is_cbor() {
        head.push(CBOR);
    }
    let mut parameters: Vec<String> =
        parameters(record).into_iter().map(|name| format!("{name}: &str")).collect();
    parameters.extend(total(record, purpose).map(|_| "total: u64".to_owned()));
    let pieces = pieces(record, purpose);
    let text = if record.template.is_cbor() {
        format!("cbor(&[{}])", pieces.join(", "))
    } else {
        format!("[{}].concat()", pieces.join(", "))
    };
    let fraction = record.is_fraction();
    let result = match (fraction, record.precision) {
        (false, _) => "u64",
        (true, Precision::F64) => "f64",
        (true, Precision::F32) => "f32",
    };
    append(
        &mut out,
        format_args!("fn {name}({}) -> {result} {{\n    let text = {text};\n", parameters.join(", ")),
    );
    if record.reduce == Reduce::Flagsmith {
        out.push_str(
            "    for times in 1.. {\n        let ids = vec![text.as_str(); times].join(\",\");\n        let x = \
             u128::from_be_bytes(Md5::digest(ids).into()) % 9999;\n        if x < 9998 {\n            return x as f64 / \
             9998.0 * 100.0;\n        }\n    }\n    unreachable!()\n}\n",
        );
        return Lines { head, function: out };
    }
    let modulus = match record.reduce {
        Reduce::Modulo(of) => Some(grouped_count(of)),
        Reduce::Fraction(of) => Some(of.to_string()),
        _ => None,
    };
    let x = number(record, modulus.as_deref());
    append(&mut out, format_args!("    let x: u64 = {x};\n"));
    let offset = if record.offset > 0 { " + 1" } else { "" };
    let bits = record.bits();
    let end = match record.reduce {
        Reduce::Scale(of) => {
            format!("(u128::from(x) * u128::from({}_u64) >> {bits}) as u64{offset}", count(of))
                .replace("total_u64", "total")
        }
        Reduce::Modulo(_) => format!("x{offset}"),
        Reduce::Fraction(of) => format!("x as {result} / {of}.0"),
        Reduce::Unit { closed, top } => {
            let divisor = if closed {
                format!("{:#x}_u64 as {result}", largest(bits))
            } else {
                format!("2_{result}.powi({bits})")
            };
            let times = if top == 100 { " * 100.0" } else { "" };
            format!("x as {result} / ({divisor}){times}")
        }
        Reduce::Flagsmith => String::new(),
    };
    append(&mut out, format_args!("    {end}\n}}\n"));
    Lines { head, function: out }
}

/// Returns the number of the slice, its remainder taken where there is a modulus.
fn number(record: &Record, modulus: Option<&str>) -> String {
    let seed = match record.seed {
        Seed::Fixed(seed) => seed.to_string(),
        Seed::OfKey(seed) => format!("murmur3(key.as_bytes(), {seed})"),
    };
    let rest = |x: String| match modulus {
        Some(modulus) => format!("({x}) % {modulus}"),
        None => x,
    };
    let bytes = if record.template.is_cbor() { "&text" } else { "text.as_bytes()" };
    let short = match record.hash {
        Hash::Sha256 | Hash::Sha1 | Hash::Md5 => {
            let name = match record.hash {
                Hash::Sha256 => "Sha256",
                Hash::Sha1 => "Sha1",
                _ => "Md5",
            };
            let digest = format!("{name}::digest(&text)");
            let fold = |bytes: &str| {
                format!("{digest}[..{bytes}].iter().fold(0, |x, byte| x << 8 | u64::from(*byte))")
            };
            return match record.slice {
                Slice::Hex(digits) if digits % 2 == 1 => {
                    rest(format!("{} >> 4", fold(&digits.div_ceil(2).to_string())))
                }
                Slice::Hex(digits) => rest(fold(&(digits / 2).to_string())),
                Slice::Bytes(bytes) => rest(fold(&bytes.to_string())),
                // More than 64 bits: the remainder of each byte after the other.
                Slice::Whole | Slice::Absolute => format!(
                    "{digest}.iter().fold(0, |x, byte| (x << 8 | u64::from(*byte)) % {})",
                    modulus.unwrap_or("1")
                ),
            };
        }
        Hash::Murmur3 => format!("murmur3({bytes}, {seed})"),
        Hash::Fnv1a32 => format!("fnv1a32({bytes}.iter().map(|byte| u32::from(*byte)))"),
        Hash::Fnv1a32Utf16 => "fnv1a32(text.encode_utf16().map(u32::from))".to_owned(),
        Hash::Fnv1a32Utf16Twice => {
            "fnv1a32(fnv1a32(text.encode_utf16().map(u32::from)).to_string().bytes().map(u32::from))"
                .to_owned()
        }
        Hash::Crc32 => format!("crc32({bytes})"),
        Hash::Java => format!(
            "text.encode_utf16().fold(0, |h: u32, unit| h.wrapping_mul(31).wrapping_add(unit.into())) ^ {seed}"
        ),
    };
    rest(match (record.slice, record.bits()) {
        (Slice::Absolute, _) => format!("u64::from((({short}) as i32).unsigned_abs())"),
        (_, 32) => format!("u64::from({short})"),
        (_, bits) => format!("u64::from(({short}) >> {})", 32 - bits),
    })
}
