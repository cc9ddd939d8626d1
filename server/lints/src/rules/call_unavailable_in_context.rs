//! Calls from the client to what exists on the server only, and the other way round.

use metadata::ModuleKind;
use semantics::{ContextDirective, Method, Project};

use crate::context::ProjectContext;
use crate::project::{Environments, ResolvedCall, Target, available_in, code_context};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CallUnavailableInContext",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["error"],
    messages: &[
        Text {
            ru: "Код выполняется на клиенте, а общий модуль {1} на клиенте недоступен",
            en: "The code runs on the client, where the common module {1} is not available",
        },
        Text {
            ru: "Код выполняется на сервере, а общий модуль {1} на сервере недоступен",
            en: "The code runs on the server, where the common module {1} is not available",
        },
        Text {
            ru: "Код выполняется на сервере, а метод {0} — на клиенте",
            en: "The code runs on the server, the method {0} on the client",
        },
        Text {
            ru: "Методу {0} нужен контекст формы, которого здесь нет",
            en: "The method {0} needs the context of the form, which is not there",
        },
    ],
    docs: docs!("call_unavailable_in_context"),
    create: |_| Box::new(CallUnavailableInContext),
    ..RuleInfo::DEFAULT
};

const NO_MODULE_ON_CLIENT: u8 = 0;
const NO_MODULE_ON_SERVER: u8 = 1;
const METHOD_OF_CLIENT: u8 = 2;
const METHOD_WITH_CONTEXT: u8 = 3;

struct CallUnavailableInContext;

impl Rule for CallUnavailableInContext {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        for call in &ctx.calls().calls {
            let Some((message, module)) = problem(ctx, call) else { continue };
            let range = call.reference.place.range();
            let name = ctx.text(range);
            ctx.report(range).message(message).arg(name).arg(module);
        }
    }
}

/// The message and the name of the called module.
fn problem(ctx: &ProjectContext<'_>, call: &ResolvedCall<'_>) -> Option<(u8, String)> {
    let project = ctx.project.project;
    let caller = call.caller?;
    let code = code_context(project, ctx.module(), caller) & ctx.conditions().at(call.reference.place.offset);
    if code.is_empty() {
        return None;
    }
    let message = match call.target {
        Target::Own(_) => problem_of_own(project, call, caller, code),
        Target::Foreign(module) if module != ctx.module().id => {
            let missing = code & !available_in(project, project.module(module)?)?;
            if missing.is_empty() {
                None
            } else if (missing & Environments::SERVER).is_empty() {
                Some(NO_MODULE_ON_CLIENT)
            } else {
                Some(NO_MODULE_ON_SERVER)
            }
        }
        _ => None,
    };
    let module = match call.target {
        Target::Foreign(module) => project.place(module).and_then(|place| place.object),
        _ => None,
    };
    let name = module.and_then(|object| project.object(object)).map(|object| object.name.to_string());
    message.map(|message| (message, name.unwrap_or_default()))
}

/// Directives matter in modules of forms and commands.
fn problem_of_own(
    project: &Project,
    call: &ResolvedCall<'_>,
    caller: Method<'_>,
    code: Environments,
) -> Option<u8> {
    let place = &project.place(own_module(call)?)?;
    if !matches!(place.kind, ModuleKind::FormModule | ModuleKind::CommandModule) {
        return None;
    }
    let is_form = place.kind == ModuleKind::FormModule;
    let directive = |method: &Method<'_>| match method.directive {
        ContextDirective::None if is_form => Some(ContextDirective::AtServer),
        ContextDirective::None => None,
        other => Some(other),
    };
    let all = |is_wrong: &dyn Fn(ContextDirective) -> bool| {
        let mut methods = call.methods.iter().peekable();
        methods.peek().is_some() && methods.all(|method| directive(method).is_some_and(is_wrong))
    };
    let is_on_server = !(code & Environments::SERVER).is_empty();
    if is_on_server && all(&|directive| directive == ContextDirective::AtClient) {
        return Some(METHOD_OF_CLIENT);
    }
    let has_context = !matches!(
        caller.directive,
        ContextDirective::AtServerNoContext | ContextDirective::AtClientAtServerNoContext
    );
    let needs_context =
        |directive| matches!(directive, ContextDirective::AtClient | ContextDirective::AtServer);
    (is_form && !has_context && all(&needs_context)).then_some(METHOD_WITH_CONTEXT)
}

