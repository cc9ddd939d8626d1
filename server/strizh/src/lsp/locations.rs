//! Places of a project as locations of the protocol. Places of modules need no file; ranges in other files are read.

use std::path::{Path, PathBuf};

use base::TextRange;
use ropey::Rope;
use rustc_hash::FxHashMap;
use semantics::{Location, ModuleId, Place, Project};
use syntax::{Position, PositionEncoding};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::gen_lsp_types::Uri;

use crate::files::read_module;
use crate::lsp::world::{Snapshot, path_of};

/// Converts locations of one request. A file is read once; open documents win over the disk.
pub(crate) struct Locations<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    /// Addresses of open documents as the client spells them.
    open: FxHashMap<PathBuf, &'a Uri>,
    files: FxHashMap<PathBuf, Option<Rope>>,
}

impl<'a> Locations<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, project: &'a Project) -> Self {
        let open = snapshot.documents().map(|(uri, _)| (path_of(uri), uri)).collect();
        Self { snapshot, project, open, files: FxHashMap::default() }
    }

    /// `None` if the file is gone or cannot be addressed.
    pub(crate) fn location(&mut self, location: &Location) -> Option<lsp::Location> {
        match location {
            Location::Module { module, place } => self.place(*module, *place),
            Location::ModuleStart(module) => self.module_range(*module, TextRange::default()),
            Location::Offset { module, offset } => self.module_range(*module, TextRange::empty(*offset)),
            Location::File { path, range } => self.file_range(path, range.unwrap_or_default()),
        }
    }

    /// A name in a module, open or not.
    pub(crate) fn place(&self, module: ModuleId, place: Place) -> Option<lsp::Location> {
        let path = &self.project.module(module)?.path;
        Some(lsp::Location { uri: self.uri(path)?, range: self.place_range(place) })
    }

    pub(crate) fn place_range(&self, place: Place) -> lsp::Range {
        let (column, length) = match self.snapshot.session.encoding {
            PositionEncoding::Utf8 => (place.column, place.length),
            PositionEncoding::Utf16 => (place.column_utf16, place.length_utf16),
        };
        let start = lsp::Position { line: place.line, character: u32::from(column) };
        let end = lsp::Position { character: start.character.saturating_add(u32::from(length)), ..start };
        lsp::Range { start, end }
    }

    /// A range of offsets in a module.
    pub(crate) fn module_range(&mut self, module: ModuleId, range: TextRange) -> Option<lsp::Location> {
        let project = self.project;
        self.file_range(&project.module(module)?.path, range)
    }

    /// A range of offsets in any file.
    pub(crate) fn file_range(&mut self, path: &Path, range: TextRange) -> Option<lsp::Location> {
        let uri = self.uri(path)?;
        // The start of a file needs no text.
        let range =
            if range == TextRange::default() { lsp::Range::default() } else { self.range(path, range)? };
        Some(lsp::Location { uri, range })
    }

    /// The address of a file as the client spells it, if it is open.
    pub(crate) fn uri(&self, path: &Path) -> Option<Uri> {
        match self.open.get(path) {
            Some(uri) => Some((*uri).clone()),
            None => Uri::from_file_path(path).ok(),
        }
    }

    fn range(&mut self, path: &Path, range: TextRange) -> Option<lsp::Range> {
        let encoding = self.snapshot.session.encoding;
        let rope = match self.open.get(path).and_then(|uri| self.snapshot.document(uri)) {
            Some(open) => open.document.rope(),
            None => self.read(path)?,
        };
        let position = |offset| {
            let Position { line, column } = Position::of_offset(rope, offset, encoding);
            lsp::Position { line, character: column }
        };
        Some(lsp::Range { start: position(range.start), end: position(range.end) })
    }

    fn read(&mut self, path: &Path) -> Option<&Rope> {
        if !self.files.contains_key(path) {
            let text = read_module(path).ok().map(|decoded| Rope::from_str(&decoded.text));
            self.files.insert(path.to_owned(), text);
        }
        self.files.get(path)?.as_ref()
    }
}
