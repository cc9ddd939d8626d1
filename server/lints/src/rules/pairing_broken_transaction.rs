//! Transactions that a method begins and does not end, or ends without a beginning.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, callee};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "PairingBrokenTransaction",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 15,
    tags: &["standard"],
    messages: &[Text {
        ru: "Для `{0}` нет парного вызова `{1}`", en: "`{0}` has no matching call of `{1}`"
    }],
    docs: docs!("pairing_broken_transaction"),
    create: |_| Box::new(PairingBrokenTransaction),
    ..RuleInfo::DEFAULT
};

const BEGIN: PlatformName = PlatformName::new("НачатьТранзакцию", "BeginTransaction");
const COMMIT: PlatformName = PlatformName::new("ЗафиксироватьТранзакцию", "CommitTransaction");
const ROLLBACK: PlatformName = PlatformName::new("ОтменитьТранзакцию", "RollbackTransaction");

struct PairingBrokenTransaction;

impl Rule for PairingBrokenTransaction {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let calls = transaction_calls(ctx, method);
        if !calls.is_empty() {
            check_pairs(ctx, &calls, COMMIT);
            check_pairs(ctx, &calls, ROLLBACK);
        }
    }
}

#[derive(Clone, Copy)]
struct TransactionCall<'a> {
    call: NodeId,
    name: &'a str,
}

/// Global calls in the order of the text.
fn transaction_calls<'a>(ctx: &Context<'a>, method: NodeId) -> Vec<TransactionCall<'a>> {
    let source = ctx.source;
    let calls = source.tree.descendants(method).filter(|node| source.tree.kind(*node) == NodeKind::Call);
    calls
        .filter_map(|call| {
            let callee = callee(source.tree, call).filter(|callee| callee.is_global)?;
            let name = source.node_text(callee.name);
            [BEGIN, COMMIT, ROLLBACK]
                .iter()
                .any(|known| known.is(name))
                .then_some(TransactionCall { call, name })
        })
        .collect()
}

/// An end takes the earliest open beginning; what is left over has no pair.
fn check_pairs(ctx: &mut Context<'_>, calls: &[TransactionCall<'_>], end: PlatformName) {
    let begins: Vec<_> = calls.iter().filter(|call| BEGIN.is(call.name)).collect();
    let mut paired = 0;
    let mut open = 0;
    for call in calls {
        if BEGIN.is(call.name) {
            open += 1;
        } else if end.is(call.name) && open > 0 {
            open -= 1;
            paired += 1;
        } else if end.is(call.name) {
            ctx.report_node(call.call).arg(call.name).arg(BEGIN.in_language_of(call.name));
        }
    }
    for begin in &begins[paired..] {
        ctx.report_node(begin.call).arg(begin.name).arg(end.in_language_of(begin.name));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn pairs_in_both_languages() {
        rule("PairingBrokenTransaction").check(
            "Процедура А()\n\tНачатьТранзакцию();\n\tПопытка\n\t\tCommitTransaction();\n\tИсключение\n\t\tОтменитьТранзакцию();\n\tКонецПопытки;\nКонецПроцедуры\n\
             НачатьТранзакцию();\nПроцедура Б()\n\tО.ОтменитьТранзакцию();\nКонецПроцедуры\n",
            expect![[""]],
        );
    }

    #[test]
    fn what_is_left_over() {
        rule("PairingBrokenTransaction").check(
            "Procedure A()\n\tCommitTransaction();\n\tBeginTransaction();\n\tBeginTransaction();\n\tRollbackTransaction();\n\tCommitTransaction();\nEndProcedure\n\
             Процедура Б()\n\tНачатьТранзакцию();\nКонецПроцедуры\n",
            expect![[r#"
                2:2 `CommitTransaction()` `CommitTransaction` has no matching call of `BeginTransaction`
                4:2 `BeginTransaction()` `BeginTransaction` has no matching call of `CommitTransaction`
                4:2 `BeginTransaction()` `BeginTransaction` has no matching call of `RollbackTransaction`
                9:2 `НачатьТранзакцию()` `НачатьТранзакцию` has no matching call of `ЗафиксироватьТранзакцию`
                9:2 `НачатьТранзакцию()` `НачатьТранзакцию` has no matching call of `ОтменитьТранзакцию`
            "#]],
        );
    }
}
