//! Statements.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::code::{Op, Sign};
use crate::compile::method::{Compiled, Loop, MethodCompiler, TryPart};
use crate::name::Name;
use crate::value::Value;

/// Blocks nested deeper are refused, so that no text takes the compiler's own stack.
const MAX_BLOCK_DEPTH: usize = 200;

impl MethodCompiler<'_, '_> {
    pub(super) fn block(&mut self, block: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        if self.block_depth >= MAX_BLOCK_DEPTH {
            return Err(self.unit.error(block, "Операторы вложены слишком глубоко".to_owned()));
        }
        self.block_depth += 1;
        for statement in tree.children(block) {
            self.statement(statement)?;
        }
        self.block_depth -= 1;
        let is_outermost = tree.parent(block).is_some_and(|parent| tree.kind(parent).is_method());
        if is_outermost { self.connect_labels() } else { Ok(()) }
    }

    fn child_block(&mut self, owner: NodeId) -> Compiled {
        match self.unit.source.tree.child_of_kind(owner, NodeKind::Block) {
            Some(block) => self.block(block),
            None => Ok(()),
        }
    }

    pub(super) fn statement(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        if self.unit.is_inactive(node) || tree.kind(node) == NodeKind::EmptyStatement {
            return Ok(());
        }
        if !matches!(tree.kind(node), NodeKind::VarDeclaration | NodeKind::LabeledStatement | NodeKind::Try) {
            self.mark_line(node);
        }
        match tree.kind(node) {
            NodeKind::VarDeclaration => Ok(()),
            NodeKind::LabeledStatement => self.labeled(node),
            NodeKind::Assignment => self.assignment(node),
            NodeKind::ExpressionStatement => self.expression_statement(node),
            NodeKind::If => self.if_statement(node),
            NodeKind::While => self.while_loop(node),
            NodeKind::For => self.for_loop(node),
            NodeKind::ForEach => self.for_each_loop(node),
            NodeKind::Try => self.try_statement(node),
            NodeKind::Return => self.return_statement(node),
            NodeKind::Break | NodeKind::Continue => self.leave_loop(node),
            NodeKind::Goto => self.goto_statement(node),
            NodeKind::Raise => self.raise(node),
            NodeKind::Execute => {
                self.required(node, Role::Code)?;
                self.emit(Op::Execute);
                Ok(())
            }
            NodeKind::AddHandler => self.unsupported(node, "ДобавитьОбработчик"),
            NodeKind::RemoveHandler => self.unsupported(node, "УдалитьОбработчик"),
            _ => Err(self.unit.error(node, "Неопознанный оператор".to_owned())),
        }
    }

    fn mark_line(&mut self, node: NodeId) {
        let line = self.unit.source.tree.first_token(node).map_or(0, |token| token.line) + 1;
        self.emit(Op::Line(line));
    }

    fn unsupported(&mut self, _node: NodeId, what: &str) -> Compiled {
        let name = self.unit.intern(&Name::new(what));
        self.emit(Op::Unsupported(name));
        Ok(())
    }

    fn labeled(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        for child in tree.children(node) {
            if tree.kind(child) == NodeKind::Label {
                let name = self.unit.name_of(child, Role::Name)?;
                self.define_label(&name);
            } else {
                self.statement(child)?;
            }
        }
        Ok(())
    }

    fn assignment(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(target) = tree.child(node, Role::Left) else {
            return Err(self.unit.error(node, "Ожидается выражение".to_owned()));
        };
        match tree.kind(target) {
            NodeKind::Member => {
                self.required(target, Role::Object)?;
                self.required(node, Role::Right)?;
                let name = self.unit.name_of(target, Role::Property)?;
                let name = self.unit.intern(&name);
                self.emit(Op::SetMember(name));
            }
            NodeKind::Index => {
                self.required(target, Role::Object)?;
                self.required(target, Role::Index)?;
                self.required(node, Role::Right)?;
                self.emit(Op::SetIndex);
            }
            _ => {
                self.required(node, Role::Right)?;
                self.store(target);
            }
        }
        Ok(())
    }

    /// Puts the value on top of the stack into the variable that `target` names.
    fn store(&mut self, target: NodeId) {
        let name = Name::new(self.unit.source.node_text(target));
        let op = if let Some(slot) = self.slot(&name) {
            Op::StoreLocal(slot)
        } else if let Some(index) = self.module_variable(&name) {
            Op::StoreVariable(index)
        } else {
            Op::StoreGlobal(self.unit.intern(&name))
        };
        self.emit(op);
    }

    fn expression_statement(&mut self, node: NodeId) -> Compiled {
        let Some(expression) = self.unit.source.tree.children(node).next() else { return Ok(()) };
        self.expression(expression)?;
        self.emit(Op::Pop);
        Ok(())
    }

    fn if_statement(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let mut ends = Vec::new();
        let mut skip = self.condition(node)?;
        self.child_block(node)?;
        for clause in tree.children(node) {
            match tree.kind(clause) {
                NodeKind::ElsifClause => {
                    ends.push(self.emit(Op::Jump(0)));
                    self.land(skip);
                    self.mark_line(clause);
                    skip = self.condition(clause)?;
                    self.child_block(clause)?;
                }
                NodeKind::ElseClause => {
                    let end = self.emit(Op::Jump(0));
                    self.land(skip);
                    self.child_block(clause)?;
                    skip = end;
                }
                _ => {}
            }
        }
        self.land(skip);
        for end in ends {
            self.land(end);
        }
        Ok(())
    }

    /// Evaluates the condition of a clause; gives the jump that is taken when it is false.
    fn condition(&mut self, node: NodeId) -> Compiled<usize> {
        self.required(node, Role::Condition)?;
        Ok(self.emit(Op::JumpIfFalse(0)))
    }

