//! Reads the help files of a user's own installation: names, signatures, types and descriptions of everything the
//! platform offers. Takes bytes and does no IO; what it returns may be cached and stays on the user's machine.

mod archive;
mod assemble;
mod container;
mod contents;
mod enrich;
mod facts;
mod folders;
mod page;

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::api::{EnumInfo, Method, Property, Script, TypeInfo};
use archive::Archive;
use container::Container;
use contents::Contents;
use facts::Facts;

pub use folders::{
    ENGLISH_BOOK, HelpFolder, HelpVersion, OperatingSystem, RUSSIAN_BOOK, help_file_candidates, help_version,
};

/// What help files say. Texts are theirs: never to be shipped, logged or put into fixtures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    pub functions: Vec<Method>,
    pub properties: Vec<Property>,
    pub types: Vec<TypeInfo>,
    pub enums: Vec<EnumInfo>,
    /// Pages that could not be read.
    pub skipped: u32,
}

/// Why a file tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookError {
    NotABook,
    NoPages,
    BadArchive,
}

impl fmt::Display for BookError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotABook => "not a help file",
            Self::NoPages => "the help file holds no pages",
            Self::BadArchive => "the pages of the help file cannot be unpacked",
        })
    }
}

impl std::error::Error for BookError {}

/// Pages of one file by their paths.
pub(crate) struct Book {
    pages: FxHashMap<String, Facts>,
    enum_pages: FxHashSet<String>,
    skipped: u32,
}

impl Help {
    /// Reads the syntax help in one language or in both. Texts and names of parameters are those of `script` where
    /// its book has them.
    pub fn read(russian: Option<&[u8]>, english: Option<&[u8]>, script: Script) -> Result<Self, BookError> {
        let (first, second) = match script {
            Script::Russian => (russian, english),
            Script::English => (english, russian),
        };
        let mut books = [first, second].into_iter().flatten().map(Book::read);
        let mut book = books.next().ok_or(BookError::NoPages)??;
        // A second book that is broken takes nothing away from the first one.
        if let Some(Ok(second)) = books.next() {
            book.absorb(second);
        }
        Ok(assemble::help(book))
    }
}

impl Book {
    fn read(bytes: &[u8]) -> Result<Self, BookError> {
        let container = Container::open(bytes)?;
        let storage = container.entity("FileStorage").ok_or(BookError::NoPages)?;
        let archive = Archive::open(&storage)?;
        let contents = container.entity("PackBlock").map(|block| read_contents(&block)).unwrap_or_default();
        let mut book = Self {
            pages: FxHashMap::default(),
            enum_pages: contents.enum_pages().map(str::to_owned).collect(),
            skipped: 0,
        };
        for entry in archive.entries() {
            let path = contents::normal_path(&entry.name);
            if !assemble::is_page(&path) {
                continue;
            }
            match archive.read(entry) {
                Some(bytes) => {
                    let html = String::from_utf8_lossy(&bytes);
                    book.pages.insert(path, Facts::read(&html));
                }
                None => book.skipped += 1,
            }
        }
        if book.pages.is_empty() { Err(BookError::NoPages) } else { Ok(book) }
    }

    fn absorb(&mut self, other: Self) {
        for (path, facts) in other.pages {
            match self.pages.get_mut(&path) {
                Some(mine) => mine.absorb(facts),
                None => {
                    self.pages.insert(path, facts);
                }
            }
        }
        self.enum_pages.extend(other.enum_pages);
        self.skipped += other.skipped;
    }
}

/// A block without contents, or not even an archive, leaves us with the names of the pages.
fn read_contents(block: &[u8]) -> Contents {
    let Ok(archive) = Archive::open(block) else { return Contents::default() };
    let bytes = archive.entries().first().and_then(|entry| archive.read(entry));
    bytes.map(|bytes| Contents::read(&String::from_utf8_lossy(&bytes))).unwrap_or_default()
}
