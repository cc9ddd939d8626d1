//! A module cut into what is compared: methods, variables, the rest. Comments, blanks, letter case of names and the
//! language of keywords make no difference.

use base::{TextRange, fold_case};
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind, directive_words, parse_text};

/// A token as it counts for the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    kind: TokenKind,
    /// Empty for keywords and signs.
    text: String,
}

/// A parameter of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    pub name: String,
    pub is_by_value: bool,
    pub default: Option<Vec<Piece>>,
}

/// A procedure or function.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub name: String,
    pub folded: String,
    pub is_function: bool,
    pub is_async: bool,
    pub is_export: bool,
    pub directives: Vec<String>,
    pub annotations: Vec<Vec<Piece>>,
    pub parameters: Vec<Parameter>,
    pub body: Vec<Piece>,
    /// Conditions of `#Если` around the method.
    pub conditions: Vec<String>,
}

/// A variable of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub name: String,
    pub folded: String,
    pub is_export: bool,
}

/// All of a module.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub methods: Vec<Method>,
    pub variables: Vec<Variable>,
    pub body: Vec<Piece>,
}

/// Directives of the context in both languages; equal places are equal directives.
const DIRECTIVES: [[&str; 2]; 5] = [
    ["НаКлиенте", "AtClient"],
    ["НаСервере", "AtServer"],
    ["НаСервереБезКонтекста", "AtServerNoContext"],
    ["НаКлиентеНаСервере", "AtClientAtServer"],
    ["НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext"],
];

/// Words of conditions in both languages.
const CONDITION_WORDS: [[&str; 2]; 7] = [
    ["Если", "If"],
    ["ИначеЕсли", "ElsIf"],
    ["Тогда", "Then"],
    ["И", "And"],
    ["ИЛИ", "Or"],
    ["НЕ", "Not"],
    ["Сервер", "Server"],
];

pub(super) fn parts(text: &str) -> Parts {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let source = Source { text, tree: &tree };
    let conditions = Conditions::new(source);
    let mut parts = Parts::default();
    for child in tree.children(SyntaxTree::ROOT) {
        match tree.kind(child) {
            kind if kind.is_method() => parts.methods.extend(method(source, child, &conditions)),
            NodeKind::VarDeclaration => variables(source, child, &mut parts.variables),
            _ => parts.body.extend(pieces(source, tree.token_span(child))),
        }
    }
    parts
}

fn method(source: Source<'_>, id: NodeId, conditions: &Conditions) -> Option<Method> {
    let tree = source.tree;
    let name = source.node_text(tree.child(id, Role::Name)?).to_owned();
    let (mut directives, mut annotations) = (Vec::new(), Vec::new());
    for annotation in tree.children(id).filter(|child| tree.kind(*child) == NodeKind::Annotation) {
        let text = tree.child(annotation, Role::Name).map(|name| source.node_text(name)).unwrap_or_default();
        match DIRECTIVES.iter().find(|names| names.iter().any(|name| base::same_name(name, text))) {
            Some([russian, _]) => directives.push((*russian).to_owned()),
            None => annotations.push(pieces(source, tree.token_span(annotation))),
        }
    }
    directives.sort();
    let mut body = Vec::new();
    for block in tree.children(id).filter(|child| tree.kind(*child) == NodeKind::Block) {
        body.extend(pieces(source, tree.token_span(block)));
    }
    let start = tree.first_token(id).map_or(0, |token| token.start);
    Some(Method {
        folded: fold_case(&name).into_owned(),
        name,
        is_function: tree.kind(id) == NodeKind::Function,
        is_async: tree.own_token(id, TokenKind::Async).is_some(),
        is_export: tree.own_token(id, TokenKind::Export).is_some(),
        directives,
        annotations,
        parameters: parameters(source, id),
        body,
        conditions: conditions.around(start),
    })
}

fn parameters(source: Source<'_>, method: NodeId) -> Vec<Parameter> {
    let tree = source.tree;
    let Some(list) = tree.child(method, Role::Parameters) else { return Vec::new() };
    let nodes = tree.children(list).filter(|child| tree.kind(*child) == NodeKind::Parameter);
    nodes
        .map(|node| {
            let name = tree.child(node, Role::Name).map(|name| source.node_text(name)).unwrap_or_default();
            let default = tree.child(node, Role::Default);
            Parameter {
                name: fold_case(name).into_owned(),
                is_by_value: tree.own_token(node, TokenKind::Val).is_some(),
                default: default.map(|value| pieces(source, tree.token_span(value))),
            }
        })
        .collect()
}

fn variables(source: Source<'_>, declaration: NodeId, found: &mut Vec<Variable>) {
    let tree = source.tree;
    let nodes = tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable);
    for node in nodes {
        let Some(name) = tree.child(node, Role::Name).map(|name| source.node_text(name)) else { continue };
        let is_export = tree.own_token(node, TokenKind::Export).is_some();
        let folded = fold_case(name).into_owned();
        found.push(Variable { name: name.to_owned(), folded, is_export });
    }
}

/// Code with the conditions of `#Если` inside it; regions and comments do not count.
fn pieces(source: Source<'_>, span: std::ops::Range<usize>) -> Vec<Piece> {
    let tokens = source.tree.tokens().get(span).unwrap_or_default();
    tokens.iter().filter_map(|token| piece(source, token)).collect()
}

fn piece(source: Source<'_>, token: &syntax::Token) -> Option<Piece> {
    let kind = token.kind;
    let text = source.token_text(token);
    let text = match kind {
        TokenKind::Comment | TokenKind::DirectiveRegion | TokenKind::DirectiveEndRegion => return None,
        TokenKind::Identifier => fold_case(text).into_owned(),
        _ if is_condition(kind) => condition(source, token.range()),
        _ if kind.is_keyword() || kind.sign().is_some() => String::new(),
        _ => text.to_owned(),
    };
    Some(Piece { kind, text })
}

fn is_condition(kind: TokenKind) -> bool {
    use TokenKind::{DirectiveElse, DirectiveElsif, DirectiveEndIf, DirectiveIf};
    matches!(kind, DirectiveIf | DirectiveElsif | DirectiveElse | DirectiveEndIf)
}

fn condition(source: Source<'_>, range: TextRange) -> String {
    let words = directive_words(source.text, range);
    let words = words.iter().map(|word| {
        let known =
            CONDITION_WORDS.iter().find(|names| names.iter().any(|it| base::same_name(it, word.text)));
        known.map_or_else(|| fold_case(word.text).into_owned(), |[russian, _]| (*russian).to_owned())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Where which conditions are in force.
struct Conditions {
    /// Offset from which the conditions hold.
    changes: Vec<(u32, Vec<String>)>,
}

impl Conditions {
    fn new(source: Source<'_>) -> Self {
        let mut open: Vec<String> = Vec::new();
        let mut changes = Vec::new();
        for token in source.tree.tokens().iter().filter(|token| is_condition(token.kind)) {
            let text = condition(source, token.range());
            match token.kind {
                TokenKind::DirectiveIf => open.push(text),
                TokenKind::DirectiveEndIf => drop(open.pop()),
                _ => {
                    if let Some(last) = open.last_mut() {
                        *last = format!("{last} | {text}");
                    }
                }
            }
            changes.push((token.start, open.clone()));
        }
        Self { changes }
    }

    fn around(&self, offset: u32) -> Vec<String> {
        let index = self.changes.partition_point(|(start, _)| *start <= offset);
        index
            .checked_sub(1)
            .and_then(|index| self.changes.get(index))
            .map(|it| it.1.clone())
            .unwrap_or_default()
    }
}
