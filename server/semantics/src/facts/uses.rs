//! Uses of names in a section: calls, reads, writes, names behind dots, literals that may be names.

use base::TextRange;
use syntax::{NodeId, NodeKind, QueryLiteral, Role, Source, TokenKind};

use crate::facts::interner::Interner;
use crate::facts::query_uses::object_paths;
use crate::facts::references::{MAX_ARGUMENTS, Origin, ReceiverIndex, ReferenceKind, UnpackedReference};
use crate::facts::scope::LocalNames;
use crate::facts::tracker::PlaceTracker;

/// Longer chains of names count as complex: nothing of the platform is that deep.
const MAX_PATH_NAMES: usize = 6;

/// Longer literals are no names.
const MAX_LITERAL_BYTES: usize = 400;

pub(crate) struct Uses<'a> {
    source: Source<'a>,
    /// Of the code outside methods.
    body: LocalNames,
    /// Of the method at work.
    locals: LocalNames,
    places: PlaceTracker<'a>,
    references: Vec<UnpackedReference>,
    /// Index of the first node behind the method at work; `None` outside methods.
    method_end: Option<NodeId>,
}

impl<'a> Uses<'a> {
    pub(crate) fn new(source: Source<'a>, names: &mut Interner<'a>) -> Self {
        let mut body = LocalNames::default();
        body.enter_body(source, names);
        let places = PlaceTracker::new(source);
        let locals = LocalNames::default();
        Self { source, body, locals, places, references: Vec::new(), method_end: None }
    }

    pub(crate) fn enter_method(&mut self, names: &mut Interner<'a>, method: NodeId) {
        self.locals.enter_method(self.source, names, method);
        self.method_end = Some(self.source.tree.subtree_end(method));
    }

    pub(crate) fn finish(self) -> Vec<UnpackedReference> {
        self.references
    }

    /// A name of the tree, unless it is declared there.
    pub(crate) fn name(&mut self, names: &mut Interner<'a>, id: NodeId) {
        self.leave_method(id);
        let tree = self.source.tree;
        let role = tree.node(id).role;
        if role == Role::Name {
            return;
        }
        let number = names.name(self.source.node_text(id));
        let (receiver, origin) = self.receiver(names, id, number);
        let (kind, arguments, skipped) = self.kind(id);
        let is_own = receiver == ReceiverIndex::None && origin == Origin::Local;
        if is_own && matches!(kind, ReferenceKind::Read | ReferenceKind::Write) {
            return;
        }
        let Some(token) = tree.first_token(id) else { return };
        let place = self.places.place(token.start, token.end, token.line);
        self.references.push(UnpackedReference {
            name: number,
            receiver,
            kind,
            arguments,
            skipped,
            origin,
            place,
        });
    }

