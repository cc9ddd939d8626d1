//! Exceptions used to find out whether a text is a number.

use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::argument_list::is_global_call;
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TryNumber",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 2,
    tags: &["standard"],
    messages: &[Text {
        ru: "Преобразование в число внутри попытки",
        en: "A conversion to a number inside a try",
    }],
    docs: docs!("try_number"),
    create: |_| Box::new(TryNumber),
    ..RuleInfo::DEFAULT
};

const NUMBER: &[&str] = &["Число", "Number"];

struct TryNumber;

impl Rule for TryNumber {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if is_global_call(ctx.source, call, NUMBER) && is_in_try_block(ctx.source.tree, call) {
            ctx.report_node(call);
        }
    }
}

/// Not in the except part, unless that part lies in another try block.
fn is_in_try_block(tree: &SyntaxTree, node: NodeId) -> bool {
    let mut blocks = tree.ancestors(node).filter(|ancestor| tree.kind(*ancestor) == NodeKind::Block);
    blocks.any(|block| tree.parent(block).is_some_and(|owner| tree.kind(owner) == NodeKind::Try))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn calls_in_the_try_block() {
        rule("TryNumber").check(
            "Попытка\n\tЕсли А Тогда\n\t\tБ = 1 + число(В);\n\tКонецЕсли;\n\tО.Число(1);\n\
             Исключение\n\tБ = Число(Г);\nКонецПопытки;\nБ = Число(Д);\n\
             Try\n\tTry\n\t\tA();\n\tExcept\n\t\tX = Number(Y, 2);\n\tEndTry;\nExcept\nEndTry;\n",
            expect![[r#"
                3:11 `число(В)` A conversion to a number inside a try
                14:7 `Number(Y, 2)` A conversion to a number inside a try
            "#]],
        );
    }
}
