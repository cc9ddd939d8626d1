//! Typing does not destroy the outline: the recovery bench on generated modules.

use crate::support::modules;
use crate::support::recovery::{Score, run};
use crate::support::trees::{parse, problems};

const MODULES: usize = 20;

#[test]
fn generated_modules_are_valid() {
    for (number, text) in modules::modules(3, MODULES).iter().enumerate() {
        assert_eq!(problems(&parse(text)), Vec::<String>::new(), "module {number}");
    }
}

#[test]
fn half_typed_lines_keep_the_outline() {
    let bench = run(&modules::modules(3, MODULES), 5);
    assert!(bench.files >= MODULES / 2, "{} modules have enough methods", bench.files);
    for scores in [&bench.standard, &bench.extra] {
        let all = Score::total(scores);
        let table: Vec<String> = scores.iter().chain([&all]).map(Score::to_string).collect();
        let table = table.join("\n");
        println!("{table}\n");
        assert!(all.kept_percent() >= 99.5, "methods get lost:\n{table}");
        assert!(all.error_percent() <= 0.5, "too much lies under ERROR:\n{table}");
    }
}
