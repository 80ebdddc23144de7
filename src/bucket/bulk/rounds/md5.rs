//! MD5 over lanes (RFC 1321, section 3.4).

/// The table T: the whole parts of 2^32 times the absolute sine of each step's number.
pub(in crate::bucket::bulk) const CONSTANTS: [[u32; 16]; 4] = [
    [
        0xd76a_a478,
        0xe8c7_b756,
        0x2420_70db,
        0xc1bd_ceee,
        0xf57c_0faf,
        0x4787_c62a,
        0xa830_4613,
        0xfd46_9501,
        0x6980_98d8,
        0x8b44_f7af,
        0xffff_5bb1,
        0x895c_d7be,
        0x6b90_1122,
        0xfd98_7193,
        0xa679_438e,
        0x49b4_0821,
    ],
    [
        0xf61e_2562,
        0xc040_b340,
        0x265e_5a51,
        0xe9b6_c7aa,
        0xd62f_105d,
        0x0244_1453,
        0xd8a1_e681,
        0xe7d3_fbc8,
        0x21e1_cde6,
        0xc337_07d6,
        0xf4d5_0d87,
        0x455a_14ed,
        0xa9e3_e905,
        0xfcef_a3f8,
        0x676f_02d9,
        0x8d2a_4c8a,
    ],
    [
        0xfffa_3942,
        0x8771_f681,
        0x6d9d_6122,
        0xfde5_380c,
        0xa4be_ea44,
        0x4bde_cfa9,
        0xf6bb_4b60,
        0xbebf_bc70,
        0x289b_7ec6,
        0xeaa1_27fa,
        0xd4ef_3085,
        0x0488_1d05,
        0xd9d4_d039,
        0xe6db_99e5,
        0x1fa2_7cf8,
        0xc4ac_5665,
    ],
    [
        0xf429_2244,
        0x432a_ff97,
        0xab94_23a7,
        0xfc93_a039,
        0x655b_59c3,
        0x8f0c_cc92,
        0xffef_f47d,
        0x8584_5dd1,
        0x6fa8_7e4f,
        0xfe2c_e6e0,
        0xa301_4314,
        0x4e08_11a1,
        0xf753_7e82,
        0xbd3a_f235,
        0x2ad7_d2bb,
        0xeb86_d391,
    ],
];

/// Writes the function that takes a block in every lane into its state: of two groups of lanes by turns, since each
/// step waits for the one before.
macro_rules! md5 {
    ($features:literal, $lanes:ty) => {
        #[target_feature(enable = $features)]
        #[inline]
        fn md5(states: &mut [[$lanes; 4]; 2], words: [[$lanes; 16]; 2]) {
            use crate::bucket::bulk::rounds::md5::CONSTANTS;
            let [[mut a, mut b, mut c, mut d], [mut e, mut f, mut g, mut h]] = *states;
            macro_rules! mix_f {
                ($b:ident, $c:ident, $d:ident) => {
                    choose($b, $c, $d)
                };
            }
            macro_rules! mix_g {
                ($b:ident, $c:ident, $d:ident) => {
                    choose($d, $b, $c)
                };
            }
            macro_rules! mix_h {
                ($b:ident, $c:ident, $d:ident) => {
                    xor3($b, $c, $d)
                };
            }
            macro_rules! mix_i {
                ($b:ident, $c:ident, $d:ident) => {
                    xor_or_not($c, $b, $d)
                };
            }
            macro_rules! step {
                ($t:expr, $word:expr, $mix:ident, $left:literal, $right:literal) => {
                    let constant = splat(CONSTANTS[$t / 16][$t % 16]);
                    let keyed = add(add(a, constant), words[0][$word % 16]);
                    let next = add(b, rotate::<$left, $right>(add($mix!(b, c, d), keyed)));
                    (a, b, c, d) = (d, next, b, c);
                    let keyed = add(add(e, constant), words[1][$word % 16]);
                    let next = add(f, rotate::<$left, $right>(add($mix!(f, g, h), keyed)));
                    (e, f, g, h) = (h, next, f, g);
                };
            }
            // The four shifts of a round follow each other.
            macro_rules! first {
                ($i:literal) => {
                    step!($i, $i, mix_f, 7, 25);
                    step!($i + 1, $i + 1, mix_f, 12, 20);
                    step!($i + 2, $i + 2, mix_f, 17, 15);
                    step!($i + 3, $i + 3, mix_f, 22, 10);
                };
            }
            macro_rules! second {
                ($i:literal) => {
                    step!(16 + $i, 5 * $i + 1, mix_g, 5, 27);
                    step!(17 + $i, 5 * $i + 6, mix_g, 9, 23);
                    step!(18 + $i, 5 * $i + 11, mix_g, 14, 18);
                    step!(19 + $i, 5 * $i + 16, mix_g, 20, 12);
                };
            }
            macro_rules! third {
                ($i:literal) => {
                    step!(32 + $i, 3 * $i + 5, mix_h, 4, 28);
                    step!(33 + $i, 3 * $i + 8, mix_h, 11, 21);
                    step!(34 + $i, 3 * $i + 11, mix_h, 16, 16);
                    step!(35 + $i, 3 * $i + 14, mix_h, 23, 9);
                };
            }
            macro_rules! fourth {
                ($i:literal) => {
                    step!(48 + $i, 7 * $i, mix_i, 6, 26);
                    step!(49 + $i, 7 * $i + 7, mix_i, 10, 22);
                    step!(50 + $i, 7 * $i + 14, mix_i, 15, 17);
                    step!(51 + $i, 7 * $i + 21, mix_i, 21, 11);
                };
            }
            crate::bucket::bulk::rounds::fourths!(first);
            crate::bucket::bulk::rounds::fourths!(second);
            crate::bucket::bulk::rounds::fourths!(third);
            crate::bucket::bulk::rounds::fourths!(fourth);
            for (state, last) in states.as_flattened_mut().iter_mut().zip([a, b, c, d, e, f, g, h]) {
                *state = add(*state, last);
            }
        }
    };
}
pub(in crate::bucket::bulk) use md5;
