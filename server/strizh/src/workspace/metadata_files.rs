//! Objects of one root by the files they come from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use metadata::{
    Configuration, FileRole, Layout, MetadataObject, ObjectKind, PredefinedItem, Problem, RootFolder,
    RootKind,
};
use semantics::RootContent;

use crate::workspace::RootState;

/// What was read of a root. Objects are found again by the path of their file when it changes.
#[derive(Clone, Default)]
pub(crate) struct RootFiles {
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) objects: BTreeMap<PathBuf, Arc<MetadataObject>>,
}

/// One file of metadata, read.
pub(crate) enum Part {
    Configuration(Configuration),
    Object(MetadataObject),
}

/// Reads a file of metadata with what belongs to it; unreadable files are problems, not failures.
pub(crate) fn read_part(root: &RootFolder, path: &Path, role: FileRole) -> (Option<Part>, Vec<Problem>) {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            return (None, vec![Problem { path: path.to_owned(), line: None, message: error.to_string() }]);
        }
    };
    match role {
        FileRole::Configuration => {
            let (configuration, problems) = read_configuration(root, bytes, path);
            (Some(Part::Configuration(configuration)), problems)
        }
        FileRole::Object(kind) => {
            let (mut object, mut problems) = metadata::read_object(bytes, root.layout, kind, path);
            let (predefined, predefined_problems) = side_items(root, path, kind);
            object.predefined.extend(predefined);
            problems.extend(predefined_problems);
            (Some(Part::Object(object)), problems)
        }
        _ => (None, Vec::new()),
    }
}

fn read_configuration(root: &RootFolder, bytes: Vec<u8>, path: &Path) -> (Configuration, Vec<Problem>) {
    let (mut configuration, problems) = metadata::read_configuration(bytes, root.layout, path);
    configuration.folder.clone_from(&root.folder);
    apply_project_file(root, &mut configuration);
    (configuration, problems)
}

fn apply_project_file(root: &RootFolder, configuration: &mut Configuration) {
    let project = root.project_file.as_ref().and_then(|path| std::fs::read(path).ok());
    let Some(project) = project.map(metadata::read_project_file) else { return };
    if !project.base_project.is_empty() {
        configuration.base_project = project.base_project;
    }
    if let Some(script) = project.script {
        configuration.script = script;
    }
}

/// A root without a file of its own: external objects.
pub(crate) fn external_configuration(root: &RootFolder) -> Configuration {
    let mut configuration = Configuration {
        folder: root.folder.clone(),
        layout: root.layout,
        kind: RootKind::External,
        name: root.project.as_str().into(),
        ..Configuration::default()
    };
    apply_project_file(root, &mut configuration);
    configuration
}

/// Predefined items that the Designer keeps beside the object.
fn side_items(root: &RootFolder, path: &Path, kind: ObjectKind) -> (Vec<PredefinedItem>, Vec<Problem>) {
    let has_items = matches!(
        kind,
        ObjectKind::Catalog
            | ObjectKind::ChartOfCharacteristicTypes
            | ObjectKind::ChartOfAccounts
            | ObjectKind::ChartOfCalculationTypes
    );
    if root.layout != Layout::Designer || !has_items {
        return Default::default();
    }
    let path = path.with_extension("").join("Ext").join("Predefined.xml");
    std::fs::read(&path).map_or_else(|_| Default::default(), |bytes| metadata::read_predefined(bytes, &path))
}

/// The object's file that a file beside it belongs to: `X/Ext/Predefined.xml` to `X.xml`.
pub(crate) fn owner_file(path: &Path, role: FileRole) -> Option<PathBuf> {
    match role {
        FileRole::Configuration | FileRole::Object(_) => Some(path.to_owned()),
        FileRole::Predefined | FileRole::ExchangePlanContent => {
            Some(path.parent()?.parent()?.with_extension("xml"))
        }
        _ => None,
    }
}

impl RootFiles {
    pub(crate) fn insert(&mut self, path: PathBuf, part: Part) {
        match part {
            Part::Configuration(configuration) => self.configuration = Arc::new(configuration),
            Part::Object(object) => {
                self.objects.insert(path, Arc::new(object));
            }
        }
    }

    pub(crate) fn content(&self, is_complete: bool) -> RootContent {
        let objects = self.objects.values().cloned().collect();
        RootContent { configuration: Arc::clone(&self.configuration), objects, is_complete }
    }
}

/// Contents of all roots for a project.
pub(crate) fn contents(roots: &[RootState], is_complete: bool) -> Vec<RootContent> {
    roots.iter().map(|root| root.files.content(is_complete)).collect()
}
