//! Search for names across the project: methods, variables of modules, objects of metadata, forms. Every name has a
//! mask of its letters, so that most of them are passed over without a look at their text.

use std::path::Path;

use base::{CancelToken, fold_case};
use metadata::ObjectKind;
use semantics::{Definition, ModuleId, Project};

mod matching;

use matching::{Query, letters_of};

/// Symbols that one search returns.
const MAX_SYMBOLS: usize = 500;
/// Names between two looks at the token.
const TOKEN_STEP: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkspaceSymbolKind {
    Procedure,
    Function,
    Variable,
    CommonModule,
    /// A class of OneScript.
    Class,
    Object(ObjectKind),
    Form,
}

#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceSymbol {
    pub name: String,
    /// What it belongs to: `Справочник.Товары`, `ОбщегоНазначения`.
    pub container: String,
    pub kind: WorkspaceSymbolKind,
    pub definition: Definition,
}

/// Names of a project. Made once per state of the disk; what is open is searched anew.
#[derive(Debug, Default)]
pub struct SymbolIndex {
    /// All names in lower case.
    text: String,
    entries: Vec<Entry>,
    containers: Vec<Container>,
}

#[derive(Debug)]
struct Entry {
    start: u32,
    /// Letters of the name, hashed to bits.
    letters: u64,
    /// Characters that start a word, of the first 64.
    humps: u64,
    container: u32,
    kind: WorkspaceSymbolKind,
    definition: Definition,
    length: u16,
}

#[derive(Debug)]
struct Container {
    folded: String,
    /// Of entries of modules.
    module: Option<ModuleId>,
}

impl SymbolIndex {
    pub fn new(project: &Project) -> Self {
        let mut index = Self::default();
        index.add_objects(project);
        for module in project.modules() {
            index.add_module(project, module.id);
        }
        index.text.shrink_to_fit();
        index.entries.shrink_to_fit();
        index
    }

    /// Names of some modules only.
    pub fn of_modules(project: &Project, modules: &[ModuleId]) -> Self {
        let mut index = Self::default();
        for module in modules {
            index.add_module(project, *module);
        }
        index
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add_objects(&mut self, project: &Project) {
        for (root, content) in project.metadata().roots() {
            for (at, object) in content.objects().iter().enumerate() {
                let id = semantics::ObjectId { root, index: at as u32 };
                if object.is_adopted {
                    continue;
                }
                let kind = if object.kind == ObjectKind::CommonModule {
                    WorkspaceSymbolKind::CommonModule
                } else {
                    WorkspaceSymbolKind::Object(object.kind)
                };
                let names = format!("{} {}", object.kind.name_ru(), object.kind.name());
                let container = self.container(&names, None);
                self.add(&object.name, container, kind, Definition::Object(id));
                let mut forms = project.forms_of(id).peekable();
                if object.kind == ObjectKind::CommonForm || forms.peek().is_none() {
                    continue;
                }
                let container = self.container(&object.name, None);
                for form in forms {
                    let Some(entry) = project.form_entry(form) else { continue };
                    self.add(&entry.name, container, WorkspaceSymbolKind::Form, Definition::Form(form));
                }
            }
        }
    }

    fn add_module(&mut self, project: &Project, id: ModuleId) {
        let Some(module) = project.module(id) else { return };
        if module.place.is_script {
            let kind = match module.place.kind {
                metadata::ModuleKind::OScriptClass => WorkspaceSymbolKind::Class,
                _ => WorkspaceSymbolKind::CommonModule,
            };
            let container = self.container("", Some(id));
            self.add(&module.place.name, container, kind, Definition::Module(id));
        }
        let container = self.container(&module_name(project, id), Some(id));
        for (index, method) in module.methods() {
            let kind = if method.is_function {
                WorkspaceSymbolKind::Function
            } else {
                WorkspaceSymbolKind::Procedure
            };
            self.add(&method.name, container, kind, Definition::Method { module: id, index });
        }
        for (index, variable) in module.variables() {
            let definition = Definition::Variable { module: id, index };
            self.add(&variable.name, container, WorkspaceSymbolKind::Variable, definition);
        }
    }

    fn container(&mut self, name: &str, module: Option<ModuleId>) -> u32 {
        let folded = fold_case(name);
        let same = |last: &Container| last.folded == *folded && last.module == module;
        if !self.containers.last().is_some_and(same) {
            self.containers.push(Container { folded: folded.into_owned(), module });
        }
        self.containers.len() as u32 - 1
    }

    fn add(&mut self, name: &str, container: u32, kind: WorkspaceSymbolKind, definition: Definition) {
        if name.is_empty() {
            return;
        }
        let folded = fold_case(name);
        let start = self.text.len() as u32;
        self.text.push_str(&folded);
        self.entries.push(Entry {
            start,
            length: folded.len().min(usize::from(u16::MAX)) as u16,
            letters: letters_of(&folded),
            humps: matching::humps_of(name),
            container,
            kind,
            definition,
        });
    }

    fn name(&self, entry: &Entry) -> &str {
        let start = entry.start as usize;
        self.text.get(start..start + usize::from(entry.length)).unwrap_or_default()
    }

    /// Ranked entries; smaller is better.
    fn ranked(&self, query: &Query, skipped: &[ModuleId], token: &CancelToken) -> Vec<(Rank<'_>, &Entry)> {
        let mut ranked = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if at % TOKEN_STEP == 0 && token.is_cancelled() {
                break;
            }
            if !query.may_match(entry.letters) {
                continue;
            }
            let name = self.name(entry);
            let Some(rank) = query.rank(name, entry.humps) else { continue };
            let Some(container) = self.containers.get(entry.container as usize) else { continue };
            let is_skipped = container.module.is_some_and(|module| skipped.contains(&module));
            if !is_skipped && query.is_in(&container.folded) {
                ranked.push((Rank { rank, length: entry.length, name }, entry));
            }
        }
        ranked
    }
}

