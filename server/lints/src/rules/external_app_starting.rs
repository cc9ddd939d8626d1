//! Programs that the code starts outside 1C:Enterprise.

use syntax::{NodeId, NodeKind};

use crate::calls::callee;
use crate::context::Context;
use crate::name_pattern::NamePattern;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExternalAppStarting",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    params: &[
        ParamInfo {
            name: "checkGotoUrl",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "искать и переходы по навигационным ссылкам",
                en: "look for methods that open a link, too",
            },
        },
        ParamInfo {
            name: "userPatternString",
            default: ParamDefault::String(METHODS),
            meaning: Text {
                ru: "имена методов через `|`", en: "names of methods, separated by `|`"
            },
        },
    ],
    messages: &[Text {
        ru: "`{0}` запускает внешнее приложение: проверьте, откуда его имя и параметры",
        en: "`{0}` starts another program: check where its name and parameters come from",
    }],
    docs: docs!("external_app_starting"),
    create: |params| {
        let list = params.string("userPatternString");
        Box::new(ExternalAppStarting {
            methods: NamePattern::new(&list, METHODS),
            links: params.bool("checkGotoUrl").then(|| NamePattern::new(LINKS, LINKS)),
        })
    },
    ..RuleInfo::DEFAULT
};

const METHODS: &str = "КомандаСистемы|System|ЗапуститьСистему|RunSystem|ЗапуститьПриложение|RunApp|\
    НачатьЗапускПриложения|BeginRunningApplication|ЗапуститьПриложениеАсинх|RunAppAsync|\
    ЗапуститьПрограмму|ОткрытьПроводник|ОткрытьФайл";

const LINKS: &str = "ПерейтиПоНавигационнойСсылке|GotoURL|ОткрытьНавигационнуюСсылку";

struct ExternalAppStarting {
    methods: NamePattern,
    links: Option<NamePattern>,
}

impl Rule for ExternalAppStarting {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee(ctx.source.tree, call) else { return };
        let name = ctx.source.node_text(callee.name);
        if self.methods.is_match(name) || self.links.as_ref().is_some_and(|links| links.is_match(name)) {
            ctx.report_node(callee.name).arg(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "КомандаСистемы(\"dir\");\nЗапуститьПриложение(Имя);\nФайлыКлиент.открытьФайл(Имя);\n\
        Ждать RunAppAsync(Name);\nЗапуститьПриложениеПозже(Имя);\nПерейтиПоНавигационнойСсылке(Ссылка);\nА = System;\n";

    #[test]
    fn global_calls_and_methods() {
        rule("ExternalAppStarting").check(TEXT, expect![[r#"
            1:1 `КомандаСистемы` `КомандаСистемы` starts another program: check where its name and parameters come from
            2:1 `ЗапуститьПриложение` `ЗапуститьПриложение` starts another program: check where its name and parameters come from
            3:13 `открытьФайл` `открытьФайл` starts another program: check where its name and parameters come from
            4:7 `RunAppAsync` `RunAppAsync` starts another program: check where its name and parameters come from
        "#]]);
    }

    #[test]
    fn links_on_demand() {
        rule("ExternalAppStarting")
            .bool("checkGotoUrl", true)
            .string("userPatternString", "Запустить.+Позже")
            .check(TEXT, expect![[r#"
                5:1 `ЗапуститьПриложениеПозже` `ЗапуститьПриложениеПозже` starts another program: check where its name and parameters come from
                6:1 `ПерейтиПоНавигационнойСсылке` `ПерейтиПоНавигационнойСсылке` starts another program: check where its name and parameters come from
            "#]]);
    }
}
