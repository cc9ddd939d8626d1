//! Modal windows in a configuration that does without them.

use metadata::{Configuration, RootKind};
use syntax::{NodeId, NodeKind};

use crate::context::{Context, ProjectContext};
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::synchronous_methods::{MODAL_METHODS, synchronous_call};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingModalWindows",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 3)),
    tags: &["standard"],
    params: &[ParamInfo {
        name: "forceModalityMode",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "показывать и там, где конфигурация разрешает модальные окна",
            en: "report even where the configuration allows modal windows",
        },
    }],
    messages: &[Text {
        ru: "Вместо модального `{0}` используйте `{1}`",
        en: "Use `{1}` instead of the modal `{0}`",
    }],
    docs: docs!("using_modal_windows"),
    create: |params| Box::new(UsingModalWindows { is_forced: params.bool("forceModalityMode") }),
    ..RuleInfo::DEFAULT
};

struct UsingModalWindows {
    is_forced: bool,
}

impl Rule for UsingModalWindows {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some((name, replacement)) = synchronous_call(ctx, call, &MODAL_METHODS) {
            let range = ctx.source.tree.range(call);
            ctx.propose(range, self.is_forced).arg(name).arg(replacement);
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        if self.is_forced || ctx.configuration().is_some_and(is_without_modality) {
            ctx.proposals().for_each(|proposal| ctx.confirm(proposal));
        }
    }
}

/// Extensions do not say; a configuration that does not say it allows modal windows.
fn is_without_modality(configuration: &Configuration) -> bool {
    match configuration.kind {
        RootKind::Extension => true,
        RootKind::Configuration => !matches!(&*configuration.modality, "" | "Use"),
        RootKind::External => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const MODULE: &str = "Если Вопрос(\"Да?\", Режим) = 1 Тогда\n\tПредупреждение(\"!\");\nКонецЕсли;\nФорма.ОткрытьФормуМодально();\n\
        X = INPUTDATE(D);\nПоказатьВопрос(О, \"Да?\");\n";

    fn project(properties: &str) -> String {
        format!(
            "//- /Configuration.xml\n<MetaDataObject><Configuration><Properties><Name>К</Name>{properties}</Properties></Configuration></MetaDataObject>\n\
             //- /CommonModules/Тест/Ext/Module.bsl\n{MODULE}"
        )
    }

    #[test]
    fn the_mode_of_the_configuration() {
        let mode = |mode: &str| project(&format!("<ModalityUseMode>{mode}</ModalityUseMode>"));
        rule("UsingModalWindows").check(
            &mode("DontUse"),
            expect![[r#"
            /CommonModules/Тест/Ext/Module.bsl
            1:6 `Вопрос("Да?", Режим)` Use `ПоказатьВопрос` instead of the modal `Вопрос`
            2:2 `Предупреждение("!")` Use `ПоказатьПредупреждение` instead of the modal `Предупреждение`
            5:5 `INPUTDATE(D)` Use `ShowInputDate` instead of the modal `INPUTDATE`
        "#]],
        );
        assert_eq!(rule("UsingModalWindows").findings(&mode("UseWithWarnings")).len(), 3);
        assert_eq!(rule("UsingModalWindows").findings(&mode("Use")).len(), 0);
        assert_eq!(rule("UsingModalWindows").findings(&project("")).len(), 0);
        let forced = rule("UsingModalWindows").bool("forceModalityMode", true);
        assert_eq!(forced.findings(&mode("Use")).len(), 3);
    }

    #[test]
    fn extensions_and_modules_without_configuration() {
        let purpose = "<ConfigurationExtensionPurpose>Patch</ConfigurationExtensionPurpose>";
        assert_eq!(rule("UsingModalWindows").findings(&project(purpose)).len(), 3);
        assert_eq!(rule("UsingModalWindows").findings(MODULE).len(), 0);
        assert_eq!(rule("UsingModalWindows").bool("forceModalityMode", true).findings(MODULE).len(), 3);
    }
}
