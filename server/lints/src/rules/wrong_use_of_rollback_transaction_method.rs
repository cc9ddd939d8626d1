//! A rollback that is not the first call of an except part.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source};

use crate::calls::{PlatformName, callee, global_callee_of};
use crate::context::Context;
use crate::layout::{has_directive, has_line_of_its_own, indentation, removal};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongUseOfRollbackTransactionMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "`{0}` должен быть первым вызовом в блоке исключения",
        en: "`{0}` must be the first call of an except part",
    }],
    docs: docs!("wrong_use_of_rollback_transaction_method"),
    create: |_| Box::new(WrongUseOfRollbackTransactionMethod),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ОтменитьТранзакцию", "RollbackTransaction")];

struct WrongUseOfRollbackTransactionMethod;

impl Rule for WrongUseOfRollbackTransactionMethod {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, &NAMES) else { return };
        let text = ctx.source.node_text(name);
        if first_call_of_except(ctx, call) != Some(text) {
            let fix = moved_to_front(ctx.source, call).unwrap_or_default();
            ctx.report_node(name).arg(text).fix(fix);
        }
    }
}

/// Name of the first global call in the nearest except part around `call`.
fn first_call_of_except<'a>(ctx: &Context<'a>, call: NodeId) -> Option<&'a str> {
    let source = ctx.source;
    let tree = source.tree;
    let except = tree.ancestors(call).find(|ancestor| tree.kind(*ancestor) == NodeKind::ExceptClause)?;
    let calls = tree.descendants(except).filter(|node| tree.kind(*node) == NodeKind::Call);
    let mut global = calls.filter_map(|call| callee(tree, call)).filter(|callee| callee.is_global);
    global.next().map(|callee| source.node_text(callee.name))
}

/// A statement of the except part becomes its first one.
fn moved_to_front(source: Source<'_>, call: NodeId) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let statement = tree.parent(call).filter(|it| tree.kind(*it) == NodeKind::ExpressionStatement)?;
    let block = tree.parent(statement)?;
    let except = tree.parent(block).filter(|owner| tree.kind(*owner) == NodeKind::ExceptClause)?;
    let first = tree.children(block).next().filter(|first| has_line_of_its_own(source, *first))?;
    let keyword = tree.first_token(except)?;
    let line_start = *tree.line_starts().get(keyword.line as usize + 1)?;
    let range = tree.statement_range(statement);
    let is_plain = tree.semicolon(statement).is_some()
        && has_line_of_its_own(source, statement)
        && !has_directive(tree, TextRange { start: keyword.start, end: range.end });
    let indentation = indentation(source, tree.range(first).start);
    let line = format!("{indentation}{}{}", source.slice(range), syntax::line_break(source.text));
    is_plain.then(|| vec![Edit::insert(line_start, line), Edit::delete(removal(source.text, range))])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_moves_it_to_the_front() {
        rule("WrongUseOfRollbackTransactionMethod").check_fix(
            "\tПопытка\n\t\tА();\n\tИсключение // беда\n\t\t// в журнал\n\t\tЗаписать(Б);\n\t\tОтменитьТранзакцию();\n\t\tВызватьИсключение;\n\tКонецПопытки;\n\
             Try\nExcept\n\tWrite(A);\n\tIf B() Then\n\t\tRollbackTransaction();\n\tEndIf;\nEndTry;\nОтменитьТранзакцию();\n",
            expect![[r#"
                	Попытка
                		А();
                	Исключение // беда
                		ОтменитьТранзакцию();
                		// в журнал
                		Записать(Б);
                		ВызватьИсключение;
                	КонецПопытки;
                Try
                Except
                	Write(A);
                	If B() Then
                		RollbackTransaction();
                	EndIf;
                EndTry;
                ОтменитьТранзакцию();
            "#]],
        );
    }

    #[test]
    fn the_first_call_of_an_except_part() {
        rule("WrongUseOfRollbackTransactionMethod").check(
            "Попытка\nИсключение\n\tИнфо = 1;\n\tЖурнал.Записать();\n\tОтменитьТранзакцию();\n\tЗаписать();\n\tОтменитьТранзакцию();\nКонецПопытки;\n",
            expect![[""]],
        );
    }

    #[test]
    fn later_calls_and_other_places() {
        rule("WrongUseOfRollbackTransactionMethod").check(
            "ОтменитьТранзакцию();\nПопытка\n\tRollbackTransaction();\nИсключение\n\tЗаписать(Инфо());\n\tОтменитьТранзакцию();\n\
             \tПопытка\n\tИсключение\n\t\tОтменитьТранзакцию();\n\t\tотменитьТранзакцию();\n\tКонецПопытки;\nКонецПопытки;\n",
            expect![[r#"
                1:1 `ОтменитьТранзакцию` `ОтменитьТранзакцию` must be the first call of an except part
                3:2 `RollbackTransaction` `RollbackTransaction` must be the first call of an except part
                6:2 `ОтменитьТранзакцию` `ОтменитьТранзакцию` must be the first call of an except part
                10:3 `отменитьТранзакцию` `отменитьТранзакцию` must be the first call of an except part
            "#]],
        );
    }
}
