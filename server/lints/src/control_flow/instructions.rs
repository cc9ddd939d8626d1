//! Chains of `#Если` directives between the statements of one list.

use std::ops::Range;

use syntax::{SyntaxTree, TokenKind};

use crate::control_flow::list::Item;

/// A `#Если` whose `#КонецЕсли` stands in the same list.
#[derive(Debug)]
pub(crate) struct Chain {
    pub sections: Vec<Section>,
    /// The item behind `#КонецЕсли`.
    pub end: usize,
}

/// A directive with the items up to the next one of its chain.
#[derive(Debug)]
pub(crate) struct Section {
    /// Index of the token.
    pub directive: usize,
    pub is_else: bool,
    pub items: Range<usize>,
}

/// The chain that starts at the first item of a range and ends within it.
pub(crate) fn chain_at(tree: &SyntaxTree, items: &[Item], range: Range<usize>) -> Option<Chain> {
    let start = range.start;
    let mut sections: Vec<Section> = Vec::new();
    let mut depth = 0;
    for index in range {
        let Some(Item::Directive(token)) = items.get(index) else { continue };
        let kind = tree.tokens()[*token].kind;
        let is_border = match kind {
            TokenKind::DirectiveIf => {
                depth += 1;
                depth == 1
            }
            TokenKind::DirectiveElsif | TokenKind::DirectiveElse | TokenKind::DirectiveEndIf => depth == 1,
            _ => false,
        };
        if index == start && kind != TokenKind::DirectiveIf {
            return None;
        }
        if kind == TokenKind::DirectiveEndIf {
            depth -= 1;
        }
        if !is_border {
            continue;
        }
        if let Some(last) = sections.last_mut() {
            last.items.end = index;
        }
        if kind == TokenKind::DirectiveEndIf {
            return Some(Chain { sections, end: index + 1 });
        }
        let is_else = kind == TokenKind::DirectiveElse;
        sections.push(Section { directive: *token, is_else, items: index + 1..index + 1 });
    }
    None
}
