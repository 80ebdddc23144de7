//! What somebody probably meant who mistyped a name. Only ever said, never done: a write goes where it was sent.

/// The most names that one hint offers.
const MOST: usize = 3;

/// Names the nearest of `known` as a hint, if one is near enough to be meant; all of them where several are equally near.
pub fn did_you_mean<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let names: Vec<String> = all_nearest(wanted, known).into_iter().map(|name| format!("`{name}`")).collect();
    let (last, before) = names.split_last()?;
    Some(match before {
        [] => format!("did you mean {last}?"),
        before => format!("did you mean {} or {last}?", before.join(", ")),
    })
}

/// Returns the nearest of `known` to `wanted`, if it is near enough to be meant.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(wanted, known).first().copied()
}

/// Returns the equally nearest of `known`, at most [`MOST`], sorted; none if none is near.
fn all_nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = Folded::of(wanted);
    let mut best = wanted.allowed();
    let mut names: Vec<&str> = Vec::new();
    for name in known {
        let Some(distance) = wanted.distance(&Folded::of(name), best) else { continue };
        if distance < best {
            names.clear();
            best = distance;
        }
        names.push(name);
    }
    names.sort_unstable();
    names.dedup();
    // So many can be meant that naming some of them would be guessing.
    if names.len() > MOST && best > 0 { Vec::new() } else { names.into_iter().take(MOST).collect() }
}

/// A name as it is compared: in lower case, every separator an underscore.
struct Folded {
    text: String,
    /// How many characters.
    length: usize,
    /// How often each letter and digit stands in it.
    counts: [u8; 36],
}

impl Folded {
    fn of(name: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(name.len()), length: 0, counts: [0; 36] };
        for c in name.chars().flat_map(char::to_lowercase) {
            let c = if matches!(c, '-' | '.' | ' ') { '_' } else { c };
            if let Some(at) = c.to_digit(36).and_then(|at| usize::try_from(at).ok()) {
                folded.counts[at] = folded.counts[at].saturating_add(1);
            }
            folded.text.push(c);
            folded.length += 1;
        }
        folded
    }

    /// Returns how many edits a typing mistake may be.
    fn allowed(&self) -> usize {
        (self.length / 4).clamp(1, 4)
    }

    /// Returns how many edits lie between the two, if at most `limit`. The same words in another order, or run
    /// together, count as one.
    fn distance(&self, other: &Self, limit: usize) -> Option<usize> {
        if self.text == other.text {
            return Some(0);
        }
        // Most names differ by far: that is seen without comparing them letter by letter. Half of a replaced letter
        // is missing on either side.
        let differs: usize =
            self.counts.iter().zip(&other.counts).map(|(one, two)| usize::from(one.abs_diff(*two))).sum();
        if differs.div_ceil(2) > limit {
            return None;
        }
        if differs == 0 && limit > 0 && (self.bare() == other.bare() || self.words() == other.words()) {
            return Some(1);
        }
        if self.length.abs_diff(other.length) > limit {
            return None;
        }
        let distance = strsim::osa_distance(&self.text, &other.text);
        // Of two or three letters one more or less can be a slip; another letter makes another word.
        (distance <= limit && distance * 2 < self.length.max(other.length)).then_some(distance)
    }

    /// Returns the letters without separators.
    fn bare(&self) -> String {
        self.text.replace('_', "")
    }

    /// Returns the words, sorted.
    fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.text.split('_').filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["use_v3_style", "enable_try_on", "enable_memory_v1", "enable_memory_v2"];

    #[test]
    fn a_typing_mistake_finds_its_name() {
        for (wanted, meant) in [
            ("use_v3_stlye", "use_v3_style"),
            ("ENABLE-TRY-ON", "enable_try_on"),
            ("enable try on", "enable_try_on"),
            ("enableTryOn", "enable_try_on"),
            ("try_on_enable", "enable_try_on"),
            ("enable_try_ons", "enable_try_on"),
            ("enable_memroy_v2", "enable_memory_v2"),
            ("enable_memoryv1", "enable_memory_v1"),
        ] {
            assert_eq!(nearest(wanted, KNOWN), Some(meant), "{wanted}");
        }
    }

    #[test]
    fn what_is_quite_another_word_finds_nothing() {
        for wanted in ["quite_other", "x", "", "use", "enable_billing_v2"] {
            assert_eq!(nearest(wanted, KNOWN), None, "{wanted}");
        }
        assert_eq!(nearest("ab", ["ac"]), None);
        assert_eq!(nearest("of", ["on", "off"]), Some("off"));
    }

    #[test]
    fn twins_are_offered_together() {
        let both = "did you mean `enable_memory_v1` or `enable_memory_v2`?";
        assert_eq!(did_you_mean("enable_memory_v3", KNOWN).as_deref(), Some(both));
        assert_eq!(did_you_mean("use_v3_stile", KNOWN).as_deref(), Some("did you mean `use_v3_style`?"));
        let many = ["v1", "v2", "v3", "v4"].map(|end| format!("enable_memory_{end}"));
        assert_eq!(did_you_mean("enable_memory_v9", many.iter().map(String::as_str)), None);
    }
}
