//! The state of one method while it is compiled: slots, jumps, loops.

use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::code::{CompileError, Op, Parameter, Sign, Target};
use crate::compile::Unit;
use crate::name::Name;
use crate::number::Number;
use crate::value::Value;

pub(super) type Compiled<T = ()> = Result<T, CompileError>;

/// A loop around the current statement.
pub(super) struct Loop {
    /// Jumps to behind the loop that wait for its end.
    pub(super) breaks: Vec<usize>,
    pub(super) continues: Vec<usize>,
    /// How many `Попытка` were open when the loop began.
    pub(super) try_depth: usize,
}

/// A part of a `Попытка` around the current statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TryPart {
    Guarded,
    Except,
}

pub(super) struct MethodCompiler<'u, 'a> {
    pub(super) unit: &'u mut Unit<'a>,
    pub(super) code: Vec<Op>,
    pub(super) loops: Vec<Loop>,
    pub(super) tries: Vec<TryPart>,
    /// Depth of the expression at hand.
    pub(super) depth: usize,
    /// Depth of the block at hand.
    pub(super) block_depth: usize,
    /// Instructions before this one stay as they are: a jump may land behind them.
    barrier: usize,
    parameters: Vec<Parameter>,
    locals: Vec<Name>,
    slots: FxHashMap<std::rc::Rc<str>, u16>,
    labels: FxHashMap<std::rc::Rc<str>, (Target, usize)>,
    /// Jumps to labels: instruction, label, open `Попытка`, node for messages.
    gotos: Vec<(usize, Name, usize, NodeId)>,
}

