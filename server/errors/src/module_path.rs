//! Names of modules in stacks, in both languages: `Документ.Заказ.Форма.ФормаДокумента.Форма` is a place in a
//! configuration, whatever its layout is.

use metadata::{ModuleKind, ModulePlace, ObjectKind, module_kinds};
use smol_str::SmolStr;

const MODULES: [(ModuleKind, [&str; 2]); 10] = [
    (ModuleKind::ObjectModule, ["МодульОбъекта", "ObjectModule"]),
    (ModuleKind::ManagerModule, ["МодульМенеджера", "ManagerModule"]),
    (ModuleKind::RecordSetModule, ["МодульНабораЗаписей", "RecordSetModule"]),
    (ModuleKind::ValueManagerModule, ["МодульМенеджераЗначения", "ValueManagerModule"]),
    (ModuleKind::CommandModule, ["МодульКоманды", "CommandModule"]),
    (ModuleKind::SessionModule, ["МодульСеанса", "SessionModule"]),
    (ModuleKind::ManagedApplicationModule, ["МодульУправляемогоПриложения", "ManagedApplicationModule"]),
    (ModuleKind::OrdinaryApplicationModule, ["МодульОбычногоПриложения", "OrdinaryApplicationModule"]),
    (ModuleKind::ExternalConnectionModule, ["МодульВнешнегоСоединения", "ExternalConnectionModule"]),
    (ModuleKind::ApplicationModule, ["МодульПриложения", "ApplicationModule"]),
];

const MODULE: [&str; 2] = ["Модуль", "Module"];
const FORM: [&str; 2] = ["Форма", "Form"];
const COMMAND: [&str; 2] = ["Команда", "Command"];
const RECALCULATION: [&str; 2] = ["Перерасчет", "Recalculation"];
const TABLE: [&str; 2] = ["Таблица", "Table"];
const CONFIGURATION: [&str; 2] = ["Конфигурация", "Configuration"];

fn is(word: &str, names: [&str; 2]) -> bool {
    names.iter().any(|name| base::same_name(name, word))
}

/// The place that a name of a module means; `None` if it is no such name.
pub(crate) fn module_place(path: &str) -> Option<ModulePlace> {
    let parts: Vec<&str> = path.split('.').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    match parts.as_slice() {
        [module] => root_place(module),
        [configuration, module] if is(configuration, CONFIGURATION) => root_place(module),
        [kind, name, rest @ ..] => object_place(ObjectKind::from_name(kind)?, name, rest),
        [] => None,
    }
}

fn root_place(module: &str) -> Option<ModulePlace> {
    let (kind, _) = *MODULES.iter().skip(5).find(|(_, names)| is(module, *names))?;
    Some(ModulePlace { kind, ..ModulePlace::default() })
}

fn object_place(kind: ObjectKind, name: &str, rest: &[&str]) -> Option<ModulePlace> {
    let mut place = ModulePlace { owner: Some((kind, name.into())), ..ModulePlace::default() };
    let rest = match rest {
        [word, part, rest @ ..] if is(word, RECALCULATION) || is(word, TABLE) => {
            place.part = Some(SmolStr::from(*part));
            rest
        }
        rest => rest,
    };
    place.kind = match rest {
        [word, form, tail] if is(word, FORM) && (is(tail, FORM) || is(tail, MODULE)) => {
            place.form = Some(SmolStr::from(*form));
            ModuleKind::FormModule
        }
        [word, command, tail] if is(word, COMMAND) && (is_command(tail) || is(tail, MODULE)) => {
            place.command = Some(SmolStr::from(*command));
            ModuleKind::CommandModule
        }
        [word] if is(word, FORM) && kind == ObjectKind::CommonForm => ModuleKind::FormModule,
        // Services, common modules, commands and forms have one module each.
        [word] if is(word, MODULE) => match module_kinds(kind) {
            [only] => *only,
            _ => return None,
        },
        [word] => {
            let (found, _) = *MODULES.iter().take(5).find(|(_, names)| is(word, *names))?;
            match found {
                ModuleKind::RecordSetModule
                    if place.part.is_some() && kind == ObjectKind::CalculationRegister =>
                {
                    ModuleKind::RecalculationModule
                }
                found => found,
            }
        }
        _ => return None,
    };
    Some(place)
}

fn is_command(word: &str) -> bool {
    is(word, ["МодульКоманды", "CommandModule"])
}

/// One spelling for all places that are the same: without case, external reports as processors.
pub(crate) fn place_key(place: &ModulePlace) -> String {
    let owner = place.owner.as_ref().map(|(kind, name)| {
        let kind =
            if *kind == ObjectKind::ExternalReport { ObjectKind::ExternalDataProcessor } else { *kind };
        format!("{}.{name}", kind.name())
    });
    let parts = [&place.part, &place.form, &place.command].map(|name| name.as_deref().unwrap_or_default());
    let key = format!("{:?}|{}|{}", place.kind, owner.unwrap_or_default(), parts.join("|"));
    base::fold_case(&key).into_owned()
}

