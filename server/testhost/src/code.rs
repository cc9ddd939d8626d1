//! Compiled modules: instructions of a stack machine.

use std::fmt;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::name::Name;
use crate::value::Value;

/// Where a jump goes: index of an instruction.
pub(crate) type Target = u32;
/// Index of a name in [`Module::names`].
pub(crate) type NameIndex = u32;

/// A sign between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One instruction. Operands come from the stack unless said otherwise; the last one is on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// A statement begins on this line.
    Line(u32),
    Constant(u32),
    Undefined,
    Boolean(bool),
    Omitted,
    Local(u16),
    StoreLocal(u16),
    /// Passes a variable by reference.
    ReferLocal(u16),
    Variable(u16),
    StoreVariable(u16),
    ReferVariable(u16),
    Global(NameIndex),
    StoreGlobal(NameIndex),
    Member(NameIndex),
    /// object value →
    SetMember(NameIndex),
    Index,
    /// object index value →
    SetIndex,
    CallMethod {
        method: u16,
        arguments: u8,
    },
    /// A function of the global context by its number.
    CallBuiltin {
        function: u16,
        arguments: u8,
    },
    CallGlobal {
        name: NameIndex,
        arguments: u8,
    },
    CallMember {
        name: NameIndex,
        arguments: u8,
    },
    New {
        name: NameIndex,
        arguments: u8,
    },
    /// The first argument is the name of the type, the second an array.
    NewByName {
        arguments: u8,
    },
    Binary(Sign),
    /// Both operands are locals.
    BinaryLocals {
        sign: Sign,
        left: u16,
        right: u16,
    },
    /// A local and a constant.
    BinaryConstant {
        sign: Sign,
        left: u16,
        constant: u16,
    },
    Not,
    Negate,
    ToNumber,
    ToBoolean,
    Jump(Target),
    JumpIfFalse(Target),
    /// Leaves `Ложь` on the stack when it jumps.
    JumpIfFalseOrPop(Target),
    JumpIfTrueOrPop(Target),
    /// Jumps when the local variable is greater than the local limit.
    ForTest {
        variable: u16,
        limit: u16,
        end: Target,
    },
    /// Adds one to a local variable and jumps back unless it is greater than the local limit.
    ForNext {
        variable: u16,
        limit: u16,
        body: Target,
    },
    /// Starts an iteration; uses two locals from here on.
    Iterate(u16),
    Next {
        state: u16,
        end: Target,
    },
    Try(Target),
    EndTry,
    EndExcept,
    /// Raises the error of the except part again.
    RaiseAgain,
    Raise {
        arguments: u8,
    },
    Return,
    Pop,
    Execute,
    Unsupported(NameIndex),
}

/// A parameter of a method.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Name,
    pub is_by_value: bool,
    /// The default; `None` for a parameter that has to be given.
    pub default: Option<Value>,
}

/// A compiled procedure or function.
#[derive(Debug)]
pub struct Method {
    pub name: Name,
    pub is_function: bool,
    pub is_export: bool,
    pub parameters: Vec<Parameter>,
    /// Names of the slots: parameters first, then variables; hidden ones are empty.
    pub locals: Vec<Name>,
    /// Line of the head, counted from one.
    pub line: u32,
    pub(crate) code: Vec<Op>,
}

/// A variable of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleVariable {
    pub name: Name,
    pub is_export: bool,
}

/// A compiled module.
#[derive(Debug)]
pub struct Module {
    /// As stacks name it: `ОбщийМодуль.Цены.Модуль`.
    pub name: Rc<str>,
    pub variables: Vec<ModuleVariable>,
    pub methods: Vec<Rc<Method>>,
    /// What stands outside of methods.
    pub body: Rc<Method>,
    pub(crate) index: FxHashMap<Rc<str>, u16>,
    pub(crate) names: Vec<Name>,
    pub(crate) constants: Vec<Value>,
    pub(crate) text: Rc<str>,
    pub(crate) line_starts: Vec<u32>,
}

impl Module {
    /// Number of a method by its name.
    pub fn find(&self, name: &Name) -> Option<u16> {
        self.index.get(&name.folded).copied()
    }

    /// Text of a line counted from one, without blanks around.
    pub fn line_text(&self, line: u32) -> &str {
        let index = line.saturating_sub(1) as usize;
        let Some(start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |end| *end as usize);
        self.text.get(*start as usize..end).unwrap_or_default().trim()
    }
}

/// Why a text is no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    pub module: Rc<str>,
    /// Both counted from one; the column in characters.
    pub line: u32,
    pub column: u32,
    pub message: String,
}

/// `{ОбщийМодуль.Цены.Модуль(3,7)}: Переменная не определена (Сума)`
impl fmt::Display for CompileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{}({},{})}}: {}", self.module, self.line, self.column, self.message)
    }
}

impl std::error::Error for CompileError {}
