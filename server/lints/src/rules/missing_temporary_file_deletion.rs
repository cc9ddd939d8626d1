//! Temporary files that nobody deletes.

use syntax::{NodeId, NodeKind, Role, Source};

use crate::argument_list::global_callee;
use crate::calls::PlatformName;
use crate::context::Context;
use crate::later_places::{LaterPlaces, end_of_block};
use crate::literals::code;
use crate::name_hash::code_hash;
use crate::name_pattern::NamePattern;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::sound_nodes::sound_nodes;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingTemporaryFileDeletion",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["badpractice", "standard"],
    params: &[ParamInfo {
        name: "searchDeleteFileMethod",
        default: ParamDefault::String(METHODS),
        meaning: Text {
            ru: "методы, которые удаляют или перемещают файл, через `|`: имена или пути через точку",
            en: "methods that delete or move a file, separated by `|`: names or paths with dots",
        },
    }],
    messages: &[Text {
        ru: "Временный файл не удаляется", en: "The temporary file is not deleted"
    }],
    docs: docs!("missing_temporary_file_deletion"),
    create: |params| {
        let list = params.string("searchDeleteFileMethod");
        Box::new(MissingTemporaryFileDeletion { deletions: NamePattern::of_paths(&list, METHODS) })
    },
    ..RuleInfo::DEFAULT
};

const METHODS: &str = "УдалитьФайлы|DeleteFiles|НачатьУдалениеФайлов|BeginDeletingFiles|\
    ПереместитьФайл|MoveFile|УдалитьФайлыАсинх|DeleteFilesAsync|ПереместитьФайлАсинх|MoveFileAsync";

/// Longer names that start with it count, too.
const GET_NAME: PlatformName = PlatformName::new("ПолучитьИмяВременногоФайла", "GetTempFileName");

struct MissingTemporaryFileDeletion {
    deletions: NamePattern,
}

impl Rule for MissingTemporaryFileDeletion {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let mut deletions = None;
        for call in sound_nodes(source.tree).filter(|node| makes_name(source, *node)) {
            let deletions = deletions.get_or_insert_with(|| self.deletions(source));
            if !is_deleted(source, call, deletions) {
                ctx.report_node(call);
            }
        }
    }
}

fn makes_name(source: Source<'_>, node: NodeId) -> bool {
    source.tree.kind(node) == NodeKind::Call
        && global_callee(source.tree, node).is_some_and(|name| GET_NAME.starts(source.node_text(name)))
}

impl MissingTemporaryFileDeletion {
    fn deletions(&self, source: Source<'_>) -> LaterPlaces {
        let tree = source.tree;
        let mut places = LaterPlaces::default();
        for call in sound_nodes(tree).filter(|node| tree.kind(*node) == NodeKind::Call) {
            let function = tree.child(call, Role::Function);
            if function.is_some_and(|function| self.deletions.is_match(&code(source, function))) {
                places.add_arguments(source, call);
            }
        }
        places
    }
}

/// The place that the name is assigned to is passed to a deletion in the same block, below.
fn is_deleted(source: Source<'_>, call: NodeId, deletions: &LaterPlaces) -> bool {
    let tree = source.tree;
    let assignment = tree.ancestors(call).find(|ancestor| tree.kind(*ancestor) == NodeKind::Assignment);
    let place = assignment.and_then(|assignment| tree.child(assignment, Role::Left));
    let Some(place) = place else { return false };
    let line = tree.first_token(call).map_or(0, |token| token.line);
    deletions.has_below(code_hash(source, place), call, end_of_block(tree, call), line)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
Имя = ПолучитьИмяВременногоФайла(\"xml\");
Если А Тогда
	Имя2 = GetTempFileName();
	Стр.Имя = ПолучитьИмяВременногоФайлаХ(); УдалитьФайлы(Стр.Имя);
	Файлы.Удалить(Имя2);
КонецЕсли;
УдалитьФайлы(имя);
УдалитьФайлы(Имя2);
Сообщить(ПолучитьИмяВременногоФайла());
А = О.ПолучитьИмяВременногоФайла();
";

    #[test]
    fn deletions_below_in_the_same_block() {
        rule("MissingTemporaryFileDeletion").check(
            TEXT,
            expect![[r#"
            3:9 `GetTempFileName()` The temporary file is not deleted
            4:12 `ПолучитьИмяВременногоФайлаХ()` The temporary file is not deleted
            9:10 `ПолучитьИмяВременногоФайла()` The temporary file is not deleted
        "#]],
        );
    }

    #[test]
    fn own_methods() {
        rule("MissingTemporaryFileDeletion").string("searchDeleteFileMethod", "Файлы.Удалить").check(
            TEXT,
            expect![[r#"
                1:7 `ПолучитьИмяВременногоФайла("xml")` The temporary file is not deleted
                4:12 `ПолучитьИмяВременногоФайлаХ()` The temporary file is not deleted
                9:10 `ПолучитьИмяВременногоФайла()` The temporary file is not deleted
            "#]],
        );
    }
}
