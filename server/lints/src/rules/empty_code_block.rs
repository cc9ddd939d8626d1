//! A branch, loop or try part without statements.

use base::TextRange;
use syntax::{NodeId, NodeKind, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "EmptyCodeBlock",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["badpractice", "suspicious"],
    params: &[ParamInfo {
        name: "commentAsCode",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "комментарий внутри блока считается кодом",
            en: "a comment inside the block counts as code",
        },
    }],
    messages: &[Text { ru: "Пустой блок кода", en: "Empty block of code" }],
    docs: docs!("empty_code_block"),
    create: |params: &Params<'_>| Box::new(EmptyCodeBlock { comment_is_code: params.bool("commentAsCode") }),
    ..RuleInfo::DEFAULT
};

struct EmptyCodeBlock {
    comment_is_code: bool,
}

impl Rule for EmptyCodeBlock {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Block]
    }

    fn node(&self, ctx: &mut Context<'_>, block: NodeId) {
        let tree = ctx.source.tree;
        let Some(owner) = tree.parent(block) else { return };
        let is_checked = !tree.kind(owner).is_method() && tree.kind(owner) != NodeKind::ExceptClause;
        if !is_checked || !tree.token_span(block).is_empty() || self.has_content(ctx, block) {
            return;
        }
        ctx.report(header_range(ctx, owner, block));
    }
}

impl EmptyCodeBlock {
    /// A directive, or a comment if it counts, between the code tokens around the block.
    fn has_content(&self, ctx: &Context<'_>, block: NodeId) -> bool {
        let tree = ctx.source.tree;
        let before = tree.tokens()[..tree.token_span(block).start].iter().rev();
        before.take_while(|token| token.kind.is_trivia()).any(|token| match token.kind {
            TokenKind::Comment => self.comment_is_code,
            kind => {
                kind.is_directive()
                    && !matches!(kind, TokenKind::DirectiveInsert | TokenKind::DirectiveEndInsert)
            }
        })
    }
}

/// Keywords and signs of the owner on the line of the last code token before the block; its last token
/// if there are none. A try part is its own owner and has none.
fn header_range(ctx: &Context<'_>, owner: NodeId, block: NodeId) -> TextRange {
    let tree = ctx.source.tree;
    if tree.kind(owner) == NodeKind::Try {
        return tree.first_token(owner).map_or_else(|| tree.range(owner), |token| token.range());
    }
    let line = tree.previous_code_token(tree.token_span(block).start).map(|token| token.line);
    let on_line = tree.own_tokens(owner).filter(|token| !token.kind.is_trivia() && Some(token.line) == line);
    let header = on_line.map(|token| token.range()).reduce(TextRange::cover);
    header.or(tree.last_token(owner).map(|token| token.range())).unwrap_or_else(|| tree.range(owner))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn every_kind_of_block() {
        rule("EmptyCodeBlock").check(
            "Если А Тогда\nИначеЕсли Б Тогда // только комментарий\nИначе\nКонецЕсли;\n\
             For Each X In Y Do\nEndDo;\nПопытка\nИсключение\nКонецПопытки;\nПока А Цикл КонецЦикла;\n",
            expect![[r#"
                1:1 `Если А Тогда` Empty block of code
                2:1 `ИначеЕсли Б Тогда` Empty block of code
                3:1 `Иначе` Empty block of code
                5:1 `For Each X In Y Do` Empty block of code
                7:1 `Попытка` Empty block of code
                10:1 `Пока А Цикл КонецЦикла` Empty block of code
            "#]],
        );
    }

    #[test]
    fn methods_semicolons_and_directives_are_no_empty_blocks() {
        rule("EmptyCodeBlock").check(
            "Процедура А()\nКонецПроцедуры\nЕсли А Тогда\n;\nКонецЕсли;\nЕсли А Тогда\n#Область Х\n#КонецОбласти\nКонецЕсли;\n",
            expect![[""]],
        );
    }

    #[test]
    fn a_comment_may_count_as_code() {
        rule("EmptyCodeBlock").bool("commentAsCode", true).check(
            "Если А Тогда\n// позже\nИначе\nКонецЕсли; // не здесь\n",
            expect![[r#"
                3:1 `Иначе` Empty block of code
            "#]],
        );
    }
}
