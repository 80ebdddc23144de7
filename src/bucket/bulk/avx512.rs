//! Sixteen lanes of AVX-512.
#![expect(unsafe_code, reason = "registers and arrays of plain numbers are the same bytes")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "texts are short of 2^28 bytes, see `Bulk`"
)]

use std::arch::x86_64::{
    __m128i, __m512i, _mm512_add_epi32, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_castsi128_si512,
    _mm512_cmpeq_epi8_mask, _mm512_cmpeq_epi32_mask, _mm512_cmpgt_epi32_mask, _mm512_cmplt_epi8_mask,
    _mm512_inserti32x4, _mm512_maskz_compress_epi32, _mm512_maskz_mov_epi8, _mm512_maskz_set1_epi32,
    _mm512_max_epi32, _mm512_max_epu32, _mm512_min_epi32, _mm512_or_si512, _mm512_reduce_max_epu32,
    _mm512_rol_epi32, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_slli_epi32,
    _mm512_srli_epi32, _mm512_sub_epi8, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64, _mm512_xor_si512,
};

use super::batch::{Batch, Words};
use super::lanes::{self, hashing};
use super::marks::{PIECES, any_odd_byte};
use super::message::{Lanes, Message};
use super::rounds::{md5::md5, sha1::sha1, sha256::sha256};

/// How many lanes there are.
const LANES: usize = 16;

/// Returns sums.
#[target_feature(enable = "avx512f")]
#[inline]
fn add(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi32(a, b)
}

/// Returns `a & b`.
#[target_feature(enable = "avx512f")]
#[inline]
fn and(a: __m512i, b: __m512i) -> __m512i {
    _mm512_and_si512(a, b)
}

/// Returns `a | b`.
#[target_feature(enable = "avx512f")]
#[inline]
fn or(a: __m512i, b: __m512i) -> __m512i {
    _mm512_or_si512(a, b)
}

/// Returns `a ^ b`.
#[target_feature(enable = "avx512f")]
#[inline]
fn xor(a: __m512i, b: __m512i) -> __m512i {
    _mm512_xor_si512(a, b)
}

/// Returns `a ^ b ^ c`.
#[target_feature(enable = "avx512f")]
#[inline]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

/// Returns the bits of `b` where those of `a` are set, else those of `c`.
#[target_feature(enable = "avx512f")]
#[inline]
fn choose(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xca>(a, b, c)
}

/// Returns the bits that most of the three have.
#[target_feature(enable = "avx512f")]
#[inline]
fn majority(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

/// Returns `a ^ (b | !c)`.
#[target_feature(enable = "avx512f")]
#[inline]
fn xor_or_not(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x2d>(a, b, c)
}

/// Returns words turned left by so many bits; `RIGHT` is the rest of 32.
#[target_feature(enable = "avx512f")]
#[inline]
fn rotate<const LEFT: i32, const RIGHT: i32>(a: __m512i) -> __m512i {
    const { assert!(LEFT + RIGHT == 32) };
    _mm512_rol_epi32::<LEFT>(a)
}

/// Returns words shifted right.
#[target_feature(enable = "avx512f")]
#[inline]
fn shift<const RIGHT: u32>(a: __m512i) -> __m512i {
    _mm512_srli_epi32::<RIGHT>(a)
}

/// Returns words shifted left.
#[target_feature(enable = "avx512f")]
#[inline]
fn shift_left<const LEFT: u32>(a: __m512i) -> __m512i {
    _mm512_slli_epi32::<LEFT>(a)
}

/// Returns the same word in all lanes.
#[target_feature(enable = "avx512f")]
#[inline]
fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

/// Returns the greater words.
#[target_feature(enable = "avx512f")]
#[inline]
fn greater(a: __m512i, b: __m512i) -> __m512i {
    _mm512_max_epu32(a, b)
}

/// Returns the greatest word.
#[target_feature(enable = "avx512f")]
#[inline]
fn largest(a: __m512i) -> u32 {
    _mm512_reduce_max_epu32(a)
}

/// Returns all bits where words are equal, else none.
#[target_feature(enable = "avx512f")]
#[inline]
fn equal_words(a: __m512i, b: __m512i) -> __m512i {
    _mm512_maskz_set1_epi32(_mm512_cmpeq_epi32_mask(a, b), -1)
}

/// Returns all bits where signed words of `a` are above those of `b`, else none.
#[target_feature(enable = "avx512f")]
#[inline]
fn above(a: __m512i, b: __m512i) -> __m512i {
    _mm512_maskz_set1_epi32(_mm512_cmpgt_epi32_mask(a, b), -1)
}

/// Returns signed words, those that fit no byte as -1 or as 127.
#[target_feature(enable = "avx512f")]
#[inline]
fn clamped(a: __m512i) -> __m512i {
    _mm512_min_epi32(_mm512_max_epi32(a, splat(u32::MAX)), splat(127))
}

/// Returns the bytes of `then` whose positions are below the signed bytes of `ends`, else zeros.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn before(positions: __m512i, ends: __m512i, then: __m512i) -> __m512i {
    _mm512_maskz_mov_epi8(_mm512_cmplt_epi8_mask(positions, ends), then)
}

