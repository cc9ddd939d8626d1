//! Comments that stick to their slashes.

use base::Edit;
use syntax::TokenKind;

use crate::comment_score::{DEFAULT_THRESHOLD, looks_like_code};
use crate::context::Context;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SpaceAtStartComment",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["standard"],
    params: &[
        ParamInfo {
            name: "commentsAnnotation",
            default: ParamDefault::String("//@,//(c),//©"),
            meaning: Text {
                ru: "через запятую: начала комментариев, которые не проверяются",
                en: "starts of comments that are not checked, separated by commas",
            },
        },
        ParamInfo {
            name: "useStrictValidation",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "перед пробелом ровно две косые черты",
                en: "exactly two slashes stand before the blank",
            },
        },
    ],
    fix: FixSafety::Safe,
    messages: &[Text { ru: "Нет пробела после `//`", en: "No blank after `//`" }],
    docs: docs!("space_at_start_comment"),
    create: |params: &Params<'_>| {
        Box::new(SpaceAtStartComment {
            exceptions: params.list("commentsAnnotation"),
            is_strict: params.bool("useStrictValidation"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct SpaceAtStartComment {
    exceptions: Vec<String>,
    is_strict: bool,
}

impl Rule for SpaceAtStartComment {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        for token in source.tree.tokens() {
            if token.kind == TokenKind::Comment && !self.is_fine(source.token_text(token)) {
                ctx.report_token(token).fix([Edit::insert(token.start + 2, " ")]);
            }
        }
    }
}

impl SpaceAtStartComment {
    fn is_fine(&self, comment: &str) -> bool {
        let text = comment.trim_start_matches('/');
        let slashes = comment.len() - text.len();
        let starts_with_blank = text.starts_with([' ', '\t']);
        (starts_with_blank && (slashes == 2 || !self.is_strict))
            || text.bytes().all(|byte| byte == b' ' || byte == b'\t')
            || self.exceptions.iter().any(|start| starts_with_ignoring_case(comment, start))
            || looks_like_code(comment, DEFAULT_THRESHOLD)
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    start.chars().flat_map(char::to_lowercase).all(|letter| letters.next() == Some(letter))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "// так\n//\tи так\n//не так\n/// три\n//////\n//  \n//@tag\n//(C) автор\n\
                        А = 1; //Сумма\n//Сообщить(Текст);\n//----\n///слово\n";

    #[test]
    fn two_slashes_and_a_blank() {
        rule("SpaceAtStartComment").check(
            TEXT,
            expect![[r#"
            3:1 `//не так` No blank after `//`
            4:1 `/// три` No blank after `//`
            9:8 `//Сумма` No blank after `//`
            11:1 `//----` No blank after `//`
            12:1 `///слово` No blank after `//`
        "#]],
        );
    }

    #[test]
    fn parameters() {
        rule("SpaceAtStartComment")
            .bool("useStrictValidation", false)
            .string("commentsAnnotation", "//-, //НЕ")
            .check(
                TEXT,
                expect![[r#"
                7:1 `//@tag` No blank after `//`
                8:1 `//(C) автор` No blank after `//`
                9:8 `//Сумма` No blank after `//`
                12:1 `///слово` No blank after `//`
            "#]],
            );
    }

    #[test]
    fn the_fix_inserts_a_blank() {
        rule("SpaceAtStartComment").check_fix(
            "//не так\r\n///три\r\n",
            expect![[r#"
            // не так␍
            // /три␍
        "#]],
        );
    }
}
