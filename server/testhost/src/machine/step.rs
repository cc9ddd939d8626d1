//! The loop that executes instructions.

use std::cell::RefCell;
use std::rc::Rc;

use crate::arguments::Arguments;
use crate::builtins;
use crate::code::{Method, Module, Op};
use crate::failure::{Failure, FailureKind, Outcome, messages};
use crate::machine::operators::{binary, compare, to_boolean, to_number};
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

    /// Runs the innermost frame until another one is on top.
    fn run_frame(&mut self) -> Outcome<Option<Value>> {
        let Some(frame) = self.frames.last() else { return Ok(Some(Value::Undefined)) };
        let (module, method, base) = (frame.module.clone(), frame.method.clone(), frame.base);
        let mut next = frame.next;
        loop {
            let op = method.code[next];
            next += 1;
            let flow = match self.fast(op, base) {
                Some(flow) => flow,
                None => {
                    // Calls and errors look at the frame.
                    if let Some(frame) = self.frames.last_mut() {
                        frame.next = next;
                    }
                    self.step(op, &module, base)
                }
            };
            match flow? {
                Flow::Next => {}
                Flow::Jump(target) => {
                    if (target as usize) < next {
                        self.count_step()?;
                    }
                    next = target as usize;
                }
                Flow::Switch => return Ok(None),
                Flow::Done(value) => return Ok(Some(value)),
            }
        }
    }

    /// Instructions that need neither names nor calls.
    #[inline]
    fn fast(&mut self, op: Op, base: usize) -> Option<Outcome<Flow>> {
        match op {
            Op::Line(line) => {
                if let Err(failure) = self.count_step() {
                    return Some(Err(failure));
                }
                self.enter_line(line);
                // The price of a statement belongs to its own line.
                self.clock.statement();
            }
            Op::Local(slot) => {
                let value = match &self.stack[base + usize::from(slot)] {
                    Value::Reference(variable) => variable.borrow().clone(),
                    value => value.clone(),
                };
                self.stack.push(value);
            }
            Op::StoreLocal(slot) => {
                let value = self.pop();
                match &mut self.stack[base + usize::from(slot)] {
                    Value::Reference(variable) => *variable.borrow_mut() = value,
                    local => *local = value,
                }
            }
            Op::Undefined => self.stack.push(Value::Undefined),
            Op::Boolean(value) => self.stack.push(Value::Boolean(value)),
            Op::Omitted => self.stack.push(Value::Omitted),
            Op::Pop => {
                self.stack.pop();
            }
            Op::Jump(target) => return Some(Ok(Flow::Jump(target))),
            Op::Increment(slot) => return Some(self.increment(base + usize::from(slot))),
            Op::ForTest { variable, limit, end } => {
                let order = compare(
                    &self.stack[base + usize::from(variable)],
                    &self.stack[base + usize::from(limit)],
                );
                return Some(order.map(|order| if order.is_gt() { Flow::Jump(end) } else { Flow::Next }));
            }
            _ => return None,
        }
        Some(Ok(Flow::Next))
    }

    fn increment(&mut self, index: usize) -> Outcome<Flow> {
        match &mut self.stack[index] {
            Value::Number(number) => *number = number.plus(Number::ONE)?,
            Value::Reference(variable) => {
                let sum = to_number(&variable.borrow())?.plus(Number::ONE)?;
                *variable.borrow_mut() = sum.into();
            }
            value => *value = to_number(value)?.plus(Number::ONE)?.into(),
        }
        Ok(Flow::Next)
    }

    fn step(&mut self, op: Op, module: &Rc<Module>, base: usize) -> Outcome<Flow> {
        match op {
            Op::Constant(index) => self.stack.push(module.constants[index as usize].clone()),
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
            _ => {
                let (right, left) = (self.pop(), self.pop());
                self.stack.push(binary(op, &left, &right)?);
            }
        }
        Ok(Flow::Next)
    }

    #[inline]
    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    #[inline]
    fn enter_line(&mut self, line: u32) {
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some(measurement) = &mut self.measurement {
            let now = self.clock.now();
            measurement.add_total(&frame.module.name, frame.line, now - frame.line_start);
            measurement.enter_line(&frame.module.name, line, now);
            frame.line_start = now;
        }
        frame.line = line;
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
            Value::Object(object) => object.get(self, name),
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
        let mut arguments: Vec<Value> = self.stack.drain(first..).collect();
        let value = call(self, &mut arguments)?;
        self.stack.push(value);
        Ok(())
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
        let mut arguments: Vec<Value> = self.stack.drain(place + 1..).collect();
        self.stack.pop();
        let value = object.call(self, name, &mut Arguments::new(&mut arguments))?;
        self.stack.push(value);
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
