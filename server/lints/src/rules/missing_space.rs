//! Operators, commas and keywords that stick to their neighbours.

use base::Edit;
use syntax::{Token, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingSpace",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["badpractice"],
    params: &[
        ParamInfo {
            name: "listForCheckLeftAndRight",
            default: ParamDefault::String("+ - * / = % < > <> <= >="),
            meaning: Text {
                ru: "через пробел: что выделяется пробелами с обеих сторон",
                en: "what needs a blank on both sides, separated by blanks",
            },
        },
        ParamInfo {
            name: "allowMultipleCommas",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "запятые подряд не разделяются",
                en: "commas in a row need no blank between them",
            },
        },
        ParamInfo {
            name: "checkSpaceToRightOfUnary",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "пробел нужен и после знака числа",
                en: "a sign in front of a number needs a blank behind it",
            },
        },
        ParamInfo {
            name: "listForCheckLeft",
            default: ParamDefault::String(""),
            meaning: Text {
                ru: "через пробел: перед чем нужен пробел",
                en: "what needs a blank before it, separated by blanks",
            },
        },
        ParamInfo {
            name: "listForCheckRight",
            default: ParamDefault::String(", ;"),
            meaning: Text {
                ru: "через пробел: после чего нужен пробел",
                en: "what needs a blank after it, separated by blanks",
            },
        },
    ],
    fix: FixSafety::Safe,
    messages: &[
        Text { ru: "Нет пробела перед `{0}`", en: "No blank before `{0}`" },
        Text { ru: "Нет пробела после `{0}`", en: "No blank after `{0}`" },
        Text { ru: "Нет пробелов вокруг `{0}`", en: "No blanks around `{0}`" },
    ],
    docs: docs!("missing_space"),
    create: MissingSpace::create,
    ..RuleInfo::DEFAULT
};

/// Keywords that are checked whatever the lists say.
const KEYWORDS: &[(TokenKind, Sides)] = &[
    (TokenKind::Export, Sides::BEFORE),
    (TokenKind::Then, Sides::BEFORE),
    (TokenKind::Do, Sides::BEFORE),
    (TokenKind::If, Sides::AFTER),
    (TokenKind::Elsif, Sides::AFTER),
    (TokenKind::While, Sides::AFTER),
    (TokenKind::For, Sides::AFTER),
    (TokenKind::Not, Sides::AFTER),
    (TokenKind::Each, Sides::AFTER),
    (TokenKind::To, Sides::BOTH),
    (TokenKind::In, Sides::BOTH),
    (TokenKind::Or, Sides::BOTH),
    (TokenKind::And, Sides::BOTH),
];

#[derive(Clone, Copy)]
struct Sides {
    before: bool,
    after: bool,
}

impl Sides {
    const BEFORE: Self = Self { before: true, after: false };
    const AFTER: Self = Self { before: false, after: true };
    const BOTH: Self = Self { before: true, after: true };
}

struct MissingSpace {
    /// What the lists demand, by the kind of the token; one entry for each list that names it.
    by_kind: Vec<Vec<Sides>>,
    /// Entries of the lists that are no signs.
    by_text: Vec<(String, Sides)>,
    allows_adjacent_commas: bool,
    checks_right_of_unary: bool,
}

impl MissingSpace {
    fn create(params: &Params<'_>) -> Box<dyn Rule> {
        let mut rule = Self {
            by_kind: vec![Vec::new(); usize::from(u8::MAX) + 1],
            by_text: Vec::new(),
            allows_adjacent_commas: params.bool("allowMultipleCommas"),
            checks_right_of_unary: params.bool("checkSpaceToRightOfUnary"),
        };
        for (kind, sides) in KEYWORDS {
            rule.by_kind[*kind as usize].push(*sides);
        }
        for (name, sides) in [
            ("listForCheckLeft", Sides::BEFORE),
            ("listForCheckRight", Sides::AFTER),
            ("listForCheckLeftAndRight", Sides::BOTH),
        ] {
            for entry in params.string(name).split_whitespace() {
                match TokenKind::from_sign(entry) {
                    Some(kind) => rule.by_kind[kind as usize].push(sides),
                    None => rule.by_text.push((entry.to_owned(), sides)),
                }
            }
        }
        Box::new(rule)
    }
}

impl Rule for MissingSpace {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        for (index, token) in source.tree.tokens().iter().enumerate() {
            for sides in &self.by_kind[token.kind as usize] {
                self.check(ctx, index, token, *sides);
            }
            if !self.by_text.is_empty() {
                let text = source.token_text(token);
                for (_, sides) in self.by_text.iter().filter(|(entry, _)| entry == text) {
                    self.check(ctx, index, token, *sides);
                }
            }
        }
    }
}

