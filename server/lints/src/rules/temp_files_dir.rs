//! `КаталогВременныхФайлов`, whose files nobody deletes.

use crate::calls::{GlobalCalls, PlatformName};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TempFilesDir",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["standard", "badpractice"],
    messages: &[Text {
        ru: "Вместо `КаталогВременныхФайлов` используйте `ПолучитьИмяВременногоФайла`",
        en: "Use `GetTempFileName` instead of `TempFilesDir`",
    }],
    docs: docs!("temp_files_dir"),
    create: |_| Box::new(GlobalCalls(&NAMES)),
    ..RuleInfo::DEFAULT
};

const NAMES: [PlatformName; 1] = [PlatformName::new("КаталогВременныхФайлов", "TempFilesDir")];

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
