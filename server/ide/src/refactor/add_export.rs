//! Makes a method or a variable of the module visible outside.

use syntax::{NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const ADD: Refactoring = Refactoring {
    id: "addExport",
    title_ru: "Добавить «Экспорт»",
    title_en: "Add Export",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(end) = place(context) {
        let text = format!(" {}", context.script.keyword(TokenKind::Export));
        offers.add(ADD, || Some(Change::new(vec![context.insert(end, text)])));
    }
}

/// Behind the header that the cursor is in.
fn place(context: &Context<'_>) -> Option<u32> {
    let tree = context.tree();
    let is_declaration = |kind: NodeKind| kind.is_method() || kind == NodeKind::Variable;
    let node = context.node_at_cursor(is_declaration).filter(|_| context.is_cursor())?;
    let is_variable = tree.kind(node) == NodeKind::Variable;
    let last = tree.child(node, if is_variable { Role::Name } else { Role::Parameters })?;
    let is_in_header = context.selection.start <= tree.range(last).end;
    let is_local = is_variable && tree.enclosing_method(node).is_some();
    let is_done = tree.own_token(node, TokenKind::Export).is_some();
    (is_in_header && !is_local && !is_done && !tree.node(last).has_error).then(|| tree.range(last).end)
}
