//! From texts to words in lanes and back, written once for lanes of any width.
//!
//! A message is what comes before the unit, the unit, and what comes after it with the padding of the hash. Its
//! blocks are put together sixteen bytes at a time in every lane; words that are the same for all units stand there
//! from the beginning.

/// The words of sixteen bytes, turned around: positions for a shuffle of bytes.
pub(super) const BIG: [u8; 16] = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
/// The same, as they stand.
pub(super) const LITTLE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Returns sixteen bytes from `at` on. There are so many: what stands too near an end was set [`apart`].
#[inline]
pub(super) fn sixteen_from(bytes: &[u8], at: usize) -> [u8; 16] {
    *bytes[at..].first_chunk().expect("the text goes on after its units")
}

/// Some units in a text of their own.
pub(super) struct Apart<const N: usize> {
    pub(super) text: Vec<u8>,
    pub(super) starts: [u32; N],
    pub(super) lengths: [u32; N],
}

/// Copies the first `count` of some units to where the text goes on after them for the longest of them and `more`
/// bytes; the other lanes are empty.
#[cold]
pub(super) fn apart<const N: usize>(
    text: &[u8],
    starts: &[u32; N],
    lengths: &[u32; N],
    count: usize,
    more: usize,
) -> Apart<N> {
    let mut own = Apart { text: Vec::new(), starts: [0; N], lengths: [0; N] };
    let mut longest = 0;
    for at in 0..count.min(N) {
        let (start, length) = (starts[at] as usize, lengths[at] as usize);
        own.starts[at] = u32::try_from(own.text.len()).expect("less than the text they come from");
        own.lengths[at] = lengths[at];
        own.text.extend_from_slice(&text[start..start + length]);
        longest = longest.max(length);
    }
    own.text.resize(own.text.len() + longest + more, 0);
    own
}

