//! Values of `ЗНАЧЕНИЕ` and types of `ТИП`, `ВЫРАЗИТЬ`, `ССЫЛКА`.

use metadata::{ObjectAspect, ObjectKind};
use platform::Names;
use semantics::{Definition, Dialect, MemberKind, PlatformEnum, Type};

use crate::completion::candidates::Tier;
use crate::completion::{CompletionItem, CompletionKind};
use crate::query::completion::Offers;

/// Kinds of objects with references.
const KINDS: [ObjectKind; 11] = [
    ObjectKind::Catalog,
    ObjectKind::Document,
    ObjectKind::Enum,
    ObjectKind::ChartOfCharacteristicTypes,
    ObjectKind::ChartOfAccounts,
    ObjectKind::ChartOfCalculationTypes,
    ObjectKind::BusinessProcess,
    ObjectKind::Task,
    ObjectKind::ExchangePlan,
    ObjectKind::DocumentJournal,
    ObjectKind::ExternalDataSource,
];
/// Kinds that exist in most configurations; those after them are offered only if there are any.
const WITH_REFERENCES: usize = 9;
const PLAIN: [(&str, &str); 4] =
    [("ЧИСЛО", "NUMBER"), ("СТРОКА", "STRING"), ("ДАТА", "DATE"), ("БУЛЕВО", "BOOLEAN")];
/// Enumerations of the platform that queries compare with.
const ENUMS: [&str; 4] =
    ["ВидДвиженияНакопления", "ВидДвиженияБухгалтерии", "ВидСчета", "ВидТочкиМаршрутаБизнесПроцесса"];

impl Offers<'_, '_> {
    fn kinds(&mut self) {
        let of = self.code.section.of;
        let root = of.project.visible_root(of.module);
        for kind in KINDS.into_iter().take(WITH_REFERENCES) {
            let is_used = root.is_none_or(|root| !of.project.metadata().of_kind(root, kind).is_empty());
            let names = Names { ru: kind.name_ru().into(), en: kind.name().into(), aliases: Vec::new() };
            let tier = if is_used { Tier::Expected } else { Tier::Guess };
            self.name(names, CompletionKind::Enum, String::new(), tier);
        }
    }

    pub(super) fn types(&mut self, path: &[String], is_cast: bool) {
        match path {
            [] => {
                self.kinds();
                let is_refs = !is_cast && !self.is_in_type_function();
                for (ru, en) in PLAIN.into_iter().filter(|_| !is_refs) {
                    let names = Names { ru: ru.into(), en: en.into(), aliases: Vec::new() };
                    self.name(names, CompletionKind::Class, String::new(), Tier::Local);
                }
            }
            [kind] => {
                if let Some(kind) = ObjectKind::from_name(kind) {
                    self.objects(kind);
                }
            }
            _ => {}
        }
    }

    fn is_in_type_function(&self) -> bool {
        let before = self.code.text().get(..self.code.offset as usize).unwrap_or_default();
        let word = |letter: char| letter.is_alphanumeric() || letter == '_';
        before.trim_end_matches(word).trim_end().ends_with('(')
    }

    pub(super) fn values(&mut self, path: &[String]) {
        match path {
            [] => {
                self.kinds();
                let platform = self.code.section.of.project.platform(Dialect::Enterprise);
                for name in ENUMS {
                    if let Some(id) = platform.enum_id(name) {
                        let names = platform.enum_info(id).names.clone();
                        self.name(names, CompletionKind::Enum, String::new(), Tier::Local);
                    }
                }
            }
            [kind] => match ObjectKind::from_name(kind) {
                Some(kind) => self.objects(kind),
                None => self.platform_values(kind),
            },
            [kind, name] => self.values_of(kind, name),
            _ => {}
        }
    }

    fn platform_values(&mut self, name: &str) {
        let platform = self.code.section.of.project.platform(Dialect::Enterprise);
        let Some(id) = platform.enum_id(name) else { return };
        let owner = PlatformEnum { dialect: Dialect::Enterprise, id };
        for (index, names) in platform.enum_info(id).values.iter().enumerate() {
            let mut item = self.item(names, CompletionKind::EnumValue);
            item.definition = Some(Definition::SystemEnumValue { owner, index: index as u32 });
            self.offer(names.clone(), item, Tier::Expected);
        }
    }

    fn values_of(&mut self, kind: &str, name: &str) {
        let scope = self.code.section.of.scope();
        let Some(object) = scope.query_object(kind, name) else { return };
        for member in scope.members(&Type::Object { object, aspect: ObjectAspect::Manager }) {
            if matches!(member.kind, MemberKind::EnumValue | MemberKind::Predefined) {
                let item = CompletionItem {
                    definition: Some(member.definition),
                    ..self.item(&member.names, CompletionKind::EnumValue)
                };
                self.offer(member.names, item, Tier::Expected);
            }
        }
        let empty =
            Names { ru: "ПустаяСсылка".into(), en: "EmptyRef".into(), aliases: Vec::new() };
        self.name(empty, CompletionKind::Value, String::new(), Tier::Expected);
    }
}
