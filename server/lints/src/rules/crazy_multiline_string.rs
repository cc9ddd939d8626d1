//! Strings put together from literals that stand next to each other.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, Token, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CrazyMultilineString",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["badpractice", "suspicious", "unpredictable"],
    fix: FixSafety::Unsafe,
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
            let fix = joined(ctx.source, tokens).unwrap_or_default();
            ctx.report_node(string).fix(fix);
        }
    }
}

/// Lines of one literal: each but the first starts with `|`. `None` where two literals share a line or a comment
/// stands between them.
fn joined(source: Source<'_>, tokens: &[Token]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for pair in tokens.windows(2) {
        let [before, next] = pair else { continue };
        if next.kind != TokenKind::String && next.kind != TokenKind::StringStart {
            continue;
        }
        let between = source.slice(TextRange { start: before.end, end: next.start });
        let blanks = between.find(['\n', '\r'])? as u32;
        if !before.kind.is_string() {
            return None;
        }
        edits.push(Edit::delete(TextRange { start: before.end - 1, end: before.end + blanks }));
        edits.push(Edit::replace(TextRange { start: next.start, end: next.start + 1 }, "|"));
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_makes_one_literal() {
        rule("CrazyMultilineString").check_fix(
            "А = \"раз\" \n\t\"два\"\n\t\"три\n\t|четыре\"\n\t\"пять\";\nБ = \"а\" \"б\";\nВ = \"а\" // да\n\t\"б\";\n",
            expect![[r#"
                А = "раз
                	|два
                	|три
                	|четыре
                	|пять";
                Б = "а" "б";
                В = "а" // да
                	"б";
            "#]],
        );
    }

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
