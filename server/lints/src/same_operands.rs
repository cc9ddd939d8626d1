//! Finds operations whose operands are the same expression. Every part of an expression gets a number, its
//! class, such that equal parts have equal classes; parts are visited bottom-up without recursion. Chains
//! of operators of one precedence lean to the right, and parentheses leave no trace.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, Token, TokenKind};

use crate::argument_list::{global_callee, listed_arguments};
use crate::name_hash::hash_name;
use crate::operators::{chained_left, operator, operator_kind, without_parentheses};

/// An operation that repeats an operand.
pub(crate) struct Repeat {
    pub operator: Token,
    pub kind: RepeatKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepeatKind {
    BothSides,
    /// The left operand occurs again in the chain on the right.
    InChain,
}

type Class = u32;

/// The class of an argument that is left out.
const OMITTED: Class = 0;

/// What a composite part is made of, besides its parts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    Operation(TokenKind),
    Argument,
    Call,
    Constructor,
    Branches,
    Ternary,
}

/// An operation of a chain; the right operand of all but the last is the next operation.
struct Operation {
    operator: TokenKind,
    left: Class,
    right: Class,
    /// Index of the operation on the right.
    next: Option<usize>,
}

/// Buffers for the expressions of one section.
pub(crate) struct SameOperands<'a> {
    source: Source<'a>,
    /// Parts of the expression, in document order.
    parts: Vec<NodeId>,
    leaf_hashes: Vec<u64>,
    /// By the distance of a node from the root of the expression.
    classes: Vec<Class>,
    operation_of: Vec<Option<usize>>,
    operations: Vec<Operation>,
    leaves: FxHashMap<u64, (NodeId, Class)>,
    composites: FxHashMap<(Shape, Class, Class), Class>,
    last_class: Class,
    repeats: Vec<Repeat>,
}

impl<'a> SameOperands<'a> {
    pub(crate) fn new(source: Source<'a>) -> Self {
        Self {
            source,
            parts: Vec::new(),
            leaf_hashes: Vec::new(),
            classes: Vec::new(),
            operation_of: Vec::new(),
            operations: Vec::new(),
            leaves: FxHashMap::default(),
            composites: FxHashMap::default(),
            last_class: OMITTED,
            repeats: Vec::new(),
        }
    }

    /// Operations in `root` that repeat an operand. Numbers in `divisors` may be divided by themselves.
    pub(crate) fn find(&mut self, root: NodeId, divisors: &[String]) -> &[Repeat] {
        self.repeats.clear();
        if self.may_repeat(root) {
            self.reset(root);
            for index in (0..self.parts.len()).rev() {
                self.classify(root, self.parts[index], divisors);
            }
        }
        &self.repeats
    }

    /// Collects the parts. Without an operator that minds equal operands, or without two equal leaves,
    /// there is nothing to find.
    fn may_repeat(&mut self, root: NodeId) -> bool {
        let tree = self.source.tree;
        self.parts.clear();
        self.leaf_hashes.clear();
        let mut has_operator = false;
        let (mut id, end) = (root, tree.subtree_end(root));
        while id < end {
            self.parts.push(id);
            if tree.kind(id) == NodeKind::Binary {
                has_operator |= operator_kind(tree, id).is_some_and(minds_equal_operands);
            }
            id = if is_entered(tree, id) { NodeId(id.0 + 1) } else { tree.subtree_end(id) };
        }
        if !has_operator {
            return false;
        }
        let leaves = self.parts.iter().filter(|part| is_leaf(tree.kind(**part)));
        self.leaf_hashes.extend(leaves.map(|leaf| leaf_hash(self.source, *leaf)));
        self.leaf_hashes.sort_unstable();
        self.leaf_hashes.windows(2).any(|pair| pair[0] == pair[1])
    }

    fn reset(&mut self, root: NodeId) {
        let count = (self.source.tree.subtree_end(root).0 - root.0) as usize;
        self.classes.clear();
        self.classes.resize(count, OMITTED);
        self.operation_of.clear();
        self.operation_of.resize(count, None);
        self.operations.clear();
        self.leaves.clear();
        self.composites.clear();
        self.last_class = OMITTED;
    }

    /// Gives a part its class; its own parts have theirs already.
    fn classify(&mut self, root: NodeId, part: NodeId, divisors: &[String]) {
        let tree = self.source.tree;
        let at = (part.0 - root.0) as usize;
        let class_of = |this: &Self, node: Option<NodeId>| {
            node.map_or(OMITTED, |node| this.classes[(node.0 - root.0) as usize])
        };
        self.classes[at] = match tree.kind(part) {
            NodeKind::Binary => return self.classify_chain(root, part, divisors),
            NodeKind::Parenthesized => {
                let inner = tree.children(part).next();
                self.operation_of[at] =
                    inner.and_then(|inner| self.operation_of[(inner.0 - root.0) as usize]);
                class_of(self, inner)
            }
            NodeKind::Unary => {
                let kind = operator_kind(tree, part).unwrap_or(TokenKind::Unknown);
                let operand = class_of(self, tree.child(part, Role::Operand));
                self.composite(Shape::Operation(kind), operand, OMITTED)
            }
            NodeKind::Arguments => listed_arguments(tree, part).fold(OMITTED, |before, argument| {
                let class = class_of(self, argument);
                self.composite(Shape::Argument, before, class)
            }),
            NodeKind::Call if is_entered(tree, part) => {
                let name = class_of(self, global_callee(tree, part));
                let arguments = class_of(self, tree.child(part, Role::Arguments));
                self.composite(Shape::Call, name, arguments)
            }
            NodeKind::New => {
                let name = class_of(self, tree.child(part, Role::Type));
                let arguments = class_of(self, tree.child(part, Role::Arguments));
                self.composite(Shape::Constructor, name, arguments)
            }
            NodeKind::Ternary => {
                let then = class_of(self, tree.child(part, Role::Consequence));
                let otherwise = class_of(self, tree.child(part, Role::Alternative));
                let branches = self.composite(Shape::Branches, then, otherwise);
                let condition = class_of(self, tree.child(part, Role::Condition));
                self.composite(Shape::Ternary, condition, branches)
            }
            kind if is_leaf(kind) => self.leaf(part),
            // Accesses may give another value each time.
            _ => self.new_class(),
        };
    }

