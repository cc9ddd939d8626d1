//! What an editor shows about the name under the pointer, as Markdown. Code is in the language of the module, prose in
//! the language of the settings.

mod describer;
mod forms;
mod methods;
mod modules;
mod objects;
mod page;
mod platform_names;
mod rules;

use base::{Files, Locale, TextRange};
use semantics::{Definition, ModuleId, Type};
use syntax::TokenKind;

use crate::meaning::{Meaning, ProjectDocument, Section};
use crate::query::query_hover;
use crate::script::Script;

pub(crate) use describer::Describer;
pub(crate) use methods::Header;
pub(crate) use page::{Page, entry, inline};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Of the name.
    pub range: TextRange,
    pub markdown: String,
}

/// Describes the name at an offset. Descriptions of closed modules are read from their files.
pub fn hover(document: ProjectDocument<'_>, offset: u32, locale: Locale, files: &dyn Files) -> Option<Hover> {
    if let Some(found) = query_hover(document, offset, locale, files) {
        return found;
    }
    let section = document.section(offset);
    if let Some(found) = rules::rule_hover(&section, offset, locale) {
        return Some(found);
    }
    let describer = Describer::new(document, &section, locale, files);
    let Some(name) = section.name_at(offset) else {
        let named = section.named_by_literal(offset)?;
        let markdown = describer.definition(&named.definition, &Type::Unknown)?;
        return Some(Hover { range: named.range, markdown });
    };
    let meaning = section.goal(offset)?;
    let value = match &meaning {
        Meaning::Local { .. } => section.type_of(name),
        known => section.type_of_meaning(name, Some(known)),
    };
    let markdown = match meaning {
        Meaning::Local { name, declaration } => describer.local(&name, declaration, &value),
        Meaning::Known { definition, .. } => describer.definition(&definition, &value)?,
    };
    let range = section.in_document(section.source().tree.range(name));
    Some(Hover { range, markdown })
}

impl<'a> Describer<'a> {
    pub(crate) fn new(
        document: ProjectDocument<'a>,
        section: &Section<'_>,
        locale: Locale,
        files: &'a dyn Files,
    ) -> Self {
        let script = Script::of(document.document, section.source());
        Self { document, script, locale, files }
    }

    /// Everything that is known about a definition whose value has the type; `None` if that is nothing.
    pub(crate) fn definition(self, definition: &Definition, value: &Type) -> Option<String> {
        match definition {
            Definition::Method { module, index } => self.method(*module, *index),
            Definition::Variable { module, index } => self.variable(*module, *index, value),
            Definition::Module(module) => self.module(*module),
            Definition::Object(object) => self.object(*object),
            Definition::Attribute(attribute) => self.attribute(*attribute, value),
            Definition::Parameter { .. } => {
                let name = self.name(&self.project().definition_names(definition)?);
                Some(self.part(&name, value, self.say("Параметр", "Parameter"), None, &Vec::new()))
            }
            Definition::StandardAttribute { .. }
            | Definition::Section { .. }
            | Definition::EnumValue { .. }
            | Definition::Predefined { .. }
            | Definition::Command { .. }
            | Definition::Template { .. } => self.object_part(definition, value),
            Definition::Form(_)
            | Definition::FormAttribute { .. }
            | Definition::FormColumn { .. }
            | Definition::FormElement { .. }
            | Definition::FormCommand { .. }
            | Definition::FormParameter { .. } => self.form_part(definition, value),
            Definition::Field { .. }
            | Definition::QueryColumn { .. }
            | Definition::QueryField { .. }
            | Definition::DescriptionPart { .. }
            | Definition::ContextMember { .. }
            | Definition::ManagerCollection(_)
            | Definition::This { .. } => self.named_value(definition, value),
            _ => self.platform_name(definition, value),
        }
    }

    /// Names of which there is little more to tell than their types.
    fn named_value(self, definition: &Definition, value: &Type) -> Option<String> {
        let name = self.name(&self.project().definition_names(definition)?);
        let what = match definition {
            Definition::Field { .. } => self.say("Поле", "Field"),
            Definition::QueryColumn { .. } => {
                self.say("Колонка результата запроса", "Column of a query result")
            }
            Definition::QueryField { .. } => self.say("Стандартное поле", "Standard field"),
            Definition::ContextMember { .. } => self.say("Контекст модуля", "Context of the module"),
            Definition::ManagerCollection(_) => self.say("Менеджеры объектов", "Managers of objects"),
            _ => "",
        };
        let mut page = Page::default();
        page.code(&self.typed(&name, value));
        page.paragraph(what);
        if let Definition::Field { description, .. } = definition {
            page.prose(description);
        }
        self.fields_of(&mut page, value);
        Some(page.finish())
    }

    fn variable(self, module: ModuleId, index: u32, value: &Type) -> Option<String> {
        let variable = self.project().module(module)?.variable(index)?;
        let mut page = Page::default();
        let export = if variable.is_export {
            format!(" {}", self.script.keyword(TokenKind::Export))
        } else {
            String::new()
        };
        let header = format!("{} {}{export}", self.script.keyword(TokenKind::Var), variable.name);
        page.code(&self.typed(&header, value));
        page.paragraph(&self.module_title(module));
        if let Some(comment) = variable.description().and_then(|range| self.module_text(module, range)) {
            let lines = comment.lines().map(|line| line.trim().trim_start_matches('/').trim());
            page.prose(&lines.collect::<Vec<_>>().join("\n"));
        }
        Some(page.finish())
    }

    /// A parameter or a variable of the method around.
    fn local(self, name: &str, declaration: TextRange, value: &Type) -> String {
        let mut page = Page::default();
        let facts = self.project().module(self.document.module);
        let method = facts.and_then(|module| {
            let index = module.method_at(declaration.start)?;
            let method = module.method(index)?;
            let parameter = method.parameters().find(|it| it.place().range() == declaration)?;
            Some((index, parameter))
        });
        page.code(&self.typed(name, value));
        match method {
            Some((index, parameter)) => {
                page.paragraph(self.say("Параметр", "Parameter"));
                if let Some(documentation) = self.documentation(self.document.module, index) {
                    page.prose(&self.parameter_text(&documentation, &parameter.name));
                }
            }
            None => page.paragraph(self.say("Переменная", "Variable")),
        }
        self.fields_of(&mut page, value);
        page.finish()
    }

    fn fields_of(self, page: &mut Page, value: &Type) {
        let mut entries = Vec::new();
        self.fields(&mut entries, value, 0);
        page.list(self.say("Поля", "Fields"), &entries);
    }
}
