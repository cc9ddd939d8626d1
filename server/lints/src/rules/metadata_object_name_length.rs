//! Objects with long names.

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::options::Params;
use crate::project::objects_shown_on;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MetadataObjectNameLength",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 10,
    scope: Scope::Bsl,
    tags: &["standard"],
    params: &[ParamInfo {
        name: "maxMetadataObjectNameLength",
        default: ParamDefault::Integer(80),
        meaning: Text {
            ru: "наибольшая длина имени объекта метаданных",
            en: "largest length of the name of a metadata object",
        },
    }],
    messages: &[Text {
        ru: "Длина имени {0} больше {1}", en: "The name {0} is longer than {1}"
    }],
    docs: docs!("metadata_object_name_length"),
    create: |params: &Params<'_>| {
        let limit = usize::try_from(params.integer("maxMetadataObjectNameLength")).unwrap_or_default();
        Box::new(MetadataObjectNameLength { limit })
    },
    ..RuleInfo::DEFAULT
};

struct MetadataObjectNameLength {
    limit: usize,
}

impl Rule for MetadataObjectNameLength {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some(anchor) = ctx.anchor() else { return };
        for name in names(ctx) {
            // Bytes are cheaper to count than letters, and never fewer.
            if name.len() > self.limit && name.chars().count() > self.limit {
                ctx.report(anchor).arg(name).arg(self.limit);
            }
        }
    }
}

/// Forms and commands stand for themselves, other modules for their objects.
fn names<'a>(ctx: &ProjectContext<'a>) -> Vec<&'a str> {
    let place = &ctx.module().place;
    let own = ctx.object().map(|(_, object)| object.name.as_str());
    let form = place.form.and_then(|form| ctx.project.project.form_entry(form));
    match place.kind {
        ModuleKind::FormModule => form.map(|form| form.name.as_str()).into_iter().collect(),
        ModuleKind::CommandModule if place.name.is_empty() => own.into_iter().collect(),
        ModuleKind::CommandModule => vec![&place.name],
        _ => {
            let objects = objects_shown_on(ctx, &[]).into_iter();
            // Nested subsystems are named with those around them.
            objects.filter_map(|object| object.name.rsplit('.').next()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
//- /metadata
Catalog.Номенклатура
attribute ОченьДлинныйРеквизит: Строка
Catalog.Склады
Role.АдминистраторСистемы
Role.Оператор
CommonForm.НастройкиПрограммы
Document.Заказ
//- /Catalogs/Номенклатура/Ext/ObjectModule.bsl
// Объект
//- /Catalogs/Номенклатура/Forms/ФормаЭлемента/Ext/Form/Module.bsl
// Форма
//- /Catalogs/Склады/Ext/ObjectModule.bsl
// Объект
//- /CommonForms/НастройкиПрограммы/Ext/Form/Module.bsl
// Форма
//- /Documents/Заказ/Commands/ПечатьЗаказа/Ext/CommandModule.bsl
// Команда
//- /CommonCommands/ОбщаяПечать/Ext/CommandModule.bsl
// Команда
//- /CommonModules/Длинноватый/Ext/Module.bsl
// Модуль
//- /CommonModules/СовсемПустой/Ext/Module.bsl
//- /Ext/SessionModule.bsl
// Сеанс
";

    #[test]
    fn names_and_the_module_they_are_shown_on() {
        rule("MetadataObjectNameLength").integer("maxMetadataObjectNameLength", 10).check(
            TEXT,
            expect![[r#"
            /Catalogs/Номенклатура/Ext/ObjectModule.bsl
            1:1 `// Объект` The name Номенклатура is longer than 10
            /Catalogs/Номенклатура/Forms/ФормаЭлемента/Ext/Form/Module.bsl
            1:1 `// Форма` The name ФормаЭлемента is longer than 10
            /CommonCommands/ОбщаяПечать/Ext/CommandModule.bsl
            1:1 `// Команда` The name ОбщаяПечать is longer than 10
            /CommonForms/НастройкиПрограммы/Ext/Form/Module.bsl
            1:1 `// Форма` The name НастройкиПрограммы is longer than 10
            /CommonModules/Длинноватый/Ext/Module.bsl
            1:1 `// Модуль` The name Длинноватый is longer than 10
            /Documents/Заказ/Commands/ПечатьЗаказа/Ext/CommandModule.bsl
            1:1 `// Команда` The name ПечатьЗаказа is longer than 10
            /Ext/SessionModule.bsl
            1:1 `// Сеанс` The name АдминистраторСистемы is longer than 10
        "#]],
        );
        assert_eq!(rule("MetadataObjectNameLength").findings(TEXT).len(), 0);
    }
}
