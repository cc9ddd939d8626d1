//! Objects of the infobase that code looks up by a name or code written into it.

use base::TextRange;
use syntax::{NodeId, NodeKind, TokenKind};

use crate::calls::{PlatformName, arguments, callee_of};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingFindElementByString",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 2,
    scope: Scope::Bsl,
    tags: &["standard", "badpractice", "performance"],
    messages: &[Text {
        ru: "Поиск `{0}` по значению, записанному в коде",
        en: "`{0}` searches by a value that is written into the code",
    }],
    docs: docs!("using_find_element_by_string"),
    create: |_| Box::new(UsingFindElementByString),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 3] = [
    PlatformName::new("НайтиПоНаименованию", "FindByDescription"),
    PlatformName::new("НайтиПоКоду", "FindByCode"),
    PlatformName::new("НайтиПоНомеру", "FindByNumber"),
];

struct UsingFindElementByString;

impl Rule for UsingFindElementByString {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee_of(ctx, call, &NAMES).filter(|callee| !callee.is_global) else { return };
        let first = arguments(ctx.source.tree, call).first().copied().flatten();
        if first.is_none_or(|argument| starts_with_literal(ctx, argument)) {
            let tree = ctx.source.tree;
            let range = TextRange { start: tree.range(callee.name).start, end: tree.range(call).end };
            let name = ctx.source.node_text(callee.name);
            ctx.report(range).arg(name);
        }
    }
}

/// The argument starts with a string on one line or with a whole number.
fn starts_with_literal(ctx: &Context<'_>, argument: NodeId) -> bool {
    ctx.source.tree.first_token(argument).is_some_and(|token| match token.kind {
        TokenKind::String => true,
        TokenKind::Number => !ctx.source.token_text(token).contains('.'),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn literals_and_omitted_values() {
        rule("UsingFindElementByString").check(
            "А = Справочники.Валюты.НайтиПоКоду(\"643\", Истина).Ссылка;\nX = Documents.Order.FindByNumber(15);\n\
             А = Каталог.НайтиПоНаименованию();\nА = Каталог.НайтиПоНаименованию(, Истина);\n\
             А = Каталог.НайтиПоКоду(\"0\" + Код);\n",
            expect![[r#"
                1:24 `НайтиПоКоду("643", Истина)` `НайтиПоКоду` searches by a value that is written into the code
                2:21 `FindByNumber(15)` `FindByNumber` searches by a value that is written into the code
                3:13 `НайтиПоНаименованию()` `НайтиПоНаименованию` searches by a value that is written into the code
                4:13 `НайтиПоНаименованию(, Истина)` `НайтиПоНаименованию` searches by a value that is written into the code
                5:13 `НайтиПоКоду("0" + Код)` `НайтиПоКоду` searches by a value that is written into the code
            "#]],
        );
    }

    #[test]
    fn values_from_elsewhere() {
        rule("UsingFindElementByString").check(
            "А = Каталог.НайтиПоКоду(Код);\nА = НайтиПоКоду(\"1\");\nА = Каталог.НайтиПоКоду(1.5);\n\
             А = Каталог.НайтиПоКоду(\"а\n|б\");\nА = Каталог.НайтиПоРеквизиту(\"1\");\n",
            expect![[""]],
        );
    }
}