/// Returns the bytes of `then` whose positions are those of `ends`, else zeros.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn equal(positions: __m512i, ends: __m512i, then: __m512i) -> __m512i {
    _mm512_maskz_mov_epi8(_mm512_cmpeq_epi8_mask(positions, ends), then)
}

/// Returns differences of bytes.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn minus(a: __m512i, b: __m512i) -> __m512i {
    _mm512_sub_epi8(a, b)
}

/// Returns the bytes at these positions within each sixteen; zeros for negative ones.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn shuffled(a: __m512i, positions: __m512i) -> __m512i {
    _mm512_shuffle_epi8(a, positions)
}

/// Returns how many blocks messages have, of these lengths and so much around them.
#[target_feature(enable = "avx512f")]
#[inline]
fn count_of(lengths: __m512i, around: u32) -> __m512i {
    // Eight bytes of length, rounded up.
    shift::<6>(add(lengths, splat(around + 8 + 63)))
}

/// Returns words in lanes.
#[target_feature(enable = "avx512f")]
#[inline]
fn lanes(words: [u32; LANES]) -> __m512i {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(words) }
}

/// Returns the words of lanes.
#[target_feature(enable = "avx512f")]
#[inline]
fn numbers(lanes: __m512i) -> [u32; LANES] {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(lanes) }
}

/// Returns sixteen bytes in a register.
#[target_feature(enable = "avx512f")]
#[inline]
fn sixteen(bytes: [u8; 16]) -> __m128i {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(bytes) }
}

/// Returns sixteen bytes again and again.
#[target_feature(enable = "avx512f")]
#[inline]
fn repeated(bytes: [u8; 16]) -> __m512i {
    _mm512_broadcast_i32x4(sixteen(bytes))
}

/// Returns sixteen bytes for every fourth lane from `AT` on, one after the other.
#[target_feature(enable = "avx512f")]
#[inline]
fn joined<const AT: usize>(lane: impl Fn(usize) -> [u8; 16]) -> __m512i {
    let all = _mm512_castsi128_si512(sixteen(lane(AT)));
    let all = _mm512_inserti32x4::<1>(all, sixteen(lane(4 + AT)));
    let all = _mm512_inserti32x4::<2>(all, sixteen(lane(8 + AT)));
    _mm512_inserti32x4::<3>(all, sixteen(lane(12 + AT)))
}

/// Returns the words of the bytes that [`joined`] gave for each of the first four lanes: all first words, second,
/// third and fourth ones, lane by lane.
#[target_feature(enable = "avx512f")]
#[inline]
fn columns([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (low, low_too) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
    let (high, high_too) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(low, low_too),
        _mm512_unpackhi_epi64(low, low_too),
        _mm512_unpacklo_epi64(high, high_too),
        _mm512_unpackhi_epi64(high, high_too),
    ]
}

/// Returns which bytes are one of two, the first byte's bit being the lowest.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt")]
#[inline]
fn marks(bytes: &[u8; 64], marks: [u8; 2]) -> u64 {
    // SAFETY: both are the same number of bytes, any of which are valid.
    let bytes: __m512i = unsafe { std::mem::transmute(*bytes) };
    let [one, other] = marks.map(|mark| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(mark.cast_signed())));
    one | other
}

/// Puts `start` and each bit's number, added up, in order; returns how many bits there are.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt")]
#[inline]
fn put(found: u64, start: u32, places: &mut [u32; 64]) -> usize {
    let mut count = 0;
    for quarter in 0..4 {
        let of_quarter = (found >> (16 * quarter)) as u16;
        let all = add(lanes(std::array::from_fn(|lane| lane as u32)), splat(start + 16 * quarter));
        // As many are before these as there were bits.
        places[count..count + LANES].copy_from_slice(&numbers(_mm512_maskz_compress_epi32(of_quarter, all)));
        count += of_quarter.count_ones() as usize;
    }
    count
}

sha256!("avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt", __m512i);
sha1!("avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt", __m512i);
md5!("avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt", __m512i);
hashing!("avx512f,avx512bw,avx512vl,bmi1,bmi2,popcnt", __m512i, 16);
