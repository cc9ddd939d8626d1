//! What the module stage needs to know about a section. Facts hold names and places, never trees, so an
//! edit in one method leaves the facts of all others as they are.

use std::cell::OnceCell;

use base::TextRange;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, Token, TokenKind};

use crate::control_flow::{Increment, IteratorFact, UnusedIterators, find_increments};
use crate::form_event_calls::{EventCall, event_calls};
use crate::local_variables::{declaration_removal, unassigned_by_reference};
use crate::regions::Regions;
use crate::role_events::{RoleEvents, role_events};
use crate::self_access::{SelfAccess, SelfAccesses};
use crate::statements::is_instruction;
use crate::suppression::{SuppressionMark, suppression_marks};

/// Facts of one section; offsets are relative to its start, names are in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct SectionFacts {
    pub methods: Vec<MethodFact>,
    pub variables: Vec<VariableFact>,
    pub directives: Vec<DirectiveFact>,
    pub marks: Vec<SuppressionMark>,
    /// Names used as the head of an expression or a call, or of what an assignment changes.
    pub used_names: FxHashSet<SmolStr>,
    /// Names that are assigned to, by a loop too.
    pub assigned_names: FxHashSet<SmolStr>,
    /// Contents of literals that look like one name: handlers are passed like this.
    pub names_in_literals: FxHashSet<SmolStr>,
    /// Declarations of variables of the module.
    pub declarations: Vec<DeclarationFact>,
    /// Statements outside methods.
    pub statements: Vec<StatementFact>,
    /// Lines end with CR LF.
    pub has_crlf: bool,
    /// String literals, adjacent ones together.
    pub strings: Vec<TextRange>,
    /// Length of the text.
    pub length: u32,
    /// Places outside methods that add to the complexity of the module.
    pub outside_increments: Vec<Increment>,
    /// First code token outside methods, declarations of variables left out.
    pub first_outside_token: Option<TextRange>,
    /// Variables of for-each loops that the body does not use.
    pub unused_iterators: Vec<IteratorFact>,
    /// The first token, comments included; of a directive only its sign.
    pub first_token: Option<TextRange>,
    /// Calls in handlers of forms that run very often.
    pub event_calls: Vec<EventCall>,
    /// What the code says about roles and privileged mode.
    pub role_events: RoleEvents,
    /// Uses of `ЭтотОбъект` that only lengthen the code.
    pub self_accesses: Vec<SelfAccess>,
}

#[derive(Clone, Debug)]
pub(crate) struct MethodFact {
    pub name: SmolStr,
    pub name_range: TextRange,
    /// From the first annotation to the closing keyword.
    pub range: TextRange,
    pub first_token: TextRange,
    pub is_function: bool,
    pub is_export: bool,
    pub has_error: bool,
    /// Names of annotations and compilation directives.
    pub annotations: Vec<SmolStr>,
    /// Where the list of parameters ends.
    pub parameters_end: Option<u32>,
    /// Names of parameters as written.
    pub parameters: Vec<SmolStr>,
    /// Of a method that the client may call on the server: names of the parameters by reference that it never assigns.
    pub unchanged_parameters: Vec<TextRange>,
    /// Comments stand right above it.
    pub has_description: bool,
}

/// A variable of the module.
#[derive(Clone, Debug)]
pub(crate) struct VariableFact {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub is_export: bool,
    /// What to delete to get rid of a variable that is not exported.
    pub removal: Option<TextRange>,
}

/// One `Перем ...;` of the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeclarationFact {
    /// With annotations, `;` and the directive lines that separate it from the declaration before.
    pub range: TextRange,
    /// The first annotation; without one, the names.
    pub anchor: TextRange,
}

/// A statement outside methods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatementFact {
    pub kind: NodeKind,
    /// With `;`.
    pub range: TextRange,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DirectiveFact {
    pub kind: TokenKind,
    pub range: TextRange,
    /// Name of a region.
    pub name_range: TextRange,
}

