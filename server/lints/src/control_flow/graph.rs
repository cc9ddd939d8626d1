//! The control-flow graph of a method or of the module body: basic blocks, decisions, and the edges
//! between them. Places that were empty are forwarded to what follows them.

use base::TextRange;
use syntax::{NodeId, NodeKind, SyntaxTree};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VertexKind {
    /// Simple statements that run one after the other.
    Basic,
    /// The condition of an `Если` or `ИначеЕсли`, by the node of the statement or the clause.
    Condition(NodeId),
    Loop(NodeId),
    Try(NodeId),
    Label(NodeId),
    /// `#Если` or `#ИначеЕсли`, by the index of its token.
    Instruction(usize),
    /// Where a loop starts over; always forwarded to its loop.
    Latch,
    Exit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VertexId(u32);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Vertex {
    pub kind: VertexKind,
    /// First and last statement of a basic block.
    pub statements: Option<(NodeId, NodeId)>,
    forward: Option<VertexId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EdgeKind {
    Direct,
    True,
    False,
    /// Past the last `#ИначеЕсли` of a chain without `#Иначе`, which usually names all environments.
    Uncovered,
    /// From the end of a loop back to its start.
    Iteration,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub from: VertexId,
    pub to: VertexId,
    pub kind: EdgeKind,
}

#[derive(Debug)]
pub(crate) struct Graph {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    entry: VertexId,
    pub exit: VertexId,
}

impl Graph {
    /// An entry block and an exit that nothing leads to.
    pub(crate) fn new() -> Self {
        let mut graph =
            Self { vertices: Vec::new(), edges: Vec::new(), entry: VertexId(0), exit: VertexId(1) };
        graph.entry = graph.add(VertexKind::Basic);
        graph.exit = graph.add(VertexKind::Exit);
        graph
    }

    pub(crate) fn entry(&self) -> VertexId {
        self.entry
    }

    pub(crate) fn vertex(&self, id: VertexId) -> &Vertex {
        &self.vertices[id.0 as usize]
    }

    pub(crate) fn add(&mut self, kind: VertexKind) -> VertexId {
        self.vertices.push(Vertex { kind, statements: None, forward: None });
        VertexId(self.vertices.len() as u32 - 1)
    }

    pub(crate) fn connect(&mut self, from: VertexId, to: VertexId, kind: EdgeKind) {
        self.edges.push(Edge { from, to, kind });
    }

    /// Lets everything that leads to an empty vertex lead to another one.
    pub(crate) fn forward(&mut self, from: VertexId, to: VertexId) {
        self.vertices[from.0 as usize].forward = Some(to);
    }

    pub(crate) fn append_statement(&mut self, block: VertexId, statement: NodeId) {
        let statements = &mut self.vertices[block.0 as usize].statements;
        let first = statements.map_or(statement, |(first, _)| first);
        *statements = Some((first, statement));
    }

    /// A basic block without statements.
    pub(crate) fn is_empty_block(&self, id: VertexId) -> bool {
        let vertex = self.vertex(id);
        vertex.kind == VertexKind::Basic && vertex.statements.is_none()
    }

    /// Replaces the ends of edges by the vertices they are forwarded to.
    pub(crate) fn finish(&mut self) {
        let mut targets: Vec<Option<(VertexId, bool)>> = vec![None; self.vertices.len()];
        let mut edges = std::mem::take(&mut self.edges);
        for edge in &mut edges {
            let (to, is_iteration) = self.target(edge.to, &mut targets);
            edge.to = to;
            if is_iteration {
                edge.kind = EdgeKind::Iteration;
            }
        }
        self.edges = edges;
        self.entry = self.target(self.entry, &mut targets).0;
    }

    /// The end of a chain of forwarded vertices, and whether the chain starts a loop over.
    fn target(&self, start: VertexId, known: &mut [Option<(VertexId, bool)>]) -> (VertexId, bool) {
        let mut path = Vec::new();
        let mut current = start;
        let (end, mut is_iteration) = loop {
            if let Some(known) = known[current.0 as usize] {
                break known;
            }
            let Some(next) = self.vertex(current).forward else { break (current, false) };
            path.push(current);
            current = next;
        };
        for vertex in path.into_iter().rev() {
            is_iteration |= self.vertex(vertex).kind == VertexKind::Latch;
            known[vertex.0 as usize] = Some((end, is_iteration));
        }
        (end, is_iteration)
    }

    /// Vertices with edges that no edge leads to, the way back in a loop left aside.
    pub(crate) fn unreachable(&self) -> impl Iterator<Item = &Vertex> {
        let mut is_reached = vec![false; self.vertices.len()];
        let mut has_edge = vec![false; self.vertices.len()];
        for edge in &self.edges {
            has_edge[edge.from.0 as usize] = true;
            if edge.kind == EdgeKind::Iteration {
                has_edge[edge.to.0 as usize] = true;
            } else {
                is_reached[edge.to.0 as usize] = true;
            }
        }
        let entry = self.entry.0 as usize;
        self.vertices.iter().enumerate().filter_map(move |(index, vertex)| {
            let is_candidate = index != entry && vertex.forward.is_none() && vertex.kind != VertexKind::Exit;
            (is_candidate && has_edge[index] && !is_reached[index]).then_some(vertex)
        })
    }

    /// Vertices that lead to the exit, with the kind of the edge.
    pub(crate) fn before_exit(&self) -> impl Iterator<Item = (&Vertex, EdgeKind)> {
        let edges = self.edges.iter().filter(|edge| edge.to == self.exit);
        edges.map(|edge| (self.vertex(edge.from), edge.kind))
    }
}

impl Vertex {
    /// The piece of code that stands for a vertex in reports.
    pub(crate) fn anchor(&self, tree: &SyntaxTree) -> Option<TextRange> {
        match self.kind {
            VertexKind::Basic => self.statements.map(|(first, _)| tree.range(first)),
            VertexKind::Condition(node) if tree.kind(node) == NodeKind::If => Some(branch_range(tree, node)),
            VertexKind::Condition(node) | VertexKind::Loop(node) | VertexKind::Try(node) => {
                Some(tree.range(node))
            }
            VertexKind::Label(node) => Some(tree.range(node)),
            VertexKind::Instruction(index) => tree.tokens().get(index).map(|token| token.range()),
            VertexKind::Latch | VertexKind::Exit => None,
        }
    }
}

/// The first branch of an `Если`: from the keyword to the end of its block.
fn branch_range(tree: &SyntaxTree, node: NodeId) -> TextRange {
    let range = tree.range(node);
    let Some(block) = tree.child_of_kind(node, NodeKind::Block) else { return range };
    let span = tree.token_span(block);
    let last =
        if span.is_empty() { tree.previous_code_token(span.start) } else { tree.tokens().get(span.end - 1) };
    last.map_or(range, |token| TextRange::new(range.start, token.end.max(range.start)))
}