/// Order of results; what is equal keeps the order of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'a> {
    rank: u8,
    length: u16,
    name: &'a str,
}

/// Symbols whose names fit a query, the best ones first. `open` replaces what `index` knows of some modules.
pub fn workspace_symbols(
    project: &Project,
    index: &SymbolIndex,
    open: &[ModuleId],
    query: &str,
    token: &CancelToken,
) -> Vec<WorkspaceSymbol> {
    let query = Query::new(query);
    let fresh = SymbolIndex::of_modules(project, open);
    let mut ranked = index.ranked(&query, open, token);
    ranked.extend(fresh.ranked(&query, &[], token));
    if ranked.len() > MAX_SYMBOLS {
        ranked.select_nth_unstable_by(MAX_SYMBOLS, |left, right| compare(project, left, right));
        ranked.truncate(MAX_SYMBOLS);
    }
    ranked.sort_by(|left, right| compare(project, left, right));
    ranked.into_iter().filter_map(|(_, entry)| symbol(project, entry)).collect()
}

fn compare(project: &Project, left: &(Rank<'_>, &Entry), right: &(Rank<'_>, &Entry)) -> std::cmp::Ordering {
    let place = |entry: &Entry| place_of(project, &entry.definition);
    left.0.cmp(&right.0).then_with(|| place(left.1).cmp(&place(right.1)))
}

/// File and number inside it.
fn place_of<'p>(project: &'p Project, definition: &Definition) -> (&'p Path, u32, u32) {
    let none = Path::new("");
    let module = |id: ModuleId| project.module(id).map_or(none, |module| &module.path);
    match definition {
        Definition::Method { module: id, index } => (module(*id), 1, *index),
        Definition::Variable { module: id, index } => (module(*id), 0, *index),
        Definition::Module(id) => (module(*id), 0, 0),
        Definition::Object(id) => (project.object(*id).map_or(none, |object| &object.path), 0, 0),
        Definition::Form(id) => (project.form_entry(*id).map_or(none, |form| &form.path), 0, 0),
        _ => (none, 0, 0),
    }
}

fn symbol(project: &Project, entry: &Entry) -> Option<WorkspaceSymbol> {
    let container = match &entry.definition {
        Definition::Method { module, .. } | Definition::Variable { module, .. } => {
            module_name(project, *module)
        }
        Definition::Object(object) => project.object(*object)?.kind.name_ru().to_owned(),
        Definition::Form(form) => object_name(project, project.form_entry(*form)?.object),
        _ => String::new(),
    };
    Some(WorkspaceSymbol {
        name: project.definition_names(&entry.definition)?.ru.to_string(),
        container,
        kind: entry.kind,
        definition: entry.definition.clone(),
    })
}

/// What people call a module: its common module, else its object with the form or the command.
pub fn module_name(project: &Project, module: ModuleId) -> String {
    let Some(module) = project.module(module) else { return String::new() };
    let place = &module.place;
    let Some(object) = place.object else {
        let stem = module.path.file_stem().unwrap_or_default().to_string_lossy();
        return if place.name.is_empty() { stem.into_owned() } else { place.name.to_string() };
    };
    let mut name = object_name(project, object);
    let form = place.form.and_then(|form| project.form_entry(form));
    if let Some(form) = form.filter(|form| !base::same_name(&form.name, &name)) {
        if project.object(object).is_none_or(|object| object.kind != ObjectKind::CommonForm) {
            name = format!("{name}.{}", form.name);
        }
    } else if !place.name.is_empty() {
        name = format!("{name}.{}", place.name);
    }
    name
}

/// `Справочник.Товары`; common modules go by their names.
fn object_name(project: &Project, object: semantics::ObjectId) -> String {
    let Some(object) = project.object(object) else { return String::new() };
    match object.kind {
        ObjectKind::CommonModule => object.name.to_string(),
        kind => format!("{}.{}", kind.name_ru(), object.name),
    }
}
