//! The type `УправляемаяФорма`, renamed in version 8.3.14.

use base::Edit;
use syntax::{NodeId, NodeKind, TokenKind};

use crate::calls::{PlatformName, arguments, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedTypeManagedForm",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 14)),
    tags: &["standard", "deprecated"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Тип `{0}` устарел: используйте `{1}`",
        en: "The type `{0}` is deprecated: use `{1}`",
    }],
    docs: docs!("deprecated_type_managed_form"),
    create: |_| Box::new(DeprecatedTypeManagedForm),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("Тип", "Type")];

const OLD_TYPE: PlatformName = PlatformName::new("УправляемаяФорма", "ManagedForm");
const NEW_TYPE: PlatformName = PlatformName::new("ФормаКлиентскогоПриложения", "ClientApplicationForm");

struct DeprecatedTypeManagedForm;

impl Rule for DeprecatedTypeManagedForm {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if global_callee_of(ctx, call, &NAMES).is_none() {
            return;
        }
        let [Some(argument)] = arguments(ctx.source.tree, call)[..] else { return };
        let [literal] = ctx.source.tree.tokens_of(argument) else { return };
        if literal.kind != TokenKind::String {
            return;
        }
        let name = ctx.source.token_text(literal).trim_matches('"');
        if OLD_TYPE.is(name) {
            let replacement = NEW_TYPE.in_language_of(name);
            let edit = Edit::replace(literal.range(), format!("\"{replacement}\""));
            ctx.report_token(literal).arg(name).arg(replacement).fix([edit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_literal_is_the_whole_argument_list() {
        let text = "А = Тип(\"управляемаяФорма\");\nX = Type( \"ManagedForm\" );\nА = Тип(\"УправляемаяФорма\", 1);\n\
                    А = Тип(\"Форма\");\nА = О.Тип(\"УправляемаяФорма\");\nА = Тип(\"УправляемаяФорма\" + \"\");\n";
        rule("DeprecatedTypeManagedForm").check(text, expect![[r#"
            1:9 `"управляемаяФорма"` The type `управляемаяФорма` is deprecated: use `ФормаКлиентскогоПриложения`
            2:11 `"ManagedForm"` The type `ManagedForm` is deprecated: use `ClientApplicationForm`
        "#]]);
        rule("DeprecatedTypeManagedForm").check_fix(
            text,
            expect![[r#"
            А = Тип("ФормаКлиентскогоПриложения");
            X = Type( "ClientApplicationForm" );
            А = Тип("УправляемаяФорма", 1);
            А = Тип("Форма");
            А = О.Тип("УправляемаяФорма");
            А = Тип("УправляемаяФорма" + "");
        "#]],
        );
    }
}
