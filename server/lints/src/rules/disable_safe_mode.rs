//! Safe mode switched off, or set to a value that is not known here.

use syntax::{NodeId, NodeKind, TokenKind};

use crate::calls::{PlatformName, callee, has_single_argument};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DisableSafeMode",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Проверьте отключение безопасного режима",
        en: "Check why safe mode is switched off",
    }],
    docs: docs!("disable_safe_mode"),
    create: |_| Box::new(DisableSafeMode),
    ..RuleInfo::DEFAULT
};

const SET_SAFE_MODE: PlatformName = PlatformName::new("УстановитьБезопасныйРежим", "SetSafeMode");

const SET_SAFE_MODE_DISABLED: PlatformName =
    PlatformName::new("УстановитьОтключениеБезопасногоРежима", "SetSafeModeDisabled");

struct DisableSafeMode;

impl Rule for DisableSafeMode {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee(ctx.source.tree, call) else { return };
        let name = ctx.source.node_text(callee.name);
        let harmless = if SET_SAFE_MODE.is(name) {
            TokenKind::True
        } else if SET_SAFE_MODE_DISABLED.is(name) {
            TokenKind::False
        } else {
            return;
        };
        if !callee.is_global || !has_single_argument(ctx.source.tree, call, harmless) {
            ctx.report_node(callee.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn switching_off_and_unknown_values() {
        rule("DisableSafeMode").check(
            "УстановитьБезопасныйРежим(Ложь);\nУстановитьБезопасныйРежим(Истина);\nSetSafeMode(Flag);\n\
             SetSafeModeDisabled(False);\nУстановитьОтключениеБезопасногоРежима(Истина);\nSetSafeMode();\n",
            expect![[r#"
                1:1 `УстановитьБезопасныйРежим` Check why safe mode is switched off
                3:1 `SetSafeMode` Check why safe mode is switched off
                5:1 `УстановитьОтключениеБезопасногоРежима` Check why safe mode is switched off
                6:1 `SetSafeMode` Check why safe mode is switched off
            "#]],
        );
    }

    #[test]
    fn methods_of_objects_always_count() {
        rule("DisableSafeMode").check(
            "Безопасность.УстановитьБезопасныйРежим(Истина);\n",
            expect![[r#"
            1:14 `УстановитьБезопасныйРежим` Check why safe mode is switched off
        "#]],
        );
    }
}
