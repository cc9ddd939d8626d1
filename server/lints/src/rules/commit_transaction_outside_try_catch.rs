//! A transaction that is committed anywhere but at the end of a try.

use base::{Edit, TextRange};
use regex::Regex;
use std::sync::LazyLock;
use syntax::{NodeId, NodeKind, Source};

use crate::context::Context;
use crate::layout::{has_directive, has_line_of_its_own, indentation, removal};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::statements::{Next, leading_global_call, next_of};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommitTransactionOutsideTryCatch",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "`ЗафиксироватьТранзакцию` должен быть последним оператором попытки",
        en: "`CommitTransaction` must be the last statement of a try",
    }],
    docs: docs!("commit_transaction_outside_try_catch"),
    create: |_| Box::new(CommitTransactionOutsideTryCatch),
    ..RuleInfo::DEFAULT
};

/// The shorter of the two names takes so many bytes.
const MIN_LENGTH: u32 = 17;

/// Longer names that contain it and calls in arguments count too.
static COMMIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)ЗафиксироватьТранзакцию|CommitTransaction").ok());

struct CommitTransactionOutsideTryCatch;

impl Rule for CommitTransactionOutsideTryCatch {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::ExpressionStatement]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let tree = ctx.source.tree;
        let range = tree.range(statement);
        if range.len() < MIN_LENGTH || leading_global_call(tree, statement).is_none() {
            return;
        }
        let is_commit = COMMIT.as_ref().is_some_and(|names| names.is_match(ctx.source.slice(range)));
        if is_commit && next_of(tree, statement) != Next::Except {
            let fix = moved_into_try(ctx.source, statement).unwrap_or_default();
            ctx.report(tree.statement_range(statement)).fix(fix);
        }
    }
}

/// What follows a try whose except part always leaves goes to the end of the try part.
fn moved_into_try(source: Source<'_>, statement: NodeId) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let previous = tree.children(tree.parent(statement)?).take_while(|other| *other < statement).last();
    let attempt = previous.filter(|previous| tree.kind(*previous) == NodeKind::Try)?;
    let except = tree.child_of_kind(attempt, NodeKind::ExceptClause)?;
    let last = |owner| tree.children(tree.child_of_kind(owner, NodeKind::Block)?).last();
    let leaves = matches!(tree.kind(last(except)?), NodeKind::Raise | NodeKind::Return);
    let last = last(attempt).filter(|last| tree.semicolon(*last).is_some())?;
    let range = tree.statement_range(statement);
    let is_plain = leaves
        && tree.semicolon(statement).is_some()
        && has_line_of_its_own(source, statement)
        && has_line_of_its_own(source, except)
        && !has_directive(tree, TextRange { start: tree.range(last).end, end: range.end });
    if !is_plain {
        return None;
    }
    let keyword = tree.range(except).start;
    let inner =
        if has_line_of_its_own(source, last) { indentation(source, tree.range(last).start) } else { "\t" };
    let outer = indentation(source, keyword);
    let line_break = syntax::line_break(source.text);
    let line = format!("{inner}{}{line_break}", source.slice(range));
    let insertion = Edit::insert(keyword - outer.len() as u32, line);
    Some(vec![insertion, Edit::delete(removal(source.text, range))])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_moves_it_into_the_try() {
        rule("CommitTransactionOutsideTryCatch").check_fix(
            "\tПопытка\n\t\tА();\n\t\t// да\n\tИсключение\n\t\tОтменитьТранзакцию();\n\t\tВызватьИсключение;\n\tКонецПопытки;\n\n\tЗафиксироватьТранзакцию();\n\tБ();\n\
             Try\n\tA();\nExcept\n\tB();\nEndTry;\nCommitTransaction();\nC();\n",
            expect![[r#"
                	Попытка
                		А();
                		// да
                		ЗафиксироватьТранзакцию();
                	Исключение
                		ОтменитьТранзакцию();
                		ВызватьИсключение;
                	КонецПопытки;

                	Б();
                Try
                	A();
                Except
                	B();
                EndTry;
                CommitTransaction();
                C();
            "#]],
        );
    }

    #[test]
    fn the_last_statement_of_a_try() {
        rule("CommitTransactionOutsideTryCatch").check(
            "Попытка\n\tА();\n\tЗафиксироватьТранзакцию(); // да\nИсключение\nКонецПопытки;\n\
             Try\n\tIf A Then\n\t\tCommitTransaction();\n\tEndIf;\nExcept\n\tRollbackTransaction();\nEndTry;\n",
            expect![[""]],
        );
    }

    #[test]
    fn anything_behind_it() {
        rule("CommitTransactionOutsideTryCatch").check(
            "Процедура А()\n\tПопытка\n\t\tЗАФИКСИРОВАТЬТРАНЗАКЦИЮ();\n\t\tБ();\n\tИсключение\n\t\tЗафиксироватьТранзакцию();\n\tКонецПопытки;\n\
             \tCommitTransaction();\nКонецПроцедуры\nЗафиксироватьТранзакциюЗаказа(1);\nПопытка\nИсключение\nКонецПопытки;\n\
             О.ЗафиксироватьТранзакцию();\nЗафиксироватьТранзакцию();\n",
            expect![[r#"
                3:3 `ЗАФИКСИРОВАТЬТРАНЗАКЦИЮ();` `CommitTransaction` must be the last statement of a try
                6:3 `ЗафиксироватьТранзакцию();` `CommitTransaction` must be the last statement of a try
                8:2 `CommitTransaction();` `CommitTransaction` must be the last statement of a try
                10:1 `ЗафиксироватьТранзакциюЗаказа(1);` `CommitTransaction` must be the last statement of a try
                15:1 `ЗафиксироватьТранзакцию();` `CommitTransaction` must be the last statement of a try
            "#]],
        );
    }
}
