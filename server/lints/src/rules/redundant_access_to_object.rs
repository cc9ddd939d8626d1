//! The module's own object, named where its members may stand alone.

use base::{Edit, TextRange};
use metadata::{Details, ObjectKind, Reuse};
use semantics::{Origin, Receiver, ReferenceKind};

use crate::context::{ModuleContext, ProjectContext};
use crate::module::ModuleKind;
use crate::options::Params;
use crate::rule::{
    FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs,
};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "RedundantAccessToObject",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[
        ModuleKind::CommonModule,
        ModuleKind::ObjectModule,
        ModuleKind::ManagerModule,
        ModuleKind::FormModule,
        ModuleKind::RecordSetModule,
    ],
    tags: &["standard", "clumsy"],
    params: &[
        ParamInfo {
            name: "checkRecordSetModule",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "проверять модули наборов записей", en: "check modules of record sets"
            },
        },
        ParamInfo {
            name: "checkFormModule",
            default: ParamDefault::Bool(true),
            meaning: Text { ru: "проверять модули форм", en: "check modules of forms" },
        },
        ParamInfo {
            name: "checkObjectModule",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "проверять модули объектов", en: "check modules of objects"
            },
        },
    ],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Лишнее обращение к самому объекту: `{0}`",
        en: "Needless access through the object itself: `{0}`",
    }],
    docs: docs!("redundant_access_to_object"),
    create: |params: &Params<'_>| {
        Box::new(RedundantAccessToObject {
            checks_record_sets: params.bool("checkRecordSetModule"),
            checks_forms: params.bool("checkFormModule"),
            checks_objects: params.bool("checkObjectModule"),
        })
    },
    ..RuleInfo::DEFAULT
};

/// Kinds whose managers are called by the collection and the name; others are looked for by the name alone.
const COLLECTIONS: [ObjectKind; 6] = [
    ObjectKind::Catalog,
    ObjectKind::Document,
    ObjectKind::AccountingRegister,
    ObjectKind::AccumulationRegister,
    ObjectKind::CalculationRegister,
    ObjectKind::InformationRegister,
];

struct RedundantAccessToObject {
    checks_record_sets: bool,
    checks_forms: bool,
    checks_objects: bool,
}

impl Rule for RedundantAccessToObject {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if !self.looks_at(ctx.module.kind) {
            return;
        }
        let facts = ctx.facts;
        for (offset, section) in &facts.sections {
            for access in &section.self_accesses {
                let range = access.range.shifted(*offset);
                let word = (facts.text)(range);
                let report = if access.is_target && has_no_properties(ctx.module.kind) {
                    ctx.propose(range, true)
                } else {
                    ctx.report(range)
                };
                report.arg(word).fix(access.removal.map(|removal| Edit::delete(removal.shifted(*offset))));
            }
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        if !has_no_properties(ctx.module().place.kind) {
            return;
        }
        if ctx.object().is_none() {
            for proposal in ctx.proposals() {
                ctx.confirm(proposal);
            }
            return;
        }
        for path in own_paths(ctx) {
            report_calls(ctx, &path);
        }
    }
}

impl RedundantAccessToObject {
    fn looks_at(&self, kind: ModuleKind) -> bool {
        match kind {
            ModuleKind::RecordSetModule => self.checks_record_sets,
            ModuleKind::FormModule => self.checks_forms,
            ModuleKind::ObjectModule => self.checks_objects,
            _ => true,
        }
    }
}

/// Nothing can be assigned to a common module or a manager, so such code is about something else.
fn has_no_properties(kind: ModuleKind) -> bool {
    matches!(kind, ModuleKind::CommonModule | ModuleKind::ManagerModule)
}

/// What other modules write to call this one, in lower case.
fn own_paths(ctx: &ProjectContext<'_>) -> Vec<String> {
    let Some((_, object)) = ctx.object() else { return Vec::new() };
    let name = base::fold_case(&object.name);
    // A call by the name goes through the cache.
    let is_cached = matches!(&object.details, Details::CommonModule(flags) if flags.reuse != Reuse::DontUse);
    if is_cached || !ctx.module().facts.mentions(&name) {
        return Vec::new();
    }
    if !COLLECTIONS.contains(&object.kind) {
        return vec![name.into_owned()];
    }
    let collections = [object.kind.folder(), object.kind.collection_ru()];
    collections.iter().map(|collection| format!("{}.{name}", base::fold_case(collection))).collect()
}

