//! Where a part of an object is described in the object's file: an attribute, a tabular section, a value.

use std::path::{Path, PathBuf};

use base::{Files, TextRange};
use metadata::xml::{Element, XmlFile};
use metadata::{Layout, MetadataObject};
use semantics::{Definition, Location, ObjectId, Project};

/// How a part is recognized.
enum Part<'a> {
    Uuid(&'a str),
    /// An element of one of these names that is called so.
    Named(&'a [&'a str], &'a str),
}

/// The place of the part's name.
pub(super) fn part_of_object(
    project: &Project,
    definition: &Definition,
    files: &dyn Files,
) -> Option<Location> {
    match definition {
        Definition::Attribute(attribute) => {
            let object = project.object(attribute.object)?;
            let found = attribute.find(object)?;
            place(files, &object.path, &by_uuid(&found.uuid, &found.name))
        }
        Definition::Section { object, section } => {
            let object = project.object(*object)?;
            let found = object.tabular_sections.get(*section as usize)?;
            place(files, &object.path, &by_uuid(&found.uuid, &found.name))
        }
        Definition::EnumValue { object, index } => {
            let object = project.object(*object)?;
            let name = &object.enum_values.get(*index as usize)?.name;
            place(files, &object.path, &Part::Named(&["EnumValue", "enumValues"], name))
        }
        Definition::Predefined { object: id, index } => {
            let object = project.object(*id)?;
            let name = &object.predefined.get(*index as usize)?.name;
            let path = predefined_path(project, *id, object)?;
            place(files, &path, &Part::Named(&["Item", "items"], name))
        }
        _ => None,
    }
}

fn by_uuid<'a>(uuid: &'a str, name: &'a str) -> Part<'a> {
    const ATTRIBUTES: &[&str] =
        &["Attribute", "attributes", "Dimension", "dimensions", "Resource", "resources"];
    if uuid.is_empty() { Part::Named(ATTRIBUTES, name) } else { Part::Uuid(uuid) }
}

/// The Designer keeps predefined items in a file of their own.
fn predefined_path(project: &Project, id: ObjectId, object: &MetadataObject) -> Option<PathBuf> {
    Some(match project.root(id.root)?.configuration().layout {
        Layout::Designer => object.path.with_extension("").join("Ext").join("Predefined.xml"),
        Layout::Edt => object.path.clone(),
    })
}

fn place(files: &dyn Files, path: &Path, part: &Part<'_>) -> Option<Location> {
    let (file, _) = XmlFile::read(files.read(path).ok()?, path);
    let range = file.root()?.descendants().find_map(|element| name_range(element, part))?;
    Some(Location::File { path: path.to_owned(), range: Some(range) })
}

fn name_range(element: Element<'_>, part: &Part<'_>) -> Option<TextRange> {
    let is_it = match part {
        Part::Uuid(uuid) => element.attribute("uuid").is_some_and(|found| found == *uuid),
        Part::Named(tags, _) => tags.contains(&element.name()),
    };
    if !is_it {
        return None;
    }
    let name = element.find(&["Properties", "Name"]).or_else(|| element.child("Name"));
    let name = name.or_else(|| element.child("name"))?;
    let is_called_so = match part {
        Part::Uuid(_) => true,
        Part::Named(_, wanted) => base::same_name(&name.trimmed(), wanted),
    };
    is_called_so.then(|| name.text_range())
}
