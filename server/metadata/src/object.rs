//! Reads the file of one object, whatever its kind and layout.

use std::path::Path;

use smol_str::{SmolStr, format_smolstr};

use crate::details;
use crate::kind::ObjectKind;
use crate::model::{
    Attribute, Command, EnumValue, KeyFields, Layout, MetadataObject, Problem, TabularSection,
};
use crate::predefined::predefined_of_edt;
use crate::source::{Source, name_from_path};
use crate::xml::XmlFile;

/// Reads the file of one object. What a broken file still tells is in the object; what is wrong with it, in at most
/// one problem. The kind is that of the folder; external objects of the Designer say theirs themselves.
pub fn read_object(
    bytes: Vec<u8>,
    layout: Layout,
    kind: ObjectKind,
    path: &Path,
) -> (MetadataObject, Vec<Problem>) {
    let (file, mut problems) = XmlFile::read(bytes, path);
    let mut object = MetadataObject { kind, path: path.to_path_buf(), ..MetadataObject::default() };
    let source = file.root().and_then(|root| Source::of_root(root, layout));
    if let Some(source) = source.filter(|source| is_kind(source.element().name(), kind)) {
        object.kind = ObjectKind::from_name(source.element().name()).unwrap_or(kind);
        fill(&mut object, source);
    } else if problems.is_empty() {
        problems.push(Problem {
            path: path.to_path_buf(),
            line: file.root().map(|root| root.line()),
            message: format!("the file does not describe an object of kind {}", kind.name()),
        });
    }
    if object.name.is_empty() {
        object.name = name_from_path(path).into();
    }
    if kind == ObjectKind::Subsystem {
        object.name = subsystem_name(path, &object.name);
    }
    (object, problems)
}

/// The two kinds of external objects lie in the same folders.
fn is_kind(element: &str, kind: ObjectKind) -> bool {
    let is_external = |kind| matches!(kind, ObjectKind::ExternalDataProcessor | ObjectKind::ExternalReport);
    element == kind.name() || is_external(kind) && ObjectKind::from_name(element).is_some_and(is_external)
}

fn fill(object: &mut MetadataObject, source: Source<'_>) {
    object.name = source.text("Name");
    object.uuid = source.uuid();
    object.synonym = source.synonym();
    object.comment = source.text("Comment");
    object.is_adopted = source.text("ObjectBelonging") == "Adopted";
    object.attributes = attributes(source, "Attribute", "attributes");
    object.dimensions = attributes(source, "Dimension", "dimensions");
    object.resources = attributes(source, "Resource", "resources");
    object.other_fields = other_fields(source);
    object.tabular_sections =
        source.parts("TabularSection", "tabularSections").map(tabular_section).collect();
    object.standard_attributes = standard_attributes(source);
    object.enum_values = source.parts("EnumValue", "enumValues").map(enum_value).collect();
    object.commands = source.parts("Command", "commands").map(command).collect();
    object.forms = source.part_names("Form", "forms");
    object.templates = source.part_names("Template", "templates");
    object.predefined = source.property("Predefined").map(predefined_of_edt).unwrap_or_default();
    object.children = children(object.kind, source);
    object.keys = key_fields(object.kind, source);
    object.details = details::read(object.kind, source);
}

fn attributes(source: Source<'_>, designer: &'static str, edt: &'static str) -> Vec<Attribute> {
    source.parts(designer, edt).map(attribute).collect()
}

fn attribute(source: Source<'_>) -> Attribute {
    let indexing = source.text("Indexing");
    Attribute {
        name: source.text("Name"),
        uuid: source.uuid(),
        synonym: source.synonym(),
        types: source.types("Type"),
        indexing: if indexing == "DontIndex" { SmolStr::default() } else { indexing },
        references: source.texts("References"),
        denies_incomplete_values: source.is("DenyIncompleteValues"),
    }
}

