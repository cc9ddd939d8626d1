//! Paths of names inside literals: types, predefined values, forms, full names of metadata.

use metadata::{MetadataObject, ObjectAspect, ObjectKind};
use platform::Names;
use semantics::{Definition, ObjectId};
use smol_str::SmolStr;

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::constructors;
use crate::completion::expected::is_enterprise;
use crate::completion::item::CompletionKind;
use crate::completion::typing::plain;

/// Complete names before the word that is typed.
pub(crate) struct Path<'t> {
    parts: Vec<&'t str>,
}

impl<'t> Path<'t> {
    /// `before` ends with a dot or is empty.
    pub(crate) fn new(before: &'t str) -> Self {
        let before = before.trim();
        let complete = before.rsplit_once('.').map(|(complete, _)| complete);
        Self { parts: complete.into_iter().flat_map(|text| text.split('.')).map(str::trim).collect() }
    }
}

/// Kinds whose objects have predefined values.
const PREDEFINED: [ObjectKind; 6] = [
    ObjectKind::Enum,
    ObjectKind::Catalog,
    ObjectKind::ChartOfCharacteristicTypes,
    ObjectKind::ChartOfAccounts,
    ObjectKind::ChartOfCalculationTypes,
    ObjectKind::Document,
];
/// Kinds that have forms.
const WITH_FORMS: [ObjectKind; 17] = [
    ObjectKind::Catalog,
    ObjectKind::Document,
    ObjectKind::CommonForm,
    ObjectKind::DataProcessor,
    ObjectKind::Report,
    ObjectKind::InformationRegister,
    ObjectKind::AccumulationRegister,
    ObjectKind::AccountingRegister,
    ObjectKind::CalculationRegister,
    ObjectKind::DocumentJournal,
    ObjectKind::Enum,
    ObjectKind::ChartOfCharacteristicTypes,
    ObjectKind::ChartOfAccounts,
    ObjectKind::ExchangePlan,
    ObjectKind::BusinessProcess,
    ObjectKind::Task,
    ObjectKind::SettingsStorage,
];
/// Types that are no types of the platform's tables.
const PRIMITIVES: [(&str, &str); 6] = [
    ("Строка", "String"),
    ("Число", "Number"),
    ("Булево", "Boolean"),
    ("Дата", "Date"),
    ("Неопределено", "Undefined"),
    ("ЛюбаяСсылка", "AnyRef"),
];
const ASPECTS: [ObjectAspect; 6] = [
    ObjectAspect::Ref,
    ObjectAspect::Object,
    ObjectAspect::Manager,
    ObjectAspect::RecordSet,
    ObjectAspect::RecordManager,
    ObjectAspect::Record,
];

fn offer(names: Names, kind: CompletionKind, tier: Tier, content: Content, candidates: &mut Candidates) {
    candidates.offer(Candidate { names, kind, tier, fit: Fit::Unknown, distance: 0, content });
}

fn word(names: Names, kind: CompletionKind, tier: Tier, candidates: &mut Candidates) {
    offer(names, kind, tier, Content::Name(String::new()), candidates);
}

fn pair(ru: impl Into<SmolStr>, en: impl Into<SmolStr>) -> Names {
    Names { ru: ru.into(), en: en.into(), aliases: Vec::new() }
}

fn kind_names(kind: ObjectKind) -> Names {
    pair(kind.name_ru(), kind.name())
}

/// Types as `Тип("")` takes them; only those that can be made if `is_made`.
pub(crate) fn types(asked: &Asked<'_>, path: &Path<'_>, is_made: bool, candidates: &mut Candidates) {
    if let [generated] = path.parts.as_slice() {
        if let Some((kind, _)) = generated_type(generated) {
            objects(asked, kind, candidates);
        }
        return;
    }
    if !path.parts.is_empty() {
        return;
    }
    for (names, tier, _) in constructors::types(asked) {
        word(names, CompletionKind::Class, tier, candidates);
    }
    if is_made {
        return;
    }
    for (ru, en) in PRIMITIVES {
        word(pair(ru, en), CompletionKind::Class, Tier::Expected, candidates);
    }
    if !is_enterprise(asked) {
        return;
    }
    for (id, info) in asked.platform().types() {
        let _ = id;
        if generated_type(&info.names.ru).is_some() {
            word(info.names.clone(), CompletionKind::Class, Tier::Own, candidates);
        }
    }
}

/// `СправочникСсылка`, `CatalogRef`.
fn generated_type(name: &str) -> Option<(ObjectKind, ObjectAspect)> {
    let same = |text: String| base::same_name(&text, name);
    ObjectKind::ALL.iter().copied().find_map(|kind| {
        let starts = base::fold_case(name).starts_with(&*base::fold_case(kind.name_ru()))
            || base::fold_case(name).starts_with(&*base::fold_case(kind.name()));
        let mut aspects = ASPECTS.into_iter().filter(|_| starts);
        let found = aspects.find(|aspect| {
            same(format!("{}{}", kind.name_ru(), aspect.name_ru()))
                || same(format!("{}{}", kind.name(), aspect.name()))
        });
        found.map(|aspect| (kind, aspect))
    })
}

