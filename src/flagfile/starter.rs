//! The file that `ffctl init` writes.

/// Returns a commented flags.toml to start from.
pub const fn starter() -> &'static str {
    include_str!("starter.toml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flagfile::FlagFile;

    #[test]
    fn the_starter_file_has_no_mistake() {
        let file = FlagFile::parse("flags.toml", starter().to_owned()).expect("it parses");
        assert_eq!(file.definitions().flags.len(), 2);
    }

    #[test]
    fn its_commented_examples_have_none_either() {
        let uncommented: Vec<&str> = starter()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(code)
                    if code.starts_with('[')
                        || code.contains(" = ") && !code.starts_with(char::is_uppercase) =>
                {
                    code
                }
                _ => line,
            })
            .collect();
        let file = FlagFile::parse("flags.toml", uncommented.join("\n")).expect("it parses");
        assert_eq!((file.definitions().flags.len(), file.definitions().experiments.len()), (4, 1));
        assert!(file.definitions().flags["faster_search"].expires.is_some());
    }
}
