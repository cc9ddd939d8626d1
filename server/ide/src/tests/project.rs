//! Documents in projects, for tests of what needs names and types.

use std::path::Path;

use base::Files;
use semantics::testing::{DiskFiles, MemoryFiles, TestProject};
use semantics::{Location, ModuleId};
use syntax::Document;

use crate::{ProjectDocument, Target};

/// A project with one of its modules open.
pub(super) struct OpenModule {
    pub(super) test: TestProject,
    document: Document,
    pub(super) module: ModuleId,
    pub(super) offset: u32,
    files: Box<dyn Files>,
}

impl OpenModule {
    /// Files in the form of `TestProject::of_text`, with a cursor.
    #[track_caller]
    pub(super) fn of_text(text: &str) -> Self {
        let test = TestProject::of_text(text);
        let (module, offset) = test.cursor.expect("invariant: the fixture has a `$0`");
        let texts = test.texts.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
        let files = Box::new(MemoryFiles(texts.collect()));
        Self { document: Document::new(test.text(module)), test, module, offset, files }
    }

    /// A module of a folder of fixtures; the cursor stands in the middle of `needle`.
    #[track_caller]
    pub(super) fn of_fixtures(folder: &str, module: &str, needle: &str) -> Self {
        let test = TestProject::of_fixtures(folder);
        let module = test.module(module);
        let text = test.text(module);
        let at = text.find(needle).unwrap_or_else(|| panic!("no `{needle}` in the module"));
        let middle = needle.char_indices().nth(needle.chars().count() / 2).map_or(0, |(at, _)| at);
        let offset = (at + middle) as u32;
        Self { document: Document::new(text), module, offset, files: Box::new(DiskFiles), test }
    }

    pub(super) fn document(&self) -> ProjectDocument<'_> {
        ProjectDocument { document: &self.document, project: &self.test.project, module: self.module }
    }

    pub(super) fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// Places as `path:line: text of the line`.
    pub(super) fn shown(&self, targets: &[Target]) -> String {
        let lines = targets.iter().map(|target| self.place(target));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn place(&self, target: &Target) -> String {
        let project = &self.test.project;
        let path =
            |module: &ModuleId| project.module(*module).map(|module| module.path.clone()).unwrap_or_default();
        match target {
            Target::Here(range) => {
                format!("here: {}", self.at(&path(&self.module), range.start))
            }
            Target::There(Location::Module { module, place }) => self.at(&path(module), place.offset),
            Target::There(Location::ModuleStart(module)) => name(&path(module)),
            Target::There(Location::Offset { module, offset }) => self.at(&path(module), *offset),
            Target::There(Location::File { path, range }) => match range {
                Some(range) => self.at(path, range.start),
                None => name(path),
            },
        }
    }

    fn at(&self, path: &Path, offset: u32) -> String {
        let bytes = self.files.read(path).unwrap_or_default();
        let text = base::encoding::decode(bytes).map(|decoded| decoded.text).unwrap_or_default();
        let before = &text[..offset as usize];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default().trim();
        format!("{}:{}: {line}", name(path), before.matches('\n').count())
    }
}

/// The end of a path that tells modules apart.
fn name(path: &Path) -> String {
    let parts: Vec<_> =
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let from = parts.iter().rposition(|part| {
        metadata::ObjectKind::from_folder(part).is_some() || part == "Configuration.xml" || part == "Ext"
    });
    let kinds = parts.iter().rposition(|part| metadata::ObjectKind::from_folder(part).is_some());
    parts[kinds.or(from).unwrap_or(0)..].join("/")
}
