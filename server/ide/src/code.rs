//! Text and flat tree of a whole module, shared by all requests of a revision.

use base::TextRange;
use syntax::{Document, NodeId, NodeKind, Source, SyntaxTree, Token, TokenKind};

#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    text: &'a str,
    tree: &'a SyntaxTree,
}

impl<'a> Code<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self::of(document.flat())
    }

    /// A part of a module; offsets count from its start.
    pub(crate) fn of(source: Source<'a>) -> Self {
        Self { text: source.text, tree: source.tree }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn tree(&self) -> &'a SyntaxTree {
        self.tree
    }

    pub(crate) fn source(&self) -> Source<'a> {
        Source { text: self.text, tree: self.tree }
    }

    pub(crate) fn token_text(&self, index: usize) -> &'a str {
        self.source().token_text(&self.tree.tokens()[index])
    }

    /// The token under a cursor; between two tokens the word wins over the sign.
    pub(crate) fn word_at(&self, offset: u32) -> Option<usize> {
        let index = self.tree.token_at(offset)?;
        let tokens = self.tree.tokens();
        let is_word = |token: &Token| token.kind == TokenKind::Identifier || token.kind.is_keyword();
        let before = index.checked_sub(1).filter(|before| tokens[*before].end == offset);
        Some(match before {
            Some(before) if !is_word(&tokens[index]) && is_word(&tokens[before]) => before,
            _ => index,
        })
    }

    /// Range of a token without the blanks at its end, which directives may have.
    pub(crate) fn trimmed(&self, token: &Token) -> TextRange {
        let text = self.source().token_text(token);
        TextRange { start: token.start, end: token.start + text.trim_end().len() as u32 }
    }

    /// Where a line ends, its line end not included.
    pub(crate) fn line_end(&self, line: u32) -> u32 {
        let starts = self.tree.line_starts();
        let Some(next) = starts.get(line as usize + 1) else { return self.text.len() as u32 };
        let start = starts.get(line as usize).copied().unwrap_or(*next);
        let text = TextRange { start, end: *next }.slice(self.text);
        start + text.trim_end_matches(['\r', '\n']).len() as u32
    }

    /// True if nothing but blanks stands before the token on its line.
    pub(crate) fn is_first_on_line(&self, index: usize) -> bool {
        let tokens = self.tree.tokens();
        let Some(before) = index.checked_sub(1) else { return true };
        let gap = TextRange { start: tokens[before].end, end: tokens[index].start };
        gap.slice(self.text).contains(['\r', '\n'])
    }

    /// The comments that describe a declaration: above its first keyword, else above its annotations.
    pub(crate) fn doc_comments(&self, declaration: NodeId) -> Vec<usize> {
        let span = self.tree.token_span(declaration);
        let is_opening = |token: &Token| {
            matches!(
                token.kind,
                TokenKind::Async | TokenKind::Procedure | TokenKind::Function | TokenKind::Var
            )
        };
        let opening = self.tree.own_tokens(declaration).find(|token| is_opening(token));
        let opening = opening.map_or(span.start, |token| self.tree.token_at_or_after(token.start));
        let comments = self.source().leading_comments(opening);
        if comments.is_empty() { self.source().leading_comments(span.start) } else { comments }
    }

    /// The last token of a node if it is the keyword that closes it.
    pub(crate) fn closing_keyword(&self, node: NodeId) -> Option<usize> {
        let closing = closing_kind(self.tree.kind(node))?;
        let last = self.tree.token_span(node).end.checked_sub(1)?;
        (self.tree.tokens()[last].kind == closing).then_some(last)
    }
}

/// The keyword that has to end a node.
pub(crate) fn closing_kind(kind: NodeKind) -> Option<TokenKind> {
    Some(match kind {
        NodeKind::Procedure => TokenKind::EndProcedure,
        NodeKind::Function => TokenKind::EndFunction,
        NodeKind::If => TokenKind::EndIf,
        NodeKind::While | NodeKind::For | NodeKind::ForEach => TokenKind::EndDo,
        NodeKind::Try => TokenKind::EndTry,
        _ => return None,
    })
}
