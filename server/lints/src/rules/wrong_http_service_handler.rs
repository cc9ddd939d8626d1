//! Methods of HTTP services whose handler cannot be called.

use metadata::Details;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::find_own_method;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongHttpServiceHandler",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 10,
    scope: Scope::Bsl,
    modules: &[ModuleKind::HTTPServiceModule],
    tags: &["suspicious", "error"],
    messages: &[
        Text {
            ru: "У метода {0} шаблона URL {1} не указан обработчик",
            en: "The method {0} of the URL template {1} names no handler",
        },
        Text {
            ru: "Нет обработчика {2} метода {0} шаблона URL {1}",
            en: "There is no handler {2} for the method {0} of the URL template {1}",
        },
        Text {
            ru: "У обработчика {0} должен быть один параметр",
            en: "The handler {0} must have one parameter",
        },
    ],
    docs: docs!("wrong_http_service_handler"),
    create: |_| Box::new(WrongHttpServiceHandler),
    ..RuleInfo::DEFAULT
};

struct WrongHttpServiceHandler;

impl Rule for WrongHttpServiceHandler {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some((_, object)) = ctx.object() else { return };
        let Details::HttpService { templates, .. } = &object.details else { return };
        let Some(anchor) = ctx.anchor() else { return };
        for template in templates {
            for method in &template.methods {
                let handler = &method.handler;
                if handler.is_empty() {
                    ctx.report(anchor).arg(&method.name).arg(&template.name);
                    continue;
                }
                match find_own_method(ctx, handler) {
                    Some(Some(found)) if found.parameters().len() != 1 => {
                        ctx.report(found.place().range()).message(2).arg(handler);
                    }
                    None => {
                        let report = ctx.report(anchor).message(1);
                        report.arg(&method.name).arg(&template.name).arg(handler);
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn handlers_of_templates() {
        rule("WrongHttpServiceHandler").check(
            "\
//- /metadata
HTTPService.Обмен
handler Получить
handler Отправить
handler отправить
handler Нет
handler
HTTPService.Пустой
handler Нет
//- /HTTPServices/Обмен/Ext/Module.bsl
Функция Получить(Запрос)
КонецФункции
Функция Отправить(Запрос, Ответ)
КонецФункции
Function Own()
EndFunction
//- /HTTPServices/Пустой/Ext/Module.bsl
",
            expect![[r#"
                /HTTPServices/Обмен/Ext/Module.bsl
                1:1 `Функция` There is no handler Нет for the method  of the URL template 
                1:1 `Функция` The method  of the URL template  names no handler
                3:9 `Отправить` The handler Отправить must have one parameter
                3:9 `Отправить` The handler отправить must have one parameter
            "#]],
        );
    }
}
