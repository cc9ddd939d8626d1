//! A procedure that returns a value.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::context::Context;
use crate::control_flow::returns;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ProcedureReturnsValue",
    kind: RuleKind::Error,
    severity: RuleSeverity::Blocker,
    minutes: 5,
    tags: &["error"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Процедура не может возвращать значение",
        en: "A procedure cannot return a value",
    }],
    docs: docs!("procedure_returns_value"),
    create: |_| Box::new(ProcedureReturnsValue),
    ..RuleInfo::DEFAULT
};

struct ProcedureReturnsValue;

impl Rule for ProcedureReturnsValue {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let mut fix = None;
        for node in returns(tree, method) {
            if tree.child(node, Role::Value).is_some() && !tree.node(node).is_broken {
                let edits = fix.get_or_insert_with(|| turned_into_function(ctx.source, method)).clone();
                ctx.report_node(node).fix(edits);
            }
        }
    }
}

/// Every return of a function has a value.
fn turned_into_function(source: Source<'_>, procedure: NodeId) -> Vec<Edit> {
    let tree = source.tree;
    let keyword = tree.own_token(procedure, TokenKind::Procedure);
    let end = tree.last_token(procedure).filter(|token| token.kind == TokenKind::EndProcedure);
    let (Some(keyword), Some(end)) = (keyword, end) else { return Vec::new() };
    let (function, end_function, undefined) = match source.token_text(keyword).is_ascii() {
        true => ("Function", "EndFunction", " Undefined"),
        false => ("Функция", "КонецФункции", " Неопределено"),
    };
    let empty_returns = returns(tree, procedure).filter(|node| tree.child(*node, Role::Value).is_none());
    let values = empty_returns.map(|node| Edit::insert(tree.range(node).end, undefined));
    let keywords = [Edit::replace(keyword.range(), function), Edit::replace(end.range(), end_function)];
    keywords.into_iter().chain(values).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_makes_a_function() {
        rule("ProcedureReturnsValue").check_fix(
            "&НаСервере\nпроцедура А() Экспорт\n\tЕсли Б Тогда\n\t\tВозврат;\n\tИначеЕсли В Тогда\n\t\tВозврат 1;\n\
             \tКонецЕсли;\n\tВозврат 2\nКонецПроцедуры\nAsync Procedure B()\n\tReturn 1;\nEndProcedure\n",
            expect![[r#"
                &НаСервере
                Функция А() Экспорт
                	Если Б Тогда
                		Возврат Неопределено;
                	ИначеЕсли В Тогда
                		Возврат 1;
                	КонецЕсли;
                	Возврат 2
                КонецФункции
                Async Function B()
                	Return 1;
                EndFunction
            "#]],
        );
    }

    #[test]
    fn functions_and_bare_returns_are_fine() {
        rule("ProcedureReturnsValue").check(
            "Процедура А()\n\tЕсли Б Тогда\n\t\tВозврат 1 + 2;\n\tКонецЕсли;\n\tВозврат;\nКонецПроцедуры\n\
             Function B()\n\tReturn 1;\nEndFunction\nProcedure C()\n\t~M: Return Undefined\nEndProcedure\n",
            expect![[r#"
                3:3 `Возврат 1 + 2` A procedure cannot return a value
                11:6 `Return Undefined` A procedure cannot return a value
            "#]],
        );
    }
}
