//! Modules by the identifiers that the protocol uses: object and property.

use metadata::xml::XmlFile;
use metadata::{Metadata, ObjectKind};
use rustc_hash::FxHashMap;

use crate::message::ModuleId;

/// Property of a module, and what stacks call it. Equal ones differ by the kind of the object.
const PROPERTIES: [(&str, &str); 12] = [
    ("d5963243-262e-4398-b4d7-fb16d06484f6", "Module"),
    ("32e087ab-1491-49b6-aba7-43571b41ac2b", "Form"),
    ("078a6af8-d22c-4248-9c33-7e90075a3d2c", "CommandModule"),
    ("a637f77f-3840-441d-a1c3-699c8c5cb7e0", "ObjectModule"),
    ("d1b64a2c-8078-4982-8190-8f81aefda192", "ManagerModule"),
    ("0c8cad23-bf8c-468e-b49e-12f1927c048b", "ManagerModule"),
    ("9f36fd70-4bf4-47f6-b235-935f73aab43f", "RecordSetModule"),
    ("3e58c91f-9aaa-4f42-8999-4baf33907b75", "ValueManagerModule"),
    ("d22e852a-cf8a-4f77-8ccb-3548e7792bea", "ManagedApplicationModule"),
    ("a78d9ce3-4e0c-48d5-9863-ae7342eedf94", "OrdinaryApplicationModule"),
    ("9b7bbbae-9771-46f2-9e4d-2489e0ffc702", "SessionModule"),
    ("a4a9c1e2-1e54-4c7f-af06-4ca341198fac", "ExternalConnectionModule"),
];

/// Names of owners by their identifiers.
#[derive(Clone, Debug, Default)]
pub struct ModuleNames {
    /// `Catalog.Товары`, `Document.Заказ.Form.ФормаСписка`; empty for the configuration itself.
    owners: FxHashMap<String, String>,
}

impl ModuleNames {
    /// Objects and configurations of a project. Forms and commands are not listed there: see `add_dump_info`.
    pub fn of_metadata(metadata: &Metadata) -> Self {
        let mut names = Self::default();
        for (_, root) in metadata.roots() {
            names.add(&root.configuration().uuid, String::new());
            for object in root.objects() {
                let owner = format!("{}.{}", object.kind.name(), object.name);
                names.add(&object.uuid, owner);
            }
        }
        names
    }

    fn add(&mut self, uuid: &str, owner: String) {
        if !uuid.is_empty() {
            self.owners.insert(uuid.to_ascii_lowercase(), owner);
        }
    }

    /// Takes what another project knows.
    pub fn extend(&mut self, other: Self) {
        self.owners.extend(other.owners);
    }

    /// Takes `ConfigDumpInfo.xml`, which knows the identifiers of forms and all other parts.
    pub fn add_dump_info(&mut self, text: String) {
        let (file, _) = XmlFile::parse(text);
        let Some(root) = file.root() else { return };
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            open.extend(element.children());
            let (Some(name), Some(id)) = (element.attribute("name"), element.attribute("id")) else {
                continue;
            };
            // `uuid.suffix` is a module of the object; the object itself has no suffix.
            if let Some((uuid, _)) = id.split_once('.') {
                let owner = name.rsplit_once('.').map_or("", |(owner, _)| owner);
                self.owners.entry(uuid.to_ascii_lowercase()).or_insert_with(|| owner.to_owned());
            } else if !name.starts_with("Configuration.") {
                self.add(&id, name.into_owned());
            }
        }
    }

    /// The name as stacks have it, in English: `CommonModule.Цены.Module`, with the extension before it.
    pub fn name(&self, module: &ModuleId) -> Option<String> {
        let owner = self.owners.get(&module.object)?;
        let (_, part) = PROPERTIES.iter().find(|(property, _)| *property == module.property)?;
        let name = match (owner.as_str(), *part) {
            ("", part) => part.to_owned(),
            // A form is named with its module: `Catalog.Товары.Form.Список.Form`.
            (owner, part) => format!("{owner}.{part}"),
        };
        Some(match module.extension.as_str() {
            "" => name,
            extension => format!("{extension} {name}"),
        })
    }

    /// How the protocol names a module of the configuration; `name` as stacks have it, in English.
    pub fn id(&self, name: &str) -> Option<ModuleId> {
        let (owner, _) = name.rsplit_once('.').unwrap_or_default();
        let (object, _) = self.owners.iter().find(|(_, known)| *known == owner)?;
        let property = Self::property_of(name)?.to_owned();
        Some(ModuleId {
            kind: "ConfigModule".to_owned(),
            object: object.clone(),
            property,
            ..ModuleId::default()
        })
    }

    /// The property that the protocol gives a module by the end of its English name.
    pub fn property_of(name: &str) -> Option<&'static str> {
        let last = name.rsplit('.').next()?;
        let is_settings = name.starts_with(&format!("{}.", ObjectKind::SettingsStorage.name()));
        let mut matching = PROPERTIES.iter().filter(|(_, part)| *part == last);
        let first = matching.next()?;
        Some(if is_settings { matching.next().unwrap_or(first).0 } else { first.0 })
    }
}
