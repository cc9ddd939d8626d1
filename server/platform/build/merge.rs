//! Joins the tables: spellings of names, our own additions, types that every object of a metadata kind has.

use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

use crate::api::{EnumInfo, Method, ModuleEvents, Names, Property, TypeInfo, Versions};
use crate::json;
use crate::tables::{ElementType, Tables};

/// Kinds whose objects have types of their own: English and Russian singular, Russian collection.
const KINDS: &[(&str, &str, &str)] = &[
    ("AccountingRegister", "РегистрБухгалтерии", "РегистрыБухгалтерии"),
    ("AccumulationRegister", "РегистрНакопления", "РегистрыНакопления"),
    ("BusinessProcess", "БизнесПроцесс", "БизнесПроцессы"),
    ("CalculationRegister", "РегистрРасчета", "РегистрыРасчета"),
    ("Catalog", "Справочник", "Справочники"),
    ("ChartOfAccounts", "ПланСчетов", "ПланыСчетов"),
    ("ChartOfCalculationTypes", "ПланВидовРасчета", "ПланыВидовРасчета"),
    ("ChartOfCharacteristicTypes", "ПланВидовХарактеристик", "ПланыВидовХарактеристик"),
    ("Constant", "Константа", "Константы"),
    ("DataProcessor", "Обработка", "Обработки"),
    ("Document", "Документ", "Документы"),
    ("DocumentJournal", "ЖурналДокументов", "ЖурналыДокументов"),
    ("Enum", "Перечисление", "Перечисления"),
    ("ExchangePlan", "ПланОбмена", "ПланыОбмена"),
    ("ExternalDataProcessor", "ВнешняяОбработка", "ВнешниеОбработки"),
    ("ExternalDataSource", "ВнешнийИсточникДанных", "ВнешниеИсточникиДанных"),
    ("ExternalReport", "ВнешнийОтчет", "ВнешниеОтчеты"),
    ("FilterCriterion", "КритерийОтбора", "КритерииОтбора"),
    ("InformationRegister", "РегистрСведений", "РегистрыСведений"),
    ("Report", "Отчет", "Отчеты"),
    ("Sequence", "Последовательность", "Последовательности"),
    ("SettingsStorage", "ХранилищеНастроек", "ХранилищаНастроек"),
    ("Task", "Задача", "Задачи"),
];

const ASPECTS: &[(&str, &str)] = &[
    ("Manager", "Менеджер"),
    ("Ref", "Ссылка"),
    ("Object", "Объект"),
    ("Selection", "Выборка"),
    ("List", "Список"),
    ("RecordSet", "НаборЗаписей"),
    ("Record", "Запись"),
    ("RecordKey", "КлючЗаписи"),
    ("RecordManager", "МенеджерЗаписи"),
    ("ValueManager", "МенеджерЗначения"),
];

const FORM_TYPES: &[&str] = &["ФормаКлиентскогоПриложения", "УправляемаяФорма"];

/// Something that a list holds once per Russian name.
trait Named {
    fn names(&self) -> &Names;
    fn absorb(&mut self, other: Self);
}

impl Named for Method {
    fn names(&self) -> &Names {
        &self.names
    }

    fn absorb(&mut self, other: Self) {
        absorb_names(&mut self.names, other.names);
        if !other.signatures.is_empty() {
            self.signatures = other.signatures;
        }
        if !other.returns.is_empty() {
            self.returns = other.returns;
        }
        absorb_versions(&mut self.versions, other.versions);
    }
}

/// What is known stays.
fn absorb_versions(old: &mut Versions, other: Versions) {
    if old.since.is_empty() {
        old.since = other.since;
    }
    if old.deprecated.is_empty() {
        old.deprecated = other.deprecated;
    }
}

impl Named for Property {
    fn names(&self) -> &Names {
        &self.names
    }

    fn absorb(&mut self, other: Self) {
        absorb_names(&mut self.names, other.names);
        self.is_read_only |= other.is_read_only;
        absorb_versions(&mut self.versions, other.versions);
        if !other.types.is_empty() {
            self.types = other.types;
        }
    }
}

impl Named for TypeInfo {
    fn names(&self) -> &Names {
        &self.names
    }

    fn absorb(&mut self, other: Self) {
        absorb_names(&mut self.names, other.names);
        merge(&mut self.methods, other.methods);
        merge(&mut self.properties, other.properties);
        if self.constructors.is_empty() {
            self.constructors = other.constructors;
        }
        if !other.elements.is_empty() {
            self.elements = other.elements;
        }
    }
}

