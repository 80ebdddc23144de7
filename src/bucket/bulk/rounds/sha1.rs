//! SHA-1 over lanes (FIPS 180-4, section 6.1.2).

/// Writes the function that takes a block in every lane into its state.
macro_rules! sha1 {
    ($features:literal, $lanes:ty) => {
        #[target_feature(enable = $features)]
        #[inline]
        fn sha1([state]: &mut [[$lanes; 5]; 1], [mut words]: [[$lanes; 16]; 1]) {
            let [mut a, mut b, mut c, mut d, mut e] = *state;
            // The constants of section 4.2.1, one for each twenty rounds.
            let constants = [splat(0x5a82_7999), splat(0x6ed9_eba1), splat(0x8f1b_bcdc), splat(0xca62_c1d6)];
            macro_rules! round {
                ($t:expr, $function:ident) => {
                    let t: usize = $t;
                    if t >= 16 {
                        let mixed = xor3(words[(t + 13) % 16], words[(t + 8) % 16], words[(t + 2) % 16]);
                        words[t % 16] = rotate::<1, 31>(xor(mixed, words[t % 16]));
                    }
                    let keyed = add(add(e, constants[t / 20]), words[t % 16]);
                    let next = add(add(rotate::<5, 27>(a), $function(b, c, d)), keyed);
                    e = d;
                    d = c;
                    c = rotate::<30, 2>(b);
                    b = a;
                    a = next;
                };
            }
            macro_rules! first {
                ($i:literal) => {
                    round!($i, choose);
                };
            }
            macro_rules! second {
                ($i:literal) => {
                    round!(20 + $i, xor3);
                };
            }
            macro_rules! third {
                ($i:literal) => {
                    round!(40 + $i, majority);
                };
            }
            macro_rules! fourth {
                ($i:literal) => {
                    round!(60 + $i, xor3);
                };
            }
            crate::bucket::bulk::rounds::twenty!(first);
            crate::bucket::bulk::rounds::twenty!(second);
            crate::bucket::bulk::rounds::twenty!(third);
            crate::bucket::bulk::rounds::twenty!(fourth);
            for (state, last) in state.iter_mut().zip([a, b, c, d, e]) {
                *state = add(*state, last);
            }
        }
    };
}
pub(in crate::bucket::bulk) use sha1;
