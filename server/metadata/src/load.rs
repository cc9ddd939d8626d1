//! From files to roots. Reading one file depends on nothing else, so that the caller may do it in parallel and keep
//! the outcome; putting the outcomes together is cheap.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Files;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::configuration::{ProjectFile, read_configuration, read_project_file};
use crate::discovery::{FileRole, RootFile, RootFolder, find_roots, list_files};
use crate::kind::ObjectKind;
use crate::metadata::Metadata;
use crate::model::{Configuration, Details, Layout, MetadataObject, PredefinedItem, Problem, RootKind};
use crate::object::read_object;
use crate::predefined::read_predefined;
use crate::root::Root;
use crate::xml::XmlFile;

/// Grows whenever files are read into something else: what was stored by another version is worth nothing.
pub const CONTENT_VERSION: u32 = 2;

/// What one file says. It depends on the file's bytes, path, role and layout only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FileContent {
    Configuration(Box<Configuration>),
    Object(Box<MetadataObject>),
    /// Belongs to the object beside.
    Predefined(Vec<PredefinedItem>),
    /// Full names; belongs to the exchange plan beside.
    ExchangePlanContent(Vec<SmolStr>),
    /// Belongs to the role beside.
    RoleRights {
        grants_new_objects: bool,
    },
    /// Belongs to the object beside, or to one of its forms and commands.
    ProtectedModule(PathBuf),
}

/// True for files that `read_file` makes something of.
pub fn is_metadata(role: FileRole) -> bool {
    use FileRole::{Configuration, ExchangePlanContent, Object, Predefined, ProtectedModule, Rights};
    matches!(role, Configuration | Object(_) | Predefined | ExchangePlanContent | Rights | ProtectedModule)
}

/// Bytes at the start of a file that are enough to read it; files of rights may be huge.
pub fn needed_bytes(role: FileRole) -> Option<u64> {
    match role {
        FileRole::Rights => Some(4096),
        FileRole::ProtectedModule => Some(0),
        _ => None,
    }
}

/// Reads one file of a root. Modules and forms have readers of their own and give nothing here.
pub fn read_file(bytes: Vec<u8>, layout: Layout, file: &RootFile) -> (Option<FileContent>, Vec<Problem>) {
    match file.role {
        FileRole::Configuration => {
            let (configuration, problems) = read_configuration(bytes, layout, &file.path);
            (Some(FileContent::Configuration(Box::new(configuration))), problems)
        }
        FileRole::Object(kind) => {
            let (object, problems) = read_object(bytes, layout, kind, &file.path);
            (Some(FileContent::Object(Box::new(object))), problems)
        }
        FileRole::Predefined => {
            let (items, problems) = read_predefined(bytes, &file.path);
            (Some(FileContent::Predefined(items)), problems)
        }
        FileRole::ExchangePlanContent => {
            let (names, problems) = read_exchange_plan_content(bytes, &file.path);
            (Some(FileContent::ExchangePlanContent(names)), problems)
        }
        FileRole::Rights => {
            let grants_new_objects = grants_new_objects(&bytes);
            (Some(FileContent::RoleRights { grants_new_objects }), Vec::new())
        }
        FileRole::ProtectedModule => (Some(FileContent::ProtectedModule(file.path.clone())), Vec::new()),
        _ => (None, Vec::new()),
    }
}

/// The flag stands at the start of a file of rights, before all objects.
fn grants_new_objects(bytes: &[u8]) -> bool {
    const FLAG: &[u8] = b"<setForNewObjects>true<";
    bytes.windows(FLAG.len()).take(4096).any(|window| window == FLAG)
}

/// Reads the Designer's `ExchangePlans/X/Ext/Content.xml`.
pub fn read_exchange_plan_content(bytes: Vec<u8>, path: &Path) -> (Vec<SmolStr>, Vec<Problem>) {
    let (file, problems) = XmlFile::read(bytes, path);
    let items = file.root().into_iter().flat_map(|root| root.children());
    let names = items.map(|item| item.child_text("Metadata").into());
    (names.filter(|name: &SmolStr| !name.is_empty()).collect(), problems)
}

