//! Lines joined by `Символы.ПС` become a literal of several lines, and the other way round.

use base::{TextRange, same_name};
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::string_template::{chain_at_cursor, literal, operands};
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const TO_LITERAL: Refactoring = Refactoring {
    id: "toMultilineString",
    title_ru: "Преобразовать в многострочную строку",
    title_en: "Convert to a multi-line string",
    kind: RefactoringKind::Rewrite,
};
const TO_SUM: Refactoring = Refactoring {
    id: "fromMultilineString",
    title_ru: "Разделить многострочную строку",
    title_en: "Split the multi-line string",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some((range, lines)) = glued_lines(context) {
        offers.add(TO_LITERAL, || {
            let separator = format!("{}{}|", context.line_break(), continued(context, range));
            Some(Change::new(vec![context.replace(range, format!("\"{}\"", lines.join(&separator)))]))
        });
    }
    if let Some((range, lines)) = literal_lines(context) {
        offers.add(TO_SUM, || {
            let line_feed = context.script.pick("Символы.ПС", "Chars.LF");
            let (nl, indent) = (context.line_break(), continued(context, range));
            let separator = format!("\" + {line_feed}{nl}{indent}+ \"");
            Some(Change::new(vec![context.replace(range, format!("\"{}\"", lines.join(&separator)))]))
        });
    }
}

/// Indent of the lines that continue a statement.
fn continued(context: &Context<'_>, range: TextRange) -> String {
    format!("{}{}", context.indent(range.start), context.indent_unit())
}

/// A sum of literals and line feeds, as the lines of the text.
fn glued_lines(context: &Context<'_>) -> Option<(TextRange, Vec<String>)> {
    let chain = chain_at_cursor(context)?;
    let mut lines = vec![String::new()];
    for operand in operands(context, chain) {
        match literal(context, operand) {
            Some(text) => lines.last_mut()?.push_str(text),
            None if is_line_feed(context, operand) => lines.push(String::new()),
            None => return None,
        }
    }
    (lines.len() > 1).then(|| (context.tree().range(chain), lines))
}

fn is_line_feed(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree();
    let (Some(object), Some(property)) = (tree.child(node, Role::Object), tree.child(node, Role::Property))
    else {
        return false;
    };
    let (object, property) = (context.node_text(object), context.node_text(property));
    let is = |text: &str, names: [&str; 2]| names.iter().any(|name| same_name(name, text));
    tree.kind(node) == NodeKind::Member && is(object, ["Символы", "Chars"]) && is(property, ["ПС", "LF"])
}

/// Lines of the literal under the cursor, without comments in between.
fn literal_lines<'a>(context: &Context<'a>) -> Option<(TextRange, Vec<&'a str>)> {
    let tree = context.tree();
    let node = context.node_at_cursor(|kind| kind == NodeKind::String)?;
    let tokens = tree.tokens_of(node);
    let is_one = tokens.len() > 1
        && tokens.first()?.kind == TokenKind::StringStart
        && tokens.last()?.kind == TokenKind::StringTail
        && tokens[1..tokens.len() - 1].iter().all(|token| token.kind == TokenKind::StringPart);
    // Queries are read and edited as a whole.
    if !is_one || tree.node(node).has_error || syntax::is_query_literal(context.node_text(node)) {
        return None;
    }
    let mut lines: Vec<&str> =
        tokens.iter().map(|token| &context.code.source().token_text(token)[1..]).collect();
    let last = lines.last_mut()?;
    *last = last.strip_suffix('"')?;
    let is_default = tree.parent(node).is_some_and(|parent| tree.kind(parent) == NodeKind::Parameter);
    (!is_default).then(|| (tree.range(node), lines))
}
