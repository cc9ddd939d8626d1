//! Reads type descriptions of both layouts. Prefixes of the Designer's type names differ from file to file, so names
//! are told apart by the address of their namespace.

use smol_str::{SmolStr, format_smolstr};

use crate::model::Layout;
use crate::types::{MetaType, TypeDescription};
use crate::xml::Element;

const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const CURRENT_CONFIGURATION: &str = "http://v8.1c.ru/8.1/data/enterprise/current-config";
const COMPOSITION: &str = "http://v8.1c.ru/8.1/data-composition-system/";

/// Types inside `Type`, `Source`, `type`, `valueType` and the like.
pub fn read_types(element: Element<'_>, layout: Layout) -> TypeDescription {
    let mut description = match layout {
        Layout::Designer => designer(element),
        Layout::Edt => edt(element),
    };
    // Both layouts leave the default out now and then.
    let has_dates = description.types.contains(&MetaType::Date);
    if has_dates && description.date_fractions.is_empty() {
        description.date_fractions = SmolStr::new_static("DateTime");
    }
    description
}

fn designer(element: Element<'_>) -> TypeDescription {
    let mut description = TypeDescription::default();
    for child in element.children() {
        match child.name() {
            "Type" | "TypeSet" => {
                let text = child.trimmed();
                let (namespace, name) = child.qualified(&text);
                description.types.push(designer_type(namespace, name));
            }
            "TypeId" => description.types.push(MetaType::Unknown),
            "StringQualifiers" => description.string_length = number(child, "Length"),
            "NumberQualifiers" => {
                description.number_digits = number(child, "Digits");
                description.number_fraction = number(child, "FractionDigits");
            }
            "DateQualifiers" => description.date_fractions = child.child_text("DateFractions").into(),
            _ => {}
        }
    }
    description
}

/// A type by the address of its namespace and its local name.
fn designer_type(namespace: &str, name: &str) -> MetaType {
    match namespace {
        SCHEMA => schema_type(name),
        CURRENT_CONFIGURATION => match name {
            "AnyIBRef" => MetaType::AnyRef,
            _ => MetaType::from_generated_name(name).unwrap_or_else(|| MetaType::Platform(name.into())),
        },
        "" => MetaType::Unknown,
        // The files shorten names of the composition system; the platform and EDT do not.
        _ if namespace.starts_with(COMPOSITION) && !name.starts_with("DataComposition") => {
            MetaType::Platform(format_smolstr!("DataComposition{name}"))
        }
        _ => match name {
            "ValueListType" => MetaType::Platform(SmolStr::new_static("ValueList")),
            _ => MetaType::Platform(name.into()),
        },
    }
}

fn schema_type(name: &str) -> MetaType {
    match name {
        "string" => MetaType::String,
        "decimal" => MetaType::Number,
        "boolean" => MetaType::Boolean,
        "dateTime" => MetaType::Date,
        "base64Binary" | "hexBinary" => MetaType::Platform(SmolStr::new_static("BinaryData")),
        _ => MetaType::Unknown,
    }
}

fn edt(element: Element<'_>) -> TypeDescription {
    let mut description = TypeDescription::default();
    for child in element.children() {
        match child.name() {
            "types" => description.types.push(edt_type(&child.trimmed())),
            "stringQualifiers" => description.string_length = number(child, "length"),
            "numberQualifiers" => {
                description.number_digits = number(child, "precision");
                description.number_fraction = number(child, "scale");
            }
            "dateQualifiers" => description.date_fractions = child.child_text("dateFractions").into(),
            _ => {}
        }
    }
    description
}

fn edt_type(name: &str) -> MetaType {
    match name {
        "String" => MetaType::String,
        "Number" => MetaType::Number,
        "Boolean" => MetaType::Boolean,
        "Date" => MetaType::Date,
        "AnyRef" => MetaType::AnyRef,
        "" => MetaType::Unknown,
        _ => MetaType::from_generated_name(name).unwrap_or_else(|| MetaType::Platform(name.into())),
    }
}

fn number<T: std::str::FromStr + Default>(element: Element<'_>, name: &str) -> T {
    element.child_text(name).parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::XmlFile;

    fn read(text: &str, layout: Layout) -> String {
        let (file, error) = XmlFile::parse(text.to_owned());
        assert_eq!(error, None);
        let root = file.root().expect("invariant: there is a root");
        let description = read_types(root, layout);
        let names: Vec<_> = description.types.iter().map(MetaType::name_en).collect();
        format!(
            "{} {} {},{} {}",
            names.join(" "),
            description.string_length,
            description.number_digits,
            description.number_fraction,
            description.date_fractions
        )
    }

    #[test]
    fn prefixes_do_not_matter() {
        let text = r#"<Type xmlns:q="http://v8.1c.ru/8.1/data/core" xmlns:z="http://www.w3.org/2001/XMLSchema">
            <q:Type>z:string</q:Type><q:Type xmlns:d5p1="http://v8.1c.ru/8.1/data/enterprise/current-config">d5p1:CatalogRef.Х</q:Type>
            <q:TypeSet xmlns:cfg="http://v8.1c.ru/8.1/data/enterprise/current-config">cfg:AnyIBRef</q:TypeSet>
            <q:Type>q:ValueListType</q:Type><q:TypeId>1-2-3</q:TypeId><q:Type>lost:Thing</q:Type>
            <q:Type xmlns:s="http://v8.1c.ru/8.1/data-composition-system/settings">s:SettingsComposer</q:Type>
            <q:StringQualifiers><q:Length>25</q:Length></q:StringQualifiers></Type>"#;
        let expected = "String CatalogRef.Х AnyRef ValueList   DataCompositionSettingsComposer 25 0,0 ";
        assert_eq!(read(text, Layout::Designer), expected);
    }

    #[test]
    fn defaults_are_restored() {
        let text = "<type><types>Date</types><types>CatalogRef</types><types>DefinedType.Х</types><types>UUID</types><stringQualifiers/></type>";
        assert_eq!(read(text, Layout::Edt), "Date CatalogRef DefinedType.Х UUID 0 0,0 DateTime");
    }
}
