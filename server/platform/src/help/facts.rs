//! What a page of the help says about one thing: a type, a member, a global function.

use smol_str::{SmolStr, ToSmolStr};

use super::page::{Chapter, Page};
use crate::api::{Contexts, Names, Parameter, Signature, Versions};

/// Longer descriptions are cut: they are for hovers.
const MAX_DESCRIPTION_BYTES: usize = 4000;
const MAX_TYPE_BYTES: usize = 150;

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub names: Names,
    /// Of the type that the page names as the owner.
    pub owner: Names,
    pub contexts: Contexts,
    pub signatures: Vec<Signature>,
    /// Of a property, or what a method returns.
    pub types: Vec<SmolStr>,
    pub elements: Vec<SmolStr>,
    pub is_read_only: bool,
    /// The page lists values, as enumerations do.
    pub has_values: bool,
    pub description: SmolStr,
    pub versions: Versions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Syntax,
    VariantDescription,
    Parameters,
    Returns,
    Description,
    Use,
    Availability,
    Values,
    Elements,
}

/// Beginnings of chapter names in lower case.
const LABELS: &[(&str, Label)] = &[
    ("синтаксис", Label::Syntax),
    ("вариант синтаксиса", Label::Syntax),
    ("syntax", Label::Syntax),
    ("описание варианта", Label::VariantDescription),
    ("description of method variant", Label::VariantDescription),
    ("параметры", Label::Parameters),
    ("parameters", Label::Parameters),
    ("возвращаемое значение", Label::Returns),
    ("returned value", Label::Returns),
    ("описание", Label::Description),
    ("description", Label::Description),
    ("использование", Label::Use),
    ("use", Label::Use),
    ("доступность", Label::Availability),
    ("availability", Label::Availability),
    ("значения", Label::Values),
    ("values", Label::Values),
    ("элементы коллекции", Label::Elements),
    ("collection items", Label::Elements),
];

/// Words for the ten contexts, by their bits.
const CONTEXTS: &[(&str, u16)] = &[
    ("тонкий клиент", 0),
    ("thin client", 0),
    ("веб-клиент", 1),
    ("web client", 1),
    ("мобильный клиент", 2),
    ("mobile client", 2),
    ("сервер", 3),
    ("server", 3),
    ("толстый клиент", 4),
    ("thick client", 4),
    ("внешнее соединение", 5),
    ("external connection", 5),
    ("мобильное приложение (клиент)", 6),
    ("mobile application (client)", 6),
    ("мобильное приложение (сервер)", 7),
    ("mobile application (server)", 7),
    ("мобильный автономный сервер", 8),
    ("mobile standalone server", 8),
    ("интеграция", 9),
    ("integration", 9),
];

fn label(name: &str) -> Option<Label> {
    let name = name.to_lowercase();
    // The list of versions begins like the mode of use and says nothing that is kept.
    if name.starts_with("использование в версии") {
        return None;
    }
    LABELS.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, label)| *label)
}

impl Facts {
    pub fn read(html: &str) -> Self {
        let page = Page::read(html, |chapter| label(chapter).is_some());
        let name = if page.heading.is_empty() { &page.title } else { &page.heading };
        let mut facts = Self { names: names(name), owner: names(&page.owner), ..Self::default() };
        facts.versions = versions(&page.versions);
        let mut syntaxes: Vec<&str> = Vec::new();
        for chapter in &page.chapters {
            let Some(label) = label(&chapter.name) else { continue };
            if label == Label::Syntax {
                syntaxes.push(&chapter.text);
            }
            facts.add(label, chapter);
        }
        for (signature, syntax) in facts.signatures.iter_mut().zip(syntaxes) {
            if signature.parameters.is_empty() {
                signature.parameters = parameters_of_syntax(syntax);
            }
        }
        facts
    }

    fn add(&mut self, label: Label, chapter: &Chapter) {
        match label {
            Label::Syntax => self.signatures.push(Signature::default()),
            Label::VariantDescription => self.signature().description = description(&chapter.text),
            Label::Parameters => self.signature().parameters = parameters(chapter),
            Label::Returns => {
                let (types, _) = leading_types(&chapter.text);
                if self.types.is_empty() {
                    self.types = types;
                } else if types != self.types {
                    self.signature().returns = types;
                }
            }
            Label::Description => {
                let (types, rest) = leading_types(&chapter.text);
                if self.types.is_empty() {
                    self.types = types;
                }
                self.description = description(rest);
            }
            Label::Use => {
                let text = chapter.text.to_lowercase();
                self.is_read_only = text.starts_with("только чтение") || text.starts_with("read only");
            }
            Label::Availability => self.contexts = contexts(&chapter.text),
            Label::Values => self.has_values = true,
            Label::Elements => {
                let text = chapter.text.trim_start_matches("Тип:").trim_start_matches("Type:");
                self.elements = types(text.split('\n').next().unwrap_or_default()).0;
            }
        }
    }

    /// The one that the chapters describe now.
    fn signature(&mut self) -> &mut Signature {
        if self.signatures.is_empty() {
            self.signatures.push(Signature::default());
        }
        let last = self.signatures.len() - 1;
        &mut self.signatures[last]
    }

