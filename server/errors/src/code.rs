//! Modules of the project as text and tree, read when they are needed and kept while one text of errors is explained.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use base::TextRange;
use metadata::ModulePlace;
use rustc_hash::FxHashMap;
use semantics::{
    Definition, Flow, ModuleId, ModuleScope, Project, QueryShape, Scope, Type, query_text_shape,
};
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, parse_text};

use crate::module_path::place_key;

/// Where texts of modules come from: open documents first, then the disk. `None` if there is none.
pub type ReadText<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// More modules are not read for one answer.
const MAX_MODULES: usize = 64;

/// A module that was read.
pub(crate) struct Code {
    pub(crate) module: ModuleId,
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) tree: SyntaxTree,
}

impl Code {
    fn new(module: ModuleId, path: &Path, text: String) -> Self {
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(&text), TextRange::from(0..text.len()), &text);
        Self { module, path: path.to_owned(), text, tree }
    }

    pub(crate) fn source(&self) -> Source<'_> {
        Source { text: &self.text, tree: &self.tree }
    }

    pub(crate) fn node_text(&self, node: NodeId) -> &str {
        self.source().node_text(node)
    }

    /// Code of a node on one line, shortened.
    pub(crate) fn shown(&self, node: NodeId) -> String {
        const LIMIT: usize = 80;
        let text = self.node_text(node).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(LIMIT) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// Text of a line counted from one, without its break.
    pub(crate) fn line_text(&self, line: u32) -> Option<&str> {
        Some(self.line_range(line)?.slice(&self.text))
    }

    pub(crate) fn line_range(&self, line: u32) -> Option<TextRange> {
        let starts = self.tree.line_starts();
        let index = line.checked_sub(1)? as usize;
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).copied().unwrap_or(self.text.len() as u32);
        let text = TextRange { start, end }.slice(&self.text).trim_end_matches(['\n', '\r']);
        Some(TextRange { start, end: start + text.len() as u32 })
    }

    /// Blanks at the start of the line that an offset lies on.
    pub(crate) fn indent(&self, offset: u32) -> &str {
        let line = self.line_text(self.tree.line_of(offset) + 1).unwrap_or_default();
        &line[..line.len() - line.trim_start().len()]
    }

    /// Nodes that begin on a line counted from one.
    pub(crate) fn nodes_on(&self, line: u32) -> impl Iterator<Item = NodeId> {
        let range = self.line_range(line).unwrap_or_default();
        let begins = move |id: &NodeId| {
            let start = self.tree.range(*id).start;
            range.start <= start && start <= range.end && !range.is_empty()
        };
        self.tree.nodes().map(|(id, _)| id).filter(begins)
    }

    /// The method around a line counted from one.
    pub(crate) fn method_on(&self, line: u32) -> Option<NodeId> {
        let range = self.line_range(line)?;
        self.methods()
            .find(|method| self.tree.range(*method).intersects(TextRange { end: range.end + 1, ..range }))
    }

    pub(crate) fn methods(&self) -> impl Iterator<Item = NodeId> {
        self.tree.children(SyntaxTree::ROOT).filter(|node| self.tree.kind(*node).is_method())
    }

    pub(crate) fn method_name(&self, method: NodeId) -> &str {
        self.tree.child(method, Role::Name).map_or("", |name| self.node_text(name))
    }

    pub(crate) fn child_text(&self, node: NodeId, role: Role) -> &str {
        self.tree.child(node, role).map_or("", |child| self.node_text(child))
    }

    /// The name that a call is made by, without its receiver.
    pub(crate) fn called_name(&self, call: NodeId) -> Option<NodeId> {
        let function = self.tree.child(call, Role::Function)?;
        match self.tree.kind(function) {
            NodeKind::Name => Some(function),
            NodeKind::Member => self.tree.child(function, Role::Property),
            _ => None,
        }
    }

    pub(crate) fn arguments(&self, call: NodeId) -> Vec<Option<NodeId>> {
        let Some(list) = self.tree.child(call, Role::Arguments) else { return Vec::new() };
        let mut arguments = vec![None];
        let mut children = self.tree.children(list).peekable();
        let commas = self.tree.own_tokens(list).filter(|token| token.kind == syntax::TokenKind::Comma);
        let mut commas = commas.map(|token| token.start).peekable();
        loop {
            let next_child = children.peek().map(|child| self.tree.range(*child).start);
            match (next_child, commas.peek()) {
                (Some(child), comma) if comma.is_none_or(|comma| child < *comma) => {
                    if let Some(last) = arguments.last_mut() {
                        *last = children.next();
                    }
                }
                (_, Some(_)) => {
                    commas.next();
                    arguments.push(None);
                }
                (_, None) => break,
            }
        }
        if arguments == [None] { Vec::new() } else { arguments }
    }
}

