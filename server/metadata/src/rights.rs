//! Rights of a role: `Rights.xml` of the Designer and `Rights.rights` of EDT are the same format.

use std::path::Path;

use smol_str::SmolStr;

use crate::model::Problem;
use crate::xml::{Element, XmlFile};

/// What a role allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// New objects get all rights.
    pub is_set_for_new_objects: bool,
    /// Attributes of an object have its rights unless they are listed themselves.
    pub is_set_for_attributes: bool,
    /// In the order of the file. Objects that are not listed have the default of the role.
    pub objects: Vec<ObjectRights>,
}

/// Rights to one object or one part of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectRights {
    /// `Catalog.X`, `Document.X.Attribute.Y`, `Configuration.X`.
    pub name: SmolStr,
    pub rights: Vec<Right>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Right {
    /// English name: `Read`, `Insert`, `InteractiveDelete`.
    pub name: SmolStr,
    pub is_granted: bool,
    /// Holds only for the records that a condition lets through.
    pub is_restricted: bool,
}

impl Rights {
    /// The right of that name if the role says anything about it.
    pub fn right(&self, object: &str, right: &str) -> Option<&Right> {
        let of_object = self.objects.iter().filter(|it| base::same_name(&it.name, object));
        of_object.flat_map(|it| &it.rights).find(|it| base::same_name(&it.name, right))
    }
}

/// Reads the rights of a role; a damaged file gives what stands before the damage.
pub fn read_rights(bytes: Vec<u8>, path: &Path) -> (Rights, Vec<Problem>) {
    let (file, problems) = XmlFile::read(bytes, path);
    let mut rights = Rights::default();
    for child in file.root().into_iter().flat_map(Element::children) {
        match child.name() {
            "setForNewObjects" => rights.is_set_for_new_objects = child.is_true(),
            "setForAttributesByDefault" => rights.is_set_for_attributes = child.is_true(),
            "object" => rights.objects.push(object(child)),
            _ => {}
        }
    }
    (rights, problems)
}

fn object(source: Element<'_>) -> ObjectRights {
    let right = |source: Element<'_>| Right {
        name: source.child_text("name").into(),
        is_granted: source.child("value").is_some_and(Element::is_true),
        is_restricted: source.child("restrictionByCondition").is_some(),
    };
    ObjectRights {
        name: source.child_text("name").into(),
        rights: source.children_named("right").map(right).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version='1.0'?>\n<Rights xmlns='http://v8.1c.ru/8.2/roles'>\
        <setForNewObjects>false</setForNewObjects><setForAttributesByDefault>true</setForAttributesByDefault>\
        <object><name>Catalog.Товары</name><right><name>Read</name><value>true</value>\
        <restrictionByCondition><condition>Товары ГДЕ Товары.Свой</condition></restrictionByCondition></right>\
        <right><name>Delete</name><value>false</value></right></object>\
        <object><name>Document.Order</name><right><name>Posting</name><value>true</value></right></object></Rights>";

    #[test]
    fn rights_are_granted_denied_and_restricted() {
        let (rights, problems) = read_rights(TEXT.as_bytes().to_vec(), Path::new("Rights.xml"));
        assert_eq!(problems, []);
        let state = |object, right| rights.right(object, right).map(|it| (it.is_granted, it.is_restricted));
        assert_eq!(state("catalog.товары", "Read"), Some((true, true)));
        assert_eq!(state("Catalog.Товары", "Delete"), Some((false, false)));
        assert_eq!(state("Document.Order", "posting"), Some((true, false)));
        assert_eq!(state("Document.Order", "Read"), None);
        assert!(rights.is_set_for_attributes && !rights.is_set_for_new_objects);
    }

    #[test]
    fn a_broken_file_gives_what_stands_before_the_break() {
        for end in (0..TEXT.len()).filter(|end| TEXT.is_char_boundary(*end)) {
            let (rights, problems) = read_rights(TEXT.as_bytes()[..end].to_vec(), Path::new("Rights.xml"));
            assert!(rights.objects.len() <= 2);
            assert_eq!(problems.len(), 1);
        }
    }
}
