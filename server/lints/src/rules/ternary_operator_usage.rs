//! Any ternary operator, for teams that do not want it.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source};

use crate::context::Context;
use crate::layout::{has_line_of_its_own, has_trivia, indentation, is_pure};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TernaryOperatorUsage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 3,
    is_on_by_default: false,
    tags: &["brainoverload"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Вместо тернарного оператора используйте `Если`",
        en: "Use `If` instead of the ternary operator",
    }],
    docs: docs!("ternary_operator_usage"),
    create: |_| Box::new(TernaryOperatorUsage),
    ..RuleInfo::DEFAULT
};

struct TernaryOperatorUsage;

impl Rule for TernaryOperatorUsage {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Ternary]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let fix = branches(ctx.source, node);
        ctx.report_node(node).fix(fix);
    }
}

/// An assignment or a return in two branches. Effects of the assigned place would move behind the condition.
fn branches(source: Source<'_>, ternary: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let statement = tree.parent(ternary)?;
    let is_whole = match tree.kind(statement) {
        NodeKind::Return => true,
        NodeKind::Assignment => {
            let target = tree.child(statement, Role::Left)?;
            tree.node(ternary).role == Role::Right && is_pure(tree, target)
        }
        _ => false,
    };
    let range = tree.range(statement);
    if !is_whole || !has_line_of_its_own(source, statement) || has_trivia(tree, range) {
        return None;
    }
    let part = |role| Some(source.node_text(tree.child(ternary, role)?));
    let (condition, yes, no) = (part(Role::Condition)?, part(Role::Consequence)?, part(Role::Alternative)?);
    let start = source.slice(TextRange { start: range.start, end: tree.range(ternary).start });
    let [if_word, then, otherwise, end] = match start.is_ascii() {
        true => ["If", "Then", "Else", "EndIf"],
        false => ["Если", "Тогда", "Иначе", "КонецЕсли"],
    };
    let next = format!("{}{}", syntax::line_break(source.text), indentation(source, range.start));
    let start = start.trim_end();
    let lines = [
        format!("{if_word} {condition} {then}"),
        format!("\t{start} {yes};"),
        otherwise.to_owned(),
        format!("\t{start} {no};"),
        end.to_owned(),
    ];
    Some(Edit::replace(range, lines.join(&next)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_makes_branches() {
        rule("TernaryOperatorUsage").check_fix(
            "\tА = ?(Б, 1, ?(В, 2, 3));\nReturn ?(A, 1, 2)\n;\nА[Ф()] = ?(Б, 1, 2);\nА = ?(Б, 1, 2) + 1;\n\
             Если Б Тогда А = ?(Б, 1, 2); КонецЕсли;\nА = ?(Б, // да\n\t1, 2);\n",
            expect![[r#"
                	Если Б Тогда
                		А = 1;
                	Иначе
                		Если В Тогда
                			А = 2;
                		Иначе
                			А = 3;
                		КонецЕсли;
                	КонецЕсли;
                If A Then
                	Return 1;
                Else
                	Return 2;
                EndIf
                ;
                А[Ф()] = ?(Б, 1, 2);
                А = ?(Б, 1, 2) + 1;
                Если Б Тогда А = ?(Б, 1, 2); КонецЕсли;
                А = ?(Б, // да
                	1, 2);
            "#]],
        );
    }

    #[test]
    fn nested_operators_are_reported_too() {
        rule("TernaryOperatorUsage").check(
            "А = ?(Б, ? (В, 1, 2), 3);\nCall(?(True, 1, 2));\n",
            expect![[r#"
                1:5 `?(Б, ? (В, 1, 2), 3)` Use `If` instead of the ternary operator
                1:10 `? (В, 1, 2)` Use `If` instead of the ternary operator
                2:6 `?(True, 1, 2)` Use `If` instead of the ternary operator
            "#]],
        );
    }
}
