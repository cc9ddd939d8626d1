//! Multilingual templates that lack a language.

use crate::multilingual::{DECLARED_LANGUAGES, MissingLanguages, TextUse};
use crate::rule::{RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MultilingualStringUsingWithTemplate",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 2,
    scope: Scope::Bsl,
    tags: &["error", "localize"],
    params: &[DECLARED_LANGUAGES],
    messages: &[Text {
        ru: "В шаблоне нет языка `{0}`: на этом языке подставлять будет некуда",
        en: "The template lacks the language `{0}`: in this language there is no place for the values",
    }],
    docs: docs!("multilingual_string_using_with_template"),
    create: |params| {
        let languages = params.list(DECLARED_LANGUAGES.name);
        Box::new(MissingLanguages { languages, text_use: TextUse::Template })
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
        rule("MultilingualStringUsingWithTemplate").check(TEXT, expect![[r#"
            2:56 `NStr("en='Yes'")` The template lacks the language `ru`: in this language there is no place for the values
        "#]]);
    }

    #[test]
    fn more_languages() {
        rule("MultilingualStringUsingWithTemplate")
            .string("declaredLanguages", "ru, en")
            .check(TEXT, expect![[r#"
                2:15 `НСтр("ru='%1'")` The template lacks the language `en`: in this language there is no place for the values
                2:56 `NStr("en='Yes'")` The template lacks the language `ru`: in this language there is no place for the values
                5:10 `НСтр("ru='%1'")` The template lacks the language `en`: in this language there is no place for the values
            "#]]);
    }
}
