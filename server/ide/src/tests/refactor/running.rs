//! Rewrites that have to compute the same: the program is executed before and after.

use std::rc::Rc;

use base::apply_edits;
use expect_test::Expect;
use testhost::{Clock, Database, Limits, Machine, Name, Table, Value};

use super::with_selection;
use crate::{RefactorOptions, refactoring_edit, refactorings};

/// Prices and barcodes of goods that are known by numbers.
struct Prices;

impl Database for Prices {
    fn table(&self, path: &[String]) -> Option<Rc<Table>> {
        let rows: &[[i64; 3]] = match path {
            [kind, name] if kind == "регистрсведений" && name == "цены" => {
                &[[1, 10, 1], [2, 20, 1], [2, 25, 2], [4, 40, 2], [1, 11, 3]]
            }
            _ => return None,
        };
        let mut table = Table::default();
        table.columns = ["Номенклатура", "Цена", "Склад"].map(Name::new).to_vec();
        table.rows = rows.iter().map(|row| Rc::new(row.map(Value::from).to_vec())).collect();
        Some(Rc::new(table))
    }

    fn constant(&self, _path: &[String]) -> Option<Value> {
        None
    }
}

/// What a program prints, and how many queries it executes.
#[track_caller]
fn run(code: &str) -> (Vec<String>, u64) {
    let mut machine = Machine::new(Limits { steps: 1_000_000, ..Limits::default() });
    machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 0, query_ns: 1 };
    machine.set_database(Rc::new(Prices));
    if let Err(failure) = machine.load("Тест", code) {
        panic!("{}\n{code}", failure.description());
    }
    (machine.output.iter().map(|line| line.replace('\u{a0}', "_")).collect(), machine.clock.now())
}

pub(super) fn options() -> RefactorOptions<'static> {
    RefactorOptions { is_exact_field: Some(&|_| true), ..RefactorOptions::default() }
}

/// The text after a rewrite.
#[track_caller]
fn rewritten(id: &str, fixture: &str) -> (String, String) {
    let (document, selection) = with_selection(fixture);
    let offered = refactorings(&document, selection, &options());
    assert!(offered.iter().any(|it| it.id == id), "{id} is not offered: {offered:?}");
    let edit = refactoring_edit(&document, selection, &options(), id).expect("the rewrite has edits");
    let before = document.text();
    let (after, skipped) = apply_edits(&before, edit.edits);
    assert_eq!(skipped, []);
    (before, after)
}

/// A program prints the same after a rewrite; the expectation shows the new text, what it prints and the queries.
#[track_caller]
pub(super) fn check_same(id: &str, fixture: &str, expected: Expect) {
    let (before, after) = rewritten(id, fixture);
    let ((old, old_queries), (new, new_queries)) = (run(&before), run(&after));
    assert_eq!(old, new, "{after}");
    assert!(!old.is_empty(), "the program prints nothing");
    let printed = old.join(" | ");
    expected.assert_eq(&format!("{after}// {printed}\n// запросов: {old_queries} -> {new_queries}\n"));
}
