//! The editor queries compile and capture what they should. Editors only log a query that does not compile.

use std::ops::Range;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Query, QueryCursor, StreamingIterator, Tree};
use tree_sitter_language::LanguageFn;

use crate::support::queries::parse_plain;
use crate::support::trees::parse;

const RUSSIAN: &str = "\
#Область Сервис
// Пояснение
&НаСервере
Процедура Записать(Знач Ключ, Б = 1) Экспорт
	Перем Имя;
	Если НЕ Ключ.Пустой() Тогда
		Запрос = Новый Запрос(\"ВЫБРАТЬ
		|	Товары.Код, \"\"текст\"\"
		|ИЗ Справочник.Товары\");
	КонецЕсли;
	Возврат;
КонецПроцедуры
";

const ENGLISH: &str = "\
#Region Service
// Note
&AtServer
Procedure Save(Val Key, B = 1) Export
	Var Name;
	If NOT Key.Empty() Then
		Query = New Query(\"SELECT
		|	Goods.Code, \"\"text\"\"
		|FROM Catalog.Goods\");
	EndIf;
	Return;
EndProcedure
";

struct Capture {
    name: String,
    range: Range<usize>,
    pattern: usize,
}

/// Editor queries of the query language; the others are of BSL.
const SDBL_HIGHLIGHTS: &str = "sdbl/queries/highlights.scm";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bsl/queries")
}

fn query(file: &str) -> Query {
    compile(strizh_grammar::BSL, &folder().join(file))
}

fn compile(language: LanguageFn, path: &Path) -> Query {
    let source = std::fs::read_to_string(path).expect("the query is part of the crate");
    Query::new(&Language::new(language), &source)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn captures(file: &str, text: &str) -> Vec<Capture> {
    if file == SDBL_HIGHLIGHTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        return captures_of(&compile(strizh_grammar::SDBL, &path), &parse_plain(text), text);
    }
    captures_of(&query(file), &parse(text), text)
}

fn captures_of(query: &Query, tree: &Tree, text: &str) -> Vec<Capture> {
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    let mut found = Vec::new();
    while let Some(it) = matches.next() {
        for capture in it.captures() {
            let name = query.capture_names()[capture.index as usize].to_owned();
            found.push(Capture { name, range: capture.node.byte_range(), pattern: it.pattern_index });
        }
    }
    found
}

/// The texts with one capture, in document order. Later patterns win.
#[track_caller]
fn check(file: &str, text: &str, name: &str, expected: &[&str]) {
    let all = captures(file, text);
    let mut ranges: Vec<_> = all
        .iter()
        .filter(|it| it.name == name)
        .filter(|it| !all.iter().any(|other| other.range == it.range && other.pattern > it.pattern))
        .map(|it| it.range.clone())
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges.dedup();
    let texts: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
    assert_eq!(texts, expected, "{file}: @{name}");
}

#[test]
fn every_query_compiles() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the queries are part of the crate")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(
        files,
        ["folds.scm", "highlights.scm", "indents.scm", "injections.scm", "locals.scm", "tags.scm"],
    );
    for file in &files {
        query(file);
    }
}

#[test]
fn highlights() {
    let file = "highlights.scm";
    check(file, RUSSIAN, "function", &["Записать"]);
    check(file, ENGLISH, "function", &["Save"]);
    check(file, RUSSIAN, "keyword.function", &["Процедура", "КонецПроцедуры"]);
    check(file, ENGLISH, "keyword.function", &["Procedure", "EndProcedure"]);
    check(file, RUSSIAN, "keyword.conditional", &["Если", "Тогда", "КонецЕсли"]);
    check(file, ENGLISH, "keyword.conditional", &["If", "Then", "EndIf"]);
    check(file, RUSSIAN, "keyword.operator", &["НЕ", "Новый"]);
    check(file, ENGLISH, "keyword.operator", &["NOT", "New"]);
    check(file, RUSSIAN, "variable.parameter", &["Ключ", "Б"]);
    check(file, ENGLISH, "function.method.call", &["Empty"]);
    check(file, RUSSIAN, "type", &["Запрос"]);
    check(file, ENGLISH, "string.escape", &["\"\"", "\"\""]);
    check(file, RUSSIAN, "keyword.directive", &["#Область Сервис"]);
    check(file, ENGLISH, "attribute", &["&", "AtServer"]);
    check(file, RUSSIAN, "comment", &["// Пояснение"]);
    check(file, ENGLISH, "number", &["1"]);
}

