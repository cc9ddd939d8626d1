//! Forms of a project. Their files are read when somebody asks: few of thousands of forms are needed at a time.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use base::fold_case;
use metadata::{Configuration, Form, Layout, Metadata, MetadataObject, ObjectKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::ids::{FormId, ObjectId};

/// Reads the content of a form; a project asks once per form.
pub trait FormReader: Send + Sync {
    fn read(&self, layout: Layout, path: &std::path::Path) -> Option<Form>;
}

/// Without files no form has content.
#[derive(Debug, Default)]
pub struct NoForms;

impl FormReader for NoForms {
    fn read(&self, _: Layout, _: &std::path::Path) -> Option<Form> {
        None
    }
}

/// A form of an object, or a common form, whose object is the form itself.
#[derive(Debug)]
pub struct FormEntry {
    pub object: ObjectId,
    pub name: SmolStr,
    /// Where its content is.
    pub path: PathBuf,
    layout: Layout,
    content: OnceLock<Option<Arc<Form>>>,
}

#[derive(Default)]
pub(crate) struct FormTable {
    entries: Vec<FormEntry>,
    by_name: FxHashMap<(ObjectId, SmolStr), FormId>,
}

impl FormTable {
    pub(crate) fn new(metadata: &Metadata) -> Self {
        let mut table = Self::default();
        for (root, entry) in metadata.roots() {
            for (index, object) in entry.objects().iter().enumerate() {
                let reference = ObjectId { root, index: index as u32 };
                if object.kind == ObjectKind::CommonForm {
                    table.add(entry.configuration(), reference, object, &object.name);
                }
                for form in &object.forms {
                    table.add(entry.configuration(), reference, object, form);
                }
            }
        }
        table
    }

    fn add(&mut self, root: &Configuration, reference: ObjectId, object: &MetadataObject, name: &SmolStr) {
        let id = FormId(self.entries.len() as u32);
        self.by_name.insert((reference, SmolStr::new(fold_case(name))), id);
        self.entries.push(FormEntry {
            object: reference,
            name: name.clone(),
            path: form_path(root, object, name),
            layout: root.layout,
            content: OnceLock::new(),
        });
    }

    pub(crate) fn find(&self, object: ObjectId, name: &str) -> Option<FormId> {
        self.by_name.get(&(object, SmolStr::new(fold_case(name)))).copied()
    }

    pub(crate) fn get(&self, form: FormId) -> Option<&FormEntry> {
        self.entries.get(form.0 as usize)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = FormId> {
        (0..self.entries.len() as u32).map(FormId)
    }

    /// Forms of one object; those of an object stand together.
    pub(crate) fn of_object(&self, object: ObjectId) -> impl Iterator<Item = FormId> {
        let start = self.entries.partition_point(|entry| entry.object < object);
        let entries = self.entries[start..].iter().take_while(move |entry| entry.object == object);
        entries.enumerate().map(move |(at, _)| FormId((start + at) as u32))
    }

    pub(crate) fn content(&self, form: FormId, reader: &dyn FormReader) -> Option<&Arc<Form>> {
        let entry = self.get(form)?;
        entry.content.get_or_init(|| reader.read(entry.layout, &entry.path).map(Arc::new)).as_ref()
    }
}

impl FormEntry {
    pub fn layout(&self) -> Layout {
        self.layout
    }
}

/// The file of a form's content.
fn form_path(root: &Configuration, object: &MetadataObject, name: &str) -> PathBuf {
    let folder = if root.kind == metadata::RootKind::External && root.layout == Layout::Designer {
        root.folder.join(&*object.name)
    } else {
        root.folder.join(object.kind.folder()).join(&*object.name)
    };
    let folder = if object.kind == ObjectKind::CommonForm { folder } else { folder.join("Forms").join(name) };
    metadata::form_path(&folder, root.layout)
}