    /// Fills in what is missing from the page of the other language.
    pub fn absorb(&mut self, other: Self) {
        fill(&mut self.names.ru, other.names.ru);
        fill(&mut self.names.en, other.names.en);
        fill(&mut self.owner.ru, other.owner.ru);
        fill(&mut self.owner.en, other.owner.en);
        fill(&mut self.description, other.description);
        if self.contexts.is_unknown() {
            self.contexts = other.contexts;
        }
        if self.signatures.is_empty() {
            self.signatures = other.signatures;
        }
        if self.types.is_empty() {
            self.types = other.types;
        }
        if self.elements.is_empty() {
            self.elements = other.elements;
        }
        fill(&mut self.versions.since, other.versions.since);
        fill(&mut self.versions.deprecated, other.versions.deprecated);
        self.is_read_only |= other.is_read_only;
        self.has_values |= other.has_values;
    }
}

/// `Доступен, начиная с версии 8.3.6.`; other lines tell when something changed.
fn versions(text: &str) -> Versions {
    let find = |words: &[&str]| {
        let mut lines = text.lines().map(str::to_lowercase);
        lines.find(|line| words.iter().any(|word| line.starts_with(word))).and_then(|line| number(&line))
    };
    Versions {
        since: find(&["доступ", "available"]).unwrap_or_default(),
        deprecated: find(&["устар", "не рекомендуется", "deprecated", "not recommended"]).unwrap_or_default(),
    }
}

/// The first version number of a line.
fn number(line: &str) -> Option<SmolStr> {
    let mut words = line.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    let word = words.find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))?;
    let word = word.trim_end_matches('.');
    word.contains('.').then(|| word.into())
}

fn fill(text: &mut SmolStr, other: SmolStr) {
    if text.is_empty() {
        *text = other;
    }
}

/// `Массив (Array)`; a name alone is Russian, and English too if it is ASCII.
pub(crate) fn names(text: &str) -> Names {
    let text = text.trim();
    let pair = text.strip_suffix(')').and_then(|text| text.split_once(" ("));
    let (first, second) = match pair {
        Some((first, second)) => (first.trim(), second.trim()),
        None if text.is_ascii() => (text, text),
        None => (text, ""),
    };
    let is_swapped = first.is_ascii() && !second.is_ascii();
    let (ru, en) = if is_swapped { (second, first) } else { (first, second) };
    Names { ru: ru.to_smolstr(), en: en.to_smolstr(), aliases: Vec::new() }
}

fn parameters(chapter: &Chapter) -> Vec<Parameter> {
    let parameter = |(header, text): &(String, String)| {
        let (types, rest) = leading_types(text);
        let (name, note) = header.rsplit_once('(').unwrap_or((header, ""));
        let note = note.to_lowercase();
        Parameter {
            name: name.replace(['<', '>'], "").trim().to_smolstr(),
            is_optional: note.starts_with("необязательн") || note.starts_with("optional"),
            types,
            description: description(rest),
        }
    };
    chapter.rubrics.iter().map(parameter).collect()
}

/// Names of parameters of a page that does not describe them: `Вставить(<Ключ>, <Значение>)`.
fn parameters_of_syntax(syntax: &str) -> Vec<Parameter> {
    let names = syntax.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    names.map(|(name, _)| Parameter { name: name.to_smolstr(), ..Parameter::default() }).collect()
}

/// Types behind `Тип:` at the beginning, and the text after them.
fn leading_types(text: &str) -> (Vec<SmolStr>, &str) {
    match text.strip_prefix("Тип:").or_else(|| text.strip_prefix("Type:")) {
        Some(rest) => types(rest),
        None => (Vec::new(), text),
    }
}

/// The list ends with its line, or with a dot that no name continues.
fn types(text: &str) -> (Vec<SmolStr>, &str) {
    let text = text.trim_start();
    let line = text.find('\n').unwrap_or(text.len());
    let dot = text.find(". ").unwrap_or(text.len());
    let end = line.min(dot);
    let list = text[..end].trim_end().trim_end_matches('.');
    let is_name = |name: &&str| {
        !name.is_empty() && name.len() < MAX_TYPE_BYTES && (name.contains('<') || !name.contains(' '))
    };
    let names =
        list.split([',', ';']).flat_map(|part| part.split(" или ")).flat_map(|part| part.split(" or "));
    let types = names.map(str::trim).filter(is_name).map(SmolStr::new).collect();
    (types, text[end..].trim_start_matches(['.', '\n', ' ']))
}

fn contexts(text: &str) -> Contexts {
    let line = text.split('\n').next().unwrap_or_default().to_lowercase();
    let mut mask = 0;
    for word in line.split(',') {
        let word = word.trim().trim_end_matches('.').trim_end();
        if let Some((_, bit)) = CONTEXTS.iter().find(|(name, _)| *name == word) {
            mask |= 1 << bit;
        }
    }
    Contexts(mask)
}

fn description(text: &str) -> SmolStr {
    let mut end = text.len().min(MAX_DESCRIPTION_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    SmolStr::new(text[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_line_by_line() {
        let text = "Доступен, начиная с версии 8.3.6.\nОписание изменено в версии 8.3.10.\n\
                    Не рекомендуется использовать, начиная с версии 8.3.15.";
        let found = versions(text);
        assert_eq!((found.since.as_str(), found.deprecated.as_str()), ("8.3.6", "8.3.15"));
        assert_eq!(versions("Available since version 8.0").since, "8.0");
        assert!(versions("Доступен всегда").is_unknown());
    }

    #[test]
    fn versions_are_compared_by_numbers() {
        let versions = Versions { since: "8.3.10".into(), deprecated: "8.2".into() };
        assert!(versions.is_later_than((8, 3, 9)) && !versions.is_later_than((8, 3, 10)));
        assert!(versions.is_deprecated_in(None) && versions.is_deprecated_in(Some((8, 3, 1))));
        assert!(!versions.is_deprecated_in(Some((8, 2, 19))));
    }
}
