//! Tests on the methods of the demo: the second half of a method has to find the method.

use expect_test::expect;

use super::*;

const MODULE: &str =
    include_str!("../../../../fixtures/demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl");

/// Names and texts of the methods of a module, roughly.
fn methods(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("\nФункция ").or_else(|| rest.find("\nПроцедура ")) {
        let method = &rest[start + 1..];
        let end = method.find("\nКонец").map_or(method.len(), |end| end + 1);
        let name = method.split([' ', '(']).nth(1).unwrap_or_default();
        found.push((name, &method[..end]));
        rest = &method[end..];
    }
    found
}

fn second_half(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len() / 2..].join("\n")
}

fn names(found: &[SimilarMethod]) -> Vec<String> {
    found.iter().map(|found| format!("{}.{}", found.id.module, found.id.method)).collect()
}

#[test]
fn cuts_names_into_words() {
    let cut = |text: &str| words(text).collect::<Vec<_>>().join(" ");
    assert_eq!(cut("НайтиПоКоду(Код1С_names, HTTPСоединение)"), "найти коду код names http соединение");
    assert_eq!(cut("Если Истина Тогда А = 12 КонецЕсли"), "12");
    assert_eq!(cut("getXMLReader МойXML2023"), "get xml reader мой xml 2023");
}

#[test]
fn finds_methods_by_the_words_in_them() {
    let mut index = SimilarIndex::new(100);
    index.update_module(
        "А",
        [("Найти", "Контрагент = НайтиПоИНН(ИНН);"), ("Записать", "Документ.Записать();")],
    );
    index.update_module("Б", [("Поиск", "Возврат НайтиКонтрагента(ИНН, КПП);")]);
    assert_eq!(names(&index.rank("инн контрагента", 5)), ["Б.Поиск", "А.Найти"]);
    assert_eq!(names(&index.rank("инн", 1)).len(), 1);
    assert!(index.rank("склад", 5).is_empty());
    index.update_module("Б", [("Иное", "Сообщить(Текст);")]);
    assert_eq!(names(&index.rank("инн контрагента", 5)), ["А.Найти"]);
    index.remove_module("А");
    index.remove_module("Б");
    assert!(index.is_empty() && index.postings.is_empty() && index.total_words == 0);
}

#[test]
fn is_bounded() {
    let mut index = SimilarIndex::new(3);
    index.update_module("А", [("1", "Склад"), ("2", "Склад"), ("3", "Склад"), ("4", "Склад")]);
    assert_eq!((index.len(), index.left_out()), (3, 1));
    index.update_module("А", [("1", "Склад")]);
    index.update_module("Б", [("1", "Склад"), ("2", &"Склад ".repeat(MAX_METHOD_BYTES))]);
    assert_eq!((index.len(), index.methods.len(), index.left_out()), (2, 3, 2));
    assert_eq!(names(&index.rank("СКЛАД", 9)), ["А.1", "Б.1"]);
}

#[test]
fn half_a_method_finds_the_whole() {
    let methods = methods(MODULE);
    let mut index = SimilarIndex::new(1000);
    index.update_module("ПродажиСервер", methods.iter().copied());
    let cases: Vec<SimilarityCase> = methods
        .iter()
        .map(|(name, text)| SimilarityCase {
            text: second_half(text),
            expected: vec![MethodId {
                module: "ПродажиСервер".to_owned(), method: (*name).to_owned()
            }],
        })
        .collect();
    struct Alphabet(Vec<MethodId>);
    impl Ranker for Alphabet {
        fn name(&self) -> &str {
            "alphabet"
        }
        fn rank(&self, _text: &str, limit: usize) -> Vec<SimilarMethod> {
            self.0
                .iter()
                .take(limit)
                .map(|id| SimilarMethod { id: id.clone(), score: 0.0, likeness: 0.0 })
                .collect()
        }
    }
    let mut all: Vec<MethodId> = cases.iter().flat_map(|case| case.expected.clone()).collect();
    all.sort();
    let shown = table(&compare(&[&index, &Alphabet(all)], &cases));
    expect![[r#"
        ranker                    cases  first %   five %      MRR
        BM25                          9    100.0    100.0    1.000
        alphabet                      9     11.1     55.6    0.314
    "#]]
    .assert_eq(&shown);
}
