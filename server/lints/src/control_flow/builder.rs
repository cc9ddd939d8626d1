//! Builds the control-flow graph of a statement list. Pending work lies on an explicit stack, so deep
//! nesting costs no call stack.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source};

use crate::control_flow::graph::{EdgeKind, Graph, VertexId, VertexKind};
use crate::control_flow::instructions::{Chain, chain_at};
use crate::control_flow::list::{Item, StatementList, is_jump};
use crate::facts::folded;

/// Graph of a method body or of the module body.
pub(crate) fn build_graph(source: Source<'_>, list: StatementList, has_directives: bool) -> Graph {
    let graph = Graph::new();
    let mut builder = Builder {
        source,
        has_directives,
        current: graph.entry(),
        graph,
        items: Vec::new(),
        tasks: Vec::new(),
        loops: Vec::new(),
        handlers: Vec::new(),
        labels: FxHashMap::default(),
        gotos: Vec::new(),
    };
    builder.open_list(list);
    builder.run();
    builder.finish()
}

/// What is still to be done, the next on top.
enum Task {
    /// Items of the arena.
    Items(Range<usize>),
    Statement(NodeId),
    /// A branch with its own first block; its end leads to the join.
    Block {
        start: VertexId,
        block: NodeId,
        join: VertexId,
    },
    Section {
        start: VertexId,
        items: Range<usize>,
        join: VertexId,
    },
    Join(VertexId),
    Continue(VertexId),
    LeaveLoop,
    LeaveTry,
}

struct LoopEnds {
    latch: VertexId,
    join: VertexId,
}

struct Builder<'a> {
    source: Source<'a>,
    has_directives: bool,
    graph: Graph,
    /// The block that takes the next statement.
    current: VertexId,
    /// Items of all lists that were opened.
    items: Vec<Item>,
    tasks: Vec<Task>,
    loops: Vec<LoopEnds>,
    /// First blocks of the except parts around the current place.
    handlers: Vec<VertexId>,
    /// Names in lower case.
    labels: FxHashMap<SmolStr, VertexId>,
    gotos: Vec<(NodeId, VertexId)>,
}

