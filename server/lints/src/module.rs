//! Kind of a module, from its path in the Designer or EDT layout.

/// Kinds as rules and settings name them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

/// What rules may know about a module besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModuleInfo {
    pub kind: ModuleKind,
    pub is_oscript: bool,
}

impl ModuleInfo {
    /// Reads the kind from a path; both kinds of slashes separate its parts.
    pub fn from_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let Some((file, folders)) = parts.split_last() else { return Self::default() };
        let Some((stem, extension)) = file.rsplit_once('.') else { return Self::default() };
        if extension.eq_ignore_ascii_case("os") {
            return Self { kind: oscript_kind(folders), is_oscript: true };
        }
        Self { kind: bsl_kind(folders, stem), is_oscript: false }
    }
}

/// The folders of a OneScript library by convention.
fn oscript_kind(folders: &[&str]) -> ModuleKind {
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
fn bsl_kind(folders: &[&str], stem: &str) -> ModuleKind {
    let folders = match folders {
        [rest @ .., "Ext", "Form"] => rest,
        [rest @ .., "Ext"] if root_kind(stem) != ModuleKind::Unknown => return root_kind(stem),
        [rest @ .., "Ext"] => rest,
        [.., "Configuration"] => return root_kind(stem),
        rest => rest,
    };
    match (folders, stem) {
        ([.., "Forms", _] | [.., "CommonForms", _], "Module") => ModuleKind::FormModule,
        ([.., "Commands", _] | [.., "CommonCommands", _], "CommandModule") => ModuleKind::CommandModule,
        ([.., "CommonModules", _], "Module") => ModuleKind::CommonModule,
        ([.., "HTTPServices", _], "Module") => ModuleKind::HTTPServiceModule,
        ([.., "WebServices", _], "Module") => ModuleKind::WEBServiceModule,
        ([.., "IntegrationServices", _], "Module") => ModuleKind::IntegrationServiceModule,
        ([.., "Bots", _], "Module") => ModuleKind::BotModule,
        ([.., "WebSocketClients", _], "Module") => ModuleKind::WEBSocketClientModule,
        ([.., "Recalculations", _], "RecordSetModule") => ModuleKind::RecalculationModule,
        ([.., group, _], _) => object_kind(group, stem),
        _ => ModuleKind::Unknown,
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

/// Modules that an object of a group may have.
fn object_kind(group: &str, stem: &str) -> ModuleKind {
    use ModuleKind::{ManagerModule, ObjectModule, RecordSetModule, ValueManagerModule};
    let kinds: &[ModuleKind] = match group {
        "InformationRegisters" | "AccumulationRegisters" | "AccountingRegisters" | "CalculationRegisters" => {
            &[ManagerModule, RecordSetModule]
        }
        "Catalogs"
        | "Documents"
        | "ChartsOfCharacteristicTypes"
        | "ChartsOfAccounts"
        | "ChartsOfCalculationTypes"
        | "ExchangePlans"
        | "BusinessProcesses"
        | "Tasks"
        | "Reports"
        | "DataProcessors" => &[ManagerModule, ObjectModule],
        "ExternalDataProcessors" | "ExternalReports" => &[ObjectModule],
        "Constants" => &[ValueManagerModule, ManagerModule],
        "DocumentJournals" | "Enums" | "FilterCriteria" | "SettingsStorages" => &[ManagerModule],
        "Sequences" => &[RecordSetModule],
        _ => &[],
    };
    kinds.iter().copied().find(|kind| format!("{kind:?}") == stem).unwrap_or_default()
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
    }
}
