//! Which module is meant: its place below the root of the sources and its name in the metadata.

use metadata::{Layout, ModuleKind, ModulePlace};

/// A module of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleReference {
    /// Relative to the root of the sources, with `/`.
    pub path: String,
    /// `ОбщийМодуль.Цены.Модуль`; empty if the path says nothing.
    pub metadata: String,
    pub kind: ModuleKind,
}

impl ModuleReference {
    /// Reads a path relative to the root of the sources.
    pub fn from_path(path: &str) -> Self {
        let path = path.replace('\\', "/");
        let place = ModulePlace::from_path(&path);
        Self { metadata: full_name(&place), kind: place.kind, path }
    }

    /// File name without extension: what the base contract calls the module.
    pub fn stem(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    }

    /// Where the module lies in files as the Designer writes them.
    pub fn designer_path(&self) -> String {
        ModulePlace::from_path(&self.path).path(Layout::Designer).unwrap_or_else(|| self.path.clone())
    }
}

fn full_name(place: &ModulePlace) -> String {
    let suffix = suffix(place.kind);
    if suffix.is_empty() {
        return String::new();
    }
    let mut name = match &place.owner {
        Some((kind, name)) => format!("{}.{name}.", kind.name_ru()),
        None => String::new(),
    };
    for (word, part) in [("Форма", &place.form), ("Команда", &place.command)] {
        if let Some(part) = part {
            name.push_str(&format!("{word}.{part}."));
        }
    }
    name + suffix
}

/// As messages of the platform name modules.
fn suffix(kind: ModuleKind) -> &'static str {
    match kind {
        ModuleKind::CommonModule
        | ModuleKind::HTTPServiceModule
        | ModuleKind::WEBServiceModule
        | ModuleKind::IntegrationServiceModule
        | ModuleKind::BotModule
        | ModuleKind::WEBSocketClientModule => "Модуль",
        ModuleKind::FormModule => "Форма",
        ModuleKind::ObjectModule => "МодульОбъекта",
        ModuleKind::ManagerModule => "МодульМенеджера",
        ModuleKind::RecordSetModule | ModuleKind::RecalculationModule => "МодульНабораЗаписей",
        ModuleKind::ValueManagerModule => "МодульМенеджераЗначения",
        ModuleKind::CommandModule => "МодульКоманды",
        ModuleKind::SessionModule => "МодульСеанса",
        ModuleKind::ManagedApplicationModule => "МодульУправляемогоПриложения",
        ModuleKind::OrdinaryApplicationModule => "МодульОбычногоПриложения",
        ModuleKind::ExternalConnectionModule => "МодульВнешнегоСоединения",
        ModuleKind::ApplicationModule => "МодульПриложения",
        ModuleKind::OScriptClass | ModuleKind::OScriptModule | ModuleKind::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_have_names_and_places_in_both_layouts() {
        for (path, metadata, designer) in [
            ("CommonModules/Цены/Module.bsl", "ОбщийМодуль.Цены.Модуль", "CommonModules/Цены/Ext/Module.bsl"),
            (
                "Catalogs\\Товары\\Forms\\Элемент\\Module.bsl",
                "Справочник.Товары.Форма.Элемент.Форма",
                "Catalogs/Товары/Forms/Элемент/Ext/Form/Module.bsl",
            ),
            (
                "Documents/Заказ/Ext/ObjectModule.bsl",
                "Документ.Заказ.МодульОбъекта",
                "Documents/Заказ/Ext/ObjectModule.bsl",
            ),
            ("Configuration/SessionModule.bsl", "МодульСеанса", "Ext/SessionModule.bsl"),
            ("что-то.bsl", "", "что-то.bsl"),
        ] {
            let module = ModuleReference::from_path(path);
            assert_eq!((module.metadata.as_str(), module.designer_path().as_str()), (metadata, designer));
        }
        assert_eq!(ModuleReference::from_path("Catalogs/Т/ManagerModule.bsl").stem(), "ManagerModule");
    }
}
