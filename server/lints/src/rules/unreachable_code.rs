//! Code that no path leads to.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::control_flow::{DeadCode, StatementList, build_graph, has_directive, is_well_nested};
use crate::layout::removal;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnreachableCode",
    kind: RuleKind::Error,
    severity: RuleSeverity::Minor,
    minutes: 10,
    tags: &["design", "suspicious"],
    fix: FixSafety::Unsafe,
    messages: &[Text { ru: "Код никогда не выполняется", en: "The code never runs" }],
    docs: docs!("unreachable_code"),
    create: |_| Box::new(UnreachableCode),
    ..RuleInfo::DEFAULT
};

struct UnreachableCode;

impl Rule for UnreachableCode {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let Some(block) = tree.child_of_kind(method, NodeKind::Block) else { return };
        check(ctx, StatementList::of_block(tree, block), tree.range(method), true);
    }

    fn section(&self, ctx: &mut Context<'_>) {
        let tree = ctx.source.tree;
        let mut first = None;
        for child in tree.children(SyntaxTree::ROOT) {
            if !tree.kind(child).is_method() {
                first = first.or(Some(child));
            } else if let Some(first) = first.take() {
                let range = outer_range(tree, first, child);
                check(ctx, StatementList::outside_methods(tree, first, child), range, false);
            }
        }
        if let Some(first) = first {
            let end = tree.subtree_end(SyntaxTree::ROOT);
            check(ctx, StatementList::outside_methods(tree, first, end), outer_range(tree, first, end), true);
        }
    }
}

fn outer_range(tree: &SyntaxTree, first: NodeId, end: NodeId) -> TextRange {
    tree.range(first).cover(tree.range(NodeId(end.0 - 1)))
}

/// Reports what follows a jump and, if asked to, what no path leads to.
fn check(ctx: &mut Context<'_>, list: StatementList, range: TextRange, follows_paths: bool) {
    let source = ctx.source;
    let tree = source.tree;
    if !is_well_nested(tree, range) {
        return;
    }
    let has_directives = has_directive(ctx.facts, range);
    let mut dead = DeadCode::new(tree, has_directives);
    dead.collect(list);
    for range in &dead.ranges {
        let fix = removal_of(source, *range).map(Edit::delete);
        ctx.report(*range).fix(fix);
    }
    // Without a jump inside another statement only what directly follows a jump is out of reach.
    let has_paths = dead.has_nested_jump || (has_directives && dead.has_jump);
    if !follows_paths || !has_paths {
        return;
    }
    let graph = build_graph(source, list, has_directives);
    for anchor in graph.unreachable().filter_map(|vertex| vertex.anchor(tree)) {
        if !dead.covers(anchor.start) {
            ctx.report(anchor);
        }
    }
}

