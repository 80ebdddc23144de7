//! JavaScript for Node.js; big numbers are `BigInt`.

use super::super::algorithm::Purpose;
use super::super::hash::Hash;
use super::super::record::{Precision, Record, Reduce, Seed, Slice};
use super::language::{Lines, append, count, largest, parameters, pieces, total};

const MURMUR3: &str = "\
function murmur3(data, seed) { // x86_32
  const rotate = (x, n) => x << n | x >>> 32 - n;
  const mix = (k) => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  let h = seed, end = data.length & ~3, last = 0;
  for (let at = 0; at < end; at += 4) {
    h = Math.imul(rotate(h ^ mix(data.readInt32LE(at)), 13), 5) + 0xe6546b64 | 0;
  }
  for (let at = data.length; at-- > end;) last = last << 8 | data[at];
  h ^= mix(last) ^ data.length;
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return (h ^ h >>> 16) >>> 0;
}
";
const FNV: &str = "\
function fnv1a32(units) {
  let h = 0x811c9dc5;
  for (const unit of units) h = Math.imul(h ^ unit, 0x01000193);
  return h >>> 0;
}
";
const UTF16: &str = "\
const utf16 = (text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
";
const CRC32: &str = "\
function crc32(data) {
  let c = -1;
  for (const byte of data) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? c >>> 1 ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}
";
const CBOR: &str = "\
function cbor(...texts) {
  const head = (major, n) =>
    n < 24 ? [major | n] : n < 256 ? [major | 24, n] : n < 65536 ? [major | 25, n >> 8, n & 255]
      : [major | 26, n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255];
  const parts = texts.map((text) => Buffer.from(text));
  return Buffer.concat([Buffer.from(head(0x80, parts.length)),
    ...parts.flatMap((part) => [Buffer.from(head(0x60, part.length)), part])]);
}
";

pub(super) fn source(record: &Record, purpose: Purpose, name: &str) -> Lines {
    let mut head: Vec<&'static str> = Vec::new();
    let mut out = String::new();
    if matches!(record.hash, Hash::Sha256 | Hash::Sha1 | Hash::Md5) {
        head.push("const { createHash } = require(\"node:crypto\");\n");
    }
    if record.hash == Hash::Murmur3 || matches!(record.seed, Seed::OfKey(_)) {
        head.push(MURMUR3);
    }
    if matches!(record.hash, Hash::Fnv1a32 | Hash::Fnv1a32Utf16 | Hash::Fnv1a32Utf16Twice) {
        head.push(FNV);
    }
    if matches!(record.hash, Hash::Fnv1a32Utf16 | Hash::Fnv1a32Utf16Twice | Hash::Java) {
        head.push(UTF16);
    }
    if record.hash == Hash::Crc32 {
        head.push(CRC32);
    }
    if record.template.is_cbor() {
        head.push(CBOR);
    }
    let mut parameters: Vec<String> = parameters(record).into_iter().map(str::to_owned).collect();
    parameters.extend(total(record, purpose).map(|total| format!("total = {total}")));
    let pieces = pieces(record, purpose);
    let (text, data) = if record.template.is_cbor() {
        let call = format!("cbor({})", pieces.join(", "));
        (call.clone(), call)
    } else {
        (pieces.join(" + "), format!("Buffer.from({})", pieces.join(" + ")))
    };
    append(&mut out, format_args!("function {name}({}) {{\n", parameters.join(", ")));
    if record.reduce == Reduce::Flagsmith {
        append(
            &mut out,
            format_args!(
                "  const ids = {text};\n  for (let text = ids; ; text += \",\" + ids) {{\n    const x = Number(BigInt(\"0x\" + \
             createHash(\"md5\").update(text).digest(\"hex\")) % 9999n);\n    if (x < 9998) return x / 9998 * 100;\n  }}\n}}\n"
            ),
        );
        return Lines { head, function: out };
    }
    append(&mut out, format_args!("  const x = {};\n", number(record, &text, &data)));
    let f32 = record.precision == Precision::F32;
    let round = |text: String| if f32 { format!("Math.fround({text})") } else { text };
    let offset = if record.offset > 0 { " + 1" } else { "" };
    let result = match record.reduce {
        Reduce::Scale(of) => format!("Number(x * BigInt({}) >> {}n){offset}", count(of), record.bits()),
        Reduce::Modulo(of) => format!("Number(x % BigInt({})){offset}", count(of)),
        Reduce::Fraction(of) => format!("Number(x % {of}n) / {of}"),
        Reduce::Unit { closed, top } => {
            let divisor = if closed {
                format!("Number({:#x}n)", largest(record.bits()))
            } else {
                format!("2 ** {}", record.bits())
            };
            let quotient = round(format!("{} / {}", round("Number(x)".to_owned()), round(divisor)));
            if top == 100 { round(format!("{quotient} * 100")) } else { quotient }
        }
        Reduce::Flagsmith => String::new(),
    };
    append(&mut out, format_args!("  return {result};\n}}\n"));
    Lines { head, function: out }
}

fn number(record: &Record, text: &str, data: &str) -> String {
    let seed = match record.seed {
        Seed::Fixed(seed) => seed.to_string(),
        Seed::OfKey(seed) => format!("murmur3(Buffer.from(key), {seed})"),
    };
    let short = match record.hash {
        Hash::Sha256 | Hash::Sha1 | Hash::Md5 => {
            let digest = format!("createHash(\"{}\").update({text}).digest(\"hex\")", record.hash.word());
            let digits = match record.slice {
                Slice::Hex(digits) => format!(".slice(0, {digits})"),
                Slice::Bytes(bytes) => format!(".slice(0, {})", 2 * bytes),
                Slice::Whole | Slice::Absolute => String::new(),
            };
            return format!("BigInt(\"0x\" + {digest}{digits})");
        }
        Hash::Murmur3 => format!("murmur3({data}, {seed})"),
        Hash::Fnv1a32 => format!("fnv1a32({data})"),
        Hash::Fnv1a32Utf16 => format!("fnv1a32(utf16({text}))"),
        Hash::Fnv1a32Utf16Twice => format!("fnv1a32(utf16(String(fnv1a32(utf16({text})))))"),
        Hash::Crc32 => format!("crc32({data})"),
        Hash::Java => {
            let hash = format!("utf16({text}).reduce((h, unit) => Math.imul(h, 31) + unit | 0, 0)");
            if seed == "0" { format!("({hash}) >>> 0") } else { format!("({hash} ^ {seed}) >>> 0") }
        }
    };
    match (record.slice, record.bits()) {
        (Slice::Absolute, _) => format!("BigInt(Math.abs({short} | 0))"),
        (_, 32) => format!("BigInt({short})"),
        (_, bits) => format!("BigInt({short}) >> {}n", 32 - bits),
    }
}