#[cfg(test)]
mod tests {
    use metadata::Layout;

    use super::*;

    #[track_caller]
    fn check(russian: &str, english: &str, designer: &str, edt: &str) {
        for path in [russian, english] {
            let place = module_place(path).unwrap_or_default();
            assert_eq!(place.path(Layout::Designer).as_deref(), Some(designer), "{path}");
            assert_eq!(place.path(Layout::Edt).as_deref(), Some(edt), "{path}");
            for file in [designer, edt] {
                assert_eq!(place_key(&ModulePlace::from_path(file)), place_key(&place), "{path}");
            }
        }
    }

    #[test]
    fn names_of_modules_are_files_of_both_layouts() {
        check(
            "ОбщийМодуль.М.Модуль",
            "CommonModule.М.Module",
            "CommonModules/М/Ext/Module.bsl",
            "CommonModules/М/Module.bsl",
        );
        check(
            "Документ.Д.МодульОбъекта",
            "Document.Д.ObjectModule",
            "Documents/Д/Ext/ObjectModule.bsl",
            "Documents/Д/ObjectModule.bsl",
        );
        check(
            "Справочник.С.МодульМенеджера",
            "Catalog.С.ManagerModule",
            "Catalogs/С/Ext/ManagerModule.bsl",
            "Catalogs/С/ManagerModule.bsl",
        );
        check(
            "РегистрСведений.Р.МодульНабораЗаписей",
            "InformationRegister.Р.RecordSetModule",
            "InformationRegisters/Р/Ext/RecordSetModule.bsl",
            "InformationRegisters/Р/RecordSetModule.bsl",
        );
        check(
            "Константа.К.МодульМенеджераЗначения",
            "Constant.К.ValueManagerModule",
            "Constants/К/Ext/ValueManagerModule.bsl",
            "Constants/К/ValueManagerModule.bsl",
        );
        check(
            "Документ.Д.Форма.Ф.Форма",
            "Document.Д.Form.Ф.Module",
            "Documents/Д/Forms/Ф/Ext/Form/Module.bsl",
            "Documents/Д/Forms/Ф/Module.bsl",
        );
        check(
            "ОбщаяФорма.Ф.Форма",
            "CommonForm.Ф.Module",
            "CommonForms/Ф/Ext/Form/Module.bsl",
            "CommonForms/Ф/Module.bsl",
        );
        check(
            "Документ.Д.Команда.К.МодульКоманды",
            "Document.Д.Command.К.CommandModule",
            "Documents/Д/Commands/К/Ext/CommandModule.bsl",
            "Documents/Д/Commands/К/CommandModule.bsl",
        );
        check(
            "ОбщаяКоманда.К.МодульКоманды",
            "CommonCommand.К.CommandModule",
            "CommonCommands/К/Ext/CommandModule.bsl",
            "CommonCommands/К/CommandModule.bsl",
        );
    }

    #[test]
    fn services_roots_and_external_objects() {
        check(
            "HTTPСервис.Х.Модуль",
            "HTTPService.Х.Module",
            "HTTPServices/Х/Ext/Module.bsl",
            "HTTPServices/Х/Module.bsl",
        );
        check(
            "РегистрРасчета.Р.Перерасчет.П.МодульНабораЗаписей",
            "CalculationRegister.Р.Recalculation.П.RecordSetModule",
            "CalculationRegisters/Р/Recalculations/П/Ext/RecordSetModule.bsl",
            "CalculationRegisters/Р/Recalculations/П/RecordSetModule.bsl",
        );
        check(
            "МодульСеанса",
            "Configuration.SessionModule",
            "Ext/SessionModule.bsl",
            "Configuration/SessionModule.bsl",
        );
        check(
            "ВнешняяОбработка.О.МодульОбъекта",
            "ExternalDataProcessor.О.ObjectModule",
            "О/Ext/ObjectModule.bsl",
            "ExternalDataProcessors/О/ObjectModule.bsl",
        );
        check(
            "ВнешняяОбработка.О.Форма.Ф.Форма",
            "ExternalDataProcessor.О.Form.Ф.Form",
            "О/Forms/Ф/Ext/Form/Module.bsl",
            "ExternalDataProcessors/О/Forms/Ф/Module.bsl",
        );
    }

    #[test]
    fn other_names_mean_nothing() {
        for path in
            ["", "Модуль", "ОбщийМодуль", "ОбщийМодуль..Модуль", "Нечто.Х.Модуль", "Справочник.С.Модуль"]
        {
            assert!(module_place(path).is_none(), "{path}");
        }
    }
}
