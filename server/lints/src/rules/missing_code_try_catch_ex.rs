//! An exception that is swallowed.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Token, TokenKind};

use crate::context::Context;
use crate::directives::is_on_client;
use crate::layout::indentation;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

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
    fix: FixSafety::Unsafe,
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
            let fix = logged(ctx, clause, keyword);
            ctx.report_token(keyword).fix(fix);
        }
    }
}

/// Writes the error to the log of the server, which only methods of 1C:Enterprise have.
fn logged(ctx: &Context<'_>, clause: NodeId, keyword: &Token) -> Option<Edit> {
    let source = ctx.source;
    let tree = source.tree;
    let method =
        tree.enclosing_method(clause).filter(|_| !ctx.module.is_oscript && !is_on_client(source, clause))?;
    let name = source.node_text(tree.child(method, Role::Name)?);
    let next = tree.next_code_token(tree.token_span(clause).start + 1)?;
    let line_start = *tree.line_starts().get(keyword.line as usize + 1)?;
    if next.start < line_start {
        return None;
    }
    let call = if source.token_text(keyword).is_ascii() {
        format!("WriteLogEvent(\"{name}\", EventLogLevel.Error, , , DetailErrorDescription(ErrorInfo()));")
    } else {
        format!(
            "ЗаписьЖурналаРегистрации(\"{name}\", УровеньЖурналаРегистрации.Ошибка, , , ПодробноеПредставлениеОшибки(ИнформацияОбОшибке()));"
        )
    };
    let indentation = indentation(source, keyword.start);
    Some(Edit::insert(line_start, format!("{indentation}\t{call}{}", syntax::line_break(source.text))))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_writes_to_the_log() {
        let text = "Процедура А()\n\tПопытка\n\t\tБ();\n\tИсключение // беда\n\tКонецПопытки;\nКонецПроцедуры\n\
            &AtServer\nProcedure B()\n\tTry\n\t\tC();\n\tExcept\n\t\t// nothing\n\tEndTry;\nEndProcedure\n\
            &НаКлиенте\nПроцедура В()\n\tПопытка\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n\
            Процедура Г() Попытка Исключение КонецПопытки; КонецПроцедуры\n";
        rule("MissingCodeTryCatchEx").check_fix(text, expect![[r#"
            Процедура А()
            	Попытка
            		Б();
            	Исключение // беда
            		ЗаписьЖурналаРегистрации("А", УровеньЖурналаРегистрации.Ошибка, , , ПодробноеПредставлениеОшибки(ИнформацияОбОшибке()));
            	КонецПопытки;
            КонецПроцедуры
            &AtServer
            Procedure B()
            	Try
            		C();
            	Except
            		WriteLogEvent("B", EventLogLevel.Error, , , DetailErrorDescription(ErrorInfo()));
            		// nothing
            	EndTry;
            EndProcedure
            &НаКлиенте
            Процедура В()
            	Попытка
            	Исключение
            	КонецПопытки;
            КонецПроцедуры
            Процедура Г() Попытка Исключение КонецПопытки; КонецПроцедуры
        "#]]);
        let findings = rule("MissingCodeTryCatchEx").oscript().findings(text);
        assert!(findings.iter().all(|finding| finding.fix.is_empty()));
    }

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
