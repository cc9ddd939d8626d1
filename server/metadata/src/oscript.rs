//! Libraries of OneScript: `lib.config` names their classes and modules; without it, the folders do.

use std::path::{Path, PathBuf};

use base::Files;
use smol_str::SmolStr;

use crate::model::Problem;
use crate::module_path::{ModuleKind, oscript_kind};
use crate::xml::XmlFile;

const CONFIG: &str = "lib.config";
const MAX_DEPTH: usize = 12;
const MAX_FOLDERS: usize = 20_000;

/// A class or a module that a library offers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LibraryEntry {
    pub name: SmolStr,
    /// `OScriptClass` or `OScriptModule`.
    pub kind: ModuleKind,
    pub path: PathBuf,
}

/// What a script may use after `#Использовать`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Library {
    pub folder: PathBuf,
    /// Name of the package's folder, which is what scripts write.
    pub name: SmolStr,
    pub entries: Vec<LibraryEntry>,
}

/// Reads `lib.config`; paths in it are relative to the folder of the file.
pub fn read_library(bytes: Vec<u8>, path: &Path) -> (Vec<LibraryEntry>, Vec<Problem>) {
    let (file, problems) = XmlFile::read(bytes, path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let children = file.root().into_iter().flat_map(|root| root.children());
    let entry = |child: crate::xml::Element<'_>| {
        let kind = match child.name() {
            "class" => ModuleKind::OScriptClass,
            "module" => ModuleKind::OScriptModule,
            _ => return None,
        };
        let file = child.attribute("file")?;
        let path = file.split(['/', '\\']).fold(folder.to_path_buf(), |path, part| path.join(part));
        Some(LibraryEntry { name: child.attribute("name")?.into(), kind, path })
    };
    (children.filter_map(entry).collect(), problems)
}

/// The class or module that a file is by the folder it lies in.
pub fn library_entry(path: &Path) -> Option<LibraryEntry> {
    let is_script = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("os"));
    let folder = path.parent()?.file_name()?.to_str()?;
    let kind = oscript_kind(&[folder]);
    let is_entry = is_script && kind != ModuleKind::Unknown;
    is_entry.then(|| LibraryEntry {
        name: crate::source::name_from_path(path).into(),
        kind,
        path: path.to_path_buf(),
    })
}

/// Libraries in a folder: those with `lib.config`, and folders with `Классы` or `Модули` that none of them holds.
pub fn find_libraries(files: &dyn Files, workspace: &Path) -> (Vec<Library>, Vec<Problem>) {
    let mut libraries: Vec<Library> = Vec::new();
    let mut problems = Vec::new();
    let mut pending = vec![(workspace.to_path_buf(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = pending.pop() {
        seen += 1;
        if seen > MAX_FOLDERS {
            break;
        }
        let entries = files.list(&folder);
        let config = folder.join(CONFIG);
        let has_config = entries.iter().any(|entry| !entry.is_folder && entry.name() == CONFIG);
        let read = has_config.then(|| files.read(&config).ok()).flatten();
        let offered = match read {
            Some(bytes) => {
                let (offered, found) = read_library(bytes, &config);
                problems.extend(found);
                offered
            }
            None if libraries.iter().any(|library| folder.starts_with(&library.folder)) => Vec::new(),
            None => conventional_entries(files, &folder, &entries),
        };
        if !offered.is_empty() {
            libraries.push(library(folder, offered));
        }
        let is_worth = |name: &str| !name.starts_with('.') && !matches!(name, "node_modules" | "target");
        let folders = entries.into_iter().filter(|entry| entry.is_folder && is_worth(entry.name()));
        if depth < MAX_DEPTH {
            pending.extend(folders.map(|entry| (entry.path, depth + 1)));
        }
    }
    libraries.sort();
    (libraries, problems)
}

fn library(folder: PathBuf, mut entries: Vec<LibraryEntry>) -> Library {
    entries.sort();
    // Packages keep their code in `src`; scripts name the package.
    let named = if folder.ends_with("src") { folder.parent().unwrap_or(&folder) } else { &folder };
    let name = named.file_name().and_then(|name| name.to_str()).unwrap_or_default().into();
    Library { folder, name, entries }
}

fn conventional_entries(files: &dyn Files, folder: &Path, entries: &[base::FileEntry]) -> Vec<LibraryEntry> {
    let is_convention =
        |entry: &&base::FileEntry| entry.is_folder && oscript_kind(&[entry.name()]) != ModuleKind::Unknown;
    let folders = entries.iter().filter(is_convention);
    let files = folders.flat_map(|entry| files.list(&folder.join(entry.name())));
    files.filter(|entry| !entry.is_folder).filter_map(|entry| library_entry(&entry.path)).collect()
}
