//! Paths that part and meet: conditions, loops, attempts.

use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Role};

use crate::flow::analysis::Analysis;
use crate::flow::environment::{Change, Changed, Environment, Slot};
use crate::flow::types::TypeId;

/// Variables that failed conditions of one statement may tell about.
const MAX_FAILED: usize = 16;

/// What the branches of a statement leave behind.
pub(super) struct Branches {
    was_dead: bool,
    live: usize,
    dead: usize,
    /// Values at the ends of live branches.
    ends: Vec<(Slot, u32, bool)>,
    /// What failed conditions say so far, with the values before.
    failed: Vec<Changed>,
    /// One of the branches is always taken.
    pub is_complete: bool,
}

impl Branches {
    pub(super) fn start(environment: &mut Environment) -> Self {
        let was_dead = std::mem::take(&mut environment.is_dead);
        Self { was_dead, live: 0, dead: 0, ends: Vec::new(), failed: Vec::new(), is_complete: false }
    }

    fn add_failed(&mut self, changes: Vec<Changed>) {
        for change in changes {
            match self.failed.iter_mut().find(|known| known.slot == change.slot) {
                Some(known) => known.is_written |= change.is_written,
                None => self.failed.push(change),
            }
        }
    }
}

impl Analysis<'_> {
    /// The branch that began at `mark` ends; the next one starts at `epoch` with the values from before.
    pub(super) fn end_branch(&mut self, branches: &mut Branches, mark: usize, epoch: u32) {
        let is_dead = std::mem::take(&mut self.environment.is_dead);
        let changes = self.environment.changes(mark);
        if is_dead {
            branches.dead += 1;
        } else {
            branches.live += 1;
            branches.ends.extend(changes.iter().map(|change| (change.slot, change.now, change.is_written)));
        }
        self.environment.restore(&changes, epoch);
        if !is_dead {
            for failed in &branches.failed {
                if !changes.iter().any(|change| change.slot == failed.slot) {
                    branches.ends.push((failed.slot, self.environment.get(failed.slot), failed.is_written));
                }
            }
        }
    }

    /// All branches are done; the environment is that of no branch taken.
    pub(super) fn join_branches(&mut self, mut branches: Branches, epoch: u32) {
        if !branches.is_complete {
            branches.live += 1;
            for failed in &branches.failed {
                branches.ends.push((failed.slot, self.environment.get(failed.slot), failed.is_written));
            }
        }
        self.environment.restore(&branches.failed, epoch);
        self.environment.is_dead = branches.was_dead || branches.live == 0;
        branches.ends.sort_by_key(|(slot, ..)| *slot);
        for ends in branches.ends.chunk_by(|left, right| left.0 == right.0) {
            let (slot, mut value, mut is_written) = ends[0];
            for (_, other, is_other_written) in &ends[1..] {
                value = self.join_in(slot, value, *other);
                is_written |= is_other_written;
            }
            if ends.len() < branches.live {
                value = self.join_in(slot, self.environment.get(slot), value);
            }
            // Branches that only looked at a value say nothing about it once they have met again.
            if is_written || branches.dead > 0 {
                let change = if is_written { Change::Write } else { Change::Narrowing };
                self.environment.set(slot, value, epoch, change);
            }
        }
    }

    pub(super) fn branch(&mut self, node: NodeId) {
        let tree = self.tree;
        let is_clause =
            |child: &NodeId| matches!(tree.kind(*child), NodeKind::ElsifClause | NodeKind::ElseClause);
        let end = tree.token_span(node).end as u32;
        let mut clauses = std::iter::once(node).chain(tree.children(node).filter(is_clause)).peekable();
        let mut branches = Branches::start(&mut self.environment);
        let mut failed: Option<NodeId> = None;
        while let Some(clause) = clauses.next() {
            let start = tree.token_span(clause).start as u32;
            let mark = self.environment.mark();
            let is_followed = branches.failed.len() < MAX_FAILED;
            if let Some(failed) = failed.filter(|_| is_followed) {
                self.narrow_from(failed, false, start);
            }
            let condition = tree.child(clause, Role::Condition);
            let then = condition.map_or(start, |condition| tree.token_span(condition).end as u32);
            if let Some(condition) = condition.filter(|_| is_followed) {
                self.epoch = then;
                self.apply_references(condition);
            }
            if clause != node {
                let changes = self.environment.changes(mark);
                branches.add_failed(changes);
            }
            let mark = self.environment.mark();
            if let Some(condition) = condition {
                self.narrow_from(condition, true, then);
            }
            self.block_of(clause);
            let next = clauses.peek().map_or(end, |next| tree.token_span(*next).start as u32);
            self.end_branch(&mut branches, mark, next);
            branches.is_complete |= tree.kind(clause) == NodeKind::ElseClause;
            failed = condition;
        }
        if let Some(failed) = failed.filter(|_| !branches.is_complete && branches.failed.len() < MAX_FAILED) {
            let mark = self.environment.mark();
            self.narrow_from(failed, false, end);
            let changes = self.environment.changes(mark);
            branches.add_failed(changes);
        }
        self.join_branches(branches, end);
    }

    pub(super) fn attempt(&mut self, node: NodeId) {
        let tree = self.tree;
        let end = tree.token_span(node).end as u32;
        let handler = tree.child_of_kind(node, NodeKind::ExceptClause);
        let mut branches = Branches::start(&mut self.environment);
        branches.is_complete = true;
        let mark = self.environment.mark();
        self.block_of(node);
        let Some(handler) = handler else {
            self.environment.is_dead |= branches.was_dead;
            return;
        };
        // An exception may come after any of the assignments.
        let seen = self.written_since(mark);
        let start = tree.token_span(handler).start as u32;
        self.end_branch(&mut branches, mark, start);
        let mark = self.environment.mark();
        for (slot, value) in seen {
            let value = self.join_in(slot, self.environment.get(slot), value);
            self.environment.set(slot, value, start, Change::Write);
        }
        self.block_of(handler);
        self.end_branch(&mut branches, mark, end);
        self.join_branches(branches, end);
    }

    /// Joins of everything that was written since a mark, by slot.
    fn written_since(&mut self, mark: usize) -> Vec<(Slot, u32)> {
        let mut written = self.environment.written(mark);
        written.sort_by_key(|(slot, _)| *slot);
        written.dedup();
        let mut joined: Vec<(Slot, u32)> = Vec::new();
        for (slot, value) in written {
            match joined.last_mut() {
                Some((last, known)) if *last == slot => *known = self.join_in(slot, *known, value),
                _ => joined.push((slot, value)),
            }
        }
        joined
    }

    pub(super) fn repeat(&mut self, node: NodeId) {
        let tree = self.tree;
        let span = tree.token_span(node);
        let end = span.end as u32;
        let (element, head) = self.loop_header(node);
        let was_dead = std::mem::take(&mut self.environment.is_dead);
        let since = self.environment.start_loop();
        let mark = self.environment.mark();
        let returned = self.returned.len();
        let mut is_left = self.loop_body(node, element, head);
        let mut repeated = self.repeated(mark, is_left);
        let is_needed =
            repeated.iter().any(|(slot, before, _)| *before != 0 && self.environment.was_read(*slot, since));
        let size = tree.subtree_end(node).0 - node.0;
        if is_needed && self.repeats_left >= size {
            self.repeats_left -= size;
            self.environment.forget(mark);
            self.returned.truncate(returned);
            for (slot, _, value) in &repeated {
                self.environment.set(*slot, *value, head, Change::Write);
            }
            is_left = self.loop_body(node, element, head);
            repeated = self.repeated(mark, is_left);
        } else {
            self.environment.replace(mark, &repeated, head);
        }
        let changes = self.environment.changes(mark);
        self.environment.restore(&changes, end);
        for (slot, _, value) in repeated {
            self.environment.set(slot, value, end, Change::Write);
        }
        let condition = tree.child(node, Role::Condition).filter(|_| !is_left);
        if let Some(condition) = condition {
            self.narrow_from(condition, false, end);
        }
        self.environment.is_dead = was_dead;
    }

    /// What the variable of a loop holds, and the first token that sees values of the round before.
    fn loop_header(&mut self, node: NodeId) -> (Option<TypeId>, u32) {
        let tree = self.tree;
        let span = tree.token_span(node);
        let end_of = |role| tree.child(node, role).map(|child| tree.token_span(child).end as u32);
        let start = span.start as u32 + 1;
        self.epoch = start;
        match tree.kind(node) {
            NodeKind::ForEach => {
                let head = end_of(Role::Collection).unwrap_or(start);
                self.epoch = head;
                let collection = self.eval_child(node, Role::Collection);
                let element = self.element(collection);
                (Some(self.with_comment(element, head as usize)), head)
            }
            NodeKind::For => (Some(TypeId::NUMBER), end_of(Role::To).unwrap_or(start)),
            _ => (None, start),
        }
    }

    /// One round; true if the loop is left or continued from within.
    fn loop_body(&mut self, node: NodeId, element: Option<TypeId>, head: u32) -> bool {
        let tree = self.tree;
        if let (Some(element), Some(name)) = (element, tree.child(node, Role::Variable)) {
            let variable = self.declare(self.source.node_text(name), tree.range(name).start, false);
            self.assign(variable, element, head);
        }
        if let Some(condition) = tree.child(node, Role::Condition) {
            let then = tree.token_span(condition).end as u32;
            self.epoch = then;
            self.apply_references(condition);
            self.narrow_from(condition, true, then);
        }
        self.loops.push(false);
        self.block_of(node);
        self.loops.pop().unwrap_or_default()
    }

    /// Slots whose value after a round differs from the one before the loop: before, and then joined.
    fn repeated(&mut self, mark: usize, is_left: bool) -> Vec<(Slot, u32, u32)> {
        let is_dead = std::mem::take(&mut self.environment.is_dead);
        let changes = self.environment.changes(mark);
        let written: FxHashMap<Slot, u32> =
            if is_left { self.written_since(mark).into_iter().collect() } else { FxHashMap::default() };
        let mut repeated = Vec::new();
        for change in changes.iter().filter(|change| change.is_written) {
            let now = match (is_left, is_dead) {
                (true, _) => written.get(&change.slot).copied().unwrap_or(change.now),
                (false, true) => continue,
                (false, false) => change.now,
            };
            let joined = self.join_in(change.slot, change.before, now);
            if joined != change.before {
                repeated.push((change.slot, change.before, joined));
            }
        }
        repeated
    }
}
