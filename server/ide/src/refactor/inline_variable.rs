//! Puts the only value of a local variable in the place of the variable.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role};

use crate::names::{NameRole, NameUse};
use crate::refactor::context::{Context, is_list};
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const INLINE: Refactoring = Refactoring {
    id: "inlineVariable",
    title_ru: "Встроить переменную",
    title_en: "Inline variable",
    kind: RefactoringKind::Inline,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(plan) = plan(context) {
        offers.add(INLINE, || Some(plan.change(context)));
    }
}

struct Plan {
    assignment: NodeId,
    value: NodeId,
    reads: Vec<NodeId>,
}

fn plan(context: &Context<'_>) -> Option<Plan> {
    let tree = context.tree();
    let token = context.token()?;
    let index = context.uses().binary_search_by_key(&token, |name| name.token).ok()?;
    let target = context.uses()[index];
    if !target.role.is_variable() {
        return None;
    }
    let local = context.local_at(context.code.token_text(token), target.method)?;
    let [first, reads @ ..] = local.uses.as_slice() else { return None };
    let is_single = first.role == NameRole::AssignedVariable
        && !reads.is_empty()
        && reads.iter().all(|name| name.role == NameRole::Variable);
    let assignment = tree.parent(first.node).filter(|_| is_single)?;
    let block = tree.parent(assignment).filter(|block| is_list(tree.kind(*block)))?;
    let value = tree.child(assignment, Role::Right)?;
    let holds_all =
        reads.iter().all(|name| tree.is_within(name.node, block) && name.node > tree.subtree_end(assignment));
    let is_clean = !tree.node(assignment).has_error && !context.has_trivia(tree.range(value));
    let can_stand = reads.iter().all(|name| can_stand(context, value, name.node));
    if !(holds_all && is_clean && can_stand && keeps_its_value(context, assignment, value, reads)) {
        return None;
    }
    Some(Plan { assignment, value, reads: reads.iter().map(|name| name.node).collect() })
}

/// A literal has no properties, and a method needs a name to call.
fn can_stand(context: &Context<'_>, value: NodeId, place: NodeId) -> bool {
    let tree = context.tree();
    let role = tree.node(place).role;
    let starts_statement = tree.range(place).start
        == tree.enclosing_statement(place).map_or(u32::MAX, |statement| tree.range(statement).start);
    let is_bare_literal = tree.kind(value).is_literal() && tree.kind(value) != NodeKind::Name;
    let has_no_members = role == Role::Object && is_bare_literal;
    let is_no_statement = starts_statement && context.needs_parentheses(value, place);
    !has_no_members && !is_no_statement
}

/// Nothing between the assignment and the last read can change what the value is computed from.
fn keeps_its_value(context: &Context<'_>, assignment: NodeId, value: NodeId, reads: &[NameUse]) -> bool {
    let tree = context.tree();
    let start = tree.range(assignment).end;
    let end = reads.last().map_or(start, |name| context.use_range(name).end);
    let method = tree.enclosing_method(assignment);
    let block = tree.parent(assignment);
    let in_loop = |node: NodeId| {
        let around = tree.ancestors(node).take_while(|around| Some(*around) != block);
        around.filter(|around| tree.kind(*around).is_loop()).last()
    };
    // A loop runs to its end before it reads again.
    let end = reads
        .iter()
        .filter_map(|name| in_loop(name.node))
        .map(|node| tree.range(node).end)
        .fold(end, u32::max);
    let names = context.names_in(value);
    let is_written = context
        .first_write(&names, method, start)
        .is_some_and(|name| context.use_range(name).start < end && !is_target_of_last(context, name, reads));
    if is_written {
        return false;
    }
    if context.is_plain(value) {
        return true;
    }
    // Anything else may give another value later: it has to be computed right in the next statement, once.
    let [only] = reads else { return false };
    let next = tree.children(block.unwrap_or(assignment)).find(|node| *node > assignment);
    let in_next = next.is_some_and(|next| tree.is_within(only.node, next));
    let computes_once = tree
        .ancestors(only.node)
        .take_while(|node| Some(*node) != block)
        .all(|node| !matches!(tree.kind(node), NodeKind::Block | NodeKind::While | NodeKind::ElsifClause));
    in_next && computes_once
}

/// `Б = А + Б`: the right side is computed before the left one changes.
fn is_target_of_last(context: &Context<'_>, write: &NameUse, reads: &[NameUse]) -> bool {
    let tree = context.tree();
    let (Some(last), Some(statement)) = (reads.last(), tree.parent(write.node)) else { return false };
    tree.kind(statement) == NodeKind::Assignment
        && tree.is_within(last.node, statement)
        && !tree.ancestors(statement).any(|node| tree.kind(node).is_loop())
}

impl Plan {
    fn change(&self, context: &Context<'_>) -> Change {
        let value = context.node_text(self.value);
        let mut edits = vec![context.delete(self.removed(context))];
        for read in &self.reads {
            let text = match context.needs_parentheses(self.value, *read) {
                true => format!("({value})"),
                false => value.to_owned(),
            };
            edits.push(context.replace(context.tree().range(*read), text));
        }
        Change::new(edits)
    }

    /// A comment at the end of the line stays.
    fn removed(&self, context: &Context<'_>) -> TextRange {
        let whole = context.whole_lines(self.assignment);
        let range = context.tree().statement_range(self.assignment);
        let next = context.tree().token_at_or_after(range.end);
        let next = context.tree().tokens().get(next).map_or(range.end, |token| token.start);
        let gap = TextRange { start: range.end, end: next.max(range.end) }.slice(context.text());
        match whole == range && !gap.contains(['\r', '\n']) {
            true => TextRange { start: range.start, end: next.max(range.end) },
            false => whole,
        }
    }
}
