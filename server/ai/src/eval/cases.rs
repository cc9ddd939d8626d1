//! Chooses the places: at most one per method, repeatable by the seed.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::lines::{begins_method, ends_method, is_word_character};

/// A module of a configuration that is evaluated.
#[derive(Clone, Debug)]
pub struct EvalModule {
    /// Path from the root of the configuration, with slashes.
    pub path: String,
    pub text: String,
}

/// Where the caret stands in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaretKind {
    /// Behind the indentation: nothing is typed yet.
    LineStart,
    Inside,
    /// Before a word that is not the first.
    WordStart,
}

/// A place and what stands right of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Number of the module in the list given.
    pub module: usize,
    /// Byte offset of the caret.
    pub caret: usize,
    pub expected: String,
    pub kind: CaretKind,
}

impl Case {
    /// The module with the rest of the line hidden: text left and right of the caret.
    pub fn split<'a>(&self, module: &'a EvalModule) -> (&'a str, &'a str) {
        let rest = &module.text[self.caret..];
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        (&module.text[..self.caret], &rest[end..])
    }
}

const METHOD_LINES: usize = 8;
const LINE_CHARACTERS: usize = 12;
const EXPECTED_CHARACTERS: usize = 3;

/// Chooses up to `wanted` places of the modules that are wanted. Methods that stand in the modules more than once, blanks aside, are left out: what is
/// copied would be found by any index.
pub fn select_cases(
    modules: &[EvalModule],
    is_wanted: &dyn Fn(&EvalModule) -> bool,
    wanted: usize,
    seed: u64,
) -> Vec<Case> {
    let mut methods: Vec<(usize, std::ops::Range<usize>, u64)> = Vec::new();
    let mut copies: FxHashMap<u64, usize> = FxHashMap::default();
    for (number, module) in modules.iter().enumerate() {
        for range in methods_of(&module.text) {
            let bare: String = module.text[range.clone()].split_whitespace().collect();
            let hash = xxh3_64(bare.as_bytes());
            *copies.entry(hash).or_default() += 1;
            if module.text[range.clone()].lines().count() >= METHOD_LINES && is_wanted(module) {
                methods.push((number, range, hash));
            }
        }
    }
    methods.retain(|(_, _, hash)| copies.get(hash) == Some(&1));
    let mut random = Random(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
    for index in (1..methods.len()).rev() {
        methods.swap(index, random.below(index + 1));
    }
    let mut cases = Vec::new();
    for (number, range, _) in methods {
        if cases.len() >= wanted {
            break;
        }
        let Some(module) = modules.get(number) else { continue };
        cases.extend(choose(number, &module.text, range, &mut random));
    }
    cases
}

/// Byte ranges of methods in whole lines, heading and end included.
pub fn methods_of(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut methods, mut start, mut at) = (Vec::new(), None, 0);
    for line in text.split_inclusive('\n') {
        if begins_method(line) {
            start = Some(at);
        } else if ends_method(line)
            && let Some(start) = start.take()
        {
            methods.push(start..at + line.len());
        }
        at += line.len();
    }
    methods
}

fn choose(module: usize, text: &str, method: std::ops::Range<usize>, random: &mut Random) -> Option<Case> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let (mut at, mut in_string) = (method.start, false);
    for line in text[method].split_inclusive('\n') {
        let trimmed = line.trim();
        let is_continued = trimmed.starts_with('|');
        let quotes = trimmed.split("//").next().unwrap_or_default().matches('"').count();
        let is_plain = !is_continued && !in_string && quotes % 2 == 0;
        in_string = if is_continued || in_string { in_string && quotes % 2 == 0 } else { quotes % 2 == 1 };
        let is_code = is_plain
            && !trimmed.starts_with("//")
            && !trimmed.starts_with(['"', '#', '&'])
            && !begins_method(line)
            && !ends_method(line);
        if is_code && trimmed.chars().count() >= LINE_CHARACTERS {
            lines.push((at, line));
        }
        at += line.len();
    }
    if lines.is_empty() {
        return None;
    }
    let (start, line) = lines[random.below(lines.len())];
    let indentation = line.len() - line.trim_start().len();
    let line = line.trim_end();
    let (kind, offset) = match random.below(100) {
        0..23 => (CaretKind::LineStart, indentation),
        23..76 => (CaretKind::Inside, pick(places(line, indentation, |_, _| true), random)?),
        _ => {
            let starts_word =
                |before: char, after: char| !is_word_character(before) && is_word_character(after);
            (CaretKind::WordStart, pick(places(line, indentation, starts_word), random)?)
        }
    };
    Some(Case { module, caret: start + offset, expected: line[offset..].to_owned(), kind })
}

/// Offsets behind at least one character and before at least three.
fn places(line: &str, indentation: usize, wanted: impl Fn(char, char) -> bool) -> Vec<usize> {
    let characters: Vec<(usize, char)> = line.char_indices().collect();
    characters
        .windows(2)
        .filter(|pair| pair[1].0 > indentation && wanted(pair[0].1, pair[1].1))
        .map(|pair| pair[1].0)
        .filter(|&offset| line[offset..].chars().count() >= EXPECTED_CHARACTERS)
        .collect()
}

fn pick(places: Vec<usize>, random: &mut Random) -> Option<usize> {
    if places.is_empty() { None } else { Some(places[random.below(places.len())]) }
}

/// Numbers that are the same everywhere for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31) % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module() -> Vec<EvalModule> {
        let mut text = String::new();
        for method in 0..20 {
            text.push_str(&format!(
                "Процедура Метод{method}(Отказ)\n\t// пояснение к методу\n\tЗапрос = Новый Запрос;\n\
                 \tЗапрос.Текст = \"ВЫБРАТЬ\n\t|\tТовары.Ссылка КАК Ссылка{method}\";\n\
                 \tВыборка = Запрос.Выполнить().Выбрать();\n\tОбработатьВыборку(Выборка, {method});\n\
                 \tОтказ = Истина;\nКонецПроцедуры\n\n"
            ));
        }
        vec![EvalModule { path: "a.bsl".to_owned(), text }]
    }

    #[test]
    fn places_are_code_and_repeatable() {
        let modules = module();
        let cases = select_cases(&modules, &|_| true, 15, 7);
        assert_eq!(cases.len(), 15);
        let again = select_cases(&modules, &|_| true, 15, 7);
        let carets = |cases: &[Case]| cases.iter().map(|case| case.caret).collect::<Vec<_>>();
        assert_eq!(carets(&cases), carets(&again));
        for case in &cases {
            let (before, after) = case.split(&modules[0]);
            assert!(modules[0].text.starts_with(before) && modules[0].text.ends_with(after));
            assert_eq!(before.len() + case.expected.len() + after.len(), modules[0].text.len());
            assert!(!case.expected.contains("Товары") && case.expected.chars().count() >= 3);
        }
    }

    #[test]
    fn copies_are_left_out() {
        let mut modules = module();
        modules.push(modules[0].clone());
        assert!(select_cases(&modules, &|_| true, 15, 7).is_empty());
    }
}
