//! What must hold for any text: fixtures of the repository, pieces of them, and texts from a generator.

use std::fs;
use std::path::Path;

use base::{CancelToken, apply_edits};
use syntax::{Document, SyntaxTree, TokenKind};
use test_support::Random;

use crate::code::Code;
use crate::tests::formatting::{SPACES, TABS};
use crate::*;

pub(super) fn fixture_texts() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
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
    let mut random = Random::new(seed);
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
    let document = Document::new(text);
    let code = Code::new(&document);
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

/// The text with a piece cut out, doubled or put elsewhere.
fn mutated(text: &str, random: &mut Random) -> String {
    let letters: Vec<char> = text.chars().collect();
    let start = random.below(letters.len());
    let end = (start + random.below(12)).min(letters.len());
    let piece: String = letters[start..end].iter().collect();
    let (before, after): (String, String) =
        (letters[..start].iter().collect(), letters[end..].iter().collect());
    match random.below(5) {
        0 => before,
        1 => format!("{before}{after}"),
        2 => format!("{before}{piece}{piece}{after}"),
        3 => format!(
            "{before}{}{after}",
            random.pick(&["\"", "(", "Если", ";", "\n", "|", "'", "#", "//", ".", "\r"])
        ),
        _ => format!("{piece}{before}{after}"),
    }
}

/// Asks everything at every offset, between letters and inside them.
fn ask_everything(text: &str) {
    let document = Document::new(text);
    let token = CancelToken::new();
    document_symbols(&document, &token);
    folding_ranges(&document, &token);
    let colours = semantic_tokens(&document, None, &token);
    assert!(colours.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start), "{text:?}");
    assert!(colours.iter().all(|colour| !colour.range.slice(text).contains(['\r', '\n'])), "{text:?}");
    for offset in 0..=document.len() + 1 {
        let ranges = selection_ranges(&document, offset);
        assert!(ranges.windows(2).all(|pair| pair[1].contains(pair[0]) && pair[0] != pair[1]), "{text:?}");
        document_highlights(&document, offset);
        for typed in [';', '\n'] {
            let edits = format_on_type(&document, offset, typed, &TABS);
            assert!(apply_edits(text, edits).1.is_empty(), "{text:?}");
        }
        let range = base::TextRange { start: offset.min(document.len()), end: document.len() };
        let edits = format(&document, Some(range), &SPACES, &token);
        assert!(apply_edits(text, edits).1.is_empty(), "{text:?}");
        semantic_tokens(&document, Some(range), &token);
        ask_for_rewrites(&document, text, offset);
        keyword_items(&completion_position(&document, offset));
    }
    document_colors(&document, &token);
    document_links(&document, &token);
    let options = CodeLensOptions { cyclomatic_threshold: Some(0), cognitive_threshold: Some(0) };
    code_lenses(&document, &options, &token);
}

/// Every rewrite that is offered at a cursor and for a selection; their edits never overlap.
fn ask_for_rewrites(document: &Document, text: &str, offset: u32) {
    let is_known_method = |_: &str| false;
    let getter = |_| Some("М.Ф".to_owned());
    let options = RefactorOptions {
        module: lints::ModuleKind::FormModule,
        attribute_getter: Some(&getter),
        is_known_method: Some(&is_known_method),
        searched: Some(&|_| Some(Searched::Table)),
        is_exact_field: Some(&|_| true),
    };
    let end = (offset + offset % 37).min(document.len());
    for end in [offset, end] {
        let selection = base::TextRange { start: offset.min(end), end };
        for offered in refactorings(document, selection, &options) {
            let Some(edit) = refactoring_edit(document, selection, &options, offered.id) else { continue };
            let (new, skipped) = apply_edits(text, edit.edits);
            assert!(skipped.is_empty(), "{} of {text:?}", offered.id);
            assert!(edit.rename.is_none_or(|at| new.is_char_boundary(at as usize)), "{text:?}");
        }
    }
    linked_editing_ranges(document, offset);
    if let Ok(edits) = rename_local(document, offset, "НовоеИмя") {
        assert!(apply_edits(text, edits).1.is_empty(), "{text:?}");
    }
}

#[test]
fn broken_texts_keep_their_tokens() {
    let mut random = Random::new(7);
    for text in fixture_texts().iter().step_by(5) {
        for _ in 0..2 {
            let once = mutated(text, &mut random);
            check_formatting(&once);
        }
    }
    for seed in 0..150 {
        let text = mutated(&generated(seed), &mut random);
        check_formatting(&mutated(&text, &mut random));
    }
}

#[test]
fn nothing_panics_wherever_it_is_asked() {
    let mut random = Random::new(11);
    for text in fixture_texts().iter().step_by(10) {
        let letters: Vec<char> = text.chars().collect();
        let start = random.below(letters.len());
        let piece: String = letters[start..(start + 150).min(letters.len())].iter().collect();
        ask_everything(&mutated(&piece, &mut random));
    }
    for seed in 1000..1006 {
        let text: String = generated(seed).chars().take(200).collect();
        ask_everything(&mutated(&text, &mut random));
    }
}

#[test]
fn deep_nesting_costs_no_stack() {
    let depth = 5_000;
    let parentheses = format!("А = {}1{};", "(".repeat(depth), ")".repeat(depth));
    let blocks = format!("{}{}", "Если А Тогда\n".repeat(depth), "КонецЕсли;\n".repeat(depth));
    for text in [parentheses, blocks, "Б(".repeat(depth), "#Область А\n".repeat(depth)] {
        let document = Document::new(&text);
        let token = CancelToken::new();
        document_symbols(&document, &token);
        folding_ranges(&document, &token);
        semantic_tokens(&document, None, &token);
        format(&document, None, &TABS, &token);
        selection_ranges(&document, document.len() / 2);
        document_highlights(&document, document.len() / 2);
        format_on_type(&document, document.len() / 2, '\n', &TABS);
    }
}
