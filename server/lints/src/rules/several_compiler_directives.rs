//! Two compilation directives where one decides.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::is_word;
use crate::context::Context;
use crate::layout::removal;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "SeveralCompilerDirectives",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["unpredictable", "error"],
    fix: FixSafety::Unsafe,
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
        let names: Vec<_> = directives(source, declaration).map(|name| source.node_text(name)).collect();
        let surplus = directives(source, declaration).skip(1).filter_map(|name| tree.parent(name));
        let fix = surplus.map(|annotation| Edit::delete(removal(source.text, tree.range(annotation))));
        if let Some(range) = range {
            ctx.report(range).arg(names.join(", ")).fix(fix);
        }
    }
}

/// Names of the compilation directives of a method or variable; other annotations do not count.
fn directives(source: Source<'_>, declaration: NodeId) -> impl Iterator<Item = NodeId> {
    let tree = source.tree;
    let annotations =
        tree.children(declaration).take_while(|child| tree.kind(*child) == NodeKind::Annotation);
    annotations
        .filter_map(|annotation| tree.child(annotation, Role::Name))
        .filter(move |name| is_word(source.node_text(*name), DIRECTIVES))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_leaves_the_first_directive() {
        rule("SeveralCompilerDirectives").check_fix(
            "&НаКлиенте\n&НаСервере\n&НаСервере\nПерем А;\n&AtClient &Custom &AtServer\nProcedure B()\nEndProcedure\n\
             &НаКлиенте // да\n&НаСервере // нет\nПроцедура В()\nКонецПроцедуры\n",
            expect![[r#"
                &НаКлиенте
                Перем А;
                &AtClient &Custom
                Procedure B()
                EndProcedure
                &НаКлиенте // да
                // нет
                Процедура В()
                КонецПроцедуры
            "#]],
        );
    }

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
