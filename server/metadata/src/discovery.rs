//! Finds the roots of a workspace and what lies in them, without reading objects. Several roots side by side are
//! normal: a configuration, its extensions, external objects.

use std::path::{Path, PathBuf};

use base::{FileEntry, Files};

use crate::kind::ObjectKind;
use crate::model::Layout;

mod role;

pub use role::{FileRole, file_role};

const MAX_DEPTH: usize = 16;
/// A workspace that has more folders outside of its roots is not one of 1C.
const MAX_FOLDERS: usize = 50_000;
const SKIPPED: &[&str] = &[".git", "node_modules", "target", "bin", ".settings", "oscript_modules"];
const NATURES: &[&str] = &["V8ConfigurationNature", "V8ExtensionNature", "V8ExternalObjectsNature"];

/// Where a configuration, an extension or external objects lie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootFolder {
    /// Folder that holds the kinds' folders: with `Configuration.xml`, or `src` of an EDT project; the folder with the
    /// files of external objects.
    pub folder: PathBuf,
    pub layout: Layout,
    /// Absent for external objects.
    pub configuration: Option<PathBuf>,
    /// `DT-INF/PROJECT.PMF` of an EDT project; it need not exist.
    pub project_file: Option<PathBuf>,
    /// Name of an EDT project, which extensions refer to; empty otherwise.
    pub project: String,
    /// Files of external objects of the Designer.
    pub externals: Vec<PathBuf>,
}

