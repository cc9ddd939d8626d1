//! Members of forms: attributes, elements, commands, parameters, columns of their tables.

use metadata::{Form, MetaType, ObjectAspect};

use crate::definition::{Definition, MemberKind, pair};
use crate::ids::FormId;
use crate::members::Sink;
use crate::resolver::Resolver;
use crate::types::{FormData, PlatformType, Type};

/// Parameters that forms have by themselves.
const PARAMETERS: &[(&str, &str)] = &[
    ("Ключ", "Key"),
    ("Отбор", "Filter"),
    ("РежимВыбора", "ChoiceMode"),
    ("ЗначенияЗаполнения", "FillingValues"),
    ("ЗначениеКопирования", "CopyingValue"),
    ("Основание", "Basis"),
    ("ЗакрыватьПриВыборе", "CloseOnChoice"),
    ("ЗакрыватьПриЗакрытииВладельца", "CloseOnOwnerClose"),
    ("ТолькоПросмотр", "ReadOnly"),
    ("ТекущаяСтрока", "CurrentRow"),
    ("МножественныйВыбор", "MultipleChoice"),
    ("ВыборГруппИЭлементов", "ChoiceFoldersAndItems"),
    ("КлючНазначенияИспользования", "PurposeUseKey"),
    ("КлючВарианта", "VariantKey"),
    ("СформироватьПриОткрытии", "GenerateOnOpen"),
    ("ФиксированныеНастройки", "FixedSettings"),
    ("ПараметрыФункциональныхОпций", "FunctionalOptionParameters"),
    ("РазрешитьИзменение", "AllowChange"),
    ("ЭтоГруппа", "IsFolder"),
];

impl<'a> Resolver<'a> {
    /// The content of a form and, if an extension borrowed it, of the form in its base.
    pub(crate) fn form_chain(self, form: FormId) -> impl Iterator<Item = (FormId, &'a Form)> {
        let project = self.project;
        let base = project.form_entry(form).and_then(|entry| {
            let (base, _) = project.object_chain(entry.object).nth(1)?;
            project.find_form(base, &entry.name)
        });
        [Some(form), base]
            .into_iter()
            .flatten()
            .filter_map(move |form| Some((form, project.form_content(form)?)))
    }

    pub(super) fn form_members(self, form: FormId, sink: &mut Sink<'_>) {
        for (form, content) in self.form_chain(form) {
            for (index, attribute) in content.attributes.iter().enumerate() {
                let index = index as u32;
                let definition = || Definition::FormAttribute { form, index };
                sink.offer(&attribute.name, MemberKind::Attribute, definition);
            }
        }
        if let Some(module) = self.project.form_module(form) {
            for module in self.project.module_chain(module) {
                match sink.wanted() {
                    Some(name) => self.exported(module.id, name, sink),
                    None => self.all_exports(module.id, sink),
                }
            }
        }
    }

    pub(super) fn form_elements(self, form: FormId, sink: &mut Sink<'_>) {
        for (form, content) in self.form_chain(form) {
            for (index, element) in content.elements.iter().enumerate() {
                let index = index as u32;
                sink.offer(&element.name, MemberKind::Element, || Definition::FormElement { form, index });
            }
        }
    }

    pub(super) fn form_commands(self, form: FormId, sink: &mut Sink<'_>) {
        for (form, content) in self.form_chain(form) {
            for (index, command) in content.commands.iter().enumerate() {
                let index = index as u32;
                sink.offer(&command.name, MemberKind::Command, || Definition::FormCommand { form, index });
            }
        }
    }

    pub(super) fn form_parameters(self, form: FormId, sink: &mut Sink<'_>) {
        for (form, content) in self.form_chain(form) {
            for (index, parameter) in content.parameters.iter().enumerate() {
                let index = index as u32;
                let definition = || Definition::FormParameter { form, index };
                sink.offer(&parameter.name, MemberKind::Field, definition);
            }
        }
        for (ru, en) in PARAMETERS {
            let names = pair(ru, en);
            sink.offer_names(&names, MemberKind::Field, || Definition::QueryField { names: names.clone() });
        }
    }

