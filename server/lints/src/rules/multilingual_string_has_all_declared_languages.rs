//! Multilingual texts that lack a language.

use crate::multilingual::{DECLARED_LANGUAGES, MissingLanguages, TextUse};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MultilingualStringHasAllDeclaredLanguages",
    kind: RuleKind::Error,
    severity: RuleSeverity::Minor,
    minutes: 2,
    scope: Scope::Bsl,
    tags: &["error", "localize"],
    params: &[DECLARED_LANGUAGES],
    messages: &[Text {
        ru: "В тексте нет языка `{0}`", en: "The text lacks the language `{0}`"
    }],
    docs: docs!("multilingual_string_has_all_declared_languages"),
    create: |params| {
        let languages = params.list(DECLARED_LANGUAGES.name);
        Box::new(MissingLanguages { languages, text_use: TextUse::Other })
    },
    ..RuleInfo::DEFAULT
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
А = НСтр(\"ru='Да'\");
А = СтрШаблон(НСтр(\"ru='%1'\"), 1) + СтрШаблон(1, Ф(1 + NStr(\"en='Yes'\")));
А = НСтр(\"ru='Да'; en='Yes'\") + НСтр(Переменная);
А = НСтр();
Б.Поле = НСтр(\"ru='%1'\");
Если А Тогда
	В = СтрШаблон(б.поле, 1);
	Г = НСтр(\"ru='%1'\"); Д = СтрШаблон(Г, 1);
КонецЕсли;
Если А Тогда
	Е = НСтр(\"ru='%1'\");
КонецЕсли;
Ж = СтрШаблон(Е + 1, Е.Х);
Сообщить(НСтр(\"ru = 'Да'
	|en = 'Yes'\"));
";

    #[test]
    fn one_language_is_enough_by_default() {
        rule("MultilingualStringHasAllDeclaredLanguages").check(
            TEXT,
            expect![[r#"
            4:5 `НСтр()` The text lacks the language `ru`
        "#]],
        );
    }

    #[test]
    fn more_languages() {
        rule("MultilingualStringHasAllDeclaredLanguages").string("declaredLanguages", "ru, en").check(
            TEXT,
            expect![[r#"
                1:5 `НСтр("ru='Да'")` The text lacks the language `en`
                4:5 `НСтр()` The text lacks the language `ru`
                8:6 `НСтр("ru='%1'")` The text lacks the language `en`
                11:6 `НСтр("ru='%1'")` The text lacks the language `en`
            "#]],
        );
    }
}