impl MissingSpace {
    fn check(&self, ctx: &mut Context<'_>, index: usize, token: &Token, sides: Sides) {
        let bytes = ctx.source.text.as_bytes();
        let previous = (token.start as usize).checked_sub(1).and_then(|at| bytes.get(at));
        let next = bytes.get(token.end as usize);
        let lacks_before = sides.before && previous.is_some_and(|byte| !is_blank(*byte) && *byte != b'(');
        let lacks_after = sides.after
            && next.is_some_and(|byte| !is_blank(*byte))
            && !(self.allows_adjacent_commas && token.kind == TokenKind::Comma && next == Some(&b','))
            && (self.checks_right_of_unary || !is_unary(ctx, index, token));
        let message = match (lacks_before, lacks_after) {
            (true, false) => 0,
            (false, true) => 1,
            (true, true) => 2,
            (false, false) => return,
        };
        let text = ctx.source.token_text(token);
        let before = lacks_before.then(|| Edit::insert(token.start, " "));
        let after = lacks_after.then(|| Edit::insert(token.end, " "));
        ctx.report_token(token).message(message).arg(text).fix(before.into_iter().chain(after));
    }
}

/// U+00A0 is none: the platform does not take it for a blank everywhere.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c)
}

/// A sign that nothing stands before that it could be added to.
fn is_unary(ctx: &Context<'_>, index: usize, token: &Token) -> bool {
    if !matches!(token.kind, TokenKind::Plus | TokenKind::Minus) {
        return false;
    }
    let Some(previous) = index.checked_sub(1).and_then(|at| ctx.source.tree.tokens().get(at)) else {
        return true;
    };
    match previous.kind {
        TokenKind::Plus
        | TokenKind::Minus
        | TokenKind::Star
        | TokenKind::Slash
        | TokenKind::Percent
        | TokenKind::LeftParen
        | TokenKind::LeftBracket
        | TokenKind::Comma => true,
        TokenKind::Return => matches!(ctx.source.token_text(previous), "Возврат" | "Return"),
        kind => kind.is_comparison(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn operators_and_keywords() {
        rule("MissingSpace").check(
            "А=Б+ В -Г;Ф(1,2,,-3);// x\nЕсли(А)И(Не(Б))Тогда КонецЕсли;\nFor Each X In(Y)Do EndDo;\n\
             Процедура П()Экспорт\nВозврат -1;возврат -М[-1];\nКонецПроцедуры\n",
            expect![[r#"
                1:2 `=` No blanks around `=`
                1:4 `+` No blank before `+`
                1:8 `-` No blank after `-`
                1:10 `;` No blank after `;`
                1:14 `,` No blank after `,`
                1:16 `,` No blank after `,`
                1:17 `,` No blank after `,`
                1:18 `-` No blank before `-`
                1:21 `;` No blank after `;`
                2:1 `Если` No blank after `Если`
                2:8 `И` No blanks around `И`
                2:10 `Не` No blank after `Не`
                2:16 `Тогда` No blank before `Тогда`
                3:12 `In` No blank after `In`
                3:17 `Do` No blank before `Do`
                4:14 `Экспорт` No blank before `Экспорт`
                5:11 `;` No blank after `;`
                5:20 `-` No blank after `-`
                5:23 `-` No blank before `-`
            "#]],
        );
    }

    #[test]
    fn blanks_and_ends_of_lines_are_fine() {
        rule("MissingSpace").check(
            "А =\n\t-1 + (-2);\nФ(А,\n\tБ);\n// а=б\nС = \"а=б\";\nД = (- 1) * -Х;\n#Если (Клиент)Или Сервер Тогда\n#КонецЕсли\n",
            expect![""],
        );
    }

    #[test]
    fn parameters() {
        let text = "А = -1 *2;\nФ(,,1 ,2);\n";
        let test = rule("MissingSpace").bool("allowMultipleCommas", true);
        test.clone().check(
            text,
            expect![[r#"
            1:8 `*` No blank after `*`
            2:4 `,` No blank after `,`
            2:7 `,` No blank after `,`
        "#]],
        );
        let test = test.bool("checkSpaceToRightOfUnary", true).string("listForCheckLeftAndRight", "- Ф");
        test.string("listForCheckRight", "").string("listForCheckLeft", ")").check(
            text,
            expect![[r#"
            1:5 `-` No blank after `-`
            2:1 `Ф` No blank after `Ф`
            2:9 `)` No blank before `)`
        "#]],
        );
    }

    #[test]
    fn the_fix_adds_one_blank() {
        rule("MissingSpace").check_fix(
            "А=-Б+В;\r\nФ(1,,2);Если(А)И(Б)Тогда КонецЕсли;",
            expect![[r#"
                А = -Б + В;␍
                Ф(1, , 2); Если (А) И (Б) Тогда КонецЕсли;"#]],
        );
    }
}
