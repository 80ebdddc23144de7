//! What a stream can show.

/// What the reader of a stream can see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; none where there is no terminal: nothing is wrapped or folded then.
    pub width: Option<u16>,
    /// Whether colours are wanted.
    pub color: bool,
    /// Whether the drawing may use more than ASCII.
    pub unicode: bool,
    /// Whether the log of a CI system reads along, to which some lines are commands.
    pub ci: bool,
}

impl Screen {
    /// Returns the columns to write on, if there is a terminal; never less than 19. A CI system's commands
    /// are broken up in finished lines, which takes one column.
    pub(super) fn columns(self) -> Option<usize> {
        self.width.map(|width| usize::from(width).max(20) - usize::from(self.ci))
    }
}
