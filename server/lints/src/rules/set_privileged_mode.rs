//! Privileged mode switched on.

use syntax::{NodeId, NodeKind, TokenKind};

use crate::calls::{PlatformName, callee_of, has_single_argument};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SetPrivilegedMode",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Major,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Проверьте включение привилегированного режима",
        en: "Check why privileged mode is switched on",
    }],
    docs: docs!("set_privileged_mode"),
    create: |_| Box::new(SetPrivilegedMode),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("УстановитьПривилегированныйРежим", "SetPrivilegedMode")];

struct SetPrivilegedMode;

impl Rule for SetPrivilegedMode {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee_of(ctx, call, &NAMES) else { return };
        if !callee.is_global || !has_single_argument(ctx.source.tree, call, TokenKind::False) {
            ctx.report_node(callee.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn everything_but_switching_off() {
        rule("SetPrivilegedMode").check(
            "УстановитьПривилегированныйРежим(Истина);\nSetPrivilegedMode(False);\nУстановитьПривилегированныйРежим(А);\n\
             УстановитьПривилегированныйРежим(Ложь);\nX.SetPrivilegedMode(False);\nА = ПривилегированныйРежим();\n",
            expect![[r#"
                1:1 `УстановитьПривилегированныйРежим` Check why privileged mode is switched on
                3:1 `УстановитьПривилегированныйРежим` Check why privileged mode is switched on
                5:3 `SetPrivilegedMode` Check why privileged mode is switched on
            "#]],
        );
    }
}
