//! Parameters that a method of a OneScript file never mentions.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::argument_list::{is_word, parameters};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnusedParameters",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Os,
    tags: &["design", "unused"],
    messages: &[Text {
        ru: "Параметр {0} не используется", en: "The parameter {0} is not used"
    }],
    docs: docs!("unused_parameters"),
    create: |_| Box::new(UnusedParameters),
    ..RuleInfo::DEFAULT
};

/// The platform calls it, so it cannot choose its parameters.
const CONSTRUCTOR: &[&str] = &["ПриСозданииОбъекта", "OnObjectCreate"];

struct UnusedParameters;

impl Rule for UnusedParameters {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(list) = tree.child(method, Role::Parameters) else { return };
        let is_constructor =
            tree.child(method, Role::Name).is_some_and(|name| is_word(source.node_text(name), CONSTRUCTOR));
        let block = tree.child_of_kind(method, NodeKind::Block).filter(|block| has_statements(tree, *block));
        let (Some(block), false) = (block, is_constructor) else { return };
        let names = parameters(tree, list).filter_map(|parameter| tree.child(parameter, Role::Name));
        let mut unused: Vec<NodeId> = names.collect();
        for token in tree.tokens_of(block).iter().filter(|token| token.kind == TokenKind::Identifier) {
            if unused.is_empty() {
                return;
            }
            let word = source.token_text(token);
            // One use is enough for one of two parameters with the same name.
            if let Some(used) = unused.iter().position(|name| is_word(word, &[source.node_text(*name)])) {
                unused.remove(used);
            }
        }
        for name in unused {
            ctx.report_node(name).arg(source.node_text(name));
        }
    }
}

/// Declarations alone are no body.
fn has_statements(tree: &SyntaxTree, block: NodeId) -> bool {
    tree.children(block).any(|statement| tree.kind(statement) != NodeKind::VarDeclaration)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn every_mention_is_a_use() {
        rule("UnusedParameters").oscript().check(
            "Процедура А(Раз, Знач Два = 1, Три, Четыре)\n\tПерем Три;\n\tБ = раз.Четыре;\nКонецПроцедуры\n\
             Function F(One, Two)\n\tReturn \"One\";\nEndFunction\n",
            expect![[r#"
                1:23 `Два` The parameter Два is not used
                5:12 `One` The parameter One is not used
                5:17 `Two` The parameter Two is not used
            "#]],
        );
    }

    #[test]
    fn empty_methods_and_constructors_are_left_alone() {
        rule("UnusedParameters").oscript().check(
            "Процедура А(Раз)\n\tПерем Б;\nКонецПроцедуры\n\
             Procedure OnObjectCreate(One)\n\tA = 1;\nEndProcedure\n",
            expect![[""]],
        );
    }

    #[test]
    fn only_oscript() {
        rule("UnusedParameters").check("Процедура А(Раз)\n\tБ();\nКонецПроцедуры\n", expect![[""]]);
    }
}
