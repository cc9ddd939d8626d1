//! A second plus in a concatenation: it is a sign, and strings have none.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnaryPlusInConcatenation",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 1,
    tags: &["suspicious", "brainoverload"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Второй плюс подряд — это знак числа: со строкой он вызовет ошибку",
        en: "The second plus in a row is the sign of a number: with a string it fails",
    }],
    docs: docs!("unary_plus_in_concatenation"),
    create: |_| Box::new(UnaryPlusInConcatenation),
    ..RuleInfo::DEFAULT
};

struct UnaryPlusInConcatenation;

impl Rule for UnaryPlusInConcatenation {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Unary]
    }

    fn node(&self, ctx: &mut Context<'_>, unary: NodeId) {
        let tree = ctx.source.tree;
        let Some(sign) = tree.first_token(unary).filter(|token| token.kind == TokenKind::Plus) else {
            return;
        };
        let is_number =
            tree.child(unary, Role::Operand).is_none_or(|operand| tree.kind(operand) == NodeKind::Number);
        let before = tree.previous_code_token(tree.token_span(unary).start);
        if !is_number && before.is_some_and(|token| token.kind == TokenKind::Plus) {
            let range = sign.range();
            let edit = Edit::delete(with_blanks_behind(ctx.source, range));
            ctx.report(range).fix([edit]);
        }
    }
}

fn with_blanks_behind(source: Source<'_>, sign: TextRange) -> TextRange {
    let rest = source.text.get(sign.end as usize..).unwrap_or_default();
    let blanks = rest.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    TextRange { start: sign.start, end: sign.end + blanks as u32 }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "А = \"а\" + +Б;\nА = \"а\" + + Ф(1) + // к\n\t+ \"б\";\nА = 1 + +2;\nА = +Б;\nА = 1 - +Б;\nА = Ф(+Б) + -В;\n";

    #[test]
    fn two_in_a_row() {
        rule("UnaryPlusInConcatenation").check(
            TEXT,
            expect![[r#"
            1:11 `+` The second plus in a row is the sign of a number: with a string it fails
            2:11 `+` The second plus in a row is the sign of a number: with a string it fails
            3:2 `+` The second plus in a row is the sign of a number: with a string it fails
        "#]],
        );
    }

    #[test]
    fn the_fix_deletes_the_sign() {
        rule("UnaryPlusInConcatenation").check_fix(
            TEXT,
            expect![[r#"
            А = "а" + Б;
            А = "а" + Ф(1) + // к
            	"б";
            А = 1 + +2;
            А = +Б;
            А = 1 - +Б;
            А = Ф(+Б) + -В;
        "#]],
        );
    }
}
