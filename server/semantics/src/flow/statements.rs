//! The walk over statements. It follows blocks by recursion, which is bounded: what is nested deeper than any real
//! code only makes its variables unknown.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::flow::analysis::Analysis;
use crate::flow::branches::Branches;
use crate::flow::environment::Change;
use crate::flow::types::TypeId;

const MAX_NESTING: u32 = 100;

impl Analysis<'_> {
    /// Statements of a block or of the module.
    pub(super) fn list(&mut self, owner: NodeId) {
        let tree = self.tree;
        if !self.has_directives {
            for child in tree.children(owner) {
                self.statement(child);
            }
            return;
        }
        let mut open: Vec<(Branches, usize)> = Vec::new();
        let mut at = tree.token_span(owner).start;
        while at.checked_sub(1).is_some_and(|before| tree.tokens()[before].kind.is_trivia()) {
            at -= 1;
        }
        for child in tree.children(owner) {
            let span = tree.token_span(child);
            self.directives(at..span.start, &mut open);
            self.statement(child);
            at = span.end;
        }
        let behind = tree.tokens().get(at..).unwrap_or_default();
        let is_behind = |kind: TokenKind| kind.is_trivia() || kind == TokenKind::Semicolon;
        let end = at + behind.iter().take_while(|token| is_behind(token.kind)).count();
        self.directives(at..end, &mut open);
        while let Some((branches, mark)) = open.pop() {
            self.leave_branch_of_directive(branches, mark, end as u32);
        }
    }

    /// `#Если … #Иначе … #КонецЕсли` between statements are branches.
    fn directives(&mut self, tokens: std::ops::Range<usize>, open: &mut Vec<(Branches, usize)>) {
        for index in tokens {
            let Some(token) = self.tree.tokens().get(index) else { continue };
            let epoch = index as u32;
            match token.kind {
                TokenKind::DirectiveIf => {
                    let branches = Branches::start(&mut self.environment);
                    open.push((branches, self.environment.mark()));
                }
                TokenKind::DirectiveElsif | TokenKind::DirectiveElse => {
                    if let Some((branches, mark)) = open.last_mut() {
                        self.end_branch(branches, *mark, epoch);
                        *mark = self.environment.mark();
                        branches.is_complete |= token.kind == TokenKind::DirectiveElse;
                    }
                }
                TokenKind::DirectiveEndIf => {
                    if let Some((branches, mark)) = open.pop() {
                        self.leave_branch_of_directive(branches, mark, epoch);
                    }
                }
                _ => {}
            }
        }
    }

    fn leave_branch_of_directive(&mut self, mut branches: Branches, mark: usize, epoch: u32) {
        self.end_branch(&mut branches, mark, epoch);
        self.join_branches(branches, epoch);
    }

    fn statement(&mut self, node: NodeId) {
        let tree = self.tree;
        self.epoch = tree.token_span(node).end as u32;
        match tree.kind(node) {
            NodeKind::Assignment => self.assignment(node),
            NodeKind::ExpressionStatement => {
                if let Some(expression) = tree.children(node).next() {
                    self.effects(expression);
                }
            }
            NodeKind::If => self.nested(node, Self::branch),
            NodeKind::While | NodeKind::For | NodeKind::ForEach => self.nested(node, Self::repeat),
            NodeKind::Try => self.nested(node, Self::attempt),
            NodeKind::VarDeclaration => self.declaration(node),
            NodeKind::LabeledStatement => self.nested(node, Self::labeled),
            NodeKind::Return => {
                if let Some(value) = tree.child(node, Role::Value) {
                    self.returned.push(value);
                }
                self.environment.is_dead = true;
            }
            NodeKind::Raise | NodeKind::Goto => self.environment.is_dead = true,
            NodeKind::Break | NodeKind::Continue => {
                if let Some(is_left) = self.loops.last_mut() {
                    *is_left = true;
                }
                self.environment.is_dead = true;
            }
            _ => {}
        }
    }

    fn nested(&mut self, node: NodeId, walk: fn(&mut Self, NodeId)) {
        if self.nesting >= MAX_NESTING {
            self.give_up(node);
            return;
        }
        self.nesting += 1;
        walk(self, node);
        self.nesting -= 1;
    }

    pub(super) fn block_of(&mut self, owner: NodeId) {
        if let Some(block) = self.tree.child_of_kind(owner, NodeKind::Block) {
            self.list(block);
        }
    }

    fn declaration(&mut self, node: NodeId) {
        let tree = self.tree;
        for variable in tree.children(node).filter(|child| tree.kind(*child) == NodeKind::Variable) {
            if let Some(name) = tree.child(variable, Role::Name) {
                self.declare(self.source.node_text(name), tree.range(name).start, true);
            }
        }
    }

    fn assignment(&mut self, node: NodeId) {
        let tree = self.tree;
        let (Some(left), Some(right)) = (tree.child(node, Role::Left), tree.child(node, Role::Right)) else {
            return;
        };
        let value = self.eval(right);
        self.apply_references(right);
        let value = self.with_comment(value, tree.token_span(node).end);
        match tree.kind(left) {
            NodeKind::Name => {
                let variable = self.declare(self.source.node_text(left), tree.range(left).start, false);
                self.assign(variable, value, self.epoch);
            }
            NodeKind::Member => self.set_property(left, value),
            NodeKind::Index => self.set_element(left, value),
            _ => {}
        }
    }

    /// What an expression does besides having a value.
    pub(super) fn effects(&mut self, expression: NodeId) {
        let tree = self.tree;
        let mut call = expression;
        while tree.kind(call) == NodeKind::Await {
            match tree.child(call, Role::Operand) {
                Some(operand) => call = operand,
                None => break,
            }
        }
        if tree.kind(call) == NodeKind::Call {
            self.apply_call(call);
        }
        self.apply_references(expression);
    }

    fn labeled(&mut self, node: NodeId) {
        let tree = self.tree;
        // Any `Перейти` may come here with any values.
        let epoch = tree.token_span(node).start as u32;
        for variable in 0..self.variables.len() {
            if self.environment.get(self.variables[variable].slot) != TypeId::UNASSIGNED.0 {
                self.assign(variable, TypeId::UNKNOWN, epoch);
            }
        }
        self.environment.is_dead = false;
        if let Some(inner) = tree.children(node).find(|child| tree.kind(*child).is_statement()) {
            self.statement(inner);
        }
    }

    /// Nothing is known about variables that are assigned in there.
    fn give_up(&mut self, node: NodeId) {
        let tree = self.tree;
        let epoch = tree.token_span(node).start as u32;
        for inner in tree.descendants(node).filter(|inner| tree.kind(*inner) == NodeKind::Name) {
            let role = tree.node(inner).role;
            let is_target = match tree.parent(inner).map(|parent| tree.kind(parent)) {
                Some(NodeKind::Assignment) => role == Role::Left,
                Some(NodeKind::For | NodeKind::ForEach) => role == Role::Variable,
                _ => false,
            };
            if is_target {
                let variable = self.declare(self.source.node_text(inner), tree.range(inner).start, false);
                let slot = self.variables[variable].slot;
                self.environment.set(slot, TypeId::UNKNOWN.0, epoch, Change::Write);
            }
        }
    }

    /// Directives make branches only if there are any.
    pub(super) fn look_for_directives(&mut self, range: TextRange) {
        let tokens = self.tree.tokens();
        let first = self.tree.token_at_or_after(range.start);
        let mut inside = tokens[first..].iter().take_while(|token| token.start < range.end);
        self.has_directives = inside.any(|token| token.kind == TokenKind::DirectiveIf);
    }
}
