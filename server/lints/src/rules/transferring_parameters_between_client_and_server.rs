//! Parameters that travel from the server back to the client although nothing changes them.

use base::{Edit, TextRange};
use rustc_hash::FxHashMap;
use semantics::{ContextDirective, Module};

use crate::context::{ModuleContext, ProjectContext};
use crate::options::Params;
use crate::project::Target;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TransferringParametersBetweenClientAndServer",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 2,
    tags: &["badpractice", "performance", "standard"],
    params: &[ParamInfo {
        name: "cachedValueNames",
        default: ParamDefault::String(""),
        meaning: Text {
            ru: "имена параметров через запятую, в которых передаётся кэш клиента",
            en: "comma-separated names of parameters that carry a cache of the client",
        },
    }],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Параметр {0} без `Знач` вернётся с сервера на клиент без изменений",
        en: "The parameter {0} without `Val` returns from the server to the client unchanged",
    }],
    docs: docs!("transferring_parameters_between_client_and_server"),
    create: |params: &Params<'_>| {
        let names = params.list("cachedValueNames");
        let cached = names.iter().map(|name| base::fold_case(name).into_owned()).collect();
        Box::new(TransferringParametersBetweenClientAndServer { cached })
    },
    ..RuleInfo::DEFAULT
};

struct TransferringParametersBetweenClientAndServer {
    /// In lower case.
    cached: Vec<String>,
}

impl Rule for TransferringParametersBetweenClientAndServer {
    fn needs_project(&self) -> bool {
        true
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let facts = ctx.facts;
        for (offset, method) in facts.methods() {
            if method.unchanged_parameters.is_empty() {
                continue;
            }
            let header = TextRange { start: method.range.start, end: method.name_range.start };
            let is_english = (facts.text)(header.shifted(offset)).is_ascii();
            let word = if is_english { "Val " } else { "Знач " };
            for parameter in &method.unchanged_parameters {
                let range = parameter.shifted(offset);
                let name = (facts.text)(range);
                ctx.propose(range, false).arg(name).fix([Edit::insert(range.start, word)]);
            }
        }
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut proposals = ctx.proposals().peekable();
        if proposals.peek().is_none() {
            return;
        }
        let module = ctx.module();
        let mut calls: FxHashMap<&str, Vec<TextRange>> = FxHashMap::default();
        for call in &ctx.calls().calls {
            let is_client = call.caller.is_some_and(|caller| caller.directive == ContextDirective::AtClient);
            if is_client && call.target == Target::Own(module.id) {
                calls.entry(call.reference.name).or_default().push(call.reference.place.range());
            }
        }
        let cached = self.cached_in(module);
        for proposal in proposals {
            let name = ctx.text(proposal.range);
            if cached.iter().any(|cached| base::same_name(cached, &name)) {
                continue;
            }
            let method = module.facts.method_at(proposal.range.start);
            let method = method.map(|method| base::fold_case(&method.fact().name).into_owned());
            if let Some(places) = method.and_then(|method| calls.get(&*method)) {
                let fix = proposal.fix.iter().cloned();
                ctx.report(proposal.range).arg(name).related(places.iter().copied()).fix(fix);
            }
        }
    }
}

impl TransferringParametersBetweenClientAndServer {
    /// Names that the settings list and the client keeps in variables of the module.
    fn cached_in(&self, module: &Module) -> Vec<&str> {
        let is_of_client = |name: &&String| {
            let mut variables = module.facts.variables();
            variables.any(|it| it.directive == ContextDirective::AtClient && base::same_name(&it.name, name))
        };
        self.cached.iter().filter(is_of_client).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_passes_by_value() {
        let text = "\
//- /CommonForms/Ф/Ext/Form/Module.bsl
&НаКлиенте
Процедура Клиент()
	Сервер(1);
КонецПроцедуры
&НаСервере
Процедура Сервер(П)
КонецПроцедуры
";
        let findings = rule("TransferringParametersBetweenClientAndServer").findings(text);
        let fixes: Vec<_> = findings.iter().flat_map(|finding| &finding.fix).map(|edit| &edit.text).collect();
        assert_eq!(fixes, ["Знач "]);
    }

    const FORM: &str = "\
//- /Catalogs/Товары/Forms/Форма/Ext/Form/Module.bsl
&НаКлиенте
Перем Кэш;

&НаКлиенте
Процедура Заполнить(Команда)
\tЗаполнитьНаСервере(1, 2, 3);
\tЦена = Price(Кэш, 1) + Price(1);
\tОбщая(1);
КонецПроцедуры

&НаСервере
Процедура ЗаполнитьНаСервере(Раз, Знач Два, Три)
\tТри = Раз + Два;
\tНеСКлиента(Три);
КонецПроцедуры

&AtServerNoContext
Function Price(кэш, Good)
\tGood.Field = 1;
\tReturn 1;
EndFunction

&НаКлиентеНаСервереБезКонтекста
Процедура Общая(А)
КонецПроцедуры

&НаСервере
Процедура НеСКлиента(А)
КонецПроцедуры
";

    #[test]
    fn parameters_that_come_back_unchanged() {
        rule("TransferringParametersBetweenClientAndServer").check(
            FORM,
            expect![[r#"
                /Catalogs/Товары/Forms/Форма/Ext/Form/Module.bsl
                12:30 `Раз` The parameter Раз without `Val` returns from the server to the client unchanged +6:2
                18:16 `кэш` The parameter кэш without `Val` returns from the server to the client unchanged +7:9 +7:25
                18:21 `Good` The parameter Good without `Val` returns from the server to the client unchanged +7:9 +7:25
            "#]],
        );
    }

    #[test]
    fn a_cache_of_the_client_may_travel() {
        rule("TransferringParametersBetweenClientAndServer").string("cachedValueNames", "КЭШ, Good").check(
            FORM,
            expect![[r#"
                /Catalogs/Товары/Forms/Форма/Ext/Form/Module.bsl
                12:30 `Раз` The parameter Раз without `Val` returns from the server to the client unchanged +6:2
                18:21 `Good` The parameter Good without `Val` returns from the server to the client unchanged +7:9 +7:25
            "#]],
        );
    }
}
