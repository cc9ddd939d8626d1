//! Text that is not BSL.

use base::{Edit, Locale, TextRange};
use syntax::{Source, SyntaxError, SyntaxErrorKind, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ParseError",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["error"],
    fix: FixSafety::Unsafe,
    messages: &[
        Text {
            ru: "Синтаксическая ошибка: не ожидается `{0}`", en: "Syntax error: unexpected `{0}`"
        },
        Text {
            ru: "Синтаксическая ошибка: пропущено `{0}`", en: "Syntax error: missing `{1}`"
        },
        Text {
            ru: "Синтаксическая ошибка: пропущено имя после точки",
            en: "Syntax error: missing name after the dot",
        },
        Text {
            ru: "Синтаксическая ошибка: строка не закрыта кавычкой",
            en: "Syntax error: the string has no closing quote",
        },
        Text {
            ru: "Синтаксическая ошибка: пропущено выражение", en: "Syntax error: missing expression"
        },
        Text {
            ru: "Синтаксическая ошибка: выражение не является оператором",
            en: "Syntax error: the expression is not a statement",
        },
    ],
    docs: docs!("parse_error"),
    create: |_| Box::new(ParseError),
    ..RuleInfo::DEFAULT
};

/// More errors than this in one module say nothing new.
const MAX_ERRORS_IN_SECTION: usize = 128;

/// Longest piece of unexpected text in a message.
const MAX_EXCERPT: usize = 40;

struct ParseError;

impl Rule for ParseError {
    fn section(&self, ctx: &mut Context<'_>) {
        let tree = ctx.source.tree;
        let mut errors: Vec<SyntaxError> = tree.errors().to_vec();
        errors.sort_by_key(|error| error.range.start);
        let mut reported_until = None;
        let mut count = 0;
        for error in errors {
            let statement = statement_around(ctx, error.range);
            // The first error of a statement explains the others.
            if reported_until.is_some_and(|end| error.range.start < end) {
                continue;
            }
            reported_until = Some(statement.map_or(error.range.end, |range| range.end));
            report(ctx, error);
            count += 1;
            if count == MAX_ERRORS_IN_SECTION {
                return;
            }
        }
    }
}

/// The innermost simple statement that holds the error.
fn statement_around(ctx: &Context<'_>, range: TextRange) -> Option<TextRange> {
    let tree = ctx.source.tree;
    let token = tree.token_at_or_after(range.start);
    (token < tree.tokens().len()).then_some(())?;
    let statement = tree.enclosing_statement(tree.node_of_token(token))?;
    let has_block = tree.child_of_kind(statement, syntax::NodeKind::Block).is_some();
    (!has_block).then(|| tree.range(statement))
}

fn report(ctx: &mut Context<'_>, error: SyntaxError) {
    let source = ctx.source;
    match error.kind {
        SyntaxErrorKind::Unexpected => {
            let first = source.tree.tokens().get(source.tree.token_at_or_after(error.range.start));
            let range = first.map(|token| token.range()).filter(|range| error.range.contains(*range));
            let range = range.unwrap_or(error.range);
            let excerpt: String = source.slice(range).chars().take(MAX_EXCERPT).collect();
            ctx.report(range).arg(excerpt);
        }
        SyntaxErrorKind::Missing(kind) => {
            let fix = inserted(source, kind, error.range);
            ctx.report(error.range)
                .message(1)
                .arg(spelling(kind, Locale::Ru))
                .arg(spelling(kind, Locale::En))
                .fix(fix);
        }
        SyntaxErrorKind::MissingProperty => drop(ctx.report(error.range).message(2)),
        SyntaxErrorKind::MissingQuote => drop(ctx.report(error.range).message(3)),
        SyntaxErrorKind::MissingExpression => drop(ctx.report(error.range).message(4)),
        SyntaxErrorKind::NotAStatement => drop(ctx.report(error.range).message(5)),
    }
}

/// The missing token behind the code that needs it, where no other place comes into question.
fn inserted(source: Source<'_>, kind: TokenKind, before: TextRange) -> Option<Edit> {
    let text = match kind {
        TokenKind::RightParen | TokenKind::RightBracket => kind.sign()?.to_owned(),
        TokenKind::Then | TokenKind::Do => {
            let first = source.tree.tokens().get(source.tree.token_at_or_after(before.start))?;
            let is_english = source.token_text(first).is_ascii();
            format!(" {}", spelling(kind, if is_english { Locale::En } else { Locale::Ru }))
        }
        _ => return None,
    };
    Some(Edit::insert(before.end, text))
}

fn spelling(kind: TokenKind, locale: Locale) -> String {
    let spellings = kind.canonical_spellings();
    let keyword = match locale {
        Locale::Ru => spellings.first(),
        Locale::En => spellings.iter().find(|word| word.is_ascii()),
    };
    let name = match (kind, locale) {
        (TokenKind::Identifier, Locale::Ru) => "имя",
        (TokenKind::Identifier, Locale::En) => "name",
        _ => kind.sign().unwrap_or("?"),
    };
    (*keyword.unwrap_or(&name)).to_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn missing_tokens_with_one_place() {
        rule("ParseError").check_fix(
            "Если А\n\tБ();\nКонецЕсли;\nWhile A // why\n\tB();\nEndDo;\nА = Ф(1;\nА = Б[1 + 2;\nДля Сч = 1 По 2\nКонецЦикла;\n",
            expect![[r#"
                Если А Тогда
                	Б();
                КонецЕсли;
                While A Do // why
                	B();
                EndDo;
                А = Ф(1);
                А = Б[1 + 2];
                Для Сч = 1 По 2 Цикл
                КонецЦикла;
            "#]],
        );
    }

    #[test]
    fn one_error_per_statement() {
        rule("ParseError").check(
            "Если А\n\tБ();\nКонецЕсли;\nОбъект.\nА = Ф(1;\nПервый = \"x\nПопытка\nКонецПопытки;\nА = = 1;\n@\nБ.В;\n",
            expect![[r#"
                1:1 `Если А` Syntax error: missing `Then`
                4:7 `.` Syntax error: missing name after the dot
                5:7 `1` Syntax error: missing `)`
                6:10 `"x` Syntax error: the string has no closing quote
                7:1 `Попытка` Syntax error: missing `Except`
                9:5 `=` Syntax error: unexpected `=`
                10:1 `@` Syntax error: unexpected `@`
                11:1 `Б.В` Syntax error: the expression is not a statement
            "#]],
        );
    }

    #[test]
    fn broken_methods_keep_their_neighbours() {
        rule("ParseError").check(
            "Процедура А()\n\tЕсли Б Тогда\nКонецПроцедуры\n\nПроцедура В()\nКонецПроцедуры\n",
            expect![[r#"
                2:2 `Если` Syntax error: missing `EndIf`
            "#]],
        );
    }
}
