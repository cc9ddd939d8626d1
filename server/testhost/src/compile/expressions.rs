//! Expressions.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::builtins;
use crate::code::{Op, Sign};
use crate::compile::method::{Compiled, MethodCompiler};
use crate::date::Date;
use crate::name::Name;
use crate::number::Number;
use crate::value::Value;

/// Expressions nested deeper are refused: the platform has a limit too.
const MAX_DEPTH: usize = 300;
const MAX_ARGUMENTS: usize = 255;

impl MethodCompiler<'_, '_> {
    /// The child that has to be there.
    pub(super) fn required(&mut self, node: NodeId, role: Role) -> Compiled {
        match self.unit.source.tree.child(node, role) {
            Some(child) => self.expression(child),
            None => Err(self.unit.error(node, "Ожидается выражение".to_owned())),
        }
    }

    pub(super) fn expression(&mut self, node: NodeId) -> Compiled {
        if self.depth >= MAX_DEPTH {
            return Err(self.unit.error(node, "Выражение вложено слишком глубоко".to_owned()));
        }
        self.depth += 1;
        let result = self.expression_kind(node);
        self.depth -= 1;
        result
    }

    fn expression_kind(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        match tree.kind(node) {
            NodeKind::Name => {
                let name = Name::new(self.unit.source.node_text(node));
                self.load(&name, node)
            }
            NodeKind::Parenthesized => match tree.children(node).next() {
                Some(inner) => self.expression(inner),
                None => Err(self.unit.error(node, "Ожидается выражение".to_owned())),
            },
            NodeKind::Await => self.required(node, Role::Operand),
            NodeKind::Unary => self.unary(node),
            NodeKind::Binary => self.binary(node),
            NodeKind::Ternary => self.ternary(node),
            NodeKind::Member => {
                self.required(node, Role::Object)?;
                let name = self.unit.name_of(node, Role::Property)?;
                let name = self.unit.intern(&name);
                self.emit(Op::Member(name));
                Ok(())
            }
            NodeKind::Index => {
                self.required(node, Role::Object)?;
                self.required(node, Role::Index)?;
                self.emit(Op::Index);
                Ok(())
            }
            NodeKind::Call => self.call(node),
            NodeKind::New => self.new_object(node),
            _ => match self.constant_value(node) {
                Some(value) => {
                    self.push_constant(value);
                    Ok(())
                }
                None => Err(self.unit.error(node, "Неверная константа".to_owned())),
            },
        }
    }

    pub(super) fn constant_value(&self, node: NodeId) -> Option<Value> {
        let source = self.unit.source;
        let text = source.node_text(node);
        match source.tree.kind(node) {
            NodeKind::Number => Number::parse(text).map(Value::Number),
            NodeKind::Date => Date::from_digits(text).map(Value::Date),
            NodeKind::String => Some(Value::text(self.string_text(node))),
            NodeKind::Boolean => {
                let is_true =
                    source.tree.first_token(node).is_some_and(|token| token.kind == TokenKind::True);
                Some(Value::Boolean(is_true))
            }
            NodeKind::Undefined => Some(Value::Undefined),
            NodeKind::Null => Some(Value::Null),
            _ => None,
        }
    }

    /// Contents of a literal: lines joined, quotes halved. Literals that follow one another are parted by line breaks.
    fn string_text(&self, node: NodeId) -> String {
        let source = self.unit.source;
        let mut text = String::new();
        let mut is_first = true;
        let is_active = |token: &&syntax::Token| !self.unit.is_inactive_at(token.start);
        for token in source.tree.code_tokens_of(node).filter(is_active) {
            let line = source.token_text(token);
            let line = match token.kind {
                TokenKind::StringPart | TokenKind::StringTail => line.strip_prefix('|').unwrap_or(line),
                _ => line.strip_prefix('"').unwrap_or(line),
            };
            if !is_first {
                text.push('\n');
            }
            is_first = false;
            let is_last = matches!(token.kind, TokenKind::String | TokenKind::StringTail);
            let line = if is_last { line.strip_suffix('"').unwrap_or(line) } else { line };
            text.push_str(&line.trim_end_matches('\r').replace("\"\"", "\""));
        }
        text
    }

