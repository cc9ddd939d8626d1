//! A function that some path leaves without a return.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::control_flow::{
    EdgeKind, StatementList, Vertex, VertexKind, build_graph, complete_method_name, has_directive,
    is_well_nested, returns, unlabeled,
};
use crate::layout::appended_return;
use crate::options::Params;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "AllFunctionPathMustHaveReturn",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["unpredictable", "badpractice", "suspicious"],
    params: &[
        ParamInfo {
            name: "loopsExecutedAtLeastOnce",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "считать, что тело цикла выполнится хотя бы раз",
                en: "the body of a loop is taken to run at least once",
            },
        },
        ParamInfo {
            name: "ignoreMissingElseOnExit",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "не учитывать выход, когда не подошла ни одна ветка",
                en: "do not report leaving because no branch matched",
            },
        },
    ],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Функция `{0}` может завершиться без `Возврат`",
        en: "The function `{0}` can end without `Return`",
    }],
    docs: docs!("all_function_path_must_have_return"),
    create: |params: &Params<'_>| {
        Box::new(AllFunctionPathMustHaveReturn {
            loops_run: params.bool("loopsExecutedAtLeastOnce"),
            ignores_missing_else: params.bool("ignoreMissingElseOnExit"),
        })
    },
    ..RuleInfo::DEFAULT
};

struct AllFunctionPathMustHaveReturn {
    loops_run: bool,
    ignores_missing_else: bool,
}

impl Rule for AllFunctionPathMustHaveReturn {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(block) = tree.child_of_kind(method, NodeKind::Block) else { return };
        let list = StatementList::of_block(tree, block);
        let has_directives = has_directive(ctx.facts, tree.range(method));
        // Most functions end with a return; no path can leave them elsewhere.
        if !has_directives && ends_with_return(tree, list) {
            return;
        }
        if returns(tree, method).next().is_none() || !is_well_nested(tree, tree.range(method)) {
            return;
        }
        let Some(name) = complete_method_name(tree, method) else { return };
        let graph = build_graph(source, list, has_directives);
        let leaks: Vec<_> = graph
            .before_exit()
            .filter(|(vertex, edge)| self.counts(tree, vertex, *edge))
            .filter_map(|(vertex, _)| place(tree, vertex))
            .collect();
        if !leaks.is_empty() {
            let related = std::iter::once(name).chain(leaks);
            let fix = appended_return(source, block);
            ctx.report(name).arg(source.slice(name)).related(related).fix(fix);
        }
    }
}

impl AllFunctionPathMustHaveReturn {
    /// A way into the exit that is no return.
    fn counts(&self, tree: &SyntaxTree, vertex: &Vertex, edge: EdgeKind) -> bool {
        match vertex.kind {
            VertexKind::Basic => vertex.statements.is_some_and(|(_, last)| !is_return(tree, last)),
            VertexKind::Loop(node) => !self.loops_run && !is_endless(tree, node),
            VertexKind::Condition(node) => {
                tree.kind(node) == NodeKind::ElsifClause
                    && edge == EdgeKind::False
                    && !self.ignores_missing_else
            }
            VertexKind::Instruction(_) => edge != EdgeKind::Uncovered,
            VertexKind::Try(_) | VertexKind::Label(_) => true,
            VertexKind::Latch | VertexKind::Exit => false,
        }
    }
}

/// Anchor of a vertex; for an `ИначеЕсли` the whole statement.
fn place(tree: &SyntaxTree, vertex: &Vertex) -> Option<TextRange> {
    match vertex.kind {
        VertexKind::Condition(clause) => tree.parent(clause).map(|statement| tree.range(statement)),
        _ => vertex.anchor(tree),
    }
}

fn is_return(tree: &SyntaxTree, statement: NodeId) -> bool {
    matches!(tree.kind(statement), NodeKind::Return | NodeKind::Raise)
}

fn ends_with_return(tree: &SyntaxTree, list: StatementList) -> bool {
    let last = list.statements(tree).filter(|node| tree.kind(*node) != NodeKind::EmptyStatement).last();
    last.is_some_and(|statement| is_return(tree, unlabeled(tree, statement)))
}

