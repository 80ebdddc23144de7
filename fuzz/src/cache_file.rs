//! The file of a cached answer: as it is, and with a checksum that fits it.

use ffctl::admin::decode_cached_answer;
use sha2::{Digest, Sha256};

/// Any bytes as the file, and as what its checksum is of.
pub fn cache_file(data: &[u8]) {
    let digest = Sha256::digest(data);
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let file = [format!("ffctl-cache 1 {}\n", digits.concat()).as_bytes(), data].concat();
    if let Ok(answer) = decode_cached_answer(file.clone()) {
        assert!(data.ends_with(&answer.body), "the body is what was kept");
        // One byte else, anywhere, and it is nobody's answer.
        for at in (0..file.len()).step_by(file.len() / 16 + 1) {
            let mut other = file.clone();
            other[at] ^= 0x20;
            assert!(decode_cached_answer(other).is_err() || file[at] ^ 0x20 == file[at], "byte {at}");
            assert!(decode_cached_answer(file[..at].to_vec()).is_err(), "{at} bytes of it");
        }
    }
    let _ = decode_cached_answer(data.to_vec());
}