#[test]
fn keywords_after_a_dot_are_names() {
    check("highlights.scm", "А.Если = Б.Выполнить();", "keyword.conditional", &[]);
    check("highlights.scm", "А.Если = Б.Выполнить();", "property", &["Если"]);
    check("highlights.scm", "А.Если = Б.Выполнить();", "function.method.call", &["Выполнить"]);
}

#[test]
fn a_query_is_one_region_without_quotes_and_bars() {
    for (text, word) in [(RUSSIAN, "ВЫБРАТЬ"), (ENGLISH, "SELECT")] {
        let all = captures("injections.scm", text);
        let mut parts: Vec<_> =
            all.iter().filter(|it| it.name == "injection.content" && it.pattern == 0).collect();
        parts.sort_by_key(|part| part.range.start);
        let query: String = parts.iter().map(|part| &text[part.range.clone()]).collect();
        assert!(query.starts_with(word), "{query}");
        assert!(!query.contains('|'), "{query}");
        assert_eq!(query.lines().count(), 3, "{query}");
    }
    let plain = captures("injections.scm", "А = \"Выбрать файл\"; Б = \"ВЫБРАТЬСЯ\";");
    assert_eq!(plain.iter().filter(|it| it.name == "_first").count(), 1);
}

#[test]
fn folds_and_tags() {
    check("tags.scm", RUSSIAN, "name", &["Записать", "Пустой", "Запрос"]);
    check("tags.scm", ENGLISH, "name", &["Save", "Empty", "Query"]);
    let folds = captures("folds.scm", ENGLISH);
    assert!(folds.iter().any(|it| ENGLISH[it.range.clone()].starts_with("&AtServer")));
    assert!(folds.iter().any(|it| ENGLISH[it.range.clone()].starts_with("If NOT")));
}

#[test]
fn locals() {
    check("locals.scm", RUSSIAN, "local.definition.parameter", &["Ключ", "Б"]);
    check("locals.scm", RUSSIAN, "local.definition.var", &["Имя", "Запрос"]);
    check("locals.scm", RUSSIAN, "local.reference", &["Ключ"]);
    check("locals.scm", ENGLISH, "local.reference", &["Key"]);
}

#[test]
fn indents_begin_and_end() {
    check("indents.scm", RUSSIAN, "indent.end", &["КонецЕсли", "КонецПроцедуры"]);
    check("indents.scm", ENGLISH, "indent.end", &["EndIf", "EndProcedure"]);
}

#[test]
fn query_language() {
    let file = SDBL_HIGHLIGHTS;
    let russian = "ВЫБРАТЬ ПЕРВЫЕ 5 Т.Код КАК Имя, СУММА(1) ИЗ Справочник.Товары КАК Т ГДЕ Т.Ссылка = &П И НЕ Т.К В (#К) // а";
    let english = "SELECT TOP 5 T.Code AS Name, SUM(1) FROM Catalog.Goods AS T WHERE T.Refs = &P AND NOT T.K IN (#K) // a";
    check(file, russian, "keyword", &["ВЫБРАТЬ", "ПЕРВЫЕ", "КАК", "ИЗ", "КАК", "ГДЕ"]);
    check(file, english, "keyword", &["SELECT", "TOP", "AS", "FROM", "AS", "WHERE"]);
    check(file, russian, "keyword.operator", &["И", "НЕ", "В"]);
    check(file, english, "property", &["Code", "Refs", "K"]);
    check(file, russian, "function.builtin", &["СУММА"]);
    check(file, english, "type", &["Goods"]);
    check(file, russian, "variable.parameter", &["&", "П"]);
    check(file, english, "string.special", &["#K"]);
    check(file, russian, "comment", &["// а"]);
    check(
        file,
        "ВЫБРАТЬ 1 УПОРЯДОЧИТЬ ПО А АВТОУПОРЯДОЧИВАНИЕ",
        "keyword",
        &["ВЫБРАТЬ", "УПОРЯДОЧИТЬ", "ПО", "АВТОУПОРЯДОЧИВАНИЕ"],
    );
}
