//! Calls without receiver of a name that nothing explains.

use crate::context::ProjectContext;
use crate::project::Target;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnresolvedMethodCall",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error"],
    messages: &[Text {
        ru: "Процедура или функция {0} не определена",
        en: "The procedure or function {0} is not defined",
    }],
    docs: docs!("unresolved_method_call"),
    create: |_| Box::new(UnresolvedMethodCall),
    ..RuleInfo::DEFAULT
};

struct UnresolvedMethodCall;

impl Rule for UnresolvedMethodCall {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        for call in &ctx.calls().calls {
            if call.target == Target::Unresolved {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn names_that_nothing_explains() {
        rule("UnresolvedMethodCall").check(
            "\
//- /metadata
CommonModule.Глобальный server global
Catalog.Товары
//- /CommonModules/Глобальный/Ext/Module.bsl
Процедура ВидноВсем() Экспорт
	Свой();
	ВидноНеВсем();
КонецПроцедуры
Процедура ВидноНеВсем()
КонецПроцедуры
Процедура Свой()
	Сообщить(StrLen(\"\"));
КонецПроцедуры
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Procedure BeforeWrite(Cancel)
	ВидноВсем();
	ВидноНеВсем();
	Write();
	А = Опечатка(1);
	Выполнить(\"Опечатка(1)\");
	Объект.Опечатка(1);
EndProcedure
",
            expect![[r#"
                /Catalogs/Товары/Ext/ObjectModule.bsl
                3:2 `ВидноНеВсем` The procedure or function ВидноНеВсем is not defined
                5:6 `Опечатка` The procedure or function Опечатка is not defined
            "#]],
        );
    }
}