/// A place in a module.
#[derive(Clone)]
pub(crate) struct Spot {
    pub(crate) code: Rc<Code>,
    /// Counted from one.
    pub(crate) line: u32,
}

/// The project with the texts of its modules.
pub(crate) struct Workbench<'a> {
    pub(crate) project: &'a Project,
    read: ReadText<'a>,
    codes: RefCell<FxHashMap<ModuleId, Option<Rc<Code>>>>,
    /// Modules by their places, see `place_key`.
    places: FxHashMap<String, Vec<ModuleId>>,
}

impl<'a> Workbench<'a> {
    pub(crate) fn new(project: &'a Project, read: ReadText<'a>) -> Self {
        let mut places: FxHashMap<String, Vec<ModuleId>> = FxHashMap::default();
        for module in project.modules() {
            let place = ModulePlace::from_path(&module.path.to_string_lossy());
            places.entry(place_key(&place)).or_default().push(module.id);
        }
        Self { project, read, codes: RefCell::default(), places }
    }

    pub(crate) fn modules_at(&self, place: &ModulePlace) -> &[ModuleId] {
        self.places.get(&place_key(place)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn code(&self, module: ModuleId) -> Option<Rc<Code>> {
        if let Some(known) = self.codes.borrow().get(&module) {
            return known.clone();
        }
        if self.codes.borrow().len() >= MAX_MODULES {
            return None;
        }
        let path = &self.project.module(module)?.path;
        let code = (self.read)(path).map(|text| Rc::new(Code::new(module, path, text)));
        self.codes.borrow_mut().insert(module, code.clone());
        code
    }

    pub(crate) fn scope(&self, module: ModuleId) -> Scope<'a> {
        Scope::new(self.project, module)
    }

    /// Local types of the method around a node, or of the code outside methods.
    pub(crate) fn in_flow<T>(&self, code: &Code, node: NodeId, ask: impl FnOnce(&Flow<'_>) -> T) -> T {
        let read_query = |text: &str| -> Option<Arc<QueryShape>> { Some(Arc::new(query_text_shape(text))) };
        let scope = ModuleScope::new(code.source(), &read_query);
        let tree = &code.tree;
        let around = || tree.enclosing_method(node);
        match Some(node).filter(|node| tree.kind(*node).is_method()).or_else(around) {
            Some(method) => {
                let parameters = self.parameter_shapes(code, method);
                ask(&Flow::of_method(&scope, method, &parameters))
            }
            None => ask(&Flow::of_body(&scope)),
        }
    }

    fn parameter_shapes(&self, code: &Code, method: NodeId) -> Vec<(SmolStr, semantics::Shape)> {
        let start = self.project.module(code.module);
        let name = code.tree.child(method, Role::Name).map(|name| code.tree.range(name).start);
        let index = start.zip(name).and_then(|(module, name)| module.method_at(name));
        index.map_or_else(Vec::new, |index| self.project.parameter_shapes(code.module, index))
    }

    pub(crate) fn type_of(&self, code: &Code, node: NodeId) -> Type {
        let shape = self.in_flow(code, node, |flow| flow.shape_of(node));
        self.scope(code.module).type_of(&shape)
    }

    /// What a call calls.
    pub(crate) fn callee(&self, code: &Code, call: NodeId) -> Option<Definition> {
        let function = code.tree.child(call, Role::Function)?;
        let scope = self.scope(code.module);
        match code.tree.kind(function) {
            NodeKind::Name => scope.resolve_call(code.node_text(function)),
            NodeKind::Member => {
                let object = code.tree.child(function, Role::Object)?;
                let name = code.child_text(function, Role::Property);
                let member = scope.member(&self.type_of(code, object), name).found()?;
                Some(member.definition)
            }
            _ => None,
        }
    }

    /// The node of a method of the project, with its module.
    pub(crate) fn method(&self, module: ModuleId, index: u32) -> Option<(Rc<Code>, NodeId)> {
        let code = self.code(module)?;
        let place = self.project.module(module)?.method(index)?.place();
        let is_it = |method: &NodeId| {
            code.tree
                .child(*method, Role::Name)
                .is_some_and(|name| code.tree.range(name).touches(place.offset))
        };
        let method = code.methods().find(is_it);
        method.map(|method| (Rc::clone(&code), method))
    }
}
