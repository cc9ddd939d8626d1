//! `ПользователиОС`, which lists the accounts of the operating system.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "OSUsersMethod",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Critical,
    minutes: 15,
    minutes_per_point: 0,
    is_on_by_default: true,
    scope: Scope::Bsl,
    modules: &[],
    compatibility: None,
    tags: &["suspicious"],
    params: &[],
    fix: FixSafety::None,
    messages: &[Text {
        ru: "`ПользователиОС` раскрывает учётные записи операционной системы: проверьте, зачем они нужны",
        en: "`OSUsers` discloses accounts of the operating system: check what they are needed for",
    }],
    docs: docs!("os_users_method"),
    create: |_| Box::new(OSUsersMethod),
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ПользователиОС", "OSUsers")];

struct OSUsersMethod;

impl Rule for OSUsersMethod {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            ctx.report_node(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn only_the_global_method() {
        rule("OSUsersMethod").check(
            "Список = ПользователиОС();\nList = OSUSERS();\nА = Сервер.ПользователиОС();\n",
            expect![[r#"
                1:10 `ПользователиОС` `OSUsers` discloses accounts of the operating system: check what they are needed for
                2:8 `OSUSERS` `OSUsers` discloses accounts of the operating system: check what they are needed for
            "#]],
        );
    }
}
