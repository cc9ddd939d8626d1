//! Lines of text above methods: how complex a method is.

use base::{CancelToken, TextRange};
use lints::method_complexities;
use syntax::Document;

use crate::code::Code;

/// From which scores on a method gets its line; `None` leaves the score out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeLensOptions {
    pub cyclomatic_threshold: Option<u32>,
    pub cognitive_threshold: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// The name of the method.
    pub range: TextRange,
    pub kind: CodeLensKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeLensKind {
    /// Only the scores that reach their thresholds.
    Complexity { cyclomatic: Option<u32>, cognitive: Option<u32> },
}

/// Lenses of a module, sorted by position.
pub fn code_lenses(document: &Document, options: &CodeLensOptions, token: &CancelToken) -> Vec<CodeLens> {
    if options.cyclomatic_threshold.is_none() && options.cognitive_threshold.is_none() {
        return Vec::new();
    }
    let code = Code::new(document);
    let reached =
        |score: u32, threshold: Option<u32>| threshold.filter(|limit| score >= *limit).map(|_| score);
    let mut lenses = Vec::new();
    for method in method_complexities(code.source()) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let cyclomatic = reached(method.cyclomatic, options.cyclomatic_threshold);
        let cognitive = reached(method.cognitive, options.cognitive_threshold);
        if cyclomatic.is_some() || cognitive.is_some() {
            lenses.push(CodeLens {
                range: method.name,
                kind: CodeLensKind::Complexity { cyclomatic, cognitive },
            });
        }
    }
    lenses
}
