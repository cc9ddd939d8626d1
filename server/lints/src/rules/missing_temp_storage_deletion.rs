//! Values that stay in the temporary storage after they were read.

use rustc_hash::FxHashMap;
use syntax::{NodeId, Role, Source};

use crate::argument_list::is_global_call;
use crate::context::Context;
use crate::later_places::end_of_code;
use crate::name_hash::same_code_hash;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::sound_nodes::sound_nodes;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingTempStorageDeletion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Critical,
    minutes: 3,
    is_on_by_default: false,
    tags: &["standard", "performance", "badpractice"],
    messages: &[Text {
        ru: "Значение остаётся во временном хранилище: удалите его после получения",
        en: "The value stays in the temporary storage: delete it after reading",
    }],
    docs: docs!("missing_temp_storage_deletion"),
    create: |_| Box::new(MissingTempStorageDeletion),
    ..RuleInfo::DEFAULT
};

const GET: &[&str] = &["ПолучитьИзВременногоХранилища", "GetFromTempStorage"];
const DELETE: &[&str] = &["УдалитьИзВременногоХранилища", "DeleteFromTempStorage"];

struct MissingTempStorageDeletion;

impl Rule for MissingTempStorageDeletion {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut deletions = None;
        for call in sound_nodes(source.tree).filter(|node| is_global_call(source, *node, GET)) {
            let deletions = deletions.get_or_insert_with(|| Deletions::of(source));
            if !deletions.follow(source, call) {
                ctx.report_node(call);
            }
        }
    }
}

/// The last line on which a statement deletes something, by the code around it and the arguments.
struct Deletions(FxHashMap<(NodeId, u64), u32>);

impl Deletions {
    fn of(source: Source<'_>) -> Self {
        let tree = source.tree;
        let mut lines = FxHashMap::default();
        for call in sound_nodes(tree).filter(|node| is_global_call(source, *node, DELETE)) {
            let Some(first) = tree.enclosing_statement(call).and_then(|id| tree.first_token(id)) else {
                continue;
            };
            let last = lines.entry(key(source, call)).or_insert(first.line);
            *last = first.line.max(*last);
        }
        Self(lines)
    }

    /// A statement below the call deletes what it reads.
    fn follow(&self, source: Source<'_>, call: NodeId) -> bool {
        let line = source.tree.last_token(call).map_or(0, |token| token.line);
        self.0.get(&key(source, call)).is_some_and(|below| *below > line)
    }
}

fn key(source: Source<'_>, call: NodeId) -> (NodeId, u64) {
    let tree = source.tree;
    let arguments = tree.child(call, Role::Arguments).map_or(0, |list| same_code_hash(source, list));
    (end_of_code(tree, call), arguments)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn values_that_stay() {
        rule("MissingTempStorageDeletion").check(
            "Процедура А(Адрес)\n\tУдалитьИзВременногоХранилища(Адрес);\n\tБ = ПолучитьИзВременногоХранилища(Адрес);\n\
             \tБ = GetFromTempStorage(Адрес).Поле; УдалитьИзВременногоХранилища(Адрес);\n\tУдалитьИзВременногоХранилища(Другой);\n\
             \tО.УдалитьИзВременногоХранилища(Адрес);\nКонецПроцедуры\nПроцедура Б(Адрес)\n\tУдалитьИзВременногоХранилища(Адрес);\nКонецПроцедуры\n\
             А = ПолучитьИзВременногоХранилища(\n\tАдрес);\n",
            expect![[r#"
                4:6 `GetFromTempStorage(Адрес)` The value stays in the temporary storage: delete it after reading
                11:5 `ПолучитьИзВременногоХранилища(⏎	Адрес)` The value stays in the temporary storage: delete it after reading
            "#]],
        );
    }

    #[test]
    fn values_that_are_deleted() {
        rule("MissingTempStorageDeletion").check(
            "А = ПолучитьИзВременногоХранилища(Адреса.Файл);\nПроцедура А(Адрес)\n\tЕсли Истина Тогда\n\
             \t\tБ = ПолучитьИзВременногоХранилища(Адреса . Файл);\n\tКонецЕсли;\n\tЕсли Б Тогда\n\
             \t\tDeleteFromTempStorage(адреса.файл);\n\tКонецЕсли;\nКонецПроцедуры\n",
            expect![[r#"
                1:5 `ПолучитьИзВременногоХранилища(Адреса.Файл)` The value stays in the temporary storage: delete it after reading
            "#]],
        );
    }
}