/// Writes the functions that hash units in so many lanes of a type: `hash`, for all that have the features.
macro_rules! hashing {
    ($features:literal, $lanes:ty, $count:literal) => {
        /// Returns where the last of some units ends, and how long the longest is.
        #[target_feature(enable = $features)]
        #[inline]
        fn reach(starts: &[u32], lengths: &[u32]) -> (usize, usize) {
            let (mut furthest, mut longest) = (splat(0), splat(0));
            for (starts, lengths) in starts.as_chunks().0.iter().zip(lengths.as_chunks().0) {
                furthest = greater(furthest, add(lanes(*starts), lanes(*lengths)));
                longest = greater(longest, lanes(*lengths));
            }
            (largest(furthest) as usize, largest(longest) as usize)
        }

        /// Puts a block of each lane's message into `words`, without the length in its last words, beginning where
        /// units do: the words before are those of the head. `begin` is where units begin in this block. Returns the
        /// first word that was not written.
        #[target_feature(enable = $features)]
        #[inline]
        fn block(
            message: &Message,
            begin: i32,
            (text, starts): (&[u8], &[u32; $count]),
            (lengths, longest): ($lanes, usize),
            order: [u8; 16],
            words: &mut [$lanes; 20],
        ) -> usize {
            // Where the last of them ends, with what follows.
            let end = (begin + longest as i32 + message.behind as i32).min(64);
            let mut word = begin.max(0) as usize / 4;
            let order = repeated(order);
            while (4 * word as i32) < end {
                let begin = begin - 4 * word as i32;
                let (skip, shifted) = ((-begin).max(0) as usize, begin.max(0));
                let ends = clamped(add(lengths, splat(begin as u32)));
                // What stands before the first byte of units is of the head, and zero in later blocks.
                let positions = minus(order, repeated([shifted as u8; 16]));
                let head = if shifted > 0 {
                    shuffled(repeated(lanes::sixteen_from(&message.head, 4 * word)), order)
                } else {
                    splat(0)
                };
                let tail_ends = numbers(add(lengths, splat(begin as u32)));
                let mut fours = [splat(0); 4];
                macro_rules! four {
                    ($i:literal) => {
                        let units = joined::<$i>(|lane| lanes::sixteen_from(text, starts[lane] as usize + skip));
                        let ends = shuffled(ends, repeated([4 * $i; 16]));
                        let begun = or(head, before(order, ends, shuffled(units, positions)));
                        let behind = if message.behind == 1 {
                            equal(order, ends, repeated([0x80; 16]))
                        } else {
                            let from = |lane: usize| 16_i32.wrapping_sub_unsigned(tail_ends[lane]).max(0) as usize;
                            let last = message.tail.len() - 16;
                            let tails =
                                joined::<$i>(|lane| lanes::sixteen_from(&message.tail, from(lane).min(last)));
                            shuffled(tails, order)
                        };
                        fours[$i] = or(begun, behind);
                    };
                }
                four!(0);
                four!(1);
                four!(2);
                four!(3);
                words[word..word + 4].copy_from_slice(&columns(fours));
                word += 4;
            }
            word
        }

        /// Puts into `masks` which bytes of each sixty-four are one of two, the first byte's bit being the lowest.
        #[target_feature(enable = $features)]
        pub(super) fn each_marks(pieces: &[[u8; 64]], wanted: [u8; 2], masks: &mut [u64; PIECES]) {
            for (piece, mask) in pieces.iter().zip(masks) {
                *mask = marks(piece, wanted);
            }
        }

        /// See [`super::engine::Engine::places`].
        #[target_feature(enable = $features)]
        pub(super) fn places(pieces: &[[u8; 64]], wanted: [u8; 2], start: u32, places: &mut [u32]) -> usize {
            let mut count = 0;
            for (piece, start) in pieces.iter().zip((start..).step_by(64)) {
                let room = places[count..].first_chunk_mut().expect("there is room for a piece without others");
                count += put(marks(piece, wanted), start, room);
            }
            count
        }

        /// See [`super::has_odd_bytes`].
        #[target_feature(enable = $features)]
        pub(super) fn has_odd_bytes(text: &[u8]) -> bool {
            any_odd_byte(text)
        }

        crate::bucket::bulk::lanes::hashing_by!(
            $features, $lanes, $count, by_sha256, sha256, sha256_begin, sha256_begun, 8, 1, true
        );
        crate::bucket::bulk::lanes::hashing_by!(
            $features, $lanes, $count, by_sha1, sha1, sha1_begin, sha1_begun, 5, 1, true
        );
        crate::bucket::bulk::lanes::hashing_by!(
            $features, $lanes, $count, by_md5, md5, md5_begin, md5_begun, 4, 2, false
        );
        crate::bucket::bulk::lanes::from_the_first!($features, $lanes, sha1, sha1_begin, sha1_begun, 5, 1);
        crate::bucket::bulk::lanes::from_the_first!($features, $lanes, md5, md5_begin, md5_begun, 4, 2);

        /// Puts the first `wanted` words of each unit's digest into `words`, big-endian.
        #[target_feature(enable = $features)]
        pub(super) fn hash(message: &Message, text: &[u8], batch: &Batch, wanted: usize, words: &mut Words) {
            match message.hash {
                Lanes::Sha256 => by_sha256(message, text, batch, wanted, words),
                Lanes::Sha1 => by_sha1(message, text, batch, wanted, words),
                Lanes::Md5 => by_md5(message, text, batch, wanted, words),
            }
        }
    };
}

