//! Records of the event log that say too little.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::{is_global_call, is_word, method_call};
use crate::calls::arguments;
use crate::chains::{chain_head, is_chain};
use crate::context::Context;
use crate::later_places::block_around;
use crate::name_hash::code_hash;
use crate::operators::operands;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsageWriteLogEvent",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    tags: &["standard", "badpractice"],
    messages: &[
        Text {
            ru: "Записи в журнал регистрации нужны все пять параметров",
            en: "A record of the event log needs all five parameters",
        },
        Text {
            ru: "Не указан уровень записи", en: "The level of the record is missing"
        },
        Text {
            ru: "Не указан комментарий записи", en: "The comment of the record is missing"
        },
        Text {
            ru: "Запись об исключении должна иметь уровень `Ошибка`",
            en: "A record about an exception needs the level `Error`",
        },
        Text {
            ru: "Комментарий записи об исключении должен содержать подробное представление ошибки",
            en: "The comment of a record about an exception has to hold the detailed description of the error",
        },
    ],
    docs: docs!("usage_write_log_event"),
    create: |_| Box::new(UsageWriteLogEvent),
    ..RuleInfo::DEFAULT
};

const TOO_FEW: u8 = 0;
const NO_LEVEL: u8 = 1;
const NO_COMMENT: u8 = 2;
const WRONG_LEVEL: u8 = 3;
const WRONG_COMMENT: u8 = 4;

const WRITE: &[&str] = &["ЗаписьЖурналаРегистрации", "WriteLogEvent"];
const LEVELS: &[&str] = &["УровеньЖурналаРегистрации", "EventLogLevel"];
const ERROR: &[&str] = &["Ошибка", "Error"];
const PROCESSING: &[&str] = &["ОбработкаОшибок", "ErrorProcessing"];
const DETAIL: &[&str] = &["ПодробноеПредставлениеОшибки", "DetailErrorDescription"];
const BRIEF: &[&str] = &["КраткоеПредставлениеОшибки", "BriefErrorDescription"];
const DESCRIPTION: &[&str] = &["ОписаниеОшибки", "ErrorDescription"];
const INFO: &[&str] = &["ИнформацияОбОшибке", "ErrorInfo"];

/// Places of the parameters.
const LEVEL: usize = 1;
const COMMENT: usize = 4;

struct UsageWriteLogEvent;

impl Rule for UsageWriteLogEvent {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let source = ctx.source;
        let is_record = |node: NodeId| is_global_call(source, node, WRITE);
        if is_record(call)
            && !source.tree.ancestors(call).any(is_record)
            && let Some(message) = problem(source, call)
        {
            ctx.report_node(call).message(message);
        }
    }
}

fn problem(source: Source<'_>, call: NodeId) -> Option<u8> {
    let arguments = arguments(source.tree, call);
    if arguments.len() <= COMMENT {
        return Some(TOO_FEW);
    }
    let Some(level) = arguments[LEVEL] else { return Some(NO_LEVEL) };
    let Some(comment) = arguments[COMMENT] else { return Some(NO_COMMENT) };
    if !is_in_except(source.tree, call) {
        return None;
    }
    if !is_error_level(source, level) {
        return Some(WRONG_LEVEL);
    }
    let block = block_around(source.tree, call);
    (!raises(source.tree, block) && !is_good_comment(source, comment, block)).then_some(WRONG_COMMENT)
}

fn is_in_except(tree: &SyntaxTree, node: NodeId) -> bool {
    tree.ancestors(node).any(|ancestor| tree.kind(ancestor) == NodeKind::ExceptClause)
}

/// A variable or something computed may be any level.
fn is_error_level(source: Source<'_>, level: NodeId) -> bool {
    let tree = source.tree;
    let head = chain_head(tree, level);
    if head == level || tree.kind(head) != NodeKind::Name {
        return true;
    }
    let property = tree.child(level, Role::Property);
    tree.parent(head) == Some(level)
        && is_word(source.node_text(head), LEVELS)
        && property.is_some_and(|name| is_word(source.node_text(name), ERROR))
}

/// The block itself, not one inside it, raises an exception.
fn raises(tree: &SyntaxTree, block: NodeId) -> bool {
    let labeled = |statement: NodeId| match tree.kind(statement) {
        NodeKind::LabeledStatement => tree.children(statement).last().unwrap_or(statement),
        _ => statement,
    };
    tree.children(block).any(|statement| tree.kind(labeled(statement)) == NodeKind::Raise)
}

fn is_good_comment(source: Source<'_>, comment: NodeId, block: NodeId) -> bool {
    let tree = source.tree;
    if let Some(is_detailed) = description(source, comment) {
        return is_detailed;
    }
    let first = tree.children(block).next().filter(|first| tree.kind(*first) == NodeKind::Assignment);
    let variable = first.and_then(|first| tree.child(first, Role::Left)).map(|left| code_hash(source, left));
    let value = first.and_then(|first| tree.child(first, Role::Right));
    operands(tree, comment).all(|operand| {
        let is_variable = || variable == Some(code_hash(source, operand));
        let is_detailed = || value.and_then(|value| description(source, value)) == Some(true);
        is_chain(tree, operand) && (!is_variable() || is_detailed())
    })
}

