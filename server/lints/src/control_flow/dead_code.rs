//! Statements that follow a jump in the same list and therefore never run.

use std::ops::Range;

use base::TextRange;
use syntax::{NodeId, NodeKind, SyntaxTree, TokenKind};

use crate::control_flow::list::{Item, StatementList, is_jump, unlabeled};
use crate::control_flow::statements;

/// Collects dead ranges of a method or of code outside methods.
pub(crate) struct DeadCode<'a> {
    tree: &'a SyntaxTree,
    has_directives: bool,
    /// Reused for every list.
    items: Vec<Item>,
    pub ranges: Vec<TextRange>,
    /// A jump lies inside another statement, so the paths behind that statement matter too.
    pub has_nested_jump: bool,
    pub has_jump: bool,
}

impl<'a> DeadCode<'a> {
    pub(crate) fn new(tree: &'a SyntaxTree, has_directives: bool) -> Self {
        let (items, ranges) = (Vec::new(), Vec::new());
        Self { tree, has_directives, items, ranges, has_nested_jump: false, has_jump: false }
    }

    /// Looks at a list and at all blocks inside its statements.
    pub(crate) fn collect(&mut self, list: StatementList) {
        let tree = self.tree;
        self.check_list(list);
        for statement in list.statements(tree) {
            for block in statements(tree, statement).filter(|node| tree.kind(*node) == NodeKind::Block) {
                if self.check_list(StatementList::of_block(tree, block)) {
                    self.has_nested_jump = true;
                }
            }
        }
    }

    /// True if an offset lies in dead code.
    pub(crate) fn covers(&self, offset: u32) -> bool {
        self.ranges.iter().rev().any(|range| range.start <= offset && offset < range.end)
    }

    /// Tells whether the list itself holds a jump.
    fn check_list(&mut self, list: StatementList) -> bool {
        let tree = self.tree;
        let is_jump_item = |statement: NodeId| is_jump(tree.kind(unlabeled(tree, statement)));
        if !list.statements(tree).any(is_jump_item) {
            return false;
        }
        self.has_jump = true;
        let mut items = std::mem::take(&mut self.items);
        items.clear();
        list.items(tree, self.has_directives, &mut items);
        for (index, item) in items.iter().enumerate() {
            if let Item::Statement(statement) = item
                && is_jump_item(*statement)
                && !self.covers(tree.range(*statement).start)
                && let Some(range) = self.range_behind(&items, index)
            {
                self.ranges.push(range);
            }
        }
        self.items = items;
        true
    }

    /// From the statement behind a jump to the last one of the list, or of the `#Если` section that the
    /// jump stands in.
    fn range_behind(&self, items: &[Item], jump: usize) -> Option<TextRange> {
        let behind = jump + 1..section_end(self.tree, items, jump).unwrap_or(items.len());
        self.range_of(items, behind)
    }

    fn range_of(&self, items: &[Item], within: Range<usize>) -> Option<TextRange> {
        let items = items.get(within)?;
        let first = items.iter().find(|item| self.counts(**item))?;
        let last = items.iter().rev().find(|item| self.counts(**item))?;
        Some(self.item_range(*first).cover(self.item_range(*last)))
    }

    /// Lone semicolons do not count, nor does what holds a region or the end of a `#Если`.
    fn counts(&self, item: Item) -> bool {
        let is_border = |kind: TokenKind| {
            matches!(
                kind,
                TokenKind::DirectiveRegion | TokenKind::DirectiveEndRegion | TokenKind::DirectiveEndIf
            )
        };
        match item {
            Item::Directive(index) => !is_border(self.tree.tokens()[index].kind),
            Item::Statement(node) => {
                self.tree.kind(node) != NodeKind::EmptyStatement
                    && !(self.has_directives
                        && self.tree.tokens_of(node).iter().any(|token| is_border(token.kind)))
            }
        }
    }

    fn item_range(&self, item: Item) -> TextRange {
        match item {
            Item::Directive(index) => self.tree.tokens()[index].range(),
            Item::Statement(node) => self.tree.statement_range(node),
        }
    }
}

/// End of the section of a `#Если` chain around an item; `None` outside of such chains. A region
/// directive ends a section too.
fn section_end(tree: &SyntaxTree, items: &[Item], index: usize) -> Option<usize> {
    let kind = |item: &Item| match item {
        Item::Directive(index) => Some(tree.tokens()[*index].kind),
        Item::Statement(_) => None,
    };
    let mut depth = 0;
    let is_inside = items[..index].iter().rev().filter_map(kind).any(|kind| match kind {
        TokenKind::DirectiveEndIf => {
            depth += 1;
            false
        }
        TokenKind::DirectiveIf if depth > 0 => {
            depth -= 1;
            false
        }
        kind => kind == TokenKind::DirectiveIf,
    });
    if !is_inside {
        return None;
    }
    let mut depth = 0;
    let end = items[index..].iter().position(|item| match kind(item) {
        Some(TokenKind::DirectiveIf) => {
            depth += 1;
            false
        }
        Some(TokenKind::DirectiveEndIf) if depth > 0 => {
            depth -= 1;
            false
        }
        Some(
            TokenKind::DirectiveEndIf
            | TokenKind::DirectiveElsif
            | TokenKind::DirectiveElse
            | TokenKind::DirectiveRegion
            | TokenKind::DirectiveEndRegion,
        ) => depth == 0,
        _ => false,
    });
    end.map(|end| index + end)
}
