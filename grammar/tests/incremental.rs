//! A tree that follows edits is the tree of the text parsed from scratch.
//!
//! Where many errors crowd, several recoveries cost the same and tree-sitter may choose another one if it
//! reuses nodes, so texts start anew after a few errors.

use std::ops::Range;

use crate::support::edits::{floor_boundary, reparse};
use crate::support::modules::{Language, module};
use crate::support::rng::Rng;
use crate::support::trees::{error_ranges, listing, parser, pretty};

const ROUNDS: usize = 140;
/// More errors than these put the original text back.
const MAX_ERRORS: usize = 2;
const MODULE_SIZES: [usize; 9] = [1_000, 1_000, 1_000, 1_000, 2_000, 2_000, 4_000, 4_000, 8_000];
const RUSSIAN: &[&str] = &[
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
    "[",
    "#Удаление\n",
    "&",
];
const ENGLISH: &[&str] = &[
    "a",
    " ",
    "\r\n",
    "(",
    ")",
    "\"",
    ";",
    "If ",
    "EndIf;\n",
    ".",
    "Object.\n",
    "#If Server Then\n",
    "//",
    "|",
    "Procedure A()\n",
    "EndProcedure\n",
    "1",
    "'",
    "]",
    "#EndDelete\n",
    "=",
];

#[test]
fn incremental_tree_equals_full_tree() {
    let mut edits = 0;
    for (number, size) in MODULE_SIZES.into_iter().enumerate() {
        let language = if number % 2 == 0 { Language::Russian } else { Language::English };
        edits += follow_edits(number as u64, &module(70 + number as u64, language, size), language);
    }
    assert!(edits >= 2_000, "{edits} edits are too few");
}

/// Checks random edits of one module, most of which are undone at once. Returns their number.
fn follow_edits(seed: u64, original: &str, language: Language) -> usize {
    let mut rng = Rng::new(seed);
    let mut parser = parser();
    let mut text = original.to_owned();
    let mut tree = parser.parse(&text, None).expect("parsing is not cancelled");
    let mut edits = 0;
    for _ in 0..ROUNDS {
        if error_ranges(&tree).len() > MAX_ERRORS {
            text = original.to_owned();
            tree = parser.parse(&text, None).expect("parsing is not cancelled");
        }
        let (range, replacement) = random_edit(&mut rng, &text, language);
        let removed = text[range.clone()].to_owned();
        let inserted = range.start..range.start + replacement.len();
        let mut steps = vec![(range, replacement)];
        if rng.percent(75) {
            steps.push((inserted, removed));
        }
        for (range, replacement) in steps {
            let context = format!("seed {seed}, edit {edits}: {range:?} -> {replacement:?}");
            reparse(&mut parser, &mut text, &mut tree, range, &replacement);
            let full = parser.parse(&text, None).expect("parsing is not cancelled");
            assert!(listing(&tree) == listing(&full), "{context}\n{}\n{}", pretty(&tree), pretty(&full));
            edits += 1;
        }
    }
    edits
}

fn random_edit(rng: &mut Rng, text: &str, language: Language) -> (Range<usize>, String) {
    let at = floor_boundary(text, rng.below(text.len() + 1));
    if rng.percent(33) {
        let end = floor_boundary(text, at + 1 + rng.below(30)).max(at);
        return (at..end, String::new());
    }
    let insertions = if language == Language::Russian { RUSSIAN } else { ENGLISH };
    (at..at, rng.pick(insertions).to_owned())
}
