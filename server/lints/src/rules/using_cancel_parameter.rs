//! Assignments to the parameter `Отказ` that may take back the refusal of another handler.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, Token, TokenKind};

use crate::argument_list::parameters;
use crate::calls::PlatformName;
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingCancelParameter",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard", "badpractice"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Присваивание параметру {0} может отменить уже сделанный отказ",
        en: "The assignment to {0} may take back what was cancelled before",
    }],
    docs: docs!("using_cancel_parameter"),
    create: |_| Box::new(UsingCancelParameter),
    ..RuleInfo::DEFAULT
};

const CANCEL: PlatformName = PlatformName::new("Отказ", "Cancel");

struct UsingCancelParameter;

impl Rule for UsingCancelParameter {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Assignment]
    }

    fn node(&self, ctx: &mut Context<'_>, assignment: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let left = tree.child(assignment, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
        let Some(left) = left.filter(|left| CANCEL.is(source.node_text(*left))) else { return };
        let Some(value) = tree.child(assignment, Role::Right) else { return };
        if has_cancel_parameter(source, assignment) && !keeps_refusal(source, value) {
            let fix = kept_refusal(source, left, value);
            ctx.report(tree.statement_range(assignment)).arg(source.node_text(left)).fix(fix);
        }
    }
}

fn has_cancel_parameter(source: Source<'_>, node: NodeId) -> bool {
    let tree = source.tree;
    let list = tree.enclosing_method(node).and_then(|method| tree.child(method, Role::Parameters));
    let mut names = list
        .into_iter()
        .flat_map(|list| parameters(tree, list))
        .filter_map(|parameter| tree.child(parameter, Role::Name));
    names.any(|name| CANCEL.is(source.node_text(name)))
}

/// The expression ends with `Истина`, or it is `… ИЛИ Отказ` in any order, with `ИЛИ` as the first operator.
fn keeps_refusal(source: Source<'_>, value: NodeId) -> bool {
    let tree = source.tree;
    let is_true = tree.code_tokens_of(value).next_back().is_some_and(|token| token.kind == TokenKind::True);
    if is_true {
        return true;
    }
    let mut first_operator = None;
    let mut has_cancel = false;
    // Tokens of the operand so far: how many, and the last of them.
    let mut operand: (u32, Option<&Token>) = (0, None);
    let mut depth = 0_u32;
    let is_cancel = |(length, token): (u32, Option<&Token>)| {
        length == 1 && token.is_some_and(|token| CANCEL.is(source.token_text(token)))
    };
    for token in tree.code_tokens_of(value) {
        match token.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
            TokenKind::RightParen | TokenKind::RightBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A sign in front of an operand is no operator.
        if depth == 0 && operand.0 > 0 && is_operator(token.kind) {
            first_operator.get_or_insert(token.kind);
            has_cancel |= is_cancel(operand);
            operand = (0, None);
        } else {
            operand = (operand.0 + 1, Some(token));
        }
    }
    first_operator == Some(TokenKind::Or) && (has_cancel || is_cancel(operand))
}

/// `Отказ ИЛИ …`, unless the value is `Ложь` or looks at the refusal itself.
fn kept_refusal(source: Source<'_>, left: NodeId, value: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let is_known = |token: &Token| token.kind == TokenKind::Identifier && CANCEL.is(source.token_text(token));
    if tree.kind(value) == NodeKind::Boolean || tree.tokens_of(value).iter().any(is_known) {
        return None;
    }
    let name = source.node_text(left);
    let or = if name.is_ascii() { "OR" } else { "ИЛИ" };
    Some(Edit::insert(tree.range(value).start, format!("{name} {or} ")))
}

fn is_operator(kind: TokenKind) -> bool {
    kind.is_comparison()
        || matches!(
            kind,
            TokenKind::Or
                | TokenKind::And
                | TokenKind::Plus
                | TokenKind::Minus
                | TokenKind::Star
                | TokenKind::Slash
                | TokenKind::Percent
        )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_keeps_the_refusal() {
        rule("UsingCancelParameter").check_fix(
            "Процедура А(Отказ)\n\tОтказ = НЕ Проверить();\n\tОтказ = Б И В;\n\tОтказ = Ложь;\n\tОтказ = Б И Отказ;\nКонецПроцедуры\n\
             Procedure B(Cancel)\n\tCancel = Check();\nEndProcedure\n",
            expect![[r#"
                Процедура А(Отказ)
                	Отказ = Отказ ИЛИ НЕ Проверить();
                	Отказ = Отказ ИЛИ Б И В;
                	Отказ = Ложь;
                	Отказ = Б И Отказ;
                КонецПроцедуры
                Procedure B(Cancel)
                	Cancel = Cancel OR Check();
                EndProcedure
            "#]],
        );
    }

    #[test]
    fn a_refusal_stays() {
        rule("UsingCancelParameter").check(
            "Процедура А(Отказ)\n\tОтказ = Истина;\n\tОтказ = Б() ИЛИ Отказ;\n\tОтказ = Отказ Или Б.В(1);\n\tОтказ = НЕ Б = Истина;\n\
             \tОтказ.Поле = 1;\n\tОтк = 1;\nКонецПроцедуры\n\
             Procedure B(X, Cancel = False)\n\tCancel = X OR Cancel;\n\tОтказ = Ложь;\nEndProcedure\n\
             Процедура В(Б)\n\tОтказ = Ложь;\nКонецПроцедуры\nОтказ = Ложь;\n",
            expect![[r#"
                11:2 `Отказ = Ложь;` The assignment to Отказ may take back what was cancelled before
            "#]],
        );
    }

    #[test]
    fn other_values_may_undo_it() {
        rule("UsingCancelParameter").check(
            "Процедура А(отказ)\n\tОтказ = Ложь;\n\tОТКАЗ = Отказ И Б;\n\tОтказ = Б = 1 ИЛИ Отказ;\n\tОтказ = Б ИЛИ НЕ Отказ;\n\
             \tОтказ = (Б ИЛИ Отказ);\n\tЕсли Б Тогда Отказ = Проверить(Истина) КонецЕсли;\n\tОтказ = Б ИЛИ Отказ.Поле;\nКонецПроцедуры\n",
            expect![[r#"
                2:2 `Отказ = Ложь;` The assignment to Отказ may take back what was cancelled before
                3:2 `ОТКАЗ = Отказ И Б;` The assignment to ОТКАЗ may take back what was cancelled before
                4:2 `Отказ = Б = 1 ИЛИ Отказ;` The assignment to Отказ may take back what was cancelled before
                5:2 `Отказ = Б ИЛИ НЕ Отказ;` The assignment to Отказ may take back what was cancelled before
                6:2 `Отказ = (Б ИЛИ Отказ);` The assignment to Отказ may take back what was cancelled before
                7:15 `Отказ = Проверить(Истина)` The assignment to Отказ may take back what was cancelled before
                8:2 `Отказ = Б ИЛИ Отказ.Поле;` The assignment to Отказ may take back what was cancelled before
            "#]],
        );
    }
}
