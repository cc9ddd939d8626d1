//! A procedure that returns a value.

use syntax::{NodeId, NodeKind, Role};

use crate::context::Context;
use crate::control_flow::returns;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ProcedureReturnsValue",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    tags: &["error"],
    messages: &[Text {
        ru: "Процедура не может возвращать значение",
        en: "A procedure cannot return a value",
    }],
    docs: docs!("procedure_returns_value"),
    create: |_| Box::new(ProcedureReturnsValue),
    ..RuleInfo::DEFAULT
};

struct ProcedureReturnsValue;

impl Rule for ProcedureReturnsValue {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        for node in returns(tree, method) {
            if tree.child(node, Role::Value).is_some() && !tree.node(node).is_broken {
                ctx.report_node(node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn functions_and_bare_returns_are_fine() {
        rule("ProcedureReturnsValue").check(
            "Процедура А()\n\tЕсли Б Тогда\n\t\tВозврат 1 + 2;\n\tКонецЕсли;\n\tВозврат;\nКонецПроцедуры\n\
             Function B()\n\tReturn 1;\nEndFunction\nProcedure C()\n\t~M: Return Undefined\nEndProcedure\n",
            expect![[r#"
                3:3 `Возврат 1 + 2` A procedure cannot return a value
                11:6 `Return Undefined` A procedure cannot return a value
            "#]],
        );
    }
}
