//! Methods that are neither exported nor called.

use base::Edit;
use metadata::{form_references, object_references, root_references};
use rustc_hash::FxHashSet;

use crate::context::{ModuleContext, ProjectContext};
use crate::facts::MethodFact;
use crate::method_removal::removal;
use crate::module::{ModuleInfo, ModuleKind};
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::unused_names::retain_missing;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnusedLocalMethod",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["standard", "suspicious", "unused"],
    params: &[
        ParamInfo {
            name: "attachableMethodPrefixes",
            default: ParamDefault::String("подключаемый_,attachable_"),
            meaning: Text {
                ru: "начала имён методов, которые вызываются по имени",
                en: "name prefixes of methods that are called by name at run time",
            },
        },
        ParamInfo {
            name: "checkObjectModule",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "проверять модули объектов и без конфигурации вокруг",
                en: "examine object modules even without a configuration around",
            },
        },
        ParamInfo {
            name: "checkFormModule",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "проверять модули форм, если известна форма",
                en: "examine modules of forms if the form is known",
            },
        },
    ],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Метод {0} не вызывается", en: "The method {0} is never called"
    }],
    docs: docs!("unused_local_method"),
    create: |params: &Params<'_>| {
        let prefixes = params.list("attachableMethodPrefixes");
        Box::new(UnusedLocalMethod {
            attachable_prefixes: prefixes.iter().map(|prefix| base::fold_case(prefix).into_owned()).collect(),
            checks_object_modules: params.bool("checkObjectModule"),
            checks_form_modules: params.bool("checkFormModule"),
        })
    },
    ..RuleInfo::DEFAULT
};

/// Annotations of extensions, in lower case: the platform calls such methods.
const EXTENSION_ANNOTATIONS: &[&str] =
    &["перед", "before", "после", "after", "вместо", "around", "изменениеиконтроль", "changeandvalidate"];

/// The constructor of a OneScript class, in lower case.
const CONSTRUCTOR: &[&str] = &["присозданииобъекта", "onobjectcreate"];

struct UnusedLocalMethod {
    /// In lower case.
    attachable_prefixes: Vec<String>,
    checks_object_modules: bool,
    checks_form_modules: bool,
}

impl Rule for UnusedLocalMethod {
    fn needs_project(&self) -> bool {
        true
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let Some(is_certain) = self.looks_at(ctx.module) else { return };
        let facts = ctx.facts;
        let local = || facts.methods().filter(|(_, method)| self.has_to_be_called(method));
        let mut unused: FxHashSet<&str> = local().map(|(_, method)| method.name.as_str()).collect();
        retain_missing(&mut unused, facts, |section| &section.used_names);
        retain_missing(&mut unused, facts, |section| &section.names_in_literals);
        if unused.is_empty() {
            return;
        }
        for (offset, method) in local().filter(|(_, method)| unused.contains(method.name.as_str())) {
            let name_range = method.name_range.shifted(offset);
            let name = (facts.text)(name_range);
            let removal = removal(facts, offset, method);
            ctx.propose(name_range, is_certain).arg(name).fix(removal.map(Edit::delete));
        }
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut proposals = ctx.proposals().peekable();
        if proposals.peek().is_none() {
            return;
        }
        let Some(callers) = Callers::new(ctx) else { return };
        for proposal in proposals {
            let name = ctx.text(proposal.range);
            if !callers.may_call(&name) {
                ctx.confirm(proposal);
            }
        }
    }
}

/// Who calls methods of a module besides its own code.
struct Callers<'a> {
    /// Events of the platform that the module handles.
    events: &'a [platform::Event],
    /// Procedures that metadata name.
    named: FxHashSet<String>,
    /// Modules of extensions that change this one, and the one that it changes.
    relatives: Vec<&'a semantics::Module>,
}

impl<'a> Callers<'a> {
    /// `None` if they are not known.
    fn new(ctx: &ProjectContext<'a>) -> Option<Self> {
        let project = ctx.project.project;
        let module = ctx.module();
        let place = &module.place;
        if place.is_script || place.root.is_none() {
            // Only modules that nothing outside calls are proposed.
            let is_closed = matches!(place.kind, ModuleKind::CommonModule | ModuleKind::OScriptClass);
            return is_closed.then(|| Self {
                events: &[],
                named: FxHashSet::default(),
                relatives: Vec::new(),
            });
        }
        let object = place.object.and_then(|object| project.object(object));
        let kind = object.map_or("", |object| object.kind.name());
        let dialect = project.dialect(module.id);
        let events = project.platform(dialect).module_events(kind, &format!("{:?}", place.kind));
        let is_known = match place.kind {
            ModuleKind::CommonModule
            | ModuleKind::HTTPServiceModule
            | ModuleKind::WEBServiceModule
            | ModuleKind::IntegrationServiceModule => object.is_some(),
            ModuleKind::FormModule => project.form(module.id).is_some_and(|form| form.is_managed),
            // Points of the route have handlers, and the tables of the application's events are not complete.
            ModuleKind::ObjectModule if kind == "BusinessProcess" => false,
            ModuleKind::ManagedApplicationModule
            | ModuleKind::OrdinaryApplicationModule
            | ModuleKind::ExternalConnectionModule
            | ModuleKind::ApplicationModule => false,
            _ => !events.is_empty(),
        };
        let named = named_by_metadata(ctx);
        let relatives = relatives(ctx);
        is_known.then_some(Self { events, named, relatives })
    }

