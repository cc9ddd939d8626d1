//! Measures rankers against each other on the same cases.

use std::fmt::Write;

use crate::similar::{MethodId, Ranker};

/// A text and what should be found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimilarityCase {
    pub text: String,
    pub expected: Vec<MethodId>,
}

/// How well a ranker did; shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct RankerRow {
    pub name: String,
    pub cases: usize,
    /// An expected method is the first one.
    pub first: f64,
    /// One is among the first five.
    pub first_five: f64,
    /// Mean of one by its place.
    pub reciprocal_rank: f64,
}

const DEPTH: usize = 20;

/// Lets every ranker answer every case.
pub fn compare(rankers: &[&dyn Ranker], cases: &[SimilarityCase]) -> Vec<RankerRow> {
    let count = cases.len().max(1) as f64;
    let row = |ranker: &&dyn Ranker| {
        let places: Vec<usize> = cases.iter().filter_map(|case| place(*ranker, case)).collect();
        let share = |limit: usize| places.iter().filter(|place| **place < limit).count() as f64 / count;
        RankerRow {
            name: ranker.name().to_owned(),
            cases: cases.len(),
            first: share(1),
            first_five: share(5),
            reciprocal_rank: places.iter().map(|place| 1.0 / (*place + 1) as f64).sum::<f64>() / count,
        }
    };
    rankers.iter().map(row).collect()
}

pub fn table(rows: &[RankerRow]) -> String {
    let mut text = format!("{:<24}{:>7}{:>9}{:>9}{:>9}\n", "ranker", "cases", "first %", "five %", "MRR");
    for row in rows {
        // Writing into a string does not fail.
        let _ = writeln!(
            text,
            "{:<24}{:>7}{:>9.1}{:>9.1}{:>9.3}",
            row.name,
            row.cases,
            100.0 * row.first,
            100.0 * row.first_five,
            row.reciprocal_rank
        );
    }
    text
}

fn place(ranker: &dyn Ranker, case: &SimilarityCase) -> Option<usize> {
    ranker.rank(&case.text, DEPTH).iter().position(|found| case.expected.contains(&found.id))
}