/// Puts together what was read of a root's files, in any order.
pub fn assemble(
    folder: RootFolder,
    project: &ProjectFile,
    contents: impl IntoIterator<Item = (PathBuf, FileContent)>,
) -> Root {
    let mut configuration = Configuration { layout: folder.layout, ..Configuration::default() };
    let mut objects = Vec::new();
    let mut additions = Vec::new();
    for (path, content) in contents {
        match content {
            FileContent::Configuration(read) => configuration = *read,
            FileContent::Object(object) => objects.push(*object),
            other => additions.push((path, other)),
        }
    }
    if folder.configuration.is_none() {
        configuration.kind = RootKind::External;
        configuration.name = external_name(&folder);
    }
    let has_base = !project.base_project.is_empty();
    if has_base && configuration.kind == RootKind::Configuration {
        configuration.kind = RootKind::Extension;
    }
    if let Some(script) = project.script {
        configuration.script = script;
    }
    // Without a configuration to say it, the version of the project is the only hint.
    if configuration.kind == RootKind::External {
        configuration.compatibility = project.runtime;
    }
    configuration.base_project = project.base_project.clone();
    configuration.folder.clone_from(&folder.folder);
    objects.sort_by(|left, right| left.path.cmp(&right.path));
    for (path, addition) in additions {
        let owner = object_beside(&folder, &path);
        let is_owner = |object: &&mut MetadataObject| Some((object.kind, object.name.as_str())) == owner;
        if let Some(object) = objects.iter_mut().find(is_owner) {
            add(object, addition);
        }
    }
    Root::new(folder, Arc::new(configuration), objects.into_iter().map(Arc::new).collect())
}

fn external_name(folder: &RootFolder) -> SmolStr {
    match folder.externals.as_slice() {
        [file] => crate::source::name_from_path(file).into(),
        _ if !folder.project.is_empty() => folder.project.as_str().into(),
        _ => folder.folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().into(),
    }
}

/// Adds what a file beside the object's says.
pub(crate) fn add(object: &mut MetadataObject, addition: FileContent) {
    match addition {
        FileContent::Predefined(items) => object.predefined = items,
        FileContent::ExchangePlanContent(names) => object.details = Details::Content(names),
        FileContent::RoleRights { grants_new_objects } => {
            object.details = Details::Role { grants_new_objects }
        }
        FileContent::ProtectedModule(path) => {
            if !object.protected_modules.contains(&path) {
                object.protected_modules.push(path);
            }
        }
        FileContent::Configuration(_) | FileContent::Object(_) => {}
    }
}

/// The object that `Catalogs/X/Ext/Predefined.xml` belongs to.
pub(crate) fn object_beside<'a>(folder: &RootFolder, path: &'a Path) -> Option<(ObjectKind, &'a str)> {
    let mut parts = path.strip_prefix(&folder.folder).ok()?.iter().filter_map(|part| part.to_str());
    Some((ObjectKind::from_folder(parts.next()?)?, parts.next()?))
}

/// Reads all roots of a workspace, one file after another.
pub fn load(files: &dyn Files, workspace: &Path) -> (Metadata, Vec<Problem>) {
    let mut problems = Vec::new();
    let roots = find_roots(files, workspace).into_iter().map(|folder| {
        let mut contents = Vec::new();
        for file in list_files(files, &folder).into_iter().filter(|file| is_metadata(file.role)) {
            let (content, found) = match files.read(&file.path) {
                Ok(bytes) => read_file(bytes, folder.layout, &file),
                Err(error) => (None, vec![unreadable(&file.path, &error)]),
            };
            problems.extend(found);
            contents.extend(content.map(|content| (file.path, content)));
        }
        let project = read_project(files, &folder);
        assemble(folder, &project, contents)
    });
    let roots = roots.collect();
    (Metadata::new(roots), problems)
}

/// What `DT-INF/PROJECT.PMF` of a root says; nothing if there is none.
pub fn read_project(files: &dyn Files, folder: &RootFolder) -> ProjectFile {
    let bytes = folder.project_file.as_ref().and_then(|path| files.read(path).ok());
    bytes.map(read_project_file).unwrap_or_default()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem { path: path.to_path_buf(), line: None, message: format!("the file cannot be read: {error}") }
}
