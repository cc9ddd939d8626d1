//! Puts statements into `Попытка … Исключение … КонецПопытки`.

use base::TextRange;
use syntax::{NodeKind, TokenKind};

use crate::refactor::context::Context;
use crate::refactor::layout::directives_are_paired;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const WRAP: Refactoring = Refactoring {
    id: "wrapInTry",
    title_ru: "Обернуть в «Попытка … Исключение»",
    title_en: "Wrap in Try … Except",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(range) = wrapped(context) {
        offers.add(WRAP, || Some(change(context, range)));
    }
}

fn wrapped(context: &Context<'_>) -> Option<TextRange> {
    let tree = context.tree();
    if let Some(selected) = context.selected_statements() {
        let first = tree.token_at_or_after(selected.range.start);
        let inside = tree.tokens()[first..].iter().take_while(|token| token.start < selected.range.end);
        let is_fit = directives_are_paired(inside.map(|token| token.kind))
            && selected.nodes.iter().all(|node| tree.kind(*node) != NodeKind::VarDeclaration);
        return is_fit.then_some(selected.range);
    }
    let is_simple = |kind| matches!(kind, NodeKind::Assignment | NodeKind::ExpressionStatement);
    let statement = context.statement_at_cursor(is_simple).filter(|_| context.is_cursor())?;
    Some(tree.statement_range(statement))
}

fn change(context: &Context<'_>, range: TextRange) -> Change {
    let (script, nl) = (context.script, context.line_break());
    let indent = context.indent(range.start);
    let inner = format!("{indent}{}", context.indent_unit());
    let text = format!(
        "{}{nl}{inner}{}{nl}{indent}{}{nl}{inner}{};{nl}{indent}{};",
        script.keyword(TokenKind::Try),
        context.moved(range, &inner),
        script.keyword(TokenKind::Except),
        script.keyword(TokenKind::Raise),
        script.keyword(TokenKind::EndTry),
    );
    Change::new(vec![context.replace(range, text)])
}
