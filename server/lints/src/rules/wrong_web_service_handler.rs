//! Operations of web services whose procedure is not there.

use metadata::Details;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::project::find_own_method;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "WrongWebServiceHandler",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 10,
    scope: Scope::Bsl,
    modules: &[ModuleKind::WEBServiceModule],
    tags: &["suspicious", "error"],
    messages: &[
        Text {
            ru: "У операции {0} не указано имя процедуры", en: "The operation {0} names no procedure"
        },
        Text {
            ru: "Нет процедуры {1} операции {0}", en: "There is no procedure {1} of the operation {0}"
        },
    ],
    docs: docs!("wrong_web_service_handler"),
    create: |_| Box::new(WrongWebServiceHandler),
    ..RuleInfo::DEFAULT
};

struct WrongWebServiceHandler;

impl Rule for WrongWebServiceHandler {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some((_, object)) = ctx.object() else { return };
        let Details::WebService { operations, .. } = &object.details else { return };
        let Some(anchor) = ctx.anchor() else { return };
        for operation in operations {
            let is_named = !operation.procedure.is_empty();
            if !is_named || find_own_method(ctx, &operation.procedure).is_none() {
                let report = ctx.report(anchor).message(u8::from(is_named));
                report.arg(&operation.name).arg(&operation.procedure);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn procedures_of_operations() {
        rule("WrongWebServiceHandler").check(
            "\
//- /metadata
WebService.Обмен
handler Получить
handler Нет
handler
//- /WebServices/Обмен/Ext/Module.bsl
// Обмен
Функция получить(А, Б)
КонецФункции
",
            expect![[r#"
                /WebServices/Обмен/Ext/Module.bsl
                1:1 `// Обмен` There is no procedure Нет of the operation 
                1:1 `// Обмен` The operation  names no procedure
            "#]],
        );
    }
}
