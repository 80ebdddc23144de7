//! Styles, named by what they mean; the only place that knows colours.

use crate::layer::Source;
use crate::report::StateWord;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Nothing special.
    #[default]
    Plain,
    /// What the eye should find first: names, conclusions.
    Strong,
    /// What may be passed over: places, units, separators.
    Faint,
    /// The title of a part.
    Heading,
    /// The title of a column.
    Title,
    /// On for everyone.
    On,
    /// Off for everyone.
    Off,
    /// Not the same for everyone.
    Partial,
    /// Unreadable, so nobody knows.
    Invalid,
    /// From a layer.
    Source(Source),
    /// A value that a higher layer overrides.
    Overridden,
    /// New in a change.
    Added,
    /// Gone in a change.
    Removed,
    /// Needs a look.
    Warning,
    /// Went wrong.
    Error,
    /// What to type or do.
    Hint,
    /// The filled part of a bar.
    Bar,
    /// The empty part of a bar.
    Track,
    /// One of several things that are stacked in a plot, by its place: 0..=5.
    Series(usize),
}

impl Style {
    /// Every style, for tests and for the markers of the table.
    pub const ALL: [Self; 27] = [
        Self::Plain,
        Self::Strong,
        Self::Faint,
        Self::Heading,
        Self::Title,
        Self::On,
        Self::Off,
        Self::Partial,
        Self::Invalid,
        Self::Source(Source::Default),
        Self::Source(Source::Env),
        Self::Source(Source::Admin),
        Self::Source(Source::WhatIf),
        Self::Overridden,
        Self::Added,
        Self::Removed,
        Self::Warning,
        Self::Error,
        Self::Hint,
        Self::Bar,
        Self::Track,
        Self::Series(0),
        Self::Series(1),
        Self::Series(2),
        Self::Series(3),
        Self::Series(4),
        Self::Series(5),
    ];

    /// Returns the parameters of the terminal's SGR sequence; none for plain text. Only the sixteen colours
    /// that a person's own palette decides, so that it reads on light and dark alike.
    pub(super) const fn parameters(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong | Self::Heading => Some("1"),
            Self::Faint | Self::Title | Self::Off | Self::Source(Source::Default) | Self::Track => Some("2"),
            Self::On | Self::Added | Self::Series(4) => Some("32"),
            Self::Partial | Self::Warning | Self::Series(1) => Some("33"),
            Self::Invalid | Self::Error => Some("1;31"),
            Self::Source(Source::Admin) | Self::Series(2) => Some("35"),
            Self::Source(Source::Env) | Self::Hint | Self::Bar | Self::Series(0) => Some("36"),
            Self::Source(Source::WhatIf) | Self::Series(3) => Some("34"),
            Self::Overridden => Some("2;9"),
            Self::Removed | Self::Series(_) => Some("31"),
        }
    }
}

impl From<StateWord> for Style {
    fn from(state: StateWord) -> Self {
        match state {
            StateWord::On => Self::On,
            StateWord::Off => Self::Off,
            StateWord::Partial => Self::Partial,
            StateWord::Invalid => Self::Invalid,
            StateWord::Absent => Self::Faint,
        }
    }
}
