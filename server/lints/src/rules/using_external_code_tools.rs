//! External processors, reports and extensions that the code connects.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::argument_list::method_call;
use crate::calls::PlatformName;
use crate::chains::{ChainPlace, chain_around, chain_place};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingExternalCodeTools",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Critical,
    minutes: 15,
    tags: &["standard", "design"],
    messages: &[Text {
        ru: "Подключается внешний код (`{0}`): проверьте, откуда он",
        en: "Foreign code is connected (`{0}`): check where it comes from",
    }],
    docs: docs!("using_external_code_tools"),
    create: |_| Box::new(UsingExternalCodeTools),
    ..RuleInfo::DEFAULT
};

const MANAGERS: [PlatformName; 3] = [
    PlatformName::new("ВнешниеОбработки", "ExternalDataProcessors"),
    PlatformName::new("ВнешниеОтчеты", "ExternalReports"),
    PlatformName::new("РасширенияКонфигурации", "ConfigurationExtensions"),
];

const METHODS: &[&str] = &["Создать", "Create", "Подключить", "Connect"];

struct UsingExternalCodeTools;

impl Rule for UsingExternalCodeTools {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Name]
    }

    fn node(&self, ctx: &mut Context<'_>, name: NodeId) {
        let tree = ctx.source.tree;
        if tree.node(name).role != Role::Object {
            return;
        }
        let text = ctx.source.node_text(name);
        if !MANAGERS.iter().any(|manager| manager.is(text)) {
            return;
        }
        let chain = chain_around(tree, name);
        if chain_place(tree, chain) != ChainPlace::Target && connects(ctx.source, chain) {
            ctx.report_node(chain).arg(text);
        }
    }
}

/// Arguments count, too.
fn connects(source: Source<'_>, chain: NodeId) -> bool {
    let mut nodes = std::iter::once(chain).chain(source.tree.descendants(chain));
    nodes.any(|node| source.tree.kind(node) == NodeKind::Call && method_call(source, node, METHODS).is_some())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn managers_that_connect() {
        rule("UsingExternalCodeTools").check(
            "ВнешниеОбработки.Подключить(Адрес);\nО = внешниеОтчеты.Создать(Имя, Ложь).Метаданные();\n\
             X = ConfigurationExtensions.Create();\nExternalReports.Open(Files.Create());\n",
            expect![[r#"
                1:1 `ВнешниеОбработки.Подключить(Адрес)` Foreign code is connected (`ВнешниеОбработки`): check where it comes from
                2:5 `внешниеОтчеты.Создать(Имя, Ложь).Метаданные()` Foreign code is connected (`внешниеОтчеты`): check where it comes from
                3:5 `ConfigurationExtensions.Create()` Foreign code is connected (`ConfigurationExtensions`): check where it comes from
                4:1 `ExternalReports.Open(Files.Create())` Foreign code is connected (`ExternalReports`): check where it comes from
            "#]],
        );
    }

    #[test]
    fn other_methods_and_names() {
        rule("UsingExternalCodeTools").check(
            "А = РасширенияКонфигурации.Получить();\nМенеджер.ВнешниеОбработки.Создать();\nСоздать(ВнешниеОбработки);\n\
             ВнешниеОбработки(А).Создать();\nВнешниеОтчеты.Поле[А.Создать()] = 1;\n",
            expect![[r#""#]],
        );
    }
}
