//! Tokens that stay where they are because a syntax error is near: the statement with the error, or the
//! whole construct if the error hides where its blocks start and end.

use std::ops::Range;

use syntax::{NodeId, NodeKind, SyntaxTree, Token, TokenKind};

use crate::code::closing_kind;
use crate::formatting::units::{Unit, is_block_keyword};

/// For every token whether it and the gap before it are left alone.
pub(crate) fn frozen_tokens(tree: &SyntaxTree, units: &[Option<Unit>]) -> Vec<bool> {
    let mut marks = Marks { changes: vec![0; tree.tokens().len() + 1] };
    if !is_broken(tree) {
        return marks.finish();
    }
    let segments = Segments::new(tree, units);
    for error in tree.errors() {
        let first = tree.token_at_or_after(error.range.start);
        let last = tree.token_at_or_after(error.range.end).max(first + 1) - 1;
        marks.add(segments.cover(first, last), 1);
    }
    let mut is_module_broken = has_stray_tokens(tree);
    for (id, node) in tree.nodes() {
        if node.has_error && is_unclosed(tree, id) {
            marks.add(tree.token_span(id), 1);
        }
        if node.kind == NodeKind::Error && tree.own_tokens(id).any(|token| is_block_keyword(token.kind)) {
            let owner = tree.ancestors(id).find(|owner| owns_blocks(tree.kind(*owner)));
            match owner {
                Some(owner) => marks.add(tree.token_span(owner), 1),
                None => is_module_broken = true,
            }
        }
    }
    if is_module_broken {
        freeze_module(tree, &mut marks);
    }
    marks.finish()
}

pub(crate) fn is_broken(tree: &SyntaxTree) -> bool {
    !tree.errors().is_empty() || has_stray_tokens(tree)
}

/// In a hopeless text tokens belong to no statement, and no error tells of it.
fn has_stray_tokens(tree: &SyntaxTree) -> bool {
    let is_stray = |token: &Token| !token.kind.is_trivia() && token.kind != TokenKind::Semicolon;
    tree.own_tokens(SyntaxTree::ROOT).any(is_stray)
}

/// Everything but the methods that have no errors.
fn freeze_module(tree: &SyntaxTree, marks: &mut Marks) {
    marks.add(0..tree.tokens().len(), 1);
    for (id, node) in tree.nodes() {
        if node.kind.is_method() && !node.has_error {
            let span = tree.token_span(id);
            marks.add(span.start + 1..span.end, -1);
        }
    }
}

fn is_unclosed(tree: &SyntaxTree, id: NodeId) -> bool {
    let closing = closing_kind(tree.kind(id));
    closing.is_some() && closing != tree.last_token(id).map(|token| token.kind)
}

fn owns_blocks(kind: NodeKind) -> bool {
    closing_kind(kind).is_some()
}

/// Runs of tokens from one unit to the next, without the comments at their ends.
struct Segments {
    ranges: Vec<Range<usize>>,
    /// Segment of every token.
    of_token: Vec<usize>,
}

impl Segments {
    fn new(tree: &SyntaxTree, units: &[Option<Unit>]) -> Self {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut of_token = Vec::with_capacity(units.len());
        for (index, token) in tree.tokens().iter().enumerate() {
            if units[index].is_some() || ranges.is_empty() {
                ranges.push(index..index + 1);
            }
            let current = ranges.len() - 1;
            if !token.kind.is_trivia() {
                ranges[current].end = index + 1;
            }
            of_token.push(current);
        }
        Self { ranges, of_token }
    }

    /// All tokens of the segments from one token to another.
    fn cover(&self, first: usize, last: usize) -> Range<usize> {
        let segment = |index: usize| self.of_token.get(index).or(self.of_token.last());
        match (segment(first), segment(last)) {
            (Some(from), Some(to)) => {
                let end = self.ranges[*to].end.max(last.min(self.of_token.len() - 1) + 1);
                self.ranges[*from].start..end
            }
            _ => 0..0,
        }
    }
}

/// How many ranges cover a token, as differences between neighbours.
struct Marks {
    changes: Vec<i32>,
}

impl Marks {
    fn add(&mut self, range: Range<usize>, change: i32) {
        if range.start < range.end && range.end < self.changes.len() {
            self.changes[range.start] += change;
            self.changes[range.end] -= change;
        }
    }

    fn finish(self) -> Vec<bool> {
        let mut depth = 0;
        let mut frozen = Vec::with_capacity(self.changes.len());
        for change in &self.changes[..self.changes.len() - 1] {
            depth += change;
            frozen.push(depth > 0);
        }
        frozen
    }
}
