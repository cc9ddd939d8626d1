//! `ПолучитьФорму`, which hands out a form without opening it.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source};

use crate::calls::{Callee, PlatformName, arguments, callee_of};
use crate::context::Context;
use crate::layout::has_trivia;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "GetFormMethod",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["error"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Вместо `ПолучитьФорму` используйте `ОткрытьФорму`",
        en: "Use `OpenForm` instead of `GetForm`",
    }],
    docs: docs!("get_form_method"),
    create: |_| Box::new(GetFormMethod),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("ПолучитьФорму", "GetForm")];

const OPEN: PlatformName = PlatformName::new("Открыть", "Open");
const OPEN_FORM: PlatformName = PlatformName::new("ОткрытьФорму", "OpenForm");

struct GetFormMethod;

impl Rule for GetFormMethod {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(callee) = callee_of(ctx, call, &NAMES) {
            let fix = opened(ctx.source, call, callee).unwrap_or_default();
            ctx.report_node(callee.name).fix(fix);
        }
    }
}

/// `ПолучитьФорму(…).Открыть();` is one call: the arguments of `ОткрытьФорму` are the same.
fn opened(source: Source<'_>, call: NodeId, callee: Callee) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let member = tree.parent(call).filter(|_| callee.is_global && tree.node(call).role == Role::Object)?;
    let opening = tree.parent(member).filter(|opening| tree.kind(*opening) == NodeKind::Call)?;
    let method = tree.child(member, Role::Property)?;
    let is_whole = tree.parent(opening).is_some_and(|it| tree.kind(it) == NodeKind::ExpressionStatement);
    let arguments = arguments(tree, opening);
    let tail = TextRange { start: tree.range(call).end, end: tree.range(opening).end };
    if !is_whole || !OPEN.is(source.node_text(method)) || arguments != [None] || has_trivia(tree, tail) {
        return None;
    }
    let name = OPEN_FORM.in_language_of(source.node_text(callee.name));
    Some(vec![Edit::replace(tree.range(callee.name), name), Edit::delete(tail)])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn a_form_that_is_only_opened() {
        rule("GetFormMethod").check_fix(
            "ПолучитьФорму(\"Форма\", Параметры, ЭтотОбъект).Открыть();\ngetform(\"F\").Open();\nО.ПолучитьФорму(\"Ф\").Открыть();\n\
             ПолучитьФорму(\"Форма\").Открыть(1);\nФ = ПолучитьФорму(\"Форма\");\n",
            expect![[r#"
                ОткрытьФорму("Форма", Параметры, ЭтотОбъект);
                OpenForm("F");
                О.ПолучитьФорму("Ф").Открыть();
                ПолучитьФорму("Форма").Открыть(1);
                Ф = ПолучитьФорму("Форма");
            "#]],
        );
    }

    #[test]
    fn both_forms_of_the_call() {
        rule("GetFormMethod").check(
            "Ф = ПолучитьФорму(\"Форма\");\nДокументы.Заказ.getForm(\"F\").Open();\nОткрытьФорму(\"Форма\");\nФ = О.ПолучитьФорму;\n",
            expect![[r#"
                1:5 `ПолучитьФорму` Use `OpenForm` instead of `GetForm`
                2:17 `getForm` Use `OpenForm` instead of `GetForm`
            "#]],
        );
    }
}
