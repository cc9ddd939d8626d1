//! Operations whose operands are the same expression.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::operators::operator_kind;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::same_operands::{RepeatKind, SameOperands};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IdenticalExpressions",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["suspicious"],
    params: &[ParamInfo {
        name: "popularDivisors",
        default: ParamDefault::String("60, 1024"),
        meaning: Text {
            ru: "числа, которые можно делить на себя",
            en: "numbers that may be divided by themselves",
        },
    }],
    messages: &[
        Text {
            ru: "Одинаковые выражения слева и справа от `{0}`",
            en: "The expressions on both sides of `{0}` are the same",
        },
        Text {
            ru: "Операнд повторяется в цепочке `{0}`", en: "An operand is repeated in a chain of `{0}`"
        },
    ],
    docs: docs!("identical_expressions"),
    create: |params: &Params<'_>| {
        Box::new(IdenticalExpressions { popular_divisors: params.list("popularDivisors") })
    },
    ..RuleInfo::DEFAULT
};

struct IdenticalExpressions {
    popular_divisors: Vec<String>,
}

impl Rule for IdenticalExpressions {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut same_operands = SameOperands::new(source);
        let mut id = SyntaxTree::ROOT;
        while (id.0 as usize) < source.tree.nodes().len() {
            if !is_whole_expression(source.tree, id) {
                id = NodeId(id.0 + 1);
                continue;
            }
            if is_operation(source.tree, id) && !source.tree.node(id).has_error {
                for repeat in same_operands.find(id, &self.popular_divisors) {
                    let message = u8::from(repeat.kind == RepeatKind::InChain);
                    ctx.report_node(id).message(message).arg(source.token_text(&repeat.operator));
                }
            }
            id = source.tree.subtree_end(id);
        }
    }
}

/// An expression that is not the head of a chain of accesses: what a statement, an argument or an index
/// consists of.
fn is_whole_expression(tree: &SyntaxTree, id: NodeId) -> bool {
    let node = tree.node(id);
    if !node.kind.is_expression() {
        return false;
    }
    let parent = tree.parent(id).map(|parent| tree.kind(parent));
    match node.role {
        Role::Object | Role::Function | Role::Property | Role::Type | Role::Name | Role::Operand => false,
        Role::Left => parent != Some(NodeKind::Assignment),
        _ => parent != Some(NodeKind::ExpressionStatement),
    }
}

/// Two operands and an operator at least; a single operand may have `Not` in front.
fn is_operation(tree: &SyntaxTree, expression: NodeId) -> bool {
    let mut node = expression;
    while operator_kind(tree, node) == Some(TokenKind::Not)
        && let Some(operand) = tree.child(node, Role::Operand)
    {
        node = operand;
    }
    tree.kind(node) == NodeKind::Binary
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn equal_operands() {
        rule("IdenticalExpressions").check(
            "А = Б = б;\nА = Б + Б;\nА = Б - Б;\nА = 2 * 2;\nА = (Б + В) / (В + Б);\nА = Б - В < В - Б;\n\
             If X.Y(Not A <> A) Then\nEndIf;\nМ(А = А, Б <> В);\nЕсли НЕ Ф(1,, \"а\") = Ф(1,, \"а\") Тогда\nКонецЕсли;\n\
             А = Ф(1) = Ф(2);\nА = \"а\" = \"А\";\nА = Новый Массив(1) = New Массив(1);\nА = -Б > -Б;\nА = 'd' <> 'd';\n",
            expect![[r#"
                1:5 `Б = б` The expressions on both sides of `=` are the same
                3:5 `Б - Б` The expressions on both sides of `-` are the same
                5:5 `(Б + В) / (В + Б)` The expressions on both sides of `/` are the same
                9:3 `А = А` The expressions on both sides of `=` are the same
                10:6 `НЕ Ф(1,, "а") = Ф(1,, "а")` The expressions on both sides of `=` are the same
                14:5 `Новый Массив(1) = New Массив(1)` The expressions on both sides of `=` are the same
                15:5 `-Б > -Б` The expressions on both sides of `>` are the same
                16:5 `'d' <> 'd'` The expressions on both sides of `<>` are the same
            "#]],
        );
    }

    #[test]
    fn chains_of_and_and_or() {
        rule("IdenticalExpressions").check(
            "А = Б ИЛИ В ИЛИ Б;\nА = Б И (В И Г) И Г;\nА = Б И В ИЛИ В И Б;\nА = (Б ИЛИ В) ИЛИ Б;\n\
             X = A = 1 Or A = 2 Or 1 = A;\nX = A And B Or A And C;\n",
            expect![[r#"
                1:5 `Б ИЛИ В ИЛИ Б` An operand is repeated in a chain of `ИЛИ`
                3:5 `Б И В ИЛИ В И Б` The expressions on both sides of `ИЛИ` are the same
                5:5 `A = 1 Or A = 2 Or 1 = A` An operand is repeated in a chain of `Or`
            "#]],
        );
    }

    #[test]
    fn operators_lean_to_the_right() {
        rule("IdenticalExpressions").check(
            "А = Б - В - В;\nА = Б / 60 / 60;\nА = Б / 60 / 61;\nА = 1024 / 1024;\nА = Б % В % В;\nА = Б = В = Б;\n",
            expect![[r#"
                1:5 `Б - В - В` The expressions on both sides of `-` are the same
                5:5 `Б % В % В` The expressions on both sides of `%` are the same
            "#]],
        );
    }

    #[test]
    fn accesses_and_single_operands_are_passed_over() {
        rule("IdenticalExpressions").check(
            "А = Б.В = Б.В;\nА = Б[1] = Б[1];\nА = Б.В() = Б.В();\nБ = М(А = А);\nЕсли (А = А) Тогда\nКонецЕсли;\n\
             А = 1 + Б[В = В] + Г.Д(Е = Е);\nА = 1 + Ф(В = В) + ?(Б, Г - Г, 0);\nА[Б = Б] = 1;\nА.Б(В = В).Г(Д = Д);\n",
            expect![[r#"
                8:5 `1 + Ф(В = В) + ?(Б, Г - Г, 0)` The expressions on both sides of `-` are the same
                8:5 `1 + Ф(В = В) + ?(Б, Г - Г, 0)` The expressions on both sides of `=` are the same
                9:3 `Б = Б` The expressions on both sides of `=` are the same
                10:5 `В = В` The expressions on both sides of `=` are the same
                10:14 `Д = Д` The expressions on both sides of `=` are the same
            "#]],
        );
    }

    #[test]
    fn popular_divisors() {
        rule("IdenticalExpressions").string("popularDivisors", "7").check(
            "А = Б / 60 / 60;\nА = 7 / 7;\nА = 7 - 7;\n",
            expect![[r#"
                1:5 `Б / 60 / 60` The expressions on both sides of `/` are the same
                3:5 `7 - 7` The expressions on both sides of `-` are the same
            "#]],
        );
    }

    #[test]
    fn deep_expressions() {
        for (open, close) in [("Ф(1 + ", ")"), ("(", ")"), ("1 <= (", ")"), ("НЕ Ф(", ")")] {
            let text = format!("А = 0 + {}2 - 2{};", open.repeat(10_000), close.repeat(10_000));
            assert_eq!(rule("IdenticalExpressions").findings(&text).len(), 1, "{open}");
        }
        let text = format!("А = Б = Б{};", " ИЛИ В".repeat(2_000));
        assert_eq!(rule("IdenticalExpressions").findings(&text).len(), 2_000);
    }
}
