//! Objects of metadata and their parts: what they are, their synonyms and comments, types of their values.

use metadata::{Attribute, Details, ObjectKind};
use semantics::{AttributeList, AttributeRef, Definition, ObjectId, Type};

use crate::hover::describer::Describer;
use crate::hover::page::{Page, inline};

impl Describer<'_> {
    /// In the language of prose.
    pub(super) fn kind_name(self, kind: ObjectKind) -> &'static str {
        self.say(kind.name_ru(), kind.name())
    }

    /// As people say it: `Регистр сведений`, `Chart of accounts`.
    fn kind_title(self, kind: ObjectKind) -> String {
        let mut title = String::new();
        for letter in self.kind_name(kind).chars() {
            if letter.is_uppercase() && title.ends_with(char::is_lowercase) {
                title.push(' ');
                title.extend(letter.to_lowercase());
            } else {
                title.push(letter);
            }
        }
        title
    }

    /// In the language of the code.
    pub(crate) fn code_kind(self, kind: ObjectKind) -> &'static str {
        self.script.pick(kind.name_ru(), kind.name())
    }

    fn object_path(self, object: ObjectId) -> Option<String> {
        let object = self.project().object(object)?;
        Some(format!("{}.{}", self.code_kind(object.kind), object.name))
    }

    pub(super) fn object(self, id: ObjectId) -> Option<String> {
        let object = self.project().object(id)?;
        let mut page = Page::default();
        let path = self.object_path(id)?;
        // Constants, session parameters, defined types have a type of their own.
        let types = match &object.details {
            Details::Typed(_) | Details::CommonAttribute { .. } => self.value_types(id),
            _ => String::new(),
        };
        page.code(&if types.is_empty() { path } else { format!("{path}: {types}") });
        let mut title = vec![self.kind_title(object.kind)];
        title.extend(self.synonym(&object.synonym).map(inline));
        if let Details::CommonModule(flags) = &object.details {
            title.push(self.flags(flags));
        }
        title.retain(|part| !part.is_empty());
        page.paragraph(&title.join(" · "));
        page.prose(&object.comment);
        Some(page.finish())
    }

    fn value_types(self, object: ObjectId) -> String {
        let Some(root) = self.project().object(object).map(|_| object.root) else { return String::new() };
        let types = self.project().object_chain(object).find_map(|(_, object)| match &object.details {
            Details::Typed(types) | Details::CommonAttribute { types, .. } if !types.types.is_empty() => {
                Some(types)
            }
            _ => None,
        });
        let expanded = types.map(|types| self.project().metadata().expand(root, types)).unwrap_or_default();
        let names =
            expanded.iter().take(10).map(|one| self.script.pick(one.name_ru(), one.name_en()).to_string());
        names.collect::<Vec<_>>().join(" | ")
    }

    pub(super) fn attribute(self, attribute: AttributeRef, value: &Type) -> Option<String> {
        let found = attribute.find(self.project().object(attribute.object)?)?;
        let (ru, en) = match attribute.list {
            AttributeList::Attributes => ("Реквизит", "Attribute"),
            AttributeList::Dimensions => ("Измерение", "Dimension"),
            AttributeList::Resources => ("Ресурс", "Resource"),
            AttributeList::Others => ("Поле", "Field"),
            AttributeList::Section(_) => ("Реквизит табличной части", "Attribute of a tabular section"),
        };
        let owner = match attribute.list {
            AttributeList::Section(section) => self.section_path(attribute.object, section),
            _ => self.object_path(attribute.object),
        };
        Some(self.part(&found.name, value, self.say(ru, en), owner, &found.synonym))
    }

    /// A part of something: its name with the type, what it is, whose it is, how users see it.
    pub(super) fn part(
        self,
        name: &str,
        value: &Type,
        what: &str,
        owner: Option<String>,
        synonym: &metadata::Synonym,
    ) -> String {
        let mut page = Page::default();
        page.code(&self.typed(name, value));
        let mut title = vec![what.to_owned()];
        title.extend(owner.map(|owner| format!("`{owner}`")));
        title.extend(self.synonym(synonym).map(inline));
        page.paragraph(&title.join(" · "));
        page.finish()
    }

    fn section_path(self, object: ObjectId, section: u16) -> Option<String> {
        let name = &self.project().object(object)?.tabular_sections.get(section as usize)?.name;
        Some(format!("{}.{name}", self.object_path(object)?))
    }

    pub(super) fn object_part(self, definition: &Definition, value: &Type) -> Option<String> {
        let project = self.project();
        match definition {
            Definition::StandardAttribute { object, section, names } => {
                let owner = match section {
                    Some(section) => self.section_path(*object, *section),
                    None => self.object_path(*object),
                };
                let what = self.say("Стандартный реквизит", "Standard attribute");
                Some(self.part(&self.name(names), value, what, owner, &Vec::new()))
            }
            Definition::Section { object, section } => {
                let found = project.object(*object)?.tabular_sections.get(*section as usize)?;
                let what = self.say("Табличная часть", "Tabular section");
                let mut text = self.part(&found.name, value, what, self.object_path(*object), &found.synonym);
                text.push_str(&self.columns(&found.attributes));
                Some(text)
            }
            Definition::EnumValue { object, index } => {
                let found = project.object(*object)?.enum_values.get(*index as usize)?;
                let what = self.say("Значение перечисления", "Value of an enumeration");
                let owner = self.object_path(*object);
                Some(self.part(&found.name, &Type::Unknown, what, owner, &found.synonym))
            }
            Definition::Predefined { object, index } => {
                let found = project.object(*object)?.predefined.get(*index as usize)?;
                let what = self.say("Предопределенный элемент", "Predefined item");
                let synonym = vec![("".into(), found.description.clone())];
                Some(self.part(&found.name, &Type::Unknown, what, self.object_path(*object), &synonym))
            }
            Definition::Command { object, index } => {
                let found = project.object(*object)?.commands.get(*index as usize)?;
                let what = self.say("Команда", "Command");
                let owner = self.object_path(*object);
                Some(self.part(&found.name, &Type::Unknown, what, owner, &found.synonym))
            }
            Definition::Template { object, index } => {
                let name = project.object(*object)?.templates.get(*index as usize)?;
                let what = self.say("Макет", "Template");
                Some(self.part(name, &Type::Unknown, what, self.object_path(*object), &Vec::new()))
            }
            _ => None,
        }
    }

    fn columns(self, attributes: &[Attribute]) -> String {
        let names: Vec<String> = attributes.iter().map(|attribute| format!("`{}`", attribute.name)).collect();
        if names.is_empty() {
            return String::new();
        }
        format!("\n\n**{}:** {}", self.say("Реквизиты", "Attributes"), names.join(", "))
    }
}
