//! Settings of the configuration that make ordinary and managed applications work together.

use metadata::RootKind;

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::options::Params;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "OrdinaryAppSupport",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::SessionModule],
    tags: &["standard", "unpredictable"],
    messages: &[
        Text {
            ru: "В свойствах конфигурации не включено использование управляемых форм в обычном приложении",
            en: "The configuration does not use managed forms in the ordinary application",
        },
        Text {
            ru: "В свойствах конфигурации включено использование обычных форм в управляемом приложении",
            en: "The configuration uses ordinary forms in the managed application",
        },
    ],
    docs: docs!("ordinary_app_support"),
    create: |params: &Params<'_>| {
        Box::new(OrdinaryAppSupport { is_silent: params.ignores_ordinary_application })
    },
    ..RuleInfo::DEFAULT
};

struct OrdinaryAppSupport {
    /// Nobody runs the ordinary application.
    is_silent: bool,
}

impl Rule for OrdinaryAppSupport {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let root = ctx.module().place.root.and_then(|root| ctx.project.project.root(root));
        let Some((root, anchor)) = root.zip(ctx.anchor()).filter(|_| !self.is_silent) else { return };
        let configuration = root.configuration();
        if configuration.kind != RootKind::Configuration {
            return;
        }
        if !configuration.has_managed_forms_in_ordinary {
            ctx.report(anchor);
        }
        if configuration.has_ordinary_forms_in_managed {
            ctx.report(anchor).message(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    fn project(properties: &str) -> String {
        format!(
            "//- /Configuration.xml\n<MetaDataObject><Configuration><Properties><Name>К</Name>{properties}</Properties>\
             </Configuration></MetaDataObject>\n//- /Ext/SessionModule.bsl\n\n\tПерем А;\n"
        )
    }

    #[test]
    fn both_properties() {
        let text = project("<UseOrdinaryFormInManagedApplication>true</UseOrdinaryFormInManagedApplication>");
        rule("OrdinaryAppSupport").check(
            &text,
            expect![[r#"
            /Ext/SessionModule.bsl
            2:2 `Перем` The configuration does not use managed forms in the ordinary application
            2:2 `Перем` The configuration uses ordinary forms in the managed application
        "#]],
        );
        assert_eq!(rule("OrdinaryAppSupport").without_ordinary_application().findings(&text).len(), 0);
        let good = project("<UseManagedFormInOrdinaryApplication>true</UseManagedFormInOrdinaryApplication>");
        assert_eq!(rule("OrdinaryAppSupport").findings(&good).len(), 0);
        let extension = project("<ObjectBelonging>Adopted</ObjectBelonging>");
        assert_eq!(rule("OrdinaryAppSupport").findings(&extension).len(), 0);
    }
}
