//! New names for methods and variables of modules in the whole project: in code, comments, literals and metadata.

use base::{Edit, TextRange, same_name};
use metadata::ModuleKind;
use semantics::{Definition, Location, Module, ModuleId, Project};

use crate::meaning::ProjectDocument;
use crate::query::{prepare_query_rename, rename_in_query};
use crate::refactor::is_module_event;
use crate::references::{
    References, Search, Target, UseKind, canonical, last_name, place_of, references_of, target_at,
};
use crate::rename::{RenameKind, RenameProblem, Renameable, check_spelling, prepare_rename, rename_local};

/// Constructors of OneScript classes.
const CONSTRUCTORS: [&str; 2] = ["ПриСозданииОбъекта", "OnObjectCreate"];

/// What a change is made in; what is not code is better looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RenameEditKind {
    Code,
    /// A link in a comment.
    Comment,
    /// A literal that names the method.
    Literal,
    /// A file of metadata.
    Metadata,
}

/// A place that gets the new name.
#[derive(Clone, Debug, PartialEq)]
pub struct RenameEdit {
    /// Of the old name and nothing else; empty where something is inserted.
    pub location: Location,
    pub kind: RenameEditKind,
    /// What to write there, if that is more than the new name.
    pub text: Option<String>,
}

/// What can be renamed at an offset.
pub fn prepare_project_rename(
    document: ProjectDocument<'_>,
    offset: u32,
) -> Result<Renameable, RenameProblem> {
    if let Some(found) = prepare_query_rename(document, offset) {
        return found;
    }
    renamed(document, offset).map(|(renameable, _)| renameable)
}

/// Places that get a new name, sorted by file and place.
pub fn rename_in_project(
    document: ProjectDocument<'_>,
    search: &Search<'_>,
    offset: u32,
    new_name: &str,
) -> Result<Vec<RenameEdit>, RenameProblem> {
    if let Some(edits) = rename_in_query(document, offset, new_name) {
        return Ok(local_edits(document, edits?, new_name));
    }
    let (renameable, definition) = renamed(document, offset)?;
    check_spelling(new_name)?;
    let Some(definition) = definition else {
        return Ok(local_edits(document, rename_local(document.document, offset, new_name)?, new_name));
    };
    let references = references_of(search, &definition, true);
    if references.is_cut {
        return Err(RenameProblem::TooManyUses(renameable.name));
    }
    if !same_name(&renameable.name, new_name) {
        check_clashes(document, &definition, offset, &references, new_name)?;
    }
    let edit = |kind| match kind {
        UseKind::Link => RenameEditKind::Comment,
        UseKind::Literal | UseKind::Query => RenameEditKind::Literal,
        UseKind::Metadata => RenameEditKind::Metadata,
        _ => RenameEditKind::Code,
    };
    let edits = references.found.into_iter();
    Ok(edits
        .map(|found| RenameEdit { location: found.location, kind: edit(found.kind), text: None })
        .collect())
}

fn local_edits(document: ProjectDocument<'_>, edits: Vec<Edit>, new_name: &str) -> Vec<RenameEdit> {
    let edit = |edit: Edit| {
        let place = place_of(document.document, edit.range);
        let location = Location::Module { module: document.module, place };
        let text = Some(edit.text).filter(|text| text != new_name);
        RenameEdit { location, kind: RenameEditKind::Code, text }
    };
    edits.into_iter().map(edit).collect()
}

/// What stands there; the definition is missing for names that belong to one method.
fn renamed(
    document: ProjectDocument<'_>,
    offset: u32,
) -> Result<(Renameable, Option<Definition>), RenameProblem> {
    let local = prepare_rename(document.document, offset);
    if let Some(local) = &local
        && matches!(local.kind, RenameKind::Local | RenameKind::Label)
        && !matches!(target_at(document, offset), Some(Target::Known(_)))
    {
        return Ok((local.clone(), None));
    }
    match target_at(document, offset) {
        None | Some(Target::Local) => local.map(|it| (it, None)).ok_or(RenameProblem::NothingToRename),
        Some(Target::Known(definition)) => {
            let definition = canonical(document.project, &definition);
            let name = spelled(document, offset).ok_or(RenameProblem::NothingToRename)?;
            let text = document.document.slice(name);
            let (kind, is_export) = check_owner(document.project, &definition, &text)?;
            Ok((Renameable { kind, name: text, range: name, is_export }, Some(definition)))
        }
    }
}

/// The name under the cursor: a name of the code, or the part of a literal or a link.
fn spelled(document: ProjectDocument<'_>, offset: u32) -> Option<TextRange> {
    let section = document.section(offset);
    if let Some(name) = section.name_at(offset) {
        return Some(section.in_document(section.source().tree.range(name)));
    }
    let reference = document.project.module(document.module)?.facts.reference_at(offset)?;
    let start = reference.place.offset;
    let behind = offset.checked_sub(start)? as usize;
    let end = reference.name.get(behind..)?.find('.').map_or(reference.name.len(), |at| behind + at);
    let length = last_name(&reference.name[..end]).len();
    Some(TextRange::new(start + (end - length) as u32, start + end as u32))
}

