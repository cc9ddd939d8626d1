//! Categories of exceptions that only the platform itself should give.

use syntax::{NodeId, NodeKind, Role};

use crate::argument_list::listed_arguments;
use crate::calls::PlatformName;
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "BadExceptionCategory",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["badpractice"],
    messages: &[Text {
        ru: "Категория `{0}` не говорит о причине исключения",
        en: "The category `{0}` says nothing about the cause of the exception",
    }],
    docs: docs!("bad_exception_category"),
    create: |_| Box::new(BadExceptionCategory),
    ..RuleInfo::DEFAULT
};

const ENUMERATION: PlatformName = PlatformName::new("КатегорияОшибки", "ErrorCategory");

const CATEGORIES: &[PlatformName] = &[
    PlatformName::new("ВсеОшибки", "AllErrors"),
    PlatformName::new("ПрочаяОшибка", "OtherError"),
    PlatformName::new("ОшибкаКомпиляцииВстроенногоЯзыка", "ScriptCompileError"),
    PlatformName::new("ОшибкаВоВремяВыполненияВстроенногоЯзыка", "ScriptRuntimeError"),
    PlatformName::new("ИсключениеВызванноеИзВстроенногоЯзыка", "ScriptRaisedException"),
];

struct BadExceptionCategory;

impl Rule for BadExceptionCategory {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Raise]
    }

    fn node(&self, ctx: &mut Context<'_>, raise: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(list) = tree.child_of_kind(raise, NodeKind::Arguments) else { return };
        let Some(category) = listed_arguments(tree, list).nth(1).flatten() else { return };
        let Some(name) = tree.child(category, Role::Property) else { return };
        let Some(object) = tree.child(category, Role::Object) else { return };
        let text = source.node_text(name);
        if tree.kind(category) == NodeKind::Member
            && ENUMERATION.is(source.node_text(object))
            && CATEGORIES.iter().any(|known| known.is(text))
        {
            ctx.report_node(category).arg(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn categories_without_a_meaning() {
        rule("BadExceptionCategory").check(
            "ВызватьИсключение(\"т\", КатегорияОшибки.ПрочаяОшибка);\nВызватьИсключение \"т\";\nВызватьИсключение(\"т\");\n\
             Raise(\"t\", ErrorCategory.AllErrors, \"code\",, Info);\nВызватьИсключение(\"т\", КатегорияОшибки.ОшибкаКонфигурации);\n\
             ВызватьИсключение(КатегорияОшибки.ПрочаяОшибка, Другое.ПрочаяОшибка);\n\
             вызватьисключение(\"т\", категорияошибки.ошибкавовремявыполнениявстроенногоязыка, 1);\n",
            expect![[r#"
                1:24 `КатегорияОшибки.ПрочаяОшибка` The category `ПрочаяОшибка` says nothing about the cause of the exception
                4:12 `ErrorCategory.AllErrors` The category `AllErrors` says nothing about the cause of the exception
                7:24 `категорияошибки.ошибкавовремявыполнениявстроенногоязыка` The category `ошибкавовремявыполнениявстроенногоязыка` says nothing about the cause of the exception
            "#]],
        );
    }
}
