//! Eight lanes of AVX2.
#![expect(unsafe_code, reason = "registers and arrays of plain numbers are the same bytes")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "texts are short of 2^28 bytes, see `Bulk`"
)]

use std::arch::x86_64::{
    __m128i, __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
    _mm256_castsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpeq_epi32, _mm256_cmpgt_epi8, _mm256_cmpgt_epi32,
    _mm256_inserti128_si256, _mm256_max_epi32, _mm256_max_epu32, _mm256_min_epi32, _mm256_movemask_epi8,
    _mm256_or_si256, _mm256_set1_epi8, _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_slli_epi32,
    _mm256_srli_epi32, _mm256_sub_epi8, _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32,
    _mm256_unpacklo_epi64, _mm256_xor_si256,
};

use super::batch::{Batch, Words};
use super::lanes::{self, hashing};
use super::marks::{PIECES, any_odd_byte, places_of};
use super::message::{Lanes, Message};
use super::rounds::{md5::md5, sha1::sha1, sha256::sha256};

/// How many lanes there are.
const LANES: usize = 8;

/// Returns sums.
#[target_feature(enable = "avx2")]
#[inline]
fn add(a: __m256i, b: __m256i) -> __m256i {
    _mm256_add_epi32(a, b)
}

/// Returns `a & b`.
#[target_feature(enable = "avx2")]
#[inline]
fn and(a: __m256i, b: __m256i) -> __m256i {
    _mm256_and_si256(a, b)
}

/// Returns `a | b`.
#[target_feature(enable = "avx2")]
#[inline]
fn or(a: __m256i, b: __m256i) -> __m256i {
    _mm256_or_si256(a, b)
}

/// Returns `a ^ b`.
#[target_feature(enable = "avx2")]
#[inline]
fn xor(a: __m256i, b: __m256i) -> __m256i {
    _mm256_xor_si256(a, b)
}

/// Returns `a ^ b ^ c`.
#[target_feature(enable = "avx2")]
#[inline]
fn xor3(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    xor(xor(a, b), c)
}

/// Returns the bits of `b` where those of `a` are set, else those of `c`.
#[target_feature(enable = "avx2")]
#[inline]
fn choose(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    xor(and(a, xor(b, c)), c)
}

/// Returns the bits that most of the three have.
#[target_feature(enable = "avx2")]
#[inline]
fn majority(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    or(and(a, b), and(c, or(a, b)))
}

/// Returns `a ^ (b | !c)`.
#[target_feature(enable = "avx2")]
#[inline]
fn xor_or_not(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    xor(xor(a, _mm256_andnot_si256(b, c)), splat(u32::MAX))
}

/// Returns words turned left by so many bits; `RIGHT` is the rest of 32.
#[target_feature(enable = "avx2")]
#[inline]
fn rotate<const LEFT: i32, const RIGHT: i32>(a: __m256i) -> __m256i {
    const { assert!(LEFT + RIGHT == 32) };
    or(_mm256_slli_epi32::<LEFT>(a), _mm256_srli_epi32::<RIGHT>(a))
}

/// Returns words shifted right.
#[target_feature(enable = "avx2")]
#[inline]
fn shift<const RIGHT: i32>(a: __m256i) -> __m256i {
    _mm256_srli_epi32::<RIGHT>(a)
}

/// Returns words shifted left.
#[target_feature(enable = "avx2")]
#[inline]
fn shift_left<const LEFT: i32>(a: __m256i) -> __m256i {
    _mm256_slli_epi32::<LEFT>(a)
}

/// Returns the same word in all lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn splat(word: u32) -> __m256i {
    _mm256_set1_epi32(word.cast_signed())
}

/// Returns the greater words.
#[target_feature(enable = "avx2")]
#[inline]
fn greater(a: __m256i, b: __m256i) -> __m256i {
    _mm256_max_epu32(a, b)
}

/// Returns the greatest word.
#[target_feature(enable = "avx2")]
#[inline]
fn largest(a: __m256i) -> u32 {
    numbers(a).into_iter().fold(0, u32::max)
}

/// Returns all bits where words are equal, else none.
#[target_feature(enable = "avx2")]
#[inline]
fn equal_words(a: __m256i, b: __m256i) -> __m256i {
    _mm256_cmpeq_epi32(a, b)
}

/// Returns all bits where signed words of `a` are above those of `b`, else none.
#[target_feature(enable = "avx2")]
#[inline]
fn above(a: __m256i, b: __m256i) -> __m256i {
    _mm256_cmpgt_epi32(a, b)
}