    pub(super) fn load(&mut self, name: &Name, node: NodeId) -> Compiled {
        let op = if let Some(slot) = self.slot(name) {
            Op::Local(slot)
        } else if let Some(index) = self.module_variable(name) {
            Op::Variable(index)
        } else if self.unit.environment.is_property(name) {
            Op::Global(self.unit.intern(name))
        } else {
            return Err(self.unit.error(node, format!("Переменная не определена ({})", name.shown)));
        };
        self.emit(op);
        Ok(())
    }

    fn unary(&mut self, node: NodeId) -> Compiled {
        self.required(node, Role::Operand)?;
        let op = match self.unit.source.tree.first_token(node).map(|token| token.kind) {
            Some(TokenKind::Not) => Op::Not,
            Some(TokenKind::Minus) => Op::Negate,
            _ => Op::ToNumber,
        };
        self.emit(op);
        Ok(())
    }

    /// Chains like `А + Б + В` are nested to the left; they are walked without recursion.
    fn binary(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let mut chain = vec![node];
        while let Some(left) = chain.last().and_then(|last| tree.child(*last, Role::Left))
            && tree.kind(left) == NodeKind::Binary
        {
            chain.push(left);
        }
        let Some(first) = chain.last().copied() else { return Ok(()) };
        self.required(first, Role::Left)?;
        let mut ends = Vec::new();
        for binary in chain.into_iter().rev() {
            let jump = match self.operator(binary) {
                Some(TokenKind::And) => Some(self.emit(Op::JumpIfFalseOrPop(0))),
                Some(TokenKind::Or) => Some(self.emit(Op::JumpIfTrueOrPop(0))),
                _ => None,
            };
            self.required(binary, Role::Right)?;
            match jump {
                Some(jump) => {
                    self.emit(Op::ToBoolean);
                    ends.push(jump);
                    // What was decided on the left is the left operand of the next sign.
                    self.land(jump);
                }
                None => {
                    let sign = self.sign(binary)?;
                    self.emit_binary(sign);
                }
            }
        }
        Ok(())
    }

    fn sign(&self, node: NodeId) -> Compiled<Sign> {
        Ok(match self.operator(node) {
            Some(TokenKind::Plus) => Sign::Add,
            Some(TokenKind::Minus) => Sign::Subtract,
            Some(TokenKind::Star) => Sign::Multiply,
            Some(TokenKind::Slash) => Sign::Divide,
            Some(TokenKind::Percent) => Sign::Remainder,
            Some(TokenKind::Equal) => Sign::Equal,
            Some(TokenKind::NotEqual) => Sign::NotEqual,
            Some(TokenKind::Less) => Sign::Less,
            Some(TokenKind::LessOrEqual) => Sign::LessOrEqual,
            Some(TokenKind::Greater) => Sign::Greater,
            Some(TokenKind::GreaterOrEqual) => Sign::GreaterOrEqual,
            _ => return Err(self.unit.error(node, "Ожидается знак операции".to_owned())),
        })
    }

    fn ternary(&mut self, node: NodeId) -> Compiled {
        self.required(node, Role::Condition)?;
        let skip = self.emit(Op::JumpIfFalse(0));
        self.required(node, Role::Consequence)?;
        let end = self.emit(Op::Jump(0));
        self.land(skip);
        self.required(node, Role::Alternative)?;
        self.land(end);
        Ok(())
    }