/// `Перечисление.Статусы.Новый`, `Справочник.Валюты.ПустаяСсылка`.
pub(crate) fn predefined(asked: &Asked<'_>, path: &Path<'_>, candidates: &mut Candidates) {
    match path.parts.as_slice() {
        [] => kinds(asked, &PREDEFINED, candidates),
        [kind] => of_kind(asked, kind, candidates),
        [kind, name] => {
            let Some(object) = find(asked, kind, name) else { return };
            for (part, content) in asked.of.project.object_chain(object) {
                values(part, content, candidates);
            }
            let empty = pair("ПустаяСсылка", "EmptyRef");
            word(empty, CompletionKind::Value, Tier::Context, candidates);
        }
        _ => {}
    }
}

fn values(object: ObjectId, content: &MetadataObject, candidates: &mut Candidates) {
    let member = |names: &Names, kind, definition| {
        let names = names.clone();
        Content::Member(semantics::Member { names, kind, definition })
    };
    for (index, value) in content.enum_values.iter().enumerate() {
        let names = plain(&value.name);
        let definition = Definition::EnumValue { object, index: index as u32 };
        let content = member(&names, semantics::MemberKind::EnumValue, definition);
        offer(names, CompletionKind::EnumValue, Tier::Expected, content, candidates);
    }
    for (index, item) in content.predefined.iter().enumerate() {
        let names = plain(&item.name);
        let definition = Definition::Predefined { object, index: index as u32 };
        let content = member(&names, semantics::MemberKind::Predefined, definition);
        offer(names, CompletionKind::Value, Tier::Expected, content, candidates);
    }
}

/// `Справочник.Товары.ФормаСписка`, `Справочник.Товары.Форма.ФормаСписка`, `ОбщаяФорма.Ход`.
pub(crate) fn forms(asked: &Asked<'_>, path: &Path<'_>, candidates: &mut Candidates) {
    match path.parts.as_slice() {
        [] => kinds(asked, &WITH_FORMS, candidates),
        [kind] => of_kind(asked, kind, candidates),
        [kind, name] => {
            let Some(object) = find(asked, kind, name) else { return };
            let form = pair("Форма", "Form");
            word(form, CompletionKind::Form, Tier::Expected, candidates);
            for names in main_forms(asked, object) {
                word(names, CompletionKind::Form, Tier::Own, candidates);
            }
        }
        [kind, name, form] if ["Форма", "Form"].iter().any(|word| base::same_name(word, form)) => {
            let Some(object) = find(asked, kind, name) else { return };
            for (_, content) in asked.of.project.object_chain(object) {
                for form in &content.forms {
                    word(plain(form), CompletionKind::Form, Tier::Expected, candidates);
                }
            }
        }
        _ => {}
    }
}

fn main_forms(asked: &Asked<'_>, object: ObjectId) -> Vec<Names> {
    use ObjectKind as K;
    let kind = asked.of.project.object(object).map(|object| object.kind);
    match kind {
        Some(K::Report | K::DataProcessor | K::CommonForm) | None => Vec::new(),
        Some(
            K::InformationRegister | K::AccumulationRegister | K::AccountingRegister | K::CalculationRegister,
        ) => vec![pair("ФормаСписка", "ListForm"), pair("ФормаЗаписи", "RecordForm")],
        Some(_) => vec![
            pair("ФормаСписка", "ListForm"),
            pair("ФормаОбъекта", "ObjectForm"),
            pair("ФормаВыбора", "ChoiceForm"),
        ],
    }
}

/// `Справочник.Товары`.
pub(crate) fn full_names(asked: &Asked<'_>, path: &Path<'_>, candidates: &mut Candidates) {
    match path.parts.as_slice() {
        [] => kinds(asked, ObjectKind::ALL, candidates),
        [kind] => of_kind(asked, kind, candidates),
        _ => {}
    }
}

/// Kinds of which there are objects.
fn kinds(asked: &Asked<'_>, kinds: &[ObjectKind], candidates: &mut Candidates) {
    let Some(root) = asked.of.project.visible_root(asked.of.module) else { return };
    for kind in kinds {
        let mut roots = asked.of.project.root_chain(Some(root));
        if roots.any(|(_, root)| root.of_kind(*kind).next().is_some()) {
            word(kind_names(*kind), CompletionKind::Module, Tier::Expected, candidates);
        }
    }
}

fn of_kind(asked: &Asked<'_>, kind: &str, candidates: &mut Candidates) {
    if let Some(kind) = ObjectKind::from_name(kind) {
        objects(asked, kind, candidates);
    }
}

fn objects(asked: &Asked<'_>, kind: ObjectKind, candidates: &mut Candidates) {
    let Some(root) = asked.of.project.visible_root(asked.of.module) else { return };
    for object in asked.of.project.metadata().of_kind(root, kind) {
        let Some(content) = asked.of.project.object(object) else { continue };
        let names = plain(&content.name);
        let member = semantics::Member {
            names: names.clone(),
            kind: semantics::MemberKind::Object,
            definition: Definition::Object(object),
        };
        offer(names, CompletionKind::Object, Tier::Own, Content::Member(member), candidates);
    }
}

fn find(asked: &Asked<'_>, kind: &str, name: &str) -> Option<ObjectId> {
    let root = asked.of.project.visible_root(asked.of.module);
    asked.of.project.find_object(root, ObjectKind::from_name(kind)?, name)
}
