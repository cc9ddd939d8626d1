//! What the module stage needs to know about a section. Facts hold names and places, never trees, so an
//! edit in one method leaves the facts of all others as they are.

use base::TextRange;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::suppression::{SuppressionMark, suppression_marks};

/// Facts of one section; offsets are relative to its start, names are in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct SectionFacts {
    pub methods: Vec<MethodFact>,
    pub variables: Vec<VariableFact>,
    pub directives: Vec<DirectiveFact>,
    pub marks: Vec<SuppressionMark>,
    /// Names used as the head of an expression, a call or an assignment.
    pub used_names: FxHashSet<SmolStr>,
    /// Contents of literals that look like one name: handlers are passed like this.
    pub names_in_literals: FxHashSet<SmolStr>,
    /// Statements outside methods.
    pub statements: Vec<TextRange>,
    /// Start of the first token.
    pub first_token: Option<TextRange>,
}

#[derive(Clone, Debug)]
pub(crate) struct MethodFact {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub range: TextRange,
    pub is_function: bool,
    pub is_export: bool,
    pub has_error: bool,
    /// Names of annotations and compilation directives.
    pub annotations: Vec<SmolStr>,
}

/// A variable of the module.
#[derive(Clone, Debug)]
pub(crate) struct VariableFact {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub is_export: bool,
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
}

impl<'a> ModuleFacts<'a> {
    /// All methods with the offset of their section.
    pub fn methods(&self) -> impl Iterator<Item = (u32, &'a MethodFact)> {
        self.sections.iter().flat_map(|(offset, facts)| facts.methods.iter().map(move |fact| (*offset, fact)))
    }

    pub fn variables(&self) -> impl Iterator<Item = (u32, &'a VariableFact)> {
        self.sections
            .iter()
            .flat_map(|(offset, facts)| facts.variables.iter().map(move |fact| (*offset, fact)))
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

    /// A name in lower case is used somewhere in the module.
    pub fn is_used(&self, name: &str) -> bool {
        self.sections.iter().any(|(_, facts)| facts.used_names.contains(name))
    }

    pub fn is_in_literal(&self, name: &str) -> bool {
        self.sections.iter().any(|(_, facts)| facts.names_in_literals.contains(name))
    }
}

/// Collects the facts of a section.
pub(crate) fn collect(source: Source<'_>, facts: &mut SectionFacts) {
    let tree = source.tree;
    facts.marks = suppression_marks(source);
    facts.first_token = tree.tokens().first().map(|token| token.range());
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
    for (id, node) in tree.nodes() {
        match node.kind {
            NodeKind::Procedure | NodeKind::Function => facts.methods.push(method(source, id)),
            NodeKind::Name if is_use(tree, id) => {
                facts.used_names.insert(folded(source.node_text(id)));
            }
            kind if kind.is_statement() && tree.parent(id) == Some(SyntaxTree::ROOT) => {
                if kind == NodeKind::VarDeclaration {
                    facts.variables.extend(variables(source, id));
                } else {
                    facts.statements.push(tree.statement_range(id));
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn folded(name: &str) -> SmolStr {
    SmolStr::new(base::fold_case(name))
}

fn directive(source: Source<'_>, kind: TokenKind, range: TextRange) -> DirectiveFact {
    let name =
        (kind == TokenKind::DirectiveRegion).then(|| syntax::region_name(source.text, range)).flatten();
    DirectiveFact { kind, range, name_range: name.map_or(TextRange::empty(range.end), |word| word.range) }
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
    MethodFact {
        name: name.map_or_else(SmolStr::default, |name| folded(source.node_text(name))),
        name_range: name.map_or_else(|| tree.range(id), |name| tree.range(name)),
        range: tree.range(id),
        is_function: tree.kind(id) == NodeKind::Function,
        is_export: tree.own_token(id, TokenKind::Export).is_some(),
        has_error: tree.node(id).has_error,
        annotations: annotations
            .filter_map(|annotation| tree.child(annotation, Role::Name))
            .map(|name| folded(source.node_text(name)))
            .collect(),
    }
}

fn variables<'a>(source: Source<'a>, declaration: NodeId) -> impl Iterator<Item = VariableFact> + 'a {
    let tree = source.tree;
    tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable).filter_map(
        move |variable| {
            let name = tree.child(variable, Role::Name)?;
            Some(VariableFact {
                name: folded(source.node_text(name)),
                name_range: tree.range(name),
                is_export: tree.own_token(variable, TokenKind::Export).is_some(),
            })
        },
    )
}
