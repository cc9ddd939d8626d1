//! From the flat tree of a module to instructions.

mod directives;
mod expressions;
mod method;
mod statements;

use std::rc::Rc;

use base::TextRange;
use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxErrorKind, SyntaxTree, TokenKind, parse_text};

use crate::code::{CompileError, Method, Module, ModuleVariable};
use crate::compile::directives::inactive_ranges;
use crate::compile::method::MethodCompiler;
use crate::name::Name;
use crate::value::Value;

/// What a module may name besides its own methods and variables.
pub trait Environment {
    /// A property that is assigned instead of a new local variable: an attribute in the module of an object.
    fn is_own_property(&self, name: &Name) -> bool;

    /// A name that may be read: own properties, common modules, managers.
    fn is_property(&self, name: &Name) -> bool;

    fn is_method(&self, name: &Name) -> bool;

    /// A method that hides a function of the global context of the same name.
    fn is_own_method(&self, _name: &Name) -> bool {
        false
    }
}

/// Compiles a module. Broken text, unknown names and constructs that are nested too deeply are errors.
pub fn compile(name: &str, text: &str, environment: &dyn Environment) -> Result<Module, CompileError> {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let source = Source { text, tree: &tree };
    let mut unit = Unit::new(name, source, environment);
    unit.refuse_syntax_errors()?;
    unit.declare()?;
    unit.compile_methods()
}

/// A module while it is compiled.
struct Unit<'a> {
    name: Rc<str>,
    source: Source<'a>,
    environment: &'a dyn Environment,
    inactive: Vec<TextRange>,
    variables: Vec<ModuleVariable>,
    index: FxHashMap<Rc<str>, u16>,
    /// Nodes of the methods, in the order of their numbers.
    methods: Vec<NodeId>,
    /// Which parameters of each method are `Знач`.
    by_value: Vec<Vec<bool>>,
    names: Vec<Name>,
    name_numbers: FxHashMap<Rc<str>, u32>,
    constants: Vec<Value>,
    constant_numbers: FxHashMap<Value, u32>,
}

impl<'a> Unit<'a> {
    fn new(name: &str, source: Source<'a>, environment: &'a dyn Environment) -> Self {
        Self {
            name: name.into(),
            source,
            environment,
            inactive: inactive_ranges(source),
            variables: Vec::new(),
            index: FxHashMap::default(),
            methods: Vec::new(),
            by_value: Vec::new(),
            names: Vec::new(),
            name_numbers: FxHashMap::default(),
            constants: Vec::new(),
            constant_numbers: FxHashMap::default(),
        }
    }

    fn refuse_syntax_errors(&self) -> Result<(), CompileError> {
        let Some(error) =
            self.source.tree.errors().iter().find(|error| !self.is_inactive_at(error.range.start))
        else {
            return Ok(());
        };
        let message = match error.kind {
            SyntaxErrorKind::Missing(kind) => {
                let spelling = kind.sign().or(kind.canonical_spellings().first().copied()).unwrap_or("имя");
                format!("Ожидается {spelling}")
            }
            SyntaxErrorKind::MissingProperty => "Ожидается имя после точки".to_owned(),
            SyntaxErrorKind::MissingQuote => "Незавершенная строковая константа".to_owned(),
            SyntaxErrorKind::MissingExpression => "Ожидается выражение".to_owned(),
            SyntaxErrorKind::NotAStatement => "Ожидается оператор".to_owned(),
            SyntaxErrorKind::Unexpected => {
                format!("Неопознанный оператор ({})", self.source.slice(error.range).trim())
            }
        };
        Err(self.error_at(error.range.start, message))
    }

    /// Finds the methods and variables, so that code may name them before they are declared.
    fn declare(&mut self) -> Result<(), CompileError> {
        let tree = self.source.tree;
        for child in tree.children(SyntaxTree::ROOT) {
            if self.is_inactive(child) {
                continue;
            }
            if tree.kind(child).is_method() {
                let name = self.name_of(child, Role::Name)?;
                let number = self.number(child, self.methods.len())?;
                if self.index.insert(name.folded.clone(), number).is_some() {
                    let message =
                        format!("Процедура или функция с указанным именем уже определена ({})", name.shown);
                    return Err(self.error(child, message));
                }
                self.methods.push(child);
                let parameters = tree.child(child, Role::Parameters).into_iter();
                let parameters = parameters
                    .flat_map(|list| tree.children(list))
                    .filter(|parameter| tree.kind(*parameter) == NodeKind::Parameter);
                let by_value =
                    parameters.map(|parameter| tree.own_token(parameter, TokenKind::Val).is_some());
                self.by_value.push(by_value.collect());
            } else if tree.kind(child) == NodeKind::VarDeclaration {
                self.declare_variables(child)?;
            }
        }
        Ok(())
    }