/// Facts of all sections with their places in the module.
pub(crate) struct ModuleFacts<'a> {
    pub sections: Vec<(u32, &'a SectionFacts)>,
    /// Reads a piece of the module's text.
    pub text: &'a dyn Fn(TextRange) -> String,
    regions: OnceCell<Regions>,
}

impl<'a> ModuleFacts<'a> {
    pub(crate) fn new(sections: Vec<(u32, &'a SectionFacts)>, text: &'a dyn Fn(TextRange) -> String) -> Self {
        Self { sections, text, regions: OnceCell::new() }
    }

    /// Lines of the module end with CR LF.
    pub fn has_crlf(&self) -> bool {
        self.sections.first().is_some_and(|(_, facts)| facts.has_crlf)
    }

    /// Regions of the module; paired once for all rules.
    pub fn regions(&self) -> &Regions {
        self.regions.get_or_init(|| Regions::new(self))
    }

    /// Declarations of variables, ranges in the module.
    pub fn declarations(&self) -> impl Iterator<Item = DeclarationFact> {
        self.sections.iter().flat_map(|(offset, facts)| {
            facts.declarations.iter().map(move |fact| DeclarationFact {
                range: fact.range.shifted(*offset),
                anchor: fact.anchor.shifted(*offset),
            })
        })
    }

    /// Statements outside methods, ranges in the module.
    pub fn statements(&self) -> impl Iterator<Item = StatementFact> {
        self.sections.iter().flat_map(|(offset, facts)| {
            let shifted = |fact: &StatementFact| fact.range.shifted(*offset);
            facts.statements.iter().map(move |fact| StatementFact { kind: fact.kind, range: shifted(fact) })
        })
    }

    /// All methods with the offset of their section.
    pub fn methods(&self) -> impl Iterator<Item = (u32, &'a MethodFact)> {
        self.sections.iter().flat_map(|(offset, facts)| facts.methods.iter().map(move |fact| (*offset, fact)))
    }

    pub fn variables(&self) -> impl Iterator<Item = (u32, &'a VariableFact)> {
        self.sections
            .iter()
            .flat_map(|(offset, facts)| facts.variables.iter().map(move |fact| (*offset, fact)))
    }

    /// The place of findings about the module as a whole: its first token, comments included.
    pub fn anchor(&self) -> Option<TextRange> {
        let mut sections = self.sections.iter();
        sections.find_map(|(offset, facts)| facts.first_token.map(|token| token.shifted(*offset)))
    }

    /// The first token of the code outside methods. Code before the first method that is empty has its
    /// place where the method starts.
    pub fn first_outside_token(&self) -> Option<TextRange> {
        let mut sections = self.sections.iter();
        let code = sections
            .find_map(|(offset, facts)| facts.first_outside_token.map(|token| token.shifted(*offset)));
        let method = self.methods().next().map(|(offset, method)| method.first_token.shifted(offset));
        match (code, method) {
            (Some(code), Some(method)) => Some(code.min(method)),
            (code, method) => method.or(code),
        }
    }

    /// All directives, ranges in the module.
    pub fn directives(&self) -> impl Iterator<Item = DirectiveFact> {
        self.sections.iter().flat_map(|(offset, facts)| {
            facts.directives.iter().map(move |fact| DirectiveFact {
                kind: fact.kind,
                range: fact.range.shifted(*offset),
                name_range: fact.name_range.shifted(*offset),
            })
        })
    }

    pub fn unused_iterators(&self) -> impl Iterator<Item = (u32, &'a IteratorFact)> {
        self.sections
            .iter()
            .flat_map(|(offset, facts)| facts.unused_iterators.iter().map(move |fact| (*offset, fact)))
    }
}

/// Collects the facts of a section.
pub(crate) fn collect(source: Source<'_>, facts: &mut SectionFacts) {
    let tree = source.tree;
    facts.marks = suppression_marks(source);
    facts.has_crlf = source.text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    facts.length = source.text.len() as u32;
    facts.first_token = tree.tokens().first().map(anchor_token);
    for token in tree.tokens() {
        match token.kind {
            kind if kind.is_directive() => facts.directives.push(directive(source, kind, token.range())),
            TokenKind::String => {
                if let Some(name) = name_in_literal(source.token_text(token)) {
                    facts.names_in_literals.insert(name);
                }
            }
            _ => {}
        }
    }
    let mut iterators = UnusedIterators::default();
    let mut self_accesses = SelfAccesses::default();
    for (id, node) in tree.nodes() {
        iterators.visit(source, id);
        self_accesses.visit(source, id);
        match node.kind {
            NodeKind::Procedure | NodeKind::Function => {
                let method = method(source, id);
                facts.event_calls.extend(event_calls(source, id, &method.name));
                facts.methods.push(method);
            }
            NodeKind::Name if is_assigned(tree, id) => {
                facts.assigned_names.insert(folded(source.node_text(id)));
            }
            NodeKind::Name if is_use(tree, id) => {
                facts.used_names.insert(folded(source.node_text(id)));
            }
            NodeKind::String if !node.has_error => facts.strings.push(tree.range(id)),
            kind if kind.is_statement() && tree.parent(id) == Some(SyntaxTree::ROOT) => {
                if kind == NodeKind::VarDeclaration {
                    facts.variables.extend(variables(source, id));
                    facts.declarations.push(declaration(source, id, facts.declarations.last()));
                } else {
                    outside_statement(source, id, facts);
                }
            }
            _ => {}
        }
    }
    facts.unused_iterators = iterators.finish();
    facts.role_events = role_events(source);
    facts.self_accesses = self_accesses.finish(source, &facts.assigned_names);
}

/// Findings about the whole module mark the sign of a directive alone: its words may say something else.
fn anchor_token(token: &Token) -> TextRange {
    match token.kind {
        kind if is_instruction(kind) => TextRange { start: token.start, end: token.start + 1 },
        _ => token.range(),
    }
}

fn outside_statement(source: Source<'_>, id: NodeId, facts: &mut SectionFacts) {
    let tree = source.tree;
    facts.statements.push(StatementFact { kind: tree.kind(id), range: tree.statement_range(id) });
    if facts.first_outside_token.is_none() {
        facts.first_outside_token = tree.first_token(id).map(|token| token.range());
    }
    find_increments(source, tree.token_span(id), "", |increment| facts.outside_increments.push(increment));
}

pub(crate) fn folded(name: &str) -> SmolStr {
    SmolStr::new(base::fold_case(name))
}

fn directive(source: Source<'_>, kind: TokenKind, range: TextRange) -> DirectiveFact {
    let name =
        (kind == TokenKind::DirectiveRegion).then(|| syntax::region_name(source.text, range)).flatten();
    DirectiveFact { kind, range, name_range: name.map_or(TextRange::empty(range.end), |word| word.range) }
}

/// The name alone is the left side of an assignment, or a loop sets it.
pub(crate) fn is_assigned(tree: &SyntaxTree, id: NodeId) -> bool {
    match tree.node(id).role {
        Role::Variable => true,
        Role::Left => tree.parent(id).is_some_and(|parent| tree.kind(parent) == NodeKind::Assignment),
        _ => false,
    }
}

/// Names that are declared or stand after a dot are no uses.
fn is_use(tree: &SyntaxTree, id: NodeId) -> bool {
    !matches!(tree.node(id).role, Role::Name | Role::Property | Role::Type | Role::Variable)
}

fn name_in_literal(literal: &str) -> Option<SmolStr> {
    let content = literal.strip_prefix('"')?.strip_suffix('"')?;
    let is_name = content.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && content.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_name.then(|| folded(content))
}

fn method(source: Source<'_>, id: NodeId) -> MethodFact {
    let tree = source.tree;
    let name = tree.child(id, Role::Name);
    let annotations = tree.children(id).filter(|child| tree.kind(*child) == NodeKind::Annotation);
    let annotations: Vec<SmolStr> = annotations
        .filter_map(|annotation| tree.child(annotation, Role::Name))
        .map(|name| folded(source.node_text(name)))
        .collect();
    let is_on_server = is_on_server(&annotations);
    MethodFact {
        name: name.map_or_else(SmolStr::default, |name| folded(source.node_text(name))),
        name_range: name.map_or_else(|| tree.range(id), |name| tree.range(name)),
        range: tree.range(id),
        first_token: tree.first_token(id).map_or_else(|| tree.range(id), |token| token.range()),
        is_function: tree.kind(id) == NodeKind::Function,
        is_export: tree.own_token(id, TokenKind::Export).is_some(),
        has_error: tree.node(id).has_error,
        annotations,
        parameters_end: tree.child(id, Role::Parameters).map(|list| tree.range(list).end),
        parameters: parameters(source, id),
        unchanged_parameters: if is_on_server { unassigned_by_reference(source, id) } else { Vec::new() },
        has_description: has_description(source, id),
    }
}

/// Of several directives the first counts; the server without context wins, and code for both sides does, too.
fn is_on_server(annotations: &[SmolStr]) -> bool {
    let is = |wanted: &[&str]| annotations.iter().any(|name| wanted.contains(&name.as_str()));
    let is_directive = |name: &&SmolStr| name.starts_with("на") || name.starts_with("at");
    let first = annotations.iter().find(is_directive);
    is(&["насерверебезконтекста", "atservernocontext"])
        || (first.is_some_and(|name| name == "насервере" || name == "atserver")
            && !is(&["наклиентенасервере", "atclientatserver"]))
}

fn parameters(source: Source<'_>, method: NodeId) -> Vec<SmolStr> {
    let tree = source.tree;
    let Some(list) = tree.child(method, Role::Parameters) else { return Vec::new() };
    let names = tree.children(list).filter_map(|parameter| tree.child(parameter, Role::Name));
    names.map(|name| SmolStr::new(source.node_text(name))).collect()
}

/// Comments above the keyword count, and those above the first annotation.
fn has_description(source: Source<'_>, method: NodeId) -> bool {
    let tree = source.tree;
    let is_start = |kind| matches!(kind, TokenKind::Async | TokenKind::Procedure | TokenKind::Function);
    let span = tree.token_span(method);
    let keyword = span.clone().find(|index| is_start(tree.tokens()[*index].kind));
    [keyword, Some(span.start)].into_iter().flatten().any(|index| !source.leading_comments(index).is_empty())
}

/// Directive lines between two declarations belong to the later one.
fn declaration(source: Source<'_>, id: NodeId, previous: Option<&DeclarationFact>) -> DeclarationFact {
    let tree = source.tree;
    let before = &tree.tokens()[..tree.token_span(id).start];
    let own = before.iter().rev().take_while(|token| token.kind.is_trivia());
    let directive = own.filter(|token| is_instruction(token.kind)).last().map(|token| token.range());
    let range = tree.statement_range(id);
    let first = tree.children(id).next().map_or(range, |child| tree.range(child));
    let is_annotation =
        tree.children(id).next().is_some_and(|child| tree.kind(child) == NodeKind::Annotation);
    DeclarationFact {
        range: directive.filter(|_| previous.is_some()).map_or(range, |directive| directive.cover(range)),
        anchor: if is_annotation { first } else { first.cover(tree.range(id)) },
    }
}

fn variables<'a>(source: Source<'a>, declaration: NodeId) -> impl Iterator<Item = VariableFact> + 'a {
    let tree = source.tree;
    tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable).filter_map(
        move |variable| {
            let name = tree.child(variable, Role::Name)?;
            let is_export = tree.own_token(variable, TokenKind::Export).is_some();
            Some(VariableFact {
                name: folded(source.node_text(name)),
                name_range: tree.range(name),
                is_export,
                removal: (!is_export).then(|| declaration_removal(source, variable)).flatten(),
            })
        },
    )
}
