//! What every rewrite sees: the section around the selection, what is selected, and how to write code like the
//! code around.

use std::cell::OnceCell;

use base::{Edit, TextRange, same_name};
use syntax::{DeclaredName, Document, NodeId, NodeKind, SectionTree, SyntaxTree, line_break};

use crate::code::Code;
use crate::names::{NameUse, name_uses};
use crate::refactor::RefactorOptions;
use crate::script::Script;

pub(crate) struct Context<'a> {
    pub(crate) document: &'a Document,
    pub(crate) options: &'a RefactorOptions<'a>,
    pub(crate) code: Code<'a>,
    pub(crate) script: Script,
    /// In the section, without the blanks around.
    pub(crate) selection: TextRange,
    section: TextRange,
    /// The selection lies in one section.
    is_inside: bool,
    names: OnceCell<Vec<DeclaredName>>,
    uses: OnceCell<Vec<NameUse>>,
}

/// Neighbouring statements of one block.
pub(crate) struct Statements {
    pub(crate) block: NodeId,
    pub(crate) nodes: Vec<NodeId>,
    /// With the comments that were selected too, and with the last `;`.
    pub(crate) range: TextRange,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        document: &'a Document,
        section: &'a SectionTree,
        selection: TextRange,
        options: &'a RefactorOptions<'a>,
    ) -> Self {
        let code = Code::of(section.source());
        let base = section.range.start;
        let end = selection.end.clamp(section.range.start, section.range.end);
        let start = selection.start.clamp(section.range.start, end);
        Self {
            document,
            options,
            code,
            script: Script::of(document, section.source()),
            selection: trimmed(code.text(), TextRange { start: start - base, end: end - base }),
            section: section.range,
            is_inside: selection.end <= section.range.end,
            names: OnceCell::new(),
            uses: OnceCell::new(),
        }
    }

    pub(crate) fn is_inside(&self) -> bool {
        self.is_inside
    }

    pub(crate) fn tree(&self) -> &'a SyntaxTree {
        self.code.tree()
    }

    pub(crate) fn text(&self) -> &'a str {
        self.code.text()
    }

    pub(crate) fn node_text(&self, node: NodeId) -> &'a str {
        self.code.source().node_text(node)
    }

    /// Methods and variables of the module.
    pub(crate) fn module_names(&self) -> &[DeclaredName] {
        self.names.get_or_init(|| self.document.declared_names())
    }

    /// Names of the section.
    pub(crate) fn uses(&self) -> &[NameUse] {
        self.uses.get_or_init(|| name_uses(&self.code))
    }

    pub(crate) fn line_break(&self) -> &'static str {
        if self.text().contains(['\r', '\n']) {
            return line_break(self.text());
        }
        line_break(self.document.section_at(0).source().text)
    }

    /// An offset of the section in the document.
    pub(crate) fn in_document(&self, offset: u32) -> u32 {
        offset + self.section.start
    }

    // ---- edits

    pub(crate) fn replace(&self, range: TextRange, text: impl Into<String>) -> Edit {
        Edit::replace(range.shifted(self.section.start), text)
    }

    pub(crate) fn insert(&self, offset: u32, text: impl Into<String>) -> Edit {
        Edit::insert(offset + self.section.start, text)
    }

    pub(crate) fn delete(&self, range: TextRange) -> Edit {
        Edit::delete(range.shifted(self.section.start))
    }

    // ---- what is selected

    pub(crate) fn is_cursor(&self) -> bool {
        self.selection.is_empty()
    }

    /// The token under the cursor or at the start of the selection.
    pub(crate) fn token(&self) -> Option<usize> {
        self.code.word_at(self.selection.start)
    }

    /// Nodes around the start of the selection, the innermost first.
    pub(crate) fn nodes_at_cursor(&self) -> impl Iterator<Item = NodeId> + use<'a> {
        let tree = self.tree();
        let innermost = self.token().map(|token| tree.node_of_token(token));
        innermost.into_iter().flat_map(move |node| std::iter::once(node).chain(tree.ancestors(node)))
    }

    pub(crate) fn node_at_cursor(&self, fits: impl Fn(NodeKind) -> bool) -> Option<NodeId> {
        self.nodes_at_cursor().find(|node| fits(self.tree().kind(*node)))
    }

    /// The expression that is selected from its first to its last letter.
    pub(crate) fn selected_expression(&self) -> Option<NodeId> {
        let tree = self.tree();
        if self.is_cursor() {
            return None;
        }
        self.nodes_at_cursor()
            .take_while(|node| self.selection.contains(tree.range(*node)))
            .filter(|node| tree.range(*node) == self.selection && tree.kind(*node).is_expression())
            .last()
            .filter(|node| !tree.node(*node).has_error)
    }

    /// The statements that are selected as a whole, all in one block.
    pub(crate) fn selected_statements(&self) -> Option<Statements> {
        let tree = self.tree();
        if self.is_cursor() {
            return None;
        }
        let tokens = tree.tokens();
        let from = tree.token_at_or_after(self.selection.start);
        let inside = tokens.get(from..)?.iter().take_while(|token| token.end <= self.selection.end);
        let first = inside.clone().position(|token| !token.kind.is_trivia())? + from;
        let innermost = tree.node_of_token(first);
        let is_whole = |node: &NodeId| self.selection.contains(tree.range(*node));
        let top = std::iter::once(innermost)
            .chain(tree.ancestors(innermost))
            .take_while(is_whole)
            .filter(|node| tree.kind(*node).is_statement() && tree.token_span(*node).start == first)
            .last()?;
        let block = tree.parent(top).filter(|parent| is_list(tree.kind(*parent)))?;
        let nodes: Vec<NodeId> = tree
            .children(block)
            .filter(|node| *node >= top && tree.range(*node).start < self.selection.end)
            .collect();
        let last = *nodes.last()?;
        let is_fit = |node: &NodeId| tree.kind(*node).is_statement() && !tree.has_serious_error(*node);
        if !nodes.iter().all(|node| is_whole(node) && is_fit(node)) {
            return None;
        }
        let comments = tokens[from..first].first().map(|token| token.start);
        let start = comments.unwrap_or(tree.range(top).start);
        let mut range = TextRange { start, end: tree.statement_range(last).end };
        let line = tree.line_of(range.end);
        let behind = tokens.iter().skip(tree.token_at_or_after(range.end));
        for token in behind.take_while(|token| token.kind.is_trivia()) {
            if token.line != line && token.end > self.selection.end {
                break;
            }
            range.end = token.start + self.code.trimmed(token).len();
        }
        Some(Statements { block, nodes, range })
    }

    /// The statement under the cursor that stands in a block, of one of the kinds.
    pub(crate) fn statement_at_cursor(&self, fits: impl Fn(NodeKind) -> bool) -> Option<NodeId> {
        let tree = self.tree();
        let statement = self.nodes_at_cursor().find(|node| tree.kind(*node).is_statement())?;
        let is_in_list = tree.parent(statement).is_some_and(|parent| is_list(tree.kind(parent)));
        (is_in_list && fits(tree.kind(statement)) && !tree.node(statement).has_error).then_some(statement)
    }

    /// Comments or directives stand between the first and the last token of a range.
    pub(crate) fn has_trivia(&self, range: TextRange) -> bool {
        let tokens = self.tree().tokens();
        let first = self.tree().token_at_or_after(range.start);
        tokens[first..].iter().take_while(|token| token.start < range.end).any(|token| token.kind.is_trivia())
    }

    /// A name that neither the method nor the module uses.
    pub(crate) fn fresh_name(&self, wanted: &str, method: Option<NodeId>) -> String {
        let is_taken = |name: &str| {
            let in_method = self
                .uses()
                .iter()
                .any(|it| it.method == method && same_name(self.code.token_text(it.token), name));
            in_method || self.module_names().iter().any(|it| same_name(&it.name, name))
        };
        numbered(wanted, is_taken)
    }
}

/// The name itself or with the first number that makes it free.
pub(crate) fn numbered(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let mut number = 1;
    loop {
        let name = format!("{wanted}{number}");
        if !is_taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// Statements may stand in it one after another.
pub(crate) fn is_list(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Block | NodeKind::Module)
}

fn trimmed(text: &str, range: TextRange) -> TextRange {
    let selected = range.slice(text);
    let behind = selected.trim_start();
    if behind.is_empty() {
        return TextRange::empty(range.start);
    }
    let start = range.end - behind.len() as u32;
    TextRange { start, end: start + behind.trim_end().len() as u32 }
}
