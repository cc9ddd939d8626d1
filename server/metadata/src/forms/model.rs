//! What a form consists of. Ranges are byte offsets in the text of the form's file without its byte order mark.

use std::path::PathBuf;

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::embedded::EmbeddedText;
use crate::model::{Attribute, Synonym};
use crate::types::TypeDescription;

/// Content of one form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The form's own file; absent forms have an empty path.
    pub path: PathBuf,
    /// False for forms of the ordinary application, whose content is binary.
    pub is_managed: bool,
    /// An extension's copy of a form of its base. Handlers that only repeat the base are left out.
    pub is_borrowed: bool,
    pub attributes: Vec<FormAttribute>,
    pub parameters: Vec<Attribute>,
    /// In the order of the file; parents precede their children.
    pub elements: Vec<FormElement>,
    pub commands: Vec<FormCommand>,
    /// Handlers of the form's own events.
    pub handlers: Vec<FormHandler>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormAttribute {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub title: Synonym,
    pub types: TypeDescription,
    /// Value lists: types of the items, if they are set.
    pub item_types: TypeDescription,
    pub is_main: bool,
    /// Columns of value tables and trees.
    pub columns: Vec<Attribute>,
    /// Columns that the form adds to tables inside the attribute.
    pub additional_columns: Vec<FormColumns>,
    /// Dynamic lists: full name such as `Catalog.X`.
    pub main_table: SmolStr,
    /// Dynamic lists with their own query.
    pub query: Option<Box<EmbeddedText>>,
}

/// Columns that a form adds to one table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormColumns {
    /// Path of the table: `Объект.Товары`.
    pub table: SmolStr,
    pub columns: Vec<Attribute>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormElement {
    pub name: SmolStr,
    pub name_range: TextRange,
    /// As in Designer XML: `InputField`, `Table`, `Button`, `UsualGroup`…
    pub kind: SmolStr,
    /// Index of the element that holds this one.
    pub parent: Option<u32>,
    pub title: Synonym,
    /// `Объект.Code`; names of standard attributes are English.
    pub data_path: SmolStr,
    pub data_path_range: TextRange,
    /// The path leads nowhere: what it named is gone.
    pub is_data_path_lost: bool,
    /// Buttons: `Form.Command.X`, `Form.StandardCommand.Y`.
    pub command: SmolStr,
    pub command_range: TextRange,
    pub handlers: Vec<FormHandler>,
}

/// A command of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCommand {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub title: Synonym,
    /// Procedures that carry the command out; more than one in extensions only. Their `event` is `Action`.
    pub actions: Vec<FormHandler>,
}

/// An event and the procedure that handles it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormHandler {
    /// English name of the event.
    pub event: SmolStr,
    pub procedure: SmolStr,
    /// Extensions: `Before`, `After`, `Override`; empty otherwise.
    pub call_type: SmolStr,
    /// Where the procedure's name stands.
    pub range: TextRange,
}
