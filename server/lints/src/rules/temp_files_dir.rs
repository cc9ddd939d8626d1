//! `КаталогВременныхФайлов`, whose files nobody deletes.

use syntax::{NodeId, NodeKind};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TempFilesDir",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    minutes_per_point: 0,
    is_on_by_default: true,
    scope: Scope::Bsl,
    modules: &[],
    compatibility: None,
    tags: &["standard", "badpractice"],
    params: &[],
    fix: FixSafety::None,
    messages: &[Text {
        ru: "Вместо `КаталогВременныхФайлов` используйте `ПолучитьИмяВременногоФайла`",
        en: "Use `GetTempFileName` instead of `TempFilesDir`",
    }],
    docs: docs!("temp_files_dir"),
    create: |_| Box::new(TempFilesDir),
};

const NAMES: [PlatformName; 1] = [PlatformName::new("КаталогВременныхФайлов", "TempFilesDir")];

struct TempFilesDir;

impl Rule for TempFilesDir {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        if let Some(name) = global_callee_of(ctx, call, &NAMES) {
            ctx.report_node(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

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
