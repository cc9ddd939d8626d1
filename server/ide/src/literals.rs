//! Names in literals: handlers of notifications, full names of objects and forms, names of types and modules.

use base::TextRange;
use metadata::{FullName, MetaType, ObjectAspect, ObjectKind};
use semantics::{Definition, Type};
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::meaning::Section;

/// What a literal names.
pub(crate) struct NamedByLiteral {
    /// Of the name, in the document.
    pub(crate) range: TextRange,
    pub(crate) definition: Definition,
}

/// A literal as an argument of a call, a constructor or an annotation.
struct Argument<'a> {
    callee: &'a str,
    is_new: bool,
    /// What stands before the dot.
    receiver: Option<NodeId>,
    index: usize,
    /// All arguments with their places.
    others: Vec<(usize, NodeId)>,
}

/// Annotations of methods that an extension puts around those of its base.
const HOOKS: [(&str, &str); 4] = [
    ("Вместо", "Around"),
    ("Перед", "Before"),
    ("После", "After"),
    ("ИзменениеИКонтроль", "ChangeAndValidate"),
];

/// Longer words in literals are no names.
const MAX_WORD: usize = 300;

pub(crate) fn is_hook(annotation: &str) -> bool {
    HOOKS.iter().any(|names| is(annotation, *names))
}

fn is(name: &str, (ru, en): (&str, &str)) -> bool {
    base::same_name(name, ru) || base::same_name(name, en)
}

