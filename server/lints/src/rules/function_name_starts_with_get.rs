//! Functions whose names say that they get something, which goes without saying.

use syntax::{NodeId, NodeKind, Role};

use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FunctionNameStartsWithGet",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 3,
    is_on_by_default: false,
    tags: &["standard"],
    messages: &[Text {
        ru: "Имя функции {0} начинается с «Получить»",
        en: "The name of the function {0} starts with `Получить` (get)",
    }],
    docs: docs!("function_name_starts_with_get"),
    create: |_| Box::new(FunctionNameStartsWithGet),
    ..RuleInfo::DEFAULT
};

const GET: &str = "получить";

struct FunctionNameStartsWithGet;

impl Rule for FunctionNameStartsWithGet {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, function: NodeId) {
        let Some(name) = ctx.source.tree.child(function, Role::Name) else { return };
        let text = ctx.source.node_text(name);
        if text.get(..GET.len()).is_some_and(|start| base::same_name(start, GET)) {
            ctx.report_node(name).arg(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn functions_only() {
        rule("FunctionNameStartsWithGet").check(
            "Функция ПолучитьЦену()\nКонецФункции\nFunction получить()\nEndFunction\nПроцедура ПолучитьЦены()\nКонецПроцедуры\n\
             Function GetPrice()\nEndFunction\nФункция НеПолучить()\nКонецФункции\n",
            expect![[r#"
                1:9 `ПолучитьЦену` The name of the function ПолучитьЦену starts with `Получить` (get)
                3:10 `получить` The name of the function получить starts with `Получить` (get)
            "#]],
        );
    }
}
