//! What identifiers of metadata stand for: looked up in the files of a project, in both layouts, only those wanted.

use std::path::Path;

use base::{FileEntry, Files};
use memchr::memmem;
use metadata::{Layout, ModulePlace, ObjectKind, RootFolder};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::debugger::Owners;

const ATTRIBUTE: &[u8] = b"uuid=\"";
const MAX_DEPTH: usize = 8;

/// Looks for identifiers, in lower case, in all files of a root.
pub(crate) fn find_owners(
    files: &dyn Files,
    root: &RootFolder,
    wanted: &FxHashSet<String>,
    owners: &mut Owners,
) {
    let mut pending: Vec<(FileEntry, usize)> =
        files.list(&root.folder).into_iter().map(|entry| (entry, 0)).collect();
    while let Some((entry, depth)) = pending.pop() {
        if owners.len() >= wanted.len() {
            return;
        }
        if entry.is_folder {
            // What lies in `Ext` describes contents, not objects.
            if depth < MAX_DEPTH && entry.name() != "Ext" {
                pending.extend(files.list(&entry.path).into_iter().map(|entry| (entry, depth + 1)));
            }
            continue;
        }
        let extension = if root.layout == Layout::Designer { "xml" } else { "mdo" };
        if entry.path.extension().is_some_and(|found| found == extension)
            && let Ok(bytes) = files.read(&entry.path)
        {
            read_file(&bytes, &entry.path, root, wanted, owners);
        }
    }
}

fn read_file(bytes: &[u8], path: &Path, root: &RootFolder, wanted: &FxHashSet<String>, owners: &mut Owners) {
    let mut file_place: Option<ModulePlace> = None;
    for at in memmem::find_iter(bytes, ATTRIBUTE) {
        let start = at + ATTRIBUTE.len();
        let Some(id) = bytes.get(start..start + 36).and_then(|id| std::str::from_utf8(id).ok()) else {
            continue;
        };
        let element = element_name(&bytes[..at]);
        if file_place.is_none() {
            file_place = place_of_path(path, root, element);
        }
        let id = id.to_lowercase();
        let Some(place) = file_place.clone().filter(|_| wanted.contains(&id)) else { continue };
        let place = match element {
            "Command" | "commands" => ModulePlace { command: name_after(&bytes[start..]), ..place },
            "forms" => ModulePlace { form: name_after(&bytes[start..]), ..place },
            "recalculations" | "tables" => ModulePlace { part: name_after(&bytes[start..]), ..place },
            _ => place,
        };
        owners.insert(id, place);
    }
}

/// The element that an attribute belongs to, without prefix.
fn element_name(before: &[u8]) -> &str {
    let start = before.iter().rposition(|byte| *byte == b'<').map_or(0, |start| start + 1);
    let tag = std::str::from_utf8(&before[start..]).unwrap_or_default();
    let name = tag.split_ascii_whitespace().next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

/// The text of the next element `Name`.
fn name_after(bytes: &[u8]) -> Option<SmolStr> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
    let (_, rest) = text.split_once("<Name>").or_else(|| text.split_once("<name>"))?;
    rest.split_once('<').map(|(name, _)| name.into())
}

/// The object, form or recalculation that a file describes.
fn place_of_path(path: &Path, root: &RootFolder, element: &str) -> Option<ModulePlace> {
    if element == "Configuration" {
        return Some(ModulePlace::default());
    }
    let rest = path.strip_prefix(&root.folder).ok()?.with_extension("");
    let parts: Vec<&str> = rest.components().filter_map(|part| part.as_os_str().to_str()).collect();
    let owner = |folder: &str, name: &str| Some((ObjectKind::from_folder(folder)?, SmolStr::from(name)));
    let place = match (parts.as_slice(), root.layout) {
        // `Catalogs/X.xml`, `Catalogs/X/X.mdo`.
        ([folder, name], Layout::Designer) | ([folder, name, _], Layout::Edt) => {
            ModulePlace { owner: owner(folder, name), ..ModulePlace::default() }
        }
        ([folder, name, "Forms", form], Layout::Designer) => {
            ModulePlace { owner: owner(folder, name), form: Some((*form).into()), ..ModulePlace::default() }
        }
        ([folder, name, "Recalculations" | "Tables", part], Layout::Designer) => {
            ModulePlace { owner: owner(folder, name), part: Some((*part).into()), ..ModulePlace::default() }
        }
        // External objects of the Designer.
        ([name], Layout::Designer) => {
            let kind = ObjectKind::from_name(element)?;
            ModulePlace { owner: Some((kind, (*name).into())), ..ModulePlace::default() }
        }
        _ => return None,
    };
    place.owner.is_some().then_some(place)
}
