//! Objects that exist on Windows only, made without a look at the platform.

use syntax::{NodeId, NodeKind, Source};

use crate::argument_list::constructed_type;
use crate::calls::PlatformName;
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingObjectNotAvailableUnix",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 30,
    scope: Scope::Bsl,
    tags: &["standard", "lockinos"],
    messages: &[Text {
        ru: "`{0}` есть только в Windows: проверьте тип платформы",
        en: "`{0}` exists on Windows only: check the platform type",
    }],
    docs: docs!("using_object_not_available_unix"),
    create: |_| Box::new(UsingObjectNotAvailableUnix),
    ..RuleInfo::DEFAULT
};

/// Longer names that start with these count, too.
const TYPES: [PlatformName; 2] =
    [PlatformName::new("COMОбъект", "COMObject"), PlatformName::new("Почта", "Mail")];

/// What code that looks at the platform mentions, in lower case.
const PLATFORMS: [&str; 3] = ["linux_x86", "windows", "macos"];

struct UsingObjectNotAvailableUnix;

impl Rule for UsingObjectNotAvailableUnix {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, constructor: NodeId) {
        let Some(name) = constructed_type(ctx.source, constructor) else { return };
        if TYPES.iter().any(|known| known.starts(name)) && !is_guarded(ctx.source, constructor) {
            ctx.report_node(constructor).arg(name);
        }
    }
}

/// A branch `Если` around the constructor mentions a platform, in its condition or in its code.
fn is_guarded(source: Source<'_>, constructor: NodeId) -> bool {
    let tree = source.tree;
    let mut inner = constructor;
    for ancestor in tree.ancestors(constructor) {
        let is_first_branch = tree.kind(ancestor) == NodeKind::If
            && !matches!(tree.kind(inner), NodeKind::ElsifClause | NodeKind::ElseClause);
        if is_first_branch && mentions_platform(source, ancestor) {
            return true;
        }
        inner = ancestor;
    }
    false
}

fn mentions_platform(source: Source<'_>, statement: NodeId) -> bool {
    let tree = source.tree;
    let end = tree.child_of_kind(statement, NodeKind::Block).map_or(0, |block| tree.token_span(block).end);
    let tokens = tree.tokens().get(tree.token_span(statement).start..end).unwrap_or_default();
    tokens.iter().filter(|token| !token.kind.is_trivia()).any(|token| {
        let text = source.token_text(token);
        PLATFORMS.iter().any(|platform| contains_ignoring_case(text, platform))
    })
}

fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    text.as_bytes().windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn without_a_check() {
        rule("UsingObjectNotAvailableUnix").check(
            "А = Новый COMОбъект(\"Excel.Application\");\nА = Новый Почта;\nX = New COMObjectX().A();\nА = Новый(\"COMОбъект\");\nА = Новый Массив;\n\
             Если ТипПлатформы = ТипПлатформы.Windows_x86 Тогда\nИначеЕсли Б Тогда\n\tА = Новый Почта;\nИначе\n\tА = Новый Mail;\nКонецЕсли;\n\
             Если Б Тогда // windows\n\tА = Новый Почта;\nКонецЕсли;\n",
            expect![[r#"
                1:5 `Новый COMОбъект("Excel.Application")` `COMОбъект` exists on Windows only: check the platform type
                2:5 `Новый Почта` `Почта` exists on Windows only: check the platform type
                3:5 `New COMObjectX()` `COMObjectX` exists on Windows only: check the platform type
                8:6 `Новый Почта` `Почта` exists on Windows only: check the platform type
                10:6 `Новый Mail` `Mail` exists on Windows only: check the platform type
                13:6 `Новый Почта` `Почта` exists on Windows only: check the platform type
            "#]],
        );
    }

    #[test]
    fn a_check_at_any_level() {
        rule("UsingObjectNotAvailableUnix").check(
            "Если ТипПлатформы <> Тип.LINUX_x86_64 Тогда\n\tПока Б Цикл\n\t\tЕсли В Тогда\n\t\t\tА = Новый COMОбъект(1);\n\t\tКонецЕсли;\n\tКонецЦикла;\nКонецЕсли;\n\
             Если Б Тогда\n\tА = Новый Почта;\n\tСообщить(\"Только в windows\");\nКонецЕсли;\n",
            expect![[r#""#]],
        );
    }
}
