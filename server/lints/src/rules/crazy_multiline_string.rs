//! Strings put together from literals that stand next to each other.

use syntax::{NodeId, NodeKind, TokenKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CrazyMultilineString",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["badpractice", "suspicious", "unpredictable"],
    messages: &[Text {
        ru: "Соседние литералы без `|` склеиваются в одну строку",
        en: "Adjacent literals without `|` become one string",
    }],
    docs: docs!("crazy_multiline_string"),
    create: |_| Box::new(CrazyMultilineString),
    ..RuleInfo::DEFAULT
};

struct CrazyMultilineString;

impl Rule for CrazyMultilineString {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::String]
    }

    fn node(&self, ctx: &mut Context<'_>, string: NodeId) {
        let tree = ctx.source.tree;
        let tokens = tree.tokens_of(string);
        if tokens.len() < 2 || tree.node(string).has_error {
            return;
        }
        let starts =
            tokens.iter().filter(|token| matches!(token.kind, TokenKind::String | TokenKind::StringStart));
        if starts.count() > 1 {
            ctx.report_node(string);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn two_literals_or_more() {
        rule("CrazyMultilineString").check(
            "А = \"один\" \"два\";\nБ = \"один\"\n// пояснение\n\"два\n|три\" + \"четыре\";\nВ = \"один\n|два\";\nГ = \"один\"\"два\";\nMessage(\"x\" \"y\");\n",
            expect![[r#"
                1:5 `"один" "два"` Adjacent literals without `|` become one string
                2:5 `"один"⏎// пояснение⏎"два⏎|три"` Adjacent literals without `|` become one string
                9:9 `"x" "y"` Adjacent literals without `|` become one string
            "#]],
        );
    }
}
