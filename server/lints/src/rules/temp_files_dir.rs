//! `КаталогВременныхФайлов`, whose files nobody deletes.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::calls::{PlatformName, arguments, global_callee_of};
use crate::context::Context;
use crate::literals::one_line_content;
use crate::operators::whole_expression;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TempFilesDir",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "badpractice"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Вместо `КаталогВременныхФайлов` используйте `ПолучитьИмяВременногоФайла`",
        en: "Use `GetTempFileName` instead of `TempFilesDir`",
    }],
    docs: docs!("temp_files_dir"),
    create: |_| Box::new(TempFilesDir),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("КаталогВременныхФайлов", "TempFilesDir")];

const REPLACEMENT: PlatformName = PlatformName::new("ПолучитьИмяВременногоФайла", "GetTempFileName");

struct TempFilesDir;

impl Rule for TempFilesDir {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            let fix = temporary_name(ctx.source, call, name);
            ctx.report_node(name).fix(fix);
        }
    }
}

/// A name put together of the folder, anything and an extension may be any other name with that extension.
fn temporary_name(source: Source<'_>, call: NodeId, name: NodeId) -> Option<Edit> {
    let tree = source.tree;
    let whole = whole_expression(tree, call);
    let starts_with_call = tree.range(whole).start == tree.range(call).start;
    let last = tree.child(whole, Role::Right).filter(|_| starts_with_call)?;
    let [literal] = tree.tokens_of(last) else { return None };
    let (_, extension) = one_line_content(source, literal)?.rsplit_once('.')?;
    let is_sum = tree.tokens_of(whole).iter().all(|token| {
        !token.kind.is_trivia()
            && !matches!(token.kind, TokenKind::And | TokenKind::Or)
            && !token.kind.is_comparison()
    });
    let is_extension = !extension.is_empty() && extension.chars().all(char::is_alphanumeric);
    let function = REPLACEMENT.in_language_of(source.node_text(name));
    let is_alone = arguments(tree, call) == [None];
    (is_sum && is_extension && is_alone)
        .then(|| Edit::replace(tree.range(whole), format!("{function}(\"{extension}\")")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_asks_for_a_temporary_name() {
        rule("TempFilesDir").check_fix(
            "К = КаталогВременныхФайлов() + Строка(Новый УникальныйИдентификатор) + \".txt\";\nD = TempFilesDir() + \"a.b\";\n\
             К = КаталогВременныхФайлов() + Имя;\nК = Корень + КаталогВременныхФайлов() + \"а.txt\";\nК = КаталогВременныхФайлов();\n",
            expect![[r#"
                К = ПолучитьИмяВременногоФайла("txt");
                D = GetTempFileName("b");
                К = КаталогВременныхФайлов() + Имя;
                К = Корень + КаталогВременныхФайлов() + "а.txt";
                К = КаталогВременныхФайлов();
            "#]],
        );
    }

    #[test]
    fn only_the_global_method() {
        rule("TempFilesDir").check(
            "К = КаталогВременныхФайлов() + \"а.txt\";\nD = TempFilesDir();\nФ = ПолучитьИмяВременногоФайла();\n",
            expect![[r#"
                1:5 `КаталогВременныхФайлов` Use `GetTempFileName` instead of `TempFilesDir`
                2:5 `TempFilesDir` Use `GetTempFileName` instead of `TempFilesDir`
            "#]],
        );
    }
}
