//! Units are what starts a line of its own: statements, branches, closing keywords, headers of methods.
//! Everything between two units continues the first of them.

use syntax::{NodeId, NodeKind, SyntaxTree, TokenKind};

use crate::code::closing_kind;

/// Deeper code is indented no further, so that hostile nesting cannot blow up the text.
const MAX_LEVEL: u32 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitRole {
    Statement,
    /// `Иначе`, `Исключение` and the like: comments above may describe it.
    Clause,
    Closing,
}

/// The first token of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) level: u32,
    pub(crate) role: UnitRole,
}

impl Unit {
    /// Level of comments that stand before the unit.
    pub(crate) fn level_before(self) -> u32 {
        match self.role {
            UnitRole::Statement => self.level,
            UnitRole::Clause | UnitRole::Closing => (self.level + 1).min(MAX_LEVEL),
        }
    }
}

/// Units by the index of their first token.
pub(crate) fn units(tree: &SyntaxTree) -> Vec<Option<Unit>> {
    let mut units = vec![None; tree.tokens().len()];
    let mut levels: Vec<u32> = Vec::with_capacity(tree.nodes().len());
    for (id, node) in tree.nodes() {
        let outer = tree.parent(id).map_or(0, |parent| levels[parent.0 as usize]);
        let is_nested = node.kind == NodeKind::Block;
        let level = (outer + u32::from(is_nested)).min(MAX_LEVEL);
        levels.push(level);
        add_units(tree, id, level, &mut units);
    }
    units
}

fn add_units(tree: &SyntaxTree, id: NodeId, level: u32, units: &mut [Option<Unit>]) {
    let kind = tree.kind(id);
    let span = tree.token_span(id);
    if span.is_empty() {
        return;
    }
    let statement = Some(Unit { level, role: UnitRole::Statement });
    match kind {
        NodeKind::ElsifClause | NodeKind::ElseClause | NodeKind::ExceptClause => {
            units[span.start] = Some(Unit { level, role: UnitRole::Clause });
        }
        _ if kind.is_statement() || kind.is_method() => units[span.start] = statement,
        _ => {}
    }
    if kind.is_method() || kind == NodeKind::VarDeclaration {
        // Each annotation and the keyword behind them may have a line of their own.
        let annotations = tree.children(id).take_while(|child| tree.kind(*child) == NodeKind::Annotation);
        let ends: Vec<usize> = annotations.map(|child| tree.token_span(child).end).collect();
        for end in ends {
            let next = (end..span.end).find(|index| !tree.tokens()[*index].kind.is_trivia());
            if let Some(next) = next {
                units[next] = statement;
            }
        }
    }
    let last = span.end - 1;
    if closing_kind(kind) == Some(tree.tokens()[last].kind) {
        units[last] = Some(Unit { level, role: UnitRole::Closing });
    }
}

/// Keywords that open, divide or close a block.
pub(crate) fn is_block_keyword(kind: TokenKind) -> bool {
    is_opening(kind) || is_clause(kind) || is_closing(kind) || matches!(kind, TokenKind::Then | TokenKind::Do)
}

pub(crate) fn is_opening(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Procedure
            | TokenKind::Function
            | TokenKind::If
            | TokenKind::For
            | TokenKind::While
            | TokenKind::Try
    )
}

pub(crate) fn is_clause(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Elsif | TokenKind::Else | TokenKind::Except)
}

pub(crate) fn is_closing(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::EndProcedure
            | TokenKind::EndFunction
            | TokenKind::EndIf
            | TokenKind::EndDo
            | TokenKind::EndTry
    )
}
