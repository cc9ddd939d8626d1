//! Words in names of common modules that say nothing about their contents.

use regex::{Regex, RegexBuilder};

use crate::context::ProjectContext;
use crate::module::ModuleKind;
use crate::options::Params;
use crate::project::common_module_of;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommonModuleNameWords",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 5,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommonModule],
    tags: &["standard"],
    params: &[ParamInfo {
        name: "words",
        default: ParamDefault::String(
            "процедуры|procedures|функции|functions|обработчики|handlers|модуль|module|функциональность|functionality",
        ),
        meaning: Text {
            ru: "части имени, которых не должно быть, через `|`",
            en: "parts that the name should not have, separated by `|`",
        },
    }],
    messages: &[Text {
        ru: "В имени общего модуля {0} есть слово без смысла: `{1}`",
        en: "The name of the common module {0} has a word without meaning: `{1}`",
    }],
    docs: docs!("common_module_name_words"),
    create: CommonModuleNameWords::create,
    ..RuleInfo::DEFAULT
};

struct CommonModuleNameWords {
    /// `None` if the user's list is no regular expression.
    words: Option<Regex>,
}

impl CommonModuleNameWords {
    fn create(params: &Params<'_>) -> Box<dyn Rule> {
        let words = params.string("words");
        let words = (!words.is_empty()).then_some(words);
        let compile = |words: String| RegexBuilder::new(&words).case_insensitive(true).build().ok();
        Box::new(Self { words: words.and_then(compile) })
    }
}

impl Rule for CommonModuleNameWords {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some((words, (name, _))) = self.words.as_ref().zip(common_module_of(ctx)) else { return };
        if let Some((word, anchor)) = words.find(name).zip(ctx.anchor()) {
            ctx.report(anchor).arg(name).arg(word.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
//- /CommonModules/ОбщиеПроцедуры/Ext/Module.bsl
Процедура А()
КонецПроцедуры
//- /CommonModules/EventHandlersClient/Ext/Module.bsl

// Comment
//- /CommonModules/Склады/Ext/Module.bsl
// Склады
//- /CommonModules/ПустойМодуль/Ext/Module.bsl
";

    #[test]
    fn words_anywhere_in_the_name() {
        rule("CommonModuleNameWords").check(TEXT, expect![[r#"
            /CommonModules/EventHandlersClient/Ext/Module.bsl
            2:1 `// Comment` The name of the common module EventHandlersClient has a word without meaning: `Handlers`
            /CommonModules/ОбщиеПроцедуры/Ext/Module.bsl
            1:1 `Процедура` The name of the common module ОбщиеПроцедуры has a word without meaning: `Процедуры`
        "#]]);
        rule("CommonModuleNameWords").string("words", "скл.ды").check(
            TEXT,
            expect![[r#"
            /CommonModules/Склады/Ext/Module.bsl
            1:1 `// Склады` The name of the common module Склады has a word without meaning: `Склады`
        "#]],
        );
    }
}
