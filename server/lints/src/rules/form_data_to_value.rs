//! `ДанныеФормыВЗначение` where the whole form travels to the server.

use syntax::{NodeId, NodeKind, Role};

use crate::calls::{PlatformName, callee_of};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FormDataToValue",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["badpractice"],
    messages: &[Text {
        ru: "Вместо `ДанныеФормыВЗначение` используйте `РеквизитФормыВЗначение`",
        en: "Use `FormAttributeToValue` instead of `FormDataToValue`",
    }],
    docs: docs!("form_data_to_value"),
    create: |_| Box::new(FormDataToValue),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ДанныеФормыВЗначение", "FormDataToValue")];

/// Directives of methods that have no form at hand.
const WITHOUT_CONTEXT: [PlatformName; 2] = [
    PlatformName::new("НаСервереБезКонтекста", "AtServerNoContext"),
    PlatformName::new("НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext"),
];

struct FormDataToValue;

impl Rule for FormDataToValue {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee_of(ctx, call, &NAMES) else { return };
        if !callee.is_global || is_in_method_with_context(ctx, call) {
            ctx.report_node(callee.name);
        }
    }
}

fn is_in_method_with_context(ctx: &Context<'_>, call: NodeId) -> bool {
    let tree = ctx.source.tree;
    let Some(method) = tree.enclosing_method(call) else { return false };
    let annotations = tree.children(method).filter(|child| tree.kind(*child) == NodeKind::Annotation);
    let mut names = annotations.filter_map(|annotation| tree.child(annotation, Role::Name));
    !names.any(|name| WITHOUT_CONTEXT.iter().any(|directive| directive.is(ctx.source.node_text(name))))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn methods_without_context_need_it() {
        rule("FormDataToValue").check(
            "&НаСервере\nПроцедура А()\n\tБ = ДанныеФормыВЗначение(Объект, Тип(\"Х\"));\nКонецПроцедуры\n\
             Procedure B()\n\tX = FormDataToValue(Object, T);\nEndProcedure\n\
             &НаСервереБезКонтекста\nПроцедура В(О)\n\tБ = ДанныеФормыВЗначение(О, Т);\n\tБ = О.ДанныеФормыВЗначение(О);\nКонецПроцедуры\n\
             &AtClientAtServerNoContext\nFunction D(O)\n\tReturn FormDataToValue(O, T);\nEndFunction\n",
            expect![[r#"
                3:6 `ДанныеФормыВЗначение` Use `FormAttributeToValue` instead of `FormDataToValue`
                6:6 `FormDataToValue` Use `FormAttributeToValue` instead of `FormDataToValue`
                11:8 `ДанныеФормыВЗначение` Use `FormAttributeToValue` instead of `FormDataToValue`
            "#]],
        );
    }

    #[test]
    fn code_outside_methods_counts_after_a_dot_only() {
        rule("FormDataToValue").check(
            "Б = ДанныеФормыВЗначение(Объект, Т);\nБ = Форма.ДанныеФормыВЗначение(Объект, Т);\n",
            expect![[r#"
                2:11 `ДанныеФормыВЗначение` Use `FormAttributeToValue` instead of `FormDataToValue`
            "#]],
        );
    }
}