    /// A literal that may be a name or a path of names.
    pub(crate) fn literal(&mut self, names: &mut Interner<'a>, id: NodeId) {
        let tree = self.source.tree;
        let [token] = tree.tokens_of(id) else { return };
        let text = self.source.token_text(token);
        let Some(content) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return };
        if token.kind != TokenKind::String || !is_path(content) {
            return;
        }
        let is_annotation =
            tree.parent(id).is_some_and(|parent| tree.kind(parent) == NodeKind::AnnotationArgument);
        let kind = if is_annotation { ReferenceKind::Annotation } else { ReferenceKind::Literal };
        let name = names.name(content);
        let place = self.places.place(token.start + 1, token.end - 1, token.line);
        let (receiver, origin) = (ReceiverIndex::None, Origin::Outside);
        self.references.push(UnpackedReference {
            name,
            receiver,
            kind,
            arguments: 0,
            skipped: 0,
            origin,
            place,
        });
    }

    /// Objects that a query names.
    pub(crate) fn query(&mut self, names: &mut Interner<'a>, query: &QueryLiteral) {
        let source = self.source;
        for path in object_paths(source, query) {
            let text = TextRange { start: path.start, end: path.end }.slice(source.text);
            let place = self.places.place(path.start, path.end, source.tree.line_of(path.start));
            self.references.push(UnpackedReference {
                name: names.name(text),
                receiver: ReceiverIndex::None,
                kind: ReferenceKind::QueryTable,
                arguments: 0,
                skipped: 0,
                origin: Origin::Outside,
                place,
            });
        }
    }

    fn leave_method(&mut self, id: NodeId) {
        if self.method_end.is_some_and(|end| id >= end) {
            self.method_end = None;
        }
    }

    fn origin(&self, name: u32) -> Origin {
        let locals = if self.method_end.is_some() { &self.locals } else { &self.body };
        locals.origin(name)
    }

    fn receiver(&self, names: &mut Interner<'a>, id: NodeId, number: u32) -> (ReceiverIndex, Origin) {
        let tree = self.source.tree;
        match tree.node(id).role {
            Role::Property => {
                let member = tree.parent(id).filter(|parent| tree.kind(*parent) == NodeKind::Member);
                let object = member.and_then(|member| tree.child(member, Role::Object));
                let path = object.and_then(|object| self.path(names, object));
                path.map_or((ReceiverIndex::Complex, Origin::Outside), |(path, origin)| {
                    (ReceiverIndex::Path(path), origin)
                })
            }
            Role::Function | Role::Type => (ReceiverIndex::None, Origin::Outside),
            _ => (ReceiverIndex::None, self.origin(number)),
        }
    }

    /// Number of the path that an expression is, if it is one, and the origin of its first name.
    fn path(&self, names: &mut Interner<'a>, object: NodeId) -> Option<(u32, Origin)> {
        let tree = self.source.tree;
        let mut properties = [0; MAX_PATH_NAMES];
        let mut count = 0;
        let mut current = object;
        while tree.kind(current) == NodeKind::Member {
            let property = tree.child(current, Role::Property)?;
            *properties.get_mut(count)? = names.name(self.source.node_text(property));
            count += 1;
            current = tree.child(current, Role::Object)?;
        }
        if tree.kind(current) != NodeKind::Name {
            return None;
        }
        let head = names.name(self.source.node_text(current));
        let path = properties[..count].iter().rev().fold(head, |path, name| names.path(path, *name));
        Some((path, self.origin(head)))
    }

    fn kind(&self, id: NodeId) -> (ReferenceKind, u8, u32) {
        let tree = self.source.tree;
        let is_property = tree.node(id).role == Role::Property;
        let whole = if is_property { tree.parent(id).unwrap_or(id) } else { id };
        let parent = tree.parent(whole);
        let parent_kind = parent.map(|parent| tree.kind(parent));
        match (tree.node(whole).role, parent, parent_kind) {
            (Role::Function, Some(call), Some(NodeKind::Call)) => {
                let kind = if self.is_statement(call) {
                    ReferenceKind::ProcedureCall
                } else {
                    ReferenceKind::FunctionCall
                };
                let (arguments, skipped) = self.arguments(call);
                (kind, arguments, skipped)
            }
            (Role::Type, Some(new), Some(NodeKind::New)) => {
                let (arguments, skipped) = self.arguments(new);
                (ReferenceKind::New, arguments, skipped)
            }
            (Role::Left, _, Some(NodeKind::Assignment)) | (Role::Variable, ..) => {
                (ReferenceKind::Write, 0, 0)
            }
            _ => (ReferenceKind::Read, 0, 0),
        }
    }

    fn is_statement(&self, call: NodeId) -> bool {
        let tree = self.source.tree;
        let mut around = tree.ancestors(call).map(|node| tree.kind(node));
        let kind = around.find(|kind| *kind != NodeKind::Await);
        kind == Some(NodeKind::ExpressionStatement)
    }

    /// Number of arguments, and bits of those that are left out.
    fn arguments(&self, call: NodeId) -> (u8, u32) {
        let tree = self.source.tree;
        let Some(list) = tree.child(call, Role::Arguments) else { return (0, 0) };
        let commas = tree.own_tokens(list).filter(|token| token.kind == TokenKind::Comma);
        let starts: Vec<u32> = commas.map(|comma| comma.start).collect();
        let mut skipped = 0_u32;
        let mut values = tree.children(list).map(|value| tree.range(value).start).peekable();
        for (index, end) in starts.iter().copied().chain([u32::MAX]).enumerate() {
            let is_given = values.next_if(|start| *start < end).is_some();
            while values.next_if(|start| *start < end).is_some() {}
            if !is_given && index < 32 {
                skipped |= 1 << index;
            }
        }
        if starts.is_empty() && skipped == 1 {
            return (0, 0);
        }
        (u8::try_from(starts.len() + 1).unwrap_or(MAX_ARGUMENTS).min(MAX_ARGUMENTS), skipped)
    }
}

fn is_path(content: &str) -> bool {
    if content.len() > MAX_LITERAL_BYTES {
        return false;
    }
    let mut is_start = true;
    for letter in content.chars() {
        if is_start {
            if !(letter.is_alphabetic() || letter == '_') {
                return false;
            }
            is_start = false;
        } else if letter == '.' {
            is_start = true;
        } else if !(letter.is_alphanumeric() || letter == '_') {
            return false;
        }
    }
    !is_start
}
