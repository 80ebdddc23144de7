//! SHA-256 over lanes (FIPS 180-4, section 6.2.2).

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).
pub(in crate::bucket::bulk) const CONSTANTS: [[u32; 16]; 4] = [
    [
        0x428a_2f98,
        0x7137_4491,
        0xb5c0_fbcf,
        0xe9b5_dba5,
        0x3956_c25b,
        0x59f1_11f1,
        0x923f_82a4,
        0xab1c_5ed5,
        0xd807_aa98,
        0x1283_5b01,
        0x2431_85be,
        0x550c_7dc3,
        0x72be_5d74,
        0x80de_b1fe,
        0x9bdc_06a7,
        0xc19b_f174,
    ],
    [
        0xe49b_69c1,
        0xefbe_4786,
        0x0fc1_9dc6,
        0x240c_a1cc,
        0x2de9_2c6f,
        0x4a74_84aa,
        0x5cb0_a9dc,
        0x76f9_88da,
        0x983e_5152,
        0xa831_c66d,
        0xb003_27c8,
        0xbf59_7fc7,
        0xc6e0_0bf3,
        0xd5a7_9147,
        0x06ca_6351,
        0x1429_2967,
    ],
    [
        0x27b7_0a85,
        0x2e1b_2138,
        0x4d2c_6dfc,
        0x5338_0d13,
        0x650a_7354,
        0x766a_0abb,
        0x81c2_c92e,
        0x9272_2c85,
        0xa2bf_e8a1,
        0xa81a_664b,
        0xc24b_8b70,
        0xc76c_51a3,
        0xd192_e819,
        0xd699_0624,
        0xf40e_3585,
        0x106a_a070,
    ],
    [
        0x19a4_c116,
        0x1e37_6c08,
        0x2748_774c,
        0x34b0_bcb5,
        0x391c_0cb3,
        0x4ed8_aa4a,
        0x5b9c_ca4f,
        0x682e_6ff3,
        0x748f_82ee,
        0x78a5_636f,
        0x84c8_7814,
        0x8cc7_0208,
        0x90be_fffa,
        0xa450_6ceb,
        0xbef9_a3f7,
        0xc671_78f2,
    ],
];

/// How many rounds [`sha256_begin`](sha256) makes: as many as there are words in front of every unit, or less.
pub(in crate::bucket::bulk) const BEGUN: usize = 3;

/// Writes the functions that take a block in every lane into its state: `sha256`; and `sha256_begun`, which goes on
/// where `sha256_begin` ended after the first words, if they are the same in all blocks. It takes words 8 to 14 for zeros
/// where they are said to be: what is known of words before them need not be computed.
macro_rules! sha256 {
    ($features:literal, $lanes:ty) => {
        #[target_feature(enable = $features)]
        #[inline]
        fn sha256(states: &mut [[$lanes; 8]; 1], [words]: [[$lanes; 16]; 1]) {
            let [state] = states;
            let rounds = sha256_rounds::<0, false>(*state, words);
            for (state, last) in state.iter_mut().zip(rounds) {
                *state = add(*state, last);
            }
        }

        #[target_feature(enable = $features)]
        fn sha256_begin([state]: &[[$lanes; 8]; 1], head: &[$lanes; 20]) -> [[$lanes; 8]; 1] {
            use crate::bucket::bulk::rounds::sha256::{BEGUN, CONSTANTS};
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
            for (word, constant) in head.iter().zip(CONSTANTS[0]).take(BEGUN) {
                let sum = xor3(rotate::<26, 6>(e), rotate::<21, 11>(e), rotate::<7, 25>(e));
                let first = add(add(sum, choose(e, f, g)), add(add(h, *word), splat(constant)));
                let sum = xor3(rotate::<30, 2>(a), rotate::<19, 13>(a), rotate::<10, 22>(a));
                let second = add(sum, majority(a, b, c));
                (h, g, f, e) = (g, f, e, add(d, first));
                (d, c, b, a) = (c, b, a, add(first, second));
            }
            [[a, b, c, d, e, f, g, h]]
        }

        #[target_feature(enable = $features)]
        #[inline]
        fn sha256_begun(
            states: &mut [[$lanes; 8]; 1],
            [begun]: &[[$lanes; 8]; 1],
            [words]: [[$lanes; 16]; 1],
            short: bool,
        ) {
            use crate::bucket::bulk::rounds::sha256::BEGUN;
            let [state] = states;
            let rounds = if short {
                sha256_rounds::<BEGUN, true>(*begun, words)
            } else {
                sha256_rounds::<BEGUN, false>(*begun, words)
            };
            for (state, last) in state.iter_mut().zip(rounds) {
                *state = add(*state, last);
            }
        }

        /// Makes the rounds from `FROM` on; words 8 to 14 are zeros if it is `SHORT`.
        #[target_feature(enable = $features)]
        #[inline]
        fn sha256_rounds<const FROM: usize, const SHORT: bool>(
            state: [$lanes; 8],
            mut words: [$lanes; 16],
        ) -> [$lanes; 8] {
            use crate::bucket::bulk::rounds::sha256::CONSTANTS;
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
            if SHORT {
                words[8..15].fill(splat(0));
            }
            macro_rules! round {
                ($i:literal, $constants:ident) => {
                    let sum = xor3(rotate::<26, 6>(e), rotate::<21, 11>(e), rotate::<7, 25>(e));
                    let keyed = add(add(h, words[$i]), splat($constants[$i]));
                    let first = add(add(sum, choose(e, f, g)), keyed);
                    let sum = xor3(rotate::<30, 2>(a), rotate::<19, 13>(a), rotate::<10, 22>(a));
                    let second = add(sum, majority(a, b, c));
                    (h, g, f, e) = (g, f, e, add(d, first));
                    (d, c, b, a) = (c, b, a, add(first, second));
                };
            }
            macro_rules! schedule {
                ($i:literal, $zeros:expr) => {
                    // Of the words as they were: those before the one that is made are new already.
                    let zero = |at: usize| $zeros && at < 16 && (8..15).contains(&at);
                    if !zero($i + 1) {
                        let early = words[($i + 1) % 16];
                        let early = xor3(rotate::<25, 7>(early), rotate::<14, 18>(early), shift::<3>(early));
                        words[$i] = add(words[$i], early);
                    }
                    if !zero($i + 14) {
                        let late = words[($i + 14) % 16];
                        let late = xor3(rotate::<15, 17>(late), rotate::<13, 19>(late), shift::<10>(late));
                        words[$i] = add(words[$i], late);
                    }
                    if !zero($i + 9) {
                        words[$i] = add(words[$i], words[($i + 9) % 16]);
                    }
                };
            }
            let [one, two, three, last] = &CONSTANTS;
            macro_rules! step {
                ($i:literal) => {
                    if $i >= FROM {
                        round!($i, one);
                    }
                    schedule!($i, SHORT);
                };
            }
            crate::bucket::bulk::rounds::sixteen!(step);
            for constants in [two, three] {
                macro_rules! step {
                    ($i:literal) => {
                        round!($i, constants);
                        schedule!($i, false);
                    };
                }
                crate::bucket::bulk::rounds::sixteen!(step);
            }
            macro_rules! step {
                ($i:literal) => {
                    round!($i, last);
                };
            }
            crate::bucket::bulk::rounds::sixteen!(step);
            [a, b, c, d, e, f, g, h]
        }
    };
}
pub(in crate::bucket::bulk) use sha256;
