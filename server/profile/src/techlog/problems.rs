//! What could not be understood: counted by kind, the first places named.

use std::fmt;

use base::Locale;

/// Enough to look at, not enough to fill a screen.
const MAX_PLACES: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A line that belongs to no event.
    StrayLine,
    /// A time or a duration that cannot be.
    BadNumber,
    /// Something between commas that is no `name=value`.
    BadProperty,
    UnclosedQuote,
    BadJson,
    /// Bytes that are no UTF-8 where text was needed.
    BadText,
    TooLong,
    /// The last event of a file ends in the middle: the file is still being written, or it was cut.
    Incomplete,
    /// The hour of a file is part of its name; without it events have no date.
    BadFileName,
}

impl ProblemKind {
    pub const ALL: [Self; 9] = [
        Self::StrayLine,
        Self::BadNumber,
        Self::BadProperty,
        Self::UnclosedQuote,
        Self::BadJson,
        Self::BadText,
        Self::TooLong,
        Self::Incomplete,
        Self::BadFileName,
    ];

    pub fn text(self, locale: Locale) -> &'static str {
        let (ru, en) = match self {
            Self::StrayLine => ("строка вне событий", "a line outside of events"),
            Self::BadNumber => ("невозможное время или длительность", "an impossible time or duration"),
            Self::BadProperty => ("не свойство: нет знака «=»", "not a property: there is no `=`"),
            Self::UnclosedQuote => ("кавычка не закрыта", "a quote is not closed"),
            Self::BadJson => ("не JSON-объект события", "not the JSON object of an event"),
            Self::BadText => ("текст не в UTF-8", "the text is not UTF-8"),
            Self::TooLong => ("событие длиннее 16 МБ", "an event of more than 16 MB"),
            Self::Incomplete => ("последнее событие файла оборвано", "the last event of the file is cut"),
            Self::BadFileName => {
                ("имя файла не содержит часа (ггммддчч)", "the file name has no hour (yymmddhh)")
            }
        };
        match locale {
            Locale::Ru => ru,
            Locale::En => en,
        }
    }
}

/// Where something was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Counted from one.
    pub line: u64,
    pub kind: ProblemKind,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// All that was wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    counts: [u64; ProblemKind::ALL.len()],
    /// The first ones.
    pub places: Vec<Place>,
}

impl Problems {
    pub(super) fn add(&mut self, file: &str, line: u64, kind: ProblemKind) {
        self.counts[kind as usize] += 1;
        if self.places.len() < MAX_PLACES {
            self.places.push(Place { file: file.to_owned(), line, kind });
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.places.extend(other.places);
        self.places.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
        self.places.truncate(MAX_PLACES);
    }

    pub fn count(&self, kind: ProblemKind) -> u64 {
        self.counts[kind as usize]
    }

    /// All kinds together.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}
