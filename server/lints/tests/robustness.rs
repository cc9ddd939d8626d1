//! Nothing a file may contain makes the check fail: random bytes, random words, modules cut anywhere.

use std::fs;
use std::path::Path;

use lints::{Mode, ModuleInfo, Options, RuleSet, check_text};
use test_support::Random;

const RUNS: usize = 10_000;

const WORDS: [&str; 48] = [
    "Процедура",
    "КонецПроцедуры",
    "Функция",
    "КонецФункции",
    "Если",
    "Тогда",
    "ИначеЕсли",
    "Иначе",
    "КонецЕсли",
    "Для",
    "Каждого",
    "Из",
    "По",
    "Пока",
    "Цикл",
    "КонецЦикла",
    "Попытка",
    "Исключение",
    "КонецПопытки",
    "Возврат",
    "ВызватьИсключение",
    "Перем",
    "Экспорт",
    "Знач",
    "Новый",
    "И",
    "ИЛИ",
    "НЕ",
    "Истина",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "=",
    "\"",
    "|",
    "'",
    "//",
    "\n",
    "\r",
    "#Область А\n",
    "#КонецОбласти\n",
    "&НаКлиенте",
    "А",
    "1",
];

const QUERY_WORDS: [&str; 44] = [
    "ВЫБРАТЬ",
    "ПЕРВЫЕ 5",
    "*",
    "Т.А.Ссылка",
    "Т.*",
    ".",
    "А",
    "КАК Т",
    "AS T",
    "ИЗ",
    "Справочник.А",
    "РегистрСведений.А.СрезПоследних(",
    "&П",
    "#П",
    "%1",
    "ЛЕВОЕ СОЕДИНЕНИЕ",
    "ПОЛНОЕ",
    "СОЕДИНЕНИЕ",
    "ПО",
    "ГДЕ",
    "И",
    "ИЛИ",
    "НЕ",
    "ЕСТЬ NULL",
    "ЕСТЬNULL(",
    "ВЫРАЗИТЬ(А КАК Справочник.Б).В.Г",
    "ПОДОБНО",
    "В",
    "ОБЪЕДИНИТЬ",
    "ВСЕ",
    "УПОРЯДОЧИТЬ ПО",
    "ИТОГИ",
    "УНИЧТОЖИТЬ",
    ";",
    "(",
    ")",
    ",",
    "=",
    "\"\"",
    "{",
    "}",
    "//",
    "\n|",
    "\r\n\t|",
];

fn all_rules() -> RuleSet {
    RuleSet::new(&Options { mode: Mode::All, ..Options::default() }).0
}

/// Checks a text and that every range lies inside it, on borders of letters.
fn check(text: &str, rules: &RuleSet) {
    for finding in check_text(text, rules, &ModuleInfo::default()) {
        let edits = finding.fix.iter().map(|edit| edit.range);
        for range in [finding.range].into_iter().chain(finding.related.iter().copied()).chain(edits) {
            let key = finding.rule.info().key;
            assert!(text.get(range.as_usize()).is_some(), "{key} reports {range:?} of {text:?}");
        }
    }
}

#[test]
fn random_bytes() {
    let rules = all_rules();
    let mut random = Random::new(1);
    for _ in 0..RUNS {
        let length = random.below(300);
        let bytes = (0..length).map(|_| random.below(256) as u8).collect();
        if let Ok(decoded) = base::encoding::decode(bytes) {
            check(&decoded.text, &rules);
        }
    }
}

#[test]
fn random_words() {
    let rules = all_rules();
    let mut random = Random::new(2);
    for _ in 0..RUNS {
        let length = random.below(60);
        let words: Vec<_> = (0..length).map(|_| WORDS[random.below(WORDS.len())]).collect();
        check(&words.join(if random.below(4) == 0 { "" } else { " " }), &rules);
    }
}

#[test]
fn random_queries() {
    let rules = all_rules();
    let mut random = Random::new(4);
    for _ in 0..RUNS {
        let length = random.below(40);
        let words: Vec<_> = (0..length).map(|_| QUERY_WORDS[random.below(QUERY_WORDS.len())]).collect();
        let query = words.join(if random.below(4) == 0 { "" } else { " " });
        let end = ["\";", "\" + Б;", "\"\n\"ИЗ Т\";", ""][random.below(4)];
        check(&format!("А = \"ВЫБРАТЬ А КАК А {query}{end}"), &rules);
    }
}

#[test]
fn truncated_modules() {
    let rules = all_rules();
    let modules = demo_modules();
    assert!(modules.len() > 10, "the demo configuration is gone");
    let mut random = Random::new(3);
    for _ in 0..RUNS {
        let module = &modules[random.below(modules.len())];
        let start = floor(module, random.below(module.len()));
        // A window keeps the run short; its start cuts as badly as its end.
        let end = floor(module, (start + random.below(1_000)).min(module.len()));
        check(&module[start..end], &rules);
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn demo_modules() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
    let mut modules = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bsl" || extension == "os") {
                let decoded = fs::read(&path).ok().and_then(|bytes| base::encoding::decode(bytes).ok());
                modules.extend(decoded.map(|decoded| decoded.text));
            }
        }
    }
    modules.sort();
    modules
}
