//! Modules that are left out for the sake of their object: supported by a vendor, or in other subsystems.

use std::path::Path;

use anyhow::bail;
use base::fold_case;
use metadata::{Details, FullName, Layout, ObjectKind, RootId, Support, SupportState, read_support};
use rustc_hash::{FxHashMap, FxHashSet};
use semantics::Project;
use serde_json::Value;

use crate::cli::check::CheckArguments;
use crate::cli::report::absolute;
use crate::settings::Settings;

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

/// What the settings and the arguments say.
pub(crate) struct ObjectRules {
    skip: SkipSupport,
    /// Names of subsystems in lower case.
    include: FxHashSet<String>,
    exclude: FxHashSet<String>,
}

impl ObjectRules {
    /// `None` if no object is left out. Arguments replace what the settings say.
    pub(super) fn new(
        arguments: &CheckArguments,
        settings: &Settings,
        is_audit: bool,
    ) -> anyhow::Result<Option<Self>> {
        let section = if is_audit { &Value::Null } else { &settings.diagnostics };
        let skip = match (arguments.skip_support, section.get("skipSupport").filter(|value| !value.is_null()))
        {
            (Some(skip), _) => skip,
            (None, None) => SkipSupport::Never,
            (None, Some(value)) => match value.as_str().and_then(SkipSupport::from_name) {
                Some(skip) => skip,
                None => bail!("diagnostics.skipSupport: {value} is not a possible value"),
            },
        };
        let names = |arguments: &[String], name: &str| -> FxHashSet<String> {
            if !arguments.is_empty() {
                return arguments.iter().map(|name| fold_case(name).into_owned()).collect();
            }
            let names = section.pointer(&format!("/subsystemsFilter/{name}")).and_then(Value::as_array);
            let names = names.into_iter().flatten().filter_map(Value::as_str);
            names.map(|name| fold_case(name).into_owned()).collect()
        };
        let (include, exclude) =
            (names(&arguments.subsystem, "include"), names(&arguments.exclude_subsystem, "exclude"));
        let is_idle = skip == SkipSupport::Never && include.is_empty() && exclude.is_empty();
        Ok((!is_idle).then_some(Self { skip, include, exclude }))
    }
}

/// The rules with what a project says about its objects.
pub(crate) struct ObjectFilter<'a> {
    rules: &'a ObjectRules,
    project: &'a Project,
    support: FxHashMap<RootId, Support>,
    /// Names of subsystems with those around them, by the objects that they hold.
    subsystems: FxHashMap<(RootId, ObjectKind, String), Vec<String>>,
}

impl<'a> ObjectFilter<'a> {
    pub(crate) fn new(rules: &'a ObjectRules, project: &'a Project) -> Self {
        let mut filter =
            Self { rules, project, support: FxHashMap::default(), subsystems: FxHashMap::default() };
        if rules.skip != SkipSupport::Never {
            filter.read_support();
        }
        filter.read_subsystems();
        filter
    }

    /// Which objects the vendors of configurations know.
    fn read_support(&mut self) {
        for (id, root) in self.project.metadata().roots() {
            let configuration = root.configuration();
            let folder = match configuration.layout {
                Layout::Designer => "Ext",
                Layout::Edt => "Configuration",
            };
            let path = configuration.folder.join(folder).join("ParentConfigurations.bin");
            if let Ok(bytes) = std::fs::read(path) {
                self.support.insert(id, read_support(&bytes));
            }
        }
    }

    fn read_subsystems(&mut self) {
        let metadata = self.project.metadata();
        for (root, _) in metadata.roots() {
            for id in metadata.each_of_kind(root, ObjectKind::Subsystem) {
                let Some(subsystem) = metadata.object(id) else { continue };
                let Details::Content(content) = &subsystem.details else { continue };
                for name in content.iter().filter_map(|name| FullName::parse(name)) {
                    let key = (root, name.kind, fold_case(&name.name).into_owned());
                    let names = self.subsystems.entry(key).or_default();
                    names.extend(subsystem.name.split('.').map(|name| fold_case(name).into_owned()));
                }
            }
        }
    }

    /// True if findings in the module count. Modules without an object always pass.
    pub(crate) fn allows(&self, path: &Path) -> bool {
        let module = self.project.module_by_path(&absolute(path)).and_then(|id| self.project.module(id));
        let Some((place, root)) = module.and_then(|module| Some((&module.place, module.place.root?))) else {
            return true;
        };
        let object = place.object.and_then(|object| self.project.object(object));
        let uuid = match object {
            Some(object) => Some(&object.uuid),
            None => self.project.root(root).map(|root| &root.configuration().uuid),
        };
        let state = uuid.and_then(|uuid| self.support.get(&root)?.state(uuid));
        let is_skipped = match self.rules.skip {
            SkipSupport::Never => false,
            SkipSupport::Locked => state == Some(SupportState::Locked),
            SkipSupport::All => state.is_some(),
        };
        let Some(object) = object else { return !is_skipped };
        let key = (root, object.kind, fold_case(&object.name).into_owned());
        let names = self.subsystems.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_in = |listed: &FxHashSet<String>| names.iter().any(|name| listed.contains(name));
        !is_skipped
            && (self.rules.include.is_empty() || is_in(&self.rules.include))
            && !is_in(&self.rules.exclude)
    }
}
