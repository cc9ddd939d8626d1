//! `ЭтаФорма`, the old name of `ЭтотОбъект` in form modules.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::calls::PlatformName;
use crate::context::Context;
use crate::module::ModuleKind;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingThisForm",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule],
    compatibility: Some((8, 3, 3)),
    tags: &["standard", "deprecated"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Вместо `{0}` используйте `{1}`", en: "Use `{1}` instead of `{0}`"
    }],
    docs: docs!("using_this_form"),
    create: |_| Box::new(UsingThisForm),
    ..RuleInfo::DEFAULT
};

const THIS_FORM: PlatformName = PlatformName::new("ЭтаФорма", "ThisForm");
const THIS_OBJECT: PlatformName = PlatformName::new("ЭтотОбъект", "ThisObject");

struct UsingThisForm;

impl Rule for UsingThisForm {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Name]
    }

    fn node(&self, ctx: &mut Context<'_>, name: NodeId) {
        let text = ctx.source.node_text(name);
        if !THIS_FORM.is(text) || !is_use(ctx, name) || has_parameter(ctx, name) {
            return;
        }
        let replacement = THIS_OBJECT.in_language_of(text);
        let range = ctx.source.tree.range(name);
        let is_head = ctx.source.tree.node(name).role != Role::Property;
        let fix = (is_head && !is_parameter(ctx, name)).then(|| Edit::replace(range, replacement));
        ctx.report(range).arg(text).arg(replacement).fix(fix);
    }
}

/// Declared names are no uses. Members count in expressions, but not in the chain of a call statement
/// or of an assigned place.
fn is_use(ctx: &Context<'_>, name: NodeId) -> bool {
    let tree = ctx.source.tree;
    match tree.node(name).role {
        Role::Name | Role::Variable | Role::Type => return false,
        Role::Property => {}
        _ => return true,
    }
    let Some(mut chain) = tree.parent(name) else { return false };
    while matches!(tree.node(chain).role, Role::Object | Role::Function)
        && let Some(parent) = tree.parent(chain)
    {
        chain = parent;
    }
    let is_statement =
        tree.parent(chain).is_some_and(|parent| tree.kind(parent) == NodeKind::ExpressionStatement);
    !is_statement && !is_target(ctx, chain)
}

fn is_target(ctx: &Context<'_>, chain: NodeId) -> bool {
    let tree = ctx.source.tree;
    let is_in_assignment = tree.parent(chain).is_some_and(|parent| tree.kind(parent) == NodeKind::Assignment);
    is_in_assignment && tree.node(chain).role == Role::Left
}

/// A parameter by reference whose name starts with the word takes its place in the whole method.
fn has_parameter(ctx: &Context<'_>, name: NodeId) -> bool {
    let tree = ctx.source.tree;
    let Some(method) = tree.enclosing_method(name) else { return false };
    let Some(parameters) = tree.child(method, Role::Parameters) else { return false };
    tree.children(parameters).any(|parameter| {
        tree.first_token(parameter).is_some_and(|first| {
            first.kind == TokenKind::Identifier && THIS_FORM.starts(ctx.source.token_text(first))
        })
    })
}

/// The word is a parameter by value: it is reported, but means something else than the form.
fn is_parameter(ctx: &Context<'_>, name: NodeId) -> bool {
    let tree = ctx.source.tree;
    let method = tree.enclosing_method(name);
    let Some(parameters) = method.and_then(|method| tree.child(method, Role::Parameters)) else {
        return false;
    };
    let mut names = tree.children(parameters).filter_map(|parameter| tree.child(parameter, Role::Name));
    names.any(|parameter| THIS_FORM.is(ctx.source.node_text(parameter)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn heads_members_and_arguments() {
        let text = "ЭтаФорма.Закрыть();\nЗаполнить(этаФорма, Владелец.ThisForm);\nЭтаФорма.Заголовок = \"\";\n\
                    А = ThisForm;\nЭтаФорма = Неопределено;\nФорма.ЭтаФорма.Закрыть();\nФорма.ЭтаФорма = А;\n";
        rule("UsingThisForm").check(
            text,
            expect![[r#"
            1:1 `ЭтаФорма` Use `ЭтотОбъект` instead of `ЭтаФорма`
            2:11 `этаФорма` Use `ЭтотОбъект` instead of `этаФорма`
            2:30 `ThisForm` Use `ThisObject` instead of `ThisForm`
            3:1 `ЭтаФорма` Use `ЭтотОбъект` instead of `ЭтаФорма`
            4:5 `ThisForm` Use `ThisObject` instead of `ThisForm`
            5:1 `ЭтаФорма` Use `ЭтотОбъект` instead of `ЭтаФорма`
        "#]],
        );
        rule("UsingThisForm").check_fix(
            text,
            expect![[r#"
            ЭтотОбъект.Закрыть();
            Заполнить(ЭтотОбъект, Владелец.ThisForm);
            ЭтотОбъект.Заголовок = "";
            А = ThisObject;
            ЭтотОбъект = Неопределено;
            Форма.ЭтаФорма.Закрыть();
            Форма.ЭтаФорма = А;
        "#]],
        );
    }

    #[test]
    fn a_parameter_hides_the_word() {
        let text = "Процедура А(Знач Б, ЭтаФормаВладельца)\n\tЭтаФорма.Закрыть();\nКонецПроцедуры\n\
             Процедура Б(Знач ЭтаФорма)\n\tЭтаФорма.Закрыть();\nКонецПроцедуры\n";
        rule("UsingThisForm").check(
            text,
            expect![[r#"
                5:2 `ЭтаФорма` Use `ЭтотОбъект` instead of `ЭтаФорма`
            "#]],
        );
    }

    #[test]
    fn a_parameter_by_value_stays_as_it_is() {
        let text = "Процедура Б(Знач ЭтаФорма)\n\tЭтаФорма.Закрыть();\nКонецПроцедуры\n";
        rule("UsingThisForm").check_fix(
            text,
            expect![[r#"
            Процедура Б(Знач ЭтаФорма)
            	ЭтаФорма.Закрыть();
            КонецПроцедуры
        "#]],
        );
    }

    #[test]
    fn other_words_and_declarations_are_not_meant() {
        rule("UsingThisForm").check(
            "Перем ЭтаФорма;\nЭтаФормаСписка.Открыть();\n// ЭтаФорма\nА = \"ЭтаФорма\";\nЭтотОбъект.Закрыть();\n",
            expect![[""]],
        );
    }
}