/// Writes the function for one hash: so many groups of lanes by turns, words of its state, and whether it reads words
/// big-endian.
macro_rules! hashing_by {
    (
        $features:literal, $lanes:ty, $count:literal,
        $name:ident, $compress:ident, $begin:ident, $compress_begun:ident, $words:literal, $groups:literal, $big:literal
    ) => {
        #[target_feature(enable = $features)]
        fn $name(message: &Message, text: &[u8], batch: &Batch, wanted: usize, out: &mut Words) {
            use crate::bucket::bulk::rounds::sha256::BEGUN;
            const TOGETHER: usize = $count * $groups;
            let (order, low, high) = if $big { (lanes::BIG, 15, 14) } else { (lanes::LITTLE, 14, 15) };
            let around = (message.filled + message.behind) as u32;
            let mut first = [[splat(0); $words]; $groups];
            for state in &mut first {
                for (state, word) in state.iter_mut().zip(message.state) {
                    *state = splat(word);
                }
            }
            // The words of the head that are the same for all.
            let mut head = [splat(0); 20];
            for (word, bytes) in head.iter_mut().zip(&message.head.as_chunks().0[..message.filled / 4]) {
                *word = splat(if $big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) });
            }
            let begun = (message.filled >= 4 * BEGUN).then(|| $begin(&first, &head));
            let mut words = [head; $groups];
            let mut written = [message.filled / 4; $groups];
            let (all_starts, all_lengths) = (batch.starts.as_chunks().0, batch.lengths.as_chunks().0);
            for group in 0..batch.count.div_ceil(TOGETHER) {
                let (mut text, mut starts, mut lengths): (_, &[u32; TOGETHER], &[u32; TOGETHER]) =
                    (text, &all_starts[group], &all_lengths[group]);
                let (furthest, mut longest) = reach(starts, lengths);
                let (count, more) = (batch.count - group * TOGETHER, message.behind + 64);
                let own;
                if furthest + longest + more > text.len() || count < TOGETHER {
                    own = lanes::apart(text, starts, lengths, count, more);
                    (text, starts, lengths) = (&own.text, &own.starts, &own.lengths);
                    // Lanes beyond the count may hold units of an earlier batch, longer than any of these.
                    (_, longest) = reach(starts, lengths);
                }
                let most = (longest as u32 + around + 8).div_ceil(64);
                let mut states = first;
                for number in 0..most {
                    let mut blocks = [[splat(0); 16]; $groups];
                    for of in 0..$groups {
                        let starts = &starts.as_chunks().0[of];
                        let lengths = lanes(lengths.as_chunks().0[of]);
                        let begin = message.filled as i32 - 64 * number as i32;
                        let reach = (lengths, longest);
                        let end = block(message, begin, (text, starts), reach, order, &mut words[of]);
                        // What a group before this one wrote beyond it.
                        for word in end..written[of] {
                            words[of][word] = splat(0);
                        }
                        written[of] = end;
                        let (words, _) = words[of].split_at(16);
                        blocks[of].copy_from_slice(words);
                        let last = equal_words(count_of(lengths, around), splat(number + 1));
                        let bytes = add(lengths, splat((message.hashed as u32) + around - 1));
                        blocks[of][low] = or(blocks[of][low], and(last, shift_left::<3>(bytes)));
                        blocks[of][high] = or(blocks[of][high], and(last, shift::<29>(bytes)));
                    }
                    let before = states;
                    match &begun {
                        Some(begun) if number == 0 => {
                            let short = written.iter().all(|end| *end <= 8) && most == 1;
                            $compress_begun(&mut states, begun, blocks, short);
                        }
                        _ => $compress(&mut states, blocks),
                    }
                    if number > 0 {
                        for of in 0..$groups {
                            let lengths = lanes(lengths.as_chunks().0[of]);
                            let ended = above(splat(number + 1), count_of(lengths, around));
                            for at in 0..$words {
                                states[of][at] = choose(ended, before[of][at], states[of][at]);
                            }
                        }
                    }
                    if most > 1 {
                        (words, written) = ([[splat(0); 20]; $groups], [0; $groups]);
                    }
                }
                if most > 1 {
                    (words, written) = ([head; $groups], [message.filled / 4; $groups]);
                }
                for (at, out) in out.iter_mut().enumerate().take(wanted) {
                    for of in 0..$groups {
                        let state = states[of][at];
                        let state = if $big { state } else { shuffled(state, repeated(lanes::BIG)) };
                        out.as_chunks_mut().0[group * $groups + of] = numbers(state);
                    }
                }
            }
        }
    };
}

/// Writes the functions for a hash of which no round is made once for all.
macro_rules! from_the_first {
    (
        $features:literal, $lanes:ty,
        $compress:ident, $begin:ident, $compress_begun:ident, $words:literal, $groups:literal
    ) => {
        #[target_feature(enable = $features)]
        #[inline]
        fn $begin(states: &[[$lanes; $words]; $groups], _head: &[$lanes; 20]) -> [[$lanes; $words]; $groups] {
            *states
        }

        #[target_feature(enable = $features)]
        #[inline]
        fn $compress_begun(
            states: &mut [[$lanes; $words]; $groups],
            _begun: &[[$lanes; $words]; $groups],
            blocks: [[$lanes; 16]; $groups],
            _short: bool,
        ) {
            $compress(states, blocks);
        }
    };
}

pub(super) use {from_the_first, hashing, hashing_by};
