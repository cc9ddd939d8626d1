//! After any edits the findings of an open document are those of a fresh check.

use std::sync::Arc;

use base::CancelToken;
use lints::{Finding, Mode, ModuleInfo, ModuleLints, Options, RuleSet, check_text};
use syntax::{Change, Document, Position, PositionEncoding};
use test_support::Random;

const MODULE: &str = "#Область Первая\n\n// Описание.\nПроцедура Раз(А) Экспорт\n\tЕсли А Тогда\n\tКонецЕсли;\nКонецПроцедуры\n\n\
    // BSLLS-off\nФункция Two(B)\n\tReturn \"текст\n\t|ещё\";\nEndFunction\n// BSLLS-on\n\n&НаКлиенте\n\
    Процедура Три()\n\tПопытка\n\t\tРаз(1);\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n\n#КонецОбласти\nТри();\n";

const PIECES: [&str; 18] = [
    "а",
    " ",
    "\n",
    "(",
    ")",
    "\"",
    ";",
    "Если ",
    "КонецЕсли;\n",
    ".",
    "Объект.\n",
    "#Если Сервер Тогда\n",
    "//",
    "|",
    "Процедура А()\n",
    "КонецПроцедуры\n",
    "1",
    "'",
];

fn all_rules() -> Arc<RuleSet> {
    let (rules, problems) = RuleSet::new(&Options { mode: Mode::All, ..Options::default() });
    assert_eq!(problems, Vec::<String>::new());
    Arc::new(rules)
}

fn update(lints: &mut ModuleLints, document: &Document, rules: &Arc<RuleSet>) -> Vec<Finding> {
    let findings = lints.update(document, rules, &ModuleInfo::default(), None, &CancelToken::new());
    findings.expect("invariant: nobody cancels")
}

/// Typing and taking most of it back, so that the module is often valid. While it is broken, the error
/// nodes of an incremental tree may depend on how it got there; then only the cache is checked.
#[test]
fn incremental_findings_equal_fresh_ones() {
    let rules = all_rules();
    let mut random = Random::new(20_261_121);
    for round in 0..40 {
        let mut document = Document::new(MODULE);
        let mut lints = ModuleLints::default();
        for step in 0..60 {
            let before = document.text();
            let lines = document.rope().len_lines();
            let start = Position::new(random.below(lines) as u32, random.below(30) as u32);
            let is_deletion = random.below(3) == 0;
            let end = if is_deletion { Position::new(start.line, start.column + 5) } else { start };
            let text = if is_deletion { "" } else { PIECES[random.below(PIECES.len())] };
            edit(&mut document, start, end, text);
            check(&mut lints, &document, &rules, &format!("round {round}, step {step}"));

            if random.below(8) != 0 {
                let (start, end, text) = undo_of(&before, &document);
                edit(&mut document, start, end, &text);
                check(&mut lints, &document, &rules, &format!("round {round}, undo of step {step}"));
            }
        }
    }
}

fn edit(document: &mut Document, start: Position, end: Position, text: &str) {
    let change = Change { range: Some((start, end)), text: text.to_owned() };
    document.apply(&[change], PositionEncoding::Utf16).expect("invariant: the line exists");
}

#[track_caller]
fn check(lints: &mut ModuleLints, document: &Document, rules: &Arc<RuleSet>, step: &str) {
    let incremental = update(lints, document, rules);
    let uncached = update(&mut ModuleLints::default(), document, rules);
    assert_eq!(incremental, uncached, "{step}, cache:\n{}", document.text());
    let fresh = Document::new(&document.text());
    if !fresh.tree().root_node().has_error() {
        let fresh = check_text(&document.text(), rules, &ModuleInfo::default());
        assert_eq!(incremental, fresh, "{step}, tree:\n{}", document.text());
    }
}

/// The smallest replacement that turns the document back into `before`.
fn undo_of(before: &str, document: &Document) -> (Position, Position, String) {
    let after = document.text();
    let is_border = |at: usize, text: &str| text.is_char_boundary(at);
    let shorter = before.len().min(after.len());
    let mut start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    while !is_border(start, before) || !is_border(start, &after) {
        start -= 1;
    }
    let mut tail = before
        .bytes()
        .rev()
        .zip(after.bytes().rev())
        .take(shorter - start)
        .take_while(|(a, b)| a == b)
        .count();
    while !is_border(before.len() - tail, before) || !is_border(after.len() - tail, &after) {
        tail -= 1;
    }
    let position = |offset: usize| document.to_position(offset as u32, PositionEncoding::Utf16);
    (position(start), position(after.len() - tail), before[start..before.len() - tail].to_owned())
}

#[test]
fn documents_and_texts_have_the_same_findings() {
    let rules = all_rules();
    let document = Document::new(MODULE);
    let findings = update(&mut ModuleLints::default(), &document, &rules);
    assert!(!findings.is_empty());
    assert_eq!(findings, check_text(MODULE, &rules, &ModuleInfo::default()));
}

#[test]
fn a_cancelled_update_gives_nothing() {
    let token = CancelToken::new();
    token.cancel();
    let mut lints = ModuleLints::default();
    assert!(
        lints.update(&Document::new(MODULE), &all_rules(), &ModuleInfo::default(), None, &token).is_none()
    );
}
