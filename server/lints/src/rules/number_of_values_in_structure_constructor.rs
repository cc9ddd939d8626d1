//! Structures whose constructor takes many values.

use syntax::{NodeId, NodeKind};

use crate::argument_list::{arguments_of, constructed_type};
use crate::context::Context;
use crate::keyed_value::{insertions, is_structure};
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NumberOfValuesInStructureConstructor",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 10,
    tags: &["standard", "brainoverload"],
    params: &[ParamInfo {
        name: "maxValuesCount",
        default: ParamDefault::Integer(3),
        meaning: Text {
            ru: "наибольшее число значений после списка ключей",
            en: "largest allowed number of values after the key list",
        },
    }],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Значений в конструкторе структуры: {0}, допустимо {1}",
        en: "The structure constructor has {0} values, {1} are allowed",
    }],
    docs: docs!("number_of_values_in_structure_constructor"),
    create: |params: &Params<'_>| {
        Box::new(NumberOfValuesInStructureConstructor {
            max_count: params.integer("maxValuesCount").max(0) as usize,
        })
    },
    ..RuleInfo::DEFAULT
};

struct NumberOfValuesInStructureConstructor {
    max_count: usize,
}

impl Rule for NumberOfValuesInStructureConstructor {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, constructor: NodeId) {
        if !constructed_type(ctx.source, constructor).is_some_and(is_structure) {
            return;
        }
        let count = arguments_of(ctx.source.tree, constructor).count().saturating_sub(1);
        if count > self.max_count {
            let fix = insertions(ctx.source, constructor);
            ctx.report_node(constructor).arg(count).arg(self.max_count).fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_inserts_the_values() {
        rule("NumberOfValuesInStructureConstructor").check_fix(
            "\tО.П = Новый Структура(\"А, Б,В,Г, Д\", 1, , Ф(2,\n\t\t3), 4);\nX = New Structure(\"A,B,C,D\", 1, 2, 3, 4)\n;\n\
             С = Новый Структура(\"А,Б,В,Г\", 1, 2, 3, С);\nС = Новый Структура(Ключи, 1, 2, 3, 4);\nФ(Новый Структура(\"А,Б,В,Г\", 1, 2, 3, 4));\n\
             С = Новый ФиксированнаяСтруктура(\"А,Б,В,Г\", 1, 2, 3, 4);\nС = Новый Структура(\"А,Б,В,Г\", // да\n\t1, 2, 3, 4);\n",
            expect![[r#"
                	О.П = Новый Структура;
                	О.П.Вставить("А", 1);
                	О.П.Вставить("Б");
                	О.П.Вставить("В", Ф(2,
                		3));
                	О.П.Вставить("Г", 4);
                	О.П.Вставить("Д");
                X = New Structure;
                X.Insert("A", 1);
                X.Insert("B", 2);
                X.Insert("C", 3);
                X.Insert("D", 4)
                ;
                С = Новый Структура("А,Б,В,Г", 1, 2, 3, С);
                С = Новый Структура(Ключи, 1, 2, 3, 4);
                Ф(Новый Структура("А,Б,В,Г", 1, 2, 3, 4));
                С = Новый ФиксированнаяСтруктура("А,Б,В,Г", 1, 2, 3, 4);
                С = Новый Структура("А,Б,В,Г", // да
                	1, 2, 3, 4);
            "#]],
        );
    }

    #[test]
    fn values_behind_the_keys_count() {
        rule("NumberOfValuesInStructureConstructor").check(
            "А = Новый Структура(\"А, Б, В\", 1, 2, 3);\nА = Новый Структура(\"А\",,,,);\n\
             A = Ф(New FixedStructure(Keys, 1, 2, 3, 4));\nА = Новый Структура;\n\
             А = Новый Массив(1, 2, 3, 4, 5);\nА = Новый(\"Структура\", 1, 2, 3, 4);\n",
            expect![[r#"
                2:5 `Новый Структура("А",,,,)` The structure constructor has 4 values, 3 are allowed
                3:7 `New FixedStructure(Keys, 1, 2, 3, 4)` The structure constructor has 4 values, 3 are allowed
            "#]],
        );
    }

    #[test]
    fn the_limit_may_be_zero() {
        rule("NumberOfValuesInStructureConstructor").integer("maxValuesCount", 0).check(
            "А = Новый Структура(\"А\");\nА = Новый Структура(\"А\", 1);\nА = Новый Структура();\n",
            expect![[r#"
                2:5 `Новый Структура("А", 1)` The structure constructor has 1 values, 0 are allowed
            "#]],
        );
    }
}
