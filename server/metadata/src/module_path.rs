//! What a module is and whom it belongs to, from its path in the Designer or EDT layout, and the way back.

use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use crate::kind::ObjectKind;
use crate::model::Layout;

/// Kinds as rules and settings name them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum ModuleKind {
    CommonModule,
    ObjectModule,
    ManagerModule,
    RecordSetModule,
    ValueManagerModule,
    FormModule,
    CommandModule,
    HTTPServiceModule,
    WEBServiceModule,
    IntegrationServiceModule,
    BotModule,
    WEBSocketClientModule,
    RecalculationModule,
    SessionModule,
    ManagedApplicationModule,
    OrdinaryApplicationModule,
    ExternalConnectionModule,
    ApplicationModule,
    OScriptClass,
    OScriptModule,
    #[default]
    Unknown,
}

impl ModuleKind {
    pub const ALL: [Self; 21] = [
        Self::CommonModule,
        Self::ObjectModule,
        Self::ManagerModule,
        Self::RecordSetModule,
        Self::ValueManagerModule,
        Self::FormModule,
        Self::CommandModule,
        Self::HTTPServiceModule,
        Self::WEBServiceModule,
        Self::IntegrationServiceModule,
        Self::BotModule,
        Self::WEBSocketClientModule,
        Self::RecalculationModule,
        Self::SessionModule,
        Self::ManagedApplicationModule,
        Self::OrdinaryApplicationModule,
        Self::ExternalConnectionModule,
        Self::ApplicationModule,
        Self::OScriptClass,
        Self::OScriptModule,
        Self::Unknown,
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| format!("{kind:?}").eq_ignore_ascii_case(name))
    }

    /// Name of the module's file without extension; empty for OneScript.
    pub fn file_stem(self) -> &'static str {
        match self {
            Self::ObjectModule => "ObjectModule",
            Self::ManagerModule => "ManagerModule",
            Self::RecordSetModule | Self::RecalculationModule => "RecordSetModule",
            Self::ValueManagerModule => "ValueManagerModule",
            Self::CommandModule => "CommandModule",
            Self::SessionModule => "SessionModule",
            Self::ManagedApplicationModule => "ManagedApplicationModule",
            Self::OrdinaryApplicationModule => "OrdinaryApplicationModule",
            Self::ExternalConnectionModule => "ExternalConnectionModule",
            Self::ApplicationModule => "ApplicationModule",
            Self::OScriptClass | Self::OScriptModule | Self::Unknown => "",
            Self::CommonModule
            | Self::FormModule
            | Self::HTTPServiceModule
            | Self::WEBServiceModule
            | Self::IntegrationServiceModule
            | Self::BotModule
            | Self::WEBSocketClientModule => "Module",
        }
    }
}

/// What rules may know about a module besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModuleInfo {
    pub kind: ModuleKind,
    pub is_oscript: bool,
}

impl ModuleInfo {
    /// Reads the kind from a path; both kinds of slashes separate its parts.
    pub fn from_path(path: &str) -> Self {
        let is_oscript = path.len() >= 3 && path.as_bytes()[path.len() - 3..].eq_ignore_ascii_case(b".os");
        Self { kind: ModulePlace::from_path(path).kind, is_oscript }
    }
}

/// Whose module a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModulePlace {
    pub kind: ModuleKind,
    /// The top-level object. Reports of the Designer that are external count as processors here: paths do not tell.
    pub owner: Option<(ObjectKind, SmolStr)>,
    /// Form of the owner; common forms are owners themselves.
    pub form: Option<SmolStr>,
    /// Command of the owner; common commands are owners themselves.
    pub command: Option<SmolStr>,
    /// Recalculation of a register, table or cube of an external source.
    pub part: Option<SmolStr>,
}

