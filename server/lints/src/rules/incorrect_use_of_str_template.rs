//! `СтрШаблон` whose template and values do not fit each other.

use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::{arguments_of, is_global_call};
use crate::context::Context;
use crate::later_places::block_around;
use crate::literals::content;
use crate::name_hash::name_hash;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::sound_nodes::sound_nodes;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IncorrectUseOfStrTemplate",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 1,
    tags: &["brainoverload", "suspicious", "unpredictable"],
    messages: &[Text {
        ru: "Подстановки шаблона не соответствуют переданным значениям: их {0}",
        en: "Placeholders of the template do not fit the values passed: there are {0}",
    }],
    docs: docs!("incorrect_use_of_str_template"),
    create: |_| Box::new(IncorrectUseOfStrTemplate),
    ..RuleInfo::DEFAULT
};

const TEMPLATE: &[&str] = &["СтрШаблон", "StrTemplate"];
const NSTR: &[&str] = &["НСтр", "NStr"];

/// The highest number of a placeholder.
const MAX_NUMBER: usize = 10;

struct IncorrectUseOfStrTemplate;

impl Rule for IncorrectUseOfStrTemplate {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let tree = source.tree;
        if !sound_nodes(tree).any(|node| is_global_call(source, node, TEMPLATE)) {
            return;
        }
        let mut constants = Constants { source, values: FxHashMap::default() };
        for node in sound_nodes(tree) {
            match tree.kind(node) {
                NodeKind::Assignment => constants.assign(node),
                NodeKind::Call if is_global_call(source, node, TEMPLATE) => {
                    let Some(template) = constants.template_of(node) else { continue };
                    let values = arguments_of(tree, node).count() - 1;
                    if is_wrong(&content(source, template), values) {
                        ctx.report_node(node).arg(values);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What variables hold that get a constant, by block and name.
struct Constants<'a> {
    source: Source<'a>,
    values: FxHashMap<(NodeId, u64), NodeId>,
}

impl Constants<'_> {
    /// Values that are no constants change nothing.
    fn assign(&mut self, assignment: NodeId) {
        let tree = self.source.tree;
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            return;
        };
        if tree.kind(left) == NodeKind::Name && is_constant(tree, right) {
            let key = (block_around(tree, assignment), name_hash(self.source.node_text(left)));
            self.values.insert(key, right);
        }
    }

    /// The literal that a call takes as its template, as it is or through `НСтр` or a variable.
    fn template_of(&self, call: NodeId) -> Option<NodeId> {
        let tree = self.source.tree;
        let mut template = arguments_of(tree, call).next()??;
        if is_global_call(self.source, template, NSTR) {
            template = arguments_of(tree, template).next()??;
        }
        if tree.kind(template) == NodeKind::Name {
            let key = (block_around(tree, call), name_hash(self.source.node_text(template)));
            template = *self.values.get(&key)?;
        }
        let is_text = tree.kind(template) == NodeKind::String;
        is_text.then_some(template).filter(|template| !content(self.source, *template).is_empty())
    }
}

fn is_constant(tree: &SyntaxTree, expression: NodeId) -> bool {
    match tree.kind(expression) {
        NodeKind::Unary => tree
            .child(expression, Role::Operand)
            .is_some_and(|operand| tree.kind(operand) == NodeKind::Number),
        kind => kind.is_literal(),
    }
}

/// `%%` may stand for a percent sign: a template that fits in one of both readings is fine.
fn is_wrong(template: &str, values: usize) -> bool {
    let fits = |text: &str| Placeholders::of(text).fit(values);
    let fits_without_signs = || template.contains("%%") && fits(&template.replace("%%", ""));
    !fits(template) && !fits_without_signs()
}

#[derive(Default)]
struct Placeholders {
    /// Bit by number.
    used: u32,
    has_impossible: bool,
}

impl Placeholders {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        for (index, _) in text.match_indices('%') {
            if text[..index].ends_with('%') {
                continue;
            }
            let rest = &text[index + 1..];
            let (rest, is_open) = rest.strip_prefix('(').map_or((rest, false), |rest| (rest, true));
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = rest.split_at(length);
            if length == 0 || (is_open && !rest.starts_with(')')) {
                continue;
            }
            match number.parse::<usize>() {
                Ok(value @ 1..=MAX_NUMBER) if !number.starts_with('0') => found.used |= 1 << value,
                _ => found.has_impossible = true,
            }
        }
        found
    }

    /// All numbers up to the number of values are there, and no others.
    fn fit(&self, values: usize) -> bool {
        let expected = (1..=values.min(MAX_NUMBER + 1)).fold(0, |bits, number| bits | 1 << number);
        !self.has_impossible && self.used == expected
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::is_wrong;
    use crate::testing::rule;

    #[test]
    fn templates_and_values() {
        assert!(!is_wrong("%1 и %2", 2) && !is_wrong("%(1)0%", 1) && !is_wrong("нет", 0));
        assert!(is_wrong("%1 и %2", 1) && is_wrong("%1", 2) && is_wrong("%2", 2) && is_wrong("%1", 0));
        assert!(is_wrong("нет", 1) && is_wrong("%0 %1", 1) && is_wrong("%1 %11", 1) && is_wrong("%(12)", 0));
        assert!(!is_wrong("%%1", 0) && !is_wrong("%%%1", 1) && is_wrong("%%1", 1));
        assert!(!is_wrong("%1%2%3%4%5%6%7%8%9%10", 10) && is_wrong("%1%2%3%4%5%6%7%8%9%10", 11));
        assert!(!is_wrong("%а %(1 %", 0));
    }

    #[test]
    fn literals_and_multilingual_texts() {
        rule("IncorrectUseOfStrTemplate").check(
            "А = СтрШаблон(\"%1\", Б, В);\nА = Ф(strTemplate(НСтр(\"ru='%1';\n|en='%2'\"), Б));\nА = СтрШаблон(\"%1\", );\n\
             А = СтрШаблон(\"%1\");\nА = СтрШаблон(\"\", Б);\nА = СтрШаблон(\"%1\" + Х, Б, В);\nА = О.СтрШаблон(\"%1\");\nА = СтрШаблон();\n",
            expect![[r#"
                1:5 `СтрШаблон("%1", Б, В)` Placeholders of the template do not fit the values passed: there are 2
                2:7 `strTemplate(НСтр("ru='%1';⏎|en='%2'"), Б)` Placeholders of the template do not fit the values passed: there are 1
                5:5 `СтрШаблон("%1")` Placeholders of the template do not fit the values passed: there are 0
            "#]],
        );
    }

    #[test]
    fn variables_of_the_same_block() {
        rule("IncorrectUseOfStrTemplate").check(
            "Процедура А()\n\tШаблон = \"%1\";\n\tшаблон = Получить();\n\tТекст = СтрШаблон(Шаблон);\n\tТекст = СтрШаблон(НСтр(Шаблон), 1);\n\
             \tЕсли СтрШаблон(Шаблон) = 1 Тогда\n\t\tТекст = СтрШаблон(Шаблон);\n\tКонецЕсли;\n\tШаблон = 1;\n\tТекст = СтрШаблон(Шаблон);\n\
             КонецПроцедуры\nПроцедура Б()\n\tТекст = СтрШаблон(Шаблон);\nКонецПроцедуры\n",
            expect![[r#"
                4:10 `СтрШаблон(Шаблон)` Placeholders of the template do not fit the values passed: there are 0
                6:7 `СтрШаблон(Шаблон)` Placeholders of the template do not fit the values passed: there are 0
            "#]],
        );
    }
}