fn is_endless(tree: &SyntaxTree, node: NodeId) -> bool {
    let condition = tree.child(node, Role::Condition).filter(|_| tree.kind(node) == NodeKind::While);
    condition.is_some_and(|condition| {
        tree.kind(condition) == NodeKind::Boolean
            && tree.first_token(condition).is_some_and(|token| token.kind == TokenKind::True)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_returns_undefined_at_the_end() {
        rule("AllFunctionPathMustHaveReturn").check_fix(
            "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tИначе\n\t\tВ();\n\tКонецЕсли;\nКонецФункции\n\
             Function B()\n\tIf A Then\n\t\tReturn 1;\n\tEndIf;\n\tC(); // last\n\nEndFunction\n",
            expect![[r#"
                Функция А()
                	Если Б Тогда
                		Возврат 1;
                	Иначе
                		В();
                	КонецЕсли;
                	Возврат Неопределено;
                КонецФункции
                Function B()
                	If A Then
                		Return 1;
                	EndIf;
                	C(); // last

                	Return Undefined;
                EndFunction
            "#]],
        );
    }

    #[test]
    fn a_forgotten_return() {
        rule("AllFunctionPathMustHaveReturn").check(
            "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tИначе\n\t\tВ();\n\t\tГ();\n\tКонецЕсли;\nКонецФункции\n\
             Function B()\n\tTry\n\t\tReturn 1;\n\tExcept\n\tEndTry;\nEndFunction\n\
             Функция В()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tИначе\n\t\tВызватьИсключение 2;\n\tКонецЕсли;\nКонецФункции\n\
             Функция Г()\n\tД();\nКонецФункции\n",
            expect![[r#"
                1:9 `А` The function `А` can end without `Return` +1:9 +5:3
                9:10 `B` The function `B` can end without `Return` +9:10 +10:2
            "#]],
        );
    }

    #[test]
    fn branches_that_do_not_match() {
        let text = "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tКонецЕсли;\nКонецФункции\n\
            Функция Б()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tИначеЕсли В Тогда\n\t\tВозврат 2;\n\tКонецЕсли;\nКонецФункции\n";
        rule("AllFunctionPathMustHaveReturn").check(
            text,
            expect![[r#"
                6:9 `Б` The function `Б` can end without `Return` +6:9 +7:2
            "#]],
        );
        rule("AllFunctionPathMustHaveReturn")
            .bool("ignoreMissingElseOnExit", true)
            .check(text, expect![[""]]);
    }

    #[test]
    fn loops_that_do_not_run() {
        let text = "Функция А()\n\tДля Каждого Б Из В Цикл\n\t\tВозврат Б;\n\tКонецЦикла;\nКонецФункции\n\
            Function B()\n\tWhile True Do\n\t\tIf C Then\n\t\t\tReturn 1;\n\t\tEndIf;\n\tEndDo;\nEndFunction\n\
            Function C()\n\tWhile D Do\n\t\tIf C Then\n\t\t\tReturn 1;\n\t\tEndIf;\n\t\tBreak;\n\tEndDo;\nEndFunction\n";
        rule("AllFunctionPathMustHaveReturn").check(
            text,
            expect![[r#"
            13:10 `C` The function `C` can end without `Return` +13:10 +18:3
        "#]],
        );
        rule("AllFunctionPathMustHaveReturn").bool("loopsExecutedAtLeastOnce", false).check(
            text,
            expect![[r#"
            1:9 `А` The function `А` can end without `Return` +1:9 +2:2
            13:10 `C` The function `C` can end without `Return` +13:10 +14:2 +18:3
        "#]],
        );
    }

    #[test]
    fn directives_and_labels() {
        rule("AllFunctionPathMustHaveReturn").check(
            "Функция А()\n#Если Сервер Тогда\n\tВозврат 1;\n#КонецЕсли\nКонецФункции\n\
             Функция Б()\n#Если Сервер Тогда\n\tВозврат 1;\n#Иначе\n\tВозврат 2;\n#КонецЕсли\nКонецФункции\n\
             Функция В()\n#Если Сервер Тогда\n\tВозврат 1;\n#ИначеЕсли Клиент Тогда\n\tВозврат 2;\n#КонецЕсли\nКонецФункции\n\
             Функция Г()\n\tЕсли А Тогда\n\t\tПерейти ~М;\n\tКонецЕсли;\n\tВозврат 1;\n\t~М:\nКонецФункции\n",
            expect![[r#"
                1:9 `А` The function `А` can end without `Return` +1:9 +2:1
                20:9 `Г` The function `Г` can end without `Return` +20:9 +25:2
            "#]],
        );
    }
}
