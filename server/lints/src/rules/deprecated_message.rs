//! `Сообщить`, which a user of a form may never see.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::constructed_type;
use crate::calls::{PlatformName, arguments, global_callee_of};
use crate::context::Context;
use crate::layout::{has_line_of_its_own, has_trivia, indentation};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedMessage",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    scope: Scope::Bsl,
    tags: &["standard", "deprecated"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Вместо `Сообщить` используйте сообщение пользователю с привязкой к полю",
        en: "Use a user message bound to a field instead of `Message`",
    }],
    docs: docs!("deprecated_message"),
    create: |_| Box::new(DeprecatedMessage),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("Сообщить", "Message")];

const MESSAGE_TYPE: PlatformName = PlatformName::new("СообщениеПользователю", "UserMessage");

struct DeprecatedMessage;

impl Rule for DeprecatedMessage {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            let fix = user_message(ctx.source, call, name);
            ctx.report_node(name).fix(fix);
        }
    }
}

/// Names and texts of the statements that show a message.
struct Words {
    variable: &'static str,
    create: &'static str,
    text: &'static str,
    show: &'static str,
}

const RU: Words =
    Words {
        variable: "Сообщение", create: "Новый СообщениеПользователю", text: "Текст", show: "Сообщить"
    };

const EN: Words = Words { variable: "Msg", create: "New UserMessage", text: "Text", show: "Message" };

/// Statements that show the same text. A call with a status, or in a place without room for them, is left alone.
fn user_message(source: Source<'_>, call: NodeId, name: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let statement = tree.parent(call).filter(|it| tree.kind(*it) == NodeKind::ExpressionStatement)?;
    let range = tree.range(statement);
    let [Some(text)] = arguments(tree, call)[..] else { return None };
    let words = if source.node_text(name).is_ascii() { EN } else { RU };
    let has_place = has_line_of_its_own(source, statement) && !has_trivia(tree, range);
    if !has_place || !is_free(source, statement, text, words.variable) {
        return None;
    }
    let Words { variable, create, text: property, show } = words;
    let text = source.node_text(text);
    let next = format!("{}{}", syntax::line_break(source.text), indentation(source, range.start));
    let lines = [
        format!("{variable} = {create};"),
        format!("{variable}.{property} = {text};"),
        format!("{variable}.{show}()"),
    ];
    Some(Edit::replace(range, lines.join(&next)))
}

/// The method does not use the name, or uses it for messages already.
fn is_free(source: Source<'_>, statement: NodeId, text: NodeId, variable: &str) -> bool {
    let tree = source.tree;
    let scope = tree.enclosing_method(statement).unwrap_or(SyntaxTree::ROOT);
    let is_it = |node: &NodeId| {
        tree.kind(*node) == NodeKind::Name
            && tree.node(*node).role != Role::Property
            && base::same_name(source.node_text(*node), variable)
    };
    if tree.is_within(text, scope)
        && std::iter::once(text).chain(tree.descendants(text)).any(|node| is_it(&node))
    {
        return false;
    }
    let is_message = |node: NodeId| {
        let assignment = tree.parent(node).filter(|_| tree.node(node).role == Role::Left)?;
        constructed_type(source, tree.child(assignment, Role::Right)?)
    };
    let mut uses = tree.descendants(scope).filter(is_it).peekable();
    uses.peek().is_none() || uses.any(|node| is_message(node).is_some_and(|name| MESSAGE_TYPE.is(name)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_shows_a_user_message() {
        rule("DeprecatedMessage").check_fix(
            "Процедура А()\n\tСообщить(\"Раз\");\n\tЕсли Б Тогда Сообщить(1); КонецЕсли;\n\t\tСообщить(\"Два\" + В)\nКонецПроцедуры\n\
             Procedure B()\n  Message(Text);\n  Message(Text, MessageStatus.Important);\nEndProcedure\n\
             Процедура В(Сообщение)\n\tСообщить(\"Три\");\nКонецПроцедуры\n",
            expect![[r#"
                Процедура А()
                	Сообщение = Новый СообщениеПользователю;
                	Сообщение.Текст = "Раз";
                	Сообщение.Сообщить();
                	Если Б Тогда Сообщить(1); КонецЕсли;
                		Сообщение = Новый СообщениеПользователю;
                		Сообщение.Текст = "Два" + В;
                		Сообщение.Сообщить()
                КонецПроцедуры
                Procedure B()
                  Msg = New UserMessage;
                  Msg.Text = Text;
                  Msg.Message();
                  Message(Text, MessageStatus.Important);
                EndProcedure
                Процедура В(Сообщение)
                	Сообщить("Три");
                КонецПроцедуры
            "#]],
        );
    }

    #[test]
    fn only_the_global_method_is_deprecated() {
        rule("DeprecatedMessage").check(
            "СООБЩИТЬ(1);\nMessage(\"x\", Status);\nОбъект.Сообщить();\nСообщение = Сообщить;\n",
            expect![[r#"
                1:1 `СООБЩИТЬ` Use a user message bound to a field instead of `Message`
                2:1 `Message` Use a user message bound to a field instead of `Message`
            "#]],
        );
    }
}
