//! Puts the pages of a book together: members under their types, values under their enumerations.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::facts::Facts;
use super::{Book, Help};
use crate::api::{EnumInfo, Method, Names, Property, Signature, TypeInfo};

const GLOBAL_CONTEXT: &str = "objects/Global context";
/// Primitive types have their pages in another book.
const PRIMITIVES: &[(&str, &str)] = &[
    ("String", "Строка"),
    ("Number", "Число"),
    ("Date", "Дата"),
    ("Boolean", "Булево"),
    ("Type", "Тип"),
    ("Undefined", "Неопределено"),
    ("Arbitrary", "Произвольный"),
    ("Null", "Null"),
];

/// Beginnings of names of types whose values have members that no page can list.
const OPEN_TYPES: &[&str] =
    &["COMОбъект", "ВнешнийОбъект", "ОбъектXDTO", "ДанныеФормы", "Структура", "ФиксированнаяСтруктура"];

/// What a path says about its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place<'a> {
    /// Path of the type without extension.
    Type(&'a str),
    Member {
        owner: &'a str,
        group: Group,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Methods,
    Properties,
    Constructors,
}

pub(crate) fn is_page(path: &str) -> bool {
    place(path).is_some()
}

fn place(path: &str) -> Option<Place<'_>> {
    let stem = path.strip_suffix(".html").filter(|stem| stem.starts_with("objects/"))?;
    let (folder, name) = stem.rsplit_once('/')?;
    let number = name.strip_prefix("catalog");
    if number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let mut start = 0_usize;
    for part in folder.split('/') {
        let group = match part {
            "methods" => Some(Group::Methods),
            "properties" => Some(Group::Properties),
            "ctors" => Some(Group::Constructors),
            "events" | "fields" | "params" | "formparams" => return None,
            _ => None,
        };
        if let Some(group) = group {
            let owner = folder.get(..start.checked_sub(1)?)?;
            return Some(Place::Member { owner, group });
        }
        start += part.len() + 1;
    }
    Some(Place::Type(stem))
}

#[derive(Default)]
struct Assembly {
    help: Help,
    types: Vec<Built>,
    by_path: FxHashMap<String, usize>,
}

#[derive(Default)]
struct Built {
    info: TypeInfo,
    is_enum: bool,
    /// Some members have names that depend on data: `<Имя колонки>`.
    is_open: bool,
}

pub(crate) fn help(book: Book) -> Help {
    let mut pages: Vec<(String, Facts)> = book.pages.into_iter().collect();
    pages.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut assembly = Assembly::default();
    let mut members = Vec::new();
    for (path, facts) in pages {
        match place(&path) {
            Some(Place::Type(stem)) if stem != GLOBAL_CONTEXT => {
                let is_enum = book.enum_pages.contains(&path);
                assembly.add_type(stem, facts, is_enum);
            }
            Some(Place::Member { .. }) => members.push((path, facts)),
            _ => {}
        }
    }
    for (path, facts) in members {
        if let Some(Place::Member { owner, group }) = place(&path) {
            assembly.add_member(owner, group, facts);
        }
    }
    assembly.help.skipped = book.skipped;
    assembly.finish()
}

impl Assembly {
    fn add_type(&mut self, stem: &str, facts: Facts, is_enum: bool) {
        // The names of generic types are those of their objects: `СправочникОбъект.<Имя справочника>`.
        let is_open = facts.names.ru.contains('<') || !facts.elements.is_empty();
        let info = TypeInfo {
            names: without_placeholder(&facts.names),
            contexts: facts.contexts,
            elements: facts.elements,
            description: facts.description,
            ..TypeInfo::default()
        };
        self.by_path.insert(stem.to_owned(), self.types.len());
        self.types.push(Built { info, is_enum: is_enum || facts.has_values, is_open });
    }

