//! Statements without the closing `;`.

use base::Edit;
use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SemicolonPresence",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["standard", "badpractice"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Оператор не завершён точкой с запятой",
        en: "The statement does not end with a semicolon",
    }],
    docs: docs!("semicolon_presence"),
    create: |_| Box::new(SemicolonPresence),
    ..RuleInfo::DEFAULT
};

struct SemicolonPresence;

impl Rule for SemicolonPresence {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[
            NodeKind::LabeledStatement,
            NodeKind::Assignment,
            NodeKind::ExpressionStatement,
            NodeKind::If,
            NodeKind::While,
            NodeKind::For,
            NodeKind::ForEach,
            NodeKind::Try,
            NodeKind::Return,
            NodeKind::Break,
            NodeKind::Continue,
            NodeKind::Goto,
            NodeKind::Raise,
            NodeKind::Execute,
            NodeKind::AddHandler,
            NodeKind::RemoveHandler,
        ]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let tree = ctx.source.tree;
        if tree.semicolon(statement).is_some() {
            return;
        }
        let is_labeled =
            tree.parent(statement).is_some_and(|parent| tree.kind(parent) == NodeKind::LabeledStatement);
        let mut around = std::iter::once(statement).chain(tree.ancestors(statement));
        if is_labeled || around.any(|node| tree.kind(node).is_statement() && tree.has_serious_error(node)) {
            return;
        }
        if let Some(last) = tree.last_token(statement) {
            ctx.report_token(last).fix([Edit::insert(last.end, ";")]);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn last_statements_count_too() {
        rule("SemicolonPresence").check(
            "Если А Тогда Б() КонецЕсли\n\nWhile A Do\n\tX = 1 // почему\nEndDo;\nПопытка\nИсключение ВызватьИсключение;\nКонецПопытки\n",
            expect![[r#"
                1:16 `)` The statement does not end with a semicolon
                1:18 `КонецЕсли` The statement does not end with a semicolon
                4:6 `1` The statement does not end with a semicolon
                8:1 `КонецПопытки` The statement does not end with a semicolon
            "#]],
        );
    }

    #[test]
    fn labels_count_once_and_variables_do_not_count() {
        rule("SemicolonPresence").check(
            "Процедура А()\n\tПерем Б;\n\t~Начало: Б = 1;\n\tПерейти ~Начало;\n\t~Конец: Б = 2\nКонецПроцедуры\n",
            expect![[r#"
                5:14 `2` The statement does not end with a semicolon
            "#]],
        );
    }

    #[test]
    fn broken_statements_are_left_alone() {
        rule("SemicolonPresence").check("Если А Тогда\n\tБ = ;\n\tВ()\nКонецЕсли\n", expect![[""]]);
    }

    #[test]
    fn the_fix_appends_a_semicolon() {
        rule("SemicolonPresence").check_fix(
            "Если А Тогда\r\n\tБ() // вызов\r\nИначе\r\n\tВозврат\r\nКонецЕсли",
            expect![[r#"
                Если А Тогда␍
                	Б(); // вызов␍
                Иначе␍
                	Возврат;␍
                КонецЕсли;"#]],
        );
    }
}
