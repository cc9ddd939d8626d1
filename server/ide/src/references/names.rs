//! Names under which something may be found in facts.

use base::fold_case;
use metadata::{MetaType, ModuleKind, ObjectAspect, ObjectKind};
use semantics::{Definition, ModuleId, Place, Project, Reference, ReferenceKind};
use smol_str::SmolStr;

/// Folded names and paths to look for.
pub(crate) struct SearchedNames {
    plain: Vec<SmolStr>,
    paths: Vec<SearchedPath>,
}

/// A path in literals, comments and queries: `справочникссылка.товары`.
pub(crate) struct SearchedPath {
    pub(crate) text: SmolStr,
    /// How longer paths start.
    pub(crate) start: SmolStr,
    /// Where the searched name starts in it.
    name: usize,
}

impl SearchedNames {
    /// `None` for what has no name to look for.
    pub(crate) fn new(project: &Project, definition: &Definition) -> Option<Self> {
        let names = project.definition_names(definition)?;
        let mut plain: Vec<SmolStr> = names.spellings().map(|name| fold_case(name).into()).collect();
        plain.sort();
        plain.dedup();
        let prefixes = match definition {
            Definition::Method { module, .. } | Definition::Variable { module, .. } => {
                module_paths(project, *module)
            }
            Definition::Object(object) => object_prefixes(project.object(*object)?.kind),
            _ => Vec::new(),
        };
        let mut paths: Vec<SearchedPath> = Vec::new();
        for prefix in prefixes {
            let prefix = fold_case(&prefix);
            paths.extend(plain.iter().map(|name| SearchedPath::new(&prefix, name)));
        }
        (!plain.is_empty()).then_some(Self { plain, paths })
    }

    pub(crate) fn plain(&self) -> impl Iterator<Item = &str> {
        self.plain.iter().map(SmolStr::as_str)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &SearchedPath> {
        self.paths.iter()
    }
}

impl SearchedPath {
    fn new(prefix: &str, name: &str) -> Self {
        let text = if prefix.is_empty() { SmolStr::new(name) } else { format!("{prefix}.{name}").into() };
        Self { start: format!("{text}.").into(), name: text.len() - name.len(), text }
    }

    /// The searched name inside a reference that starts with the path.
    pub(crate) fn place(&self, reference: &Reference<'_>) -> Option<Place> {
        use ReferenceKind as Kind;
        if !matches!(reference.kind, Kind::Literal | Kind::DocLink | Kind::QueryTable) {
            return None;
        }
        let rest = reference.name.strip_prefix(self.text.as_str())?;
        // A single name is the business of whoever looks for plain ones.
        let is_whole = rest.is_empty() && self.name > 0 || rest.starts_with('.');
        is_whole.then(|| part_of(reference, self.name, self.text.len()))
    }
}

/// The place of a part of a path.
pub(crate) fn part_of(reference: &Reference<'_>, start: usize, end: usize) -> Place {
    let utf16 = |text: &str| text.encode_utf16().count() as u16;
    let before = reference.name.get(..start).unwrap_or_default();
    let name = reference.name.get(start..end).unwrap_or_default();
    Place {
        offset: reference.place.offset.saturating_add(start as u32),
        column: reference.place.column.saturating_add(start as u16),
        column_utf16: reference.place.column_utf16.saturating_add(utf16(before)),
        length: name.len() as u16,
        length_utf16: utf16(name),
        ..reference.place
    }
}

/// What code writes before the name of a method of a module.
fn module_paths(project: &Project, module: ModuleId) -> Vec<String> {
    let Some(place) = project.place(module) else { return Vec::new() };
    let Some(object) = place.object.and_then(|object| project.object(object)) else { return Vec::new() };
    match place.kind {
        ModuleKind::CommonModule => vec![object.name.to_string()],
        ModuleKind::ManagerModule => {
            let collections = [object.kind.collection_ru(), object.kind.folder()];
            let named = collections.iter().filter(|collection| !collection.is_empty());
            named.map(|collection| format!("{collection}.{}", object.name)).collect()
        }
        _ => Vec::new(),
    }
}

/// What may stand before the name of an object in a text: names of its types, of its kind and its collection.
fn object_prefixes(kind: ObjectKind) -> Vec<String> {
    use ObjectAspect as Aspect;
    let aspects: &[Aspect] = match kind {
        // `Модуль.Метод`.
        ObjectKind::CommonModule => return vec![String::new(), kind.name_ru().into(), kind.name().into()],
        ObjectKind::InformationRegister
        | ObjectKind::AccumulationRegister
        | ObjectKind::AccountingRegister
        | ObjectKind::CalculationRegister => &[
            Aspect::Manager,
            Aspect::Selection,
            Aspect::List,
            Aspect::RecordSet,
            Aspect::Record,
            Aspect::RecordKey,
            Aspect::RecordManager,
        ],
        ObjectKind::Constant => &[Aspect::Manager, Aspect::ValueManager, Aspect::ValueKey],
        ObjectKind::Report | ObjectKind::DataProcessor => &[Aspect::Manager, Aspect::Object],
        ObjectKind::Enum => &[Aspect::Ref, Aspect::Manager, Aspect::List],
        _ => &[
            Aspect::Ref,
            Aspect::Object,
            Aspect::Manager,
            Aspect::Selection,
            Aspect::List,
            Aspect::TabularSection,
            Aspect::TabularSectionRow,
        ],
    };
    let mut prefixes = vec![kind.name_ru().to_owned(), kind.name().to_owned()];
    if !kind.collection_ru().is_empty() {
        prefixes.extend([kind.collection_ru().to_owned(), kind.folder().to_owned()]);
    }
    for aspect in aspects {
        let of = MetaType::AnyOf { kind, aspect: *aspect };
        prefixes.extend([of.name_ru().to_string(), of.name_en().to_string()]);
    }
    prefixes
}