    fn add_member(&mut self, owner: &str, group: Group, facts: Facts) {
        if owner == GLOBAL_CONTEXT {
            match group {
                Group::Methods => self.help.functions.push(method(facts)),
                Group::Properties => self.help.properties.push(property(facts)),
                Group::Constructors => {}
            }
            return;
        }
        let built = match self.by_path.get(owner) {
            Some(&index) => &mut self.types[index],
            None => {
                let info = TypeInfo { names: without_placeholder(&facts.owner), ..TypeInfo::default() };
                self.by_path.insert(owner.to_owned(), self.types.len());
                self.types.push(Built { info, ..Built::default() });
                let last = self.types.len() - 1;
                &mut self.types[last]
            }
        };
        if facts.names.ru.contains('<') {
            built.is_open = true;
            return;
        }
        match group {
            Group::Methods => {
                built.is_enum = false;
                built.info.methods.push(method(facts));
            }
            Group::Properties => built.info.properties.push(property(facts)),
            Group::Constructors => {
                built.is_enum = false;
                let description = facts.description;
                let with_text = |mut signature: Signature| {
                    if signature.description.is_empty() {
                        signature.description = description.clone();
                    }
                    signature
                };
                built.info.constructors.extend(facts.signatures.into_iter().map(with_text));
            }
        }
    }

    fn finish(mut self) -> Help {
        self.types.retain(|built| !built.info.names.ru.is_empty());
        let translation = self.translation();
        let mut help = self.help;
        for mut built in self.types {
            if built.is_enum {
                help.enums.push(enum_info(built.info));
                continue;
            }
            let has_members = !built.info.methods.is_empty() || !built.info.properties.is_empty();
            let is_open =
                built.is_open || OPEN_TYPES.iter().any(|prefix| built.info.names.ru.starts_with(prefix));
            built.info.is_complete = has_members && !is_open;
            help.types.push(built.info);
        }
        help.functions.iter_mut().for_each(|function| translate_method(function, &translation));
        help.properties.iter_mut().for_each(|property| translate(&mut property.types, &translation));
        for info in &mut help.types {
            translate(&mut info.elements, &translation);
            info.methods.iter_mut().for_each(|method| translate_method(method, &translation));
            info.properties.iter_mut().for_each(|property| translate(&mut property.types, &translation));
            info.constructors.iter_mut().for_each(|signature| translate_signature(signature, &translation));
        }
        help
    }

    /// English names of types to Russian ones, which the tables use.
    fn translation(&self) -> FxHashMap<SmolStr, SmolStr> {
        let primitives =
            PRIMITIVES.iter().map(|&(en, ru)| (SmolStr::new_static(en), SmolStr::new_static(ru)));
        let own = self.types.iter().map(|built| (built.info.names.en.clone(), built.info.names.ru.clone()));
        primitives.chain(own).collect()
    }
}

fn without_placeholder(names: &Names) -> Names {
    let cut = |name: &SmolStr| SmolStr::new(name.split(".<").next().unwrap_or_default());
    Names { ru: cut(&names.ru), en: cut(&names.en), aliases: Vec::new() }
}

fn method(facts: Facts) -> Method {
    Method {
        names: facts.names,
        contexts: facts.contexts,
        signatures: facts.signatures,
        returns: facts.types,
        description: facts.description,
        versions: facts.versions,
    }
}

fn property(facts: Facts) -> Property {
    Property {
        names: facts.names,
        contexts: facts.contexts,
        types: facts.types,
        is_read_only: facts.is_read_only,
        versions: facts.versions,
        description: facts.description,
    }
}

fn enum_info(info: TypeInfo) -> EnumInfo {
    EnumInfo {
        names: info.names,
        contexts: info.contexts,
        values: info.properties.into_iter().map(|value| value.names).collect(),
        description: info.description,
    }
}

fn translate_method(method: &mut Method, translation: &FxHashMap<SmolStr, SmolStr>) {
    translate(&mut method.returns, translation);
    method.signatures.iter_mut().for_each(|signature| translate_signature(signature, translation));
}

fn translate_signature(signature: &mut Signature, translation: &FxHashMap<SmolStr, SmolStr>) {
    translate(&mut signature.returns, translation);
    signature.parameters.iter_mut().for_each(|parameter| translate(&mut parameter.types, translation));
}

fn translate(types: &mut [SmolStr], translation: &FxHashMap<SmolStr, SmolStr>) {
    for name in types {
        let (base, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Some(ru) = translation.get(base) {
            *name = match rest {
                "" => ru.clone(),
                rest => smol_str::format_smolstr!("{ru}.{rest}"),
            };
        }
    }
}
