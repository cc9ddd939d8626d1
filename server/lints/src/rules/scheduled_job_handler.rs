//! Scheduled jobs whose handler does not work.

use std::collections::BTreeMap;

use metadata::{Details, handler_parts};
use semantics::{Method, Module};

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::{Handler, HandlerMethod, handler_of, session_objects};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ScheduledJobHandler",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error"],
    messages: &[
        Text {
            ru: "У регламентного задания {0} не указан метод",
            en: "The scheduled job {0} names no method",
        },
        Text {
            ru: "Нет общего модуля с методом регламентного задания {0}: {1}",
            en: "There is no common module with the method of the scheduled job {0}: {1}",
        },
        Text {
            ru: "Модуль с методом регламентного задания {0} не серверный: {1}",
            en: "The module with the method of the scheduled job {0} is not one of the server: {1}",
        },
        Text {
            ru: "Метода регламентного задания {0} нет: {1}",
            en: "There is no method of the scheduled job {0}: {1}",
        },
        Text {
            ru: "Метод регламентного задания {0} не экспортный: {1}",
            en: "The method of the scheduled job {0} is not exported: {1}",
        },
        Text {
            ru: "У метода предопределенного регламентного задания {0} есть параметры: {1}",
            en: "The method of the predefined scheduled job {0} has parameters: {1}",
        },
        Text {
            ru: "Метод регламентного задания {0} пуст: {1}",
            en: "The method of the scheduled job {0} is empty: {1}",
        },
        Text {
            ru: "Один метод у нескольких регламентных заданий ({0}): {1}",
            en: "Several scheduled jobs ({0}) have one method: {1}",
        },
    ],
    docs: docs!("scheduled_job_handler"),
    create: |_| Box::new(ScheduledJobHandler),
    ..RuleInfo::DEFAULT
};

/// Longer methods are not empty; looking through all uses of names of a module takes time.
const MAX_EMPTY_BYTES: u32 = 2000;

struct ScheduledJobHandler;

impl Rule for ScheduledJobHandler {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        if ctx.module().place.kind != ModuleKind::SessionModule {
            return;
        }
        let Some(anchor) = ctx.anchor() else { return };
        let mut users: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (id, object) in session_objects(ctx) {
            let Details::ScheduledJob { method, is_predefined, .. } = &object.details else { continue };
            for problem in problems(handler_of(ctx, id.root, method), *is_predefined) {
                ctx.report(anchor).message(problem).arg(&object.name).arg(method);
            }
            if !method.is_empty() {
                users.entry(handler_parts(method)).or_default().push(&object.name);
            }
        }
        for ((module, method), jobs) in users.into_iter().filter(|(_, jobs)| jobs.len() > 1) {
            ctx.report(anchor).message(7).arg(jobs.join(", ")).arg(format_args!("{module}.{method}"));
        }
    }
}

/// Numbers of messages.
fn problems(handler: Handler<'_>, is_predefined: bool) -> Vec<u8> {
    match handler {
        Handler::NotNamed => vec![0],
        Handler::NoModule => vec![1],
        Handler::NoMethodName => vec![3],
        Handler::Found { is_server: false, .. } => vec![2],
        Handler::Found { method, .. } => match method {
            HandlerMethod::Unknown => Vec::new(),
            HandlerMethod::Missing => vec![3],
            HandlerMethod::Found(module, method) => {
                let has_parameters = method.parameters().len() > 0;
                let checks = [
                    (4, !method.is_export),
                    (5, has_parameters && is_predefined),
                    (6, !has_parameters && is_empty(module, method)),
                ];
                checks.into_iter().filter(|(_, is_wrong)| *is_wrong).map(|(message, _)| message).collect()
            }
        },
    }
}

/// Nothing in the method uses a name.
fn is_empty(module: &Module, method: Method<'_>) -> bool {
    let range = method.range();
    let mut offsets = module.facts.references().map(|reference| reference.place.offset);
    range.len() <= MAX_EMPTY_BYTES
        && !offsets.by_ref().take_while(|offset| *offset < range.end).any(|offset| offset >= range.start)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn handlers_that_do_not_work() {
        rule("ScheduledJobHandler").check(
            "\
//- /metadata
CommonModule.Клиентский client
CommonModule.БезТекста
ScheduledJob.Верное CommonModule.Серверный.Верный predefined
ScheduledJob.ЕщеВерное CommonModule.Серверный.СПараметрами
ScheduledJob.Пустое
ScheduledJob.БезМодуля CommonModule.Прочий.Метод
ScheduledJob.Клиентское CommonModule.Клиентский.Нет
ScheduledJob.БезМетода CommonModule.Серверный.Нет
ScheduledJob.БезИмени CommonModule.Серверный
ScheduledJob.Закрытое CommonModule.Серверный.Закрытый predefined
ScheduledJob.СПараметрами CommonModule.Серверный.СПараметрами predefined
ScheduledJob.Неизвестное CommonModule.БезТекста.Метод
ScheduledJob.Повторное CommonModule.Прочий.Метод
//- /CommonModules/Серверный/Ext/Module.bsl
Процедура Верный() Экспорт
	Сообщить(\"Текст\");
КонецПроцедуры
Процедура Закрытый()
	// Ничего
	Возврат;
КонецПроцедуры
Процедура СПараметрами(А) Экспорт
КонецПроцедуры
//- /CommonModules/Клиентский/Ext/Module.bsl
// Клиентский
//- /Ext/SessionModule.bsl
// Сеанс
",
            expect![[r#"
                /Ext/SessionModule.bsl
                1:1 `// Сеанс` There is no method of the scheduled job БезИмени: CommonModule.Серверный
                1:1 `// Сеанс` There is no method of the scheduled job БезМетода: CommonModule.Серверный.Нет
                1:1 `// Сеанс` There is no common module with the method of the scheduled job БезМодуля: CommonModule.Прочий.Метод
                1:1 `// Сеанс` The method of the scheduled job Закрытое is not exported: CommonModule.Серверный.Закрытый
                1:1 `// Сеанс` The method of the scheduled job Закрытое is empty: CommonModule.Серверный.Закрытый
                1:1 `// Сеанс` The module with the method of the scheduled job Клиентское is not one of the server: CommonModule.Клиентский.Нет
                1:1 `// Сеанс` There is no common module with the method of the scheduled job Повторное: CommonModule.Прочий.Метод
                1:1 `// Сеанс` The scheduled job Пустое names no method
                1:1 `// Сеанс` The method of the predefined scheduled job СПараметрами has parameters: CommonModule.Серверный.СПараметрами
                1:1 `// Сеанс` Several scheduled jobs (БезМодуля, Повторное) have one method: Прочий.Метод
                1:1 `// Сеанс` Several scheduled jobs (ЕщеВерное, СПараметрами) have one method: Серверный.СПараметрами
            "#]],
        );
    }
}
