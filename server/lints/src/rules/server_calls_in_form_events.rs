//! Calls of the server in handlers of forms that run very often.

use crate::context::ModuleContext;
use crate::directives::Directive;
use crate::facts::MethodFact;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ServerCallsInFormEvents",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule],
    tags: &["design"],
    messages: &[Text {
        ru: "Обработчик срабатывает очень часто, а `{0}` передаёт форму на сервер",
        en: "The handler runs very often, and `{0}` sends the form to the server",
    }],
    docs: docs!("server_calls_in_form_events"),
    create: |_| Box::new(ServerCallsInFormEvents),
    ..RuleInfo::DEFAULT
};

struct ServerCallsInFormEvents;

impl Rule for ServerCallsInFormEvents {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for (offset, section) in &facts.sections {
            for call in &section.event_calls {
                let target = facts.methods().find(|(_, method)| method.name == call.name);
                if let Some((at, method)) = target.filter(|(_, method)| is_at_server(method)) {
                    let name = (facts.text)(method.name_range.shifted(at));
                    ctx.report(call.range.shifted(*offset)).arg(name);
                }
            }
        }
    }
}

fn is_at_server(method: &MethodFact) -> bool {
    let names = method.annotations.iter().map(|name| name.as_str());
    Directive::of_names(names) == Some(Directive::Server)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn direct_calls_of_handlers() {
        rule("ServerCallsInFormEvents").check(
            "&НаКлиенте\nПроцедура СписокПриАктивизацииСтроки(Элемент)\n\tЕсли А Тогда\n\t\tзаполнить(1, Проверить());\n\tКонецЕсли;\n\
             \tБезКонтекста();\n\tО.Заполнить(1);\n\tНаКлиенте();\n\tСообщить(1);\nКонецПроцедуры\n\
             &AtClient\nProcedure ItemOnStartChoice(Item)\n\tFill();\nEndProcedure\n\
             &НаКлиенте\nПроцедура НаКлиенте()\n\tЗаполнить(1);\nКонецПроцедуры\n\
             &НаСервере\nПроцедура Заполнить(А)\nКонецПроцедуры\n&AtServer\nProcedure Fill()\nEndProcedure\n\
             &НаСервереБезКонтекста\nПроцедура БезКонтекста()\nКонецПроцедуры\n&НаСервере\nФункция Проверить()\nКонецФункции\n",
            expect![[r#"
                4:3 `заполнить(1, Проверить())` The handler runs very often, and `Заполнить` sends the form to the server
                4:16 `Проверить()` The handler runs very often, and `Проверить` sends the form to the server
                13:2 `Fill()` The handler runs very often, and `Fill` sends the form to the server
            "#]],
        );
    }
}