impl Named for EnumInfo {
    fn names(&self) -> &Names {
        &self.names
    }

    fn absorb(&mut self, other: Self) {
        absorb_names(&mut self.names, other.names);
        for value in other.values {
            if !self.values.iter().any(|old| old.ru == value.ru) {
                self.values.push(value);
            }
        }
    }
}

/// The other English name becomes the usual one.
fn absorb_names(names: &mut Names, other: Names) {
    if !other.en.is_empty() && other.en != names.en {
        let old = std::mem::replace(&mut names.en, other.en);
        add_alias(names, old);
    }
    for alias in other.aliases {
        add_alias(names, alias);
    }
}

fn add_alias(names: &mut Names, alias: SmolStr) {
    if !alias.is_empty() && alias != names.en && !names.aliases.contains(&alias) {
        names.aliases.push(alias);
    }
}

fn merge<T: Named>(list: &mut Vec<T>, additions: Vec<T>) {
    for addition in additions {
        let name = addition.names().ru.to_lowercase();
        match list.iter_mut().find(|old| old.names().ru.to_lowercase() == name) {
            Some(old) => old.absorb(addition),
            None => list.push(addition),
        }
    }
}

/// Spellings from aligned code, and names that changed between versions.
pub fn aliases(tables: &mut Tables, value: &Value) {
    let pairs = json::list(&value["types"], json::pair);
    let renamed = json::list(&value["renamed"], json::names);
    for names in pairs.into_iter().chain(renamed) {
        let functions = tables.functions.iter_mut().map(|function| &mut function.names);
        let types = tables.types.iter_mut().map(|info| &mut info.names);
        let enums = tables.enums.iter_mut().map(|info| &mut info.names);
        for old in functions.chain(types).chain(enums).filter(|old| old.ru == names.ru) {
            if old.en.is_empty() {
                old.en = names.en.clone();
            }
            for spelling in [&names.en].into_iter().chain(&names.aliases) {
                add_alias(old, spelling.clone());
            }
        }
    }
    tables.context_members = json::list(&value["unqualified_context_members"], json::pair);
}

/// What we know ourselves and the other tables lack.
pub fn own(tables: &mut Tables, value: &Value) {
    merge(&mut tables.functions, json::list(&value["functions"], json::method));
    merge(&mut tables.properties, json::list(&value["properties"], json::property));
    merge(&mut tables.types, json::list(&value["types"], json::type_info));
    merge(&mut tables.enums, json::list(&value["enums"], json::enum_info));
    for (kind, members) in value["kinds"].as_object().into_iter().flatten() {
        own_kind(tables, kind, members);
    }
    for module in json::list(&value["events"], json::module_events) {
        own_events(tables, module);
    }
    tables.context_members.extend(json::list(&value["context_members"], json::pair));
    tables.element_types = json::list(&value["element_types"], |pair| ElementType {
        element: json::text(&pair[0]),
        type_name: json::text(&pair[1]),
    });
}

fn own_kind(tables: &mut Tables, kind: &str, value: &Value) {
    let addition = json::kind_members(kind, value);
    let Some(old) = tables.kinds.iter_mut().find(|old| old.kind == kind) else {
        tables.kinds.push(addition);
        return;
    };
    merge(&mut old.collection, addition.collection);
    merge(&mut old.manager, addition.manager);
    merge(&mut old.object, addition.object);
    merge(&mut old.object_properties, addition.object_properties);
    merge(&mut old.reference, addition.reference);
    merge(&mut old.standard_attributes, addition.standard_attributes);
}

fn own_events(tables: &mut Tables, addition: ModuleEvents) {
    let is_same = |old: &&mut ModuleEvents| old.kind == addition.kind && old.module == addition.module;
    match tables.events.iter_mut().find(is_same) {
        Some(old) => {
            for event in addition.events {
                if !old.events.iter().any(|known| known.names.ru == event.names.ru) {
                    old.events.push(event);
                }
            }
        }
        None => tables.events.push(addition),
    }
}

/// Only what loops over collections yield: the libraries differ in the rest.
pub fn elements(tables: &mut Tables, own: &Value) {
    for addition in json::list(&own["types"], json::type_info) {
        let found = tables.types.iter_mut().find(|info| info.names.ru == addition.names.ru);
        if let Some(info) = found {
            info.elements = addition.elements;
        }
    }
}

