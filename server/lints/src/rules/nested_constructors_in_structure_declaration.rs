//! Constructors with arguments inside the constructor of a structure.

use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::argument_list::{arguments_of, constructed_type};
use crate::context::Context;
use crate::keyed_value::{insertions, is_structure};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NestedConstructorsInStructureDeclaration",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 10,
    tags: &["badpractice", "brainoverload"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Вложенный конструктор с параметрами в конструкторе структуры",
        en: "A constructor with arguments is nested in that of a structure",
    }],
    docs: docs!("nested_constructors_in_structure_declaration"),
    create: |_| Box::new(NestedConstructorsInStructureDeclaration),
    ..RuleInfo::DEFAULT
};

struct NestedConstructorsInStructureDeclaration;

impl Rule for NestedConstructorsInStructureDeclaration {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, constructor: NodeId) {
        let tree = ctx.source.tree;
        if !constructed_type(ctx.source, constructor).is_some_and(is_structure)
            || arguments_of(tree, constructor).nth(1).is_none()
        {
            return;
        }
        let nested =
            arguments_of(tree, constructor).flatten().filter_map(|argument| leading_new(tree, argument));
        let mut nested =
            nested.filter(|nested| arguments_of(tree, *nested).flatten().next().is_some()).peekable();
        if nested.peek().is_some() {
            let places = std::iter::once(constructor).chain(nested);
            let fix = insertions(ctx.source, constructor);
            ctx.report_node(constructor).related(places.map(|place| tree.range(place))).fix(fix);
        }
    }
}

/// The constructor that an expression starts with.
fn leading_new(tree: &SyntaxTree, expression: NodeId) -> Option<NodeId> {
    let start = tree.token_span(expression).start;
    let leading = std::iter::once(expression).chain(tree.descendants(expression));
    leading
        .take_while(|node| tree.token_span(*node).start == start)
        .find(|node| tree.kind(*node) == NodeKind::New)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_inserts_the_values() {
        rule("NestedConstructorsInStructureDeclaration").check_fix(
            "А = Новый Структура(\"А, Б\", Новый Массив(1), Новый Структура(\"В\", Новый Массив(2)));\n",
            expect![[r#"
                А = Новый Структура;
                А.Вставить("А", Новый Массив(1));
                А.Вставить("Б", Новый Структура("В", Новый Массив(2)));
            "#]],
        );
    }

    #[test]
    fn nested_constructors_with_arguments() {
        rule("NestedConstructorsInStructureDeclaration").check(
            "А = Новый Структура(\"А, Б, В\", Новый Массив(5), 1, Новый Структура(\"Г\").Г);\n\
             А = New FixedStructure(\"A, B\", New Structure(\"C, D\", New Array(1), 2), 3);\n",
            expect![[r#"
                1:5 `Новый Структура("А, Б, В", Новый Массив(5), 1, Новый Структура("Г").Г)` A constructor with arguments is nested in that of a structure +1:5 +1:32 +1:52
                2:5 `New FixedStructure("A, B", New Structure("C, D", New Array(1), 2), 3)` A constructor with arguments is nested in that of a structure +2:5 +2:32
                2:32 `New Structure("C, D", New Array(1), 2)` A constructor with arguments is nested in that of a structure +2:32 +2:54
            "#]],
        );
    }

    #[test]
    fn other_constructors() {
        rule("NestedConstructorsInStructureDeclaration").check(
            "А = Новый Структура(\"А\", Новый Массив, Новый Массив(), Ф(Новый Массив(1)));\n\
             А = Новый Структура(Новый ФиксированнаяСтруктура(Б));\nА = Новый Структура;\n\
             А = Новый Соответствие(\"А\", Новый Массив(5));\n",
            expect![[""]],
        );
    }
}
