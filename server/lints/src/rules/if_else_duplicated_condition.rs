//! A condition that was already checked in the same chain.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source};

use crate::context::Context;
use crate::control_flow::equal_groups;
use crate::layout::{clause_range, is_pure};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfElseDuplicatedCondition",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    tags: &["suspicious"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Условие повторяется в той же цепочке `Если`",
        en: "The condition is repeated in the same chain of `If`",
    }],
    docs: docs!("if_else_duplicated_condition"),
    create: |_| Box::new(IfElseDuplicatedCondition),
    ..RuleInfo::DEFAULT
};

struct IfElseDuplicatedCondition;

impl Rule for IfElseDuplicatedCondition {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        if tree.child_of_kind(node, NodeKind::ElsifClause).is_none() {
            return;
        }
        let clauses = tree.children(node).filter(|child| tree.kind(*child) == NodeKind::ElsifClause);
        let conditions: Vec<_> = std::iter::once(node)
            .chain(clauses)
            .filter_map(|branch| tree.child(branch, Role::Condition))
            .filter(|condition| !tree.node(*condition).has_error)
            .collect();
        for group in equal_groups(ctx.source, &conditions) {
            let related: Vec<_> = group.iter().map(|condition| tree.range(*condition)).collect();
            let fix = without_repeats(ctx.source, &group).unwrap_or_default();
            ctx.report(related[0]).related(related).fix(fix);
        }
    }
}

/// Branches that repeat a condition never run, unless the condition changes with every look at it.
fn without_repeats(source: Source<'_>, conditions: &[NodeId]) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let (_, repeats) = conditions.split_first().filter(|(first, _)| is_pure(tree, **first))?;
    repeats
        .iter()
        .map(|condition| Some(Edit::delete(clause_range(tree, tree.parent(*condition)?)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_deletes_what_never_runs() {
        rule("IfElseDuplicatedCondition").check_fix(
            "\tЕсли А = 1 Тогда\n\t\tБ();\n\tИначеЕсли А = 1 Тогда\n\t\tВ();\n\t\t// да\n\tИначеЕсли Г Тогда\n\tИначеЕсли А=1 Тогда\n\t\tД();\n\tКонецЕсли;\n\
             If F() Then\nElsIf F() Then\nEndIf;\nIf A Then\nElsIf A Then\n#If Server Then\n\tB();\n#EndIf\nEndIf;\n",
            expect![[r#"
                	Если А = 1 Тогда
                		Б();
                	ИначеЕсли Г Тогда
                	КонецЕсли;
                If F() Then
                ElsIf F() Then
                EndIf;
                If A Then
                ElsIf A Then
                #If Server Then
                	B();
                #EndIf
                EndIf;
            "#]],
        );
    }

    #[test]
    fn one_finding_per_group() {
        rule("IfElseDuplicatedCondition").check(
            "Если А = 1 Тогда\nИначеЕсли Б Тогда\nElsIf а=1 Then\nИначеЕсли Б Тогда\nИначеЕсли А = 2 Тогда\nИначеЕсли А = 1 Тогда\nКонецЕсли;\n",
            expect![[r#"
                1:6 `А = 1` The condition is repeated in the same chain of `If` +1:6 +3:7 +6:11
                2:11 `Б` The condition is repeated in the same chain of `If` +2:11 +4:11
            "#]],
        );
    }

    #[test]
    fn literals_compare_exactly() {
        rule("IfElseDuplicatedCondition").check(
            "If A = \"x\" Then\nElsIf A = \"X\" Then\nElse\nIf A = \"x\" Then\nEndIf;\nEndIf;\n",
            expect![[""]],
        );
    }

    #[test]
    fn long_chains() {
        let chain: String = (0..40).map(|number| format!("ИначеЕсли А = {} Тогда\n", number % 37)).collect();
        rule("IfElseDuplicatedCondition").check(
            &format!("Если Б Тогда\n{chain}КонецЕсли;"),
            expect![[r#"
                2:11 `А = 0` The condition is repeated in the same chain of `If` +2:11 +39:11
                3:11 `А = 1` The condition is repeated in the same chain of `If` +3:11 +40:11
                4:11 `А = 2` The condition is repeated in the same chain of `If` +4:11 +41:11
            "#]],
        );
    }
}
