//! Functions that give a value back through a parameter.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::argument_list::{is_word, parameters};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FunctionOutParameter",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    is_on_by_default: false,
    tags: &["design"],
    messages: &[Text {
        ru: "Функция изменяет параметр {0} вызывающего кода",
        en: "The function changes the parameter {0} of its caller",
    }],
    docs: docs!("function_out_parameter"),
    create: |_| Box::new(FunctionOutParameter),
    ..RuleInfo::DEFAULT
};

struct FunctionOutParameter;

impl Rule for FunctionOutParameter {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, function: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(list) = tree.child(function, Role::Parameters) else { return };
        let by_reference =
            parameters(tree, list).filter(|parameter| tree.own_token(*parameter, TokenKind::Val).is_none());
        let names = by_reference.filter_map(|parameter| tree.child(parameter, Role::Name));
        let mut unchanged: Vec<&str> = names.map(|name| source.node_text(name)).collect();
        for node in tree.descendants(function) {
            if unchanged.is_empty() {
                return;
            }
            if tree.kind(node) != NodeKind::Assignment {
                continue;
            }
            let left = tree.child(node, Role::Left).filter(|left| tree.kind(*left) == NodeKind::Name);
            let Some(left) = left else { continue };
            let text = source.node_text(left);
            if let Some(changed) = unchanged.iter().position(|name| is_word(text, &[name])) {
                ctx.report_node(left).arg(text);
                unchanged.remove(changed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_first_assignment_of_every_parameter() {
        rule("FunctionOutParameter").check(
            "Функция А(Раз, Знач Два, Три = 1, Четыре)\n\tЕсли Раз Тогда\n\t\tраз = 1;\n\tКонецЕсли;\n\tРаз = 2;\n\tДва = 1;\n\
             \tЧетыре.Поле = 1;\n\tДля Три = 1 По 2 Цикл\n\tКонецЦикла;\n\tФ = Функция(Четыре = 1);\nКонецФункции\n\
             Function F(A)\n\tB = A;\n\tA = B;\nEndFunction\nПроцедура П(А)\n\tА = 1;\nКонецПроцедуры\n",
            expect![[r#"
                3:3 `раз` The function changes the parameter раз of its caller
                14:2 `A` The function changes the parameter A of its caller
            "#]],
        );
    }
}
