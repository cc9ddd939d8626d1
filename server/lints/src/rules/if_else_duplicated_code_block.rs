//! Branches of one statement that do the same.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source};

use crate::context::Context;
use crate::control_flow::equal_groups;
use crate::layout::{clause_range, column, has_trivia, indentation, is_pure};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "IfElseDuplicatedCodeBlock",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 10,
    tags: &["suspicious"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Ветки `Если` делают одно и то же", en: "Branches of `If` do the same"
    }],
    docs: docs!("if_else_duplicated_code_block"),
    create: |_| Box::new(IfElseDuplicatedCodeBlock),
    ..RuleInfo::DEFAULT
};

/// Longest line that the fix makes of two conditions.
const MAX_COLUMN: usize = 100;

struct IfElseDuplicatedCodeBlock;

impl Rule for IfElseDuplicatedCodeBlock {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::If]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let is_clause =
            |child: &NodeId| matches!(tree.kind(*child), NodeKind::ElsifClause | NodeKind::ElseClause);
        if !tree.children(node).any(|child| is_clause(&child)) {
            return;
        }
        let blocks: Vec<_> = std::iter::once(node)
            .chain(tree.children(node).filter(is_clause))
            .filter_map(|branch| tree.child_of_kind(branch, NodeKind::Block))
            .filter(|block| !tree.token_span(*block).is_empty() && !tree.node(*block).is_broken)
            .collect();
        for group in equal_groups(ctx.source, &blocks) {
            let related: Vec<_> = group.iter().map(|block| tree.range(*block)).collect();
            let fix = merged(ctx.source, &group).unwrap_or_default();
            ctx.report(related[0]).related(related).fix(fix);
        }
    }
}

/// Two branches in a row become one: its condition is either of theirs. Before `Иначе` a branch is not needed at all.
fn merged(source: Source<'_>, blocks: &[NodeId]) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let [first, second] = blocks else { return None };
    let (first, second) = (tree.parent(*first)?, tree.parent(*second)?);
    let condition = tree.child(first, Role::Condition)?;
    if tree.kind(second) == NodeKind::ElseClause {
        let is_last = tree.subtree_end(first) == second && tree.kind(first) == NodeKind::ElsifClause;
        let range = clause_range(tree, first).filter(|range| is_last && !has_trivia(tree, *range))?;
        return is_pure(tree, condition).then(|| vec![Edit::delete(range)]);
    }
    let is_next = match tree.kind(first) {
        NodeKind::If => tree.child_of_kind(first, NodeKind::ElsifClause) == Some(second),
        _ => tree.subtree_end(first) == second,
    };
    let range = clause_range(tree, second).filter(|range| is_next && !has_trivia(tree, *range))?;
    let other = tree.child(second, Role::Condition)?;
    let or = if tree.first_token(second).is_some_and(|word| source.token_text(word).is_ascii()) {
        "OR"
    } else {
        "ИЛИ"
    };
    let other = source.node_text(other);
    let end = tree.range(condition).end;
    // A long condition goes on a line of its own.
    let blank = if column(source.text, end) + other.chars().count() > MAX_COLUMN {
        format!("{}{}\t", syntax::line_break(source.text), indentation(source, end))
    } else {
        " ".to_owned()
    };
    Some(vec![Edit::insert(end, format!("{blank}{or} {other}")), Edit::delete(range)])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_joins_neighbors() {
        rule("IfElseDuplicatedCodeBlock").check_fix(
            "Если А Тогда\n\tБ();\nИначеЕсли В И Г Тогда\n\tБ();\nИначе\n\tД();\nКонецЕсли;\n\
             If A Then\n\tB();\nElsIf C Then\n\tD();\nElsIf E Then\n\tD();\nEndIf;\n\
             Если А Тогда\n\tБ();\nИначеЕсли В Тогда\n\tГ();\nИначе\n\tГ();\nКонецЕсли;\n\
             Если А Тогда\n\tБ();\nИначеЕсли В Тогда\n\tГ();\nИначе\n\tБ();\nКонецЕсли;\n\
             Если А Тогда\n\tБ();\nИначеЕсли В Тогда\n\t// да\n\tБ();\nКонецЕсли;\n",
            expect![[r#"
                Если А ИЛИ В И Г Тогда
                	Б();
                Иначе
                	Д();
                КонецЕсли;
                If A Then
                	B();
                ElsIf C OR E Then
                	D();
                EndIf;
                Если А Тогда
                	Б();
                Иначе
                	Г();
                КонецЕсли;
                Если А Тогда
                	Б();
                ИначеЕсли В Тогда
                	Г();
                Иначе
                	Б();
                КонецЕсли;
                Если А Тогда
                	Б();
                ИначеЕсли В Тогда
                	// да
                	Б();
                КонецЕсли;
            "#]],
        );
    }

    #[test]
    fn comments_and_case_do_not_matter() {
        rule("IfElseDuplicatedCodeBlock").check(
            "Если А Тогда\n\tБ = 1; // раз\n\tВ();\nИначеЕсли Г Тогда\n\tБ = 2;\nИначе\n\tб=1; в();\nКонецЕсли;\n\
             If A Then\nElsIf B Then\nElse\nEndIf;\nIf A Then\n\tB();\nElse\n\tB(1);\nEndIf;\n",
            expect![[r#"
                2:2 `Б = 1; // раз⏎	В();` Branches of `If` do the same +2:2 +7:2
            "#]],
        );
    }

    #[test]
    fn directives_make_a_difference() {
        rule("IfElseDuplicatedCodeBlock").check(
            "Если А Тогда\n#Если Сервер Тогда\n\tБ();\n\tВ();\n#КонецЕсли\nИначе\n\tБ();\n#Если Сервер Тогда\n\tВ();\n#КонецЕсли\nКонецЕсли;\n",
            expect![[""]],
        );
    }
}
