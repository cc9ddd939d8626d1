//! Calls without receiver of a name that nothing explains.

use base::Edit;

use metadata::ModuleKind;
use rustc_hash::FxHashMap;
use semantics::{Method, Module, Receiver};

use crate::context::ProjectContext;
use crate::project::Target;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::spelling::{is_near, nearest};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnresolvedMethodCall",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["error"],
    fix: FixSafety::Unsafe,
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
                let fix = meant(ctx, &name).map(|name| Edit::replace(range, name));
                ctx.report(range).arg(name).fix(fix);
            }
        }
    }
}

/// A method of the module or a function of the platform with nearly that name.
fn meant(ctx: &ProjectContext<'_>, name: &str) -> Option<String> {
    let project = ctx.project.project;
    let own = project.module_chain(ctx.module().id).flat_map(|module| module.facts.methods());
    let own = own.map(|method| method.fact().name.as_str());
    let functions = project.platform(project.dialect(ctx.module().id)).functions().iter();
    let functions = functions.flat_map(|function| [function.names.ru.as_str(), function.names.en.as_str()]);
    nearest(name, own.chain(functions)).map(str::to_owned)
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
    is_asynchronous || is_called_elsewhere() || is_of_type() || !(has_no_context(own) || is_slip(ctx, name))
}

/// Modules whose code calls global functions only.
fn has_no_context(module: &Module) -> bool {
    matches!(
        module.place.kind,
        ModuleKind::CommonModule
            | ModuleKind::SessionModule
            | ModuleKind::HTTPServiceModule
            | ModuleKind::WEBServiceModule
            | ModuleKind::IntegrationServiceModule
    )
}

/// The name looks like that of a method of the module, or another module has such a method.
fn is_slip(ctx: &ProjectContext<'_>, name: &str) -> bool {
    let project = ctx.project.project;
    let letters: Vec<char> = name.chars().collect();
    let is_alike = |method: Method<'_>| is_near(&letters, &base::fold_case(&method.fact().name));
    let mut own = project.module_chain(ctx.module().id).flat_map(|module| module.facts.methods());
    own.any(is_alike) || project.modules().any(|module| module.find_method(name).is_some())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_calls_what_was_meant() {
        let text = "\
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Провести() Экспорт
	Сообщит(1);
	Провсети();
	Нечто();
КонецПроцедуры
";
        let findings = rule("UnresolvedMethodCall").findings(text);
        let fixes: Vec<_> = findings.iter().flat_map(|finding| &finding.fix).map(|edit| &edit.text).collect();
        assert_eq!(fixes, ["Сообщить", "Провести"]);
    }

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
	Единственный();
КонецПроцедуры
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Procedure BeforeWrite(Cancel)
	ВидноВсем();
	ВидноНеВсем();
	Write();
	А = Опечатка(1) + Нечто() + Unknown() + ВыборкаАсинх() + УстановитьПараметр();
	Выполнить(\"Опечатка(1)\");
	Объект.Опечатка(1);
EndProcedure
Функция Опечатки()
КонецФункции
",
            expect![[r#"
                /Catalogs/Товары/Ext/ObjectModule.bsl
                3:2 `ВидноНеВсем` The procedure or function ВидноНеВсем is not defined
                5:6 `Опечатка` The procedure or function Опечатка is not defined
                /CommonModules/Другой/Ext/Module.bsl
                3:2 `Единственный` The procedure or function Единственный is not defined
            "#]],
        );
    }
}
