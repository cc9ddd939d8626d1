//! Adds what help files say to the shipped tables. What the tables know stays where the help is silent.

use rustc_hash::FxHashMap;
use smol_str::format_smolstr;

use super::Help;
use crate::api::{Method, Names, Property, TypeInfo, Versions};
use crate::platform::Platform;

/// Pages about parts of a type that depend on its kind, and the type whose values have those members.
const EXTENSIONS: &[(&str, &str)] = &[
    ("Расширение поля формы", "ПолеФормы"),
    ("Расширение группы формы", "ГруппаФормы"),
    ("Расширение таблицы формы", "ТаблицаФормы"),
    ("Расширение декорации формы", "ДекорацияФормы"),
    ("Расширение кнопки формы", "КнопкаФормы"),
    ("Расширение формы клиентского приложения", "ФормаКлиентскогоПриложения"),
    ("Расширение управляемой формы", "ФормаКлиентскогоПриложения"),
];

impl Platform {
    /// These facts and those of help files. Ids of types and enumerations stay the same.
    pub fn with_help(&self, help: &Help) -> Self {
        let mut tables = self.tables.clone();
        merge(&mut tables.functions, &help.functions, merge_method);
        merge(&mut tables.properties, &help.properties, merge_property);
        tables.functions.sort_by_cached_key(|function| function.names.ru.to_lowercase());
        tables.properties.sort_by_cached_key(|property| property.names.ru.to_lowercase());
        let (extensions, types): (Vec<&TypeInfo>, Vec<&TypeInfo>) =
            help.types.iter().partition(|info| extended_type(&info.names.ru).is_some());
        merge(&mut tables.types, types, merge_type);
        let extensions: Vec<TypeInfo> = extensions
            .into_iter()
            .filter_map(|info| {
                let names = Names { ru: extended_type(&info.names.ru)?.into(), ..Names::default() };
                let (methods, properties) = (info.methods.clone(), info.properties.clone());
                Some(TypeInfo { names, methods, properties, ..TypeInfo::default() })
            })
            .collect();
        merge(&mut tables.types, &extensions, merge_type);
        for info in &mut tables.types {
            info.is_complete &= !EXTENSIONS.iter().any(|(_, name)| info.names.ru == *name);
        }
        merge(&mut tables.enums, &help.enums, |old, new| {
            absorb_names(&mut old.names, &new.names);
            replace(&mut old.values, &new.values);
            old.description = new.description.clone();
        });
        let mut platform = Self::new(tables);
        platform.enrich_kinds();
        platform
    }

    /// Types of metadata objects have got members; the kinds repeat them.
    fn enrich_kinds(&mut self) {
        let mut kinds = std::mem::take(&mut self.tables.kinds);
        for kind in &mut kinds {
            let methods = |suffix: &str| {
                let id = self.type_id(&format_smolstr!("{}{suffix}", kind.kind));
                id.map(|id| self.type_info(id)).map_or(&[][..], |info| &info.methods)
            };
            merge(&mut kind.manager, methods("Manager"), merge_method);
            merge(&mut kind.reference, methods("Ref"), merge_method);
            for suffix in ["Object", "RecordSet", "ValueManager"] {
                let Some(id) = self.type_id(&format_smolstr!("{}{suffix}", kind.kind)) else { continue };
                merge(&mut kind.object, &self.type_info(id).methods, merge_method);
                merge(&mut kind.object_properties, &self.type_info(id).properties, merge_property);
            }
        }
        self.tables.kinds = kinds;
    }
}

fn extended_type(name: &str) -> Option<&'static str> {
    EXTENSIONS.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, name)| *name)
}

/// Something with names.
trait Named: Clone {
    fn names(&self) -> &Names;
}

macro_rules! named {
    ($($type:ty),*) => {
        $(impl Named for $type {
            fn names(&self) -> &Names {
                &self.names
            }
        })*
    };
}

named!(Method, Property, TypeInfo, crate::api::EnumInfo);

/// New things go to the end.
fn merge<'a, T: Named + 'a>(
    old: &mut Vec<T>,
    new: impl IntoIterator<Item = &'a T>,
    merge_one: impl Fn(&mut T, &T),
) {
    let mut positions: FxHashMap<String, usize> = FxHashMap::default();
    for (position, item) in old.iter().enumerate() {
        positions.entry(item.names().ru.to_lowercase()).or_insert(position);
    }
    for item in new {
        let name = item.names().ru.to_lowercase();
        if name.is_empty() {
            continue;
        }
        match positions.get(&name) {
            Some(&position) => merge_one(&mut old[position], item),
            None => {
                positions.insert(name, old.len());
                old.push(item.clone());
            }
        }
    }
}

fn merge_method(old: &mut Method, new: &Method) {
    absorb_names(&mut old.names, &new.names);
    replace(&mut old.signatures, &new.signatures);
    replace(&mut old.returns, &new.returns);
    if !new.contexts.is_unknown() {
        old.contexts = new.contexts;
    }
    old.description = new.description.clone();
    merge_versions(&mut old.versions, &new.versions);
}

fn merge_versions(old: &mut Versions, new: &Versions) {
    for (old, new) in [(&mut old.since, &new.since), (&mut old.deprecated, &new.deprecated)] {
        if !new.is_empty() {
            *old = new.clone();
        }
    }
}

fn merge_property(old: &mut Property, new: &Property) {
    absorb_names(&mut old.names, &new.names);
    replace(&mut old.types, &new.types);
    if !new.contexts.is_unknown() {
        old.contexts = new.contexts;
    }
    old.is_read_only = new.is_read_only;
    merge_versions(&mut old.versions, &new.versions);
    old.description = new.description.clone();
}

fn merge_type(old: &mut TypeInfo, new: &TypeInfo) {
    absorb_names(&mut old.names, &new.names);
    merge(&mut old.methods, &new.methods, merge_method);
    merge(&mut old.properties, &new.properties, merge_property);
    replace(&mut old.constructors, &new.constructors);
    replace(&mut old.elements, &new.elements);
    if !new.contexts.is_unknown() {
        old.contexts = new.contexts;
    }
    old.is_complete |= new.is_complete;
    if !new.description.is_empty() {
        old.description = new.description.clone();
    }
}

fn replace<T: Clone>(old: &mut Vec<T>, new: &[T]) {
    if !new.is_empty() {
        old.clear();
        old.extend_from_slice(new);
    }
}

/// The English name of the user's version becomes the usual one; the other one is still found.
fn absorb_names(old: &mut Names, new: &Names) {
    if new.en.is_empty() || new.en == old.en {
        return;
    }
    let before = std::mem::replace(&mut old.en, new.en.clone());
    old.aliases.retain(|alias| *alias != new.en);
    if !before.is_empty() {
        old.aliases.push(before);
    }
}
