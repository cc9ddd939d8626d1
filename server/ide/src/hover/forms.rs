//! Forms and what they consist of: attributes, elements with their data and handlers, commands.

use metadata::{FormHandler, Synonym};
use semantics::{Definition, FormId, Type};

use crate::hover::describer::Describer;
use crate::hover::page::{Page, inline};

impl Describer<'_> {
    fn form_path(self, form: FormId) -> Option<String> {
        let entry = self.project().form_entry(form)?;
        let object = self.project().object(entry.object)?;
        let kind = self.code_kind(object.kind);
        if entry.name == object.name {
            return Some(format!("{kind}.{}", object.name));
        }
        let word = self.script.pick("Форма", "Form");
        Some(format!("{kind}.{}.{word}.{}", object.name, entry.name))
    }

    pub(super) fn form_part(self, definition: &Definition, value: &Type) -> Option<String> {
        let none = Synonym::new();
        match definition {
            Definition::Form(form) => {
                let mut page = Page::default();
                page.code(&self.form_path(*form)?);
                page.paragraph(self.say("Форма", "Form"));
                Some(page.finish())
            }
            Definition::FormAttribute { form, index } => {
                let found = self.project().form_content(*form)?.attributes.get(*index as usize)?;
                let what = match found.is_main {
                    true => self.say("Основной реквизит формы", "Main attribute of the form"),
                    false => self.say("Реквизит формы", "Attribute of the form"),
                };
                Some(self.part(&found.name, value, what, self.form_path(*form), &found.title))
            }
            Definition::FormColumn { form, attribute, column } => {
                let attributes = &self.project().form_content(*form)?.attributes;
                let attribute = attributes.get(*attribute as usize)?;
                let found = attribute.columns.get(*column as usize)?;
                let what = self.say("Колонка реквизита формы", "Column of a form attribute");
                Some(self.part(&found.name, value, what, Some(attribute.name.to_string()), &found.synonym))
            }
            Definition::FormParameter { form, index } => {
                let found = self.project().form_content(*form)?.parameters.get(*index as usize)?;
                let what = self.say("Параметр формы", "Parameter of the form");
                Some(self.part(&found.name, value, what, self.form_path(*form), &none))
            }
            Definition::FormElement { form, index } => self.form_element(*form, *index, value),
            Definition::FormCommand { form, index } => {
                let found = self.project().form_content(*form)?.commands.get(*index as usize)?;
                let what = self.say("Команда формы", "Command of the form");
                let text = self.part(&found.name, value, what, self.form_path(*form), &found.title);
                Some(self.with_handlers(text, &found.actions))
            }
            _ => None,
        }
    }

    fn form_element(self, form: FormId, index: u32, value: &Type) -> Option<String> {
        let found = self.project().form_content(form)?.elements.get(index as usize)?;
        let what = format!("{} `{}`", self.say("Элемент формы", "Element of the form"), found.kind);
        let mut text = self.part(&found.name, value, &what, self.form_path(form), &found.title);
        let sources = [
            (self.say("Данные", "Data"), &found.data_path),
            (self.say("Команда", "Command"), &found.command),
        ];
        for (heading, source) in sources.into_iter().filter(|(_, source)| !source.is_empty()) {
            text.push_str(&format!("\n\n**{heading}:** `{source}`"));
        }
        Some(self.with_handlers(text, &found.handlers))
    }

    fn with_handlers(self, mut text: String, handlers: &[FormHandler]) -> String {
        for handler in handlers {
            let event = match self.script.pick(metadata::form_event_name_ru(&handler.event), None) {
                Some(ru) => ru,
                None => &handler.event,
            };
            text.push_str(&format!("\n\n{} → `{}`", inline(event), handler.procedure));
        }
        text
    }
}
