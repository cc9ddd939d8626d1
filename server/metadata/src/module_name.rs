//! Names of modules as stacks, logs and measurements write them: `ОбщийМодуль.Цены.Модуль`,
//! `CommonModule.Prices.Module`, `Расширение Документ.Заказ.Форма.ФормаДокумента.Форма`.

use base::{fold_case, same_name};
use smol_str::{SmolStr, format_smolstr};

use crate::kind::ObjectKind;
use crate::module_path::{ModuleKind, ModulePlace, module_kinds};

/// A module with the extension it stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModuleName {
    /// Empty for the configuration itself.
    pub extension: SmolStr,
    pub place: ModulePlace,
}

/// Last words of names, Russian and English. Modules without a word of their own end with `Модуль` or `Форма`.
const TAILS: &[(ModuleKind, &str, &str)] = &[
    (ModuleKind::ObjectModule, "МодульОбъекта", "ObjectModule"),
    (ModuleKind::ManagerModule, "МодульМенеджера", "ManagerModule"),
    (ModuleKind::RecordSetModule, "МодульНабораЗаписей", "RecordSetModule"),
    (ModuleKind::RecalculationModule, "МодульНабораЗаписей", "RecordSetModule"),
    (ModuleKind::ValueManagerModule, "МодульМенеджераЗначения", "ValueManagerModule"),
    (ModuleKind::CommandModule, "МодульКоманды", "CommandModule"),
    (ModuleKind::SessionModule, "МодульСеанса", "SessionModule"),
    (ModuleKind::ManagedApplicationModule, "МодульУправляемогоПриложения", "ManagedApplicationModule"),
    (ModuleKind::OrdinaryApplicationModule, "МодульОбычногоПриложения", "OrdinaryApplicationModule"),
    (ModuleKind::ExternalConnectionModule, "МодульВнешнегоСоединения", "ExternalConnectionModule"),
    (ModuleKind::ApplicationModule, "МодульПриложения", "ApplicationModule"),
];

/// Russian and English.
type Words = (&'static str, &'static str);

const MODULE: Words = ("Модуль", "Module");
const FORM: Words = ("Форма", "Form");
const COMMAND: Words = ("Команда", "Command");
const RECALCULATION: Words = ("Перерасчет", "Recalculation");
const TABLE: Words = ("Таблица", "Table");
const CUBE: Words = ("Куб", "Cube");
const DIMENSION_TABLE: Words = ("ТаблицаИзмерения", "DimensionTable");

impl ModuleName {
    /// Reads a name in either language, without case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (extension, path) = text.rsplit_once(' ').unwrap_or(("", text));
        if extension.contains(char::is_whitespace) {
            return None;
        }
        let words: Vec<&str> = path.split('.').collect();
        if words.iter().any(|word| word.is_empty()) {
            return None;
        }
        Some(Self { extension: extension.into(), place: place(&words)? })
    }

    /// The name in Russian with the extension before it.
    pub fn name_ru(&self) -> SmolStr {
        self.write(ObjectKind::name_ru, |pair| pair.0)
    }

    /// The name in English with the extension before it.
    pub fn name_en(&self) -> SmolStr {
        self.write(ObjectKind::name, |pair| pair.1)
    }

    /// Equal for all spellings of one name.
    pub fn key(&self) -> String {
        fold_case(&self.name_en()).into_owned()
    }

    fn write(&self, kind_name: fn(ObjectKind) -> &'static str, word: fn(Words) -> &'static str) -> SmolStr {
        let place = &self.place;
        let mut parts: Vec<SmolStr> = Vec::new();
        if let Some((kind, name)) = &place.owner {
            parts.push(kind_name(*kind).into());
            parts.push(name.clone());
            match (&place.part, kind) {
                (Some(part), ObjectKind::CalculationRegister) => {
                    parts.extend([word(RECALCULATION).into(), part.clone()]);
                }
                (Some(part), _) => match part.split_once('.') {
                    Some((cube, table)) => {
                        let words = [word(CUBE), cube, word(DIMENSION_TABLE), table];
                        parts.extend(words.map(SmolStr::from));
                    }
                    None => parts.extend([word(TABLE).into(), part.clone()]),
                },
                (None, _) => {}
            }
        }
        for (pair, name) in [(FORM, &place.form), (COMMAND, &place.command)] {
            if let Some(name) = name {
                parts.extend([word(pair).into(), name.clone()]);
            }
        }
        let tail = TAILS.iter().find(|(kind, ..)| *kind == place.kind);
        let of_form = if place.kind == ModuleKind::FormModule { FORM } else { MODULE };
        parts.push(word(tail.map_or(of_form, |(_, ru, en)| (*ru, *en))).into());
        let path = parts.join(".");
        if self.extension.is_empty() { path.into() } else { format_smolstr!("{} {path}", self.extension) }
    }
}

fn is(word: &str, pair: (&str, &str)) -> bool {
    same_name(word, pair.0) || same_name(word, pair.1)
}

