//! Items that a loop deletes from the collection it walks.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::argument_list::{is_word, method_call};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeletingCollectionItem",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["standard", "error"],
    messages: &[Text {
        ru: "Цикл удаляет элементы из коллекции `{0}`, которую обходит: часть элементов он пропустит",
        en: "The loop deletes items of `{0}` while walking it: some of the items are skipped",
    }],
    docs: docs!("deleting_collection_item"),
    create: |_| Box::new(DeletingCollectionItem),
    ..RuleInfo::DEFAULT
};

const DELETE: &[&str] = &["Удалить", "Delete"];

struct DeletingCollectionItem;

impl Rule for DeletingCollectionItem {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::ExpressionStatement]
    }

    fn node(&self, ctx: &mut Context<'_>, statement: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let call = tree.children(statement).next();
        if call.is_none_or(|call| method_call(source, call, DELETE).is_none()) {
            return;
        }
        for ancestor in tree.ancestors(statement) {
            if tree.kind(ancestor) != NodeKind::ForEach {
                continue;
            }
            let Some(collection) = tree.child(ancestor, Role::Collection) else { continue };
            if deletes_from(source, statement, collection) {
                let name = source.node_text(collection);
                ctx.report_node(statement).arg(name);
            }
        }
    }
}

/// The statement starts with the code of the collection and a call of the method.
fn deletes_from(source: Source<'_>, statement: NodeId, collection: NodeId) -> bool {
    let mut tokens = source.tree.code_tokens_of(statement);
    for expected in source.tree.code_tokens_of(collection) {
        let text = source.token_text(expected);
        if !tokens.next().is_some_and(|token| base::same_name(source.token_text(token), text)) {
            return false;
        }
    }
    let mut next = || tokens.next().map_or("", |token| source.token_text(token));
    next() == "." && is_word(next(), DELETE) && next() == "("
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_collection_of_the_loop() {
        rule("DeletingCollectionItem").check(
            "Для Каждого Строка Из Объект.Товары Цикл\n\tЕсли А Тогда\n\t\tобъект.Товары.удалить(Строка);\n\tКонецЕсли;\nКонецЦикла;\n\
             For Each Item In List Do\n\tList.Delete(Item);\n\tFor Each Other In List Do\n\t\tList.Delete(Other);\n\tEndDo;\nEndDo;\n",
            expect![[r#"
                3:3 `объект.Товары.удалить(Строка)` The loop deletes items of `Объект.Товары` while walking it: some of the items are skipped
                7:2 `List.Delete(Item)` The loop deletes items of `List` while walking it: some of the items are skipped
                9:3 `List.Delete(Other)` The loop deletes items of `List` while walking it: some of the items are skipped
                9:3 `List.Delete(Other)` The loop deletes items of `List` while walking it: some of the items are skipped
            "#]],
        );
    }

    #[test]
    fn other_collections_and_loops() {
        rule("DeletingCollectionItem").check(
            "Для Каждого Строка Из Товары Цикл\n\tУдаляемые.Удалить(Строка);\n\tТовары.Состав.Удалить(1);\n\tА = Товары.Удалить(Строка);\n\
             \tТовары.Удалить(1).Закрыть();\n\tТоварыХ.Удалить(1);\n\tУдалить(Строка);\nКонецЦикла;\n\
             Пока Истина Цикл\n\tТовары.Удалить(0);\nКонецЦикла;\nТовары.Удалить(1);\n",
            expect![[r#""#]],
        );
    }
}
