//! Names of parameters that the settings forbid.

use regex::{Regex, RegexBuilder};
use syntax::{NodeId, NodeKind, Role};

use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ReservedParameterNames",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["standard", "badpractice"],
    params: &[ParamInfo {
        name: "reservedWords",
        default: ParamDefault::String(""),
        meaning: Text {
            ru: "регулярное выражение запрещённых имён; пустое выключает правило",
            en: "regular expression of forbidden names; empty switches the rule off",
        },
    }],
    messages: &[Text {
        ru: "Параметр назван зарезервированным словом {0}",
        en: "The parameter has the reserved name {0}",
    }],
    docs: docs!("reserved_parameter_names"),
    create: |params: &Params<'_>| {
        Box::new(ReservedParameterNames { pattern: whole_name_pattern(&params.string("reservedWords")) })
    },
    ..RuleInfo::DEFAULT
};

struct ReservedParameterNames {
    pattern: Option<Regex>,
}

/// An expression that matches whole names in any case; `None` if there is none or it cannot be read.
fn whole_name_pattern(words: &str) -> Option<Regex> {
    let words = words.trim();
    let pattern = format!("^(?:{words})$");
    (!words.is_empty()).then(|| RegexBuilder::new(&pattern).case_insensitive(true).build().ok()).flatten()
}

impl Rule for ReservedParameterNames {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Parameter]
    }

    fn node(&self, ctx: &mut Context<'_>, parameter: NodeId) {
        let Some(pattern) = &self.pattern else { return };
        let Some(name) = ctx.source.tree.child(parameter, Role::Name) else { return };
        let text = ctx.source.node_text(name);
        if pattern.is_match(text) {
            ctx.report_node(name).arg(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "Процедура А(ссылка, Знач Дата = 1, СсылкаНаТовар)\nКонецПроцедуры\n\
                        Function F(Ref)\nEndFunction\n";

    #[test]
    fn whole_names_in_any_case() {
        rule("ReservedParameterNames").string("reservedWords", " Ссылка|Дата|Ref ").check(
            TEXT,
            expect![[r#"
                1:13 `ссылка` The parameter has the reserved name ссылка
                1:26 `Дата` The parameter has the reserved name Дата
                3:12 `Ref` The parameter has the reserved name Ref
            "#]],
        );
    }

    #[test]
    fn without_words_nothing_is_reserved() {
        rule("ReservedParameterNames").check(TEXT, expect![[""]]);
        rule("ReservedParameterNames").string("reservedWords", "(").check(TEXT, expect![[""]]);
    }
}
