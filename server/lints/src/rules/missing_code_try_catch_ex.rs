//! An exception that is swallowed.

use syntax::{NodeId, NodeKind, TokenKind};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingCodeTryCatchEx",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 15,
    tags: &["standard", "badpractice"],
    params: &[ParamInfo {
        name: "commentAsCode",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "комментарий внутри попытки считается обработкой",
            en: "a comment anywhere in the try statement counts as handling",
        },
    }],
    messages: &[Text {
        ru: "Исключение не обрабатывается", en: "The exception is not handled"
    }],
    docs: docs!("missing_code_try_catch_ex"),
    create: |params: &Params<'_>| {
        Box::new(MissingCodeTryCatchEx { comment_is_code: params.bool("commentAsCode") })
    },
    ..RuleInfo::DEFAULT
};

struct MissingCodeTryCatchEx {
    comment_is_code: bool,
}

impl Rule for MissingCodeTryCatchEx {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::ExceptClause]
    }

    fn node(&self, ctx: &mut Context<'_>, clause: NodeId) {
        let tree = ctx.source.tree;
        let Some(owner) = tree.parent(clause) else { return };
        let Some(block) = tree.child_of_kind(clause, NodeKind::Block) else { return };
        let Some(keyword) = tree.first_token(clause) else { return };
        if !tree.token_span(block).is_empty() || tree.node(owner).is_broken {
            return;
        }
        let start = tree.token_span(clause).start + 1;
        let behind = tree.tokens()[start..].iter().take_while(|token| token.kind.is_trivia());
        let has_directive = behind.into_iter().any(|token| {
            let is_hidden = matches!(token.kind, TokenKind::DirectiveInsert | TokenKind::DirectiveEndInsert);
            token.kind.is_directive() && !is_hidden
        });
        let has_comment = || tree.tokens_of(owner).iter().any(|token| token.kind == TokenKind::Comment);
        let is_handled = has_directive || (self.comment_is_code && has_comment());
        if !is_handled {
            ctx.report_token(keyword);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn comments_are_no_handling() {
        rule("MissingCodeTryCatchEx").check(
            "Попытка\n\tА();\nИсключение\n\t// бывает\nКонецПопытки;\nTry\nExcept\n;\nEndTry;\n\
             Попытка\nИсключение\n#Область Х\n#КонецОбласти\nКонецПопытки;\nTry A(); Except EndTry;\n",
            expect![[r#"
                3:1 `Исключение` The exception is not handled
                15:10 `Except` The exception is not handled
            "#]],
        );
    }

    #[test]
    fn a_comment_anywhere_may_count() {
        rule("MissingCodeTryCatchEx").bool("commentAsCode", true).check(
            "Попытка\n\tА(); // может не быть\nИсключение\nКонецПопытки;\nПопытка\nИсключение\nКонецПопытки; // снаружи\n",
            expect![[r#"
                6:1 `Исключение` The exception is not handled
            "#]],
        );
    }
}
