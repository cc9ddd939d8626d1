//! The loop that executes instructions.

use std::cell::RefCell;
use std::rc::Rc;

use crate::arguments::Arguments;
use crate::builtins;
use crate::code::{Method, Module, Op};
use crate::failure::{Failure, FailureKind, Outcome, messages};
use crate::machine::operators::{binary, compare, to_boolean, to_number, whole, whole_binary};
use crate::machine::{Machine, instance};
use crate::name::Name;
use crate::number::Number;
use crate::value::Value;

/// What an instruction means for the frame.
enum Flow {
    Next,
    Jump(u32),
    /// Another frame is on top now.
    Switch,
    /// The frame at the border to Rust returned.
    Done(Value),
}

impl Machine {
    /// Runs until the frame number `depth` returns.
    pub(super) fn run(&mut self, depth: usize) -> Outcome {
        loop {
            match self.run_frame() {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => {}
                Err(failure) => self.unwind(failure, depth)?,
            }
        }
    }

    /// Runs the innermost frame until another one is on top. What is frequent and cannot fail is done here, in one
    /// long `match` for the sake of speed; all else goes to [`Machine::step`], which may look at the frame.
    fn run_frame(&mut self) -> Outcome<Option<Value>> {
        let Some(frame) = self.frames.last() else { return Ok(Some(Value::Undefined)) };
        let (module, method, base) = (frame.module.clone(), frame.method.clone(), frame.base);
        let (mut next, mut line) = (frame.next, frame.line);
        let code = method.code.as_slice();
        loop {
            let op = code[next];
            next += 1;
            let jump = match op {
                Op::Line(number) => {
                    line = number;
                    self.budget.steps += 1;
                    if self.budget.steps < self.budget.check_at.get() {
                        continue;
                    }
                    self.line(next, line)?;
                    continue;
                }
                Op::Local(slot) => {
                    let value = match &self.stack[base + usize::from(slot)] {
                        Value::Reference(variable) => variable.borrow().clone(),
                        value => value.clone(),
                    };
                    self.stack.push(value);
                    continue;
                }
                Op::StoreLocal(slot) => {
                    let value = self.pop();
                    match &mut self.stack[base + usize::from(slot)] {
                        Value::Reference(variable) => *variable.borrow_mut() = value,
                        local => *local = value,
                    }
                    continue;
                }
                Op::Constant(index) => {
                    self.stack.push(module.constants[index as usize].clone());
                    continue;
                }
                Op::BinaryLocals { sign, left, right } => {
                    let left = &self.stack[base + usize::from(left)];
                    let right = &self.stack[base + usize::from(right)];
                    match whole_binary(sign, left, right) {
                        Some(value) => {
                            self.stack.push(value);
                            continue;
                        }
                        None => None,
                    }
                }
                Op::BinaryConstant { sign, left, constant } => {
                    let left = &self.stack[base + usize::from(left)];
                    match whole_binary(sign, left, &module.constants[usize::from(constant)]) {
                        Some(value) => {
                            self.stack.push(value);
                            continue;
                        }
                        None => None,
                    }
                }
                Op::Binary(sign) => {
                    let sum = match self.stack.as_slice() {
                        [.., left, right] => whole_binary(sign, left, right),
                        _ => None,
                    };
                    match sum {
                        Some(value) => {
                            self.stack.pop();
                            if let Some(top) = self.stack.last_mut() {
                                *top = value;
                            }
                            continue;
                        }
                        None => None,
                    }
                }
                Op::Pop => {
                    self.stack.pop();
                    continue;
                }
                Op::Undefined => {
                    self.stack.push(Value::Undefined);
                    continue;
                }
                Op::Boolean(value) => {
                    self.stack.push(Value::Boolean(value));
                    continue;
                }
                Op::Omitted => {
                    self.stack.push(Value::Omitted);
                    continue;
                }
                Op::JumpIfFalse(target) => match self.stack.last() {
                    Some(Value::Boolean(is_true)) => {
                        let is_true = *is_true;
                        self.stack.pop();
                        if !is_true {
                            next = target as usize;
                        }
                        continue;
                    }
                    _ => None,
                },
                Op::ForTest { variable, limit, end } => {
                    let (variable, limit) =
                        (&self.stack[base + usize::from(variable)], &self.stack[base + usize::from(limit)]);
                    match (whole(variable), whole(limit)) {
                        (Some(variable), Some(limit)) => {
                            if variable > limit {
                                next = end as usize;
                            }
                            continue;
                        }
                        _ => None,
                    }
                }
                Op::ForNext { variable, limit, body } => {
                    match self.next_whole(base + usize::from(variable), base + usize::from(limit)) {
                        Some(true) => Some(body),
                        Some(false) => continue,
                        None => None,
                    }
                }
                Op::Jump(target) => Some(target),
                _ => None,
            };
            // What is left: jumps, and all that looks at the frame.
            let flow = match jump {
                Some(target) => Flow::Jump(target),
                None => {
                    self.save(next, line);
                    self.step(op, &module, base)?
                }
            };
            match flow {
                Flow::Next => {}
                Flow::Jump(target) => {
                    let is_back = (target as usize) < next;
                    if is_back {
                        self.budget.steps += 1;
                        if self.budget.steps >= self.budget.check_at.get() {
                            self.save(next, line);
                            self.check_budgets()?;
                        }
                    }
                    next = target as usize;
                }
                Flow::Switch => return Ok(None),
                Flow::Done(value) => return Ok(Some(value)),
            }
        }
    }

