//! Keywords that may follow.

use syntax::QueryTokenKind as Word;

use crate::query::completion::context::{Clause, Context, Place};

/// Words in order; several make one item.
pub(super) fn words(context: &Context<'_, '_>, place: &Place) -> Vec<Vec<Word>> {
    let mut found: Vec<Vec<Word>> = Vec::new();
    let mut add = |words: &[&[Word]]| found.extend(words.iter().map(|words| words.to_vec()));
    match place {
        Place::Start => add(&[&[Word::Select], &[Word::Drop]]),
        Place::Behind(word) => add(behind(*word)),
        Place::Virtual { .. } => add(OPERAND),
        Place::Operand(clause) => {
            let last = context.count.checked_sub(1).map(|index| context.token(index).kind);
            match last {
                Some(Word::Select) => add(&[&[Word::Distinct], &[Word::Top], &[Word::Allowed]]),
                Some(Word::Distinct | Word::Allowed) if *clause == Clause::Select => add(&[&[Word::Top]]),
                Some(Word::In) => add(&[&[Word::Hierarchy]]),
                Some(Word::Not) => add(&[&[Word::In], &[Word::Like], &[Word::Between]]),
                Some(Word::LeftParen) => add(&[&[Word::Select], &[Word::Distinct]]),
                Some(Word::Case) => add(&[&[Word::When]]),
                _ => {}
            }
            if *clause == Clause::TotalsBy {
                add(&[&[Word::Overall]]);
            }
            if *clause == Clause::Totals && last == Some(Word::Totals) {
                add(&[&[Word::By]]);
            }
            add(OPERAND);
        }
        Place::AfterOperand(clause) => after_operand(context, *clause, &mut add),
        _ => {}
    }
    found
}

const OPERAND: &[&[Word]] =
    &[&[Word::Case], &[Word::Not], &[Word::Null], &[Word::True], &[Word::False], &[Word::Undefined]];
const CONDITION: &[&[Word]] = &[
    &[Word::And],
    &[Word::Or],
    &[Word::In],
    &[Word::Is, Word::Null],
    &[Word::Is, Word::Not, Word::Null],
    &[Word::Like],
    &[Word::Between],
    &[Word::Refs],
    &[Word::Not],
];
const JOINS: &[&[Word]] = &[
    &[Word::Left, Word::Join],
    &[Word::Inner, Word::Join],
    &[Word::Right, Word::Join],
    &[Word::Full, Word::Join],
];

fn behind(word: Word) -> &'static [&'static [Word]] {
    match word {
        Word::Order | Word::Group | Word::Unique => &[&[Word::By]],
        Word::Index => &[&[Word::By], &[Word::Unique]],
        Word::Union => &[&[Word::All], &[Word::Select]],
        Word::All => &[&[Word::Select]],
        Word::Left | Word::Right | Word::Full => &[&[Word::Join], &[Word::Outer, Word::Join]],
        Word::Inner | Word::Outer => &[&[Word::Join]],
        Word::For => &[&[Word::Update]],
        Word::Is => &[&[Word::Null], &[Word::Not, Word::Null]],
        Word::Only => &[&[Word::Hierarchy]],
        Word::AutoOrder => &[&[Word::Totals]],
        _ => &[],
    }
}

fn after_operand(context: &Context<'_, '_>, clause: Clause, add: &mut dyn FnMut(&[&[Word]])) {
    match context.word_of_case() {
        Some(Word::When) => {
            add(&[&[Word::Then]]);
            return add(CONDITION);
        }
        Some(Word::Then) => return add(&[&[Word::When], &[Word::Else], &[Word::End]]),
        Some(Word::Else) => return add(&[&[Word::End]]),
        Some(_) => return add(&[&[Word::When]]),
        None => {}
    }
    if context.is_in_parentheses() {
        add(&[&[Word::As]]);
        add(CONDITION);
        return;
    }
    match clause {
        Clause::Select => add(&[&[Word::As]]),
        Clause::From => {
            if context.has_word(Word::Join) {
                add(&[&[Word::On]]);
            }
            add(&[&[Word::As]]);
            add(JOINS);
        }
        Clause::On => {
            add(CONDITION);
            add(JOINS);
        }
        Clause::Where | Clause::Having => add(CONDITION),
        Clause::Order => add(&[&[Word::Descending], &[Word::Ascending], &[Word::Hierarchy]]),
        Clause::Totals => add(&[&[Word::By], &[Word::As]]),
        Clause::TotalsBy => add(&[&[Word::Hierarchy], &[Word::Only, Word::Hierarchy], &[Word::Periods]]),
        _ => {}
    }
    for (own, words) in CLAUSES {
        if *own > clause && !context.has_word(words[0]) {
            add(&[words]);
        }
    }
    if clause == Clause::Select {
        add(CONDITION);
    }
}

/// Clauses in the order in which they are written.
const CLAUSES: &[(Clause, &[Word])] = &[
    (Clause::Into, &[Word::Into]),
    (Clause::From, &[Word::From]),
    (Clause::Where, &[Word::Where]),
    (Clause::Group, &[Word::Group, Word::By]),
    (Clause::Having, &[Word::Having]),
    (Clause::ForUpdate, &[Word::For, Word::Update]),
    (Clause::Union, &[Word::Union, Word::All]),
    (Clause::Order, &[Word::Order, Word::By]),
    (Clause::Totals, &[Word::Totals]),
    (Clause::Index, &[Word::Index, Word::By]),
    (Clause::Index, &[Word::AutoOrder]),
];