/// Statements that call a method by the path.
fn report_calls(ctx: &mut ProjectContext<'_>, path: &str) {
    let names = 1 + path.matches('.').count();
    let mut last = [TextRange::default(); 3];
    let module = ctx.module();
    for reference in module.facts.references_around(path) {
        last.rotate_right(1);
        last[0] = reference.place.range();
        let is_own = reference.kind == ReferenceKind::ProcedureCall
            && reference.receiver == Receiver::Path(path)
            && reference.origin != Origin::Local;
        if !is_own {
            continue;
        }
        // The names of the path stand right before, as uses of their own.
        let removal = TextRange { start: last[names].start, end: last[0].start };
        let word = ctx.text(last[names]);
        let is_together = removal.len() as usize == path.len() + 1;
        ctx.report(last[names]).arg(word).fix(is_together.then_some(Edit::delete(removal)));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::module::ModuleKind;
    use crate::testing::rule;

    const TEXT: &str = "\
Процедура А(Имя)
	ЭтотОбъект.Код = ЭтотОбъект.Имя + ЭтотОбъект . Код;
	ЭтотОбъект.Записать(ЭтотОбъект.Код, Ф(ЭтотОбъект.Код));
	ThisObject.Если();
	Ф(ЭтотОбъект);
	ЭтотОбъект[0] = 1;
	ЭтотОбъект[0].Код = ЭтотОбъект[1].Код;
	Если (ЭтотОбъект.Код) Тогда
	КонецЕсли;
КонецПроцедуры
";

    #[test]
    fn this_object() {
        let test = rule("RedundantAccessToObject").module(ModuleKind::ObjectModule);
        test.check(
            TEXT,
            expect![[r#"
            2:2 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
            2:19 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
            2:36 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
            3:2 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
            3:22 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
            4:2 `ThisObject` Needless access through the object itself: `ThisObject`
            8:8 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
        "#]],
        );
        test.check_fix(
            TEXT,
            expect![[r#"
            Процедура А(Имя)
            	Код = ЭтотОбъект.Имя + ЭтотОбъект . Код;
            	Записать(Код, Ф(ЭтотОбъект.Код));
            	ThisObject.Если();
            	Ф(ЭтотОбъект);
            	ЭтотОбъект[0] = 1;
            	ЭтотОбъект[0].Код = ЭтотОбъект[1].Код;
            	Если (Код) Тогда
            	КонецЕсли;
            КонецПроцедуры
        "#]],
        );
        let count = |name: &str, kind| {
            rule("RedundantAccessToObject").module(kind).bool(name, false).findings(TEXT).len()
        };
        assert_eq!(count("checkObjectModule", ModuleKind::ObjectModule), 0);
        assert_eq!(count("checkFormModule", ModuleKind::FormModule), 0);
        assert_eq!(count("checkRecordSetModule", ModuleKind::RecordSetModule), 0);
        assert_eq!(count("checkRecordSetModule", ModuleKind::FormModule), 7);
    }

    #[test]
    fn a_module_by_its_own_name() {
        let text = "\
//- /metadata
CommonModule.КурсыПовтИсп cached
//- /CommonModules/Курсы/Ext/Module.bsl
Процедура А() Экспорт
	курсы.А(Курсы.Б());
	Курсы . А();
	ЭтотОбъект.Поле = 1;
	ЭтотОбъект.А();
КонецПроцедуры
Функция Б(Курсы) Экспорт
	Курсы.А();
	Валюты.А();
КонецФункции
//- /CommonModules/КурсыПовтИсп/Ext/Module.bsl
Процедура А() Экспорт
	КурсыПовтИсп.А();
КонецПроцедуры
//- /Catalogs/Валюты/Ext/ManagerModule.bsl
Procedure A() Export
	Справочники.Валюты.А();
	Catalogs.Валюты.А();
	Валюты.А();
	Справочники.Страны.А();
EndProcedure
//- /ChartsOfAccounts/Счета/Ext/ManagerModule.bsl
Процедура А() Экспорт
	ПланыСчетов.Счета.А();
	Счета.А();
КонецПроцедуры
";
        rule("RedundantAccessToObject").check(
            text,
            expect![[r#"
            /Catalogs/Валюты/Ext/ManagerModule.bsl
            2:2 `Справочники` Needless access through the object itself: `Справочники`
            3:2 `Catalogs` Needless access through the object itself: `Catalogs`
            /ChartsOfAccounts/Счета/Ext/ManagerModule.bsl
            3:2 `Счета` Needless access through the object itself: `Счета`
            /CommonModules/Курсы/Ext/Module.bsl
            2:2 `курсы` Needless access through the object itself: `курсы`
            3:2 `Курсы` Needless access through the object itself: `Курсы`
            5:2 `ЭтотОбъект` Needless access through the object itself: `ЭтотОбъект`
        "#]],
        );
    }
}
