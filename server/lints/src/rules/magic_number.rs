//! Numbers that no name explains.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::context::Context;
use crate::keyed_value::is_keyed_value;
use crate::operators::whole_expression;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MagicNumber",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    tags: &["badpractice"],
    params: &[
        ParamInfo {
            name: "allowMagicIndexes",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "не сообщать о числах в квадратных скобках",
                en: "do not report numbers inside index brackets",
            },
        },
        ParamInfo {
            name: "authorizedNumbers",
            default: ParamDefault::String("-1,0,1"),
            meaning: Text {
                ru: "числа, о которых не сообщается", en: "numbers that are never reported"
            },
        },
    ],
    messages: &[Text { ru: "Магическое число {0}", en: "Magic number {0}" }],
    docs: docs!("magic_number"),
    create: |params: &Params<'_>| {
        Box::new(MagicNumber {
            allows_indexes: params.bool("allowMagicIndexes"),
            authorized: params.list("authorizedNumbers"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct MagicNumber {
    allows_indexes: bool,
    authorized: Vec<String>,
}

impl Rule for MagicNumber {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Number]
    }

    fn node(&self, ctx: &mut Context<'_>, number: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(parent) = tree.parent(number) else { return };
        let is_signed_or_default =
            tree.kind(parent) == NodeKind::Unary || tree.node(number).role == Role::Default;
        let text = source.node_text(number);
        if is_signed_or_default || self.authorized.iter().any(|authorized| authorized == text) {
            return;
        }
        let is_in_index = !self.allows_indexes && is_in_index(tree, number);
        if is_in_index || is_magic(source, number, tree.kind(parent)) {
            ctx.report_node(number).arg(text);
        }
    }
}

/// Part of a larger expression, an argument or a returned value, and not next to a key.
fn is_magic(source: Source<'_>, number: NodeId, parent: NodeKind) -> bool {
    match parent {
        NodeKind::Return => true,
        NodeKind::Arguments => !is_keyed_value(source, number),
        NodeKind::Binary => !is_keyed_value(source, whole_expression(source.tree, number)),
        _ => false,
    }
}

/// Somewhere inside square brackets.
fn is_in_index(tree: &SyntaxTree, number: NodeId) -> bool {
    let path = std::iter::once(number).chain(tree.ancestors(number));
    path.take_while(|node| !tree.kind(*node).is_statement()).any(|node| tree.node(node).role == Role::Index)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn operands_arguments_and_results() {
        rule("MagicNumber").check(
            "Функция А(Б = 5, В = -5)\n\tГ = 5;\n\tГ = Д * 60 + 1;\n\tГ = Д - -5;\n\tГ = (7);\n\tФ(8, (9), -5);\n\
             \tО = New Array(2.50);\n\tЕсли Г > 3 Тогда\n\tКонецЕсли;\n\tДля Сч = 2 По 6 Цикл\n\tКонецЦикла;\n\
             \tГ = ?(Д, 2, 3);\n\tГ = Д[4] + Д[Сч + 44];\n\tВозврат 10;\nКонецФункции\n",
            expect![[r#"
                3:10 `60` Magic number 60
                6:4 `8` Magic number 8
                7:16 `2.50` Magic number 2.50
                8:11 `3` Magic number 3
                13:20 `44` Magic number 44
                14:10 `10` Magic number 10
            "#]],
        );
    }

    #[test]
    fn keys_explain_values() {
        rule("MagicNumber").check(
            "С = Новый Структура;\nС.Вставить(\"А\", 5);\nс.Поле.Вставить(\"А\", 2 * 60);\nС.Вставить(6, 7, 8);\n\
             М = New Map();\nM = 1;\nМ.Insert(5, 6, 7);\nД.Вставить(\"А\", 5);\nС = Новый Массив;\nС.Вставить(9, 5);\n\
             А = Новый Структура(\"А, Б\", 5, 24 * 60);\nА = Новый Структура(Ключи, 5);\n\
             А = Новый ФиксированнаяСтруктура(Ключи, 5, ((2 + 3)));\nА = Новый Структура(5);\n",
            expect![[r#"
                4:12 `6` Magic number 6
                4:18 `8` Magic number 8
                7:16 `7` Magic number 7
                8:17 `5` Magic number 5
                10:12 `9` Magic number 9
                12:28 `5` Magic number 5
                14:21 `5` Magic number 5
            "#]],
        );
    }

    #[test]
    fn indexes_and_authorized_numbers() {
        rule("MagicNumber").bool("allowMagicIndexes", false).string("authorizedNumbers", "1, 60").check(
            "А = Б[5] + В[Ф((6))];\nА = Б * 60;\nА = Б + 0;\nА = Б[1];\nБ[Новый Массив(7)] = 8;\n",
            expect![[r#"
                1:7 `5` Magic number 5
                1:17 `6` Magic number 6
                3:9 `0` Magic number 0
                5:16 `7` Magic number 7
            "#]],
        );
    }
}
