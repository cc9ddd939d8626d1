//! `ПродолжитьВызов` where nothing is to be continued.

use syntax::{NodeId, NodeKind, Role};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongUseFunctionProceedWithCall",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["error", "suspicious"],
    messages: &[Text {
        ru: "`{0}` вызывается в методе без аннотации `&Вместо`",
        en: "`{0}` is called in a method without the annotation `&Around`",
    }],
    docs: docs!("wrong_use_function_proceed_with_call"),
    create: |_| Box::new(WrongUseFunctionProceedWithCall),
    ..RuleInfo::DEFAULT
};

const PROCEED: &[PlatformName] = &[PlatformName::new("ПродолжитьВызов", "ProceedWithCall")];
const AROUND: PlatformName = PlatformName::new("Вместо", "Around");

struct WrongUseFunctionProceedWithCall;

impl Rule for WrongUseFunctionProceedWithCall {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, PROCEED) else { return };
        let source = ctx.source;
        let tree = source.tree;
        let Some(method) = tree.enclosing_method(call) else { return };
        let annotations = tree.children(method).filter(|child| tree.kind(*child) == NodeKind::Annotation);
        let names = annotations.filter_map(|annotation| tree.child(annotation, Role::Name));
        if names.filter(|name| AROUND.is(source.node_text(*name))).count() != 1 {
            ctx.report_node(name).arg(source.node_text(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_replaced_methods_go_on_with_the_original() {
        rule("WrongUseFunctionProceedWithCall").check(
            "&НаСервере\n&Вместо(\"А\")\nПроцедура Расш_А()\n\tПродолжитьВызов();\nКонецПроцедуры\n\
             &Around(\"B\")\nFunction Ext_B()\n\tReturn ProceedWithCall(1);\nEndFunction\n\
             &Перед(\"В\")\nПроцедура Расш_В()\n\tпродолжитьвызов();\n\tА.ПродолжитьВызов();\nКонецПроцедуры\n\
             Function C()\n\tReturn ProceedWithCall(1);\nEndFunction\nПродолжитьВызов();\n",
            expect![[r#"
                12:2 `продолжитьвызов` `продолжитьвызов` is called in a method without the annotation `&Around`
                16:9 `ProceedWithCall` `ProceedWithCall` is called in a method without the annotation `&Around`
            "#]],
        );
    }
}
