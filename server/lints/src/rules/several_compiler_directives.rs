//! Two compilation directives where one decides.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::is_word;
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SeveralCompilerDirectives",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["unpredictable", "error"],
    messages: &[Text {
        ru: "Несколько директив компиляции: {0}", en: "Several compilation directives: {0}"
    }],
    docs: docs!("several_compiler_directives"),
    create: |_| Box::new(SeveralCompilerDirectives),
    ..RuleInfo::DEFAULT
};

const DIRECTIVES: &[&str] = &[
    "НаКлиенте",
    "AtClient",
    "НаСервере",
    "AtServer",
    "НаСервереБезКонтекста",
    "AtServerNoContext",
    "НаКлиентеНаСервере",
    "AtClientAtServer",
    "НаКлиентеНаСервереБезКонтекста",
    "AtClientAtServerNoContext",
];

struct SeveralCompilerDirectives;

impl Rule for SeveralCompilerDirectives {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function, NodeKind::VarDeclaration]
    }

    fn node(&self, ctx: &mut Context<'_>, declaration: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        if tree.parent(declaration) != Some(SyntaxTree::ROOT) || directives(source, declaration).count() < 2 {
            return;
        }
        let range = if tree.kind(declaration) == NodeKind::VarDeclaration {
            let variables =
                tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable);
            variables.map(|variable| tree.range(variable)).reduce(TextRange::cover)
        } else {
            tree.child(declaration, Role::Name).map(|name| tree.range(name))
        };
        let names: Vec<_> = directives(source, declaration).collect();
        if let Some(range) = range {
            ctx.report(range).arg(names.join(", "));
        }
    }
}

/// Names of the compilation directives of a method or variable; other annotations do not count.
fn directives<'a>(source: Source<'a>, declaration: NodeId) -> impl Iterator<Item = &'a str> {
    let tree = source.tree;
    let annotations =
        tree.children(declaration).take_while(|child| tree.kind(*child) == NodeKind::Annotation);
    annotations
        .filter_map(|annotation| tree.child(annotation, Role::Name))
        .map(move |name| source.node_text(name))
        .filter(|name| is_word(name, DIRECTIVES))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn methods_and_variables() {
        rule("SeveralCompilerDirectives").check(
            "&НаКлиенте\n&НаСервере\nПерем А, Б Экспорт;\n&AtClient\nVar C;\n\
             &НаСервере &НаСервереБезКонтекста\nПроцедура А()\nКонецПроцедуры\n\
             &AtServer\n&After(\"Write\")\nProcedure B()\nEndProcedure\n\
             &Перед(\"Запись\")\n&НаКлиенте\n&наклиенте\nАсинх Функция В()\nКонецФункции\n",
            expect![[r#"
                3:7 `А, Б Экспорт` Several compilation directives: НаКлиенте, НаСервере
                7:11 `А` Several compilation directives: НаСервере, НаСервереБезКонтекста
                16:15 `В` Several compilation directives: НаКлиенте, наклиенте
            "#]],
        );
    }
}
