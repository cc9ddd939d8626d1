//! Variables of a module that everybody may change.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::layout::has_trivia;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExportVariables",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["standard", "design", "unpredictable"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Экспортная переменная модуля {0}", en: "The module variable {0} is exported"
    }],
    docs: docs!("export_variables"),
    create: |_| Box::new(ExportVariables),
    ..RuleInfo::DEFAULT
};

struct ExportVariables;

impl Rule for ExportVariables {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Variable]
    }

    fn node(&self, ctx: &mut Context<'_>, variable: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let is_of_module =
            tree.parent(variable).and_then(|declaration| tree.parent(declaration)) == Some(SyntaxTree::ROOT);
        if is_of_module && tree.own_token(variable, TokenKind::Export).is_some() {
            let name = tree.child(variable, Role::Name).map_or("", |name| source.node_text(name));
            let fix = removal_of_export(tree, variable).map(Edit::delete);
            ctx.report_node(variable).arg(name).fix(fix);
        }
    }
}

/// The keyword with the blanks before it.
fn removal_of_export(tree: &SyntaxTree, variable: NodeId) -> Option<TextRange> {
    let name = tree.child(variable, Role::Name)?;
    let range =
        TextRange { start: tree.range(name).end, end: tree.own_token(variable, TokenKind::Export)?.end };
    (!has_trivia(tree, range)).then_some(range)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn variables_of_the_module() {
        rule("ExportVariables").check(
            "Перем А, Б Экспорт, В экспорт;\n&AtClient\nVar D Export;\n\
             Процедура П() Экспорт\n\tПерем Д;\nКонецПроцедуры\n",
            expect![[r#"
                1:10 `Б Экспорт` The module variable Б is exported
                1:21 `В экспорт` The module variable В is exported
                3:5 `D Export` The module variable D is exported
            "#]],
        );
        rule("ExportVariables").check_fix(
            "Перем А, Б Экспорт, В экспорт; // да\nVar D // no\nExport;\n",
            expect![[r#"
                Перем А, Б, В; // да
                Var D // no
                Export;
            "#]],
        );
    }
}
