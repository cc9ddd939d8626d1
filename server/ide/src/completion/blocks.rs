//! Which statements and methods are open before a place, told by tokens alone: half-typed code has no tree.

use syntax::{Token, TokenKind};

/// What stands around a place of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenBlocks {
    /// Keywords that open a block or a part of one, the outermost first: `Если`, `Иначе`, `Попытка`, `Исключение`,
    /// `Пока`, `Для`.
    pub(crate) statements: Vec<TokenKind>,
    /// `Процедура` or `Функция`.
    pub(crate) method: Option<TokenKind>,
    pub(crate) is_async: bool,
    /// Something else than `Перем` stands in the method before the place.
    pub(crate) has_statements: bool,
}

/// Reads the tokens before a place.
pub(crate) fn open_blocks(tokens: &[Token]) -> OpenBlocks {
    let mut blocks = OpenBlocks::default();
    let mut previous = None;
    let mut header = Header::None;
    let mut head = None;
    for kind in tokens.iter().map(|token| token.kind).filter(|kind| !kind.is_trivia()) {
        match kind {
            TokenKind::Procedure | TokenKind::Function => {
                let is_async = previous == Some(TokenKind::Async);
                blocks = OpenBlocks { method: Some(kind), is_async, ..OpenBlocks::default() };
                header = Header::Name;
            }
            TokenKind::EndProcedure | TokenKind::EndFunction => {
                blocks = OpenBlocks::default();
                header = Header::None;
            }
            TokenKind::If | TokenKind::While | TokenKind::For | TokenKind::Try => {
                blocks.statements.push(kind)
            }
            TokenKind::Else | TokenKind::Except => {
                if let Some(last) = blocks.statements.last_mut() {
                    *last = kind;
                }
            }
            TokenKind::EndIf => close(&mut blocks, &[TokenKind::If, TokenKind::Else]),
            TokenKind::EndDo => close(&mut blocks, &[TokenKind::While, TokenKind::For]),
            TokenKind::EndTry => close(&mut blocks, &[TokenKind::Try, TokenKind::Except]),
            _ => {}
        }
        previous = Some(kind);
        if header != Header::None {
            header = header.next(kind);
            head = None;
        } else if kind == TokenKind::Semicolon {
            head = None;
        } else if head.is_none() && kind != TokenKind::Export {
            head = Some(kind);
            blocks.has_statements |= kind != TokenKind::Var;
        }
    }
    blocks
}

/// Progress through the header of a method.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    None,
    Name,
    Parameters,
}

impl Header {
    fn next(self, kind: TokenKind) -> Self {
        match (self, kind) {
            (Self::Name, TokenKind::LeftParen) => Self::Parameters,
            (Self::Parameters, TokenKind::RightParen) => Self::None,
            _ => self,
        }
    }
}

/// Inner statements that were never closed end here too.
fn close(blocks: &mut OpenBlocks, opened: &[TokenKind]) {
    if let Some(at) = blocks.statements.iter().rposition(|kind| opened.contains(kind)) {
        blocks.statements.truncate(at);
    }
}

impl OpenBlocks {
    pub(crate) fn is_in_loop(&self) -> bool {
        self.statements.iter().any(|kind| matches!(kind, TokenKind::While | TokenKind::For))
    }
}
