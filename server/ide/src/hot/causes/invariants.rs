//! Work that every turn of a loop repeats, and what costs little but often.

use syntax::{NodeId, NodeKind, Role};

use crate::hot::causes::{CauseKind, Scan, is_any};

/// Types whose construction is dear and whose values can be shared.
const DEAR_TYPES: [(&str, &str); 5] = [
    ("ОписаниеТипов", "TypeDescription"),
    ("РегулярноеВыражение", "RegularExpression"),
    ("СхемаЗапроса", "QuerySchema"),
    ("HTTPСоединение", "HTTPConnection"),
    ("МакетОформленияКомпоновкиДанных", "DataCompositionAppearanceTemplate"),
];
const METADATA: [(&str, &str); 1] = [("Метаданные", "Metadata")];
const TYPE_OF: [(&str, &str); 1] = [("ТипЗнч", "TypeOf")];
/// Shorter chains cost nothing worth a word.
const MIN_TYPE_TESTS: usize = 3;

impl Scan<'_, '_, '_> {
    /// `Новый ОписаниеТипов("Строка")` in a loop.
    pub(super) fn construction(&mut self, new: NodeId) {
        let tree = self.tree();
        let (Some(each), Some(name)) = (self.loop_around(new), tree.child(new, Role::Type)) else { return };
        if is_any(&DEAR_TYPES, self.text(name)) && self.is_invariant(new, each) {
            self.add(CauseKind::InvariantInLoop, new, self.text(name));
        }
    }

    /// `Метаданные.Документы.Заказ`, with the whole chain.
    pub(super) fn is_description(&self, member: NodeId) -> bool {
        let tree = self.tree();
        let mut head = member;
        while tree.kind(head) == NodeKind::Member {
            let Some(object) = tree.child(head, Role::Object) else { return false };
            head = object;
        }
        tree.kind(head) == NodeKind::Name && is_any(&METADATA, self.text(head))
    }

    pub(super) fn description_in_loop(&mut self, member: NodeId, each: NodeId) {
        let tree = self.tree();
        let is_inner = tree.parent(member).is_some_and(|parent| tree.kind(parent) == NodeKind::Member);
        if !is_inner && self.is_invariant(member, each) {
            self.add(CauseKind::InvariantInLoop, member, self.text(member));
        }
    }

    pub(super) fn attempt(&mut self, attempt: NodeId) {
        if self.loop_around(attempt).is_some() {
            let range = self.tree().range(attempt);
            let first = self.line(range.start);
            let lines = (first..=self.line(range.end)).collect();
            self.push(CauseKind::TryInLoop, base::TextRange::empty(range.start), lines, attempt, "", true);
        }
    }

    /// A long chain of `ТипЗнч` tests in a loop.
    pub(super) fn type_tests(&mut self, condition: NodeId) {
        let tree = self.tree();
        if self.loop_around(condition).is_none() {
            return;
        }
        let own = tree.child(condition, Role::Condition);
        let branches = tree.children(condition).filter(|it| tree.kind(*it) == NodeKind::ElsifClause);
        let tests = own.into_iter().chain(branches.filter_map(|it| tree.child(it, Role::Condition)));
        let is_test = |test: &NodeId| {
            let mut nodes = tree.descendants(*test).filter(|node| tree.kind(*node) == NodeKind::Call);
            nodes.any(|call| self.called(call).is_some_and(|called| is_any(&TYPE_OF, called.name)))
        };
        let tests: Vec<NodeId> = tests.filter(is_test).collect();
        if let Some(first) = tests.first().filter(|_| tests.len() >= MIN_TYPE_TESTS) {
            self.add(CauseKind::TypeTestsInLoop, *first, "");
        }
    }

    /// A loop whose body compares something of its element with something of the element around.
    pub(super) fn nested_loop(&mut self, each: NodeId) {
        let tree = self.tree();
        let outer = self.loop_around(each).filter(|outer| tree.kind(*outer) == NodeKind::ForEach);
        let (Some(outer), Some(inner)) = (outer, tree.child(each, Role::Variable)) else { return };
        let Some(outer) = tree.child(outer, Role::Variable) else { return };
        let block = tree.child_of_kind(each, NodeKind::Block);
        let tests = block.into_iter().flat_map(|block| tree.children(block)).filter_map(|statement| {
            (tree.kind(statement) == NodeKind::If).then(|| tree.child(statement, Role::Condition)).flatten()
        });
        let names = |node: NodeId, name: &str| {
            let nodes = std::iter::once(node).chain(tree.descendants(node));
            let mut nodes = nodes.filter(|it| tree.node(*it).role != Role::Property);
            nodes.any(|it| tree.kind(it) == NodeKind::Name && base::same_name(self.text(it), name))
        };
        let (inner, outer) = (self.text(inner), self.text(outer));
        let is_join = |test: NodeId| {
            let nodes = std::iter::once(test).chain(tree.descendants(test));
            let equalities = nodes.filter(|it| {
                tree.kind(*it) == NodeKind::Binary
                    && (tree.own_token(*it, syntax::TokenKind::Equal).is_some()
                        || tree.own_token(*it, syntax::TokenKind::NotEqual).is_some())
            });
            let sides =
                equalities.filter_map(|it| Some((tree.child(it, Role::Left)?, tree.child(it, Role::Right)?)));
            sides.into_iter().any(|(left, right)| {
                (names(left, inner) && names(right, outer)) || (names(left, outer) && names(right, inner))
            })
        };
        let found: Option<NodeId> = tests.into_iter().find(|test| is_join(*test));
        if found.is_some() {
            let range = tree.range(each);
            let head = tree.child(each, Role::Collection).map_or(range, |it| range.cover(tree.range(it)));
            let head = base::TextRange { start: range.start, end: head.end.min(range.end) };
            let end = tree.child(each, Role::Collection).map_or(head.end, |it| tree.range(it).end);
            let lines = (self.line(range.start)..=self.line(range.end)).collect();
            let range = base::TextRange { start: range.start, end };
            self.push(CauseKind::NestedLoopJoin, range, lines, each, inner, false);
        }
    }
}
