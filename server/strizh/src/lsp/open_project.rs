//! The project as a request sees it: what is on the disk, with the open documents as they are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ide::SymbolIndex;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use semantics::{ModuleId, Project};
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::world::{OpenDocument, Snapshot, path_of};
use crate::object_filter::{ObjectFilter, ObjectRules};

/// What the loader knows. Replaced as a whole, never changed.
#[derive(Clone)]
pub(crate) struct DiskProject {
    pub(crate) project: Project,
    /// Grows with every change on the disk.
    pub(crate) generation: u64,
    /// False while modules are still being read: what is missing may come yet.
    pub(crate) is_complete: bool,
    symbols: Arc<OnceLock<SymbolIndex>>,
    objects: Arc<OnceLock<ObjectFilter>>,
}

impl DiskProject {
    pub(crate) fn new(project: Project, generation: u64, is_complete: bool) -> Self {
        Self { project, generation, is_complete, symbols: Arc::default(), objects: Arc::default() }
    }

    /// The same project after a change. What follows from metadata alone stays if they do.
    pub(crate) fn followed_by(&self, project: Project, is_complete: bool) -> Self {
        let objects = match std::ptr::eq(self.project.metadata(), project.metadata()) {
            true => Arc::clone(&self.objects),
            false => Arc::default(),
        };
        Self { objects, ..Self::new(project, self.generation + 1, is_complete) }
    }

    /// False if findings in a module do not count because of its object, or if this is not known yet.
    pub(crate) fn allows(&self, rules: &ObjectRules, path: &Path) -> bool {
        let objects = || self.objects.get_or_init(|| ObjectFilter::new(&self.project));
        rules.is_idle() || (self.is_complete && objects().allows(rules, &self.project, path))
    }

    /// Names of all modules and objects; made when somebody asks first.
    pub(crate) fn symbols(&self) -> &SymbolIndex {
        self.symbols.get_or_init(|| SymbolIndex::new(&self.project))
    }
}

impl Default for DiskProject {
    fn default() -> Self {
        Self::new(Project::default(), 0, true)
    }
}

/// The last answer, from which the next one is made by replacing what changed.
#[derive(Default)]
pub(crate) struct OpenProject {
    last: Mutex<Option<Joined>>,
}

struct Joined {
    generation: u64,
    project: Project,
    documents: FxHashMap<Uri, (u64, PathBuf, ModuleId)>,
}

impl OpenProject {
    /// The project with the documents of a snapshot. Costs as much as there are edited documents.
    pub(crate) fn at(&self, snapshot: &Snapshot) -> Project {
        let disk = &snapshot.disk;
        let mut last = self.last.lock();
        let mut joined = match last.take() {
            Some(joined) if joined.generation == disk.generation => joined,
            _ => Joined {
                generation: disk.generation,
                project: disk.project.clone(),
                documents: FxHashMap::default(),
            },
        };
        joined.close_all_but(snapshot);
        for (uri, open) in snapshot.documents() {
            joined.open(uri, open);
        }
        last.insert(joined).project.clone()
    }
}

impl Joined {
    /// Closed documents are again what the disk says.
    fn close_all_but(&mut self, snapshot: &Snapshot) {
        let disk = &snapshot.disk.project;
        let project = &mut self.project;
        self.documents.retain(|uri, (_, path, id)| {
            if snapshot.document(uri).is_some() {
                return true;
            }
            let saved = disk.module_by_path(path).and_then(|id| disk.module(id));
            *project = match saved {
                Some(module) => project.with_facts(*id, module.facts.clone()),
                None => project.without_module(*id),
            };
            false
        });
    }

    fn open(&mut self, uri: &Uri, open: &Arc<OpenDocument>) {
        if self.documents.get(uri).is_some_and(|(generation, ..)| *generation == open.generation) {
            return;
        }
        let path = path_of(uri);
        let facts = open.facts();
        let (project, id) = self.project.with_module(&path, facts);
        self.project = project;
        self.documents.insert(uri.clone(), (open.generation, path, id));
    }
}
