//! Lines with more than one statement.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, SyntaxTree};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::statements::is_instruction;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "OneStatementPerLine",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 2,
    tags: &["standard", "design"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "На строке несколько операторов", en: "Several statements on one line"
    }],
    docs: docs!("one_statement_per_line"),
    create: |_| Box::new(OneStatementPerLine),
    ..RuleInfo::DEFAULT
};

struct OneStatementPerLine;

impl Rule for OneStatementPerLine {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut line = Line::default();
        let mut end_of_error = 0;
        for (id, node) in source.tree.nodes() {
            if node.kind == NodeKind::Error {
                end_of_error = end_of_error.max(source.tree.subtree_end(id).0);
                line.forget();
            } else if id.0 >= end_of_error && is_statement(source.tree, id) {
                line.add(ctx, id);
            }
        }
        if line.has_instruction_behind(source.tree, source.tree.tokens().len()) {
            line.forget();
        }
        line.flush(ctx);
    }
}

/// A labeled statement counts once; declarations of variables are no statements.
fn is_statement(tree: &SyntaxTree, id: NodeId) -> bool {
    let kind = tree.kind(id);
    kind.is_statement()
        && kind != NodeKind::VarDeclaration
        && tree.parent(id).is_none_or(|parent| tree.kind(parent) != NodeKind::LabeledStatement)
}

/// Statements that start on the line of the first one.
#[derive(Default)]
struct Line {
    number: Option<u32>,
    others: Vec<NodeId>,
}

impl Line {
    fn add(&mut self, ctx: &mut Context<'_>, statement: NodeId) {
        let tree = ctx.source.tree;
        let Some(first) = tree.first_token(statement) else { return };
        if self.has_instruction_behind(tree, tree.token_span(statement).start) {
            self.forget();
        }
        if tree.kind(statement) == NodeKind::EmptyStatement || tree.node(statement).is_broken {
            self.forget();
        } else if self.number == Some(first.line) {
            self.others.push(statement);
        } else {
            self.flush(ctx);
            self.number = Some(first.line);
        }
    }

    /// A lone `;`, an instruction line or broken code make it unclear what belongs to the line.
    fn forget(&mut self) {
        self.others.clear();
    }

    fn flush(&mut self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        for statement in &self.others {
            let others = self.others.iter().filter(|other| *other != statement);
            let related = others.map(|other| source.tree.statement_range(*other));
            let range = source.tree.statement_range(*statement);
            ctx.report(range).related(related).fix([line_break_before(source, range)]);
        }
        self.others.clear();
    }

    /// True if an instruction line stands between the last statement and the token at `end` in the same
    /// method.
    fn has_instruction_behind(&self, tree: &SyntaxTree, end: usize) -> bool {
        let Some(last) = self.others.last() else { return false };
        let end_of_method = tree.enclosing_method(*last).map(|method| tree.token_span(method).end);
        let end = end.min(end_of_method.unwrap_or(end));
        let has_block = tree.child_of_kind(*last, NodeKind::Block).is_some();
        let span = tree.token_span(*last);
        let start = if has_block { span.start } else { span.end };
        let between = tree.tokens().get(start..end).unwrap_or_default();
        between.iter().any(|token| is_instruction(token.kind))
    }
}

/// Puts the statement on a line of its own, as far to the right as the line it stood on.
fn line_break_before(source: Source<'_>, statement: TextRange) -> Edit {
    let line = source.tree.line_of(statement.start) as usize;
    let line_start = source.tree.line_starts().get(line).copied().unwrap_or(statement.start);
    let before = source.slice(TextRange { start: line_start, end: statement.start });
    let is_blank = |letter: char| letter == ' ' || letter == '\t';
    let indentation = &before[..before.len() - before.trim_start_matches(is_blank).len()];
    let blanks = before.len() - before.trim_end_matches(is_blank).len();
    let range = TextRange { start: statement.start - blanks as u32, end: statement.start };
    Edit::replace(range, format!("{}{indentation}", syntax::line_break(source.text)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn all_but_the_first() {
        rule("OneStatementPerLine").check(
            "А = 1; Б = 2; В();\nЕсли А Тогда Б = 1; КонецЕсли;\nIf A\n Then B(); C() EndIf; ~М: Г = 1;\n",
            expect![[r#"
                1:8 `Б = 2;` Several statements on one line +1:15
                1:15 `В();` Several statements on one line +1:8
                2:14 `Б = 1;` Several statements on one line
                4:12 `C()` Several statements on one line +4:23
                4:23 `~М: Г = 1;` Several statements on one line +4:12
            "#]],
        );
    }

    #[test]
    fn what_empties_the_line() {
        rule("OneStatementPerLine").check(
            "А = 1; Б = 2;;\nА = 1; Б = 2;\n#Область Х\n#КонецОбласти\nВ = 1;; Г = 1;\nПроцедура П() А(); Б();\n#КонецОбласти\nКонецПроцедуры\n\
             Процедура П() А(); Б(); КонецПроцедуры\n#Область Х\n",
            expect![[r#"
                5:9 `Г = 1;` Several statements on one line
                9:20 `Б();` Several statements on one line
            "#]],
        );
    }

    #[test]
    fn declarations_and_methods_on_one_line() {
        rule("OneStatementPerLine").check("Функция Ф() Перем А; Возврат А; КонецФункции\n", expect![[""]]);
    }

    #[test]
    fn the_fix_breaks_the_line() {
        rule("OneStatementPerLine").check_fix(
            "Процедура П()\r\n\tА = 1;  Если Б Тогда В(); КонецЕсли; // почему\r\nКонецПроцедуры\r\n",
            expect![[r#"
                Процедура П()␍
                	А = 1;␍
                	Если Б Тогда␍
                	В(); КонецЕсли; // почему␍
                КонецПроцедуры␍
            "#]],
        );
    }
}
