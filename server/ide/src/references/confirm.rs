//! References whose meaning depends on the type of a value: the text of their methods is read and analysed.

use base::TextRange;
use semantics::{Definition, Module, Reference, ReferenceKind};
use syntax::NodeId;

use crate::meaning::{Meaning, ModuleView, Section};
use crate::references::Search;
use crate::references::literals::{handler_owner, is_module_getter_argument};
use crate::references::target::canonical;

/// Methods that one search analyses.
const MAX_METHODS: u32 = 3_000;
/// The code outside methods of larger modules is left alone.
const MAX_BODY_BYTES: usize = 1 << 20;

pub(crate) struct Confirmation<'a> {
    search: Search<'a>,
    definition: &'a Definition,
    methods_left: u32,
    is_exhausted: bool,
}

impl<'a> Confirmation<'a> {
    pub(crate) fn new(search: Search<'a>, definition: &'a Definition) -> Self {
        Self { search, definition, methods_left: MAX_METHODS, is_exhausted: false }
    }

    /// Some references were not looked at.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// Those of the references of a module that mean the definition; they come in the order of the text.
    pub(crate) fn confirmed<'r>(
        &mut self,
        module: &Module,
        references: &[Reference<'r>],
    ) -> Vec<Reference<'r>> {
        if self.methods_left == 0 {
            self.is_exhausted = true;
            return Vec::new();
        }
        let Some(text) = read_text(&self.search, module) else { return Vec::new() };
        let view = ModuleView { project: self.search.project, module: module.id };
        let mut confirmed = Vec::new();
        let mut rest = references;
        while let Some(first) = rest.first() {
            let range = method_range(module, first.place.offset);
            let is_here = |reference: &Reference<'_>| match range {
                Some(range) => range.contains(reference.place.range()),
                None => method_range(module, reference.place.offset).is_none(),
            };
            let count = rest.iter().take_while(|reference| is_here(reference)).count().max(1);
            let (here, others) = rest.split_at(count);
            rest = others;
            if self.search.token.is_cancelled() {
                return confirmed;
            }
            if self.methods_left == 0 || range.is_none() && text.len() > MAX_BODY_BYTES {
                self.is_exhausted = true;
                continue;
            }
            self.methods_left -= 1;
            let section = view.section(&text, range.unwrap_or(TextRange::from(0..text.len())));
            self.add_confirmed(&section, here, &mut confirmed);
        }
        confirmed
    }

    fn add_confirmed<'r>(
        &self,
        section: &Section<'_>,
        references: &[Reference<'r>],
        confirmed: &mut Vec<Reference<'r>>,
    ) {
        let (literals, names): (Vec<_>, Vec<_>) =
            references.iter().partition(|reference| reference.kind == ReferenceKind::Literal);
        let nodes: Vec<(NodeId, &Reference<'r>)> = names
            .into_iter()
            .filter_map(|reference: &Reference<'r>| {
                let node = section.name_at(reference.place.offset)?;
                // The file may have changed since its facts were taken.
                base::same_name(section.source().node_text(node), reference.name).then_some((node, reference))
            })
            .collect();
        if let Some((first, _)) = nodes.first() {
            section.in_flow(*first, |flow| {
                for (node, reference) in &nodes {
                    let meaning = section.meaning_in(flow, *node);
                    if matches!(meaning, Some(Meaning::Known { definition, .. }) if self.is(&definition)) {
                        confirmed.push(**reference);
                    }
                }
            });
        }
        confirmed.extend(literals.into_iter().filter(|literal| self.is_named_by(section, literal)));
    }

    fn is(&self, definition: &Definition) -> bool {
        canonical(self.search.project, definition) == *self.definition
    }

    /// A literal that code calls the method or gets the module by.
    fn is_named_by(&self, section: &Section<'_>, literal: &Reference<'_>) -> bool {
        match self.definition {
            Definition::Method { module, .. } => {
                handler_owner(section, literal.place.offset) == Some(*module)
            }
            Definition::Object(_) => {
                let root = self.search.project.visible_root(section.of.module);
                let kind = metadata::ObjectKind::CommonModule;
                let found = self.search.project.find_object(root, kind, literal.name);
                found.is_some_and(|found| self.is(&Definition::Object(found)))
                    && is_module_getter_argument(section, literal.place.offset)
            }
            _ => false,
        }
    }
}

/// The method around an offset.
fn method_range(module: &Module, offset: u32) -> Option<TextRange> {
    module.facts.method_at(offset).map(|method| method.range())
}

/// Text of a module as its facts see it.
pub(crate) fn read_text(search: &Search<'_>, module: &Module) -> Option<String> {
    let bytes = search.files.read(&module.path).ok()?;
    Some(base::encoding::decode(bytes).ok()?.text)
}
