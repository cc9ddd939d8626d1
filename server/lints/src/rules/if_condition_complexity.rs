//! A condition joined from too many parts.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfConditionComplexity",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    tags: &["brainoverload"],
    params: &[ParamInfo {
        name: "maxIfConditionComplexity",
        default: ParamDefault::Integer(3),
        meaning: Text {
            ru: "наибольшее число частей условия", en: "largest allowed number of parts"
        },
    }],
    messages: &[Text {
        ru: "Слишком сложное условие: частей {0}, допустимо {1}",
        en: "The condition has {0} parts, at most {1} are allowed",
    }],
    docs: docs!("if_condition_complexity"),
    create: |params: &Params<'_>| {
        Box::new(IfConditionComplexity { max_operands: params.integer("maxIfConditionComplexity") })
    },
    ..RuleInfo::DEFAULT
};

struct IfConditionComplexity {
    max_operands: i64,
}

impl Rule for IfConditionComplexity {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If, NodeKind::ElsifClause]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let Some(condition) = tree.child(node, Role::Condition) else { return };
        let tokens = tree.tokens_of(condition).iter();
        let operators = tokens.filter(|token| matches!(token.kind, TokenKind::And | TokenKind::Or)).count();
        let operands = operators as i64 + 1;
        if operands > self.max_operands && !tree.node(condition).is_broken {
            ctx.report_node(condition).arg(operands).arg(self.max_operands);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn operators_are_counted_at_any_depth() {
        rule("IfConditionComplexity").check(
            "Если А И (Б ИЛИ В) И Ф(Г) Тогда\nИначеЕсли А\n\tИ Ф(Б Или В И Г) Тогда\nИначеЕсли А И Б И В Тогда\nКонецЕсли;\n\
             While A Or B Or C Or D Do\nEndDo;\nA = B And C And D And E;\n",
            expect![[r#"
                1:6 `А И (Б ИЛИ В) И Ф(Г)` The condition has 4 parts, at most 3 are allowed
                2:11 `А⏎	И Ф(Б Или В И Г)` The condition has 4 parts, at most 3 are allowed
            "#]],
        );
    }

    #[test]
    fn the_limit_is_a_parameter() {
        rule("IfConditionComplexity").integer("maxIfConditionComplexity", 1).check(
            "If A Or B Then\nElsIf A Then\nEndIf;\n",
            expect![[r#"
                1:4 `A Or B` The condition has 2 parts, at most 1 are allowed
            "#]],
        );
    }
}