fn own_module(call: &ResolvedCall<'_>) -> Option<semantics::ModuleId> {
    match call.target {
        Target::Own(module) => Some(module),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const MODULES: &str = "\
//- /metadata
CommonModule.НаСервере server
CommonModule.НаКлиенте client
CommonModule.Вызов server server-call
CommonModule.Общий client server
//- /CommonModules/НаСервере/Ext/Module.bsl
Процедура С() Экспорт
	НаКлиенте.К();
	Общий.О();
	Вызов.В();
	#Если Клиент Тогда
		НаКлиенте.К();
	#КонецЕсли
КонецПроцедуры
//- /CommonModules/НаКлиенте/Ext/Module.bsl
Процедура К() Экспорт
	НаСервере.С();
	Общий.О();
	Вызов.В();
КонецПроцедуры
//- /CommonModules/Вызов/Ext/Module.bsl
Процедура В() Экспорт
КонецПроцедуры
//- /CommonModules/Общий/Ext/Module.bsl
Procedure О() Export
	НаСервере.С();
	#If Server Then
		НаСервере.С();
	#ElsIf Not WebClient Then
		НаКлиенте.К();
	#Else
		НаСервере.С();
	#EndIf
EndProcedure
";

    #[test]
    fn modules_and_their_environments() {
        rule("CallUnavailableInContext").check(
            MODULES,
            expect![[r#"
            /CommonModules/НаКлиенте/Ext/Module.bsl
            2:12 `С` The code runs on the client, where the common module НаСервере is not available
            /CommonModules/НаСервере/Ext/Module.bsl
            2:12 `К` The code runs on the server, where the common module НаКлиенте is not available
            /CommonModules/Общий/Ext/Module.bsl
            2:12 `С` The code runs on the client, where the common module НаСервере is not available
            8:13 `С` The code runs on the client, where the common module НаСервере is not available
        "#]],
        );
    }

    #[test]
    fn methods_of_forms() {
        rule("CallUnavailableInContext").check(
            "\
//- /CommonModules/НаСервере/Ext/Module.bsl
Процедура С() Экспорт
КонецПроцедуры
//- /CommonForms/Ф/Ext/Form/Module.bsl
&НаКлиенте
Процедура Клиент()
	Сервер();
	БезКонтекста();
	НаСервере.С();
КонецПроцедуры
&AtServer
Procedure Сервер()
	Клиент();
	БезКонтекста();
	НаСервере.С();
EndProcedure
&НаСервереБезКонтекста
Процедура БезКонтекста()
	Сервер();
	БезДирективы();
	Везде();
	Клиент();
КонецПроцедуры
&НаКлиентеНаСервереБезКонтекста
Процедура Везде()
	БезКонтекста();
	#Если Сервер Тогда
		НаСервере.С();
	#КонецЕсли
	НаСервере.С();
КонецПроцедуры
Процедура БезДирективы()
	Клиент();
КонецПроцедуры
",
            expect![[r#"
                /CommonForms/Ф/Ext/Form/Module.bsl
                5:12 `С` The code runs on the client, where the common module НаСервере is not available
                9:2 `Клиент` The code runs on the server, the method Клиент on the client
                15:2 `Сервер` The method Сервер needs the context of the form, which is not there
                16:2 `БезДирективы` The method БезДирективы needs the context of the form, which is not there
                18:2 `Клиент` The code runs on the server, the method Клиент on the client
                26:12 `С` The code runs on the client, where the common module НаСервере is not available
                29:2 `Клиент` The code runs on the server, the method Клиент on the client
            "#]],
        );
    }
}
