//! Words that an editor shows between those of the code: names of parameters before arguments, types of variables.

mod parameters;
mod types;

use base::{CancelToken, TextRange};
use rustc_hash::FxHashSet;
use semantics::Flow;
use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::meaning::{ProjectDocument, Section};
use crate::script::Script;

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InlayHintOptions {
    pub has_parameters: bool,
    pub has_types: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    pub offset: u32,
    pub kind: InlayHintKind,
    /// `Имя:` before an argument, `: Тип` behind a variable.
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InlayHintKind {
    Parameter,
    Type,
}

/// Hints of a range, sorted by position. Only the methods that the range touches are looked at.
pub fn inlay_hints(
    document: ProjectDocument<'_>,
    range: TextRange,
    options: InlayHintOptions,
    token: &CancelToken,
) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    if options == InlayHintOptions::default() {
        return hints;
    }
    for section in document.sections_in(range) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let script = Script::of(document.document, section.source());
        let names = script.pick(platform::Script::Russian, platform::Script::English);
        Hints { section: &section, range, options, script: names, hints: &mut hints }.add_all(token);
    }
    hints.sort_by_key(|hint| hint.offset);
    hints
}

/// Hints of one section.
struct Hints<'a, 'p> {
    section: &'a Section<'p>,
    /// In the document.
    range: TextRange,
    options: InlayHintOptions,
    /// Of the code around.
    script: platform::Script,
    hints: &'a mut Vec<InlayHint>,
}

impl Hints<'_, '_> {
    fn add_all(&mut self, token: &CancelToken) {
        let section = self.section;
        let tree = section.source().tree;
        let is_asked = |node: &NodeId| touches(section.in_document(tree.range(*node)), self.range);
        let (methods, body): (Vec<_>, Vec<_>) =
            tree.children(SyntaxTree::ROOT).filter(is_asked).partition(|child| tree.kind(*child).is_method());
        for method in methods {
            section.in_flow(method, |flow| self.add_below(flow, &[method], token));
        }
        if body.iter().any(|node| tree.kind(*node).is_statement()) {
            section.in_flow(SyntaxTree::ROOT, |flow| self.add_below(flow, &body, token));
        }
    }

    /// Hints below nodes that share their variables. What stands before the range tells which assignment is the first.
    fn add_below(&mut self, flow: &Flow<'_>, nodes: &[NodeId], token: &CancelToken) {
        let tree = self.section.source().tree;
        let mut assigned = FxHashSet::default();
        for node in nodes.iter().flat_map(|node| std::iter::once(*node).chain(tree.descendants(*node))) {
            if token.is_cancelled() {
                return;
            }
            let kind = tree.kind(node);
            match kind {
                NodeKind::Call | NodeKind::New if self.options.has_parameters && self.is_in_range(node) => {
                    self.add_parameters(flow, node);
                }
                NodeKind::Assignment | NodeKind::For | NodeKind::ForEach | NodeKind::Parameter
                    if self.options.has_types =>
                {
                    self.add_type(flow, node, &mut assigned);
                }
                _ => {}
            }
        }
    }

    fn is_in_range(&self, node: NodeId) -> bool {
        touches(self.section.in_document(self.section.source().tree.range(node)), self.range)
    }

    fn add(&mut self, offset: u32, kind: InlayHintKind, label: String) {
        let offset = offset + self.section.start();
        if self.range.touches(offset) {
            self.hints.push(InlayHint { offset, kind, label });
        }
    }
}

fn touches(left: TextRange, right: TextRange) -> bool {
    left.start <= right.end && right.start <= left.end
}
