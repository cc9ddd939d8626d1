//! Dates that no name explains.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::argument_list::{is_global_call, listed_arguments};
use crate::context::Context;
use crate::keyed_value::is_keyed_value;
use crate::operators::whole_expression;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MagicDate",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    tags: &["badpractice", "brainoverload"],
    params: &[ParamInfo {
        name: "authorizedDates",
        default: ParamDefault::String("00010101,00010101000000,000101010000"),
        meaning: Text {
            ru: "даты цифрами (8, 12 или 14), о которых не сообщается",
            en: "dates as digits (8, 12 or 14) that are never reported",
        },
    }],
    messages: &[Text { ru: "Магическая дата {0}", en: "Magic date {0}" }],
    docs: docs!("magic_date"),
    create: |params: &Params<'_>| Box::new(MagicDate { authorized: params.list("authorizedDates") }),
    ..RuleInfo::DEFAULT
};

const DATE: &[&str] = &["Дата", "Date"];

struct MagicDate {
    authorized: Vec<String>,
}

impl Rule for MagicDate {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Date, NodeKind::String]
    }

    fn node(&self, ctx: &mut Context<'_>, constant: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let text = source.node_text(constant);
        let is_candidate = tree.kind(constant) == NodeKind::Date || is_date_in_string(text);
        // Defaults of parameters and values of annotations are no expressions.
        let is_expression = tree.parent(constant).is_some_and(|parent| {
            !matches!(tree.kind(parent), NodeKind::Parameter | NodeKind::AnnotationArgument)
        });
        if is_candidate && is_expression && !self.is_authorized(text) && !is_explained(source, constant) {
            ctx.report_node(constant).arg(text);
        }
    }
}

impl MagicDate {
    fn is_authorized(&self, text: &str) -> bool {
        let digits = || text.bytes().filter(u8::is_ascii_digit);
        self.authorized.iter().any(|authorized| authorized.bytes().eq(digits()))
    }
}

/// A name or a key says what the date means.
fn is_explained(source: Source<'_>, constant: NodeId) -> bool {
    let tree = source.tree;
    let is_assigned = |node| {
        let is_right = tree.node(node).role == Role::Right;
        is_right && tree.parent(node).is_some_and(|parent| tree.kind(parent) == NodeKind::Assignment)
    };
    let Some(parent) = tree.parent(constant) else { return false };
    match tree.kind(parent) {
        NodeKind::Return => return true,
        NodeKind::Assignment if is_assigned(constant) => return true,
        NodeKind::Arguments if listed_arguments(tree, parent).nth(1).is_none() => {
            let call = tree.parent(parent);
            if call.is_some_and(|call| is_assigned(call) && is_global_call(source, call, DATE)) {
                return true;
            }
        }
        _ => {}
    }
    is_keyed_value(source, whole_expression(tree, constant))
}

/// A literal of 8 or 14 digits that make a date.
fn is_date_in_string(literal: &str) -> bool {
    let Some([b'"', digits @ .., b'"']) = Some(literal.as_bytes()) else { return false };
    if !matches!(digits.len(), 8 | 14) || digits[0] > b'3' || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |from: usize, to: usize| {
        let part = digits.get(from..to).unwrap_or_default();
        part.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    };
    number(0, 4) > 0
        && (1..=12).contains(&number(4, 6))
        && (1..=31).contains(&number(6, 8))
        && number(8, 10) <= 24
        && number(10, 12) <= 60
        && number(12, 14) <= 60
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn dates_in_expressions() {
        rule("MagicDate").check(
            "Функция А(Б = '20200101')\n\tВ = '20200101';\n\tВ = Дата(\"20200101\");\n\tВ = Date('20200101');\n\
             \tЕсли Д > '2020.01.01' Тогда\n\tКонецЕсли;\n\tВ = Ф('20200101', \"20200101235959\");\n\
             \tВ = Дата('20200101') + 1;\n\tВ = Дата(\"20200101\", 1);\n\tВ = ('20200101');\n\tВ = ?(Д, 'x', \"20200101\");\n\
             \tВозврат '20200101';\nКонецФункции\n",
            expect![[r#"
                5:11 `'2020.01.01'` Magic date '2020.01.01'
                7:8 `'20200101'` Magic date '20200101'
                7:20 `"20200101235959"` Magic date "20200101235959"
                8:11 `'20200101'` Magic date '20200101'
                9:11 `"20200101"` Magic date "20200101"
                10:7 `'20200101'` Magic date '20200101'
                11:11 `'x'` Magic date 'x'
                11:16 `"20200101"` Magic date "20200101"
            "#]],
        );
    }

    #[test]
    fn digits_have_to_make_a_date() {
        rule("MagicDate").check(
            "Ф('0001-01-01', '00010101000000', \"00010101\");\n\
             Ф(\"00000101\", \"20201301\", \"20200132\", \"20200101256060\", \"40200101\", \"2020010\", \"2020-01-\", \"\");\n\
             F(\"39991231\", \"20200101246060\", '');\n",
            expect![[r#"
                3:3 `"39991231"` Magic date "39991231"
                3:15 `"20200101246060"` Magic date "20200101246060"
                3:33 `''` Magic date ''
            "#]],
        );
    }

    #[test]
    fn keys_explain_values() {
        rule("MagicDate").string("authorizedDates", "20200102, 202001020304").check(
            "С = Новый Структура(\"А\", ('20200101'));\nС.Вставить(\"А\", '20200101');\nД.Вставить(\"А\", '20200101');\n\
             Ф('20200102', '202001020304', '00010101');\n",
            expect![[r#"
                3:17 `'20200101'` Magic date '20200101'
                4:31 `'00010101'` Magic date '00010101'
            "#]],
        );
    }
}
