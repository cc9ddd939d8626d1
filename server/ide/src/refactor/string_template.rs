//! Strings glued by `+` become a template with places for values.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const TEMPLATE: Refactoring = Refactoring {
    id: "concatenationToTemplate",
    title_ru: "Заменить сложение строк на СтрШаблон",
    title_en: "Replace concatenation by StrTemplate",
    kind: RefactoringKind::Rewrite,
};
/// The function takes no more.
const MAX_VALUES: usize = 10;

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let Some(chain) = chain_at_cursor(context) else { return };
    let operands = operands(context, chain);
    if let Some(text) = template(context, &operands) {
        let range = context.tree().range(chain);
        offers.add(TEMPLATE, || Some(Change::new(vec![context.replace(range, text)])));
    }
}

/// The longest sum around the cursor.
pub(crate) fn chain_at_cursor(context: &Context<'_>) -> Option<NodeId> {
    let tree = context.tree();
    let innermost = context.node_at_cursor(|kind| kind == NodeKind::Binary)?;
    let around = std::iter::once(innermost).chain(tree.ancestors(innermost));
    let chain = around.take_while(|node| is_sum(context, *node)).last()?;
    (!tree.node(chain).has_error && !context.has_trivia(tree.range(chain))).then_some(chain)
}

fn is_sum(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree();
    tree.kind(node) == NodeKind::Binary && tree.own_token(node, TokenKind::Plus).is_some()
}

/// Operands of a sum from left to right.
pub(crate) fn operands(context: &Context<'_>, chain: NodeId) -> Vec<NodeId> {
    let tree = context.tree();
    let mut operands = Vec::new();
    let mut node = chain;
    while is_sum(context, node) {
        operands.extend(tree.child(node, Role::Right));
        let Some(left) = tree.child(node, Role::Left) else { break };
        node = left;
    }
    operands.push(node);
    operands.reverse();
    operands
}

/// Contents of a literal on one line.
pub(crate) fn literal<'a>(context: &Context<'a>, node: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    let is_simple = tree.kind(node) == NodeKind::String && tree.tokens_of(node).len() == 1;
    let text = context.node_text(node).strip_prefix('"').filter(|_| is_simple)?;
    text.strip_suffix('"').filter(|text| !text.contains(['\r', '\n']))
}

/// Numbers add up until the first string comes, so one of the first two operands has to be a literal.
fn template(context: &Context<'_>, operands: &[NodeId]) -> Option<String> {
    let is_string = operands.iter().take(2).any(|node| literal(context, *node).is_some());
    let values: Vec<NodeId> =
        operands.iter().filter(|node| literal(context, **node).is_none()).copied().collect();
    let is_plain = |node: &NodeId| context.tree().kind(*node) != NodeKind::String;
    if !is_string || values.is_empty() || values.len() > MAX_VALUES || !values.iter().all(is_plain) {
        return None;
    }
    let mut pattern = String::new();
    let mut number = 0;
    for (index, operand) in operands.iter().enumerate() {
        if let Some(text) = literal(context, *operand) {
            if text.contains('%') {
                return None;
            }
            pattern += text;
            continue;
        }
        number += 1;
        let next = operands.get(index + 1).and_then(|node| literal(context, *node));
        let is_ambiguous = next.is_some_and(|text| text.starts_with(|letter: char| letter.is_ascii_digit()));
        pattern += &if is_ambiguous { format!("%({number})") } else { format!("%{number}") };
    }
    let function = context.script.pick("СтрШаблон", "StrTemplate");
    let values: Vec<&str> = values.iter().map(|node| context.node_text(*node)).collect();
    Some(format!("{function}(\"{pattern}\", {})", values.join(", ")))
}
