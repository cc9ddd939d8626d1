//! A branch, loop or try part without statements.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, TokenKind};

use crate::context::Context;
use crate::layout::{has_trivia, removal};
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

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
    fix: FixSafety::Safe,
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
        let range = header_range(ctx, owner, block);
        let fix = needless_else(ctx.source, owner).map(Edit::delete);
        ctx.report(range).fix(fix);
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
    // The first branch of an `Если` ends where its block ends.
    let is_of_header = |kind: TokenKind| !kind.is_trivia() && kind != TokenKind::EndIf;
    let on_line = tree.own_tokens(owner).filter(|token| is_of_header(token.kind) && Some(token.line) == line);
    let header = on_line.map(|token| token.range()).reduce(TextRange::cover);
    header.or(tree.last_token(owner).map(|token| token.range())).unwrap_or_else(|| tree.range(owner))
}

/// What to delete to get rid of an empty `Иначе`. Behind `ИначеЕсли` it says that no case was forgotten.
fn needless_else(source: Source<'_>, clause: NodeId) -> Option<TextRange> {
    let tree = source.tree;
    let statement = tree.parent(clause).filter(|_| tree.kind(clause) == NodeKind::ElseClause)?;
    let keyword = tree.first_token(clause)?;
    let end = tree.last_token(statement).filter(|token| token.kind == TokenKind::EndIf)?;
    let around = TextRange { start: keyword.start, end: end.start };
    let is_needless =
        tree.child_of_kind(statement, NodeKind::ElsifClause).is_none() && !has_trivia(tree, around);
    is_needless.then(|| removal(source.text, keyword.range()))
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
    fn everything_on_one_line() {
        rule("EmptyCodeBlock").check(
            "Если А Тогда КонецЕсли;\nЕсли А Тогда Иначе КонецЕсли;\n",
            expect![[r#"
                1:1 `Если А Тогда` Empty block of code
                2:1 `Если А Тогда` Empty block of code
                2:14 `Иначе` Empty block of code
            "#]],
        );
    }

    #[test]
    fn an_empty_else_goes() {
        rule("EmptyCodeBlock").check_fix(
            "Если А Тогда\n\tБ();\nИначе\nКонецЕсли;\nIf A Then B(); Else EndIf;\n\
             Если А Тогда\n\tБ();\nИначе\n\t// нечего делать\nКонецЕсли;\n\
             Если А Тогда\n\tБ();\nИначеЕсли В Тогда\n\tБ();\nИначе\nКонецЕсли;\n",
            expect![[r#"
                Если А Тогда
                	Б();
                КонецЕсли;
                If A Then B(); EndIf;
                Если А Тогда
                	Б();
                Иначе
                	// нечего делать
                КонецЕсли;
                Если А Тогда
                	Б();
                ИначеЕсли В Тогда
                	Б();
                Иначе
                КонецЕсли;
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