    fn call(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(function) = tree.child(node, Role::Function) else {
            return Err(self.unit.error(node, "Ожидается имя".to_owned()));
        };
        let list = tree.child(node, Role::Arguments);
        if tree.kind(function) == NodeKind::Member {
            self.required(function, Role::Object)?;
            let arguments = list.map_or(Ok(0), |list| self.arguments(list))?;
            let name = self.unit.name_of(function, Role::Property)?;
            let name = self.unit.intern(&name);
            self.emit(Op::CallMember { name, arguments });
            return Ok(());
        }
        let name = Name::new(self.unit.source.node_text(function));
        if let Some(method) = self.unit.index.get(&name.folded).copied() {
            let arguments = list.map_or(Ok(0), |list| self.method_arguments(list, method))?;
            self.emit(Op::CallMethod { method, arguments });
            return Ok(());
        }
        let function_number = builtins::number(&name).filter(|_| !self.unit.environment.is_own_method(&name));
        if let Some(number) = function_number {
            // Functions of the global context write no arguments, so their values do.
            let arguments = list.map_or(Ok(0), |list| self.list(list, |_| true))?;
            self.emit(Op::CallBuiltin { function: number, arguments });
            return Ok(());
        }
        let arguments = list.map_or(Ok(0), |list| self.arguments(list))?;
        if !self.unit.environment.is_method(&name) {
            let message = format!("Процедура или функция с указанным именем не определена ({})", name.shown);
            return Err(self.unit.error(function, message));
        }
        let name = self.unit.intern(&name);
        self.emit(Op::CallGlobal { name, arguments });
        Ok(())
    }

    fn new_object(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let arguments = tree.child(node, Role::Arguments).map_or(Ok(0), |list| self.arguments(list))?;
        let op = match tree.child(node, Role::Type) {
            Some(name) => {
                let name = Name::new(self.unit.source.node_text(name));
                Op::New { name: self.unit.intern(&name), arguments }
            }
            None => Op::NewByName { arguments },
        };
        self.emit(op);
        Ok(())
    }

    /// Pushes the arguments of a list, variables by reference; what is left out counts.
    pub(super) fn arguments(&mut self, list: NodeId) -> Compiled<u8> {
        self.list(list, |_| false)
    }

    fn method_arguments(&mut self, list: NodeId, method: u16) -> Compiled<u8> {
        let by_value = self.unit.by_value.get(usize::from(method)).cloned().unwrap_or_default();
        self.list(list, |index| by_value.get(index).copied().unwrap_or(false))
    }

    fn list(&mut self, list: NodeId, is_by_value: impl Fn(usize) -> bool) -> Compiled<u8> {
        let tree = self.unit.source.tree;
        let commas: Vec<u32> = tree
            .own_tokens(list)
            .filter(|token| token.kind == TokenKind::Comma && !self.unit.is_inactive_at(token.start))
            .map(|comma| comma.start)
            .collect();
        let children: Vec<NodeId> = tree.children(list).filter(|child| !self.is_left_out(*child)).collect();
        let mut children = children.into_iter().peekable();
        if commas.is_empty() && children.peek().is_none() {
            return Ok(0);
        }
        if commas.len() >= MAX_ARGUMENTS {
            return Err(self.unit.error(list, "Слишком много фактических параметров".to_owned()));
        }
        let count = commas.len() + 1;
        for (index, end) in commas.into_iter().chain([u32::MAX]).enumerate() {
            match children.next_if(|child| tree.range(*child).start < end) {
                Some(argument) if is_by_value(index) => self.expression(argument)?,
                Some(argument) => self.argument(argument)?,
                None => {
                    self.emit(Op::Omitted);
                }
            }
        }
        Ok(count as u8)
    }

    /// True for an argument that `#Если` leaves out. A text may begin with a part that is left out.
    fn is_left_out(&self, node: NodeId) -> bool {
        let source = self.unit.source;
        let mut tokens = source.tree.code_tokens_of(node);
        tokens.all(|token| self.unit.is_inactive_at(token.start))
    }

    /// Variables are passed by reference; whether that counts is decided by the callee.
    fn argument(&mut self, node: NodeId) -> Compiled {
        if self.unit.source.tree.kind(node) == NodeKind::Name {
            let name = Name::new(self.unit.source.node_text(node));
            if let Some(slot) = self.slot(&name) {
                self.emit(Op::ReferLocal(slot));
                return Ok(());
            }
            if let Some(index) = self.module_variable(&name) {
                self.emit(Op::ReferVariable(index));
                return Ok(());
            }
        }
        self.expression(node)
    }
}
