//! Lenses, one per line.

use base::CancelToken;
use syntax::Document;

use crate::{CodeLensKind, CodeLensOptions, code_lenses};

#[test]
fn complex_methods_show_their_scores() {
    let text = "Процедура Простая()\nКонецПроцедуры\nProcedure Complex(A)\n\tFor Each B In A Do\n\t\tIf B And C Then\n\t\tEndIf;\n\tEndDo;\nEndProcedure";
    let document = Document::new(text);
    let scores = |options: CodeLensOptions| {
        let lenses = code_lenses(&document, &options, &CancelToken::new());
        let shown = lenses.iter().map(|lens| {
            let CodeLensKind::Complexity { cyclomatic, cognitive } = lens.kind;
            (lens.range.slice(text).to_owned(), cyclomatic, cognitive)
        });
        shown.collect::<Vec<_>>()
    };
    let both = CodeLensOptions { cyclomatic_threshold: Some(4), cognitive_threshold: Some(4) };
    assert_eq!(scores(both), [("Complex".to_owned(), Some(4), Some(4))]);
    let one = CodeLensOptions { cyclomatic_threshold: Some(1), cognitive_threshold: None };
    assert_eq!(scores(one), [("Простая".to_owned(), Some(1), None), ("Complex".to_owned(), Some(4), None)]);
    assert_eq!(scores(CodeLensOptions::default()), []);
}
