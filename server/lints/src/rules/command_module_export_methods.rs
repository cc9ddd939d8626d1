//! Exported methods of a command.

use crate::context::ModuleContext;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommandModuleExportMethods",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommandModule],
    tags: &["standard", "clumsy"],
    messages: &[Text {
        ru: "Экспортный метод модуля команды ниоткуда не вызвать",
        en: "An exported method of a command module cannot be called from anywhere",
    }],
    docs: docs!("command_module_export_methods"),
    create: |_| Box::new(CommandModuleExportMethods),
    ..RuleInfo::DEFAULT
};

struct CommandModuleExportMethods;

impl Rule for CommandModuleExportMethods {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for (offset, method) in facts.methods().filter(|(_, method)| method.is_export) {
            ctx.report(method.name_range.shifted(offset));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn every_exported_method() {
        rule("CommandModuleExportMethods").check(
            "&НаКлиенте\nПроцедура ОбработкаКоманды(А, Б)\nКонецПроцедуры\nПроцедура Печать() Экспорт\nКонецПроцедуры\n\
             Function X() Export\nEndFunction\n",
            expect![[r#"
                4:11 `Печать` An exported method of a command module cannot be called from anywhere
                6:10 `X` An exported method of a command module cannot be called from anywhere
            "#]],
        );
    }
}