impl ModulePlace {
    /// Reads the place from a path, of which only the end matters; both kinds of slashes separate its parts.
    pub fn from_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let Some((file, folders)) = parts.split_last() else { return Self::default() };
        let Some((stem, extension)) = file.rsplit_once('.') else { return Self::default() };
        if extension.eq_ignore_ascii_case("os") {
            return Self { kind: oscript_kind(folders), ..Self::default() };
        }
        place(folders, stem)
    }

    /// Path of the module's file relative to a root's folder, with `/`. `None` for OneScript and unknown modules.
    pub fn path(&self, layout: Layout) -> Option<String> {
        let stem = self.kind.file_stem();
        if stem.is_empty() {
            return None;
        }
        let is_designer = layout == Layout::Designer;
        let Some((kind, name)) = &self.owner else {
            return Some(format!("{}/{stem}.bsl", if is_designer { "Ext" } else { "Configuration" }));
        };
        let is_external = matches!(kind, ObjectKind::ExternalDataProcessor | ObjectKind::ExternalReport);
        let mut path =
            if is_external && is_designer { name.to_string() } else { format!("{}/{name}", kind.folder()) };
        if let Some(part) = &self.part {
            path.push_str(&part_path(*kind, part));
        }
        if let Some(command) = &self.command {
            path.push_str(&format!("/Commands/{command}"));
        }
        if let Some(form) = &self.form {
            path.push_str(&format!("/Forms/{form}"));
        }
        let between = match (is_designer, self.kind) {
            (false, _) => "",
            (true, ModuleKind::FormModule) => "/Ext/Form",
            (true, _) => "/Ext",
        };
        Some(format!("{path}{between}/{stem}.bsl"))
    }
}

fn part_path(kind: ObjectKind, part: &str) -> String {
    if kind == ObjectKind::CalculationRegister {
        return format!("/Recalculations/{part}");
    }
    match part.split_once('.') {
        Some((cube, table)) => format!("/Cubes/{cube}/DimensionTables/{table}"),
        None => format!("/Tables/{part}"),
    }
}

/// The folders of a OneScript library by convention.
pub(crate) fn oscript_kind(folders: &[&str]) -> ModuleKind {
    let is = |names: [&str; 2]| {
        folders.last().is_some_and(|folder| names.iter().any(|name| base::same_name(folder, name)))
    };
    if is(["Классы", "Classes"]) {
        ModuleKind::OScriptClass
    } else if is(["Модули", "Modules"]) {
        ModuleKind::OScriptModule
    } else {
        ModuleKind::Unknown
    }
}

/// The Designer layout is the EDT layout with an `Ext` folder (and `Ext/Form` for forms) in between.
fn place(folders: &[&str], stem: &str) -> ModulePlace {
    let of_root = |kind| ModulePlace { kind, ..ModulePlace::default() };
    let (folders, is_designer) = match folders {
        [rest @ .., "Ext", "Form"] => (rest, true),
        [.., "Ext"] | [.., "Configuration"] if root_kind(stem) != ModuleKind::Unknown => {
            return of_root(root_kind(stem));
        }
        [rest @ .., "Ext"] => (rest, true),
        rest => (rest, false),
    };
    let (folders, form) = match folders {
        [rest @ .., "Forms", form] => (rest, Some(SmolStr::from(*form))),
        rest => (rest, None),
    };
    let (folders, command) = match folders {
        [rest @ .., "Commands", command] => (rest, Some(SmolStr::from(*command))),
        rest => (rest, None),
    };
    let (folders, part) = split_part(folders);
    let owner = owner(folders, is_designer);
    let kind = match (&owner, &form, &command) {
        (_, Some(_), None) => (stem == "Module").then_some(ModuleKind::FormModule),
        (_, None, Some(_)) => (stem == "CommandModule").then_some(ModuleKind::CommandModule),
        (Some((kind, _)), None, None) if part.is_some() => part_kind(*kind, stem),
        (Some((kind, _)), None, None) => object_kind(*kind, stem),
        _ => None,
    };
    match kind {
        Some(kind) => ModulePlace { kind, owner, form, command, part },
        None => ModulePlace::default(),
    }
}

/// Recalculations, tables and cubes have modules of their own.
fn split_part<'a, 'b>(folders: &'b [&'a str]) -> (&'b [&'a str], Option<SmolStr>) {
    match folders {
        [rest @ .., "Cubes", cube, "DimensionTables", table] => {
            (rest, Some(format_smolstr!("{cube}.{table}")))
        }
        [rest @ .., "Recalculations" | "Tables" | "Cubes", part] => (rest, Some((*part).into())),
        rest => (rest, None),
    }
}

