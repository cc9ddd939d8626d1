//! Exported methods of forms that do not run at the client.

use crate::compilation_directives::runs_at_client;
use crate::context::{ModuleContext, ProjectContext};
use crate::module::ModuleKind;
use crate::project::is_ordinary_form;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ServerSideExportFormMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::FormModule],
    tags: &["error", "unpredictable", "suspicious"],
    messages: &[Text {
        ru: "Экспортный метод формы {0} выполняется не на клиенте: снаружи его не вызвать",
        en: "The exported method {0} of the form does not run at the client: nobody outside can call it",
    }],
    docs: docs!("server_side_export_form_method"),
    create: |_| Box::new(ServerSideExportFormMethod),
    ..RuleInfo::DEFAULT
};

struct ServerSideExportFormMethod;

impl Rule for ServerSideExportFormMethod {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        let is_wrong = |method: &crate::facts::MethodFact| method.is_export && !runs_at_client(method);
        for (offset, method) in facts.methods().filter(|(_, method)| is_wrong(method)) {
            let range = method.name_range.shifted(offset);
            let name = (facts.text)(range);
            ctx.propose(range, false).arg(name);
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut proposals = ctx.proposals().peekable();
        let is_known = ctx.module().place.form.is_some();
        if proposals.peek().is_none() || !is_known || is_ordinary_form(ctx) {
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

    const METHODS: &str = "&НаКлиенте\nПроцедура А() Экспорт\nКонецПроцедуры\nПроцедура Б() Экспорт\nКонецПроцедуры\n\
        &AtServer\nFunction C() Export\nEndFunction\n&НаСервере\nПроцедура Г()\nКонецПроцедуры\n\
        &НаКлиентеНаСервере\n&НаКлиенте\nПроцедура Д() Экспорт\nКонецПроцедуры\n\
        &НаКлиенте\n&НаСервере\nПроцедура Е() Экспорт\nКонецПроцедуры\n";

    #[test]
    fn exports_of_managed_forms() {
        let text = format!(
            "//- /CommonForms/Ф/Ext/Form.xml\n<Form/>\n//- /CommonForms/Ф/Ext/Form/Module.bsl\n{METHODS}\
             //- /CommonForms/О/Ext/Form.bin\nbinary\n//- /CommonForms/О/Ext/Form/Module.bsl\n{METHODS}"
        );
        rule("ServerSideExportFormMethod").check(
            &text,
            expect![[r#"
            /CommonForms/Ф/Ext/Form/Module.bsl
            4:11 `Б` The exported method Б of the form does not run at the client: nobody outside can call it
            7:10 `C` The exported method C of the form does not run at the client: nobody outside can call it
            14:11 `Д` The exported method Д of the form does not run at the client: nobody outside can call it
        "#]],
        );
    }

    #[test]
    fn nothing_without_a_known_form() {
        assert_eq!(rule("ServerSideExportFormMethod").findings(METHODS).len(), 0);
    }
}
