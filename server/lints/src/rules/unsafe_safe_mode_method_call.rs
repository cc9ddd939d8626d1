//! `БезопасныйРежим` taken for a boolean value: the name of a safe mode is a string.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, SyntaxTree, TokenKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::chains::{ChainPlace, chain_around, chain_place};
use crate::context::Context;
use crate::layout::has_trivia;
use crate::operators::whole_expression;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnsafeSafeModeMethodCall",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 1)),
    tags: &["deprecated", "error"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "`{0}` может вернуть строку: сравните результат с `Ложь`",
        en: "`{0}` may return a string: compare the result with `False`",
    }],
    docs: docs!("unsafe_safe_mode_method_call"),
    create: |_| Box::new(UnsafeSafeModeMethodCall),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("БезопасныйРежим", "SafeMode")];

struct UnsafeSafeModeMethodCall;

impl Rule for UnsafeSafeModeMethodCall {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, &NAMES) else { return };
        let tree = ctx.source.tree;
        let operand = chain_around(tree, call);
        if chain_place(tree, operand) == ChainPlace::Operand && is_taken_for_boolean(tree, operand) {
            let text = ctx.source.node_text(name);
            let fix = compared(ctx.source, operand, text).unwrap_or_default();
            ctx.report_node(name).arg(text).fix(fix);
        }
    }
}

fn is_taken_for_boolean(tree: &SyntaxTree, operand: NodeId) -> bool {
    let expression = whole_expression(tree, operand);
    let is_sole = tree.range(expression) == tree.range(operand);
    if is_sole {
        return is_condition(tree, expression);
    }
    let whole = tree.range(expression);
    let span = tree.token_span(operand);
    let is_inside = |range: TextRange| whole.contains(range);
    let before = tree.previous_code_token(span.start).filter(|token| is_inside(token.range()));
    let after = tree.next_code_token(span.end).filter(|token| is_inside(token.range()));
    let is_unary = tree.parent(operand).is_some_and(|parent| tree.kind(parent) == NodeKind::Unary);
    // A negation takes the whole comparison in the tree, but stands before its first operand.
    if is_unary || before.is_some_and(|token| token.kind == TokenKind::Not) {
        return true;
    }
    let mut neighbours = [before, after].into_iter().flatten().map(|token| token.kind);
    neighbours.clone().any(|kind| matches!(kind, TokenKind::And | TokenKind::Or))
        && !neighbours.any(TokenKind::is_comparison)
        && is_used(tree, expression)
}

/// The comparison with `Ложь` that was meant.
fn compared(source: Source<'_>, operand: NodeId, name: &str) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let range = tree.range(operand);
    let word = if name.is_ascii() { "False" } else { "Ложь" };
    let before = tree.previous_code_token(tree.token_span(operand).start)?;
    if before.kind != TokenKind::Not {
        let is_plain = tree.kind(operand) == NodeKind::Call;
        return is_plain.then(|| vec![Edit::insert(range.end, format!(" <> {word}"))]);
    }
    let negation = tree.parent(operand).filter(|parent| tree.kind(*parent) == NodeKind::Unary)?;
    let not = TextRange { start: tree.range(negation).start, end: range.start };
    let is_plain = tree.kind(operand) == NodeKind::Call && !has_trivia(tree, not);
    is_plain.then(|| vec![Edit::delete(not), Edit::insert(range.end, format!(" = {word}"))])
}

fn is_condition(tree: &SyntaxTree, expression: NodeId) -> bool {
    let parent = tree.parent(expression).map(|parent| tree.kind(parent));
    matches!(parent, Some(NodeKind::If | NodeKind::ElsifClause))
}

/// An outer expression, a condition or an assignment uses the value.
fn is_used(tree: &SyntaxTree, expression: NodeId) -> bool {
    for ancestor in tree.ancestors(expression) {
        match tree.kind(ancestor) {
            NodeKind::Block | NodeKind::Module => return false,
            NodeKind::If | NodeKind::ElsifClause | NodeKind::Assignment => return true,
            NodeKind::Parenthesized | NodeKind::Ternary | NodeKind::New => return true,
            NodeKind::Call | NodeKind::Index | NodeKind::Member => {
                let chain = chain_around(tree, ancestor);
                if chain_place(tree, chain) != ChainPlace::Statement {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_compares() {
        rule("UnsafeSafeModeMethodCall").check_fix(
            "Если БезопасныйРежим() Тогда\nКонецЕсли;\nЕсли НЕ БезопасныйРежим() И А Тогда\nКонецЕсли;\nA = SafeMode() OR B;\nЕсли А И Не (Б) И БезопасныйРежим() Тогда\nКонецЕсли;\n",
            expect![[r#"
                Если БезопасныйРежим() <> Ложь Тогда
                КонецЕсли;
                Если БезопасныйРежим() = Ложь И А Тогда
                КонецЕсли;
                A = SafeMode() <> False OR B;
                Если А И Не (Б) И БезопасныйРежим() <> Ложь Тогда
                КонецЕсли;
            "#]],
        );
    }

    #[test]
    fn boolean_places() {
        rule("UnsafeSafeModeMethodCall").check(
            "А = НЕ БезопасныйРежим();\nЕсли БезопасныйРежим() Тогда\nИначеЕсли НЕ SafeMode() = Ложь Тогда\n\
             ИначеЕсли А И БезопасныйРежим() Тогда\nИначеЕсли safeMode() Или А = 1 Тогда\nКонецЕсли;\n\
             А = Б И БезопасныйРежим() + 1;\nА = ?(Б И БезопасныйРежим(), 1, 2);\nВозврат (А И БезопасныйРежим());\n\
             Возврат НЕ БезопасныйРежим();\nБ = Ф(А Или БезопасныйРежим());\n",
            expect![[r#"
                1:8 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                2:6 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                3:14 `SafeMode` `SafeMode` may return a string: compare the result with `False`
                4:15 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                5:11 `safeMode` `safeMode` may return a string: compare the result with `False`
                7:9 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                8:11 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                9:14 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                10:12 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
                11:13 `БезопасныйРежим` `БезопасныйРежим` may return a string: compare the result with `False`
            "#]],
        );
    }

    #[test]
    fn comparisons_and_plain_values() {
        rule("UnsafeSafeModeMethodCall").check(
            "БезопасныйРежим();\nА = БезопасныйРежим();\nЕсли БезопасныйРежим() = Ложь Или А <> БезопасныйРежим() Тогда\nКонецЕсли;\n\
             Если (БезопасныйРежим()) Тогда\nКонецЕсли;\nВозврат А И БезопасныйРежим();\nПока А Или БезопасныйРежим() Цикл\nКонецЦикла;\n\
             Ф(А И БезопасныйРежим());\nЕсли О.БезопасныйРежим() Тогда\nКонецЕсли;\nА = Б И БезопасныйРежим() = Ложь;\n",
            expect![[r#""#]],
        );
    }
}
