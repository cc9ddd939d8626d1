//! Parameters that are overwritten before anybody looks at what was passed.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::argument_list::{is_word, parameters};
use crate::context::Context;
use crate::facts::is_assigned;
use crate::local_variables::is_read;
use crate::operators::without_parentheses;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "RewriteMethodParameter",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 2,
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Параметр {0} перезаписан раньше, чем использован",
        en: "The parameter {0} is overwritten before it is used",
    }],
    docs: docs!("rewrite_method_parameter"),
    create: |_| Box::new(RewriteMethodParameter),
    ..RuleInfo::DEFAULT
};

struct RewriteMethodParameter;

impl Rule for RewriteMethodParameter {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let Some(list) = tree.child(method, Role::Parameters) else { return };
        let by_value =
            parameters(tree, list).filter(|parameter| tree.own_token(*parameter, TokenKind::Val).is_some());
        for parameter in by_value.filter_map(|parameter| tree.child(parameter, Role::Name)) {
            look_at(ctx, method, parameter);
        }
    }
}

fn look_at(ctx: &mut Context<'_>, method: NodeId, parameter: NodeId) {
    let source = ctx.source;
    let tree = source.tree;
    let name = source.node_text(parameter);
    let mut uses = tree.descendants(method).filter(|node| {
        tree.kind(*node) == NodeKind::Name
            && (is_assigned(tree, *node) || is_read(tree, *node))
            && is_word(source.node_text(*node), &[name])
    });
    let Some(mut first) = uses.next() else { return };
    let mut second = uses.next();
    while second.is_some_and(|used| is_self_assignment(tree, first, used)) {
        let Some(next) = uses.next() else { return };
        first = next;
        second = uses.next();
    }
    let is_used = second.is_some_and(|second| is_in_value(tree, first, second));
    if !is_assigned(tree, first) || is_used {
        return;
    }
    let places = [parameter].into_iter().chain(second).chain(uses).map(|node| tree.range(node));
    let related: Vec<TextRange> = places.collect();
    ctx.report_node(first).arg(source.node_text(first)).related(related);
}

/// `П = П`.
fn is_self_assignment(tree: &SyntaxTree, left: NodeId, right: NodeId) -> bool {
    let assignment = tree.parent(left).filter(|parent| tree.kind(*parent) == NodeKind::Assignment);
    let value = assignment.and_then(|assignment| tree.child(assignment, Role::Right));
    is_assigned(tree, left) && value.is_some_and(|value| without_parentheses(tree, value) == right)
}

/// The value that a name gets is computed from another use; so are the bounds and collections of loops.
fn is_in_value(tree: &SyntaxTree, definition: NodeId, other: NodeId) -> bool {
    let Some(statement) = tree.parent(definition) else { return false };
    let values = [Role::Right, Role::From, Role::To, Role::Collection];
    let mut values = values.into_iter().filter_map(|role| tree.child(statement, role));
    values.any(|value| tree.is_within(other, value))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_first_use_is_an_assignment() {
        rule("RewriteMethodParameter").check(
            "Процедура А(Знач Раз, Знач Два, Три, Знач Четыре, Знач Пять, Знач Шесть)\n\tраз = 1;\n\tБ = Раз;\n\tДва = Два + 1;\n\
             \tТри = 1;\n\tЕсли Четыре() Тогда\n\t\tЧетыре = Четыре;\n\t\tЧетыре = 2;\n\tКонецЕсли;\n\tПять = Ф(Б) + Ф(Пять);\n\
             \tШесть.Поле = 1;\n\tШесть = 2;\nКонецПроцедуры\n",
            expect![[r#"
                2:2 `раз` The parameter раз is overwritten before it is used +1:18 +3:6
                8:3 `Четыре` The parameter Четыре is overwritten before it is used +1:43
            "#]],
        );
    }

    #[test]
    fn loops_are_assignments() {
        rule("RewriteMethodParameter").check(
            "Function A(Val I, Val Each_, Val List, Val Same)\n\tFor I = 1 To 5 Do\n\tEndDo;\n\tFor Each Each_ In List Do\n\tEndDo;\n\
             \tFor Each List In List Do\n\tEndDo;\n\tSame = Same;\nEndFunction\n",
            expect![[r#"
                2:6 `I` The parameter I is overwritten before it is used +1:16
                4:11 `Each_` The parameter Each_ is overwritten before it is used +1:23
            "#]],
        );
    }
}
