//! What a presenter says: blocks of styled text without any width, colour or drawing character decided.
//!
//! Text may come from anywhere: the renderers neutralise it. Drawing characters are written as in Unicode;
//! the renderers replace them where only ASCII may be used.

use super::style::Style;

/// A piece of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) style: Style,
}

/// One logical line of styled text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub(super) spans: Vec<Span>,
}

impl Text {
    /// Returns a line without anything on it.
    pub const fn new() -> Self {
        Self { spans: Vec::new() }
    }

    /// Returns plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new().and(text)
    }

    /// Returns text in a style.
    pub fn styled(style: Style, text: impl Into<String>) -> Self {
        Self::new().with(style, text)
    }

    /// Adds plain text.
    #[must_use]
    pub fn and(self, text: impl Into<String>) -> Self {
        self.with(Style::Plain, text)
    }

    /// Adds text in a style.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.spans.push(Span { text, style });
        }
        self
    }

    /// Adds another line's text.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.spans.extend(other.spans);
        self
    }

    /// Tells whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the parts that are not empty, one after the other with a dot between.
    pub fn dotted(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if !all.is_empty() {
                all = all.with(Style::Faint, " · ");
            }
            all = all.join(part);
        }
        all
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

/// One thing after another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub(super) blocks: Vec<Block>,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// An empty line; several in a row, or first or last in a document, count as one or none.
    Gap,
    /// The title of what follows.
    Heading(Text),
    /// A line, wrapped where the terminal is too narrow.
    Line(Text),
    /// What the lines of the bars below mean; only where they are drawn so.
    Key(Text),
    /// A line of a list or tree.
    Item(Item),
    /// A table.
    Table(Table),
    /// Where a bucket falls.
    Ruler(Ruler),
    /// What is served in states that follow one another.
    Plot(Plot),
    /// Lines of a patch under a title, which Markdown folds away.
    Patch(Text, Vec<Text>),
    /// Lines of a language, to be copied.
    Code(&'static str, Vec<Text>),
    /// A line of a file.
    Excerpt(Excerpt),
}

/// A line of a file, of which a part is underlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters to underline.
    pub width: usize,
    /// The text of the line.
    pub text: String,
    /// How bad it is.
    pub style: Style,
}

/// A line of a list or tree: a mark, then text that wraps beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// How deep in the tree, from 0.
    pub depth: usize,
    /// What stands before the text.
    pub mark: Text,
    /// The text.
    pub text: Text,
}

/// Where a bucket falls among all, against the part that decides. All positions are shares, 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    /// How deep in the tree, from 0.
    pub depth: usize,
    /// The part that decides.
    pub part: (f64, f64),
    /// What the ends of the part are called; an empty label is left out.
    pub labels: (String, String),
    /// The bucket.
    pub at: f64,
    /// What the bucket is called.
    pub label: String,
    /// Whether the bucket falls inside.
    pub inside: bool,
}

/// What is served in states that follow one another, as columns; the table beside it has the same numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// The states.
    pub columns: Vec<PlotColumn>,
    /// What is stacked in each, from the bottom up.
    pub series: Vec<String>,
    /// What the marks are called.
    pub mark: &'static str,
}

/// One state of a plot. All heights are shares, 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotColumn {
    /// What the state is called.
    pub label: String,
    /// The number above the column.
    pub value: String,
    /// How many get each of what is stacked, in the order of [`Plot::series`].
    pub parts: Vec<f64>,
    /// A mark above the column.
    pub mark: Option<f64>,
}

/// A table: columns, and rows of as many cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns; one in which every cell is empty is not shown.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How far it is moved in, in columns of the terminal.
    pub indent: usize,
    /// Whether it has neither titles nor rule.
    pub bare: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// Whether it holds numbers, which stand to the right.
    pub right: bool,
    /// Whether its cells may be wrapped before anything is folded.
    pub wraps: bool,
    /// What becomes of it where there is no room.
    pub fold: Option<Fold>,
}

/// A column without room moves into a line below each row that has something there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The columns of the highest order move first, those of the same order together.
    pub order: u8,
    /// What stands before the cell there.
    pub label: &'static str,
}

impl Column {
    /// Returns a column of text.
    pub const fn new(title: &'static str) -> Self {
        Self { title, right: false, wraps: false, fold: None }
    }

    /// Returns a column of numbers.
    pub const fn number(title: &'static str) -> Self {
        Self { title, right: true, wraps: false, fold: None }
    }

    /// Lets the cells wrap.
    #[must_use]
    pub const fn wrapping(mut self) -> Self {
        self.wraps = true;
        self
    }

    /// Lets the column move below its rows.
    #[must_use]
    pub const fn folding(mut self, order: u8, label: &'static str) -> Self {
        self.fold = Some(Fold { order, label });
        self
    }
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Lines below the row.
    pub below: Vec<Text>,
}

impl Row {
    /// Returns a row of these cells.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self { cells: cells.into_iter().collect(), below: Vec::new() }
    }
}

/// What stands in a row under a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(Text),
    /// A bar of a share, 0..=1.
    Bar(f64),
    /// A bar of a share before and after, 0..=1.
    Change(f64, f64),
}

impl Cell {
    /// Tells whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Document {
    /// Returns a document without anything in it.
    pub const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.blocks.push(Block::Gap);
    }

    /// Adds the title of what follows, with an empty line before.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.gap();
        self.blocks.push(Block::Heading(Text::styled(Style::Heading, text)));
    }

    /// Adds a line; an empty one is left out.
    pub fn line(&mut self, text: impl Into<Text>) {
        let text = text.into();
        if !text.is_empty() {
            self.blocks.push(Block::Line(text));
        }
    }

    /// Adds what the lines of the bars below mean.
    pub fn key(&mut self, text: Text) {
        self.blocks.push(Block::Key(text));
    }

    /// Adds a line of a list or tree.
    pub fn item(&mut self, depth: usize, mark: impl Into<Text>, text: impl Into<Text>) {
        self.blocks.push(Block::Item(Item { depth, mark: mark.into(), text: text.into() }));
    }

    /// Adds a table; one without rows is left out.
    pub fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds the lines of a patch, which begin with `-`, `+` or `@@`; where Markdown is read, they are folded away
    /// under the title.
    pub fn details(&mut self, title: impl Into<Text>, lines: Vec<Text>) {
        self.blocks.push(Block::Patch(title.into(), lines));
    }

    /// Adds lines of a language, to be copied.
    pub fn code(&mut self, language: &'static str, lines: &str) {
        self.blocks
            .push(Block::Code(language, lines.lines().map(|line| Text::styled(Style::Hint, line)).collect()));
    }

    /// Adds a line of a file.
    pub fn excerpt(&mut self, excerpt: Excerpt) {
        self.blocks.push(Block::Excerpt(excerpt));
    }

    /// Adds a plot.
    pub fn plot(&mut self, plot: Plot) {
        self.blocks.push(Block::Plot(plot));
    }

    /// Adds a ruler.
    pub fn ruler(&mut self, ruler: Ruler) {
        self.blocks.push(Block::Ruler(ruler));
    }
}
