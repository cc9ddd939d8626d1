//! Methods of forms and commands that do not say where they run.

use crate::compilation_directives::has_directive;
use crate::context::{ModuleContext, ProjectContext};
use crate::module::ModuleKind;
use crate::project::is_ordinary_form;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CompilationDirectiveLost",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule, ModuleKind::CommandModule],
    tags: &["standard", "unpredictable"],
    messages: &[Text {
        ru: "У метода {0} нет директивы компиляции",
        en: "The method {0} has no compilation directive",
    }],
    docs: docs!("compilation_directive_lost"),
    create: |_| Box::new(CompilationDirectiveLost),
    ..RuleInfo::DEFAULT
};

struct CompilationDirectiveLost;

impl Rule for CompilationDirectiveLost {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for (offset, method) in facts.methods().filter(|(_, method)| !has_directive(method)) {
            let range = method.name_range.shifted(offset);
            let name = (facts.text)(range);
            ctx.propose(range, true).arg(name);
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut proposals = ctx.proposals().peekable();
        // Forms are read when they are asked for.
        if proposals.peek().is_none() || is_ordinary_form(ctx) {
            return;
        }
        for proposal in proposals {
            ctx.confirm(proposal);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn methods_without_a_directive() {
        rule("CompilationDirectiveLost").check(
            "Процедура А()\nКонецПроцедуры\n&НаКлиенте\nПроцедура Б()\nКонецПроцедуры\n#Если Клиент Тогда\n\
             Function C()\nEndFunction\n#КонецЕсли\n&AtServerNoContext\nFunction D()\nEndFunction\n\
             &После(\"Запись\")\nПроцедура Е()\nКонецПроцедуры\n",
            expect![[r#"
                1:11 `А` The method А has no compilation directive
                7:10 `C` The method C has no compilation directive
                14:11 `Е` The method Е has no compilation directive
            "#]],
        );
    }

    #[test]
    fn forms_of_a_project() {
        rule("CompilationDirectiveLost").check(
            "\
//- /CommonForms/Обычная/Ext/Form.bin
binary
//- /CommonForms/Обычная/Ext/Form/Module.bsl
Процедура А()
КонецПроцедуры
//- /CommonForms/Управляемая/Ext/Form.xml
<Form/>
//- /CommonForms/Управляемая/Ext/Form/Module.bsl
Процедура А()
КонецПроцедуры
//- /CommonCommands/К/Ext/CommandModule.bsl
Процедура А()
КонецПроцедуры
",
            expect![[r#"
                /CommonCommands/К/Ext/CommandModule.bsl
                1:11 `А` The method А has no compilation directive
                /CommonForms/Управляемая/Ext/Form/Module.bsl
                1:11 `А` The method А has no compilation directive
            "#]],
        );
    }
}