fn place(words: &[&str]) -> Option<ModulePlace> {
    if let [word] = words {
        let (kind, ..) = TAILS.iter().find(|(kind, ru, en)| is_of_root(*kind) && is(word, (ru, en)))?;
        return Some(ModulePlace { kind: *kind, ..ModulePlace::default() });
    }
    let [kind, name, rest @ ..] = words else { return None };
    let owner = ObjectKind::from_name(kind)?;
    let mut place = ModulePlace { owner: Some((owner, (*name).into())), ..ModulePlace::default() };
    let rest = match rest {
        [cube, name, word, table, rest @ ..] if is(cube, CUBE) && is(word, DIMENSION_TABLE) => {
            place.part = Some(format_smolstr!("{name}.{table}"));
            rest
        }
        [word, part, rest @ ..] if is(word, RECALCULATION) || is(word, TABLE) || is(word, CUBE) => {
            place.part = Some((*part).into());
            rest
        }
        rest => rest,
    };
    let tail = match rest {
        [word, form, tail] if is(word, FORM) => {
            place.form = Some((*form).into());
            place.kind = ModuleKind::FormModule;
            return (is(tail, FORM) || is(tail, MODULE)).then_some(place);
        }
        [word, command, tail] if is(word, COMMAND) => {
            place.command = Some((*command).into());
            tail
        }
        [tail] => tail,
        _ => return None,
    };
    place.kind = tail_kind(&place, owner, tail)?;
    Some(place)
}

fn is_of_root(kind: ModuleKind) -> bool {
    use ModuleKind::{
        ApplicationModule, ExternalConnectionModule, ManagedApplicationModule, OrdinaryApplicationModule,
        SessionModule,
    };
    matches!(
        kind,
        SessionModule
            | ManagedApplicationModule
            | OrdinaryApplicationModule
            | ExternalConnectionModule
            | ApplicationModule
    )
}

/// The module that the last word of a name means for its owner.
fn tail_kind(place: &ModulePlace, owner: ObjectKind, tail: &str) -> Option<ModuleKind> {
    let own: &[ModuleKind] = match owner {
        _ if place.command.is_some() => &[ModuleKind::CommandModule],
        ObjectKind::CalculationRegister if place.part.is_some() => &[ModuleKind::RecalculationModule],
        ObjectKind::ExternalDataSource => {
            &[ModuleKind::ObjectModule, ModuleKind::ManagerModule, ModuleKind::RecordSetModule]
        }
        _ => module_kinds(owner),
    };
    own.iter().copied().find(|kind| match TAILS.iter().find(|(tail, ..)| tail == kind) {
        Some((_, ru, en)) => is(tail, (ru, en)),
        None => is(tail, MODULE) || *kind == ModuleKind::FormModule && is(tail, FORM),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layout;

    /// A name in both languages with the path it stands for.
    #[track_caller]
    fn check(ru: &str, en: &str, path: &str) {
        for text in [ru, en] {
            let name = ModuleName::parse(text).expect(text);
            assert_eq!(name.name_ru(), ru);
            assert_eq!(name.name_en(), en);
            assert_eq!(name.place.path(Layout::Edt).as_deref(), Some(path));
            assert_eq!(ModuleName::parse(&text.to_uppercase()).map(|name| name.key()), Some(name.key()));
        }
    }

    #[test]
    fn names_there_and_back() {
        check("ОбщийМодуль.М.Модуль", "CommonModule.М.Module", "CommonModules/М/Module.bsl");
        check("Справочник.С.МодульОбъекта", "Catalog.С.ObjectModule", "Catalogs/С/ObjectModule.bsl");
        check("Документ.Д.Форма.Ф.Форма", "Document.Д.Form.Ф.Form", "Documents/Д/Forms/Ф/Module.bsl");
        check("ОбщаяФорма.Ф.Форма", "CommonForm.Ф.Form", "CommonForms/Ф/Module.bsl");
        check(
            "Отчет.О.Команда.К.МодульКоманды",
            "Report.О.Command.К.CommandModule",
            "Reports/О/Commands/К/CommandModule.bsl",
        );
        check(
            "РегистрРасчета.Р.Перерасчет.П.МодульНабораЗаписей",
            "CalculationRegister.Р.Recalculation.П.RecordSetModule",
            "CalculationRegisters/Р/Recalculations/П/RecordSetModule.bsl",
        );
        check(
            "ВнешнийИсточникДанных.И.Таблица.Т.Форма.Ф.Форма",
            "ExternalDataSource.И.Table.Т.Form.Ф.Form",
            "ExternalDataSources/И/Tables/Т/Forms/Ф/Module.bsl",
        );
        check("МодульСеанса", "SessionModule", "Configuration/SessionModule.bsl");
        check("HTTPСервис.А.Модуль", "HTTPService.А.Module", "HTTPServices/А/Module.bsl");
        check(
            "Доработки Константа.К.МодульМенеджераЗначения",
            "Доработки Constant.К.ValueManagerModule",
            "Constants/К/ValueManagerModule.bsl",
        );
    }

    #[test]
    fn entries_name_forms_otherwise() {
        let name = ModuleName::parse("Документ.Д.Форма.Ф.Модуль").map(|name| name.name_ru());
        assert_eq!(name.as_deref(), Some("Документ.Д.Форма.Ф.Форма"));
    }

    #[test]
    fn other_texts_are_no_names() {
        for text in
            ["", ".", "Модуль", "ОбщийМодуль", "ОбщийМодуль.М", "Справочник.С.Модуль", "а б МодульСеанса"]
        {
            assert_eq!(ModuleName::parse(text), None, "{text}");
        }
    }
}
