//! Texts of indents: levels, and the shift of lines that continue another one.

use crate::formatting::Indent;

/// Columns of a tab when tabs and spaces have to be compared.
const TAB_WIDTH: usize = 4;

impl Indent {
    /// Text of so many levels.
    pub(crate) fn levels(self, count: u32) -> String {
        match self {
            Self::Tab => "\t".repeat(count as usize),
            Self::Spaces(width) => " ".repeat(count as usize * width as usize),
        }
    }

    /// A continued line keeps its place relative to the line that it continues: `old` and `new` are the
    /// indents of that line, `own` is the indent of the continued one.
    pub(crate) fn shifted(self, own: &str, old: &str, new: &str) -> String {
        if let Some(rest) = own.strip_prefix(old) {
            return format!("{new}{}", self.converted(rest, old, new));
        }
        let width = (self.width(own) + self.width(new)).saturating_sub(self.width(old));
        self.columns(width)
    }

    /// Tabs become spaces, and spaces become tabs where the line before changes from spaces to tabs.
    fn converted(self, rest: &str, old: &str, new: &str) -> String {
        let is_foreign = match self {
            Self::Tab => old.contains(' ') && !new.contains(' '),
            Self::Spaces(_) => rest.contains('\t'),
        };
        if is_foreign { self.columns(self.width(rest)) } else { rest.to_owned() }
    }

    fn columns(self, width: usize) -> String {
        match self {
            Self::Tab => "\t".repeat(width / TAB_WIDTH) + &" ".repeat(width % TAB_WIDTH),
            Self::Spaces(_) => " ".repeat(width),
        }
    }

    fn width(self, indent: &str) -> usize {
        let tab = match self {
            Self::Tab | Self::Spaces(0) => TAB_WIDTH,
            Self::Spaces(width) => width as usize,
        };
        indent.chars().map(|letter| if letter == '\t' { tab } else { 1 }).sum()
    }
}
