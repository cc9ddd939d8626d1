//! A transaction that is committed anywhere but at the end of a try.

use regex::Regex;
use std::sync::LazyLock;
use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::statements::{Next, leading_global_call, next_of};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommitTransactionOutsideTryCatch",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard"],
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
            ctx.report(tree.statement_range(statement));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

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