impl Section<'_> {
    /// What the word of a literal at an offset names.
    pub(crate) fn named_by_literal(&self, offset: u32) -> Option<NamedByLiteral> {
        let tree = self.source().tree;
        let inside = offset.checked_sub(self.start())?;
        let index = tree.token_at(inside)?;
        let candidates = [Some(index), index.checked_sub(1)];
        let token = candidates.into_iter().flatten().find(|index| {
            let token = &tree.tokens()[*index];
            token.kind.is_string() && token.range().touches(inside)
        })?;
        let word = self.word_of_literal(token, inside)?;
        let name = self.source().slice(word);
        let definition = match self.argument_of(tree.node_of_token(token)) {
            Some(argument) => self.named_by_argument(&argument, name),
            None => self.named_by_path(name),
        }?;
        Some(NamedByLiteral { range: self.in_document(word), definition })
    }

    /// Letters, digits and dots around an offset.
    fn word_of_literal(&self, token: usize, offset: u32) -> Option<TextRange> {
        let range = self.source().tree.tokens()[token].range();
        let text = self.source().slice(range);
        let at = (offset - range.start) as usize;
        let (before, after) = (text.get(..at)?, text.get(at..)?);
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let start = before
            .rfind(|letter| !is_part(letter))
            .map_or(0, |end| end + before[end..].chars().next().map_or(1, char::len_utf8));
        let end = after.find(|letter| !is_part(letter)).unwrap_or(after.len());
        let word = text.get(start..at + end)?;
        let is_name = !word.is_empty() && word.len() <= MAX_WORD;
        is_name.then(|| TextRange::from(start..at + end).shifted(range.start))
    }

    fn argument_of(&self, literal: NodeId) -> Option<Argument<'_>> {
        let source = self.source();
        let tree = source.tree;
        let list = tree.parent(literal)?;
        if tree.kind(list) == NodeKind::AnnotationArgument {
            let annotation = tree.ancestors(list).find(|node| tree.kind(*node) == NodeKind::Annotation)?;
            let callee = source.node_text(tree.child(annotation, Role::Name)?);
            return Some(Argument { callee, is_new: false, receiver: None, index: 0, others: Vec::new() });
        }
        if tree.kind(list) != NodeKind::Arguments {
            return None;
        }
        let call = tree.parent(list)?;
        let is_new = tree.kind(call) == NodeKind::New;
        let function = tree.child(call, if is_new { Role::Type } else { Role::Function });
        let (name, receiver) = match function {
            Some(function) if tree.kind(function) == NodeKind::Member => {
                (tree.child(function, Role::Property), tree.child(function, Role::Object))
            }
            name => (name, None),
        };
        let callee = name.map_or("", |name| source.node_text(name));
        let others = placed_arguments(tree, list);
        let index = others.iter().find(|(_, node)| *node == literal)?.0;
        Some(Argument { callee, is_new, receiver, index, others })
    }

    fn named_by_argument(&self, argument: &Argument<'_>, name: &str) -> Option<Definition> {
        let called = |ru, en| is(argument.callee, (ru, en));
        let at = |index| argument.others.iter().find(|(place, _)| *place == index).map(|(_, node)| *node);
        if argument.is_new {
            let is_notification = called("ОписаниеОповещения", "NotifyDescription")
                || called("ОписаниеОповещения", "CallbackDescription");
            return match argument.index {
                0 if is_notification => self.handler(name, at(1)),
                3 if is_notification => self.handler(name, at(4)),
                _ => self.named_by_path(name),
            };
        }
        if is_hook(argument.callee) {
            return self.base_method(name);
        }
        let is_timer = called("ПодключитьОбработчикОжидания", "AttachIdleHandler")
            || called("ОтключитьОбработчикОжидания", "DetachIdleHandler");
        if is_timer && argument.index == 0 {
            return self.handler(name, argument.receiver);
        }
        if called("УстановитьДействие", "SetAction") && argument.index == 1 {
            return self.own_method(name);
        }
        let is_module = called("ОбщийМодуль", "CommonModule");
        if is_module && argument.index == 0 && !name.contains('.') {
            return self.of.scope().resolve_name(name).filter(|it| matches!(it, Definition::Module(_)));
        }
        if called("ПолучитьОбщуюФорму", "GetCommonForm") && argument.index == 0 {
            return self.form_of(self.find_object(ObjectKind::CommonForm, name)?, name);
        }
        self.named_by_path(name)
    }

    /// A method of the module or of what it extends.
    pub(crate) fn own_method(&self, name: &str) -> Option<Definition> {
        self.of.project.module_chain(self.of.module).find_map(|module| {
            let index = module.find_method(name)?;
            Some(Definition::Method { module: module.id, index })
        })
    }

    /// The method that a method of an extension hooks.
    pub(crate) fn base_method(&self, name: &str) -> Option<Definition> {
        let module = self.of.project.base_module(self.of.module)?;
        let index = self.of.project.module(module)?.find_method(name)?;
        Some(Definition::Method { module, index })
    }

    /// A procedure of the module that an expression holds; without expression, of the own one.
    fn handler(&self, name: &str, holder: Option<NodeId>) -> Option<Definition> {
        let is_own = |node: &NodeId| {
            let text = self.source().node_text(*node);
            is(text, ("ЭтотОбъект", "ThisObject")) || is(text, ("ЭтаФорма", "ThisForm"))
        };
        let Some(holder) = holder.filter(|holder| !is_own(holder)) else { return self.own_method(name) };
        let member = self.of.scope().member(&self.type_of(holder), name).found()?;
        matches!(member.definition, Definition::Method { .. }).then_some(member.definition)
    }

    fn find_object(&self, kind: ObjectKind, name: &str) -> Option<semantics::ObjectId> {
        self.of.project.find_object(self.of.project.visible_root(self.of.module), kind, name)
    }

    fn form_of(&self, object: semantics::ObjectId, name: &str) -> Option<Definition> {
        let mut parts = self.of.project.object_chain(object);
        parts.find_map(|(object, _)| self.of.project.find_form(object, name)).map(Definition::Form)
    }

    /// `Справочник.Товары`, `Справочник.Товары.Форма.ФормаСписка`, `СправочникСсылка.Товары`, `Модуль.Метод`.
    pub(crate) fn named_by_path(&self, path: &str) -> Option<Definition> {
        let path = path.trim_matches('.');
        if !path.contains('.') {
            return None;
        }
        if let Some(name) = FullName::parse(path) {
            return self.named_by_full_name(&name);
        }
        if let Some(MetaType::Object { kind, name, .. }) = MetaType::from_generated_name(path) {
            let object = name.split('.').next().unwrap_or_default();
            return self.find_object(kind, object).map(Definition::Object);
        }
        let parts: Vec<&str> = path.split('.').collect();
        let found = self.of.scope().resolve_path(&parts, true)?;
        matches!(found, Definition::Method { .. } | Definition::Object(_)).then_some(found)
    }

    fn named_by_full_name(&self, name: &FullName) -> Option<Definition> {
        let object = self.find_object(name.kind, &name.name)?;
        if name.kind == ObjectKind::CommonForm {
            return self.form_of(object, &name.name).or(Some(Definition::Object(object)));
        }
        if name.kind == ObjectKind::CommonModule {
            let root = self.of.project.visible_root(self.of.module);
            let module = self.of.project.common_module(root, &name.name);
            return Some(module.map_or(Definition::Object(object), Definition::Module));
        }
        let (word, rest) = name.rest.split_once('.').unwrap_or((&name.rest, ""));
        if is(word, ("Форма", "Form")) && !rest.is_empty() {
            return self.form_of(object, rest).or(Some(Definition::Object(object)));
        }
        // An attribute stands behind its list in full names and alone in queries; values stand alone.
        let part = rest.split('.').next().filter(|part| !part.is_empty()).unwrap_or(word);
        let aspects = [ObjectAspect::Manager, ObjectAspect::Ref, ObjectAspect::Record];
        let member = aspects.into_iter().find_map(|aspect| {
            let member = self.of.scope().member(&Type::Object { object, aspect }, part).found()?;
            is_part_of_object(&member.definition).then_some(member.definition)
        });
        member.or(Some(Definition::Object(object)))
    }
}

fn is_part_of_object(definition: &Definition) -> bool {
    matches!(
        definition,
        Definition::EnumValue { .. }
            | Definition::Predefined { .. }
            | Definition::Attribute(_)
            | Definition::StandardAttribute { .. }
            | Definition::Section { .. }
    )
}

/// Arguments that are not left out, with their places in the list.
pub(crate) fn placed_arguments(tree: &SyntaxTree, list: NodeId) -> Vec<(usize, NodeId)> {
    let mut at = tree.token_span(list).start;
    let mut place = 0;
    let children = tree.children(list).map(|child| {
        let span = tree.token_span(child);
        let between = tree.tokens().get(at..span.start).unwrap_or_default();
        place += between.iter().filter(|token| token.kind == TokenKind::Comma).count();
        at = span.end;
        (place, child)
    });
    children.collect()
}
