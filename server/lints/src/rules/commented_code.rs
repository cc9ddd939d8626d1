//! Code that was switched off by slashes.

use base::Edit;
use syntax::{Token, TokenKind};

use crate::comment_score::{has_adjacent_names, looks_like_code};
use crate::context::Context;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommentedCode",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["standard", "badpractice"],
    params: &[
        ParamInfo {
            name: "exclusionPrefixes",
            default: ParamDefault::String(""),
            meaning: Text {
                ru: "через запятую: начала комментариев, которые не считаются кодом",
                en: "starts of comments that are no code, separated by commas",
            },
        },
        ParamInfo {
            name: "threshold",
            default: ParamDefault::Number(0.9),
            meaning: Text {
                ru: "оценка, выше которой комментарий считается кодом, от 0 до 1",
                en: "score above which a comment is code, from 0 to 1",
            },
        },
    ],
    fix: FixSafety::Unsafe,
    messages: &[Text { ru: "Закомментированный код", en: "Commented-out code" }],
    docs: docs!("commented_code"),
    create: |params: &Params<'_>| {
        Box::new(CommentedCode {
            exclusions: params.list("exclusionPrefixes"),
            threshold: params.number("threshold"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct CommentedCode {
    exclusions: Vec<String>,
    threshold: f64,
}

impl Rule for CommentedCode {
    fn section(&self, ctx: &mut Context<'_>) {
        let tokens = ctx.source.tree.tokens();
        let mut index = 0;
        while index < tokens.len() {
            if tokens[index].kind != TokenKind::Comment {
                index += 1;
                continue;
            }
            let end = end_of_group(tokens, index);
            self.check_group(ctx, index, &tokens[index..end]);
            index = end;
        }
    }
}

/// Comments on adjacent lines belong together.
fn end_of_group(tokens: &[Token], start: usize) -> usize {
    let continues = |pair: &&[Token]| matches!(pair, [one, two] if two.kind == TokenKind::Comment && two.line == one.line + 1);
    start + 1 + tokens[start..].windows(2).take_while(continues).count()
}

impl CommentedCode {
    fn check_group(&self, ctx: &mut Context<'_>, start: usize, group: &[Token]) {
        let source = ctx.source;
        let has_code = group.iter().any(|comment| self.is_code(source.token_text(comment)));
        if !has_code || source.is_in_method_description(start) {
            return;
        }
        if let Some(range) = group.iter().map(|comment| comment.range()).reduce(|one, two| one.cover(two)) {
            ctx.report(range).fix([Edit::delete(range)]);
        }
    }

    fn is_code(&self, comment: &str) -> bool {
        if !looks_like_code(comment, self.threshold) {
            return false;
        }
        let text = comment.trim_start_matches('/');
        !self.exclusions.iter().any(|start| text.starts_with(start)) && !has_adjacent_names(text)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn groups_with_code() {
        rule("CommentedCode").check(
            "// Проверка суммы\n//Если Сумма > 0 Тогда\n//\tСообщить(Сумма);\n//КонецЕсли;\n\n// Сумма = Цена + 1\nА = 1; // B = C + 1\n//D = E + 1\n\
             // Просто текст; и ещё слова\n\n// Метод Сообщить(Сумма); выводит сумму\n",
            expect![[r#"
                1:1 `// Проверка суммы⏎//Если Сумма > 0 Тогда⏎//	Сообщить(Сумма);⏎//КонецЕсли;` Commented-out code
                6:1 `// Сумма = Цена + 1` Commented-out code
                7:8 `// B = C + 1⏎//D = E + 1⏎// Просто текст; и ещё слова` Commented-out code
            "#]],
        );
    }

    #[test]
    fn descriptions_may_contain_examples() {
        rule("CommentedCode").check(
            "// Пример:\n//  Сумма = Рассчитать(Цена);\n&НаСервере\nПроцедура А()\n\t// Б();\nКонецПроцедуры\n",
            expect![[r#"
                5:2 `// Б();` Commented-out code
            "#]],
        );
    }

    #[test]
    fn parameters() {
        let text = "//А = Б + 1;\n\n//@Сообщить(1);\n";
        rule("CommentedCode").string("exclusionPrefixes", "@, Ж").check(
            text,
            expect![[r#"
            1:1 `//А = Б + 1;` Commented-out code
        "#]],
        );
        rule("CommentedCode").integer("threshold", 1).check(text, expect![[""]]);
    }

    #[test]
    fn the_fix_deletes_the_group() {
        rule("CommentedCode").check_fix(
            "А();\r\n// Б();\r\n// В();\r\nГ();\r\n",
            expect![[r#"
            А();␍
            ␍
            Г();␍
        "#]],
        );
    }
}
