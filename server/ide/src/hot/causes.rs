//! Code that is known to be slow, found by its text, types and metadata alone. Whether it matters, a measurement tells.

mod calls;
mod forms;
mod invariants;
mod queries;
mod reach;
mod transactions;
mod values;

use base::{CancelToken, TextRange};
use semantics::Flow;
use syntax::{NodeId, NodeKind, Role, SyntaxTree};

use crate::hot::causes::reach::Reach;
use crate::meaning::{ProjectDocument, Section};

/// What is slow about a piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    QueryInLoop,
    /// A call in a loop leads to a query.
    QueryBehindCall,
    ReferenceFieldInLoop,
    /// `ПолучитьОбъект` for nothing but reading.
    ObjectOnlyRead,
    /// `НайтиПоКоду` and its kin in a loop.
    SearchByValueInLoop,
    /// `Найти`, `НайтиСтроки` of a table or an array in a loop.
    LinearSearchInLoop,
    GrowingText,
    /// A loop in a loop that looks for equal values.
    NestedLoopJoin,
    VirtualTableWithoutParameters,
    SliceInJoin,
    OrOverFields,
    JoinWithSubquery,
    JoinWithVirtualTable,
    TemporaryTableWithoutIndex,
    CompositeField,
    NeedlessReference,
    UnionWithDuplicates,
    TooManyColumns,
    UnindexedCondition,
    NeedlessUnload,
    ServerCallInLoop,
    FormContextWithoutNeed,
    ReferenceSearch,
    WriteInLoop,
    RemoteWorkInTransaction,
    ReadBeforeLock,
    InvariantInLoop,
    RepeatedCall,
    TryInLoop,
    TypeTestsInLoop,
}

/// A slow piece of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub kind: CauseKind,
    /// In the document.
    pub range: TextRange,
    /// Lines that it costs, counted from zero: those of the statement, or of the statements that execute a query.
    pub lines: Vec<u32>,
    /// The loop around.
    pub around: Option<LoopPlace>,
    /// What is called or read.
    pub name: String,
    /// Nothing but the shape of the code speaks for it.
    pub is_guess: bool,
}

/// Lines of a loop, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopPlace {
    pub line: u32,
    pub last_line: u32,
    /// Where its first statement stands.
    pub body_line: u32,
}

/// Causes in a range of a document, in the order of the text. Only the methods that the range touches are looked at.
pub fn slow_code(document: ProjectDocument<'_>, range: TextRange, token: &CancelToken) -> Vec<Cause> {
    slow_code_in(document, &[range], token)
}

/// The same for several ranges in the order of the text.
pub(super) fn slow_code_in(
    document: ProjectDocument<'_>,
    ranges: &[TextRange],
    token: &CancelToken,
) -> Vec<Cause> {
    let reach = &Reach::new(document.project);
    let mut causes = Vec::new();
    for section in ranges.iter().flat_map(|range| document.sections_in(*range)) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let first_line = document.document.rope().byte_to_line(section.start() as usize) as u32;
        let tree = section.source().tree;
        let (methods, body): (Vec<_>, Vec<_>) =
            tree.children(SyntaxTree::ROOT).partition(|child| tree.kind(*child).is_method());
        for method in methods {
            let scan = |flow: &Flow<'_>| Scan::new(&section, flow, first_line, reach).all(method, &[method]);
            causes.extend(section.in_flow(method, scan));
        }
        if body.iter().any(|node| tree.kind(*node).is_statement()) {
            let root = SyntaxTree::ROOT;
            let scan = |flow: &Flow<'_>| Scan::new(&section, flow, first_line, reach).all(root, &body);
            causes.extend(section.in_flow(root, scan));
        }
    }
    causes.sort_by_key(|cause| (cause.range.start, cause.range.end, cause.kind));
    causes.dedup_by(|later, earlier| later.kind == earlier.kind && later.range == earlier.range);
    causes
}

/// A walk over one method.
struct Scan<'s, 'p, 'f> {
    section: &'s Section<'p>,
    flow: &'s Flow<'f>,
    /// Line of the document where the section begins.
    first_line: u32,
    /// The method, or the root for what stands outside.
    method: NodeId,
    causes: Vec<Cause>,
    reach: &'s Reach<'p>,
}

impl<'s, 'p, 'f> Scan<'s, 'p, 'f> {
    fn new(section: &'s Section<'p>, flow: &'s Flow<'f>, first_line: u32, reach: &'s Reach<'p>) -> Self {
        Self { section, flow, first_line, method: SyntaxTree::ROOT, causes: Vec::new(), reach }
    }

