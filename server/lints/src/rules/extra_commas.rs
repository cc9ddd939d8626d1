//! Commas at the end of an argument list.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExtraCommas",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["standard", "badpractice"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Лишняя запятая в конце списка аргументов",
        en: "Extra comma at the end of the arguments",
    }],
    docs: docs!("extra_commas"),
    create: |_| Box::new(ExtraCommas),
    ..RuleInfo::DEFAULT
};

struct ExtraCommas;

impl Rule for ExtraCommas {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Arguments]
    }

    fn node(&self, ctx: &mut Context<'_>, list: NodeId) {
        let tree = ctx.source.tree;
        let mut tokens = tree.code_tokens_of(list).rev();
        let is_closed = tokens.next().is_some_and(|token| token.kind == TokenKind::RightParen);
        let Some(comma) = tokens.next().filter(|token| is_closed && token.kind == TokenKind::Comma) else {
            return;
        };
        let is_call = |call| matches!(tree.kind(call), NodeKind::Call | NodeKind::New);
        if tree.parent(list).is_some_and(is_call) {
            let edits = removal(ctx, list);
            ctx.report_token(comma).fix(edits);
        }
    }
}

/// Deletes the commas at the end with the blanks around them; only the commas if comments stand there.
fn removal(ctx: &Context<'_>, list: NodeId) -> Vec<Edit> {
    let tokens = ctx.source.tree.tokens_of(list);
    let Some((close, before)) = tokens.split_last() else { return Vec::new() };
    let is_extra = |kind: TokenKind| kind == TokenKind::Comma || kind.is_trivia();
    let Some(last) = before.iter().rposition(|token| !is_extra(token.kind)) else { return Vec::new() };
    let extra = &before[last + 1..];
    if extra.iter().any(|token| token.kind.is_trivia()) {
        let commas = extra.iter().filter(|token| token.kind == TokenKind::Comma);
        return commas.map(|comma| Edit::delete(comma.range())).collect();
    }
    let Some(comma) = extra.last() else { return Vec::new() };
    let end = if comma.line == close.line { close.start } else { comma.end };
    vec![Edit::delete(TextRange { start: before[last].end, end })]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "М(А,);\nА.Б(1, , );\nX = New Array(,);\nМ(А,, Б);\nМ(\n\tА,\n\t, // пусто\n);\n\
                        М(Ф(1,),\n\t,\n);\nМ();\n";

    #[test]
    fn the_last_comma_of_a_list() {
        rule("ExtraCommas").check(
            TEXT,
            expect![[r#"
            1:4 `,` Extra comma at the end of the arguments
            2:8 `,` Extra comma at the end of the arguments
            3:15 `,` Extra comma at the end of the arguments
            7:2 `,` Extra comma at the end of the arguments
            9:6 `,` Extra comma at the end of the arguments
            10:2 `,` Extra comma at the end of the arguments
        "#]],
        );
    }

    #[test]
    fn all_of_them_go() {
        rule("ExtraCommas").check_fix(
            TEXT,
            expect![[r#"
            М(А);
            А.Б(1);
            X = New Array();
            М(А,, Б);
            М(
            	А
            	 // пусто
            );
            М(Ф(1)
            );
            М();
        "#]],
        );
    }
}
