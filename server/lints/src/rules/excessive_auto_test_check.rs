//! The check of the parameter `АвтоТест`, which the platform does not pass any more.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::context::Context;
use crate::module::ModuleKind;
use crate::operators::operator_kind;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::statements::statement_removal;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExcessiveAutoTestCheck",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    modules: &[
        ModuleKind::FormModule,
        ModuleKind::ObjectModule,
        ModuleKind::RecordSetModule,
        ModuleKind::CommonModule,
    ],
    tags: &["standard", "deprecated"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Проверка признака `АвтоТест` больше не нужна",
        en: "The check for `AutoTest` is not needed any more",
    }],
    docs: docs!("excessive_auto_test_check"),
    create: |_| Box::new(ExcessiveAutoTestCheck),
    ..RuleInfo::DEFAULT
};

/// How the condition ends, blanks apart, in lower case.
const ENDS: [&str; 4] =
    [".свойство(\"автотест\")", "=\"автотест\"", ".property(\"autotest\")", "=\"autotest\""];

struct ExcessiveAutoTestCheck;

impl Rule for ExcessiveAutoTestCheck {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        if returns_only(ctx.source, statement) && has_check(ctx.source, statement) {
            let edit = removal(ctx.source, statement).map(Edit::delete);
            ctx.report_node(statement).fix(edit);
        }
    }
}

fn returns_only(source: Source<'_>, statement: NodeId) -> bool {
    let tree = source.tree;
    let Some(block) = tree.child_of_kind(statement, NodeKind::Block) else { return false };
    let mut statements = tree.children(block).map(|child| tree.kind(child));
    statements.next() == Some(NodeKind::Return) && statements.next().is_none()
}

fn has_check(source: Source<'_>, statement: NodeId) -> bool {
    let tree = source.tree;
    let Some(condition) = tree.child(statement, Role::Condition) else { return false };
    let last = tree.last_token(condition).map(|token| token.kind);
    if !matches!(last, Some(TokenKind::String | TokenKind::RightParen)) {
        return false;
    }
    let code = source.folded_code(condition);
    ENDS.iter().any(|end| code.ends_with(end))
}

/// The whole statement, if it has one branch and nothing but the check decides about it. Comments in the branch go
/// with it.
fn removal(source: Source<'_>, statement: NodeId) -> Option<TextRange> {
    let tree = source.tree;
    let condition = tree.child(statement, Role::Condition)?;
    let is_check = match tree.kind(condition) {
        NodeKind::Call => true,
        NodeKind::Binary => operator_kind(tree, condition) == Some(TokenKind::Equal),
        _ => false,
    };
    let mut parts = tree.children(statement).map(|child| tree.kind(child));
    let has_branches = parts.any(|kind| matches!(kind, NodeKind::ElsifClause | NodeKind::ElseClause));
    let keyword = tree.first_token(statement).filter(|_| is_check && !has_branches)?;
    statement_removal(source, statement, keyword)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn a_branch_that_only_returns() {
        rule("ExcessiveAutoTestCheck").check(
            "Если Параметры.Свойство( \"АвтоТест\" ) Тогда // да\n\tВозврат;\nКонецЕсли;\n\
             If A Or B = \"autotest\" Then\n\tReturn\nElse\n\tB();\nEndIf\n",
            expect![[r#"
                1:1 `Если Параметры.Свойство( "АвтоТест" ) Тогда // да⏎	Возврат;⏎КонецЕсли` The check for `AutoTest` is not needed any more
                4:1 `If A Or B = "autotest" Then⏎	Return⏎Else⏎	B();⏎EndIf` The check for `AutoTest` is not needed any more
            "#]],
        );
    }

    #[test]
    fn other_conditions_and_branches() {
        rule("ExcessiveAutoTestCheck").check(
            "Если Параметры.Свойство(\"АвтоТест\") Тогда\n\tА = 1;\n\tВозврат;\nКонецЕсли;\n\
             Если Параметры.Свойство(\"АвтоТест\", Б) Тогда\n\tВозврат;\nКонецЕсли;\n\
             Если Параметры.Свойство(\"АвтоТест\") И А Тогда\n\tВозврат;\nКонецЕсли;\n\
             Если А Тогда\nИначеЕсли Параметры.Свойство(\"АвтоТест\") Тогда\n\tВозврат;\nКонецЕсли;\n",
            expect![[r#""#]],
        );
    }

    #[test]
    fn the_fix_deletes_the_statement() {
        rule("ExcessiveAutoTestCheck").check_fix(
            "Процедура А(Параметры)\n\tЕсли Параметры.Свойство(\"АвтоТест\") Тогда // проверка\n\t\tВозврат;\n\tКонецЕсли;\n\tБ();\nКонецПроцедуры\n\
             Если А И Б = \"АвтоТест\" Тогда\n\tВозврат;\nКонецЕсли;\nЕсли Б = \"АвтоТест\" Тогда\n\tВозврат;\nИначе\n\tВ();\nКонецЕсли;\n",
            expect![[r#"
                Процедура А(Параметры)
                	Б();
                КонецПроцедуры
                Если А И Б = "АвтоТест" Тогда
                	Возврат;
                КонецЕсли;
                Если Б = "АвтоТест" Тогда
                	Возврат;
                Иначе
                	В();
                КонецЕсли;
            "#]],
        );
    }
}
