//! The check of the parameter `АвтоТест`, which the platform does not pass any more.

use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::context::Context;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

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
            ctx.report_node(statement);
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
}
