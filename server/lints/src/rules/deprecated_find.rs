//! `Найти`, the old name of `СтрНайти`.

use base::Edit;
use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedFind",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 6)),
    tags: &["deprecated"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Метод `{0}` устарел: используйте `{1}`",
        en: "The method `{0}` is deprecated: use `{1}`",
    }],
    docs: docs!("deprecated_find"),
    create: |_| Box::new(DeprecatedFind),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("Найти", "Find")];

const REPLACEMENT: PlatformName = PlatformName::new("СтрНайти", "StrFind");

struct DeprecatedFind;

impl Rule for DeprecatedFind {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, &NAMES) else { return };
        let text = ctx.source.node_text(name);
        let replacement = REPLACEMENT.in_language_of(text);
        let range = ctx.source.tree.range(name);
        ctx.report(range).arg(text).arg(replacement).fix([Edit::replace(range, replacement)]);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn methods_of_objects_are_not_meant() {
        let text = "А = Найти(\"абв\", \"б\");\nB = Find(X, Y);\nСправочник.Найти(1);\nПоиск.Find();\n";
        rule("DeprecatedFind").check(
            text,
            expect![[r#"
            1:5 `Найти` The method `Найти` is deprecated: use `СтрНайти`
            2:5 `Find` The method `Find` is deprecated: use `StrFind`
        "#]],
        );
        rule("DeprecatedFind").check_fix(
            text,
            expect![[r#"
            А = СтрНайти("абв", "б");
            B = StrFind(X, Y);
            Справочник.Найти(1);
            Поиск.Find();
        "#]],
        );
    }
}