    /// Writes where the innermost frame is.
    #[inline]
    fn save(&mut self, next: usize, line: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.next = next;
            frame.line = line;
        }
    }

    /// A line begins and somebody has to look: at the budgets or from outside.
    #[cold]
    fn line(&mut self, next: usize, line: u32) -> Outcome<()> {
        if self.is_observed() {
            if let Some(frame) = self.frames.last_mut() {
                frame.next = next;
            }
            self.observe_line(line)?;
        }
        self.save(next, line);
        self.check_budgets()
    }

    /// Adds one to a whole variable; true unless it is greater than the limit then.
    #[inline]
    fn next_whole(&mut self, variable: usize, limit: usize) -> Option<bool> {
        let limit = whole(&self.stack[limit])?;
        let next = whole(&self.stack[variable])?.checked_add(1)?;
        match &mut self.stack[variable] {
            Value::Reference(variable) => *variable.borrow_mut() = next.into(),
            variable => *variable = next.into(),
        }
        Some(next <= limit)
    }

    /// The steps of a loop whose variable is not a whole number.
    fn count_loop(&mut self, op: Op, base: usize) -> Outcome<Flow> {
        let (Op::ForTest { variable, limit, .. } | Op::ForNext { variable, limit, .. }) = op else {
            return Ok(Flow::Next);
        };
        let (variable, limit) = (base + usize::from(variable), base + usize::from(limit));
        if let Op::ForNext { .. } = op {
            let sum = Value::from(to_number(&self.stack[variable])?.plus(Number::ONE)?);
            match &mut self.stack[variable] {
                Value::Reference(variable) => *variable.borrow_mut() = sum,
                variable => *variable = sum,
            }
        }
        let is_over = compare(&self.stack[variable], &self.stack[limit])?.is_gt();
        Ok(match op {
            Op::ForTest { end, .. } if is_over => Flow::Jump(end),
            Op::ForNext { body, .. } if !is_over => Flow::Jump(body),
            _ => Flow::Next,
        })
    }

    /// Two operands that are not both whole numbers.
    fn operate(&mut self, op: Op, module: &Module, base: usize) -> Outcome<()> {
        let (sign, left, right) = match op {
            Op::BinaryLocals { sign, left, right } => {
                let local = |slot: u16| self.stack[base + usize::from(slot)].resolved();
                (sign, local(left), local(right))
            }
            Op::BinaryConstant { sign, left, constant } => {
                let left = self.stack[base + usize::from(left)].resolved();
                (sign, left, module.constants[usize::from(constant)].clone())
            }
            Op::Binary(sign) => {
                let (right, left) = (self.pop(), self.pop());
                (sign, left, right)
            }
            _ => return Ok(()),
        };
        let value = binary(sign, &left, &right)?;
        if let Value::Text(text) = &value {
            self.check_text(text.len())?;
        }
        self.stack.push(value);
        self.check_charges()
    }

    /// Measures memory when enough of it was charged.
    #[inline]
    fn check_charges(&mut self) -> Outcome<()> {
        if self.budget.check_at.get() == 0 && !self.is_observed() { self.check_budgets() } else { Ok(()) }
    }

    fn step(&mut self, op: Op, module: &Rc<Module>, base: usize) -> Outcome<Flow> {
        match op {
            Op::ReferLocal(slot) => {
                let reference = refer(&mut self.stack[base + usize::from(slot)]);
                self.stack.push(reference);
            }
            Op::Variable(_) | Op::StoreVariable(_) | Op::ReferVariable(_) => self.module_variable(op),
            Op::Global(name) => self.read_global(&module.names[name as usize])?,
            Op::StoreGlobal(name) => self.write_global(&module.names[name as usize])?,
            Op::Member(name) => {
                let object = self.pop();
                let value = self.member(&object, &module.names[name as usize])?;
                self.stack.push(value);
            }
            Op::SetMember(name) => {
                let (value, object, name) = (self.pop(), self.pop(), &module.names[name as usize]);
                let Value::Object(object) = object else { return Err(messages::not_an_object(&name.shown)) };
                object.set(self, name, value)?;
            }
            Op::Index | Op::SetIndex => self.indexed(op)?,
            Op::CallMethod { method, arguments } => {
                let method = module.methods[usize::from(method)].clone();
                return self.enter(module.clone(), method, usize::from(arguments));
            }
            Op::CallBuiltin { function, arguments } => {
                self.with_arguments(arguments, |machine, arguments| {
                    machine.call_builtin(function, arguments)
                })?;
            }
            Op::CallGlobal { name, arguments } => {
                let global = self.global_method(&module.names[name as usize])?;
                if let Some((instance, method)) = global {
                    self.count_step()?;
                    self.push_frame(instance.clone(), instance.module(), method, usize::from(arguments))?;
                    return Ok(Flow::Switch);
                }
                self.with_arguments(arguments, |machine, arguments| {
                    machine.call_global(&module.names[name as usize], arguments)
                })?;
            }
            Op::CallMember { name, arguments } => {
                return self.call_member(&module.names[name as usize], usize::from(arguments));
            }
            Op::New { name, arguments } => {
                self.with_arguments(arguments, |machine, arguments| {
                    machine.construct(&module.names[name as usize], &mut Arguments::new(arguments))
                })?;
            }
            Op::NewByName { arguments } => {
                self.with_arguments(arguments, |machine, arguments| {
                    builtins::construct_by_name(machine, arguments)
                })?;
            }
            Op::Not | Op::Negate | Op::ToNumber | Op::ToBoolean => {
                let value = self.pop();
                self.stack.push(match op {
                    Op::Not => (!to_boolean(&value)?).into(),
                    Op::Negate => to_number(&value)?.negated()?.into(),
                    Op::ToNumber => to_number(&value)?.into(),
                    _ => to_boolean(&value)?.into(),
                });
            }
            Op::JumpIfFalse(_) | Op::JumpIfFalseOrPop(_) | Op::JumpIfTrueOrPop(_) => return self.branch(op),
            Op::Iterate(_) | Op::Next { .. } => return self.iterate(op, base),
            Op::Try(_) | Op::EndTry | Op::EndExcept => self.attempt(op),
            Op::RaiseAgain | Op::Raise { .. } => return Err(self.raise(op)),
            Op::Return => return Ok(self.leave()),
            Op::Execute => {
                let code = self.pop().presentation();
                self.execute(&code)?;
            }
            Op::Unsupported(name) => return Err(Failure::unsupported(&module.names[name as usize].shown)),
            Op::ForTest { .. } | Op::ForNext { .. } => return self.count_loop(op, base),
            _ => self.operate(op, module, base)?,
        }
        Ok(Flow::Next)
    }

    #[inline]
    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    fn module_variable(&mut self, op: Op) {
        let Some(instance) = self.frames.last().map(|frame| frame.instance.clone()) else { return };
        let mut variables = instance.variables.borrow_mut();
        let (Op::Variable(index) | Op::StoreVariable(index) | Op::ReferVariable(index)) = op else { return };
        // After a replacement an old frame may name a variable that is gone.
        let Some(variable) = variables.get_mut(usize::from(index)) else {
            return self.stack.push(Value::Undefined);
        };
        match op {
            Op::Variable(_) => self.stack.push(variable.resolved()),
            Op::ReferVariable(_) => self.stack.push(refer(variable)),
            _ => {
                let value = self.stack.pop().unwrap_or_default();
                match variable {
                    Value::Reference(variable) => *variable.borrow_mut() = value,
                    variable => *variable = value,
                }
            }
        }
    }

    fn read_global(&mut self, name: &Name) -> Outcome<()> {
        let this = self.frames.last().and_then(|frame| frame.this.clone());
        let value = match &this {
            Some(this) if instance::is_this(name) => this.clone(),
            Some(Value::Object(object)) if object.has_property(name) => object.get(self, name)?,
            _ => match self.properties.get(&name.folded).cloned().or_else(|| builtins::property(name)) {
                Some(value) => value,
                None if builtins::is_property(name) => return Err(Failure::unsupported(&name.shown)),
                None => return Err(Failure::runtime(format!("Переменная не определена ({})", name.shown))),
            },
        };
        self.stack.push(value);
        Ok(())
    }

    fn write_global(&mut self, name: &Name) -> Outcome<()> {
        let value = self.pop();
        match self.frames.last().and_then(|frame| frame.this.clone()) {
            Some(Value::Object(object)) => object.set(self, name, value),
            _ => Err(messages::read_only(&name.shown)),
        }
    }

    pub(crate) fn member(&mut self, object: &Value, name: &Name) -> Outcome {
        match object {
            Value::Object(object) => object
                .get(self, name)
                .map_err(|failure| builtins::missing_member(failure, object.as_ref(), name)),
            _ => Err(messages::not_an_object(&name.shown)),
        }
    }

    fn indexed(&mut self, op: Op) -> Outcome<()> {
        let value = (op == Op::SetIndex).then(|| self.pop());
        let (index, object) = (self.pop(), self.pop());
        let Value::Object(object) = object else {
            return Err(Failure::runtime("Получение элемента по индексу для значения не определено"));
        };
        match value {
            Some(value) => object.set_index(self, &index, value)?,
            None => {
                let value = object.get_index(self, &index)?;
                self.stack.push(value);
            }
        }
        Ok(())
    }

    /// Takes arguments from the stack, lets a built-in method use them and pushes what it gives.
    fn with_arguments(
        &mut self,
        count: u8,
        call: impl FnOnce(&mut Self, &mut [Value]) -> Outcome,
    ) -> Outcome<()> {
        let first = self.stack.len() - usize::from(count);
        let mut arguments = self.spare.pop().unwrap_or_default();
        arguments.extend(self.stack.drain(first..));
        let value = call(self, &mut arguments)?;
        arguments.clear();
        self.spare.push(arguments);
        self.give(value)
    }

    /// Pushes what a built-in method gave.
    fn give(&mut self, value: Value) -> Outcome<()> {
        if let Value::Text(text) = &value {
            self.charge(text.len());
        }
        self.stack.push(value);
        self.check_charges()
    }

    fn enter(&mut self, module: Rc<Module>, method: Rc<Method>, arguments: usize) -> Outcome<Flow> {
        self.count_step()?;
        let Some(instance) = self.frames.last().map(|frame| frame.instance.clone()) else {
            return Ok(Flow::Switch);
        };
        self.push_frame(instance, module, method, arguments)?;
        Ok(Flow::Switch)
    }

    fn call_member(&mut self, name: &Name, count: usize) -> Outcome<Flow> {
        let place = self.stack.len() - count - 1;
        let Value::Object(object) = self.stack[place].clone() else {
            return Err(messages::not_an_object(&name.shown));
        };
        if let Some(instance) = object.instance(self)? {
            let module = instance.module();
            if let Some(number) = module.find(name) {
                let method = module.methods[usize::from(number)].clone();
                if !method.is_export {
                    return Err(messages::no_method(&name.shown));
                }
                self.count_step()?;
                self.stack.remove(place);
                self.push_frame(instance, module, method, count)?;
                return Ok(Flow::Switch);
            }
        }
        let mut arguments = self.spare.pop().unwrap_or_default();
        arguments.extend(self.stack.drain(place + 1..));
        self.stack.pop();
        let value = object.call(self, name, &mut Arguments::new(&mut arguments));
        let value = value.map_err(|failure| builtins::missing_member(failure, object.as_ref(), name))?;
        arguments.clear();
        self.spare.push(arguments);
        self.give(value)?;
        Ok(Flow::Next)
    }

    fn branch(&mut self, op: Op) -> Outcome<Flow> {
        let value = self.pop();
        let is_true = to_boolean(&value)?;
        Ok(match op {
            Op::JumpIfFalse(target) if !is_true => Flow::Jump(target),
            Op::JumpIfFalseOrPop(target) if !is_true => {
                self.stack.push(Value::Boolean(false));
                Flow::Jump(target)
            }
            Op::JumpIfTrueOrPop(target) if is_true => {
                self.stack.push(Value::Boolean(true));
                Flow::Jump(target)
            }
            _ => Flow::Next,
        })
    }

    fn iterate(&mut self, op: Op, base: usize) -> Outcome<Flow> {
        match op {
            Op::Iterate(state) => {
                let collection = self.pop();
                let Value::Object(object) = &collection else {
                    return Err(Failure::runtime("Итератор для значения не определен"));
                };
                // Says at once whether it can be walked at all.
                object.item(0)?;
                let slot = base + usize::from(state);
                self.stack[slot] = collection;
                self.stack[slot + 1] = Value::from(0_i64);
            }
            Op::Next { state, end } => {
                let slot = base + usize::from(state);
                let (Value::Object(object), Value::Number(Number::Whole(position))) =
                    (self.stack[slot].clone(), self.stack[slot + 1].clone())
                else {
                    return Ok(Flow::Jump(end));
                };
                let item = object.item(usize::try_from(position).unwrap_or(usize::MAX))?;
                let Some(item) = item else {
                    self.stack[slot] = Value::Undefined;
                    return Ok(Flow::Jump(end));
                };
                self.stack[slot + 1] = Value::from(position + 1);
                self.stack.push(item);
            }
            _ => {}
        }
        Ok(Flow::Next)
    }

    fn attempt(&mut self, op: Op) {
        let Some(frame) = self.frames.last_mut() else { return };
        match op {
            Op::Try(handler) => frame.tries.push(handler),
            Op::EndTry => {
                frame.tries.pop();
            }
            _ => {
                frame.errors.pop();
            }
        }
    }

    fn raise(&mut self, op: Op) -> Box<Failure> {
        let Op::Raise { arguments } = op else {
            return match self.caught_error() {
                Some(failure) => Box::new(failure.as_ref().clone()),
                None => Failure::runtime(
                    "ВызватьИсключение без параметров допустимо только в обработке исключения",
                ),
            };
        };
        let first = self.stack.len() - usize::from(arguments);
        let values: Vec<Value> = self.stack.drain(first..).collect();
        builtins::failure_of(&values).unwrap_or_else(|| {
            let message = values.first().map(|value| value.resolved().presentation()).unwrap_or_default();
            let mut failure = Failure::new(FailureKind::Raised, message);
            failure.cause = values.get(4).and_then(builtins::cause_of);
            failure
        })
    }

    fn leave(&mut self) -> Flow {
        let value = self.pop().resolved();
        let is_boundary = self.drop_frame().is_none_or(|frame| frame.is_boundary);
        if is_boundary {
            return Flow::Done(value);
        }
        self.stack.push(value);
        Flow::Switch
    }
}

/// Makes a variable one that can be passed by reference, and gives the reference.
pub(super) fn refer(variable: &mut Value) -> Value {
    if let Value::Reference(_) = variable {
        return variable.clone();
    }
    let shared = Rc::new(RefCell::new(std::mem::take(variable)));
    *variable = Value::Reference(shared.clone());
    Value::Reference(shared)
}