/// Returns signed words, those that fit no byte as -1 or as 127.
#[target_feature(enable = "avx2")]
#[inline]
fn clamped(a: __m256i) -> __m256i {
    _mm256_min_epi32(_mm256_max_epi32(a, splat(u32::MAX)), splat(127))
}

/// Returns the bytes of `then` whose positions are below the signed bytes of `ends`, else zeros.
#[target_feature(enable = "avx2")]
#[inline]
fn before(positions: __m256i, ends: __m256i, then: __m256i) -> __m256i {
    and(_mm256_cmpgt_epi8(ends, positions), then)
}

/// Returns the bytes of `then` whose positions are those of `ends`, else zeros.
#[target_feature(enable = "avx2")]
#[inline]
fn equal(positions: __m256i, ends: __m256i, then: __m256i) -> __m256i {
    and(_mm256_cmpeq_epi8(positions, ends), then)
}

/// Returns differences of bytes.
#[target_feature(enable = "avx2")]
#[inline]
fn minus(a: __m256i, b: __m256i) -> __m256i {
    _mm256_sub_epi8(a, b)
}

/// Returns the bytes at these positions within each sixteen; zeros for negative ones.
#[target_feature(enable = "avx2")]
#[inline]
fn shuffled(a: __m256i, positions: __m256i) -> __m256i {
    _mm256_shuffle_epi8(a, positions)
}

/// Returns how many blocks messages have, of these lengths and so much around them.
#[target_feature(enable = "avx2")]
#[inline]
fn count_of(lengths: __m256i, around: u32) -> __m256i {
    // Eight bytes of length, rounded up.
    shift::<6>(add(lengths, splat(around + 8 + 63)))
}

/// Returns words in lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn lanes(words: [u32; LANES]) -> __m256i {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(words) }
}

/// Returns the words of lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn numbers(lanes: __m256i) -> [u32; LANES] {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(lanes) }
}

/// Returns sixteen bytes in a register.
#[target_feature(enable = "avx2")]
#[inline]
fn sixteen(bytes: [u8; 16]) -> __m128i {
    // SAFETY: both are the same number of bytes, any of which are valid.
    unsafe { std::mem::transmute(bytes) }
}

/// Returns sixteen bytes again and again.
#[target_feature(enable = "avx2")]
#[inline]
fn repeated(bytes: [u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(sixteen(bytes))
}

/// Returns sixteen bytes for every fourth lane from `AT` on, one after the other.
#[target_feature(enable = "avx2")]
#[inline]
fn joined<const AT: usize>(lane: impl Fn(usize) -> [u8; 16]) -> __m256i {
    let all = _mm256_castsi128_si256(sixteen(lane(AT)));
    _mm256_inserti128_si256::<1>(all, sixteen(lane(4 + AT)))
}

/// Returns the words of the bytes that [`joined`] gave for each of the first four lanes: all first words, second,
/// third and fourth ones, lane by lane.
#[target_feature(enable = "avx2")]
#[inline]
fn columns([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    let (low, low_too) = (_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d));
    let (high, high_too) = (_mm256_unpackhi_epi32(a, b), _mm256_unpackhi_epi32(c, d));
    [
        _mm256_unpacklo_epi64(low, low_too),
        _mm256_unpackhi_epi64(low, low_too),
        _mm256_unpacklo_epi64(high, high_too),
        _mm256_unpackhi_epi64(high, high_too),
    ]
}

/// Returns which bytes are one of two, the first byte's bit being the lowest.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
#[inline]
fn marks(bytes: &[u8; 64], marks: [u8; 2]) -> u64 {
    // SAFETY: both are the same number of bytes, any of which are valid.
    let halves: [__m256i; 2] = unsafe { std::mem::transmute(*bytes) };
    let [one, other] = marks.map(|mark| _mm256_set1_epi8(mark.cast_signed()));
    let [low, high] = halves.map(|half| {
        let found = _mm256_or_si256(_mm256_cmpeq_epi8(half, one), _mm256_cmpeq_epi8(half, other));
        _mm256_movemask_epi8(found).cast_unsigned()
    });
    u64::from(high) << 32 | u64::from(low)
}

/// See [`places_of`].
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
#[inline]
fn put(found: u64, start: u32, places: &mut [u32; 64]) -> usize {
    places_of(found, start, places)
}

sha256!("avx2,bmi1,bmi2,popcnt", __m256i);
sha1!("avx2,bmi1,bmi2,popcnt", __m256i);
md5!("avx2,bmi1,bmi2,popcnt", __m256i);
hashing!("avx2,bmi1,bmi2,popcnt", __m256i, 8);
