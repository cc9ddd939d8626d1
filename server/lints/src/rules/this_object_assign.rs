//! Assignments to `ЭтотОбъект`, which is a property and not a variable.

use syntax::{NodeId, NodeKind, Role};

use crate::calls::PlatformName;
use crate::context::Context;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ThisObjectAssign",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule, ModuleKind::FormModule],
    compatibility: Some((8, 3, 3)),
    tags: &["error"],
    messages: &[Text {
        ru: "`{0}` — свойство, ему нельзя присвоить значение",
        en: "`{0}` is a property: nothing can be assigned to it",
    }],
    docs: docs!("this_object_assign"),
    create: |_| Box::new(ThisObjectAssign),
    ..RuleInfo::DEFAULT
};

const THIS_OBJECT: PlatformName = PlatformName::new("ЭтотОбъект", "ThisObject");

struct ThisObjectAssign;

impl Rule for ThisObjectAssign {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Assignment]
    }

    fn node(&self, ctx: &mut Context<'_>, assignment: NodeId) {
        let tree = ctx.source.tree;
        let left = tree.child(assignment, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
        let Some(left) = left else { return };
        let name = ctx.source.node_text(left);
        if THIS_OBJECT.is(name) {
            ctx.report_node(left).arg(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_name_alone() {
        rule("ThisObjectAssign").check(
            "ЭтотОбъект = Форма;\nthisObject = Form;\nЭтотОбъект.Поле = 1;\nА.ЭтотОбъект = 1;\nА = ЭтотОбъект;\nЭтотОбъектХ = 1;\n",
            expect![[r#"
                1:1 `ЭтотОбъект` `ЭтотОбъект` is a property: nothing can be assigned to it
                2:1 `thisObject` `thisObject` is a property: nothing can be assigned to it
            "#]],
        );
    }
}
