//! Content of forms: attributes, elements, commands and the procedures that handle their events. The Designer's
//! `Form.xml` and EDT's `Form.form` give the same model; kinds of elements are named as the Designer names them.

mod model;

pub use model::{Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler, FormQuery};
