//! Puts a project together from what was read.

use std::path::PathBuf;
use std::sync::Arc;

use metadata::Metadata;
use platform::Platform;

use crate::facts::ModuleFacts;
use crate::forms::{FormReader, NoForms};
use crate::ids::ModuleId;
use crate::module::Module;
use crate::project::Project;
use crate::shared::{Shared, Sources};
use crate::table::{ModuleTable, find_place};

/// Collects what a project consists of.
pub struct ProjectBuilder {
    sources: Sources,
    metadata: Metadata,
    is_complete: bool,
    modules: Vec<(PathBuf, ModuleFacts)>,
    epoch: u64,
}

impl Default for ProjectBuilder {
    fn default() -> Self {
        Self {
            sources: Sources {
                platform: Arc::clone(Platform::embedded()),
                onescript: Arc::clone(Platform::onescript()),
                form_reader: Arc::new(NoForms),
            },
            metadata: Metadata::default(),
            is_complete: true,
            modules: Vec::new(),
            epoch: 0,
        }
    }
}

impl ProjectBuilder {
    pub fn platform(mut self, platform: Arc<Platform>) -> Self {
        self.sources.platform = platform;
        self
    }

    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Some metadata could not be read: what is not there may exist.
    pub fn incomplete(mut self) -> Self {
        self.is_complete = false;
        self
    }

    pub fn form_reader(mut self, reader: Arc<dyn FormReader>) -> Self {
        self.sources.form_reader = reader;
        self
    }

    /// A number that differs from those of earlier sets of metadata.
    pub fn metadata_epoch(mut self, epoch: u64) -> Self {
        self.epoch = epoch;
        self
    }

    pub fn module(mut self, path: PathBuf, facts: ModuleFacts) -> Self {
        self.modules.push((path, facts));
        self
    }

    pub fn modules(mut self, modules: impl IntoIterator<Item = (PathBuf, ModuleFacts)>) -> Self {
        self.modules.extend(modules);
        self
    }

    pub fn build(mut self) -> Project {
        let shared = Shared::new(self.sources, self.metadata, self.is_complete, self.epoch);
        self.modules.sort_by(|left, right| left.0.cmp(&right.0));
        self.modules.dedup_by(|left, right| left.0 == right.0);
        let mut table = ModuleTable::default();
        for (index, (path, facts)) in self.modules.into_iter().enumerate() {
            let place = find_place(&shared.metadata, &shared.forms, &path);
            table.insert(Arc::new(Module::new(ModuleId(index as u32), path, place, facts)));
        }
        table.sort();
        Project::new(Arc::new(shared), Arc::new(table))
    }
}