    fn all(mut self, method: NodeId, nodes: &[NodeId]) -> Vec<Cause> {
        self.method = method;
        let tree = self.tree();
        for node in nodes.iter().flat_map(|node| std::iter::once(*node).chain(tree.descendants(*node))) {
            match tree.kind(node) {
                NodeKind::Call => self.call(node),
                NodeKind::Member => self.member(node),
                NodeKind::New => self.construction(node),
                NodeKind::Assignment => self.growing_text(node),
                NodeKind::ForEach => self.nested_loop(node),
                NodeKind::Try => self.attempt(node),
                NodeKind::If => self.type_tests(node),
                NodeKind::String => self.query_text(node),
                _ => {}
            }
        }
        self.transactions(nodes);
        self.causes
    }

    fn tree(&self) -> &'s SyntaxTree {
        self.section.source().tree
    }

    fn text(&self, node: NodeId) -> &'s str {
        self.section.source().node_text(node)
    }

    /// The innermost loop that repeats a node.
    fn loop_around(&self, node: NodeId) -> Option<NodeId> {
        let tree = self.tree();
        let mut inner = node;
        for outer in tree.ancestors(node).take_while(|outer| !tree.kind(*outer).is_method()) {
            let is_body = tree.kind(inner) == NodeKind::Block && tree.kind(outer).is_loop();
            let is_condition =
                tree.kind(outer) == NodeKind::While && tree.node(inner).role == Role::Condition;
            if is_body || is_condition {
                return Some(outer);
            }
            inner = outer;
        }
        None
    }

    /// Variables that a loop gives other values, its own included.
    fn written_in(&self, each: NodeId) -> Vec<&'s str> {
        let tree = self.tree();
        let names = tree.descendants(each).filter(|node| tree.kind(*node) == NodeKind::Name);
        let is_written = |name: &NodeId| match tree.parent(*name).map(|parent| tree.kind(parent)) {
            Some(NodeKind::Assignment) => tree.node(*name).role == Role::Left,
            Some(NodeKind::For | NodeKind::ForEach) => tree.node(*name).role == Role::Variable,
            _ => false,
        };
        names.filter(is_written).map(|name| self.text(name)).collect()
    }

    /// The value of an expression is the same in every turn, as far as variables tell.
    fn is_invariant(&self, expression: NodeId, each: NodeId) -> bool {
        let tree = self.tree();
        let written = self.written_in(each);
        let nodes = std::iter::once(expression).chain(tree.descendants(expression));
        let mut nodes = nodes
            .filter(|node| tree.kind(*node) == NodeKind::Name && tree.node(*node).role != Role::Property);
        nodes.all(|name| !written.iter().any(|known| base::same_name(known, self.text(name))))
    }

    fn line(&self, offset: u32) -> u32 {
        self.first_line + self.tree().line_of(offset)
    }

    /// Lines of the statement around a node; a statement with a body counts with its head only.
    fn lines_of(&self, node: NodeId) -> Vec<u32> {
        let tree = self.tree();
        let Some(statement) = tree.enclosing_statement(node) else {
            return vec![self.line(tree.range(node).start)];
        };
        let range = tree.range(statement);
        let block = tree.children(statement).find(|child| tree.kind(*child) == NodeKind::Block);
        let is_head = block.is_some_and(|block| !tree.is_within(node, block));
        // The head of a branch may stand anywhere in a condition.
        let end = if is_head { tree.range(node).end } else { range.end };
        let start = if tree.range(node).start < range.start { tree.range(node).start } else { range.start };
        (self.line(start)..=self.line(end.max(start))).collect()
    }

    fn place_of(&self, each: NodeId) -> LoopPlace {
        let tree = self.tree();
        let range = tree.range(each);
        let body = tree.children(each).find(|child| tree.kind(*child) == NodeKind::Block);
        let first = body.and_then(|body| tree.children(body).next());
        LoopPlace {
            line: self.line(range.start),
            last_line: self.line(range.end),
            body_line: self.line(first.map_or(range.start, |first| tree.range(first).start)),
        }
    }

    fn add(&mut self, kind: CauseKind, node: NodeId, name: &str) {
        let range = self.tree().range(node);
        let lines = self.lines_of(node);
        self.push(kind, range, lines, node, name, false);
    }

    fn add_guess(&mut self, kind: CauseKind, node: NodeId, name: &str) {
        let range = self.tree().range(node);
        let lines = self.lines_of(node);
        self.push(kind, range, lines, node, name, true);
    }

    fn push(
        &mut self,
        kind: CauseKind,
        range: TextRange,
        lines: Vec<u32>,
        node: NodeId,
        name: &str,
        is_guess: bool,
    ) {
        let around = self.loop_around(node).map(|each| self.place_of(each));
        let range = self.section.in_document(range);
        self.causes.push(Cause { kind, range, lines, around, name: name.to_owned(), is_guess });
    }
}

/// True for one of some names in Russian and English.
fn is_any(names: &[(&str, &str)], name: &str) -> bool {
    names.iter().any(|(russian, english)| base::same_name(name, russian) || base::same_name(name, english))
}