    fn may_call(&self, name: &str) -> bool {
        let folded = base::fold_case(name);
        self.events.iter().any(|event| event.names.is(name))
            || self.named.contains(&*folded)
            || self.relatives.iter().any(|module| module.facts.mentions(&folded))
    }
}

/// Names in lower case.
fn named_by_metadata(ctx: &ProjectContext<'_>) -> FxHashSet<String> {
    let project = ctx.project.project;
    let module = ctx.module();
    let folded = |name: &str| base::fold_case(name).into_owned();
    let mut named = FxHashSet::default();
    if module.place.kind == ModuleKind::FormModule {
        let chain = project.module_chain(module.id).filter_map(|module| project.form(module.id));
        for form in chain {
            let references = form_references(form, &metadata::ModulePlace::default());
            named.extend(references.iter().map(|reference| folded(reference.method)));
        }
        return named;
    }
    let Some((id, object)) = module.place.object.and_then(|id| Some((id, project.object(id)?))) else {
        return named;
    };
    if module.place.kind != ModuleKind::CommonModule {
        let references = object_references(object);
        named.extend(references.iter().map(|reference| folded(reference.method)));
        return named;
    }
    for (_, root) in project.root_chain(Some(id.root)) {
        let references = root_references(root);
        let of_module = references.iter().filter(|reference| {
            reference.module.owner.as_ref().is_some_and(|(_, name)| base::same_name(name, &object.name))
        });
        named.extend(of_module.map(|reference| folded(reference.method)));
    }
    named
}

/// The other modules of the same object in the configuration and its extensions.
fn relatives<'a>(ctx: &ProjectContext<'a>) -> Vec<&'a semantics::Module> {
    let project = ctx.project.project;
    let module = ctx.module();
    let place = &module.place;
    let Some((id, object)) = place.object.and_then(|id| Some((id, project.object(id)?))) else {
        return Vec::new();
    };
    let parts = project.metadata().parts(id.root, object.kind, &object.name);
    let of_part = |part: semantics::ObjectId| match place.form {
        Some(form) => {
            let form = project.find_form(part, &project.form_entry(form)?.name)?;
            project.form_module(form)
        }
        None if !place.name.is_empty() => project.command_module(part, &place.name),
        None => project.object_module(part, place.kind),
    };
    let modules = parts.into_iter().filter_map(of_part).filter(|other| *other != module.id);
    modules.filter_map(|other| project.module(other)).map(|module| &**module).collect()
}

impl UnusedLocalMethod {
    /// False for modules whose methods may be handlers of events: the project has to tell. `None` for those that
    /// are not looked at.
    fn looks_at(&self, module: &ModuleInfo) -> Option<bool> {
        match module.kind {
            ModuleKind::CommonModule | ModuleKind::OScriptClass => Some(true),
            ModuleKind::ObjectModule => Some(self.checks_object_modules),
            ModuleKind::FormModule => self.checks_form_modules.then_some(false),
            ModuleKind::OScriptModule | ModuleKind::Unknown => None,
            _ => Some(false),
        }
    }

