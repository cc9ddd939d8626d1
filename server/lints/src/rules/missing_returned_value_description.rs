//! Descriptions of functions that do not say what is returned, and of procedures that do.

use syntax::{NodeId, NodeKind, Role};

use crate::context::Context;
use crate::description::description_of;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingReturnedValueDescription",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["standard", "badpractice"],
    params: &[ParamInfo {
        name: "allowShortDescriptionReturnValues",
        default: ParamDefault::Bool(true),
        meaning: Text {
            ru: "достаточно типа; иначе у каждого типа должно быть пояснение или поля",
            en: "a type is enough; otherwise every type needs an explanation or fields",
        },
    }],
    messages: &[
        Text {
            ru: "Возвращаемое значение функции не описано",
            en: "What the function returns is not described",
        },
        Text {
            ru: "Процедура не возвращает значения, но оно описано",
            en: "The procedure returns nothing, but its description says otherwise",
        },
        Text {
            ru: "Не все типы возвращаемого значения пояснены",
            en: "Not every type that the function returns is explained",
        },
    ],
    docs: docs!("missing_returned_value_description"),
    create: |params: &Params<'_>| {
        let allows_short = params.bool("allowShortDescriptionReturnValues");
        Box::new(MissingReturnedValueDescription { allows_short })
    },
    ..RuleInfo::DEFAULT
};

const PROCEDURE: u8 = 1;
const NOT_EXPLAINED: u8 = 2;

struct MissingReturnedValueDescription {
    allows_short: bool,
}

impl Rule for MissingReturnedValueDescription {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let Some(name) = tree.child(method, Role::Name) else { return };
        let Some(description) = description_of(ctx.source, method) else { return };
        let is_function = tree.kind(method) == NodeKind::Function;
        let types = description.returns.as_deref().unwrap_or_default();
        if !is_function {
            if description.returns.is_some() {
                ctx.report_node(name).message(PROCEDURE);
            }
        } else if types.is_empty() {
            if !description.has_link {
                ctx.report_node(name);
            }
        } else if !self.allows_short && types.iter().any(|one| !one.is_explained) {
            ctx.report_node(name).message(NOT_EXPLAINED);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const MODULE: &str = "Функция А()\nКонецФункции\n\n// Считает.\nФункция Б()\nКонецФункции\n\n// См. Модуль.Метод.\nФункция В()\nКонецФункции\n\n\
        // Считает.\n//\n// Возвращаемое значение:\n//  Число\nФункция Г()\nКонецФункции\n\n\
        // Returns:\n//  Array of String - names,\n//    all of them.\n//  Undefined\n&AtServer\nFunction D()\nEndFunction\n\n\
        // Возвращаемое значение:\n//  Структура:\n//   * Поле - Строка\nФункция Е()\nКонецФункции\n\n\
        // Возвращаемое значение:\n//  просто число.\nФункция Ж()\nКонецФункции\n\n\
        // Возвращаемое значение:\n//\n// Пример:\n//  Число\nФункция З()\nКонецФункции\n\n\
        // Параметры:\n//  А - Строка\n//\n// Возвращаемое значение:\n//  Число - сумма\nПроцедура К(А)\nКонецПроцедуры\n";

    #[test]
    fn a_type_is_enough() {
        rule("MissingReturnedValueDescription").check(
            MODULE,
            expect![[r#"
                5:9 `Б` What the function returns is not described
                35:9 `Ж` What the function returns is not described
                42:9 `З` What the function returns is not described
                50:11 `К` The procedure returns nothing, but its description says otherwise
            "#]],
        );
    }

    #[test]
    fn every_type_has_to_be_explained() {
        rule("MissingReturnedValueDescription").bool("allowShortDescriptionReturnValues", false).check(
            MODULE,
            expect![[r#"
                5:9 `Б` What the function returns is not described
                16:9 `Г` Not every type that the function returns is explained
                24:10 `D` Not every type that the function returns is explained
                35:9 `Ж` What the function returns is not described
                42:9 `З` What the function returns is not described
                50:11 `К` The procedure returns nothing, but its description says otherwise
            "#]],
        );
    }
}
