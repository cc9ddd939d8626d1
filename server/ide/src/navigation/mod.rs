//! Where to go from a name: to its declaration, to the declaration of its type, to what an extension puts in its place.

mod extensions;
pub(crate) mod places;
mod types;
mod xml;

use base::{Files, TextRange};
use semantics::{Definition, Location};

use crate::literals::is_hook;
use crate::meaning::{Meaning, ProjectDocument, Section};
use crate::query::query_definition;

pub use extensions::implementations;
pub use types::type_definition;

/// A place to go to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// In the document itself.
    Here(TextRange),
    There(Location),
}

/// Where the name at an offset is declared, the best place first. Files of metadata are read to find a place in them.
pub fn definition(document: ProjectDocument<'_>, offset: u32, files: &dyn Files) -> Vec<Target> {
    if let Some(found) = query_definition(document, offset, files) {
        return found;
    }
    let section = document.section(offset);
    match section.goal(offset) {
        Some(Meaning::Local { declaration, .. }) => vec![Target::Here(declaration)],
        Some(Meaning::Known { definition, .. }) => places::of_definition(document, &definition, files),
        None => Vec::new(),
    }
}

/// Where `См. Модуль.Метод` of a comment leads: a path of names with the method last.
pub fn reference_target(
    document: ProjectDocument<'_>,
    module: Option<&str>,
    method: &str,
) -> Option<Location> {
    let mut path: Vec<&str> = module.into_iter().flat_map(|module| module.split('.')).collect();
    path.push(method);
    let scope = document.scope();
    let definition = scope.resolve_path(&path, true).or_else(|| scope.resolve_path(&path, false));
    let definition = definition.or_else(|| document.section(0).named_by_path(&path.join(".")))?;
    document.project.location(&definition)
}

impl Section<'_> {
    /// What the place at an offset leads to.
    pub(crate) fn goal(&self, offset: u32) -> Option<Meaning> {
        let known = |definition| Meaning::Known { definition, receiver: None };
        let Some(name) = self.name_at(offset) else {
            return self.named_by_literal(offset).map(|named| known(named.definition));
        };
        self.hooked(name).map(known).or_else(|| self.meaning(name))
    }

    /// The method of the base that the method of an extension hooks, from its name, the name of its annotation and
    /// `ПродолжитьВызов`.
    fn hooked(&self, name: syntax::NodeId) -> Option<Definition> {
        let tree = self.source().tree;
        let text = self.source().node_text(name);
        let is_hook_word = is_hook(text)
            && tree.parent(name).is_some_and(|parent| tree.kind(parent) == syntax::NodeKind::Annotation);
        let is_continuation =
            base::same_name(text, "ПродолжитьВызов") || base::same_name(text, "ProceedWithCall");
        if !self.is_method_name(name) && !is_hook_word && !is_continuation {
            return None;
        }
        let offset = self.in_document(tree.range(name)).start;
        let method = self.of.project.module(self.of.module)?.facts.method_at(offset)?;
        let hook = method.annotations().find(|annotation| is_hook(&annotation.name))?;
        self.base_method(&hook.argument)
    }
}