impl Builder<'_> {
    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Items(range) => self.next_item(range),
                Task::Statement(node) => self.statement(node),
                Task::Block { start, block, join } => {
                    self.current = start;
                    self.tasks.push(Task::Join(join));
                    self.open_list(StatementList::of_block(self.source.tree, block));
                }
                Task::Section { start, items, join } => {
                    self.current = start;
                    self.tasks.push(Task::Join(join));
                    self.tasks.push(Task::Items(items));
                }
                Task::Join(join) => self.lead_to(join),
                Task::Continue(block) => self.current = block,
                Task::LeaveLoop => drop(self.loops.pop()),
                Task::LeaveTry => drop(self.handlers.pop()),
            }
        }
    }

    fn finish(mut self) -> Graph {
        self.lead_to(self.graph.exit);
        let gotos = std::mem::take(&mut self.gotos);
        for (goto, block) in gotos {
            if let Some(vertex) = self.labels.get(&self.label_name(goto)) {
                self.graph.connect(block, *vertex, EdgeKind::Direct);
            }
        }
        self.graph.finish();
        self.graph
    }

    fn open_list(&mut self, list: StatementList) {
        let start = self.items.len();
        list.items(self.source.tree, self.has_directives, &mut self.items);
        self.tasks.push(Task::Items(start..self.items.len()));
    }

    fn next_item(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.items[range.start] {
            Item::Statement(node) => {
                self.tasks.push(Task::Items(range.start + 1..range.end));
                self.statement(node);
            }
            Item::Directive(_) => match chain_at(self.source.tree, &self.items, range.clone()) {
                Some(chain) => {
                    self.tasks.push(Task::Items(chain.end..range.end));
                    self.instructions(&chain);
                }
                None => self.tasks.push(Task::Items(range.start + 1..range.end)),
            },
        }
    }

    fn statement(&mut self, node: NodeId) {
        let tree = self.source.tree;
        match tree.kind(node) {
            NodeKind::LabeledStatement => self.labeled(node),
            NodeKind::If => self.branches(node),
            kind if kind.is_loop() => self.repeated(node),
            NodeKind::Try => self.attempt(node),
            NodeKind::EmptyStatement | NodeKind::VarDeclaration => {}
            kind => {
                self.graph.append_statement(self.current, node);
                if is_jump(kind) {
                    self.jump(node);
                }
            }
        }
    }

    fn jump(&mut self, node: NodeId) {
        let innermost = self.loops.last();
        let target = match self.source.tree.kind(node) {
            NodeKind::Return => Some(self.graph.exit),
            NodeKind::Raise => Some(self.handlers.last().copied().unwrap_or(self.graph.exit)),
            NodeKind::Break => innermost.map(|ends| ends.join),
            NodeKind::Continue => innermost.map(|ends| ends.latch),
            _ => {
                self.gotos.push((node, self.current));
                None
            }
        };
        if let Some(target) = target {
            self.graph.connect(self.current, target, EdgeKind::Direct);
        }
        self.current = self.graph.add(VertexKind::Basic);
    }

    fn labeled(&mut self, node: NodeId) {
        let tree = self.source.tree;
        if let Some(label) = tree.child_of_kind(node, NodeKind::Label) {
            let vertex = self.graph.add(VertexKind::Label(label));
            self.lead_to(vertex);
            self.current = self.block_behind(vertex, EdgeKind::Direct);
            self.labels.entry(self.label_name(node)).or_insert(vertex);
        }
        if let Some(inner) = tree.children(node).find(|child| tree.kind(*child).is_statement()) {
            self.tasks.push(Task::Statement(inner));
        }
    }

    fn branches(&mut self, node: NodeId) {
        let tree = self.source.tree;
        let join = self.graph.add(VertexKind::Basic);
        let mut condition = self.graph.add(VertexKind::Condition(node));
        self.lead_to(condition);
        let mut branches = vec![(self.block_behind(condition, EdgeKind::True), node)];
        let mut has_else = false;
        for clause in tree.children(node) {
            match tree.kind(clause) {
                NodeKind::ElsifClause => {
                    let next = self.graph.add(VertexKind::Condition(clause));
                    self.graph.connect(condition, next, EdgeKind::False);
                    condition = next;
                    branches.push((self.block_behind(condition, EdgeKind::True), clause));
                }
                NodeKind::ElseClause => {
                    has_else = true;
                    branches.push((self.block_behind(condition, EdgeKind::False), clause));
                }
                _ => {}
            }
        }
        if !has_else {
            self.graph.connect(condition, join, EdgeKind::False);
        }
        self.tasks.push(Task::Continue(join));
        for (start, owner) in branches.into_iter().rev() {
            self.push_block(start, owner, join);
        }
    }

    fn repeated(&mut self, node: NodeId) {
        let vertex = self.graph.add(VertexKind::Loop(node));
        let join = self.graph.add(VertexKind::Basic);
        let latch = self.graph.add(VertexKind::Latch);
        self.graph.forward(latch, vertex);
        self.lead_to(vertex);
        self.graph.connect(vertex, join, EdgeKind::False);
        let start = self.block_behind(vertex, EdgeKind::True);
        self.loops.push(LoopEnds { latch, join });
        self.tasks.push(Task::Continue(join));
        self.tasks.push(Task::LeaveLoop);
        self.push_block(start, node, latch);
    }

    fn attempt(&mut self, node: NodeId) {
        let vertex = self.graph.add(VertexKind::Try(node));
        let join = self.graph.add(VertexKind::Basic);
        self.lead_to(vertex);
        let start = self.block_behind(vertex, EdgeKind::True);
        let handler = self.block_behind(vertex, EdgeKind::False);
        self.handlers.push(handler);
        self.tasks.push(Task::Continue(join));
        match self.source.tree.child_of_kind(node, NodeKind::ExceptClause) {
            Some(clause) => self.push_block(handler, clause, join),
            None => self.graph.forward(handler, join),
        }
        self.tasks.push(Task::LeaveTry);
        self.push_block(start, node, join);
    }

    /// Branches of a `#Если`.
    fn instructions(&mut self, chain: &Chain) {
        let join = self.graph.add(VertexKind::Basic);
        let mut condition: Option<VertexId> = None;
        let mut starts = Vec::new();
        for section in &chain.sections {
            if section.is_else {
                let Some(condition) = condition else { continue };
                starts.push(self.block_behind(condition, EdgeKind::False));
                continue;
            }
            let vertex = self.graph.add(VertexKind::Instruction(section.directive));
            match condition {
                Some(previous) => self.graph.connect(previous, vertex, EdgeKind::False),
                None => self.lead_to(vertex),
            }
            starts.push(self.block_behind(vertex, EdgeKind::True));
            condition = Some(vertex);
        }
        let has_else = chain.sections.iter().any(|section| section.is_else);
        if let Some(condition) = condition.filter(|_| !has_else) {
            let kind = if chain.sections.len() == 1 { EdgeKind::False } else { EdgeKind::Uncovered };
            self.graph.connect(condition, join, kind);
        }
        self.tasks.push(Task::Continue(join));
        for (start, section) in starts.into_iter().zip(&chain.sections).rev() {
            self.tasks.push(Task::Section { start, items: section.items.clone(), join });
        }
    }

    fn push_block(&mut self, start: VertexId, owner: NodeId, join: VertexId) {
        match self.source.tree.child_of_kind(owner, NodeKind::Block) {
            Some(block) => self.tasks.push(Task::Block { start, block, join }),
            None => self.graph.forward(start, join),
        }
    }

    /// An empty block behind a vertex.
    fn block_behind(&mut self, vertex: VertexId, kind: EdgeKind) -> VertexId {
        let block = self.graph.add(VertexKind::Basic);
        self.graph.connect(vertex, block, kind);
        block
    }

    /// The current block ends here; an empty one gives its edges away.
    fn lead_to(&mut self, next: VertexId) {
        if self.graph.is_empty_block(self.current) {
            self.graph.forward(self.current, next);
        } else {
            self.graph.connect(self.current, next, EdgeKind::Direct);
        }
    }

    /// Name in a goto or in front of a statement, in lower case.
    fn label_name(&self, node: NodeId) -> SmolStr {
        let tree = self.source.tree;
        let label = tree.child_of_kind(node, NodeKind::Label);
        let name = label.and_then(|label| tree.child(label, Role::Name));
        name.map_or_else(SmolStr::default, |name| folded(self.source.node_text(name)))
    }
}
