//! Directives that belong together: a region with its end, the branches of a condition, an insertion.
//! Unpaired ones are kept as open chains; those that only close are dropped.

use syntax::{SyntaxTree, TokenKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainKind {
    Region,
    Condition,
    Insertion,
}

/// Indexes of the tokens of directives that belong together, in order.
pub(crate) struct DirectiveChain {
    pub(crate) kind: ChainKind,
    pub(crate) tokens: Vec<usize>,
    pub(crate) is_closed: bool,
}

enum Step {
    Open,
    Middle,
    Close,
}

/// All chains, sorted by their first token. Chains of different kinds may overlap.
pub(crate) fn directive_chains(tree: &SyntaxTree) -> Vec<DirectiveChain> {
    let mut chains: Vec<DirectiveChain> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, token) in tree.tokens().iter().enumerate() {
        let Some((kind, step)) = step_of(token.kind) else { continue };
        if matches!(step, Step::Open) {
            open.push(chains.len());
            chains.push(DirectiveChain { kind, tokens: vec![index], is_closed: false });
            continue;
        }
        let Some(position) = open.iter().rposition(|chain| chains[*chain].kind == kind) else { continue };
        let chain = &mut chains[open[position]];
        chain.tokens.push(index);
        if matches!(step, Step::Close) {
            chain.is_closed = true;
            open.remove(position);
        }
    }
    chains
}

fn step_of(kind: TokenKind) -> Option<(ChainKind, Step)> {
    Some(match kind {
        TokenKind::DirectiveRegion => (ChainKind::Region, Step::Open),
        TokenKind::DirectiveEndRegion => (ChainKind::Region, Step::Close),
        TokenKind::DirectiveIf => (ChainKind::Condition, Step::Open),
        TokenKind::DirectiveElsif | TokenKind::DirectiveElse => (ChainKind::Condition, Step::Middle),
        TokenKind::DirectiveEndIf => (ChainKind::Condition, Step::Close),
        TokenKind::DirectiveInsert => (ChainKind::Insertion, Step::Open),
        TokenKind::DirectiveEndInsert => (ChainKind::Insertion, Step::Close),
        _ => return None,
    })
}
