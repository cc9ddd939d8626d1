//! Folds: methods, statements, regions, comments, multi-line strings.

use base::{CancelToken, TextRange};
use syntax::{Document, NodeId, NodeKind, Token, TokenKind};

use crate::code::Code;
use crate::directives::{ChainKind, directive_chains};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    Code,
    Comment,
    Region,
}

/// A range of whole lines that can be folded onto its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub range: TextRange,
    pub kind: FoldKind,
}

/// Folds sorted by their start; at most one, the longest, starts on a line.
pub fn folding_ranges(document: &Document, token: &CancelToken) -> Vec<Fold> {
    let code = Code::new(document);
    let mut folds = Folds { code: &code, found: Vec::new() };
    for (id, node) in code.tree().nodes() {
        if token.is_cancelled() {
            return Vec::new();
        }
        folds.add_node(id, node.kind);
    }
    folds.add_directives();
    folds.add_comments();
    folds.finish()
}

struct Folds<'a> {
    code: &'a Code<'a>,
    /// First line with the fold.
    found: Vec<(u32, Fold)>,
}

impl Folds<'_> {
    fn add_node(&mut self, id: NodeId, kind: NodeKind) {
        let tree = self.code.tree();
        match kind {
            NodeKind::Procedure | NodeKind::Function => self.add_method(id),
            NodeKind::If => self.add_if(id),
            NodeKind::While | NodeKind::For | NodeKind::ForEach => self.add(tree.range(id), FoldKind::Code),
            NodeKind::Try => self.add_parts(id, NodeKind::ExceptClause),
            NodeKind::String | NodeKind::Arguments | NodeKind::Parameters => {
                self.add(tree.range(id), FoldKind::Code);
            }
            _ => {}
        }
    }

    /// From the line with the name, so that annotations stay visible.
    fn add_method(&mut self, id: NodeId) {
        let tree = self.code.tree();
        let is_opening = |token: &&Token| matches!(token.kind, TokenKind::Procedure | TokenKind::Function);
        if let Some(opening) = tree.own_tokens(id).find(is_opening) {
            self.add(TextRange { start: opening.start, end: tree.range(id).end }, FoldKind::Code);
        }
    }

    fn add_if(&mut self, id: NodeId) {
        let tree = self.code.tree();
        let clauses: Vec<Token> = tree
            .children(id)
            .filter(|child| matches!(tree.kind(*child), NodeKind::ElsifClause | NodeKind::ElseClause))
            .filter_map(|clause| tree.first_token(clause).copied())
            .collect();
        self.add_branches(id, clauses);
    }

    fn add_parts(&mut self, id: NodeId, clause: NodeKind) {
        let tree = self.code.tree();
        let clause = tree.child_of_kind(id, clause).and_then(|clause| tree.first_token(clause).copied());
        self.add_branches(id, clause.into_iter().collect());
    }

    /// A statement without further branches is folded with its closing keyword, branches one by one.
    fn add_branches(&mut self, id: NodeId, mut clauses: Vec<Token>) {
        let tree = self.code.tree();
        if clauses.is_empty() {
            return self.add(tree.range(id), FoldKind::Code);
        }
        clauses.extend(self.code.closing_keyword(id).map(|index| tree.tokens()[index]));
        let Some(mut start) = tree.first_token(id).copied() else { return };
        for clause in clauses {
            self.add_up_to(start, clause);
            start = clause;
        }
    }

    /// From a token to the line before another one.
    fn add_up_to(&mut self, start: Token, next: Token) {
        let Some(last) = next.line.checked_sub(1) else { return };
        let end = self.code.line_end(last);
        if end > start.start {
            self.add(TextRange { start: start.start, end }, FoldKind::Code);
        }
    }

    fn add_directives(&mut self) {
        let tokens = self.code.tree().tokens();
        for chain in directive_chains(self.code.tree()).iter().filter(|chain| chain.is_closed) {
            let [first, .., last] = chain.tokens[..] else { continue };
            let kind = if chain.kind == ChainKind::Region { FoldKind::Region } else { FoldKind::Code };
            if chain.tokens.len() == 2 {
                self.add(tokens[first].range().cover(self.code.trimmed(&tokens[last])), kind);
                continue;
            }
            for pair in chain.tokens.windows(2) {
                self.add_up_to(tokens[pair[0]], tokens[pair[1]]);
            }
        }
        for token in tokens.iter().filter(|token| token.kind == TokenKind::DirectiveDelete) {
            self.add(token.range(), FoldKind::Code);
        }
    }

    /// Runs of lines that hold nothing but a comment.
    fn add_comments(&mut self) {
        let tokens = self.code.tree().tokens();
        let mut run: Option<(Token, Token)> = None;
        for (index, token) in tokens.iter().enumerate() {
            if token.kind != TokenKind::Comment || !self.code.is_first_on_line(index) {
                continue;
            }
            run = match run {
                Some((first, last)) if last.line + 1 == token.line => Some((first, *token)),
                _ => {
                    self.add_run(run);
                    Some((*token, *token))
                }
            };
        }
        self.add_run(run);
    }

    fn add_run(&mut self, run: Option<(Token, Token)>) {
        if let Some((first, last)) = run {
            self.add(first.range().cover(last.range()), FoldKind::Comment);
        }
    }

    fn add(&mut self, range: TextRange, kind: FoldKind) {
        let tree = self.code.tree();
        let line = tree.line_of(range.start);
        if tree.line_of(range.end) > line {
            self.found.push((line, Fold { range, kind }));
        }
    }

    fn finish(mut self) -> Vec<Fold> {
        self.found.sort_by_key(|(line, fold)| (*line, std::cmp::Reverse(fold.range.end), fold.range.start));
        self.found.dedup_by_key(|(line, _)| *line);
        self.found.into_iter().map(|(_, fold)| fold).collect()
    }
}