    fn has_to_be_called(&self, method: &MethodFact) -> bool {
        let is_annotated = || {
            let mut names = method.annotations.iter().map(|name| name.as_str());
            names.any(|name| EXTENSION_ANNOTATIONS.contains(&name))
        };
        !method.is_export
            && !method.has_error
            && !method.name.is_empty()
            && !CONSTRUCTOR.contains(&method.name.as_str())
            && !self.attachable_prefixes.iter().any(|prefix| method.name.starts_with(prefix.as_str()))
            && !is_annotated()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    use crate::module::ModuleKind;

    const TEXT: &str = "Процедура А() Экспорт\n\tб();\n\tОбщий.Е();\nКонецПроцедуры\n\n// Описание Б\nФункция Б()\n\tВ();\nКонецФункции\n\n\
        // Описание Г\n// в две строки\nФункция Г()\n\tВозврат Г();\nКонецФункции\n\n\
        // Раздел\n\nProcedure D()\nEndProcedure\nПроцедура Е()\n\tН = Новый ОписаниеОповещения(\"ПослеВвода\", ЭтотОбъект);\nКонецПроцедуры\n\
        Процедура ПослеВвода()\nКонецПроцедуры\n\nПроцедура подключаемый_Команда()\nКонецПроцедуры\n\n\
        &После(\"Запись\")\nПроцедура Р_Запись()\nКонецПроцедуры\n";

    #[test]
    fn methods_without_a_call() {
        rule("UnusedLocalMethod").check(
            TEXT,
            expect![[r#"
            19:11 `D` The method D is never called
            21:11 `Е` The method Е is never called
        "#]],
        );
    }

    #[test]
    fn the_method_goes_with_its_comment() {
        rule("UnusedLocalMethod").check_fix(
            TEXT,
            expect![[r#"
            Процедура А() Экспорт
            	б();
            	Общий.Е();
            КонецПроцедуры

            // Описание Б
            Функция Б()
            	В();
            КонецФункции

            // Описание Г
            // в две строки
            Функция Г()
            	Возврат Г();
            КонецФункции

            // Раздел

            Процедура подключаемый_Команда()
            КонецПроцедуры

            &После("Запись")
            Процедура Р_Запись()
            КонецПроцедуры
        "#]],
        );
    }

    #[test]
    fn the_kind_of_the_module_decides() {
        let text = "Процедура А()\nКонецПроцедуры\nProcedure OnObjectCreate()\nEndProcedure\n";
        let count = |kind| rule("UnusedLocalMethod").module(kind).findings(text).len();
        assert_eq!(
            [ModuleKind::FormModule, ModuleKind::ObjectModule, ModuleKind::Unknown].map(count),
            [0; 3]
        );
        assert_eq!([ModuleKind::CommonModule, ModuleKind::OScriptClass].map(count), [1; 2]);
        let test = rule("UnusedLocalMethod").module(ModuleKind::ObjectModule);
        assert_eq!(test.bool("checkObjectModule", true).findings(text).len(), 1);
    }

    #[test]
    fn events_and_handlers_of_the_project() {
        let text = "\
//- /CommonForms/Ф/Ext/Form.xml
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<Form xmlns=\"http://v8.1c.ru/8.3/xcf/logform\" version=\"2.11\">
<Events><Event name=\"OnOpen\">ПриОткрытииФормы</Event></Events>
</Form>
//- /CommonForms/Ф/Ext/Form/Module.bsl
Процедура ПриОткрытииФормы(Отказ)
КонецПроцедуры
Процедура ЗабытаяВФорме()
КонецПроцедуры
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Procedure BeforeWrite(Cancel)
EndProcedure
Процедура ОбработкаЗаполнения(Данные, Текст, СтандартнаяОбработка)
КонецПроцедуры
Procedure Forgotten()
EndProcedure
//- /BusinessProcesses/Задание/Ext/ObjectModule.bsl
Процедура ТочкаПриВыполнении()
КонецПроцедуры
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Забытая()
КонецПроцедуры
";
        rule("UnusedLocalMethod").check(
            text,
            expect![[r#"
            /Catalogs/Товары/Ext/ObjectModule.bsl
            5:11 `Forgotten` The method Forgotten is never called
            /CommonModules/Общий/Ext/Module.bsl
            1:11 `Забытая` The method Забытая is never called
        "#]],
        );
        rule("UnusedLocalMethod").bool("checkFormModule", true).check(
            text,
            expect![[r#"
            /Catalogs/Товары/Ext/ObjectModule.bsl
            5:11 `Forgotten` The method Forgotten is never called
            /CommonForms/Ф/Ext/Form/Module.bsl
            3:11 `ЗабытаяВФорме` The method ЗабытаяВФорме is never called
            /CommonModules/Общий/Ext/Module.bsl
            1:11 `Забытая` The method Забытая is never called
        "#]],
        );
    }

    #[test]
    fn prefixes_and_handlers() {
        rule("UnusedLocalMethod").string("attachableMethodPrefixes", "Тест_").check(
            "Процедура тест_1()\n\tДобавитьОбработчик О.Событие, Обработчик;\nКонецПроцедуры\n\
             Процедура Обработчик()\nКонецПроцедуры\nProcedure Attachable_X()\nEndProcedure\n",
            expect![[r#"
                6:11 `Attachable_X` The method Attachable_X is never called
            "#]],
        );
    }
}
