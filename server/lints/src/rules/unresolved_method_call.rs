//! Calls without receiver of a name that nothing explains.

use rustc_hash::FxHashMap;
use semantics::Receiver;

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
        let mut known: FxHashMap<&str, bool> = FxHashMap::default();
        for call in &ctx.calls().calls {
            let name = call.reference.name;
            if call.target == Target::Unresolved
                && !*known.entry(name).or_insert_with(|| may_be_of_platform(ctx, name))
            {
                let range = call.reference.place.range();
                let name = ctx.text(range);
                ctx.report(range).arg(name);
            }
        }
    }
}

/// The tables of the platform are not complete. A name that modules without anything in common call is hardly a slip,
/// and neither is a method that some type of the platform has.
fn may_be_of_platform(ctx: &ProjectContext<'_>, name: &str) -> bool {
    let project = ctx.project.project;
    let own = ctx.module();
    let is_asynchronous = name.ends_with("асинх") || name.ends_with("async");
    let is_called_elsewhere = || {
        let mut others = project.modules().filter(|module| module.id != own.id && !module.place.is_script);
        others.any(|module| {
            let mut uses = module.facts.references_of(name);
            let is_bare = uses.any(|it| it.kind.is_call() && it.receiver == Receiver::None);
            is_bare && module.find_method(name).is_none()
        })
    };
    let is_of_type = || {
        let platform = project.platform(project.dialect(own.id));
        platform.types().any(|(_, info)| info.method(name).is_some())
    };
    is_asynchronous || is_called_elsewhere() || is_of_type()
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
//- /CommonModules/Другой/Ext/Module.bsl
Процедура А()
	Unknown();
КонецПроцедуры
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Procedure BeforeWrite(Cancel)
	ВидноВсем();
	ВидноНеВсем();
	Write();
	А = Опечатка(1) + Unknown() + ВыборкаАсинх() + УстановитьПараметр();
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