/// Directives belong to what stands around them, and a label may be the target of a jump.
fn removal_of(source: Source<'_>, range: TextRange) -> Option<TextRange> {
    let tree = source.tree;
    let inside = tree.tokens()[tree.token_at_or_after(range.start)..].iter();
    let mut inside = inside.take_while(|token| token.start < range.end);
    let is_plain = inside.all(|token| !token.kind.is_directive() && token.kind != TokenKind::Tilde);
    is_plain.then(|| removal(source.text, range))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_deletes_what_follows_a_jump() {
        rule("UnreachableCode").check_fix(
            "Функция А()\n\tВозврат 1;\n\tБ();\n\t// да\n\tВ();\nКонецФункции\n\
             Procedure B()\n\tReturn;\n\t~M: C();\nEndProcedure\n\
             Процедура В()\n\tПока Г Цикл\n\t\tПрервать; Д();\n\tКонецЦикла;\nКонецПроцедуры\n",
            expect![[r#"
                Функция А()
                	Возврат 1;
                КонецФункции
                Procedure B()
                	Return;
                	~M: C();
                EndProcedure
                Процедура В()
                	Пока Г Цикл
                		Прервать;
                	КонецЦикла;
                КонецПроцедуры
            "#]],
        );
    }

    #[test]
    fn statements_behind_a_jump() {
        rule("UnreachableCode").check(
            "Процедура А()\n\tДля Каждого Х Из У Цикл\n\t\tПрервать;\n\t\tХ = 1; // раз\n\t\tХ();\n\tКонецЦикла;\n\tВозврат;;\n\
             \tЕсли А Тогда\n\t\tВозврат;\n\t\tБ();\n\tКонецЕсли;\nКонецПроцедуры\n\
             Function B()\n\tGoto ~M;\n\t~M: C();\n\tRaise \"x\";\n\t;\nEndFunction\nПродолжить; А();\n",
            expect![[r#"
                4:3 `Х = 1; // раз⏎		Х();` The code never runs
                8:2 `Если А Тогда⏎		Возврат;⏎		Б();⏎	КонецЕсли;` The code never runs
                15:2 `~M: C();⏎	Raise "x";` The code never runs
                19:13 `А();` The code never runs
            "#]],
        );
    }

    #[test]
    fn paths_that_all_leave() {
        rule("UnreachableCode").check(
            "Функция А()\n\tЕсли Б Тогда\n\t\tВозврат 1;\n\tИначеЕсли В Тогда\n\t\tВызватьИсключение \"\";\n\tИначе\n\t\tВозврат 2;\n\tКонецЕсли;\n\tГ = 1;\n\tД();\nКонецФункции\n\
             Function B()\n\tTry\n\t\tReturn 1;\n\tExcept\n\t\tRaise;\n\tEndTry;\n\tIf C Then\n\t\tD();\n\tEndIf;\nEndFunction\n",
            expect![[r#"
                9:2 `Г = 1` The code never runs
                18:2 `If C Then⏎		D();` The code never runs
            "#]],
        );
    }

    #[test]
    fn loops_may_end() {
        rule("UnreachableCode").check(
            "Процедура А()\n\tПока Истина Цикл\n\t\tЕсли Б Тогда\n\t\t\tПродолжить;\n\t\tИначе\n\t\t\tПрервать;\n\t\tКонецЕсли;\n\t\tВ();\n\tКонецЦикла;\n\tГ();\nКонецПроцедуры\n\
             Процедура Б()\n\tПока Истина Цикл\n\t\tВ();\n\tКонецЦикла;\n\tГ();\n\tПопытка\n\t\tВызватьИсключение 1;\n\tИсключение\n\tКонецПопытки;\n\tД();\nКонецПроцедуры\n",
            expect![[r#"
                8:3 `В()` The code never runs
            "#]],
        );
    }

    #[test]
    fn a_dead_loop_is_reported_as_a_whole() {
        rule("UnreachableCode").check(
            "Процедура А()\n\tЕсли Б Тогда\n\t\tВозврат;\n\tИначе\n\t\tПерейти ~М;\n\tКонецЕсли;\n\tПока В Цикл\n\t\tЕсли Г Тогда\n\t\t\tПродолжить;\n\t\tКонецЕсли;\n\tКонецЦикла;\n\t~М:\n\tД();\nКонецПроцедуры\n",
            expect![[r#"
                7:2 `Пока В Цикл⏎		Если Г Тогда⏎			Продолжить;⏎		КонецЕсли;⏎	КонецЦикла` The code never runs
            "#]],
        );
    }

    #[test]
    fn sections_of_directives() {
        rule("UnreachableCode").check(
            "Процедура А()\n#Если Сервер Тогда\n\tВозврат;\n#Иначе\n\tБ();\n\tВозврат;\n\tВ();\n#КонецЕсли\nКонецПроцедуры\n\
             Процедура Б()\n#Если Сервер Тогда\n\tВозврат;\n#ИначеЕсли Клиент Тогда\n\tВозврат;\n#КонецЕсли\n\tВ();\nКонецПроцедуры\n\
             Процедура В()\n#If Server Then\n\tReturn;\n#Else\n\tReturn;\n#EndIf\n\tD();\nКонецПроцедуры\n",
            expect![[r#"
                7:2 `В();` The code never runs
                24:2 `D()` The code never runs
            "#]],
        );
    }

    #[test]
    fn regions_and_the_end_of_a_directive_are_left_out() {
        rule("UnreachableCode").check(
            "Процедура А()\n\tВозврат;\n#Область Х\n#КонецОбласти\nКонецПроцедуры\nПроцедура Б()\n\tВозврат;\n#Область Х\n\tВ();\n#КонецОбласти\n\tЕсли А Тогда\n#Область Ы\n#КонецОбласти\n\tКонецЕсли;\nКонецПроцедуры\n",
            expect![[r#"
                9:2 `В();` The code never runs
            "#]],
        );
    }

    #[test]
    fn code_outside_methods() {
        rule("UnreachableCode").check(
            "Если А Тогда\n\tВозврат;\nИначе\n\tВозврат;\nКонецЕсли;\nА();\nПроцедура Б()\nКонецПроцедуры\nЕсли А Тогда\n\tВозврат;\nИначе\n\tВозврат;\nКонецЕсли;\nБ();\n",
            expect![[r#"
                14:1 `Б()` The code never runs
            "#]],
        );
    }

    #[test]
    fn half_typed_code_is_left_alone() {
        rule("UnreachableCode").check(
            "Процедура А()\n\tЕсли Б Тогда\n\t\tВозврат;\n\tВ();\n\tГ();\nКонецПроцедуры\nПроцедура Б()\n\tВозврат;\n\tВ()\n\tГ();\nКонецПроцедуры\n",
            expect![[r#"
                9:2 `В()⏎	Г();` The code never runs
            "#]],
        );
    }
}
