//! Handlers of writing and deletion that do not step aside while data are exchanged.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::calls::PlatformName;
use crate::context::Context;
use crate::module::ModuleKind;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};
use crate::statements::is_instruction;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DataExchangeLoading",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::ObjectModule, ModuleKind::RecordSetModule, ModuleKind::ValueManagerModule],
    tags: &["standard", "badpractice", "unpredictable"],
    params: &[ParamInfo {
        name: "findFirst",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "проверка должна быть первым оператором процедуры",
            en: "the check has to be the first statement of the procedure",
        },
    }],
    messages: &[Text {
        ru: "Обработчик {0} не проверяет `ОбменДанными.Загрузка`",
        en: "The handler {0} does not check `DataExchange.Load`",
    }],
    docs: docs!("data_exchange_loading"),
    create: |params: &Params<'_>| Box::new(DataExchangeLoading { only_first: params.bool("findFirst") }),
    ..RuleInfo::DEFAULT
};

const HANDLERS: [PlatformName; 3] = [
    PlatformName::new("ПередЗаписью", "BeforeWrite"),
    PlatformName::new("ПриЗаписи", "OnWrite"),
    PlatformName::new("ПередУдалением", "BeforeDelete"),
];

/// In lower case, as conditions are compared.
const CHECKS: [&str; 2] = ["обменданными.загрузка", "dataexchange.load"];

struct DataExchangeLoading {
    only_first: bool,
}

impl Rule for DataExchangeLoading {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure]
    }

    fn node(&self, ctx: &mut Context<'_>, procedure: NodeId) {
        let source = ctx.source;
        let Some(name) = source.tree.child(procedure, Role::Name) else { return };
        let text = source.node_text(name);
        if !HANDLERS.iter().any(|handler| handler.is(text)) {
            return;
        }
        let body = source.tree.child_of_kind(procedure, NodeKind::Block);
        if !body.is_some_and(|body| self.steps_aside(source, body)) {
            ctx.report_node(name).arg(text);
        }
    }
}

impl DataExchangeLoading {
    fn steps_aside(&self, source: Source<'_>, body: NodeId) -> bool {
        let tree = source.tree;
        let mut statements =
            tree.children(body).filter(|child| tree.kind(*child) != NodeKind::VarDeclaration);
        if !self.only_first {
            return statements.any(|statement| is_check(source, statement));
        }
        // A directive line is a statement, too.
        let is_first = |statement: NodeId| {
            let before = tree.tokens()[..tree.token_span(statement).start].iter().rev();
            !before.take_while(|token| token.kind.is_trivia()).any(|token| is_instruction(token.kind))
        };
        statements.next().is_some_and(|first| is_first(first) && is_check(source, first))
    }
}

/// `Если ОбменДанными.Загрузка Тогда Возврат; КонецЕсли`.
fn is_check(source: Source<'_>, statement: NodeId) -> bool {
    let tree = source.tree;
    let condition = tree.child(statement, Role::Condition).filter(|_| tree.kind(statement) == NodeKind::If);
    let Some(condition) = condition else { return false };
    let code = source.folded_code(condition);
    let block = tree.child_of_kind(statement, NodeKind::Block);
    let returns = |block| tree.descendants(block).any(|descendant| tree.kind(descendant) == NodeKind::Return);
    CHECKS.iter().any(|check| code.contains(check)) && block.is_some_and(returns)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
Процедура ПередЗаписью(Отказ)
	А = 1;
	Если Не Отказ И обменданными . Загрузка = Истина Тогда
		Если А Тогда Возврат; КонецЕсли;
	КонецЕсли;
КонецПроцедуры
Procedure OnWrite(Cancel)
	Var A;
	#Region Check
	If DataExchange.Load Then
		Return;
	EndIf;
	#EndRegion
EndProcedure
Процедура ПередУдалением(Отказ)
	Если Отказ Тогда
		Если ОбменДанными.Загрузка Тогда Возврат; КонецЕсли;
	ИначеЕсли ОбменДанными.Загрузка Тогда
		Возврат;
	КонецЕсли;
КонецПроцедуры
Процедура ПриЗаписи(Отказ)
	Перем А;
	Если Источник.ОбменДанными.Загрузка Тогда // комментарий
		Возврат;
	КонецЕсли;
КонецПроцедуры
Procedure BeforeDelete(Cancel)
	If DataExchange.Load Then
		A = 1;
	Else
		Return;
	EndIf;
EndProcedure
Функция BeforeWrite()
КонецФункции
Процедура ПередЗаписьюОбъекта()
КонецПроцедуры
";

    #[test]
    fn handlers_without_the_check() {
        rule("DataExchangeLoading").check(
            TEXT,
            expect![[r#"
            15:11 `ПередУдалением` The handler ПередУдалением does not check `DataExchange.Load`
            28:11 `BeforeDelete` The handler BeforeDelete does not check `DataExchange.Load`
        "#]],
        );
    }

    #[test]
    fn the_first_statement() {
        rule("DataExchangeLoading").bool("findFirst", true).check(
            TEXT,
            expect![[r#"
            1:11 `ПередЗаписью` The handler ПередЗаписью does not check `DataExchange.Load`
            7:11 `OnWrite` The handler OnWrite does not check `DataExchange.Load`
            15:11 `ПередУдалением` The handler ПередУдалением does not check `DataExchange.Load`
            28:11 `BeforeDelete` The handler BeforeDelete does not check `DataExchange.Load`
        "#]],
        );
    }
}
