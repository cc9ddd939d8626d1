//! What an item means, told when the editor asks: most items are never looked at.

use base::{Files, Locale};
use semantics::{Definition, Member, MemberKind, Type};

use crate::completion::item::{Completion, CompletionItem};
use crate::hover::Describer;
use crate::meaning::ProjectDocument;

/// Describes an item of a list as a hover would, in Markdown; empty if there is nothing to tell. `of` is what the list
/// was made for.
pub fn completion_documentation(
    of: ProjectDocument<'_>,
    completion: &Completion,
    item: &CompletionItem,
    locale: Locale,
    files: &dyn Files,
) -> String {
    let describer = Describer { document: of, script: completion.script, locale, files };
    let described = item.definition.as_ref().and_then(|definition| {
        let value = type_of(of, definition, completion.receiver.as_ref());
        describer.definition(definition, &value)
    });
    let preview = (!item.preview.is_empty()).then(|| format!("```bsl\n{}\n```", item.preview));
    let parts: Vec<String> = preview.into_iter().chain(described).collect();
    parts.join("\n\n")
}

fn type_of(of: ProjectDocument<'_>, definition: &Definition, receiver: Option<&Type>) -> Type {
    let scope = of.scope();
    let names = of.project.definition_names(definition);
    match (receiver, names) {
        (Some(receiver), Some(names)) if !matches!(definition, Definition::Method { .. }) => {
            let member = Member { names, kind: MemberKind::Property, definition: definition.clone() };
            scope.member_type(receiver, &member)
        }
        _ => scope.type_of_definition(definition),
    }
}
