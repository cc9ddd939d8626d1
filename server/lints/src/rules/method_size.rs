//! A method that does not fit on a few screens.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, Token, TokenKind};

use crate::context::Context;
use crate::control_flow::complete_method_name;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MethodSize",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 30,
    tags: &["badpractice"],
    params: &[ParamInfo {
        name: "maxMethodSize",
        default: ParamDefault::Integer(200),
        meaning: Text {
            ru: "наибольшее число строк метода", en: "largest allowed number of lines"
        },
    }],
    messages: &[Text {
        ru: "Строк в методе {0}, допустимо {1}",
        en: "The method has {0} lines, at most {1} are allowed",
    }],
    docs: docs!("method_size"),
    create: |params: &Params<'_>| Box::new(MethodSize { max_size: params.integer("maxMethodSize") }),
    ..RuleInfo::DEFAULT
};

struct MethodSize {
    max_size: i64,
}

impl Rule for MethodSize {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let lines = lines_of_body(tree, method);
        if lines <= self.max_size {
            return;
        }
        if let Some(name) = complete_method_name(tree, method) {
            ctx.report(name).arg(lines).arg(self.max_size);
        }
    }
}

/// Lines from the first to the last token between the declaration and the closing keyword; comments at
/// the borders do not count, directives do.
fn lines_of_body(tree: &SyntaxTree, method: NodeId) -> i64 {
    let tokens = tree.tokens();
    let Some(parameters) = tree.child(method, Role::Parameters) else { return 0 };
    let mut start = tree.token_span(parameters).end;
    if tokens.get(start).is_some_and(|token| token.kind == TokenKind::Export) {
        start += 1;
    }
    let end = tree.token_span(method).end.saturating_sub(1);
    let body = tokens.get(start..end).unwrap_or_default();
    let first = body.iter().find(|token| is_content(token));
    let last = body.iter().rev().find(|token| is_content(token));
    match (first, last) {
        (Some(first), Some(last)) => i64::from(last.line - first.line),
        _ => 0,
    }
}

fn is_content(token: &Token) -> bool {
    !matches!(
        token.kind,
        TokenKind::Comment
            | TokenKind::Unknown
            | TokenKind::DirectiveInsert
            | TokenKind::DirectiveEndInsert
            | TokenKind::DirectiveDelete
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn comments_at_the_borders_do_not_count() {
        rule("MethodSize").integer("maxMethodSize", 1).check(
            "Процедура А() Экспорт\n\t// раз\n\tПерем Б;\n\t// два\n\tБ = 1;\n\t// три\n\n\nКонецПроцедуры\n\
             Function B(X,\nY,\nZ)\n\tX = 1;\n\tReturn X;\nEndFunction\nПроцедура В()\n\n\n\nКонецПроцедуры\n",
            expect![[r#"
                1:11 `А` The method has 2 lines, at most 1 are allowed
            "#]],
        );
    }

    #[test]
    fn directives_count() {
        rule("MethodSize").integer("maxMethodSize", 1).check(
            "Процедура А()\n#Область Х\n\n#КонецОбласти\nКонецПроцедуры\n",
            expect![[r#"
                1:11 `А` The method has 2 lines, at most 1 are allowed
            "#]],
        );
    }
}
