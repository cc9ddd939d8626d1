//! Regions without content.

use base::Edit;
use syntax::{NodeKind, Source, Token, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "EmptyRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text { ru: "Область `{0}` пуста", en: "The region `{0}` is empty" }],
    docs: docs!("empty_region"),
    create: |_| Box::new(EmptyRegion),
    ..RuleInfo::DEFAULT
};

struct EmptyRegion;

impl Rule for EmptyRegion {
    /// An empty region never leaves its section: sections end behind methods, and a method is content.
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        // Openings of regions that have no content so far.
        let mut open: Vec<Token> = Vec::new();
        for (index, token) in source.tree.tokens().iter().enumerate() {
            match token.kind {
                TokenKind::DirectiveRegion => open.push(*token),
                TokenKind::DirectiveEndRegion => {
                    if let Some(start) = open.pop() {
                        report(ctx, start, *token);
                    }
                }
                TokenKind::Comment => {}
                _ if open.is_empty() => {}
                TokenKind::Semicolon if is_alone(source, index) => {}
                _ => open.clear(),
            }
        }
    }
}

fn report(ctx: &mut Context<'_>, start: Token, end: Token) {
    // Without a name it is not a region yet.
    let Some(name) = syntax::region_name(ctx.source.text, start.range()) else { return };
    let range = start.range().cover(end.range());
    ctx.report(range).arg(name.text).fix([Edit::delete(range)]);
}

fn is_alone(source: Source<'_>, semicolon: usize) -> bool {
    source.tree.kind(source.tree.node_of_token(semicolon)) == NodeKind::EmptyStatement
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn nothing_but_comments_and_semicolons() {
        rule("EmptyRegion").check(
            "#Область А\n// пусто\n#Region Б\n;\n#EndRegion\n#КонецОбласти\n\n#Область В\nПерем Г;\n#КонецОбласти\n\
             #Область Д\n#Если Сервер Тогда\n#КонецЕсли\n#КонецОбласти\n#КонецОбласти\n#Область\n#КонецОбласти\n#Область Е\n",
            expect![[r#"
                1:1 `#Область А⏎// пусто⏎#Region Б⏎;⏎#EndRegion⏎#КонецОбласти` The region `А` is empty
                3:1 `#Region Б⏎;⏎#EndRegion` The region `Б` is empty
            "#]],
        );
    }

    #[test]
    fn a_region_around_an_empty_one_may_have_content() {
        rule("EmptyRegion").check(
            "#Область А\n#Область Б\n#КонецОбласти\nПроцедура П()\n\t#Область В\n\t#КонецОбласти\nКонецПроцедуры\n#КонецОбласти\nА = 1 #Область Г\n;\n#КонецОбласти\n",
            expect![[r#"
                2:1 `#Область Б⏎#КонецОбласти` The region `Б` is empty
                5:2 `#Область В⏎	#КонецОбласти` The region `В` is empty
            "#]],
        );
    }

    #[test]
    fn the_fix_deletes_the_outermost_region() {
        rule("EmptyRegion").check_fix(
            "#Область А\r\n#Область Б\r\n#КонецОбласти\r\n#КонецОбласти\r\nПерем В;\r\n",
            expect![[r#"
                ␍
                Перем В;␍
            "#]],
        );
    }
}
