//! Collections that are put into themselves.

use syntax::{NodeId, NodeKind};

use crate::argument_list::{arguments_of, head_name, method_call};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SelfInsertion",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["standard", "unpredictable", "performance"],
    messages: &[Text {
        ru: "Коллекция {0} вставляется сама в себя",
        en: "The collection {0} is inserted into itself",
    }],
    docs: docs!("self_insertion"),
    create: |_| Box::new(SelfInsertion),
    ..RuleInfo::DEFAULT
};

const METHODS: &[&str] = &["Вставить", "Добавить", "Insert", "Add"];

struct SelfInsertion;

impl Rule for SelfInsertion {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::ExpressionStatement]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let call = tree.children(statement).next().filter(|call| tree.kind(*call) == NodeKind::Call);
        let Some((call, (_, object))) =
            call.and_then(|call| Some((call, method_call(source, call, METHODS)?)))
        else {
            return;
        };
        let Some(head) = head_name(tree, object).map(|head| source.node_text(head)) else { return };
        for argument in arguments_of(tree, call).flatten() {
            if tree.kind(argument) == NodeKind::Name && source.node_text(argument) == head {
                ctx.report_node(statement).arg(head);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_head_of_the_chain_is_inserted() {
        rule("SelfInsertion").check(
            "Кол.Добавить(Кол);\nКол.Поле[1].Вставить(\"А\", Кол);\nM.Insert(M, M);\nКол.Добавить(кол);\n\
             Кол().Добавить(Кол);\nКол.Удалить(Кол);\nКол.Добавить(Кол.Поле);\nА = Кол.Добавить(Кол);\nM.Get(1).Add(M);\n",
            expect![[r#"
                1:1 `Кол.Добавить(Кол)` The collection Кол is inserted into itself
                2:1 `Кол.Поле[1].Вставить("А", Кол)` The collection Кол is inserted into itself
                3:1 `M.Insert(M, M)` The collection M is inserted into itself
                3:1 `M.Insert(M, M)` The collection M is inserted into itself
                9:1 `M.Get(1).Add(M)` The collection M is inserted into itself
            "#]],
        );
    }
}
