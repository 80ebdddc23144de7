//! CRC-32 as Ethernet, gzip and PNG have it.

/// The generator polynomial, its bits reversed (ISO 3309; RFC 1952, section 8).
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The remainders of every byte.
const TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at: u32 = 0;
    while at < 256 {
        let mut remainder = at;
        let mut bit = 0;
        while bit < 8 {
            remainder = if remainder & 1 == 1 { remainder >> 1 ^ POLYNOMIAL } else { remainder >> 1 };
            bit += 1;
        }
        table[at as usize] = remainder;
        at += 1;
    }
    table
}

/// Returns the checksum of some bytes.
pub(in crate::bucket) fn crc32(bytes: &[u8]) -> u32 {
    let fed = |sum: u32, byte: &u8| TABLE[usize::from(sum.to_le_bytes()[0] ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(!0, fed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the catalogue of parametrised CRC algorithms (reveng), and the two of RFC 3720's kin.
    #[test]
    fn published_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    }
}
