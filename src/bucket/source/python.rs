//! Python 3.

use super::super::algorithm::Purpose;
use super::super::hash::Hash;
use super::super::record::{Precision, Record, Reduce, Seed, Slice};
use super::language::{Lines, append, grouped_count, largest, parameters, pieces, total};

const MURMUR3: &str = "\
def murmur3(data, seed):  # x86_32
    mix = lambda k: (rotate(k * 0xcc9e2d51 & M, 15)) * 0x1b873593 & M
    rotate = lambda x, n: (x << n | x >> 32 - n) & M
    M, h, end = 0xffffffff, seed, len(data) & ~3
    for at in range(0, end, 4):
        h = rotate(h ^ mix(int.from_bytes(data[at:at + 4], \"little\")), 13) * 5 + 0xe6546b64 & M
    h ^= mix(int.from_bytes(data[end:], \"little\")) ^ len(data)
    h = (h ^ h >> 16) * 0x85ebca6b & M
    h = (h ^ h >> 13) * 0xc2b2ae35 & M
    return h ^ h >> 16
";
const FNV: &str = "\
def fnv1a32(units):
    h = 0x811c9dc5
    for unit in units:
        h = (h ^ unit) * 0x01000193 & 0xffffffff
    return h
";
const UTF16: &str = "\
def utf16(text):
    data = text.encode(\"utf-16-le\")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
";
const CBOR: &str = "\
def cbor(*texts):
    def head(major, n):
        for code, size in ((24, 1), (25, 2), (26, 4)):
            if n < 24:
                return bytes([major | n])
            if n < 1 << 8 * size:
                return bytes([major | code]) + n.to_bytes(size, \"big\")
    parts = [text.encode() for text in texts]
    return head(0x80, len(parts)) + b\"\".join(head(0x60, len(part)) + part for part in parts)
";

pub(super) fn source(record: &Record, purpose: Purpose, name: &str) -> Lines {
    let mut head: Vec<&'static str> = Vec::new();
    let mut out = String::new();
    match record.hash {
        Hash::Sha256 | Hash::Sha1 | Hash::Md5 => head.push("import hashlib\n"),
        Hash::Crc32 => head.push("import zlib\n"),
        _ => {}
    }
    let single = record.precision == Precision::F32 && matches!(record.reduce, Reduce::Unit { .. });
    if single {
        head.push("import struct\n");
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
    if record.template.is_cbor() {
        head.push(CBOR);
    }
    if single {
        head.push("def f32(x):\n    return struct.unpack(\"f\", struct.pack(\"f\", x))[0]\n");
    }
    let mut parameters: Vec<String> = parameters(record).into_iter().map(str::to_owned).collect();
    parameters.extend(total(record, purpose).map(|total| format!("total={total}")));
    let pieces = pieces(record, purpose);
    let (text, data) = if record.template.is_cbor() {
        let call = format!("cbor({})", pieces.join(", "));
        (call.clone(), call)
    } else {
        let text = pieces.join(" + ");
        let data = if pieces.len() == 1 { format!("{text}.encode()") } else { format!("({text}).encode()") };
        (text, data)
    };
    append(&mut out, format_args!("def {name}({}):\n", parameters.join(", ")));
    if record.reduce == Reduce::Flagsmith {
        append(
            &mut out,
            format_args!(
                "    ids = text = {text}\n    while True:\n        x = int(hashlib.md5(text.encode()).hexdigest(), 16) % 9999\n        \
             if x < 9998:\n            return x / 9998 * 100\n        text += \",\" + ids\n"
            ),
        );
        return Lines { head, function: out };
    }
    append(&mut out, format_args!("    x = {}\n", number(record, &text, &data)));
    if record.slice == Slice::Absolute {
        out.push_str("    x = abs(x - (x >> 31 << 32))\n");
    }
    let offset = if record.offset > 0 { " + 1" } else { "" };
    let result = match record.reduce {
        Reduce::Scale(of) => {
            let scaled = format!("x * {} >> {}", grouped_count(of), record.bits());
            if record.offset > 0 { format!("({scaled}) + 1") } else { scaled }
        }
        Reduce::Modulo(of) => format!("x % {}{offset}", grouped_count(of)),
        Reduce::Fraction(of) => format!("x % {of} / {of}"),
        Reduce::Unit { closed, top } => {
            let divisor = if closed {
                format!("{:#x}", largest(record.bits()))
            } else {
                format!("2 ** {}", record.bits())
            };
            let quotient =
                if single { format!("f32(f32(x) / f32({divisor}))") } else { format!("x / {divisor}") };
            match (top, single) {
                (100, false) => format!("{quotient} * 100"),
                (100, true) => format!("f32({quotient} * 100)"),
                _ => quotient,
            }
        }
        Reduce::Flagsmith => String::new(),
    };
    append(&mut out, format_args!("    return {result}\n"));
    Lines { head, function: out }
}

fn number(record: &Record, text: &str, data: &str) -> String {
    let seed = match record.seed {
        Seed::Fixed(seed) => seed.to_string(),
        Seed::OfKey(seed) => format!("murmur3(key.encode(), {seed})"),
    };
    let short = match record.hash {
        Hash::Sha256 | Hash::Sha1 | Hash::Md5 => {
            let digest = format!("hashlib.{}({data})", record.hash.word());
            return match record.slice {
                Slice::Hex(digits) => format!("int({digest}.hexdigest()[:{digits}], 16)"),
                Slice::Bytes(bytes) => format!("int.from_bytes({digest}.digest()[:{bytes}], \"big\")"),
                Slice::Whole | Slice::Absolute => format!("int({digest}.hexdigest(), 16)"),
            };
        }
        Hash::Murmur3 if record.template.is_cbor() => format!("murmur3({text}, {seed})"),
        Hash::Murmur3 => format!("murmur3({data}, {seed})"),
        Hash::Fnv1a32 => format!("fnv1a32({data})"),
        Hash::Fnv1a32Utf16 => format!("fnv1a32(utf16({text}))"),
        Hash::Fnv1a32Utf16Twice => format!("fnv1a32(utf16(str(fnv1a32(utf16({text})))))"),
        Hash::Crc32 => format!("zlib.crc32({data})"),
        Hash::Java => {
            let sum = "sum(u * 31 ** (len(t) - 1 - at) for at, u in enumerate(t))";
            let hash = format!("(lambda t: {sum})(utf16({text})) & 0xffffffff");
            if seed == "0" { hash } else { format!("({hash}) ^ {seed}") }
        }
    };
    match record.bits() {
        31 | 32 => short,
        bits => format!("({short}) >> {}", 32 - bits),
    }
}
