//! What must hold for any text: fixtures of the repository, pieces of them, and texts from a generator.

use std::fs;
use std::path::{Path, PathBuf};

use base::{CancelToken, apply_edits};
use syntax::{Document, SyntaxTree, TokenKind};

use crate::code::Code;
use crate::tests::formatting::{SPACES, TABS};
use crate::*;

/// A small generator of numbers; tests need no better one.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

fn fixture_texts() -> Vec<String> {
    let mut folders = vec![PathBuf::from(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "bsl" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "there are no fixtures");
    files.iter().map(|path| fs::read_to_string(path).unwrap_or_default()).collect()
}

/// Statements from a grammar of pieces, with odd layout.
fn generated(seed: u64) -> String {
    let mut random = Random(seed);
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    for _ in 0..40 {
        let opening = [
            ("если А=1 и Б Тогда", "конецЕсли;"),
            ("Пока не А цикл", "КонецЦикла ;"),
            ("For Each x In y.z() Do", "enddo;"),
            ("Для Сч=1 По ( 2 ) Цикл", "КонецЦикла;"),
            ("попытка", "Исключение\nКонецПопытки;"),
        ];
        match random.below(5) {
            0 if open.len() < 6 => {
                let (start, end) = opening[random.below(opening.len())];
                text += start;
                open.push(end);
            }
            1 => text += open.pop().unwrap_or("// конец"),
            2 => text += random.pick(&["#Область А", "#КонецОбласти", "#Если Клиент Тогда", "#КонецЕсли"]),
            _ => {
                text += random.pick(&[
                    "А=1;",
                    "Б = -А+- 1 ;",
                    "В.Г( ,1, Новый Массив(2) );",
                    "Т = \"а\n  |б  \n|в\";",
                    ";",
                    "Возврат А",
                    "Если А Тогда Б();иначе В()\n;КонецЕсли;",
                    "~М:",
                    "Д = ?(А,Б,\n\tВ);",
                    "// к",
                    "А(1, // x\n2);",
                    "Ж = 'x'",
                    "@",
                    "З = Объект.Если . Тогда[ 1 ];",
                    "#Удаление\n x=1\n#КонецУдаления",
                ]);
            }
        }
        text += random
            .pick(&["\n", "\r\n", " ", "\n\n  ", "\n\t\t", "\n    ", " // x\n", "\r", "\t\n", "\u{a0}"]);
    }
    while let Some(end) = open.pop() {
        text += end;
        text += "\n";
    }
    text
}

/// Kinds and texts of tokens; keywords in lower case, since their spelling may change.
fn tokens(text: &str) -> Vec<(TokenKind, String)> {
    let code = Code::new(&Document::new(text));
    let to_pair = |index: usize| {
        let (kind, text) = (code.tree().tokens()[index].kind, code.token_text(index));
        let text = if kind.is_keyword() { text.to_lowercase() } else { text.trim_end().to_owned() };
        (kind, text)
    };
    (0..code.tree().tokens().len()).map(to_pair).collect()
}

fn errors(text: &str) -> usize {
    let mut tree = SyntaxTree::default();
    tree.lower(Document::new(text).tree(), (0..text.len()).into(), text);
    tree.errors().len()
}

fn line_ends(text: &str) -> String {
    text.chars().filter(|letter| matches!(letter, '\r' | '\n')).collect()
}

#[track_caller]
fn check_formatting(text: &str) {
    for options in [&TABS, &SPACES] {
        let format = |text: &str| {
            let edits = format(&Document::new(text), None, options, &CancelToken::new());
            assert!(edits.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start), "{text:?}");
            apply_edits(text, edits).0
        };
        let once = format(text);
        assert_eq!(tokens(&once), tokens(text), "{text:?} became {once:?}");
        assert_eq!(line_ends(once.trim_end()), line_ends(text.trim_end()), "{text:?}");
        assert!(errors(&once) <= errors(text), "{text:?} became {once:?}");
        assert_eq!(format(&once), once, "{text:?}");
    }
}

#[test]
fn fixtures_keep_their_tokens() {
    for text in fixture_texts() {
        check_formatting(&text);
        let unindented: String = text.lines().map(|line| format!("{}\n", line.trim_start())).collect();
        check_formatting(&unindented);
    }
}

#[test]
fn generated_texts_keep_their_tokens() {
    for seed in 0..300 {
        check_formatting(&generated(seed));
    }
}
