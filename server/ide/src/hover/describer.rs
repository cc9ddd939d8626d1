//! What all descriptions share: the document, the languages, the texts of closed modules.

use base::encoding::decode;
use base::{Files, Locale, TextRange};
use semantics::{DocComment, ModuleId, Project, Scope, Type};
use smol_str::SmolStr;

use crate::meaning::ProjectDocument;
use crate::script::Script;

#[derive(Clone, Copy)]
pub(crate) struct Describer<'a> {
    pub(crate) document: ProjectDocument<'a>,
    /// Of the code around.
    pub(crate) script: Script,
    /// Of prose.
    pub(crate) locale: Locale,
    pub(crate) files: &'a dyn Files,
}

impl<'a> Describer<'a> {
    pub(crate) fn project(self) -> &'a Project {
        self.document.project
    }

    pub(crate) fn scope(self) -> Scope<'a> {
        self.document.scope()
    }

    /// In the language of prose.
    pub(crate) fn say(self, ru: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::Ru => ru,
            Locale::En => en,
        }
    }

    pub(crate) fn names_of_code(self) -> platform::Script {
        self.script.pick(platform::Script::Russian, platform::Script::English)
    }

    pub(crate) fn type_name(self, value: &Type) -> String {
        value.display(self.project(), self.names_of_code())
    }

    /// `Имя: Тип`, or the name alone.
    pub(crate) fn typed(self, name: &str, value: &Type) -> String {
        match self.type_name(value) {
            type_name if type_name.is_empty() => name.to_owned(),
            type_name => format!("{name}: {type_name}"),
        }
    }

    /// Types that the platform's tables name.
    pub(crate) fn platform_types(self, names: &[SmolStr]) -> String {
        let platform = self.project().platform(self.project().dialect(self.document.module));
        let english = platform::Script::English;
        let translated = |name: &SmolStr| {
            let of_type = platform.type_id(name).map(|id| &platform.type_info(id).names);
            let of_enum = || platform.enum_id(name).map(|id| &platform.enum_info(id).names);
            let names = of_type.or_else(of_enum).filter(|_| self.script == Script::English);
            names.map_or(name, |names| names.in_script(english)).to_string()
        };
        let shown = names.iter().map(translated);
        shown.collect::<Vec<_>>().join(" | ")
    }

    /// Text of a range of a module, open or closed.
    pub(crate) fn module_text(self, module: ModuleId, range: TextRange) -> Option<String> {
        if module == self.document.module {
            return Some(self.document.document.slice(range));
        }
        let bytes = self.files.read(&self.project().module(module)?.path).ok()?;
        let decoded = decode(bytes).ok()?;
        Some(range.slice(&decoded.text).to_owned())
    }

    /// The description above a method.
    pub(crate) fn documentation(self, module: ModuleId, index: u32) -> Option<DocComment> {
        let range = self.project().method(module, index)?.description()?;
        Some(DocComment::parse(&self.module_text(module, range)?))
    }

    /// A synonym in the language of prose, else in any.
    pub(crate) fn synonym(self, synonym: &metadata::Synonym) -> Option<&str> {
        let code = self.say("ru", "en");
        let found = synonym.iter().find(|(language, _)| language == code).or(synonym.first());
        found.map(|(_, text)| text.as_str()).filter(|text| !text.is_empty())
    }
}
