//! Swaps the branches of a condition and negates it.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const INVERT: Refactoring = Refactoring {
    id: "invertIf",
    title_ru: "Инвертировать условие",
    title_en: "Invert condition",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(plan) = plan(context) {
        offers.add(INVERT, || Some(plan.change(context)));
    }
}

struct Plan {
    condition: NodeId,
    /// From behind `Тогда` to `Иначе`, and from behind `Иначе` to the end.
    branches: [TextRange; 2],
}

/// A condition with both branches, the cursor in its first line or on `Иначе`.
fn plan(context: &Context<'_>) -> Option<Plan> {
    let tree = context.tree();
    let node = context.node_at_cursor(|kind| kind.is_statement()).filter(|_| context.is_cursor())?;
    if tree.kind(node) != NodeKind::If || tree.node(node).has_error {
        return None;
    }
    let clause = tree.child_of_kind(node, NodeKind::ElseClause)?;
    let condition = tree.child(node, Role::Condition)?;
    let then = *tree.own_token(node, TokenKind::Then)?;
    let otherwise = *tree.own_token(clause, TokenKind::Else)?;
    let end = *tree.own_token(node, TokenKind::EndIf)?;
    let at = context.selection.start;
    let is_on_header = at <= then.end || otherwise.range().touches(at);
    if tree.child_of_kind(node, NodeKind::ElsifClause).is_some() || !is_on_header {
        return None;
    }
    let branches = [
        TextRange { start: then.end, end: otherwise.start },
        TextRange { start: otherwise.end, end: end.start },
    ];
    Some(Plan { condition, branches })
}

impl Plan {
    fn change(&self, context: &Context<'_>) -> Change {
        let [first, second] = self.branches;
        let slice = |range: TextRange| range.slice(context.text());
        Change::new(vec![
            context.replace(context.tree().range(self.condition), negated(context, self.condition)),
            context.replace(first, slice(second)),
            context.replace(second, slice(first)),
        ])
    }
}

/// The opposite of a condition, as simple as it gets.
pub(crate) fn negated(context: &Context<'_>, condition: NodeId) -> String {
    let tree = context.tree();
    let text = context.node_text(condition);
    let not = context.script.keyword(TokenKind::Not);
    let inner = || tree.children(condition).next();
    match tree.kind(condition) {
        NodeKind::Unary if tree.own_token(condition, TokenKind::Not).is_some() => {
            inner().map_or(text, |operand| unwrapped(context, operand)).to_owned()
        }
        NodeKind::Binary => {
            let operator = tree.own_tokens(condition).find(|token| !token.kind.is_trivia());
            match operator.and_then(|token| Some((token, opposite(token.kind)?))) {
                Some((token, sign)) => {
                    let start = tree.range(condition).start;
                    let at = (token.start - start) as usize..(token.end - start) as usize;
                    format!("{}{sign}{}", &text[..at.start], &text[at.end..])
                }
                None => format!("{not} ({text})"),
            }
        }
        NodeKind::Boolean => {
            let opposite = match tree.first_token(condition).map(|token| token.kind) {
                Some(TokenKind::True) => TokenKind::False,
                _ => TokenKind::True,
            };
            context.script.keyword(opposite).to_owned()
        }
        NodeKind::Unary | NodeKind::Await => format!("{not} ({text})"),
        _ => format!("{not} {text}"),
    }
}

/// What stands in parentheses, unless it spans more than one operand.
fn unwrapped<'a>(context: &Context<'a>, operand: NodeId) -> &'a str {
    let tree = context.tree();
    let inner = tree.children(operand).next().filter(|_| tree.kind(operand) == NodeKind::Parenthesized);
    context.node_text(inner.unwrap_or(operand))
}

fn opposite(operator: TokenKind) -> Option<&'static str> {
    Some(match operator {
        TokenKind::Equal => "<>",
        TokenKind::NotEqual => "=",
        TokenKind::Less => ">=",
        TokenKind::LessOrEqual => ">",
        TokenKind::Greater => "<=",
        TokenKind::GreaterOrEqual => "<",
        _ => return None,
    })
}