/// External objects of the Designer lie in no folder of a kind.
fn owner(folders: &[&str], is_designer: bool) -> Option<(ObjectKind, SmolStr)> {
    match folders {
        [.., group, name] => match ObjectKind::from_folder(group) {
            Some(kind) => Some((kind, (*name).into())),
            None => is_designer.then(|| (ObjectKind::ExternalDataProcessor, (*name).into())),
        },
        [name] => is_designer.then(|| (ObjectKind::ExternalDataProcessor, (*name).into())),
        [] => None,
    }
}

fn root_kind(stem: &str) -> ModuleKind {
    match stem {
        "SessionModule" => ModuleKind::SessionModule,
        "ManagedApplicationModule" => ModuleKind::ManagedApplicationModule,
        "OrdinaryApplicationModule" => ModuleKind::OrdinaryApplicationModule,
        "ExternalConnectionModule" => ModuleKind::ExternalConnectionModule,
        "ApplicationModule" => ModuleKind::ApplicationModule,
        _ => ModuleKind::Unknown,
    }
}

fn part_kind(kind: ObjectKind, stem: &str) -> Option<ModuleKind> {
    use ModuleKind::{ManagerModule, ObjectModule, RecalculationModule, RecordSetModule};
    let kinds: &[ModuleKind] = match kind {
        ObjectKind::CalculationRegister => &[RecalculationModule],
        ObjectKind::ExternalDataSource => &[ObjectModule, ManagerModule, RecordSetModule],
        _ => &[],
    };
    kinds.iter().copied().find(|kind| kind.file_stem() == stem)
}

/// The module of an object that a file of the given name is.
fn object_kind(kind: ObjectKind, stem: &str) -> Option<ModuleKind> {
    module_kinds(kind).iter().copied().find(|module| module.file_stem() == stem)
}

