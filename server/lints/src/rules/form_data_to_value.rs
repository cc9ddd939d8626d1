//! `ДанныеФормыВЗначение` where the whole form travels to the server.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source};

use crate::calls::{Callee, PlatformName, arguments, callee_of};
use crate::context::Context;
use crate::facts::is_assigned;
use crate::layout::has_trivia;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FormDataToValue",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["badpractice"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Вместо `ДанныеФормыВЗначение` используйте `РеквизитФормыВЗначение`",
        en: "Use `FormAttributeToValue` instead of `FormDataToValue`",
    }],
    docs: docs!("form_data_to_value"),
    create: |_| Box::new(FormDataToValue),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ДанныеФормыВЗначение", "FormDataToValue")];

const REPLACEMENT: PlatformName = PlatformName::new("РеквизитФормыВЗначение", "FormAttributeToValue");

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
            let fix = of_attribute(ctx.source, call, callee).unwrap_or_default();
            ctx.report_node(callee.name).fix(fix);
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

/// A name that the method does not declare is that of an attribute of the form.
fn of_attribute(source: Source<'_>, call: NodeId, callee: Callee) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let method = tree.enclosing_method(call).filter(|_| callee.is_global)?;
    let list = tree.child(call, Role::Arguments)?;
    let [Some(attribute), Some(_)] = arguments(tree, call)[..] else { return None };
    if tree.kind(attribute) != NodeKind::Name || has_trivia(tree, tree.range(list)) {
        return None;
    }
    let name = source.node_text(attribute);
    let is_declared = |node: NodeId| {
        tree.kind(node) == NodeKind::Name
            && (tree.node(node).role == Role::Name || is_assigned(tree, node))
            && base::same_name(source.node_text(node), name)
    };
    if tree.descendants(method).any(is_declared) {
        return None;
    }
    let function = REPLACEMENT.in_language_of(source.node_text(callee.name));
    let range = tree.range(callee.name);
    Some(vec![Edit::replace(range, function), Edit::replace(tree.range(list), format!("(\"{name}\")"))])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn attributes_of_the_form() {
        rule("FormDataToValue").check_fix(
            "&НаСервере\nПроцедура А(П)\n\tБ = ДанныеФормыВЗначение(Объект, Тип(\"ДокументОбъект.Заказ\"));\n\
             \tБ = ДанныеФормыВЗначение(П, Т);\n\tБ = ДанныеФормыВЗначение(Б, Т);\n\tБ = ДанныеФормыВЗначение(Ф.Объект, Т);\n\
             \tБ = Ф.ДанныеФормыВЗначение(Объект, Т);\nКонецПроцедуры\n",
            expect![[r#"
                &НаСервере
                Процедура А(П)
                	Б = РеквизитФормыВЗначение("Объект");
                	Б = ДанныеФормыВЗначение(П, Т);
                	Б = ДанныеФормыВЗначение(Б, Т);
                	Б = ДанныеФормыВЗначение(Ф.Объект, Т);
                	Б = Ф.ДанныеФормыВЗначение(Объект, Т);
                КонецПроцедуры
            "#]],
        );
    }

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