    fn declare_variables(&mut self, declaration: NodeId) -> Result<(), CompileError> {
        let tree = self.source.tree;
        for variable in tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable) {
            let name = self.name_of(variable, Role::Name)?;
            if self.variables.iter().any(|known| known.name == name) {
                return Err(self.error(variable, format!("Переменная уже определена ({})", name.shown)));
            }
            self.number(variable, self.variables.len())?;
            let is_export = tree.own_token(variable, TokenKind::Export).is_some();
            self.variables.push(ModuleVariable { name, is_export });
        }
        Ok(())
    }

    fn compile_methods(mut self) -> Result<Module, CompileError> {
        let mut methods = Vec::with_capacity(self.methods.len());
        for node in self.methods.clone() {
            methods.push(Rc::new(self.compile_method(node)?));
        }
        let body = Rc::new(self.compile_body()?);
        Ok(Module {
            name: self.name,
            variables: self.variables,
            methods,
            body,
            index: self.index,
            names: self.names,
            constants: self.constants,
            text: self.source.text.into(),
            line_starts: self.source.tree.line_starts().to_vec(),
        })
    }

    fn compile_method(&mut self, node: NodeId) -> Result<Method, CompileError> {
        let tree = self.source.tree;
        let name = self.name_of(node, Role::Name)?;
        let line = tree.first_token(node).map_or(0, |token| token.line) + 1;
        let mut compiler = MethodCompiler::new(self);
        compiler.parameters(node)?;
        let blocks = tree.children(node).filter(|child| tree.kind(*child) == NodeKind::Block);
        compiler.collect_locals(node)?;
        for block in blocks {
            compiler.block(block)?;
        }
        let is_function = tree.kind(node) == NodeKind::Function;
        let is_export = tree.own_token(node, TokenKind::Export).is_some();
        let (parameters, locals, code) = compiler.finish();
        Ok(Method { name, is_function, is_export, parameters, locals, line, code })
    }

    fn compile_body(&mut self) -> Result<Method, CompileError> {
        let tree = self.source.tree;
        let mut compiler = MethodCompiler::new(self);
        let statements = |child: &NodeId| {
            let kind = tree.kind(*child);
            kind.is_statement() && kind != NodeKind::VarDeclaration
        };
        for statement in tree.children(SyntaxTree::ROOT).filter(statements) {
            compiler.collect_locals(statement)?;
        }
        for statement in tree.children(SyntaxTree::ROOT).filter(statements) {
            compiler.statement(statement)?;
        }
        compiler.connect_labels()?;
        let (parameters, locals, code) = compiler.finish();
        let name = Name::new("");
        Ok(Method { name, is_function: false, is_export: false, parameters, locals, line: 1, code })
    }

    fn name_of(&self, node: NodeId, role: Role) -> Result<Name, CompileError> {
        let child = self.source.tree.child(node, role);
        let child = child.ok_or_else(|| self.error(node, "Ожидается имя".to_owned()))?;
        Ok(Name::new(self.source.node_text(child)))
    }

    fn number(&self, node: NodeId, number: usize) -> Result<u16, CompileError> {
        u16::try_from(number).map_err(|_| self.error(node, "Слишком много имен в модуле".to_owned()))
    }

    fn intern(&mut self, name: &Name) -> u32 {
        // Spellings matter for messages, so they are kept apart.
        if let Some(number) = self.name_numbers.get(&name.shown) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.name_numbers.insert(name.shown.clone(), number);
        number
    }

    fn constant(&mut self, value: Value) -> u32 {
        if let Some(number) = self.constant_numbers.get(&value) {
            return *number;
        }
        let number = self.constants.len() as u32;
        self.constants.push(value.clone());
        self.constant_numbers.insert(value, number);
        number
    }

    fn is_inactive(&self, node: NodeId) -> bool {
        let first = self.source.tree.first_token(node);
        first.is_some_and(|token| self.is_inactive_at(token.start))
    }

    fn is_inactive_at(&self, offset: u32) -> bool {
        self.inactive.iter().any(|range| range.start <= offset && offset < range.end)
    }

    fn error(&self, node: NodeId, message: String) -> CompileError {
        self.error_at(self.source.tree.range(node).start, message)
    }

    fn error_at(&self, offset: u32, message: String) -> CompileError {
        let tree = self.source.tree;
        let line = tree.line_of(offset);
        let start = tree.line_starts().get(line as usize).copied().unwrap_or(0);
        let before = TextRange { start, end: offset }.slice(self.source.text);
        let column = before.chars().count() as u32 + 1;
        CompileError { module: self.name.clone(), line: line + 1, column, message }
    }
}
