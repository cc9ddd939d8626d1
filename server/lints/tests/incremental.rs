//! After any edits the findings of an open document are those of a fresh check.

use std::sync::Arc;

use base::CancelToken;
use lints::{Finding, Mode, ModuleInfo, ModuleLints, Options, RuleSet, check_text};
use syntax::{Change, Document, Position, PositionEncoding};

const MODULE: &str = "#Область Первая\n\n// Описание.\nПроцедура Раз(А) Экспорт\n\tЕсли А Тогда\n\tКонецЕсли;\nКонецПроцедуры\n\n\
    // BSLLS-off\nФункция Two(B)\n\tReturn \"текст\n\t|ещё\";\nEndFunction\n// BSLLS-on\n\n&НаКлиенте\n\
    Процедура Три()\n\tПопытка\n\t\tРаз(1);\n\tИсключение\n\tКонецПопытки;\nКонецПроцедуры\n\n#КонецОбласти\nТри();\n";

const PIECES: [&str; 18] = [
    "а", " ", "\n", "(", ")", "\"", ";", "Если ", "КонецЕсли;\n", ".", "Объект.\n", "#Если Сервер Тогда\n", "//", "|",
    "Процедура А()\n", "КонецПроцедуры\n", "1", "'",
];

/// A small generator of pseudo-random numbers: the same edits in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn all_rules() -> Arc<RuleSet> {
    let (rules, problems) = RuleSet::new(&Options { mode: Mode::All, ..Options::default() });
    assert_eq!(problems, [String::new(); 0]);
    Arc::new(rules)
}

fn update(lints: &mut ModuleLints, document: &Document, rules: &Arc<RuleSet>) -> Vec<Finding> {
    let findings = lints.update(document, rules, &ModuleInfo::default(), &CancelToken::new());
    findings.expect("invariant: nobody cancels")
}

#[test]
fn incremental_findings_equal_fresh_ones() {
    let rules = all_rules();
    let mut random = Random(20_261_121);
    for round in 0..20 {
        let mut document = Document::new(MODULE);
        let mut lints = ModuleLints::default();
        for step in 0..60 {
            let lines = document.rope().len_lines();
            let position = Position::new(random.below(lines) as u32, random.below(30) as u32);
            let is_deletion = random.below(3) == 0;
            let end = if is_deletion { Position::new(position.line, position.column + 5) } else { position };
            let text = if is_deletion { "" } else { PIECES[random.below(PIECES.len())] };
            let change = Change { range: Some((position, end)), text: text.to_owned() };
            document.apply(&[change], PositionEncoding::Utf16).expect("invariant: the line exists");

            let incremental = update(&mut lints, &document, &rules);
            let fresh = check_text(&document.text(), &rules, &ModuleInfo::default());
            assert_eq!(incremental, fresh, "round {round}, step {step}:\n{}", document.text());
        }
    }
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
    assert!(lints.update(&Document::new(MODULE), &all_rules(), &ModuleInfo::default(), &token).is_none());
}
