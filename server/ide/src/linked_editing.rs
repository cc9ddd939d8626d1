//! Places that change together while a name is typed: a parameter or a variable of one method.

use base::{TextRange, same_name};
use syntax::{DeclarationKind, Document, TokenKind};

use crate::code::Code;
use crate::names::{NameRole, NameUse, name_uses};

/// Occurrences of the local variable at an offset, sorted; empty if it is none or stands alone.
pub fn linked_editing_ranges(document: &Document, offset: u32) -> Vec<TextRange> {
    let section = document.section_at(offset);
    let base = section.range.start;
    let code = Code::of(section.source());
    let Some(index) = code.word_at(offset.saturating_sub(base)) else { return Vec::new() };
    if code.tree().tokens()[index].kind != TokenKind::Identifier {
        return Vec::new();
    }
    let is_of_module = |name: &str| {
        let names = document.declared_names();
        names.iter().any(|it| it.kind == DeclarationKind::Variable && same_name(&it.name, name))
    };
    let uses = name_uses(&code);
    let same = local_uses(&code, &uses, index, is_of_module).filter(|same| same.len() > 1);
    let places = same.into_iter().flatten();
    places.map(|name| code.tree().range(name.node).shifted(base)).collect()
}

/// All uses of the variable at a token, if it belongs to the method around it.
pub(crate) fn local_uses(
    code: &Code<'_>,
    uses: &[NameUse],
    token: usize,
    is_of_module: impl Fn(&str) -> bool,
) -> Option<Vec<NameUse>> {
    let index = uses.binary_search_by_key(&token, |name| name.token).ok()?;
    let target = uses[index];
    target.method?;
    if !target.role.is_variable() {
        return None;
    }
    let text = code.token_text(token);
    let is_same = |name: &&NameUse| {
        name.method == target.method
            && name.role.is_variable()
            && same_name(code.token_text(name.token), text)
    };
    let same: Vec<NameUse> = uses.iter().filter(is_same).copied().collect();
    let is_declared =
        same.iter().any(|name| matches!(name.role, NameRole::Parameter | NameRole::DeclaredVariable));
    let is_assigned =
        same.iter().any(|name| matches!(name.role, NameRole::AssignedVariable | NameRole::LoopVariable));
    (is_declared || (is_assigned && !is_of_module(text))).then_some(same)
}