/// Members of a kind are members of its types: `СправочникОбъект`, `CatalogRef`.
pub fn generic_types(tables: &mut Tables) {
    let mut additions = Vec::new();
    for &(en, ru, collection) in KINDS {
        let Some(members) = tables.kinds.iter().find(|members| members.kind == en) else { continue };
        let is_register = en.ends_with("Register");
        let object = match en {
            "Constant" => "МенеджерЗначения",
            "Sequence" => "НаборЗаписей",
            _ if is_register => "НаборЗаписей",
            _ => "Объект",
        };
        let mut add = |name: SmolStr, methods: &[Method], properties: &[Property]| {
            let names = Names { ru: name, ..Names::default() };
            let (methods, properties) = (methods.to_vec(), properties.to_vec());
            additions.push(TypeInfo { names, methods, properties, ..TypeInfo::default() });
        };
        add(format_smolstr!("{collection}Менеджер"), &members.collection, &[]);
        add(format_smolstr!("{ru}Менеджер"), &members.manager, &[]);
        add(format_smolstr!("{ru}{object}"), &members.object, &members.object_properties);
        add(format_smolstr!("{ru}Ссылка"), &members.reference, &[]);
    }
    additions.retain(|info| !info.methods.is_empty() || !info.properties.is_empty());
    merge(&mut tables.types, additions);
    for info in &mut tables.types {
        if info.names.en.is_empty() {
            info.names.en = generic_name(&info.names.ru).unwrap_or_default();
        }
    }
}

/// Methods of forms, objects, record sets and managers: their own modules call them without receiver.
pub fn context_members(tables: &mut Tables) {
    let of_kinds = tables.kinds.iter().flat_map(|members| members.manager.iter().chain(&members.object));
    let forms = tables.types.iter().filter(|info| FORM_TYPES.contains(&info.names.ru.as_str()));
    let of_forms = forms.flat_map(|info| &info.methods);
    let names: Vec<Names> = of_kinds.chain(of_forms).map(|method| method.names.clone()).collect();
    for names in names {
        match tables.context_members.iter_mut().find(|old| old.ru == names.ru) {
            Some(old) => absorb_names(old, names),
            None => tables.context_members.push(names),
        }
    }
}

/// English name of a type that metadata generates, or of the manager of a collection.
fn generic_name(name: &str) -> Option<SmolStr> {
    for &(en, ru, collection) in KINDS {
        let aspect = name.strip_prefix(ru).and_then(|rest| ASPECTS.iter().find(|(_, ru)| *ru == rest));
        if let Some((aspect, _)) = aspect {
            return Some(format_smolstr!("{en}{aspect}"));
        }
        if name.strip_prefix(collection) == Some("Менеджер") {
            return Some(format_smolstr!("{}Manager", plural(en)));
        }
    }
    None
}

fn plural(kind: &str) -> String {
    match kind {
        "BusinessProcess" => String::from("BusinessProcesses"),
        "ChartOfAccounts" => String::from("ChartsOfAccounts"),
        "ChartOfCalculationTypes" => String::from("ChartsOfCalculationTypes"),
        "ChartOfCharacteristicTypes" => String::from("ChartsOfCharacteristicTypes"),
        "FilterCriterion" => String::from("FilterCriteria"),
        other => format!("{other}s"),
    }
}

/// One order whatever the sources; members keep theirs by name, values of enumerations stay as they are.
pub fn sort(tables: &mut Tables) {
    let key = |names: &Names| names.ru.to_lowercase();
    tables.functions.sort_by_cached_key(|function| key(&function.names));
    tables.properties.sort_by_cached_key(|property| key(&property.names));
    tables.types.sort_by_cached_key(|info| key(&info.names));
    tables.enums.sort_by_cached_key(|info| key(&info.names));
    tables.events.sort_by(|a, b| (&a.kind, &a.module).cmp(&(&b.kind, &b.module)));
    tables.form_events.sort_by(|a, b| (&a.element, &a.names.en).cmp(&(&b.element, &b.names.en)));
    tables.kinds.sort_by(|a, b| a.kind.cmp(&b.kind));
    tables.context_members.sort_by_cached_key(key);
    tables.context_members.dedup_by(|a, b| a.ru == b.ru);
    for info in &mut tables.types {
        info.methods.sort_by_cached_key(|method| key(&method.names));
        info.properties.sort_by_cached_key(|property| key(&property.names));
    }
}
