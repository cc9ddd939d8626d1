//! A function whose result never changes.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::control_flow::{complete_method_name, returns};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FunctionReturnsSamePrimitive",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["design", "badpractice"],
    params: &[
        ParamInfo {
            name: "skipAttachable",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "не проверять функции с префиксом подключаемых",
                en: "skip functions with the attachable prefix",
            },
        },
        ParamInfo {
            name: "caseSensitiveForString",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "строки в разном регистре различаются",
                en: "strings that differ in case are different",
            },
        },
    ],
    messages: &[Text {
        ru: "Функция всегда возвращает одно и то же значение",
        en: "The function always returns the same value",
    }],
    docs: docs!("function_returns_same_primitive"),
    create: |params: &Params<'_>| {
        Box::new(FunctionReturnsSamePrimitive {
            skips_attachable: params.bool("skipAttachable"),
            strings_are_exact: params.bool("caseSensitiveForString"),
        })
    },
    ..RuleInfo::DEFAULT
};

const ATTACHABLE_PREFIXES: [&str; 2] = ["подключаемый_", "attachable_"];

struct FunctionReturnsSamePrimitive {
    skips_attachable: bool,
    strings_are_exact: bool,
}

impl Rule for FunctionReturnsSamePrimitive {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let mut values = returns(tree, method).filter_map(|node| tree.child(node, Role::Value));
        let Some(first) = values.next() else { return };
        // Equal values are all literals if one is.
        if !is_primitive(tree, first)
            || returns(tree, method).nth(1).is_none()
            || values.any(|value| !self.is_same(source, first, value))
        {
            return;
        }
        let Some(name) = complete_method_name(tree, method) else { return };
        if self.skips_attachable && is_attachable(source.slice(name)) {
            return;
        }
        let keywords = returns(tree, method).filter_map(|node| tree.first_token(node));
        ctx.report(name).related(keywords.map(|token| token.range()));
    }
}

impl FunctionReturnsSamePrimitive {
    fn is_same(&self, source: Source<'_>, left: NodeId, right: NodeId) -> bool {
        let tree = source.tree;
        let is_exact =
            self.strings_are_exact && tree.tokens_of(left).iter().any(|token| token.kind.is_string());
        let (mut left, mut right) = (tree.code_tokens_of(left), tree.code_tokens_of(right));
        loop {
            match (left.next(), right.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) => {
                    let (a, b) = (source.token_text(a), source.token_text(b));
                    let is_same = if is_exact { a == b } else { base::same_name(a, b) };
                    if !is_same {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }
}

/// Made of literals, signs and parentheses only.
fn is_primitive(tree: &SyntaxTree, value: NodeId) -> bool {
    !tree.tokens_of(value).iter().any(|token| {
        matches!(
            token.kind,
            TokenKind::Identifier | TokenKind::New | TokenKind::Question | TokenKind::Unknown
        )
    })
}

fn is_attachable(name: &str) -> bool {
    let folded = base::fold_case(name);
    ATTACHABLE_PREFIXES.iter().any(|prefix| folded.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат \"Да\";\n\tКонецЕсли;\n\tВозврат \"ДА\";\nКонецФункции\n\
        Function Attachable_B()\n\tIf C Then\n\t\tReturn -(1);\n\tEndIf;\n\tReturn - ( 1 ); // no\nEndFunction\n";

    #[test]
    fn equal_literals() {
        rule("FunctionReturnsSamePrimitive").check(
            TEXT,
            expect![[r#"
            1:9 `А` The function always returns the same value +3:3 +5:2
        "#]],
        );
    }

    #[test]
    fn parameters() {
        rule("FunctionReturnsSamePrimitive")
            .bool("skipAttachable", false)
            .bool("caseSensitiveForString", true)
            .check(
                TEXT,
                expect![[r#"
                7:10 `Attachable_B` The function always returns the same value +9:3 +11:2
            "#]],
            );
    }

    #[test]
    fn names_calls_and_single_returns_are_fine() {
        rule("FunctionReturnsSamePrimitive").check(
            "Функция А()\n\tВозврат 1;\nКонецФункции\nФункция Б()\n\tЕсли А Тогда\n\t\tВозврат А;\n\tКонецЕсли;\n\tВозврат А;\nКонецФункции\n\
             Функция В()\n\tЕсли А Тогда\n\t\tВозврат Истина;\n\tКонецЕсли;\n\tВозврат Ложь;\nКонецФункции\n\
",
            expect![[""]],
        );
    }

    #[test]
    fn a_return_without_a_value_is_not_compared() {
        rule("FunctionReturnsSamePrimitive").check(
            "Функция Г()\n\tЕсли А Тогда\n\t\tВозврат Истина;\n\tКонецЕсли;\n\tВозврат;\nКонецФункции\n",
            expect![[r#"
                1:9 `Г` The function always returns the same value +3:3 +5:2
            "#]],
        );
    }
}
