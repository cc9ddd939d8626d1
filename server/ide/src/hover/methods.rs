//! Methods of modules: the header, where the method is, its description.

use semantics::{
    ContextDirective, Definition, DocComment, Fields, MemberKind, Method, ModuleId, Scope, Type,
};
use syntax::TokenKind;

use crate::hover::describer::Describer;
use crate::hover::page::{Page, entry, inline};

/// Fields of a structure that are listed.
const MAX_FIELDS: usize = 40;
/// Structures in structures in structures.
const MAX_DEPTH: usize = 2;

/// The header of a method on one line, with the places of its parameters.
pub(crate) struct Header {
    pub(crate) text: String,
    pub(crate) parameters: Vec<std::ops::Range<usize>>,
}

impl Describer<'_> {
    pub(super) fn method(self, module: ModuleId, index: u32) -> Option<String> {
        let method = self.project().method(module, index)?;
        let mut page = Page::default();
        let directive = self.directive(method.directive);
        let header = self.header(module, index, method).text;
        page.code(&format!("{directive}{header}"));
        let documentation = self.documentation(module, index).unwrap_or_default();
        self.deprecation(&mut page, &method.name, &documentation);
        page.paragraph(&self.module_title(module));
        page.prose(&documentation.description);
        self.parameters(&mut page, module, index, &documentation);
        self.returns(&mut page, module, index, &documentation);
        let examples = [
            (self.say("Варианты вызова", "Call options"), &documentation.call_options),
            (self.say("Пример", "Example"), &documentation.examples),
        ];
        for (heading, text) in examples.into_iter().filter(|(_, text)| !text.is_empty()) {
            page.paragraph(&format!("**{heading}:**"));
            page.code(text);
        }
        Some(page.finish())
    }

    /// `Функция Имя(Знач А, Б = 1) Экспорт: Строка`.
    pub(crate) fn header(self, module: ModuleId, index: u32, method: Method<'_>) -> Header {
        let word = |kind| self.script.keyword(kind);
        let kind = if method.is_function { TokenKind::Function } else { TokenKind::Procedure };
        let mut text = String::new();
        if method.is_async {
            text.push_str(&format!("{} ", word(TokenKind::Async)));
        }
        text.push_str(&format!("{} {}(", word(kind), method.name));
        let mut parameters = Vec::new();
        for (place, parameter) in method.parameters().enumerate() {
            if place > 0 {
                text.push_str(", ");
            }
            let start = text.len();
            if parameter.is_by_value {
                text.push_str(&format!("{} ", word(TokenKind::Val)));
            }
            text.push_str(&parameter.name);
            if let Some(default) = &parameter.default {
                text.push_str(&format!(" = {default}"));
            }
            parameters.push(start..text.len());
        }
        text.push(')');
        if method.is_export {
            text.push_str(&format!(" {}", word(TokenKind::Export)));
        }
        let returned =
            self.type_name(&self.scope().type_of_definition(&Definition::Method { module, index }));
        if method.is_function && !returned.is_empty() {
            text.push_str(&format!(": {returned}"));
        }
        Header { text, parameters }
    }

    fn directive(self, directive: ContextDirective) -> String {
        let (ru, en) = match directive {
            ContextDirective::None => return String::new(),
            ContextDirective::AtClient => ("НаКлиенте", "AtClient"),
            ContextDirective::AtServer => ("НаСервере", "AtServer"),
            ContextDirective::AtServerNoContext => ("НаСервереБезКонтекста", "AtServerNoContext"),
            ContextDirective::AtClientAtServer => ("НаКлиентеНаСервере", "AtClientAtServer"),
            ContextDirective::AtClientAtServerNoContext => {
                ("НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext")
            }
        };
        format!("&{}\n", self.script.pick(ru, en))
    }

    fn deprecation(self, page: &mut Page, name: &str, documentation: &DocComment) {
        if let Some(note) = &documentation.deprecated {
            let word = self.say("Устарела.", "Deprecated.");
            page.paragraph(format!("~~{}~~ **{word}** {}", inline(name), inline(note)).trim_end());
        }
    }

    fn parameters(self, page: &mut Page, module: ModuleId, method: u32, documentation: &DocComment) {
        let Some(found) = self.project().method(module, method) else { return };
        let mut entries = Vec::new();
        for (index, parameter) in found.parameters().enumerate() {
            let definition = Definition::Parameter { module, method, index: index as u32 };
            let value = self.scope().type_of_definition(&definition);
            let text = documentation.parameter(&parameter.name).map_or("", |it| &it.description);
            if text.is_empty() && value.is_unknown() {
                continue;
            }
            entries.push(entry(&parameter.name, &self.type_name(&value), text));
            self.fields(&mut entries, &value, 1);
        }
        page.list(self.say("Параметры", "Parameters"), &entries);
    }

    fn returns(self, page: &mut Page, module: ModuleId, index: u32, documentation: &DocComment) {
        let Some(returned) = &documentation.returns else { return };
        let value = self.scope().type_of_definition(&Definition::Method { module, index });
        let type_name = self.type_name(&value);
        let mut text = inline(&returned.description);
        if !type_name.is_empty() {
            let dash = if text.is_empty() { "" } else { " — " };
            text = format!("*{}*{dash}{text}", inline(&type_name));
        }
        if !text.is_empty() {
            page.paragraph(&format!("**{}:** {text}", self.say("Возвращаемое значение", "Returns")));
        }
        let mut entries = Vec::new();
        self.fields(&mut entries, &value, 0);
        page.paragraph(&entries.join("\n"));
    }

    /// Fields of structures and columns of tables as a list below an entry.
    pub(super) fn fields(self, entries: &mut Vec<String>, value: &Type, depth: usize) {
        for part in value.parts() {
            let fields = match part {
                Type::Structure { fields, .. } | Type::Table { fields, .. } | Type::Row { fields, .. } => {
                    fields
                }
                Type::Collection { element, .. } => {
                    self.fields(entries, element, depth);
                    continue;
                }
                _ => continue,
            };
            let Fields::Shape { fields, module } = fields else {
                self.columns_of_row(entries, part, depth);
                continue;
            };
            for field in fields.iter().take(MAX_FIELDS) {
                let value = Scope::new(self.project(), *module).type_of(&field.shape);
                let line = entry(&field.name, &self.type_name(&value), &field.description);
                entries.push(format!("{}{line}", "  ".repeat(depth)));
                if depth < MAX_DEPTH {
                    self.fields(entries, &value, depth + 1);
                }
            }
        }
    }

    /// Columns that a query, a tabular section or a form describes.
    fn columns_of_row(self, entries: &mut Vec<String>, row: &Type, depth: usize) {
        let members = self.scope().members(row);
        let columns =
            members.iter().filter(|member| matches!(member.kind, MemberKind::Column | MemberKind::Field));
        for column in columns.take(MAX_FIELDS) {
            let type_name = self.type_name(&self.scope().member_type(row, column));
            entries.push(format!(
                "{}{}",
                "  ".repeat(depth),
                entry(&self.name(&column.names), &type_name, "")
            ));
        }
    }

    /// What a description says about a parameter.
    pub(crate) fn parameter_text(self, documentation: &DocComment, name: &str) -> String {
        documentation.parameter(name).map_or(String::new(), |parameter| parameter.description.clone())
    }
}
