//! A condition that only chooses a value becomes `?(,,)`, and the other way round.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const TO_TERNARY: Refactoring = Refactoring {
    id: "ifToTernary",
    title_ru: "Заменить условие на ?(,,)",
    title_en: "Replace the condition by ?(,,)",
    kind: RefactoringKind::Rewrite,
};
const TO_IF: Refactoring = Refactoring {
    id: "ternaryToIf",
    title_ru: "Заменить ?(,,) на «Если … Иначе»",
    title_en: "Replace ?(,,) by If … Else",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if !context.is_cursor() {
        return;
    }
    if let Some((range, text)) = to_ternary(context) {
        offers.add(TO_TERNARY, || Some(Change::new(vec![context.replace(range, text)])));
    }
    if let Some((statement, ternary)) = chosen(context) {
        offers.add(TO_IF, || to_if(context, statement, ternary));
    }
}

/// What a statement assigns or returns.
struct Outcome<'a> {
    /// `А = ` or `Возврат `.
    head: &'a str,
    target: Option<NodeId>,
    value: NodeId,
}

fn outcome<'a>(context: &Context<'a>, statement: NodeId) -> Option<Outcome<'a>> {
    let tree = context.tree();
    let (target, value) = match tree.kind(statement) {
        NodeKind::Assignment => {
            (Some(tree.child(statement, Role::Left)?), tree.child(statement, Role::Right)?)
        }
        NodeKind::Return => (None, tree.child(statement, Role::Value)?),
        _ => return None,
    };
    let range = TextRange { start: tree.range(statement).start, end: tree.range(value).start };
    Some(Outcome { head: range.slice(context.text()), target, value })
}

fn to_ternary(context: &Context<'_>) -> Option<(TextRange, String)> {
    let tree = context.tree();
    let node = context.node_at_cursor(|kind| kind.is_statement())?;
    let clause = tree.child_of_kind(node, NodeKind::ElseClause)?;
    let then = tree.own_token(node, TokenKind::Then)?;
    let is_fit = tree.kind(node) == NodeKind::If
        && !tree.node(node).has_error
        && context.selection.start <= then.end
        && tree.child_of_kind(node, NodeKind::ElsifClause).is_none()
        && !context.has_trivia(tree.range(node));
    let [first, second] = [only_statement(context, node)?, only_statement(context, clause)?];
    let (first, second) = (outcome(context, first).filter(|_| is_fit)?, outcome(context, second)?);
    let is_same_target = match (first.target, second.target) {
        (Some(first), Some(second)) => context.code.source().is_same_code(first, second),
        (None, None) => true,
        _ => false,
    };
    let condition = context.node_text(tree.child(node, Role::Condition)?);
    let text = format!(
        "{}?({condition}, {}, {})",
        first.head,
        context.node_text(first.value),
        context.node_text(second.value)
    );
    is_same_target.then(|| (tree.range(node), text))
}

fn only_statement(context: &Context<'_>, owner: NodeId) -> Option<NodeId> {
    let tree = context.tree();
    let mut statements = tree.children(tree.child_of_kind(owner, NodeKind::Block)?);
    let only = statements.next()?;
    statements.next().is_none().then_some(only)
}

/// The statement under the cursor if its whole value is a ternary operator with all three parts.
fn chosen(context: &Context<'_>) -> Option<(NodeId, NodeId)> {
    let tree = context.tree();
    let is_fit = |kind| matches!(kind, NodeKind::Assignment | NodeKind::Return);
    let statement = context.statement_at_cursor(is_fit)?;
    let value = outcome(context, statement)?.value;
    let is_whole = tree.kind(value) == NodeKind::Ternary
        && tree.child(value, Role::Consequence).is_some()
        && tree.child(value, Role::Alternative).is_some()
        && !context.has_trivia(tree.range(statement));
    is_whole.then_some((statement, value))
}

fn to_if(context: &Context<'_>, statement: NodeId, ternary: NodeId) -> Option<Change> {
    let tree = context.tree();
    let (script, nl) = (context.script, context.line_break());
    let head = outcome(context, statement)?.head;
    let part = |role| Some(context.node_text(tree.child(ternary, role)?));
    let indent = context.indent(tree.range(statement).start);
    let inner = format!("{indent}{}", context.indent_unit());
    let keyword = |kind| script.keyword(kind);
    let text = format!(
        "{} {} {}{nl}{inner}{head}{};{nl}{indent}{}{nl}{inner}{head}{};{nl}{indent}{}",
        keyword(TokenKind::If),
        part(Role::Condition)?,
        keyword(TokenKind::Then),
        part(Role::Consequence)?,
        keyword(TokenKind::Else),
        part(Role::Alternative)?,
        keyword(TokenKind::EndIf),
    );
    Some(Change::new(vec![context.replace(tree.range(statement), text)]))
}
