//! Modules that are left out for the sake of their object: supported by a vendor, or in other subsystems.

use std::path::Path;

use base::fold_case;
use metadata::{Details, FullName, Layout, ObjectKind, RootId, Support, SupportState, read_support};
use rustc_hash::{FxHashMap, FxHashSet};
use semantics::Project;
use serde_json::Value;

/// Which supported objects are skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SkipSupport {
    #[default]
    Never,
    /// Objects that the vendor forbids to change.
    Locked,
    /// All objects of a vendor.
    All,
}

impl SkipSupport {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "never" => Some(Self::Never),
            "withsupportlocked" => Some(Self::Locked),
            "withsupport" => Some(Self::All),
            _ => None,
        }
    }
}

/// What is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectRules {
    pub(crate) skip: SkipSupport,
    /// Names of subsystems in lower case.
    include: FxHashSet<String>,
    exclude: FxHashSet<String>,
}

impl ObjectRules {
    /// What the section `diagnostics` of the project file says; the error names what makes no sense.
    pub(crate) fn from_section(section: &Value) -> Result<Self, String> {
        let skip = match section.get("skipSupport").filter(|value| !value.is_null()) {
            None => SkipSupport::Never,
            Some(value) => value
                .as_str()
                .and_then(SkipSupport::from_name)
                .ok_or_else(|| format!("diagnostics.skipSupport: {value} is not a possible value"))?,
        };
        let mut rules = Self { skip, ..Self::default() };
        let names = |name: &str| {
            let names = section.pointer(&format!("/subsystemsFilter/{name}")).and_then(Value::as_array);
            names.into_iter().flatten().filter_map(Value::as_str)
        };
        rules.include(names("include"));
        rules.exclude(names("exclude"));
        Ok(rules)
    }

    /// Only objects of these subsystems count; without names everything stays as it is.
    pub(crate) fn include<'a>(&mut self, subsystems: impl IntoIterator<Item = &'a str>) {
        replace(&mut self.include, subsystems);
    }

    /// Objects of these subsystems do not count; without names everything stays as it is.
    pub(crate) fn exclude<'a>(&mut self, subsystems: impl IntoIterator<Item = &'a str>) {
        replace(&mut self.exclude, subsystems);
    }

    /// True if every object counts.
    pub(crate) fn is_idle(&self) -> bool {
        self.skip == SkipSupport::Never && self.include.is_empty() && self.exclude.is_empty()
    }
}

fn replace<'a>(names: &mut FxHashSet<String>, others: impl IntoIterator<Item = &'a str>) {
    let others: FxHashSet<String> = others.into_iter().map(|name| fold_case(name).into_owned()).collect();
    if !others.is_empty() {
        *names = others;
    }
}

/// What a project says about its objects.
pub(crate) struct ObjectFilter {
    support: FxHashMap<RootId, Support>,
    /// Names of subsystems with those around them, by the objects that they hold.
    subsystems: FxHashMap<(RootId, ObjectKind, String), Vec<String>>,
}

impl ObjectFilter {
    pub(crate) fn new(project: &Project) -> Self {
        Self { support: supported_objects(project), subsystems: subsystems_of_objects(project) }
    }

    /// True if findings in the module count. Modules without an object always pass. The path is absolute.
    pub(crate) fn allows(&self, rules: &ObjectRules, project: &Project, path: &Path) -> bool {
        let module = project.module_by_path(path).and_then(|id| project.module(id));
        let Some((place, root)) = module.and_then(|module| Some((&module.place, module.place.root?))) else {
            return true;
        };
        let object = place.object.and_then(|object| project.object(object));
        let uuid = match object {
            Some(object) => Some(&object.uuid),
            None => project.root(root).map(|root| &root.configuration().uuid),
        };
        let state = uuid.and_then(|uuid| self.support.get(&root)?.state(uuid));
        let is_skipped = match rules.skip {
            SkipSupport::Never => false,
            SkipSupport::Locked => state == Some(SupportState::Locked),
            SkipSupport::All => state.is_some(),
        };
        let Some(object) = object else { return !is_skipped };
        let key = (root, object.kind, fold_case(&object.name).into_owned());
        let names = self.subsystems.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_in = |listed: &FxHashSet<String>| names.iter().any(|name| listed.contains(name));
        !is_skipped && (rules.include.is_empty() || is_in(&rules.include)) && !is_in(&rules.exclude)
    }
}

/// Which objects the vendors of configurations know.
fn supported_objects(project: &Project) -> FxHashMap<RootId, Support> {
    let supported = project.metadata().roots().filter_map(|(id, root)| {
        let configuration = root.configuration();
        let folder = match configuration.layout {
            Layout::Designer => "Ext",
            Layout::Edt => "Configuration",
        };
        let path = configuration.folder.join(folder).join("ParentConfigurations.bin");
        Some((id, read_support(&std::fs::read(path).ok()?)))
    });
    supported.collect()
}

fn subsystems_of_objects(project: &Project) -> FxHashMap<(RootId, ObjectKind, String), Vec<String>> {
    let metadata = project.metadata();
    let mut subsystems: FxHashMap<_, Vec<String>> = FxHashMap::default();
    for (root, _) in metadata.roots() {
        for id in metadata.each_of_kind(root, ObjectKind::Subsystem) {
            let Some(subsystem) = metadata.object(id) else { continue };
            let Details::Content(content) = &subsystem.details else { continue };
            for name in content.iter().filter_map(|name| FullName::parse(name)) {
                let key = (root, name.kind, fold_case(&name.name).into_owned());
                let names = subsystems.entry(key).or_default();
                names.extend(subsystem.name.split('.').map(|name| fold_case(name).into_owned()));
            }
        }
    }
    subsystems
}