fn other_fields(source: Source<'_>) -> Vec<Attribute> {
    let mut fields = attributes(source, "Column", "columns");
    fields.extend(attributes(source, "AddressingAttribute", "addressingAttributes"));
    fields.extend(attributes(source, "AccountingFlag", "accountingFlags"));
    fields.extend(attributes(source, "ExtDimensionAccountingFlag", "extDimensionAccountingFlags"));
    fields
}

fn tabular_section(source: Source<'_>) -> TabularSection {
    TabularSection {
        name: source.text("Name"),
        uuid: source.uuid(),
        synonym: source.synonym(),
        attributes: attributes(source, "Attribute", "attributes"),
    }
}

/// The Designer keeps the names in attributes of the elements, EDT in elements.
fn standard_attributes(source: Source<'_>) -> Vec<SmolStr> {
    let items = source.items("StandardAttributes").into_iter();
    match source.layout {
        Layout::Designer => items.filter_map(|item| item.attribute("name")).map(Into::into).collect(),
        Layout::Edt => items.map(|item| item.child_text("name").into()).collect(),
    }
}

fn enum_value(source: Source<'_>) -> EnumValue {
    EnumValue { name: source.text("Name"), synonym: source.synonym() }
}

fn command(source: Source<'_>) -> Command {
    Command {
        name: source.text("Name"),
        synonym: source.synonym(),
        parameter: source.types("CommandParameterType"),
    }
}

fn children(kind: ObjectKind, source: Source<'_>) -> Vec<SmolStr> {
    match kind {
        ObjectKind::Subsystem => source.part_names("Subsystem", "subsystems"),
        ObjectKind::CalculationRegister => source.part_names("Recalculation", "recalculations"),
        ObjectKind::ExternalDataSource => source.part_names("Table", "tables"),
        _ => Vec::new(),
    }
}

fn key_fields(kind: ObjectKind, source: Source<'_>) -> KeyFields {
    use ObjectKind::{BusinessProcess, Catalog, ChartOfCalculationTypes, Document, Task};
    let (length, code_type) = match kind {
        Document | BusinessProcess | Task => ("NumberLength", "NumberType"),
        _ => ("CodeLength", "CodeType"),
    };
    // A number is the first choice, and EDT leaves the first choice out. Other kinds have strings only.
    let default = if source.layout == Layout::Edt { "Number" } else { "String" };
    let may_be_number = matches!(kind, Catalog | ChartOfCalculationTypes | Document | BusinessProcess | Task);
    let code_length = source.number(length);
    let is_hierarchical = source.is("Hierarchical");
    KeyFields {
        is_hierarchical,
        has_folders: is_hierarchical && source.text("HierarchyType") != "HierarchyOfItems",
        code_length,
        is_code_number: may_be_number && code_length > 0 && source.text_or(code_type, default) == "Number",
        is_code_unique: source.is("CheckUnique"),
        // Each kind has its own word for the whole: `WholeCatalog`, `WholeChartOfAccounts`…
        has_code_series_by_part: source.text("CodeSeries").starts_with("Within"),
        description_length: source.number("DescriptionLength"),
        ext_dimension_count: source.number("MaxExtDimensionCount"),
    }
}

/// Nested subsystems have the names of those around them: `Parent.Child`.
fn subsystem_name(path: &Path, name: &str) -> SmolStr {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let mut names = vec![name];
    // From `…/Subsystems/Parent/Subsystems/Child.xml` or `…/Child/Child.mdo` upwards.
    let mut end = parts.iter().rposition(|part| *part == "Subsystems").unwrap_or_default();
    while end >= 2 && parts[end - 2] == "Subsystems" {
        names.push(parts[end - 1]);
        end -= 2;
    }
    names.reverse();
    names.iter().skip(1).fold(SmolStr::from(names[0]), |full, name| format_smolstr!("{full}.{name}"))
}

#[cfg(test)]
mod tests;
