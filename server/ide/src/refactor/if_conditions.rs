//! `Если А И Б` becomes two nested conditions, and two nested conditions become one.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::layout::reindented;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const SPLIT: Refactoring = Refactoring {
    id: "splitIf",
    title_ru: "Разделить условие на два",
    title_en: "Split condition in two",
    kind: RefactoringKind::Rewrite,
};
const JOIN: Refactoring = Refactoring {
    id: "joinIfs",
    title_ru: "Объединить вложенные условия",
    title_en: "Join nested conditions",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if !context.is_cursor() {
        return;
    }
    if let Some((condition, operation)) = splittable(context) {
        offers.add(SPLIT, || split(context, condition, operation));
    }
    if let Some((outer, inner)) = joinable(context) {
        offers.add(JOIN, || join(context, outer, inner));
    }
}

/// A condition with one branch, and nothing broken in it.
fn is_single_branch(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree();
    let is_clause = |kind| matches!(kind, NodeKind::ElsifClause | NodeKind::ElseClause);
    tree.kind(node) == NodeKind::If
        && !tree.node(node).has_error
        && !tree.children(node).any(|child| is_clause(tree.kind(child)))
}

/// The cursor is on an `И` of the whole condition.
fn splittable(context: &Context<'_>) -> Option<(NodeId, NodeId)> {
    let tree = context.tree();
    let token = context.token().filter(|token| tree.tokens()[*token].kind == TokenKind::And)?;
    let operation = tree.node_of_token(token);
    let is_and = |node: NodeId| tree.own_token(node, TokenKind::And).is_some();
    let around = std::iter::once(operation).chain(tree.ancestors(operation));
    let whole = around.take_while(|node| tree.kind(*node) == NodeKind::Binary && is_and(*node)).last()?;
    let owner = tree.parent(whole).filter(|owner| is_single_branch(context, *owner))?;
    let starts_line = context.starts_line(tree.range(owner).start);
    (tree.node(whole).role == Role::Condition && starts_line).then_some((owner, operation))
}

/// The part of the condition before this `И` stays, the rest moves inside.
fn split(context: &Context<'_>, owner: NodeId, operation: NodeId) -> Option<Change> {
    let tree = context.tree();
    let (script, nl) = (context.script, context.line_break());
    let whole = tree.range(tree.child(owner, Role::Condition)?);
    let operator = *tree.own_token(operation, TokenKind::And)?;
    let then = *tree.own_token(owner, TokenKind::Then)?;
    let end = *tree.own_token(owner, TokenKind::EndIf)?;
    let text = context.text();
    let first = TextRange { start: whole.start, end: operator.start }.slice(text).trim_end();
    let second = TextRange { start: operator.end, end: whole.end }.slice(text).trim_start();
    let indent = context.indent(tree.range(owner).start);
    let inner = format!("{indent}{}", context.indent_unit());
    let body = TextRange { start: then.end, end: end.start }.slice(text);
    let body = reindented(body.trim_end(), indent, &inner);
    let keyword = |kind| script.keyword(kind);
    let new = format!(
        "{first} {then}{nl}{inner}{if_word} {second} {then}{body}{nl}{inner}{end_if};{nl}{indent}",
        then = keyword(TokenKind::Then),
        if_word = keyword(TokenKind::If),
        end_if = keyword(TokenKind::EndIf),
    );
    Some(Change::new(vec![context.replace(TextRange { start: whole.start, end: end.start }, new)]))
}

/// A condition whose only statement is another one; the cursor is in the first line of either.
fn joinable(context: &Context<'_>) -> Option<(NodeId, NodeId)> {
    let tree = context.tree();
    let node = context.node_at_cursor(|kind| kind.is_statement())?;
    let then = tree.own_token(node, TokenKind::Then).filter(|_| tree.kind(node) == NodeKind::If)?;
    if context.selection.start > then.end {
        return None;
    }
    let pair = only_inner(context, node).map(|inner| (node, inner)).or_else(|| {
        let outer = tree.parent(node).and_then(|block| tree.parent(block))?;
        only_inner(context, outer).filter(|inner| *inner == node).map(|inner| (outer, inner))
    })?;
    let (outer, inner) = pair;
    let outer_then = tree.own_token(outer, TokenKind::Then)?.end;
    let outer_end = tree.own_token(outer, TokenKind::EndIf)?.start;
    let gaps = [
        TextRange { start: outer_then, end: tree.range(inner).start },
        TextRange { start: tree.range(inner).end, end: outer_end },
    ];
    (!gaps.iter().any(|gap| context.has_trivia(*gap))).then_some(pair)
}

fn only_inner(context: &Context<'_>, outer: NodeId) -> Option<NodeId> {
    let tree = context.tree();
    let block = tree.child_of_kind(outer, NodeKind::Block).filter(|_| is_single_branch(context, outer))?;
    let mut statements = tree.children(block);
    let inner = statements.next()?;
    (statements.next().is_none() && is_single_branch(context, inner)).then_some(inner)
}

fn join(context: &Context<'_>, outer: NodeId, inner: NodeId) -> Option<Change> {
    let tree = context.tree();
    let (first, second) = (tree.child(outer, Role::Condition)?, tree.child(inner, Role::Condition)?);
    let then = *tree.own_token(inner, TokenKind::Then)?;
    let inner_end = *tree.own_token(inner, TokenKind::EndIf)?;
    let outer_end = *tree.own_token(outer, TokenKind::EndIf)?;
    let indent = context.indent(tree.range(outer).start);
    let body = TextRange { start: then.end, end: inner_end.start }.slice(context.text());
    let body = reindented(body, context.indent(tree.range(inner).start), indent);
    let last_line = body.rfind('\n').map_or(0, |at| at + 1);
    let body = match body[last_line..].trim().is_empty() && last_line > 0 {
        true => format!("{}{indent}", &body[..last_line]),
        false => body,
    };
    let and = context.script.keyword(TokenKind::And);
    let new = format!(
        "{} {and} {} {}{body}",
        operand(context, first),
        operand(context, second),
        context.script.keyword(TokenKind::Then),
    );
    let range = TextRange { start: tree.range(first).start, end: outer_end.start };
    Some(Change::new(vec![context.replace(range, new)]))
}

/// `ИЛИ` binds weaker than `И`.
fn operand(context: &Context<'_>, condition: NodeId) -> String {
    let text = context.node_text(condition);
    match context.tree().own_token(condition, TokenKind::Or) {
        Some(_) => format!("({text})"),
        None => text.to_owned(),
    }
}
