//! One root with its objects, found by name without case.

use std::path::Path;
use std::sync::Arc;

use base::fold_case;
use smol_str::SmolStr;

use crate::discovery::{FileRole, RootFile, RootFolder, role_in};
use crate::kind::ObjectKind;
use crate::load::{FileContent, add, object_beside};
use crate::model::{Configuration, Details, MetadataObject, RootKind};

/// A configuration, an extension or a folder of external objects. Objects are sorted by kind and name.
#[derive(Clone, Debug)]
pub struct Root {
    folder: RootFolder,
    configuration: Arc<Configuration>,
    objects: Vec<Arc<MetadataObject>>,
    /// Kind and name in lower case of every object.
    keys: Vec<(ObjectKind, SmolStr)>,
}

impl Root {
    /// Of several objects of one name the first is kept.
    pub fn new(
        folder: RootFolder,
        configuration: Arc<Configuration>,
        objects: Vec<Arc<MetadataObject>>,
    ) -> Self {
        let key = |object: &MetadataObject| (object.kind, SmolStr::from(fold_case(&object.name)));
        let mut keyed: Vec<_> = objects.into_iter().map(|object| (key(&object), object)).collect();
        keyed.sort_by(|left, right| left.0.cmp(&right.0));
        keyed.dedup_by(|later, earlier| later.0 == earlier.0);
        let (keys, objects) = keyed.into_iter().unzip();
        Self { folder, configuration, objects, keys }
    }

    pub fn folder(&self) -> &RootFolder {
        &self.folder
    }

    pub fn configuration(&self) -> &Arc<Configuration> {
        &self.configuration
    }

    pub fn is_extension(&self) -> bool {
        self.configuration.kind == RootKind::Extension
    }

    pub fn objects(&self) -> &[Arc<MetadataObject>] {
        &self.objects
    }

    /// Indexes of the objects of a kind.
    pub fn of_kind(&self, kind: ObjectKind) -> std::ops::Range<usize> {
        let start = self.keys.partition_point(|key| key.0 < kind);
        start..self.keys.partition_point(|key| key.0 <= kind)
    }

    /// Index of an object; the name is compared without case.
    pub fn find(&self, kind: ObjectKind, name: &str) -> Option<usize> {
        self.find_folded(kind, &fold_case(name))
    }

    pub(crate) fn find_folded(&self, kind: ObjectKind, folded: &str) -> Option<usize> {
        self.keys.binary_search_by(|key| key.0.cmp(&kind).then_with(|| key.1.as_str().cmp(folded))).ok()
    }

    /// Index of the object that was read from a file.
    pub fn find_path(&self, path: &Path) -> Option<usize> {
        self.objects.iter().position(|object| object.path == path)
    }

    /// The root after a file was read again; files that describe no metadata change nothing.
    pub(crate) fn with_content(&self, path: &Path, content: FileContent) -> Self {
        match content {
            FileContent::Configuration(mut read) => {
                let old = &self.configuration;
                read.folder.clone_from(&old.folder);
                read.base_project.clone_from(&old.base_project);
                Self { configuration: Arc::new(*read), ..self.clone() }
            }
            FileContent::Object(object) => self.with_object(path, *object),
            addition => {
                let owner = object_beside(&self.folder, path).and_then(|(kind, name)| self.find(kind, name));
                let Some(index) = owner else { return self.clone() };
                let mut root = self.clone();
                add(Arc::make_mut(&mut root.objects[index]), addition);
                root
            }
        }
    }

    fn with_object(&self, path: &Path, mut object: MetadataObject) -> Self {
        let old = self.find_path(path).map(|index| &self.objects[index]);
        if let Some(old) = old {
            keep_additions(&mut object, old);
        }
        let others = self.objects.iter().filter(|other| other.path != path).cloned();
        let objects = std::iter::once(Arc::new(object)).chain(others).collect();
        Self::new(self.folder.clone(), Arc::clone(&self.configuration), objects)
    }

    /// The root after a file is gone.
    pub(crate) fn without_file(&self, path: &Path) -> Self {
        let addition = match role_in(&self.folder, path) {
            Some(FileRole::Predefined) => FileContent::Predefined(Vec::new()),
            Some(FileRole::ExchangePlanContent) => FileContent::ExchangePlanContent(Vec::new()),
            Some(FileRole::Rights) => FileContent::RoleRights { grants_new_objects: false },
            Some(FileRole::ProtectedModule) => return self.without_protected_module(path),
            _ => {
                let others = self.objects.iter().filter(|object| object.path != path).cloned();
                let objects = others.collect();
                return Self::new(self.folder.clone(), Arc::clone(&self.configuration), objects);
            }
        };
        self.with_content(path, addition)
    }

    fn without_protected_module(&self, path: &Path) -> Self {
        let owner = object_beside(&self.folder, path).and_then(|(kind, name)| self.find(kind, name));
        let mut root = self.clone();
        if let Some(index) = owner {
            Arc::make_mut(&mut root.objects[index]).protected_modules.retain(|module| module != path);
        }
        root
    }

    /// What a path of this root is; `None` if it lies elsewhere or means nothing.
    pub fn file(&self, path: &Path) -> Option<RootFile> {
        role_in(&self.folder, path).map(|role| RootFile { path: path.to_path_buf(), role })
    }
}

/// Some parts of an object are kept in files of their own; those have not changed.
fn keep_additions(object: &mut MetadataObject, old: &MetadataObject) {
    object.protected_modules.clone_from(&old.protected_modules);
    if object.kind == ObjectKind::Role {
        object.details = old.details.clone();
    }
    if old.path.extension().is_none_or(|extension| extension != "xml") {
        return;
    }
    object.predefined.clone_from(&old.predefined);
    if object.kind == ObjectKind::ExchangePlan && matches!(old.details, Details::Content(_)) {
        object.details = old.details.clone();
    }
}
