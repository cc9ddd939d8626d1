//! Content of forms: attributes, elements, commands and the procedures that handle their events. The Designer's
//! `Form.xml` and EDT's `Form.form` give the same model; kinds of elements are named as the Designer names them.

mod borrowed;
mod designer;
mod edt;
mod model;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use base::{Files, TextRange};
use smol_str::SmolStr;

use crate::model::{Layout, Problem};
use crate::xml::{Element, XmlFile};

pub use model::{Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler};

/// Reads the form that lives in `folder` (`…/Forms/<name>` or `CommonForms/<name>`). A form without a file of its
/// own is empty and has an empty path.
pub fn read_form(files: &dyn Files, folder: &Path, layout: Layout) -> (Form, Vec<Problem>) {
    let path = form_path(folder, layout);
    if let Ok(bytes) = files.read(&path) {
        let (mut form, mut problems) = parse_form(bytes, &path, layout);
        let base = folder.join("BaseForm/Form.form");
        if layout == Layout::Edt
            && let Ok(bytes) = files.read(&base)
        {
            let (base, base_problems) = parse_form(bytes, &base, layout);
            problems.extend(base_problems);
            borrowed::drop_repetitions(&mut form, &base);
        }
        return (form, problems);
    }
    let ordinary = match layout {
        Layout::Designer => folder.join("Ext/Form.bin"),
        Layout::Edt => folder.join("Form.oform"),
    };
    let name = ordinary.file_name();
    let siblings = ordinary.parent().map(|parent| files.list(parent)).unwrap_or_default();
    let has_ordinary = siblings.iter().any(|entry| entry.path.file_name() == name);
    (Form { path: if has_ordinary { ordinary } else { PathBuf::new() }, ..Form::default() }, Vec::new())
}

/// Where the content of a managed form is stored.
pub fn form_path(folder: &Path, layout: Layout) -> PathBuf {
    match layout {
        Layout::Designer => folder.join("Ext/Form.xml"),
        Layout::Edt => folder.join("Form.form"),
    }
}

/// Reads the content of a managed form's file.
pub fn parse_form(bytes: Vec<u8>, path: &Path, layout: Layout) -> (Form, Vec<Problem>) {
    let (file, mut problems) = XmlFile::read(bytes, path);
    let Some(root) = file.root() else {
        return (Form { path: path.to_path_buf(), is_managed: true, ..Form::default() }, problems);
    };
    if root.name() != "Form" {
        let message = format!("the file holds `{}` instead of a form", root.name());
        problems.push(Problem { path: path.to_path_buf(), line: Some(root.line()), message });
    }
    let mut form = match layout {
        Layout::Designer => designer::read(root),
        Layout::Edt => edt::read(root),
    };
    form.path = path.to_path_buf();
    form.is_managed = true;
    (form, problems)
}

/// A name with its place.
fn named(element: Option<Element<'_>>) -> (SmolStr, TextRange) {
    element.map_or_else(Default::default, |it| (it.trimmed().into(), it.text_range()))
}

/// The value of the attribute `name` with its place.
fn name_attribute(element: Element<'_>) -> (SmolStr, TextRange) {
    let name = element.attribute("name").unwrap_or_default().into();
    (name, element.attribute_range("name").unwrap_or_default())
}

/// The mark of a path whose attribute is gone.
fn is_lost(path: Element<'_>) -> bool {
    path.trimmed().starts_with('~')
}

/// A path without the marks of a row: `~Список.Ref` and `Таблица[0].Имя` name `Список.Ref` and `Таблица.Имя`.
fn data_path(element: Element<'_>) -> (SmolStr, TextRange) {
    let text = element.trimmed();
    let range = element.text_range();
    if !text.starts_with('~') && !text.contains('[') {
        return (text.into(), range);
    }
    let mut path = String::with_capacity(text.len());
    let mut is_index = false;
    for letter in text.trim_start_matches('~').chars() {
        match letter {
            '[' => is_index = true,
            ']' => is_index = false,
            _ if !is_index => path.push(letter),
            _ => {}
        }
    }
    (path.into(), range)
}
