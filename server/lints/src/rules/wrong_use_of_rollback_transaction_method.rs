//! A rollback that is not the first call of an except part.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, callee, global_callee_of};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongUseOfRollbackTransactionMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["standard"],
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
            ctx.report_node(name).arg(text);
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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

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
