//! A transaction that is begun without a try right behind it.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::layout::{has_directive, has_line_of_its_own, indentation, removal};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::statements::{Next, leading_global_call, next_of};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "BeginTransactionBeforeTryCatch",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "После `НачатьТранзакцию` должна сразу идти `Попытка`",
        en: "`Try` must directly follow `BeginTransaction`",
    }],
    docs: docs!("begin_transaction_before_try_catch"),
    create: |_| Box::new(BeginTransactionBeforeTryCatch),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("НачатьТранзакцию", "BeginTransaction")];

struct BeginTransactionBeforeTryCatch;

impl Rule for BeginTransactionBeforeTryCatch {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::ExpressionStatement]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let tree = ctx.source.tree;
        let Some(call) = leading_global_call(tree, statement) else { return };
        let is_whole = tree.parent(call) == Some(statement);
        if !is_whole || global_callee_of(ctx, call, &NAMES).is_none() {
            return;
        }
        let is_followed = match next_of(tree, statement) {
            Next::Statement(Some(next)) => tree.kind(next) == NodeKind::Try,
            _ => false,
        };
        if !is_followed {
            let fix = moved_before_try(ctx.source, statement).unwrap_or_default();
            ctx.report(tree.statement_range(statement)).fix(fix);
        }
    }
}

/// The first statement of a try part goes before it.
fn moved_before_try(source: Source<'_>, statement: NodeId) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let block = tree.parent(statement).filter(|block| tree.children(*block).next() == Some(statement))?;
    let attempt = tree.parent(block).filter(|attempt| tree.kind(*attempt) == NodeKind::Try)?;
    let is_plain = tree.semicolon(statement).is_some()
        && has_line_of_its_own(source, statement)
        && has_line_of_its_own(source, attempt);
    let range = tree.statement_range(statement);
    let (start, code) = (tree.range(attempt).start, source.slice(range));
    let between = TextRange { start, end: range.end };
    if !is_plain || has_directive(tree, between) {
        return None;
    }
    let next = format!("{code}{}{}", syntax::line_break(source.text), indentation(source, start));
    Some(vec![Edit::insert(start, next), Edit::delete(removal(source.text, range))])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_moves_it_before_the_try() {
        rule("BeginTransactionBeforeTryCatch").check_fix(
            "Процедура А()\n\tПопытка\n\t\t// да\n\t\tНачатьТранзакцию(); // тут\n\t\tБ();\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n\
             Try\r\n\tBeginTransaction();\r\nExcept\r\nEndTry;\r\nНачатьТранзакцию();\nБ();\n",
            expect![[r#"
                Процедура А()
                	НачатьТранзакцию();
                	Попытка
                		// да
                		// тут
                		Б();
                	Исключение
                	КонецПопытки;
                КонецПроцедуры
                BeginTransaction();␍
                Try␍
                Except␍
                EndTry;␍
                НачатьТранзакцию();
                Б();
            "#]],
        );
    }

    #[test]
    fn the_next_statement_is_a_try() {
        rule("BeginTransactionBeforeTryCatch").check(
            "НачатьТранзакцию(); // комментарий\n\nПопытка\n\tА();\nИсключение\nКонецПопытки;\n\
             Если А Тогда\n\tBeginTransaction(Mode);\nКонецЕсли;\nTry\n\tA();\nExcept\nEndTry;\n",
            expect![[""]],
        );
    }

    #[test]
    fn anything_else_in_between() {
        rule("BeginTransactionBeforeTryCatch").check(
            "Процедура А()\n\tНачатьТранзакцию();\n\tБ = 1;\n\tПопытка\n\t\tНачатьТранзакцию();\n\tИсключение\n\tКонецПопытки;\n\
             \tНачатьТранзакцию();;\n\tПопытка\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n\
             Procedure B()\n\tBeginTransaction();\n\t#Region X\n\tTry\n\tExcept\n\tEndTry;\n\t#EndRegion\n\tBeginTransaction()\nEndProcedure\n",
            expect![[r#"
                2:2 `НачатьТранзакцию();` `Try` must directly follow `BeginTransaction`
                5:3 `НачатьТранзакцию();` `Try` must directly follow `BeginTransaction`
                8:2 `НачатьТранзакцию();` `Try` must directly follow `BeginTransaction`
                14:2 `BeginTransaction();` `Try` must directly follow `BeginTransaction`
                20:2 `BeginTransaction()` `Try` must directly follow `BeginTransaction`
            "#]],
        );
    }

    #[test]
    fn methods_end_the_search() {
        rule("BeginTransactionBeforeTryCatch").check(
            "Процедура А()\n\tНачатьТранзакцию();\nКонецПроцедуры\n#Область Б\nПопытка\nИсключение\nКонецПопытки;\n\
             О.НачатьТранзакцию();\nНачатьТранзакцию();\n#КонецОбласти",
            expect![[r#"
                2:2 `НачатьТранзакцию();` `Try` must directly follow `BeginTransaction`
                9:1 `НачатьТранзакцию();` `Try` must directly follow `BeginTransaction`
            "#]],
        );
    }
}
