//! Names of the platform: functions, methods, types, properties, enumerations.

use platform::{Contexts, Method, Names, Signature};
use semantics::{Definition, PlatformEnum, PlatformType, Type};

use crate::hover::describer::Describer;
use crate::hover::methods::Header;
use crate::hover::page::{Page, entry, inline};

/// Values of an enumeration that are listed.
const MAX_VALUES: usize = 30;

/// Names of contexts in the order of the bits.
const CONTEXTS: [(&str, &str); 10] = [
    ("тонкий клиент", "thin client"),
    ("веб-клиент", "web client"),
    ("мобильный клиент", "mobile client"),
    ("сервер", "server"),
    ("толстый клиент", "thick client"),
    ("внешнее соединение", "external connection"),
    ("мобильное приложение (клиент)", "mobile application (client)"),
    ("мобильное приложение (сервер)", "mobile application (server)"),
    ("мобильный автономный сервер", "mobile standalone server"),
    ("интеграция", "integration"),
];

impl Describer<'_> {
    pub(super) fn platform_name(self, definition: &Definition, value: &Type) -> Option<String> {
        if let Some(method) = self.project().platform_method(definition) {
            let owner = match definition {
                Definition::PlatformMethod { owner, .. } => self.owner_name(*owner),
                _ => String::new(),
            };
            return Some(self.platform_method(&owner, method, value));
        }
        match definition {
            Definition::PlatformType(found) => Some(self.platform_type(*found)),
            Definition::SystemEnum(found) => Some(self.system_enum(*found)),
            Definition::SystemEnumValue { owner, index } => {
                let info = self.project().platform(owner.dialect).enum_info(owner.id);
                let value = info.values.get(*index as usize)?;
                let mut page = Page::default();
                page.code(&format!("{}.{}", self.name(&info.names), self.name(value)));
                page.paragraph(self.say("Значение системного перечисления", "Value of a system enumeration"));
                page.paragraph(&self.availability(info.contexts));
                Some(page.finish())
            }
            _ => self.platform_property(definition, value),
        }
    }

    fn platform_property(self, definition: &Definition, value: &Type) -> Option<String> {
        let property = self.project().platform_property(definition)?;
        let owner = match definition {
            Definition::PlatformMember { owner, .. } => self.owner_name(*owner),
            _ => String::new(),
        };
        let types = self.platform_types(&property.types);
        let name = format!("{owner}{}", self.name(&property.names));
        let mut page = Page::default();
        page.code(&match self.type_name(value) {
            known if !known.is_empty() => format!("{name}: {known}"),
            _ if !types.is_empty() => format!("{name}: {types}"),
            _ => name,
        });
        page.paragraph(match (owner.is_empty(), property.is_read_only) {
            (true, _) => self.say("Свойство глобального контекста", "Property of the global context"),
            (false, true) => self.say("Свойство · только чтение", "Property · read only"),
            (false, false) => self.say("Свойство", "Property"),
        });
        page.prose(&property.description);
        page.paragraph(&self.availability(property.contexts));
        Some(page.finish())
    }

    fn owner_name(self, owner: PlatformType) -> String {
        let info = self.project().platform(owner.dialect).type_info(owner.id);
        format!("{}.", self.name(&info.names))
    }

    pub(crate) fn name(self, names: &Names) -> String {
        names.in_script(self.names_of_code()).to_string()
    }

    fn platform_method(self, owner: &str, method: &Method, value: &Type) -> String {
        let name = format!("{owner}{}", self.name(&method.names));
        let mut page = Page::default();
        let returned = self.type_name(value);
        let headers: Vec<String> = match method.signatures.as_slice() {
            [] if returned.is_empty() => vec![format!("{name}(…)")],
            [] => vec![format!("{name}(…): {returned}")],
            signatures => signatures
                .iter()
                .map(|signature| self.platform_header(&name, method, signature, &returned).text)
                .collect(),
        };
        page.code(&headers.join("\n"));
        page.paragraph(if owner.is_empty() {
            self.say("Глобальный контекст", "Global context")
        } else {
            self.say("Метод", "Method")
        });
        page.prose(&method.description);
        self.signature_texts(&mut page, &method.signatures);
        page.paragraph(&self.availability(method.contexts));
        page.finish()
    }

    /// Texts of all variants; a parameter that several have is described once.
    fn signature_texts(self, page: &mut Page, signatures: &[Signature]) {
        let mut entries: Vec<String> = Vec::new();
        for signature in signatures {
            page.prose(&signature.description);
            for parameter in &signature.parameters {
                let types = self.platform_types(&parameter.types);
                let line = entry(&parameter.name, &types, &parameter.description);
                let says_something = !types.is_empty() || !parameter.description.is_empty();
                if says_something && !entries.contains(&line) {
                    entries.push(line);
                }
            }
        }
        page.list(self.say("Параметры", "Parameters"), &entries);
    }

    /// `СтрНайти(Строка, ПодстрокаПоиска, [НаправлениеПоиска]): Число`.
    pub(crate) fn platform_header(
        self,
        name: &str,
        method: &Method,
        signature: &Signature,
        returned: &str,
    ) -> Header {
        let mut header = list_of(name, signature);
        let own = self.platform_types(&signature.returns);
        let declared = self.platform_types(&method.returns);
        let returned = [own.as_str(), returned, &declared].into_iter().find(|text| !text.is_empty());
        if let Some(returned) = returned {
            header.text.push_str(&format!(": {returned}"));
        }
        header
    }

    /// `Новый Массив([КоличествоЭлементов])`.
    pub(crate) fn constructor_header(self, name: &str, signature: &Signature) -> Header {
        list_of(&format!("{} {name}", self.script.keyword(syntax::TokenKind::New)), signature)
    }

    fn platform_type(self, found: PlatformType) -> String {
        let info = self.project().platform(found.dialect).type_info(found.id);
        let name = self.name(&info.names);
        let mut page = Page::default();
        let constructors: Vec<String> =
            info.constructors.iter().map(|it| self.constructor_header(&name, it).text).collect();
        page.code(if constructors.is_empty() { name.clone() } else { constructors.join("\n") }.as_str());
        page.paragraph(self.say("Тип", "Type"));
        page.prose(&info.description);
        self.signature_texts(&mut page, &info.constructors);
        page.paragraph(&self.availability(info.contexts));
        page.finish()
    }

    fn system_enum(self, found: PlatformEnum) -> String {
        let info = self.project().platform(found.dialect).enum_info(found.id);
        let mut page = Page::default();
        page.code(&self.name(&info.names));
        page.paragraph(self.say("Системное перечисление", "System enumeration"));
        page.prose(&info.description);
        let mut values: Vec<String> =
            info.values.iter().take(MAX_VALUES).map(|value| format!("- `{}`", self.name(value))).collect();
        if info.values.len() > MAX_VALUES {
            values.push("- …".to_owned());
        }
        page.list(self.say("Значения", "Values"), &values);
        page.paragraph(&self.availability(info.contexts));
        page.finish()
    }

    fn availability(self, contexts: Contexts) -> String {
        if contexts.is_unknown() {
            return String::new();
        }
        let set = CONTEXTS.iter().enumerate().filter(|(bit, _)| contexts.0 & (1 << bit) != 0);
        let names: Vec<&str> = set.map(|(_, (ru, en))| self.say(ru, en)).collect();
        format!("**{}:** {}", self.say("Доступность", "Available"), inline(&names.join(", ")))
    }
}

/// The name with its list of parameters; those that may be left out stand in brackets.
fn list_of(name: &str, signature: &Signature) -> Header {
    let mut text = format!("{name}(");
    let mut parameters = Vec::new();
    for (place, parameter) in signature.parameters.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        let start = text.len();
        if parameter.is_optional {
            text.push_str(&format!("[{}]", parameter.name));
        } else {
            text.push_str(&parameter.name);
        }
        parameters.push(start..text.len());
    }
    text.push(')');
    Header { text, parameters }
}