    fn while_loop(&mut self, node: NodeId) -> Compiled {
        let start = self.here();
        self.mark_line(node);
        let end = self.condition(node)?;
        self.open_loop();
        self.child_block(node)?;
        let back = self.emit(Op::Jump(start));
        self.close_loop(back as u32);
        self.land(end);
        Ok(())
    }

    fn open_loop(&mut self) {
        let try_depth = self.tries.len();
        self.loops.push(Loop { breaks: Vec::new(), continues: Vec::new(), try_depth });
    }

    /// Connects `Продолжить` with an instruction and `Прервать` with what comes next.
    fn close_loop(&mut self, next: u32) {
        let Some(closed) = self.loops.pop() else { return };
        for jump in closed.continues {
            self.retarget(jump, next);
        }
        for jump in closed.breaks {
            self.land(jump);
        }
    }

    fn for_loop(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(variable) = tree.child(node, Role::Variable) else {
            return Err(self.unit.error(node, "Ожидается имя".to_owned()));
        };
        self.required(node, Role::From)?;
        self.store(variable);
        self.required(node, Role::To)?;
        let limit = self.hidden_local(node)?;
        self.emit(Op::StoreLocal(limit));
        let name = Name::new(self.unit.source.node_text(variable));
        let slot = self.slot(&name);
        let start = self.here();
        let end = match slot {
            Some(slot) => self.emit(Op::ForTest { variable: slot, limit, end: 0 }),
            None => {
                self.load(&name, variable)?;
                self.emit(Op::Local(limit));
                self.emit(Op::Binary(Sign::LessOrEqual));
                self.emit(Op::JumpIfFalse(0))
            }
        };
        let body = self.here();
        self.open_loop();
        self.child_block(node)?;
        let next = self.here();
        match slot {
            Some(slot) => {
                self.emit(Op::ForNext { variable: slot, limit, body });
            }
            None => {
                self.load(&name, variable)?;
                self.push_constant(Value::from(1_i64));
                self.emit(Op::Binary(Sign::Add));
                self.store(variable);
                self.emit(Op::Jump(start));
            }
        }
        self.close_loop(next);
        self.land(end);
        Ok(())
    }

    fn for_each_loop(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(variable) = tree.child(node, Role::Variable) else {
            return Err(self.unit.error(node, "Ожидается имя".to_owned()));
        };
        self.required(node, Role::Collection)?;
        let state = self.hidden_local(node)?;
        self.hidden_local(node)?;
        self.emit(Op::Iterate(state));
        let start = self.here();
        let end = self.emit(Op::Next { state, end: 0 });
        self.store(variable);
        self.open_loop();
        self.child_block(node)?;
        self.emit(Op::Jump(start));
        self.close_loop(start);
        self.land(end);
        Ok(())
    }

    fn try_statement(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let handler = self.emit(Op::Try(0));
        self.tries.push(TryPart::Guarded);
        self.child_block(node)?;
        self.tries.pop();
        self.emit(Op::EndTry);
        let end = self.emit(Op::Jump(0));
        self.land(handler);
        self.tries.push(TryPart::Except);
        if let Some(clause) = tree.child_of_kind(node, NodeKind::ExceptClause) {
            self.child_block(clause)?;
        }
        self.tries.pop();
        self.emit(Op::EndExcept);
        self.land(end);
        Ok(())
    }

    fn return_statement(&mut self, node: NodeId) -> Compiled {
        match self.unit.source.tree.child(node, Role::Value) {
            Some(value) => self.expression(value)?,
            None => {
                self.emit(Op::Undefined);
            }
        }
        self.emit(Op::Return);
        Ok(())
    }

    fn leave_loop(&mut self, node: NodeId) -> Compiled {
        let is_break = self.unit.source.tree.kind(node) == NodeKind::Break;
        let Some(depth) = self.loops.last().map(|around| around.try_depth) else {
            let word = if is_break { "Прервать" } else { "Продолжить" };
            return Err(self
                .unit
                .error(node, format!("Оператор {word} может употребляться только внутри цикла")));
        };
        for index in (depth..self.tries.len()).rev() {
            let is_guarded = self.tries[index] == TryPart::Guarded;
            self.emit(if is_guarded { Op::EndTry } else { Op::EndExcept });
        }
        let jump = self.emit(Op::Jump(0));
        if let Some(around) = self.loops.last_mut() {
            if is_break { around.breaks.push(jump) } else { around.continues.push(jump) }
        }
        Ok(())
    }

    fn goto_statement(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        let Some(label) = tree.child_of_kind(node, NodeKind::Label) else {
            return Err(self.unit.error(node, "Ожидается имя".to_owned()));
        };
        let name = self.unit.name_of(label, Role::Name)?;
        self.go_to(name, node);
        Ok(())
    }

    fn raise(&mut self, node: NodeId) -> Compiled {
        let tree = self.unit.source.tree;
        if let Some(value) = tree.child(node, Role::Value) {
            self.expression(value)?;
            self.emit(Op::Raise { arguments: 1 });
        } else if let Some(list) = tree.child_of_kind(node, NodeKind::Arguments) {
            let arguments = self.arguments(list)?;
            self.emit(Op::Raise { arguments });
        } else {
            self.emit(Op::RaiseAgain);
        }
        Ok(())
    }

    /// The sign or word between the operands.
    pub(super) fn operator(&self, binary: NodeId) -> Option<TokenKind> {
        let tree = self.unit.source.tree;
        let left = tree.child(binary, Role::Left)?;
        tree.next_code_token(tree.token_span(left).end).map(|token| token.kind)
    }
}
