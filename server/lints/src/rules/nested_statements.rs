//! Statements nested too deeply.

use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::context::Context;
use crate::control_flow::statements;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NestedStatements",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Critical,
    minutes: 30,
    tags: &["badpractice", "brainoverload"],
    params: &[ParamInfo {
        name: "maxAllowedLevel",
        default: ParamDefault::Integer(4),
        meaning: Text {
            ru: "наибольшая допустимая вложенность", en: "deepest allowed nesting"
        },
    }],
    messages: &[Text {
        ru: "Вложенность операторов {0} при допустимой {1}",
        en: "Nesting depth {0}, at most {1} is allowed",
    }],
    docs: docs!("nested_statements"),
    create: |params: &Params<'_>| {
        Box::new(NestedStatements { max_level: params.integer("maxAllowedLevel").max(0) as usize })
    },
    ..RuleInfo::DEFAULT
};

struct NestedStatements {
    max_level: usize,
}

impl Rule for NestedStatements {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If, NodeKind::While, NodeKind::For, NodeKind::ForEach, NodeKind::Try]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let is_deep =
            tracked_around(tree, node).nth(self.max_level.wrapping_sub(1)).is_some() || self.max_level == 0;
        if !is_deep || statements(tree, node).any(|inner| is_tracked(tree.kind(inner))) {
            return;
        }
        let keyword = |node| tree.first_token(node).map(|token| token.range());
        let Some(range) = keyword(node) else { return };
        let related: Vec<_> =
            std::iter::once(node).chain(tracked_around(tree, node)).filter_map(keyword).collect();
        let depth = related.len();
        ctx.report(range).arg(depth).arg(self.max_level).related(related);
    }
}

fn is_tracked(kind: NodeKind) -> bool {
    kind.is_loop() || matches!(kind, NodeKind::If | NodeKind::Try)
}

/// Nesting statements around a node, from inner to outer.
fn tracked_around(tree: &SyntaxTree, node: NodeId) -> impl Iterator<Item = NodeId> {
    tree.ancestors(node).filter(|ancestor| is_tracked(tree.kind(*ancestor)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_innermost_statement_is_reported() {
        rule("NestedStatements").check(
            "Если А Тогда\nПока А Цикл\nДля Х = 1 По 2 Цикл\nПопытка\nИсключение\nFor Each X In Y Do\nIf A Then EndIf;\nEndDo;\n\
             If A Then EndIf;\nКонецПопытки;\nКонецЦикла;\nКонецЦикла;\nКонецЕсли;\n",
            expect![[r#"
                7:1 `If` Nesting depth 6, at most 4 is allowed +7:1 +6:1 +4:1 +3:1 +2:1 +1:1
                9:1 `If` Nesting depth 5, at most 4 is allowed +9:1 +4:1 +3:1 +2:1 +1:1
            "#]],
        );
    }

    #[test]
    fn branches_of_one_statement_are_one_level() {
        rule("NestedStatements").integer("maxAllowedLevel", 1).check(
            "Если А Тогда\nИначеЕсли Б Тогда\nИначе\nЕсли Б Тогда\nКонецЕсли;\nКонецЕсли;\nЕсли А Тогда\nКонецЕсли;\n",
            expect![[r#"
                4:1 `Если` Nesting depth 2, at most 1 is allowed +4:1 +1:1
            "#]],
        );
        rule("NestedStatements").integer("maxAllowedLevel", 0).check(
            "If A Then EndIf;",
            expect![[r#"
            1:1 `If` Nesting depth 1, at most 0 is allowed +1:1
        "#]],
        );
    }
}
