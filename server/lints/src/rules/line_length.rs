//! Lines that do not fit the screen.

use base::TextRange;
use syntax::{Source, Token, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "LineLength",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["standard", "badpractice"],
    params: &[
        ParamInfo {
            name: "maxLineLength",
            default: ParamDefault::Integer(120),
            meaning: Text {
                ru: "наибольшая длина строки", en: "largest allowed length of a line"
            },
        },
        ParamInfo {
            name: "checkMethodDescription",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "проверять описания методов", en: "check descriptions of methods too"
            },
        },
        ParamInfo {
            name: "excludeTrailingComments",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "не учитывать комментарии после кода",
                en: "leave out comments that follow code on their line",
            },
        },
    ],
    messages: &[Text {
        ru: "Длина строки {0}, допустимо {1}",
        en: "The line has {0} characters, {1} are allowed",
    }],
    docs: docs!("line_length"),
    create: |params: &Params<'_>| {
        Box::new(LineLength {
            max_length: params.integer("maxLineLength").max(0) as usize,
            checks_descriptions: params.bool("checkMethodDescription"),
            skips_trailing_comments: params.bool("excludeTrailingComments"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct LineLength {
    max_length: usize,
    checks_descriptions: bool,
    skips_trailing_comments: bool,
}

impl Rule for LineLength {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut previous: Option<(u32, Line)> = None;
        for (index, token) in source.tree.tokens().iter().enumerate() {
            if !self.counts(source, index, token) {
                continue;
            }
            match &mut previous {
                Some((line, seen)) if *line == token.line => seen.end = token.end,
                _ => {
                    if let Some((_, line)) = previous {
                        self.check(ctx, line);
                    }
                    let start = source.tree.line_starts()[token.line as usize];
                    previous = Some((token.line, Line { start, end: token.end }));
                }
            }
        }
        if let Some((_, line)) = previous {
            self.check(ctx, line);
        }
    }
}

/// From the line start to the end of what counts on it.
#[derive(Clone, Copy)]
struct Line {
    start: u32,
    end: u32,
}

impl LineLength {
    fn counts(&self, source: Source<'_>, index: usize, token: &Token) -> bool {
        let tokens = source.tree.tokens();
        match token.kind {
            TokenKind::StringPart | TokenKind::StringTail => false,
            TokenKind::Semicolon => {
                let previous = source.tree.previous_code_token(index);
                previous.is_none_or(|previous| previous.kind != TokenKind::StringTail)
            }
            TokenKind::Comment => {
                let is_trailing = tokens[..index]
                    .iter()
                    .rev()
                    .take_while(|other| other.line == token.line)
                    .any(|other| !other.kind.is_trivia());
                !(self.skips_trailing_comments && is_trailing)
                    && (self.checks_descriptions || is_trailing || !source.is_in_method_description(index))
            }
            _ => true,
        }
    }

    fn check(&self, ctx: &mut Context<'_>, line: Line) {
        // A letter takes at least one byte, so short lines need no counting.
        if (line.end - line.start) as usize <= self.max_length {
            return;
        }
        let range = TextRange { start: line.start, end: line.end };
        let length = ctx.source.slice(range).chars().map(char::len_utf16).sum::<usize>();
        if length > self.max_length {
            ctx.report(range).arg(length).arg(self.max_length);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn code_and_comments_count() {
        rule("LineLength").integer("maxLineLength", 10).check(
            "Сумма = 1;\nСумма = 12;\nА = 1; // пояснение\n          \n// короткий\n",
            expect![[r#"
                2:1 `Сумма = 12;` The line has 11 characters, 10 are allowed
                3:1 `А = 1; // пояснение` The line has 19 characters, 10 are allowed
                5:1 `// короткий` The line has 11 characters, 10 are allowed
            "#]],
        );
    }

    #[test]
    fn continued_literals_do_not_count() {
        rule("LineLength").integer("maxLineLength", 10).check(
            "А = \"начало\n|и очень длинное продолжение\n|ещё одна длинная строка\";\n",
            expect![[r#"
                1:1 `А = "начало` The line has 11 characters, 10 are allowed
            "#]],
        );
    }

    #[test]
    fn descriptions_and_trailing_comments_may_be_left_out() {
        let text = "// Описание метода\nПроцедура А()\nКонецПроцедуры // А и ещё что-то\n// Просто так длинно\n\nА();\n";
        let test = rule("LineLength").integer("maxLineLength", 14);
        test.clone().bool("checkMethodDescription", false).bool("excludeTrailingComments", true).check(
            text,
            expect![[r#"
                4:1 `// Просто так длинно` The line has 20 characters, 14 are allowed
            "#]],
        );
    }
}
