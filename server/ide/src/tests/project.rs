//! Projects with a cursor in one of their modules.

use std::path::Path;

use base::{CancelToken, Files};
use semantics::testing::{DiskFiles, MemoryFiles, TestProject};
use semantics::{Location, ModuleId};
use syntax::Document;

use crate::{ProjectDocument, Search};

/// A project, the module that is open, and where the cursor is.
pub(super) struct Opened {
    pub(super) project: TestProject,
    pub(super) document: Document,
    pub(super) module: ModuleId,
    pub(super) offset: u32,
    pub(super) files: Box<dyn Files>,
    pub(super) token: CancelToken,
}

impl Opened {
    #[track_caller]
    pub(super) fn of_text(fixture: &str) -> Self {
        let project = TestProject::of_text(fixture);
        let (module, offset) = project.cursor.expect("invariant: the fixture has a cursor");
        let texts = project.texts.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
        let files = Box::new(MemoryFiles(texts.collect()));
        Self::new(project, module, offset, files)
    }

    /// A module of the fixtures, the cursor at the end of the first occurrence of a text.
    #[track_caller]
    pub(super) fn of_fixtures(folder: &str, module: &str, text: &str) -> Self {
        let project = TestProject::of_fixtures(folder);
        let module = project.module(module);
        let at = project.text(module).find(text).expect("invariant: the module has the text");
        Self::new(project, module, (at + text.len()) as u32, Box::new(DiskFiles))
    }

    fn new(project: TestProject, module: ModuleId, offset: u32, files: Box<dyn Files>) -> Self {
        let document = Document::new(project.text(module));
        Self { document, module, offset, files, project, token: CancelToken::new() }
    }

    pub(super) fn document(&self) -> ProjectDocument<'_> {
        ProjectDocument { document: &self.document, project: &self.project.project, module: self.module }
    }

    pub(super) fn search(&self) -> Search<'_> {
        Search { project: &self.project.project, files: &*self.files, token: &self.token }
    }

    /// File, line and text of a place.
    pub(super) fn show(&self, location: &Location) -> String {
        let project = &self.project.project;
        let path = |module: &ModuleId| project.module(*module).map_or(Path::new(""), |it| &it.path);
        match location {
            Location::Module { module, place } => {
                let text = self.project.text(*module);
                let line = text.lines().nth(place.line as usize).unwrap_or_default();
                let at = place.range().slice(text);
                assert_eq!(line.get(usize::from(place.column)..).map(|it| it.starts_with(at)), Some(true));
                format!("{}:{} {at} | {}", short(path(module)), place.line + 1, line.trim())
            }
            Location::ModuleStart(module) => short(path(module)),
            Location::Offset { module, offset } => format!("{} at {offset}", short(path(module))),
            Location::File { path, range } => {
                let bytes = self.files.read(path).unwrap_or_default();
                let text = base::encoding::decode(bytes).map(|decoded| decoded.text).unwrap_or_default();
                format!("{} {}", short(path), range.map_or("", |range| range.slice(&text)))
            }
        }
    }
}

/// A path without what all paths share.
fn short(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.rsplit("/fixtures/").next().unwrap_or(&text).to_owned();
    text.trim_start_matches('/').replace("/Ext/", "/").replace("/Module.bsl", "")
}