/// Only code may give new names to what code declares.
fn check_owner(
    project: &Project,
    definition: &Definition,
    name: &str,
) -> Result<(RenameKind, bool), RenameProblem> {
    let name = || name.to_owned();
    match definition {
        Definition::Method { module, index } => {
            let method = project.method(*module, *index).ok_or(RenameProblem::NothingToRename)?;
            if is_fixed(project, *module, &method.name) {
                return Err(RenameProblem::FixedHandler(method.name.to_string()));
            }
            Ok((RenameKind::Method, method.is_export))
        }
        Definition::Variable { module, index } => {
            let variable = project.module(*module).and_then(|module| module.variable(*index));
            let variable = variable.ok_or(RenameProblem::NothingToRename)?;
            Ok((RenameKind::Variable, variable.is_export))
        }
        Definition::Module(module) if project.place(*module).is_some_and(|place| place.is_script) => {
            Err(RenameProblem::FileName(name()))
        }
        Definition::Field { .. } | Definition::QueryColumn { .. } | Definition::QueryField { .. } => {
            Err(RenameProblem::Undeclared(name()))
        }
        Definition::Parameter { .. } => Err(RenameProblem::NothingToRename),
        Definition::Module(_)
        | Definition::Object(_)
        | Definition::Attribute(_)
        | Definition::Section { .. }
        | Definition::EnumValue { .. }
        | Definition::Predefined { .. }
        | Definition::Command { .. }
        | Definition::Template { .. }
        | Definition::Form(_)
        | Definition::FormAttribute { .. }
        | Definition::FormColumn { .. }
        | Definition::FormElement { .. }
        | Definition::FormCommand { .. }
        | Definition::FormParameter { .. } => Err(RenameProblem::MetadataName(name())),
        _ => Err(RenameProblem::PlatformName(name())),
    }
}

/// The platform calls the method by its name. Handlers of forms and services are named in metadata and may change.
fn is_fixed(project: &Project, module: ModuleId, name: &str) -> bool {
    let kind = project.place(module).map_or(ModuleKind::Unknown, |place| place.kind);
    match kind {
        ModuleKind::OScriptClass => CONSTRUCTORS.iter().any(|known| same_name(known, name)),
        ModuleKind::ObjectModule
        | ModuleKind::ManagerModule
        | ModuleKind::RecordSetModule
        | ModuleKind::ValueManagerModule
        | ModuleKind::CommandModule
        | ModuleKind::RecalculationModule
        | ModuleKind::SessionModule
        | ModuleKind::ManagedApplicationModule
        | ModuleKind::OrdinaryApplicationModule
        | ModuleKind::ExternalConnectionModule => is_module_event(name),
        _ => false,
    }
}

/// The new name must be free where the old one is declared and where it is used without receiver.
fn check_clashes(
    document: ProjectDocument<'_>,
    definition: &Definition,
    offset: u32,
    references: &References,
    new_name: &str,
) -> Result<(), RenameProblem> {
    let project = document.project;
    let (Definition::Method { module: owner, .. } | Definition::Variable { module: owner, .. }) = definition
    else {
        return Ok(());
    };
    // The open document knows its locals, too.
    if *owner == document.module && prepare_rename(document.document, offset).is_some() {
        rename_local(document.document, offset, new_name)?;
    }
    let declaring = project.module(*owner).into_iter().map(|module| &**module);
    let extending = project.modules().filter(|module| project.base_module(module.id) == Some(*owner));
    let base = project.base_module(*owner).and_then(|base| project.module(base));
    for module in declaring.chain(extending.map(|module| &**module)).chain(base.map(|module| &**module)) {
        if module.find_method(new_name).is_some() {
            return Err(RenameProblem::MethodExists(new_name.to_owned()));
        }
        if module.find_variable(new_name).is_some() {
            return Err(RenameProblem::VariableExists(new_name.to_owned()));
        }
    }
    let mut checked = *owner;
    for found in &references.found {
        let Location::Module { module, .. } = found.location else { continue };
        if module != checked && found.kind == UseKind::Call {
            checked = module;
            check_caller(project, module, definition, new_name)?;
        }
    }
    Ok(())
}

/// Callers of a global method may have their own one of the new name.
fn check_caller(
    project: &Project,
    caller: ModuleId,
    definition: &Definition,
    new_name: &str,
) -> Result<(), RenameProblem> {
    let Some(names) = project.definition_names(definition) else { return Ok(()) };
    let Some(module) = project.module(caller) else { return Ok(()) };
    let old = base::fold_case(&names.ru);
    let is_bare = |module: &Module| {
        let mut uses = module.facts.references_of(&old);
        uses.any(|reference| reference.kind.is_call() && reference.receiver == semantics::Receiver::None)
    };
    if module.find_method(new_name).is_some() && is_bare(module) {
        let module = module.path.display().to_string();
        return Err(RenameProblem::MethodExistsIn { name: new_name.to_owned(), module });
    }
    Ok(())
}
