//! The Designer's `Form.xml`: properties are elements, names are attributes, elements of the form nest in
//! `ChildItems` and, for menus, tooltips and panels, directly.

use smol_str::SmolStr;

use super::model::{Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler};
use super::{borrowed, data_path, is_lost, name_attribute};
use crate::embedded::EmbeddedText;
use crate::model::{Attribute, Layout, Synonym};
use crate::type_reader::read_types;
use crate::xml::Element;

pub(super) fn read(root: Element<'_>) -> Form {
    let mut form = Form::default();
    let mut base = None;
    for child in root.children() {
        match child.name() {
            "Events" => form.handlers = handlers(child),
            "Attributes" => form.attributes = child.children_named("Attribute").map(attribute).collect(),
            "Parameters" => form.parameters = child.children_named("Parameter").map(column).collect(),
            "Commands" => form.commands = child.children_named("Command").map(command).collect(),
            "ChildItems" => child.children().for_each(|item| add_element(&mut form, item, None)),
            "BaseForm" => base = Some(child),
            _ if is_element(child) => add_element(&mut form, child, None),
            _ => {}
        }
    }
    if let Some(base) = base {
        borrowed::drop_repetitions(&mut form, &read(base));
    }
    form
}

fn is_element(element: Element<'_>) -> bool {
    element.attribute("name").is_some() && element.attribute("id").is_some()
}

/// Recursion is bounded by the depth of XML that is read.
fn add_element(form: &mut Form, source: Element<'_>, parent: Option<u32>) {
    let index = form.elements.len();
    let (name, name_range) = name_attribute(source);
    form.elements.push(FormElement {
        name,
        name_range,
        kind: source.name().into(),
        parent,
        ..FormElement::default()
    });
    let mut element = FormElement::default();
    for child in source.children() {
        match child.name() {
            "DataPath" => {
                (element.data_path, element.data_path_range) = data_path(child);
                element.is_data_path_lost = is_lost(child);
            }
            "CommandName" => {
                (element.command, element.command_range) = (child.trimmed().into(), child.text_range());
            }
            "Title" => element.title = texts(child),
            "Events" => element.handlers = handlers(child),
            "ChildItems" => child.children().for_each(|item| add_element(form, item, Some(index as u32))),
            _ if is_element(child) => add_element(form, child, Some(index as u32)),
            _ => {}
        }
    }
    let Some(slot) = form.elements.get_mut(index) else { return };
    *slot = FormElement {
        name: std::mem::take(&mut slot.name),
        name_range: slot.name_range,
        kind: std::mem::take(&mut slot.kind),
        parent,
        ..element
    };
}

fn handlers(events: Element<'_>) -> Vec<FormHandler> {
    let event = |event: Element<'_>| event.attribute("name").unwrap_or_default().into();
    events.children_named("Event").filter_map(|source| handler(source, event(source))).collect()
}

/// `None` if no procedure is named.
fn handler(source: Element<'_>, event: SmolStr) -> Option<FormHandler> {
    let range = source.text_range();
    let call_type = source.attribute("callType").unwrap_or_default().into();
    (!range.is_empty()).then(|| FormHandler { event, procedure: source.trimmed().into(), call_type, range })
}

fn command(source: Element<'_>) -> FormCommand {
    let (name, name_range) = name_attribute(source);
    let action = |action| handler(action, SmolStr::new_static("Action"));
    FormCommand {
        name,
        name_range,
        title: source.child("Title").map(texts).unwrap_or_default(),
        actions: source.children_named("Action").filter_map(action).collect(),
    }
}

fn attribute(source: Element<'_>) -> FormAttribute {
    let (name, name_range) = name_attribute(source);
    let mut attribute = FormAttribute { name, name_range, ..FormAttribute::default() };
    for child in source.children() {
        match child.name() {
            "Title" => attribute.title = texts(child),
            "Type" => attribute.types = read_types(child, Layout::Designer),
            "MainAttribute" => attribute.is_main = child.is_true(),
            "Columns" => {
                attribute.columns = child.children_named("Column").map(column).collect();
                attribute.additional_columns =
                    child.children_named("AdditionalColumns").map(additional_columns).collect();
            }
            "Settings" => settings(&mut attribute, child),
            _ => {}
        }
    }
    attribute
}

fn settings(attribute: &mut FormAttribute, source: Element<'_>) {
    let kind = source.attribute("type").unwrap_or_default();
    match source.qualified(&kind).1 {
        "DynamicList" => {
            attribute.main_table = source.child_text("MainTable").into();
            // An unused text may be left from the time when the query was written by hand.
            if source.child("ManualQuery").is_none_or(Element::is_true) {
                attribute.query = source.child("QueryText").and_then(EmbeddedText::of).map(Box::new);
            }
        }
        "TypeDescription" => attribute.item_types = read_types(source, Layout::Designer),
        _ => {}
    }
}

fn additional_columns(source: Element<'_>) -> FormColumns {
    FormColumns {
        table: source.attribute("table").unwrap_or_default().into(),
        columns: source.children_named("Column").map(column).collect(),
    }
}

/// Columns and parameters look alike.
fn column(source: Element<'_>) -> Attribute {
    Attribute {
        name: source.attribute("name").unwrap_or_default().into(),
        synonym: source.child("Title").map(texts).unwrap_or_default(),
        types: source.child("Type").map(|it| read_types(it, Layout::Designer)).unwrap_or_default(),
        ..Attribute::default()
    }
}

fn texts(title: Element<'_>) -> Synonym {
    let items = title.children_named("item");
    items.map(|item| (item.child_text("lang").into(), item.child_text("content").into())).collect()
}