/// Whether the description of the error in an expression is detailed; `None` if there is none.
fn description(source: Source<'_>, expression: NodeId) -> Option<bool> {
    let tree = source.tree;
    let parts = || std::iter::once(expression).chain(tree.descendants(expression));
    let is_call = |node: NodeId, names: &[&str]| {
        is_global_call(source, node, names)
            || method_call(source, node, names).is_some_and(|(_, object)| is_processing(source, object))
    };
    let has_info = |call: NodeId| tree.descendants(call).any(|part| is_global_call(source, part, INFO));
    if parts().any(|part| tree.kind(part) == NodeKind::Call && is_call(part, DETAIL) && has_info(part)) {
        return Some(true);
    }
    let is_poor = |part: NodeId| is_global_call(source, part, DESCRIPTION) || is_call(part, BRIEF);
    parts().any(|part| tree.kind(part) == NodeKind::Call && is_poor(part)).then_some(false)
}

fn is_processing(source: Source<'_>, object: NodeId) -> bool {
    source.tree.kind(object) == NodeKind::Name && is_word(source.node_text(object), PROCESSING)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn parameters() {
        rule("UsageWriteLogEvent").check(
            "ЗаписьЖурналаРегистрации(\"А\");\nWriteLogEvent(\"А\", , , , \"Б\");\nЗаписьЖурналаРегистрации(\"А\", Уровень, , , );\n\
             ЗаписьЖурналаРегистрации(\"А\", УровеньЖурналаРегистрации.Информация, , , \"Б\");\nО.ЗаписьЖурналаРегистрации(\"А\");\n\
             ЗаписьЖурналаРегистрации(\"А\", Уровень, , , WriteLogEvent());\n",
            expect![[r#"
                1:1 `ЗаписьЖурналаРегистрации("А")` A record of the event log needs all five parameters
                2:1 `WriteLogEvent("А", , , , "Б")` The level of the record is missing
                3:1 `ЗаписьЖурналаРегистрации("А", Уровень, , , )` The comment of the record is missing
            "#]],
        );
    }

    #[test]
    fn levels_in_except_parts() {
        rule("UsageWriteLogEvent").check(
            "Попытка\nИсключение\n\tП = ПодробноеПредставлениеОшибки(ИнформацияОбОшибке());\n\tЕсли А Тогда\n\
             \t\tЗаписьЖурналаРегистрации(\"А\", УровеньЖурналаРегистрации.Предупреждение, , , П);\n\
             \t\tЗаписьЖурналаРегистрации(\"А\", eventLogLevel.Error, , , П);\n\
             \t\tЗаписьЖурналаРегистрации(\"А\", Уровень, , , П);\n\
             \t\tЗаписьЖурналаРегистрации(\"А\", Получить().Уровень, , , П);\n\
             \t\tЗаписьЖурналаРегистрации(\"А\", Уровни.Ошибка, , , П);\n\
             \tКонецЕсли;\nКонецПопытки;\n",
            expect![[r#"
                5:3 `ЗаписьЖурналаРегистрации("А", УровеньЖурналаРегистрации.Предупреждение, , , П)` A record about an exception needs the level `Error`
                9:3 `ЗаписьЖурналаРегистрации("А", Уровни.Ошибка, , , П)` A record about an exception needs the level `Error`
            "#]],
        );
    }

    fn in_except(code: &str) -> usize {
        let text = format!("Попытка\nИсключение\n{code}\nКонецПопытки;\n");
        rule("UsageWriteLogEvent").findings(&text).len()
    }

    fn comment(comment: &str) -> usize {
        in_except(&format!("ЗаписьЖурналаРегистрации(\"А\", Уровень, , , {comment});"))
    }

    #[test]
    fn comments_in_except_parts() {
        assert_eq!(comment("ПодробноеПредставлениеОшибки(ИнформацияОбОшибке())"), 0);
        assert_eq!(
            comment("\"А: \" + ОбработкаОшибок.ПодробноеПредставлениеОшибки(ИнформацияОбОшибке())"),
            0
        );
        assert_eq!(comment("Ф(DetailErrorDescription(ErrorInfo()))"), 0);
        assert_eq!(comment("ПодробноеПредставлениеОшибки(Инфо)"), 0);
        assert_eq!(comment("О.ПодробноеПредставлениеОшибки(ИнформацияОбОшибке())"), 0);
        assert_eq!(comment("ОписаниеОшибки()"), 1);
        assert_eq!(comment("Ф(ОбработкаОшибок.КраткоеПредставлениеОшибки(ИнформацияОбОшибке()))"), 1);
        assert_eq!(comment("BriefErrorDescription(ErrorInfo())"), 1);
        assert_eq!(comment("\"Ошибка\""), 1);
        assert_eq!(comment("Текст + \"Ошибка\""), 1);
        assert_eq!(comment("(Текст)"), 1);
        assert_eq!(comment("Текст + Ф(\"Ошибка\")"), 0);
    }

    #[test]
    fn variables_that_the_block_begins_with() {
        let write = "ЗаписьЖурналаРегистрации(\"А\", Уровень, , , текст.Поле);";
        let begins = |value: &str| in_except(&format!("Текст.Поле = {value};\n{write}"));
        assert_eq!(begins("ПодробноеПредставлениеОшибки(ИнформацияОбОшибке())"), 0);
        assert_eq!(begins("ОписаниеОшибки()"), 1);
        assert_eq!(begins("Другой"), 1);
        assert_eq!(in_except(&format!("А = 1;\nТекст.Поле = ОписаниеОшибки();\n{write}")), 0);
        assert_eq!(in_except(&format!("Текст.Поле = 1;\n{write}\nВызватьИсключение;")), 0);
        assert_eq!(
            in_except(&format!("Если А Тогда\nТекст.Поле = 1;\n{write}\nКонецЕсли;\nВызватьИсключение;")),
            1
        );
    }
}