    /// Columns of an attribute that is a table; fields of the rows of a dynamic list.
    pub(super) fn form_columns(self, form: FormId, attribute: u32, sink: &mut Sink<'_>) {
        let Some(content) = self.project.form_content(form) else { return };
        let Some(found) = content.attributes.get(attribute as usize) else { return };
        for (index, column) in found.columns.iter().enumerate() {
            let column_index = index as u32;
            sink.offer(&column.name, MemberKind::Column, || Definition::FormColumn {
                form,
                attribute,
                column: column_index,
            });
        }
        if let Some(object) = self.object_by_full_name(&found.main_table) {
            self.object_fields(object, ObjectAspect::Ref, sink);
        }
    }

    /// Type of a form attribute as code of the form sees it.
    pub(crate) fn form_attribute_value(self, form: FormId, attribute: u32) -> Type {
        let Some(entry) = self.project.form_entry(form) else { return Type::Unknown };
        let Some(content) = self.project.form_content(form) else { return Type::Unknown };
        let Some(found) = content.attributes.get(attribute as usize) else { return Type::Unknown };
        let is_table = |kind: &MetaType| matches!(kind, MetaType::Platform(name) if matches!(name.as_str(), "ValueTable" | "ValueTree" | "DynamicList"));
        if found.types.types.iter().any(is_table) {
            return match found.types.types.as_slice() {
                [MetaType::Platform(name)] if name == "DynamicList" => {
                    self.platform_type("ДинамическийСписок").map_or(Type::Unknown, Type::Platform)
                }
                _ => Type::FormData(FormData::Attribute { form, attribute }),
            };
        }
        as_form_data(self.described(entry.object.root, &found.types))
    }

    /// `ДанныеФормыКоллекция` or `ДанныеФормыДерево`.
    pub(super) fn form_attribute_type(self, form: FormId, attribute: u32) -> Option<PlatformType> {
        let found = self.project.form_content(form)?.attributes.get(attribute as usize)?;
        let is_tree = |kind: &MetaType| matches!(kind, MetaType::Platform(name) if name == "ValueTree");
        let is_tree = found.types.types.iter().any(is_tree);
        self.platform_type(if is_tree {
            "ДанныеФормыДерево"
        } else {
            "ДанныеФормыКоллекция"
        })
    }

    pub(super) fn element_type(self, form: FormId, element: u32) -> Option<PlatformType> {
        let found = self.project.form_content(form)?.elements.get(element as usize)?;
        let dialect = self.dialect();
        Some(PlatformType { dialect, id: self.platform().element_type(&found.kind)? })
    }

    /// Rows that a table element shows: those of an attribute, of a tabular section, of a dynamic list.
    pub(crate) fn current_data(self, form: FormId, element: u32) -> Type {
        let Some(content) = self.project.form_content(form) else { return Type::Unknown };
        let Some(found) = content.elements.get(element as usize) else { return Type::Unknown };
        let mut parts = found.data_path.split('.');
        let Some(first) = parts.next().filter(|first| !first.is_empty()) else { return Type::Unknown };
        let attribute = content.attributes.iter().position(|it| base::same_name(&it.name, first));
        let Some(attribute) = attribute.map(|index| index as u32) else { return Type::Unknown };
        let mut value = self.form_attribute_value(form, attribute);
        for part in parts {
            value = self.member_value(&value, part);
        }
        match value {
            Type::FormData(FormData::Section { object, section }) => {
                Type::FormData(FormData::SectionRow { object, section })
            }
            Type::FormData(FormData::Attribute { form, attribute }) => {
                Type::FormData(FormData::AttributeRow { form, attribute })
            }
            Type::FormData(FormData::Object { object, aspect: ObjectAspect::RecordSet }) => {
                Type::FormData(FormData::Object { object, aspect: ObjectAspect::Record })
            }
            // A dynamic list.
            Type::Platform(_) => Type::FormData(FormData::AttributeRow { form, attribute }),
            _ => Type::Unknown,
        }
    }
}

/// Objects in attributes of forms are copies of their data.
fn as_form_data(value: Type) -> Type {
    match value {
        Type::Object {
            object,
            aspect:
                aspect @ (ObjectAspect::Object
                | ObjectAspect::RecordSet
                | ObjectAspect::RecordManager
                | ObjectAspect::ValueManager),
        } => Type::FormData(FormData::Object { object, aspect }),
        other => other,
    }
}
