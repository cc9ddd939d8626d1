//! Calls inside the arguments of a call that takes several lines.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, Token, TokenKind};

use crate::argument_list::{global_callee, is_word};
use crate::context::Context;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "NestedFunctionInParameters",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    tags: &["standard", "brainoverload", "badpractice"],
    params: &[
        ParamInfo {
            name: "allowOneliner",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "сообщать, только если один из аргументов занимает несколько строк",
                en: "report only if one of the arguments spans lines",
            },
        },
        ParamInfo {
            name: "allowedMethodNames",
            default: ParamDefault::String("НСтр,NStr,ПредопределенноеЗначение,PredefinedValue"),
            meaning: Text {
                ru: "глобальные функции, которые можно вкладывать",
                en: "global functions that may be nested",
            },
        },
    ],
    messages: &[Text {
        ru: "Вложенный вызов в параметрах `{0}`",
        en: "A call is nested in the arguments of `{0}`",
    }],
    docs: docs!("nested_function_in_parameters"),
    create: |params: &Params<'_>| {
        Box::new(NestedFunctionInParameters {
            allows_oneliner: params.bool("allowOneliner"),
            allowed_names: params.list("allowedMethodNames"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct NestedFunctionInParameters {
    allows_oneliner: bool,
    allowed_names: Vec<String>,
}

impl Rule for NestedFunctionInParameters {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call, NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(list) = tree.child(call, Role::Arguments) else { return };
        let (Some(start), Some(end)) = (first_token(tree, call), tree.last_token(call)) else { return };
        if start.line == end.line || tree.node(list).has_error {
            return;
        }
        let is_reported =
            !self.allows_oneliner || tree.children(list).any(|argument| spans_lines(tree, argument));
        if is_reported && tree.descendants(list).any(|node| self.is_nested_call(source, node)) {
            let name = called_name(tree, call).unwrap_or(start);
            ctx.report_token(name).arg(source.token_text(name));
        }
    }
}

impl NestedFunctionInParameters {
    fn is_nested_call(&self, source: Source<'_>, node: NodeId) -> bool {
        let tree = source.tree;
        match tree.kind(node) {
            NodeKind::New => tree.child(node, Role::Arguments).is_some(),
            NodeKind::Call => global_callee(tree, node).is_none_or(|name| {
                let name = source.node_text(name);
                !self.allowed_names.iter().any(|allowed| is_word(name, &[allowed]))
            }),
            _ => false,
        }
    }
}

/// The name that is called, or the type that is constructed.
fn called_name(tree: &SyntaxTree, call: NodeId) -> Option<&Token> {
    let name = match tree.kind(call) {
        NodeKind::New => tree.child(call, Role::Type)?,
        _ => {
            let function = tree.child(call, Role::Function)?;
            tree.child(function, Role::Property).unwrap_or(function)
        }
    };
    tree.first_token(name)
}

/// Where the call itself starts: what stands before a dot is no part of it.
fn first_token(tree: &SyntaxTree, call: NodeId) -> Option<&Token> {
    match tree.kind(call) {
        NodeKind::New => tree.own_token(call, TokenKind::New),
        _ => called_name(tree, call),
    }
}

fn spans_lines(tree: &SyntaxTree, node: NodeId) -> bool {
    let tokens = tree.tokens_of(node);
    tokens.first().map(|token| token.line) != tokens.last().map(|token| token.line)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "А = Ф(Б(1),\n\tВ);\nА = Ф(Б(1,\n\t2), В);\nА\n\t.Ф(НСтр(\"1\"), Б);\n\
        А = О.Ф(НСтр(\"1\n\t|2\"), В);\nА = О.Ф(\"1\n\t|2\", А.В());\nA = New Query(\"1\n\t|2\" + New Array());\n\
        А = Новый(\"Б\",\n\t?(А,\n\tВ(), Г));\nА = Ф(Новый Массив,\n\tБ +\n\tВ);\nФ(Б(1), В(2));\n";

    #[test]
    fn an_argument_has_to_span_lines() {
        rule("NestedFunctionInParameters").check(
            TEXT,
            expect![[r#"
            3:5 `Ф` A call is nested in the arguments of `Ф`
            9:7 `Ф` A call is nested in the arguments of `Ф`
            11:9 `Query` A call is nested in the arguments of `Query`
            13:5 `Новый` A call is nested in the arguments of `Новый`
        "#]],
        );
    }

    #[test]
    fn the_call_has_to_span_lines() {
        rule("NestedFunctionInParameters").bool("allowOneliner", false).check(
            TEXT,
            expect![[r#"
            1:5 `Ф` A call is nested in the arguments of `Ф`
            3:5 `Ф` A call is nested in the arguments of `Ф`
            9:7 `Ф` A call is nested in the arguments of `Ф`
            11:9 `Query` A call is nested in the arguments of `Query`
            13:5 `Новый` A call is nested in the arguments of `Новый`
        "#]],
        );
    }

    #[test]
    fn allowed_names() {
        rule("NestedFunctionInParameters").string("allowedMethodNames", "б, В").check(
            TEXT,
            expect![[r#"
            7:7 `Ф` A call is nested in the arguments of `Ф`
            9:7 `Ф` A call is nested in the arguments of `Ф`
            11:9 `Query` A call is nested in the arguments of `Query`
        "#]],
        );
    }
}
