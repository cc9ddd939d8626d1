//! A required parameter behind an optional one.

use syntax::{NodeId, NodeKind, Role};

use crate::argument_list::{is_optional, parameters, parameters_range};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "OrderOfParams",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 30,
    tags: &["standard", "design"],
    messages: &[Text {
        ru: "Обязательный параметр {0} стоит после необязательного",
        en: "The required parameter {0} follows an optional one",
    }],
    docs: docs!("order_of_params"),
    create: |_| Box::new(OrderOfParams),
    ..RuleInfo::DEFAULT
};

struct OrderOfParams;

impl Rule for OrderOfParams {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Parameters]
    }

    fn node(&self, ctx: &mut Context<'_>, list: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let mut from_optional = parameters(tree, list).skip_while(|parameter| !is_optional(tree, *parameter));
        let required = from_optional.find(|parameter| !is_optional(tree, *parameter));
        let Some(name) = required.and_then(|parameter| tree.child(parameter, Role::Name)) else { return };
        if let Some(range) = parameters_range(tree, list) {
            ctx.report(range).arg(source.node_text(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn one_finding_per_method() {
        rule("OrderOfParams").check(
            "Процедура А(Б, В = 1, Знач Г, Д)\nКонецПроцедуры\n\
             Function F(A, B, C = 1, D = 2)\nEndFunction\nProcedure G(A = 1, B)\nEndProcedure\n",
            expect![[r#"
                1:13 `Б, В = 1, Знач Г, Д` The required parameter Г follows an optional one
                5:13 `A = 1, B` The required parameter B follows an optional one
            "#]],
        );
    }
}
