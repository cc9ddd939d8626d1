//! EDT's `Form.form`: everything is an element, lists repeat their tag, and values that are the default are left
//! out, so an element's kind has to be put together from several places.

use smol_str::{SmolStr, format_smolstr};

use super::model::{Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler};
use super::{data_path, is_lost, named};
use crate::embedded::EmbeddedText;
use crate::model::{Attribute, Layout};
use crate::type_reader::read_types;
use crate::xml::Element;

pub(super) fn read(root: Element<'_>) -> Form {
    let mut form = Form::default();
    for child in root.children() {
        match child.name() {
            "handlers" => form.handlers.extend(handler(child)),
            // Events of the main attribute's kind: writing an object, reading a record.
            "extInfo" => form.handlers.extend(child.children_named("handlers").filter_map(handler)),
            "attributes" => form.attributes.push(attribute(child)),
            "parameters" => form.parameters.push(column(child)),
            "formCommands" => form.commands.push(command(child)),
            name if is_element(name) => add_element(&mut form, child, None),
            _ => {}
        }
    }
    form
}

fn is_element(name: &str) -> bool {
    matches!(
        name,
        "items"
            | "autoCommandBar"
            | "contextMenu"
            | "extendedTooltip"
            | "searchStringAddition"
            | "searchControlAddition"
            | "viewStatusAddition"
    )
}

/// Recursion is bounded by the depth of XML that is read.
fn add_element(form: &mut Form, source: Element<'_>, parent: Option<u32>) {
    let index = form.elements.len();
    form.elements.push(FormElement { parent, ..FormElement::default() });
    let mut element = FormElement { parent, ..FormElement::default() };
    let mut subtype = None;
    let mut details = None;
    for child in source.children() {
        match child.name() {
            "name" => (element.name, element.name_range) = named(Some(child)),
            "title" => element.title.extend(text(child)),
            "dataPath" => {
                let path = child.child("segments");
                (element.data_path, element.data_path_range) = path.map(data_path).unwrap_or_default();
                element.is_data_path_lost = path.is_some_and(is_lost);
            }
            "commandName" => (element.command, element.command_range) = named(Some(child)),
            "handlers" => element.handlers.extend(handler(child)),
            "type" => subtype = Some(child),
            "extInfo" => {
                element.handlers.extend(child.children_named("handlers").filter_map(handler));
                details = Some(child);
            }
            name if is_element(name) => add_element(form, child, Some(index as u32)),
            _ => {}
        }
    }
    element.kind = kind(source, subtype, details);
    if let Some(slot) = form.elements.get_mut(index) {
        *slot = element;
    }
}

/// The Designer's name of an element's kind.
fn kind(source: Element<'_>, subtype: Option<Element<'_>>, details: Option<Element<'_>>) -> SmolStr {
    if source.name() != "items" {
        let mut letters = source.name().chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        return first.into_iter().chain(letters).collect();
    }
    let subtype = subtype.map(Element::trimmed).unwrap_or_default();
    let class = type_name(source);
    match (class.as_str(), &*subtype) {
        ("FormField", "") => kind_of_details(details, "Field"),
        ("FormField", "SpreadsheetDocumentField") => SmolStr::new_static("SpreadSheetDocumentField"),
        ("FormGroup", "") => SmolStr::new_static("ButtonGroup"),
        ("FormField" | "FormGroup", subtype) => subtype.into(),
        ("Decoration", "") => SmolStr::new_static("PictureDecoration"),
        ("Decoration", subtype) => format_smolstr!("{subtype}Decoration"),
        ("Addition", "") => SmolStr::new_static("SearchStringAddition"),
        ("Addition", subtype) => subtype.into(),
        _ => class,
    }
}

/// `form:InputFieldExtInfo` belongs to an `InputField`.
fn kind_of_details(details: Option<Element<'_>>, fallback: &'static str) -> SmolStr {
    let class = details.map(type_name).unwrap_or_default();
    match class.strip_suffix("ExtInfo") {
        Some(kind) if !kind.is_empty() => kind.into(),
        _ => SmolStr::new_static(fallback),
    }
}

/// Local name of `xsi:type`.
fn type_name(element: Element<'_>) -> SmolStr {
    let name = element.attribute("type").unwrap_or_default();
    name.rsplit_once(':').map_or(&*name, |(_, local)| local).into()
}

/// `None` if no procedure is named.
fn handler(source: Element<'_>) -> Option<FormHandler> {
    let (procedure, range) = named(source.child("name"));
    let event = source.child_text("event").into();
    (!range.is_empty()).then(|| FormHandler { event, procedure, call_type: call_type(source), range })
}

/// The first of the values is the default and is left out.
fn call_type(source: Element<'_>) -> SmolStr {
    match source.child("callType") {
        Some(call_type) => call_type.trimmed().into(),
        None if type_name(source).ends_with("Extension") => SmolStr::new_static("Before"),
        None => SmolStr::default(),
    }
}

fn command(source: Element<'_>) -> FormCommand {
    let (name, name_range) = named(source.child("name"));
    let actions = source.children_named("action").flat_map(Element::children);
    let actions = actions.filter(|it| matches!(it.name(), "handler" | "handlers")).filter_map(handler);
    FormCommand {
        name,
        name_range,
        title: source.children_named("title").filter_map(text).collect(),
        actions: actions.map(|it| FormHandler { event: SmolStr::new_static("Action"), ..it }).collect(),
    }
}

fn attribute(source: Element<'_>) -> FormAttribute {
    let mut attribute = FormAttribute::default();
    for child in source.children() {
        match child.name() {
            "name" => (attribute.name, attribute.name_range) = named(Some(child)),
            "title" => attribute.title.extend(text(child)),
            "valueType" => attribute.types = read_types(child, Layout::Edt),
            "main" => attribute.is_main = child.is_true(),
            "columns" => attribute.columns.push(column(child)),
            "additionalColumns" => attribute.additional_columns.push(additional_columns(child)),
            "extInfo" => details(&mut attribute, child),
            _ => {}
        }
    }
    attribute
}

fn details(attribute: &mut FormAttribute, source: Element<'_>) {
    match type_name(source).as_str() {
        "DynamicListExtInfo" => {
            attribute.main_table = source.child_text("mainTable").into();
            if source.child("customQuery").is_some_and(Element::is_true) {
                attribute.query = source.child("queryText").and_then(EmbeddedText::of).map(Box::new);
            }
        }
        "ValueListExtInfo" => {
            let types = source.child("itemValueType").map(|it| read_types(it, Layout::Edt));
            attribute.item_types = types.unwrap_or_default();
        }
        _ => {}
    }
}

fn additional_columns(source: Element<'_>) -> FormColumns {
    FormColumns {
        table: source.find(&["tablePath", "segments"]).map(Element::trimmed).unwrap_or_default().into(),
        columns: source.children_named("columns").map(column).collect(),
    }
}

/// Columns and parameters look alike.
fn column(source: Element<'_>) -> Attribute {
    Attribute {
        name: source.child_text("name").into(),
        synonym: source.children_named("title").filter_map(text).collect(),
        types: source.child("valueType").map(|it| read_types(it, Layout::Edt)).unwrap_or_default(),
        ..Attribute::default()
    }
}

/// A text of one language. An element without a language is a setting, not a title.
fn text(source: Element<'_>) -> Option<(SmolStr, SmolStr)> {
    let language = source.child_text("key");
    (!language.is_empty()).then(|| (language.into(), source.child_text("value").into()))
}
