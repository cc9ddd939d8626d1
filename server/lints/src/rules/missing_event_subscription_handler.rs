//! Event subscriptions whose handler cannot be called.

use metadata::Details;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::{Handler, HandlerMethod, handler_of, session_objects};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingEventSubscriptionHandler",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::SessionModule],
    tags: &["error"],
    messages: &[
        Text {
            ru: "У подписки на событие {0} не указан обработчик",
            en: "The event subscription {0} names no handler",
        },
        Text {
            ru: "Обработчик подписки на событие {0} указан не полностью: {1}",
            en: "The handler of the event subscription {0} is not complete: {1}",
        },
        Text {
            ru: "Нет общего модуля с обработчиком подписки на событие {0}: {1}",
            en: "There is no common module with the handler of the event subscription {0}: {1}",
        },
        Text {
            ru: "Модуль с обработчиком подписки на событие {0} не серверный: {1}",
            en: "The module with the handler of the event subscription {0} is not one of the server: {1}",
        },
        Text {
            ru: "Обработчика подписки на событие {0} нет: {1}",
            en: "There is no handler of the event subscription {0}: {1}",
        },
        Text {
            ru: "Обработчик подписки на событие {0} не экспортный: {1}",
            en: "The handler of the event subscription {0} is not exported: {1}",
        },
    ],
    docs: docs!("missing_event_subscription_handler"),
    create: |_| Box::new(MissingEventSubscriptionHandler),
    ..RuleInfo::DEFAULT
};

struct MissingEventSubscriptionHandler;

impl Rule for MissingEventSubscriptionHandler {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for (id, object) in session_objects(ctx) {
            let Details::EventSubscription { handler, .. } = &object.details else { continue };
            let problems = match handler_of(ctx, id.root, handler) {
                Handler::NotNamed => [Some(0), None],
                Handler::NoMethodName => [Some(1), None],
                Handler::NoModule => [Some(2), None],
                Handler::Found { is_server, method } => {
                    let of_method = match method {
                        HandlerMethod::Missing => Some(4),
                        HandlerMethod::Found(_, method) if !method.is_export => Some(5),
                        _ => None,
                    };
                    [(!is_server).then_some(3), of_method]
                }
            };
            for problem in problems.into_iter().flatten() {
                ctx.report(anchor).message(problem).arg(&object.name).arg(handler);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn handlers_that_cannot_be_called() {
        rule("MissingEventSubscriptionHandler").check(
            "\
//- /metadata
CommonModule.Клиентский client
CommonModule.БезТекста
EventSubscription.Верная CommonModule.Серверный.Верный
EventSubscription.Пустая
EventSubscription.БезМетода CommonModule.Серверный
EventSubscription.БезМодуля CommonModule.Прочий.Метод
EventSubscription.Клиентская CommonModule.Клиентский.Нет
EventSubscription.БезЭкспорта CommonModule.Серверный.Закрытый
EventSubscription.Неизвестная CommonModule.БезТекста.Метод
//- /CommonModules/Серверный/Ext/Module.bsl
Процедура верный(Источник, Отказ) Экспорт
КонецПроцедуры
Процедура Закрытый(Источник, Отказ)
КонецПроцедуры
//- /CommonModules/Клиентский/Ext/Module.bsl
// Клиентский
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` The handler of the event subscription БезМетода is not complete: CommonModule.Серверный
                1:1 `// Сеанс` There is no common module with the handler of the event subscription БезМодуля: CommonModule.Прочий.Метод
                1:1 `// Сеанс` The handler of the event subscription БезЭкспорта is not exported: CommonModule.Серверный.Закрытый
                1:1 `// Сеанс` The module with the handler of the event subscription Клиентская is not one of the server: CommonModule.Клиентский.Нет
                1:1 `// Сеанс` There is no handler of the event subscription Клиентская: CommonModule.Клиентский.Нет
                1:1 `// Сеанс` The event subscription Пустая names no handler
            "#]],
        );
    }
}