impl<'u, 'a> MethodCompiler<'u, 'a> {
    pub(super) fn new(unit: &'u mut Unit<'a>) -> Self {
        Self {
            unit,
            code: Vec::new(),
            loops: Vec::new(),
            tries: Vec::new(),
            depth: 0,
            block_depth: 0,
            barrier: 0,
            parameters: Vec::new(),
            locals: Vec::new(),
            slots: FxHashMap::default(),
            labels: FxHashMap::default(),
            gotos: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> (Vec<Parameter>, Vec<Name>, Vec<Op>) {
        self.emit(Op::Undefined);
        self.emit(Op::Return);
        (self.parameters, self.locals, self.code)
    }

    pub(super) fn emit(&mut self, op: Op) -> usize {
        self.code.push(op);
        self.code.len() - 1
    }

    /// Emits a sign between the two operands on the stack, together with the operands where they are plain.
    pub(super) fn emit_binary(&mut self, sign: Sign) {
        let fused = match self.code.get(self.barrier..) {
            Some([.., Op::Local(left), Op::Local(right)]) => {
                Some(Op::BinaryLocals { sign, left: *left, right: *right })
            }
            Some([.., Op::Local(left), Op::Constant(constant)]) => {
                let constant = u16::try_from(*constant).ok();
                constant.map(|constant| Op::BinaryConstant { sign, left: *left, constant })
            }
            _ => None,
        };
        let op = match fused {
            Some(op) => {
                self.code.truncate(self.code.len() - 2);
                op
            }
            None => Op::Binary(sign),
        };
        self.emit(op);
    }

    /// The next instruction as the target of a jump.
    pub(super) fn here(&mut self) -> Target {
        self.barrier = self.code.len();
        self.code.len() as Target
    }

    /// Lets a jump go to the next instruction.
    pub(super) fn land(&mut self, jump: usize) {
        let here = self.here();
        self.retarget(jump, here);
    }

    pub(super) fn retarget(&mut self, jump: usize, target: Target) {
        match &mut self.code[jump] {
            Op::Jump(to)
            | Op::JumpIfFalse(to)
            | Op::JumpIfFalseOrPop(to)
            | Op::JumpIfTrueOrPop(to)
            | Op::Try(to)
            | Op::ForTest { end: to, .. }
            | Op::ForNext { body: to, .. }
            | Op::Next { end: to, .. } => *to = target,
            _ => {}
        }
    }

    pub(super) fn parameters(&mut self, method: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(list) = tree.child(method, Role::Parameters) else { return Ok(()) };
        for node in tree.children(list).filter(|child| tree.kind(*child) == NodeKind::Parameter) {
            let name = self.unit.name_of(node, Role::Name)?;
            let is_by_value = tree.own_token(node, TokenKind::Val).is_some();
            let default = match tree.child(node, Role::Default) {
                Some(value) => Some(self.literal(value)?),
                None => None,
            };
            self.add_local(node, name.clone())?;
            self.parameters.push(Parameter { name, is_by_value, default });
        }
        Ok(())
    }

    /// Gives slots to all variables of a method: declared ones and those that something is assigned to.
    pub(super) fn collect_locals(&mut self, root: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        for node in std::iter::once(root).chain(tree.descendants(root)) {
            let (role, is_declared) = match tree.kind(node) {
                NodeKind::Variable => (Role::Name, true),
                NodeKind::Assignment => (Role::Left, false),
                NodeKind::For | NodeKind::ForEach => (Role::Variable, false),
                _ => continue,
            };
            let Some(target) = tree.child(node, role).filter(|target| tree.kind(*target) == NodeKind::Name)
            else {
                continue;
            };
            let name = Name::new(self.unit.source.node_text(target));
            let is_known = self.slots.contains_key(&name.folded)
                || (!is_declared
                    && (self.module_variable(&name).is_some()
                        || self.unit.environment.is_own_property(&name)));
            if !is_known && !self.unit.is_inactive(node) {
                self.add_local(target, name)?;
            }
        }
        Ok(())
    }

    fn add_local(&mut self, node: NodeId, name: Name) -> Compiled<u16> {
        let slot = self.unit.number(node, self.locals.len())?;
        self.slots.insert(name.folded.clone(), slot);
        self.locals.push(name);
        Ok(slot)
    }

    /// A slot that code cannot name.
    pub(super) fn hidden_local(&mut self, node: NodeId) -> Compiled<u16> {
        let slot = self.unit.number(node, self.locals.len())?;
        self.locals.push(Name::new(""));
        Ok(slot)
    }

    pub(super) fn slot(&self, name: &Name) -> Option<u16> {
        self.slots.get(&name.folded).copied()
    }

    pub(super) fn module_variable(&self, name: &Name) -> Option<u16> {
        self.unit.variables.iter().position(|variable| variable.name == *name).map(|index| index as u16)
    }

    pub(super) fn push_constant(&mut self, value: Value) {
        let op = match value {
            Value::Undefined => Op::Undefined,
            Value::Boolean(value) => Op::Boolean(value),
            value => Op::Constant(self.unit.constant(value)),
        };
        self.emit(op);
    }

    pub(super) fn define_label(&mut self, name: &Name) {
        let place = (self.here(), self.tries.len());
        self.labels.insert(name.folded.clone(), place);
    }

    pub(super) fn go_to(&mut self, name: Name, node: NodeId) {
        let jump = self.emit(Op::Jump(0));
        self.gotos.push((jump, name, self.tries.len(), node));
    }

    /// Connects `Перейти` with its labels, at the end of a method.
    pub(super) fn connect_labels(&mut self) -> Compiled {
        for (jump, name, depth, node) in std::mem::take(&mut self.gotos) {
            let Some((target, label_depth)) = self.labels.get(&name.folded).copied() else {
                return Err(self.unit.error(node, format!("Метка не определена ({})", name.shown)));
            };
            if label_depth != depth {
                let message = "Переход в попытку или из нее не поддерживается".to_owned();
                return Err(self.unit.error(node, message));
            }
            self.retarget(jump, target);
        }
        Ok(())
    }

    /// A constant expression: a default of a parameter.
    fn literal(&mut self, node: NodeId) -> Compiled<Value> {
        let tree = self.unit.source.tree;
        let value = match tree.kind(node) {
            NodeKind::Unary => {
                let operand = tree.child(node, Role::Operand);
                let is_minus = tree.first_token(node).is_some_and(|token| token.kind == TokenKind::Minus);
                match operand.map(|operand| self.constant_value(operand)) {
                    Some(Some(Value::Number(number))) if is_minus => {
                        number.negated().unwrap_or(Number::ZERO).into()
                    }
                    Some(Some(value @ Value::Number(_))) => value,
                    _ => return Err(self.unit.error(node, "Ожидается константа".to_owned())),
                }
            }
            _ => match self.constant_value(node) {
                Some(value) => value,
                None => return Err(self.unit.error(node, "Ожидается константа".to_owned())),
            },
        };
        Ok(value)
    }
}
