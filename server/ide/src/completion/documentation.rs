//! What an item means, told when the editor asks: most items are never looked at.

use std::fmt::Write;
use std::path::Path;

use metadata::{MetadataObject, ObjectKind};
use platform::{Names, Script, Signature};
use semantics::{Definition, DocComment, Project, Scope, Type};

use crate::completion::item::CompletionItem;
use crate::meaning::ProjectDocument;

/// Texts about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documentation {
    /// One line of code: a signature, a type.
    pub detail: String,
    /// Markdown.
    pub text: String,
}

/// Describes an item of a list that was made in `project`. `read` gives the text of a module's file.
pub fn completion_documentation(
    of: ProjectDocument<'_>,
    item: &CompletionItem,
    receiver: Option<&Type>,
    script: Script,
    read: &dyn Fn(&Path) -> Option<String>,
) -> Documentation {
    let mut texts = match &item.definition {
        Some(definition) => Describer { of, receiver, script, read }.describe(definition),
        None => Documentation::default(),
    };
    if !item.preview.is_empty() {
        let code = format!("```bsl\n{}\n```", item.preview);
        texts.text = if texts.text.is_empty() { code } else { format!("{code}\n\n{}", texts.text) };
    }
    texts
}

struct Describer<'a> {
    of: ProjectDocument<'a>,
    receiver: Option<&'a Type>,
    script: Script,
    read: &'a dyn Fn(&Path) -> Option<String>,
}

