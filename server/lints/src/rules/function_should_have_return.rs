//! A function without a return statement.

use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::control_flow::{complete_method_name, returns};
use crate::layout::appended_return;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FunctionShouldHaveReturn",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["suspicious", "unpredictable"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Функция не возвращает значение", en: "The function returns no value"
    }],
    docs: docs!("function_should_have_return"),
    create: |_| Box::new(FunctionShouldHaveReturn),
    ..RuleInfo::DEFAULT
};

struct FunctionShouldHaveReturn;

impl Rule for FunctionShouldHaveReturn {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        if tree.node(method).has_error || returns(tree, method).next().is_some() {
            return;
        }
        if let Some(name) = complete_method_name(tree, method) {
            let block = tree.child_of_kind(method, NodeKind::Block);
            let fix = block.and_then(|block| appended_return(ctx.source, block));
            ctx.report(name).fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_returns_undefined() {
        rule("FunctionShouldHaveReturn").check_fix(
            "Функция А()\n  Б();\nКонецФункции\n  Function B()\n  EndFunction\nФункция В() КонецФункции\n\
             Функция Г()\n\tБ()\nКонецФункции\nФункция Д()\r\n#Если Сервер Тогда\r\n\tА();\r\n#КонецЕсли\r\nКонецФункции\r\n",
            expect![[r#"
                Функция А()
                  Б();
                  Возврат Неопределено;
                КонецФункции
                  Function B()
                  	Return Undefined;
                  EndFunction
                Функция В() КонецФункции
                Функция Г()
                	Б()
                КонецФункции
                Функция Д()␍
                #Если Сервер Тогда␍
                	А();␍
                #КонецЕсли␍
                	Возврат Неопределено;␍
                КонецФункции␍
            "#]],
        );
    }

    #[test]
    fn any_return_is_enough() {
        rule("FunctionShouldHaveReturn").check(
            "Функция А()\nКонецФункции\nFunction B()\n\tRaise \"B\";\nEndFunction\nФункция В()\n\tПока Истина Цикл\n\t\tВозврат;\n\tКонецЦикла;\nКонецФункции\n\
             Процедура Г()\nКонецПроцедуры\nФункция Д()\n\tЕсли\nКонецФункции\n",
            expect![[r#"
                1:9 `А` The function returns no value
                3:10 `B` The function returns no value
            "#]],
        );
    }
}
