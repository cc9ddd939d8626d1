//! Variables of a module that no comment explains.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingVariablesDescription",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["standard"],
    messages: &[Text {
        ru: "У переменной модуля {0} нет описания",
        en: "The module variable {0} has no description",
    }],
    docs: docs!("missing_variables_description"),
    create: |_| Box::new(MissingVariablesDescription),
    ..RuleInfo::DEFAULT
};

struct MissingVariablesDescription;

impl Rule for MissingVariablesDescription {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::VarDeclaration]
    }

    fn node(&self, ctx: &mut Context<'_>, declaration: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        if tree.parent(declaration) != Some(SyntaxTree::ROOT) || has_leading_comment(source, declaration) {
            return;
        }
        for variable in tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable) {
            if !has_trailing_comment(source, variable) {
                let name = tree.child(variable, Role::Name).map_or("", |name| source.node_text(name));
                ctx.report_node(variable).arg(name);
            }
        }
    }
}

/// A comment above describes all names of the statement.
fn has_leading_comment(source: Source<'_>, declaration: NodeId) -> bool {
    let tree = source.tree;
    let keyword = tree.own_token(declaration, TokenKind::Var).map_or(0, |token| token.start);
    !source.leading_comments(tree.token_at_or_after(keyword)).is_empty()
}

/// A comment at the end of a line describes the names on it.
fn has_trailing_comment(source: Source<'_>, variable: NodeId) -> bool {
    let tree = source.tree;
    let Some(line) = tree.last_token(variable).map(|token| token.line) else { return true };
    let after = &tree.tokens()[tree.token_span(variable).end..];
    after.iter().take_while(|token| token.line == line).any(|token| token.kind == TokenKind::Comment)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn comments_above_and_behind() {
        rule("MissingVariablesDescription").check(
            "// Описание\n&НаКлиенте\nПерем А, Б;\n\nПерем В Экспорт, // это В\n\tГ,\n\tД; // это Д\n\n\
             // Далеко\n\nVar E\n\tExport;\nVar F;\nПроцедура П()\n\tПерем Ж;\nКонецПроцедуры\n",
            expect![[r#"
                6:2 `Г` The module variable Г has no description
                11:5 `E⏎	Export` The module variable E has no description
                13:5 `F` The module variable F has no description
            "#]],
        );
    }
}
