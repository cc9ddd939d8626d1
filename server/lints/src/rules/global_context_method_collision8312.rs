//! A method named like a bitwise function of the platform.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::control_flow::complete_method_name;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "GlobalContextMethodCollision8312",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 10,
    compatibility: Some((8, 3, 12)),
    tags: &["error", "unpredictable"],
    messages: &[Text {
        ru: "Метод `{0}` конфликтует с функцией платформы 8.3.12",
        en: "The method `{0}` collides with a function of platform 8.3.12",
    }],
    docs: docs!("global_context_method_collision8312"),
    create: |_| Box::new(GlobalContextMethodCollision8312),
    ..RuleInfo::DEFAULT
};

/// Functions that the platform has since 8.3.12, in lower case.
const PLATFORM_FUNCTIONS: [&str; 20] = [
    "проверитьбит",
    "проверитьпобитовоймаске",
    "установитьбит",
    "побитовоеи",
    "побитовоеили",
    "побитовоене",
    "побитовоеине",
    "побитовоеисключительноеили",
    "побитовыйсдвигвлево",
    "побитовыйсдвигвправо",
    "checkbit",
    "checkbybitmask",
    "setbit",
    "bitwiseand",
    "bitwiseor",
    "bitwisenot",
    "bitwiseandnot",
    "bitwisexor",
    "bitwiseshiftleft",
    "bitwiseshiftright",
];

struct GlobalContextMethodCollision8312;

impl Rule for GlobalContextMethodCollision8312 {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let source = ctx.source;
        let Some(range) = complete_method_name(source.tree, method) else { return };
        let name = source.slice(range);
        if PLATFORM_FUNCTIONS.contains(&base::fold_case(name).as_ref()) {
            ctx.report(range).arg(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_in_both_languages() {
        rule("GlobalContextMethodCollision8312").check(
            "Функция ПобитовоеИ(А, Б)\nКонецФункции\nProcedure setBIT()\nEndProcedure\nФункция ПобитовоеИЕщё()\nКонецФункции\nА = ПобитовоеИ(1, 2);\n",
            expect![[r#"
                1:9 `ПобитовоеИ` The method `ПобитовоеИ` collides with a function of platform 8.3.12
                3:11 `setBIT` The method `setBIT` collides with a function of platform 8.3.12
            "#]],
        );
    }
}