/// Roots in a workspace folder, which may be one itself, sorted by folder.
pub fn find_roots(files: &dyn Files, workspace: &Path) -> Vec<RootFolder> {
    let mut roots = Vec::new();
    let mut pending = vec![(workspace.to_path_buf(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = pending.pop() {
        seen += 1;
        if seen > MAX_FOLDERS {
            break;
        }
        let entries = files.list(&folder);
        let found = inspect(files, &folder, &entries);
        let is_skipped = |entry: &FileEntry| match &found {
            Some(root) => is_part_of(root, &entry.path),
            None => false,
        };
        if depth < MAX_DEPTH {
            let folders = entries.iter().filter(|entry| entry.is_folder && !is_ignored(entry.name()));
            pending.extend(
                folders.filter(|entry| !is_skipped(entry)).map(|entry| (entry.path.clone(), depth + 1)),
            );
        }
        roots.extend(found);
    }
    roots.sort();
    roots
}

fn is_ignored(name: &str) -> bool {
    SKIPPED.contains(&name) || name.starts_with('.')
}

/// Folders that hold objects of a root hold no other roots.
fn is_part_of(root: &RootFolder, folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !root.externals.is_empty() {
        return root.externals.iter().any(|file| file.with_extension("") == folder);
    }
    match root.layout {
        Layout::Designer => name == "Ext" || ObjectKind::from_folder(name).is_some(),
        Layout::Edt => folder == root.folder || name == "DT-INF",
    }
}

/// The root that a folder is, if it is one.
fn inspect(files: &dyn Files, folder: &Path, entries: &[FileEntry]) -> Option<RootFolder> {
    let has = |name: &str| entries.iter().any(|entry| entry.name() == name);
    if has("Configuration.xml") {
        let path = folder.join("Configuration.xml");
        if starts_object(files, &path, &["Configuration"]) {
            return Some(designer_root(folder.to_path_buf(), Some(path), Vec::new()));
        }
    }
    if has("src")
        && let Some(root) = edt_root(files, folder, has(".project"), has("DT-INF"))
    {
        return Some(root);
    }
    let externals = external_objects(files, entries);
    (!externals.is_empty()).then(|| designer_root(folder.to_path_buf(), None, externals))
}

fn designer_root(folder: PathBuf, configuration: Option<PathBuf>, externals: Vec<PathBuf>) -> RootFolder {
    RootFolder {
        folder,
        layout: Layout::Designer,
        configuration,
        project_file: None,
        project: String::new(),
        externals,
    }
}

/// A project that has lost its `.project` is still one if it has a configuration.
fn edt_root(files: &dyn Files, folder: &Path, has_project: bool, has_manifest: bool) -> Option<RootFolder> {
    let source = folder.join("src");
    let configuration = source.join("Configuration").join("Configuration.mdo");
    let has_configuration = files
        .list(&source.join("Configuration"))
        .iter()
        .any(|entry| entry.path == configuration || entry.name() == "Configuration.mdo");
    let read = |path: PathBuf| files.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let description = has_project.then(|| read(folder.join(".project"))).flatten().unwrap_or_default();
    let is_project = NATURES.iter().any(|nature| description.contains(nature));
    let has_manifest = has_manifest && !files.list(&folder.join("DT-INF")).is_empty();
    if !has_configuration && !is_project && !has_manifest {
        return None;
    }
    let folder_name = || folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let named = description.split_once("<name>").and_then(|(_, rest)| rest.split_once("</name>"));
    Some(RootFolder {
        folder: source,
        layout: Layout::Edt,
        configuration: has_configuration.then_some(configuration),
        project_file: Some(folder.join("DT-INF").join("PROJECT.PMF")),
        project: named.map_or_else(folder_name, |(name, _)| name.trim()).to_owned(),
        externals: Vec::new(),
    })
}

/// `X.xml` beside a folder `X` may be an external object; only its beginning tells.
fn external_objects(files: &dyn Files, entries: &[FileEntry]) -> Vec<PathBuf> {
    let is_candidate = |entry: &&FileEntry| {
        let stem = entry.name().strip_suffix(".xml");
        !entry.is_folder
            && stem.is_some_and(|stem| entries.iter().any(|other| other.is_folder && other.name() == stem))
    };
    let kinds = ["ExternalDataProcessor", "ExternalReport"];
    let candidates = entries.iter().filter(is_candidate);
    candidates
        .filter(|entry| starts_object(files, &entry.path, &kinds))
        .map(|entry| entry.path.clone())
        .collect()
}

/// True if a file begins like the description of an object of one of the kinds.
fn starts_object(files: &dyn Files, path: &Path, kinds: &[&str]) -> bool {
    let Ok(bytes) = files.read(path) else { return false };
    let head = &bytes[..bytes.len().min(4096)];
    let head = match base::encoding::decode(head.to_vec()) {
        Ok(decoded) => decoded.text,
        Err(_) => return false,
    };
    let Some((_, after)) = head.split_once("<MetaDataObject") else { return false };
    let is = |kind: &&str| {
        let tag = after.split_once(&format!("<{kind}")).map(|(_, rest)| rest);
        tag.is_some_and(|rest| rest.starts_with([' ', '>', '\r', '\n', '\t']))
    };
    kinds.iter().any(is)
}

/// A file of a root with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootFile {
    pub path: PathBuf,
    pub role: FileRole,
}

/// All files of a root that mean something, in the order of their paths.
pub fn list_files(files: &dyn Files, root: &RootFolder) -> Vec<RootFile> {
    let mut found = Vec::new();
    let mut pending: Vec<(PathBuf, usize)> = Vec::new();
    if root.externals.is_empty() {
        pending.push((root.folder.clone(), 0));
    } else {
        let role = FileRole::Object(ObjectKind::ExternalDataProcessor);
        found.extend(root.externals.iter().map(|path| RootFile { path: path.clone(), role }));
        pending.extend(root.externals.iter().map(|path| (path.with_extension(""), 1)));
    }
    while let Some((folder, depth)) = pending.pop() {
        for entry in files.list(&folder) {
            if entry.is_folder {
                if depth < MAX_DEPTH && is_worth_listing(root, entry.name(), depth) {
                    pending.push((entry.path, depth + 1));
                }
            } else if let Some(role) = role_in(root, &entry.path) {
                found.push(RootFile { path: entry.path, role });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found.dedup_by(|left, right| left.path == right.path);
    found
}

/// What a file of a root is; `None` for pictures, help and other files that mean nothing to code.
pub fn role_in(root: &RootFolder, path: &Path) -> Option<FileRole> {
    let relative = path.strip_prefix(&root.folder).ok()?;
    if root.externals.iter().any(|file| file == path) {
        return Some(FileRole::Object(ObjectKind::ExternalDataProcessor));
    }
    file_role(relative, root.layout, !root.externals.is_empty())
}

/// Templates are the bulk of many configurations and mean nothing to code; nor does what lies beside the kinds'
/// folders.
fn is_worth_listing(root: &RootFolder, name: &str, depth: usize) -> bool {
    match depth {
        0 => {
            let is_own = name == "Ext" && root.layout == Layout::Designer
                || name == "Configuration" && root.layout == Layout::Edt;
            is_own || ObjectKind::from_folder(name).is_some_and(has_files)
        }
        _ => !matches!(name, "Templates" | "Help"),
    }
}

/// Kinds whose files hold nothing that code refers to.
fn has_files(kind: ObjectKind) -> bool {
    !matches!(kind, ObjectKind::Interface | ObjectKind::Style | ObjectKind::PaletteColor)
}