    /// Builds the operations of a chain from its end. Inner parts of the chain are passed over: their
    /// classes are never asked for.
    fn classify_chain(&mut self, root: NodeId, chain: NodeId, divisors: &[String]) {
        let tree = self.source.tree;
        let is_inner = tree.node(chain).role == Role::Left
            && tree.parent(chain).is_some_and(|parent| chained_left(tree, parent) == Some(chain));
        if is_inner {
            return;
        }
        let index = |node: NodeId| (node.0 - root.0) as usize;
        let mut right: Option<(Class, Option<usize>)> = None;
        let mut current = Some(chain);
        while let Some(binary) = current {
            let next = chained_left(tree, binary);
            let operand = |role| tree.child(binary, role).map(index);
            let (Some(at), Some(token)) = (operand(Role::Right), operator(tree, binary)) else { return };
            let last = right.unwrap_or((self.classes[at], self.operation_of[at]));
            let Some(left_at) =
                next.map(|left| tree.child(left, Role::Right).map(index)).unwrap_or(operand(Role::Left))
            else {
                return;
            };
            let left_node = NodeId(left_at as u32 + root.0);
            right = Some(self.operation(*token, (left_node, self.classes[left_at]), last, divisors));
            current = next;
        }
        if let Some((class, operation)) = right {
            self.classes[index(chain)] = class;
            self.operation_of[index(chain)] = operation;
        }
    }

    /// Adds an operation and notes whether it repeats an operand.
    fn operation(
        &mut self,
        token: Token,
        (left_node, left): (NodeId, Class),
        (right, next): (Class, Option<usize>),
        divisors: &[String],
    ) -> (Class, Option<usize>) {
        let is_repeated =
            left == right && !(token.kind == TokenKind::Slash && self.is_popular(left_node, divisors));
        if minds_equal_operands(token.kind) && is_repeated {
            self.repeats.push(Repeat { operator: token, kind: RepeatKind::BothSides });
        } else if matches!(token.kind, TokenKind::And | TokenKind::Or)
            && self.chain_has(token.kind, next, left)
        {
            self.repeats.push(Repeat { operator: token, kind: RepeatKind::InChain });
        }
        let is_symmetric = matches!(
            token.kind,
            TokenKind::Plus | TokenKind::Star | TokenKind::Equal | TokenKind::And | TokenKind::Or
        );
        let (first, second) = if is_symmetric { (left.min(right), left.max(right)) } else { (left, right) };
        let class = self.composite(Shape::Operation(token.kind), first, second);
        self.operations.push(Operation { operator: token.kind, left, right, next });
        (class, Some(self.operations.len() - 1))
    }

    fn chain_has(&self, operator: TokenKind, start: Option<usize>, class: Class) -> bool {
        let mut chain = std::iter::successors(start, |index| self.operations[*index].next)
            .map(|index| &self.operations[index])
            .take_while(|operation| operation.operator == operator);
        chain.any(|operation| operation.left == class || operation.right == class)
    }

    fn is_popular(&self, operand: NodeId, divisors: &[String]) -> bool {
        let number = without_parentheses(self.source.tree, operand);
        self.source.tree.kind(number) == NodeKind::Number
            && divisors.iter().any(|divisor| divisor == self.source.node_text(number))
    }

    fn composite(&mut self, shape: Shape, first: Class, second: Class) -> Class {
        let new = self.last_class + 1;
        let class = *self.composites.entry((shape, first, second)).or_insert(new);
        self.last_class = self.last_class.max(class);
        class
    }

    /// Leaves with equal hashes are compared once more: a collision only hides a finding.
    fn leaf(&mut self, leaf: NodeId) -> Class {
        let hash = leaf_hash(self.source, leaf);
        if let Some((known, class)) = self.leaves.get(&hash)
            && self.source.is_same_code(*known, leaf)
        {
            return *class;
        }
        let class = self.new_class();
        self.leaves.insert(hash, (leaf, class));
        class
    }

    fn new_class(&mut self) -> Class {
        self.last_class += 1;
        self.last_class
    }
}

fn minds_equal_operands(operator: TokenKind) -> bool {
    !matches!(operator, TokenKind::Plus | TokenKind::Star)
}

/// Parts below are looked at; those of accesses by dot or index are not.
fn is_entered(tree: &SyntaxTree, id: NodeId) -> bool {
    match tree.kind(id) {
        NodeKind::Call => global_callee(tree, id).is_some(),
        NodeKind::Binary
        | NodeKind::Unary
        | NodeKind::Parenthesized
        | NodeKind::Ternary
        | NodeKind::New
        | NodeKind::Arguments => true,
        _ => false,
    }
}

fn is_leaf(kind: NodeKind) -> bool {
    kind == NodeKind::Name || kind.is_literal()
}

/// Equal leaves have equal hashes.
fn leaf_hash(source: Source<'_>, leaf: NodeId) -> u64 {
    let mut hasher = FxHasher::default();
    for token in source.tree.code_tokens_of(leaf) {
        (token.kind as u8).hash(&mut hasher);
        hash_name(&mut hasher, source.token_text(token));
    }
    hasher.finish()
}