impl Describer<'_> {
    fn project(&self) -> &Project {
        self.of.project
    }

    fn pick<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        match self.script {
            Script::Russian => ru,
            Script::English => en,
        }
    }

    fn describe(&self, definition: &Definition) -> Documentation {
        match definition {
            Definition::Method { module, index } => self.method(*module, *index).unwrap_or_default(),
            Definition::PlatformFunction { dialect, name } => {
                let found = self.project().platform(*dialect).function(name);
                found.map(|found| self.platform_method(found)).unwrap_or_default()
            }
            Definition::PlatformMethod { owner, name } => {
                let found = self.project().platform(owner.dialect).method(owner.id, name);
                found.map(|found| self.platform_method(found)).unwrap_or_default()
            }
            Definition::PlatformType(found) => {
                let info = self.project().platform(found.dialect).type_info(found.id);
                let name = self.name(&info.names);
                let new = self.pick("Новый", "New");
                let lines = info.constructors.iter().map(|it| format!("{new} {name}{}", parameters(it)));
                let code: Vec<_> = lines.collect();
                let mut text = info.description.to_string();
                if !code.is_empty() {
                    text = format!("```bsl\n{}\n```\n\n{text}", code.join("\n"));
                }
                Documentation { detail: self.both(&info.names), text }
            }
            Definition::SystemEnumValue { owner, index } => {
                let info = self.project().platform(owner.dialect).enum_info(owner.id);
                let value = info.values.get(*index as usize);
                let detail = value.map_or_else(String::new, |value| self.both(value));
                Documentation { detail, text: info.description.to_string() }
            }
            other => self.value(other),
        }
    }

    fn name<'n>(&self, names: &'n Names) -> &'n str {
        names.in_script(self.script)
    }

    /// `Добавить / Add`.
    fn both(&self, names: &Names) -> String {
        if names.en.is_empty() { names.ru.to_string() } else { format!("{} / {}", names.ru, names.en) }
    }

    fn method(&self, module: semantics::ModuleId, index: u32) -> Option<Documentation> {
        let found = self.project().module(module)?;
        let method = found.method(index)?;
        let keyword = match method.is_function {
            true => self.pick("Функция", "Function"),
            false => self.pick("Процедура", "Procedure"),
        };
        let names: Vec<_> = method
            .parameters()
            .map(|parameter| match &parameter.fact().default {
                Some(default) => format!("{} = {default}", parameter.name),
                None => parameter.name.to_string(),
            })
            .collect();
        let export = if method.is_export { self.pick(" Экспорт", " Export") } else { "" };
        let detail = format!("{keyword} {}({}){export}", method.name, names.join(", "));
        let comment = method.description().and_then(|range| {
            let text = if module == self.of.module {
                self.of.document.slice(range)
            } else {
                let text = (self.read)(&found.path)?;
                range.slice(&text).to_owned()
            };
            Some(DocComment::parse(&text))
        });
        let text = comment.map_or_else(String::new, |comment| self.comment(&comment, module));
        Some(Documentation { detail, text })
    }

    fn comment(&self, comment: &DocComment, module: semantics::ModuleId) -> String {
        let scope = Scope::new(self.project(), module);
        let shown = |shape| scope.type_of(shape).display(self.project(), self.script);
        let mut text = String::new();
        if let Some(instead) = &comment.deprecated {
            let _ = write!(text, "**{}** {instead}\n\n", self.pick("Устарела.", "Deprecated."));
        }
        text += &comment.description.replace('\n', "  \n");
        if !comment.parameters.is_empty() {
            let _ = write!(text, "\n\n**{}:**\n", self.pick("Параметры", "Parameters"));
            for parameter in &comment.parameters {
                let of = shown(&parameter.shape);
                let of = if of.is_empty() { of } else { format!(" — `{of}`") };
                let about = parameter.description.lines().next().unwrap_or_default();
                let _ = write!(text, "\n- `{}`{of} {about}", parameter.name);
            }
        }
        if let Some(returns) = &comment.returns {
            let of = shown(&returns.shape);
            let title = self.pick("Возвращает", "Returns");
            let _ = write!(text, "\n\n**{title}:** `{of}` {}", returns.description);
        }
        text.trim().to_owned()
    }

    fn platform_method(&self, method: &platform::Method) -> Documentation {
        let name = self.name(&method.names);
        let signatures = method.signatures.iter().map(|signature| format!("{name}{}", parameters(signature)));
        let code: Vec<_> = signatures.collect();
        let mut text = String::new();
        if code.len() > 1 {
            text = format!("```bsl\n{}\n```\n\n", code.join("\n"));
        }
        text += &method.description;
        if !method.contexts.is_unknown() {
            let contexts: Vec<_> = method.contexts.names().collect();
            let _ = write!(text, "\n\n*{}*", contexts.join(", "));
        }
        let detail = code.into_iter().next().unwrap_or_else(|| name.to_owned());
        let detail =
            if method.names.en.is_empty() { detail } else { format!("{detail} / {}", method.names.en) };
        Documentation { detail, text: text.trim().to_owned() }
    }

    /// Everything that is not called: its type, and what metadata call it.
    fn value(&self, definition: &Definition) -> Documentation {
        let scope = self.of.scope();
        let names = self.project().definition_names(definition);
        let member = |names: &Names| semantics::Member {
            names: names.clone(),
            kind: semantics::MemberKind::Property,
            definition: definition.clone(),
        };
        let known = match (self.receiver, &names) {
            (Some(receiver), Some(names)) => scope.member_type(receiver, &member(names)),
            _ => scope.type_of_definition(definition),
        };
        let known = known.display(self.project(), self.script);
        let name = names.map(|names| self.both(&names)).unwrap_or_default();
        let detail = if known.is_empty() { name } else { format!("{name}: {known}") };
        Documentation { detail, text: self.synonym(definition).unwrap_or_default() }
    }

    fn synonym(&self, definition: &Definition) -> Option<String> {
        let project = self.project();
        let object = |object: &MetadataObject| {
            let kind = match self.script {
                Script::Russian => object.kind.name_ru(),
                Script::English => object.kind.name(),
            };
            let title = synonym(&object.synonym).unwrap_or_default();
            let comment = &object.comment;
            let is_module = object.kind == ObjectKind::CommonModule;
            let flags = if is_module { format!("\n\n{}", module_flags(object)) } else { String::new() };
            format!("{kind}: {title}\n\n{comment}{flags}").trim().to_owned()
        };
        match definition {
            Definition::Object(id) => Some(object(project.object(*id)?)),
            Definition::Module(module) => Some(object(project.object(project.place(*module)?.object?)?)),
            Definition::Attribute(attribute) => {
                use semantics::AttributeList as List;
                let object = project.object(attribute.object)?;
                let list = match attribute.list {
                    List::Attributes => &object.attributes,
                    List::Dimensions => &object.dimensions,
                    List::Resources => &object.resources,
                    List::Others => &object.other_fields,
                    List::Section(section) => &object.tabular_sections.get(section as usize)?.attributes,
                };
                synonym(&list.get(attribute.index as usize)?.synonym)
            }
            Definition::Section { object, section } => {
                synonym(&project.object(*object)?.tabular_sections.get(*section as usize)?.synonym)
            }
            Definition::EnumValue { object, index } => {
                synonym(&project.object(*object)?.enum_values.get(*index as usize)?.synonym)
            }
            Definition::Predefined { object, index } => {
                let item = project.object(*object)?.predefined.get(*index as usize)?;
                Some(item.description.to_string())
            }
            Definition::FormElement { form, index } => {
                let element = project.form_content(*form)?.elements.get(*index as usize)?;
                let title = synonym(&element.title).unwrap_or_default();
                Some(format!("{title}\n\n`{}`", element.data_path).replace("\n\n``", ""))
            }
            Definition::FormAttribute { form, index } => {
                synonym(&project.form_content(*form)?.attributes.get(*index as usize)?.title)
            }
            Definition::FormCommand { form, index } => {
                synonym(&project.form_content(*form)?.commands.get(*index as usize)?.title)
            }
            Definition::Field { description, .. } => Some(description.to_string()),
            _ => None,
        }
    }
}

fn synonym(texts: &metadata::Synonym) -> Option<String> {
    let russian = texts.iter().find(|(language, _)| language == "ru");
    russian.or_else(|| texts.first()).map(|(_, text)| text.to_string())
}

fn module_flags(object: &MetadataObject) -> String {
    let metadata::Details::CommonModule(flags) = &object.details else { return String::new() };
    let names = [
        (flags.is_server, "Server"),
        (flags.is_server_call, "ServerCall"),
        (flags.is_client_managed, "Client"),
        (flags.is_external_connection, "ExternalConnection"),
        (flags.is_privileged, "Privileged"),
        (flags.is_global, "Global"),
    ];
    let set: Vec<_> = names.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| *name).collect();
    format!("*{}*", set.join(", "))
}

fn parameters(signature: &Signature) -> String {
    let names = signature.parameters.iter().map(|parameter| {
        let mark = if parameter.is_optional { "?" } else { "" };
        format!("{}{mark}", parameter.name)
    });
    format!("({})", names.collect::<Vec<_>>().join(", "))
}