/// Modules that an object of a kind may have besides those of its forms and commands.
pub fn module_kinds(kind: ObjectKind) -> &'static [ModuleKind] {
    use ModuleKind::{ManagerModule, ObjectModule, RecordSetModule, ValueManagerModule};
    use ObjectKind as K;
    match kind {
        K::CommonModule => &[ModuleKind::CommonModule],
        K::CommonForm => &[ModuleKind::FormModule],
        K::CommonCommand => &[ModuleKind::CommandModule],
        K::HTTPService => &[ModuleKind::HTTPServiceModule],
        K::WebService => &[ModuleKind::WEBServiceModule],
        K::IntegrationService => &[ModuleKind::IntegrationServiceModule],
        K::Bot => &[ModuleKind::BotModule],
        K::WebSocketClient => &[ModuleKind::WEBSocketClientModule],
        K::InformationRegister | K::AccumulationRegister | K::AccountingRegister | K::CalculationRegister => {
            &[ManagerModule, RecordSetModule]
        }
        K::Catalog
        | K::Document
        | K::ChartOfCharacteristicTypes
        | K::ChartOfAccounts
        | K::ChartOfCalculationTypes
        | K::ExchangePlan
        | K::BusinessProcess
        | K::Task
        | K::Report
        | K::DataProcessor => &[ManagerModule, ObjectModule],
        K::ExternalDataProcessor | K::ExternalReport => &[ObjectModule],
        K::Constant => &[ValueManagerModule, ManagerModule],
        K::DocumentJournal | K::Enum | K::FilterCriterion | K::SettingsStorage => &[ManagerModule],
        K::Sequence => &[RecordSetModule],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, kind: ModuleKind) {
        assert_eq!(ModuleInfo::from_path(path).kind, kind, "{path}");
    }

    #[test]
    fn designer_paths() {
        check("src/cf/CommonModules/Продажи/Ext/Module.bsl", ModuleKind::CommonModule);
        check("Catalogs/Товары/Ext/ObjectModule.bsl", ModuleKind::ObjectModule);
        check("Catalogs\\Товары\\Forms\\ФормаСписка\\Ext\\Form\\Module.bsl", ModuleKind::FormModule);
        check("CommonForms/Настройки/Ext/Form/Module.bsl", ModuleKind::FormModule);
        check("Documents/Заказ/Commands/Печать/Ext/CommandModule.bsl", ModuleKind::CommandModule);
        check("Ext/SessionModule.bsl", ModuleKind::SessionModule);
        check(
            "CalculationRegisters/Р/Recalculations/П/Ext/RecordSetModule.bsl",
            ModuleKind::RecalculationModule,
        );
        check("Constants/Валюта/Ext/ValueManagerModule.bsl", ModuleKind::ValueManagerModule);
    }

    #[test]
    fn edt_paths() {
        check("src/CommonModules/Продажи/Module.bsl", ModuleKind::CommonModule);
        check("src/Catalogs/Товары/Forms/ФормаСписка/Module.bsl", ModuleKind::FormModule);
        check("src/Configuration/ManagedApplicationModule.bsl", ModuleKind::ManagedApplicationModule);
        check("src/InformationRegisters/Цены/RecordSetModule.bsl", ModuleKind::RecordSetModule);
    }

    #[test]
    fn other_paths_are_unknown() {
        check("Enums/Виды/Ext/ObjectModule.bsl", ModuleKind::Unknown);
        check("Module.bsl", ModuleKind::Unknown);
        check("", ModuleKind::Unknown);
        check("lib/Классы/Очередь.os", ModuleKind::OScriptClass);
        assert!(ModuleInfo::from_path("test.OS").is_oscript);
        assert!(!ModuleInfo::from_path("ё.s").is_oscript);
    }

    /// A path in both layouts with the place it stands for, there and back.
    #[track_caller]
    fn check_place(designer: &str, edt: &str, expected: &str) {
        for (path, layout) in [(designer, Layout::Designer), (edt, Layout::Edt)] {
            let place = ModulePlace::from_path(path);
            let owner = place.owner.as_ref().map(|(kind, name)| format!("{}.{name}", kind.name()));
            let parts = [owner, place.part.clone().map(Into::into)];
            let nested = [place.form.clone(), place.command.clone()].map(|name| name.map(Into::into));
            let names: Vec<String> = parts.into_iter().chain(nested).flatten().collect();
            assert_eq!(format!("{:?} {}", place.kind, names.join(" ")), expected, "{path}");
            assert_eq!(place.path(layout).as_deref(), Some(path));
        }
    }

    #[test]
    fn places_there_and_back() {
        check_place(
            "CommonModules/М/Ext/Module.bsl",
            "CommonModules/М/Module.bsl",
            "CommonModule CommonModule.М",
        );
        check_place(
            "Catalogs/С/Forms/Ф/Ext/Form/Module.bsl",
            "Catalogs/С/Forms/Ф/Module.bsl",
            "FormModule Catalog.С Ф",
        );
        check_place(
            "CommonForms/Ф/Ext/Form/Module.bsl",
            "CommonForms/Ф/Module.bsl",
            "FormModule CommonForm.Ф",
        );
        check_place(
            "Documents/Д/Commands/К/Ext/CommandModule.bsl",
            "Documents/Д/Commands/К/CommandModule.bsl",
            "CommandModule Document.Д К",
        );
        check_place("Ext/SessionModule.bsl", "Configuration/SessionModule.bsl", "SessionModule ");
        check_place(
            "CalculationRegisters/Р/Recalculations/П/Ext/RecordSetModule.bsl",
            "CalculationRegisters/Р/Recalculations/П/RecordSetModule.bsl",
            "RecalculationModule CalculationRegister.Р П",
        );
        check_place(
            "ExternalDataSources/И/Tables/Т/Forms/Ф/Ext/Form/Module.bsl",
            "ExternalDataSources/И/Tables/Т/Forms/Ф/Module.bsl",
            "FormModule ExternalDataSource.И Т Ф",
        );
        check_place(
            "ExternalDataSources/И/Cubes/К/DimensionTables/Т/Ext/ObjectModule.bsl",
            "ExternalDataSources/И/Cubes/К/DimensionTables/Т/ObjectModule.bsl",
            "ObjectModule ExternalDataSource.И К.Т",
        );
        check_place(
            "Обработка/Ext/ObjectModule.bsl",
            "ExternalDataProcessors/Обработка/ObjectModule.bsl",
            "ObjectModule ExternalDataProcessor.Обработка",
        );
        check_place(
            "Обработка/Forms/Ф/Ext/Form/Module.bsl",
            "ExternalDataProcessors/Обработка/Forms/Ф/Module.bsl",
            "FormModule ExternalDataProcessor.Обработка Ф",
        );
    }
}
