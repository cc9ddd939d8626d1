//! Outline of a module: regions, methods, variables, nested as they stand in the text.

use base::{CancelToken, TextRange};
use rustc_hash::FxHashSet;
use syntax::{Document, NodeId, NodeKind, Role, Token, TokenKind, region_name};

use crate::code::Code;
use crate::directives::{ChainKind, directive_chains};

/// First words of a description that advise against the use of what it describes.
const DEPRECATION_WORDS: [&str; 2] = ["устарела", "deprecate"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Region,
    Procedure,
    Function,
    Variable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// Signature of a method, `Экспорт` and directive of a variable.
    pub detail: Option<String>,
    pub kind: SymbolKind,
    pub is_deprecated: bool,
    pub range: TextRange,
    /// The name, inside `range`.
    pub selection: TextRange,
    pub children: Vec<Symbol>,
}

/// Symbols that no other symbol holds, sorted by position. A region that is not closed has only its line.
pub fn document_symbols(document: &Document, token: &CancelToken) -> Vec<Symbol> {
    let code = Code::new(document);
    let mut symbols = regions(&code);
    for (id, node) in code.tree().nodes() {
        if token.is_cancelled() {
            return Vec::new();
        }
        match node.kind {
            NodeKind::Procedure | NodeKind::Function => symbols.extend(method_symbol(&code, id)),
            NodeKind::Variable => symbols.extend(variable_symbol(&code, id)),
            _ => {}
        }
    }
    symbols.extend(unfinished_methods(&code));
    nest(symbols)
}

fn regions(code: &Code<'_>) -> Vec<Symbol> {
    let tokens = code.tree().tokens();
    let chains = directive_chains(code.tree()).into_iter().filter(|chain| chain.kind == ChainKind::Region);
    chains
        .map(|chain| {
            let line = code.trimmed(&tokens[chain.tokens[0]]);
            let end = chain.tokens.last().map_or(line, |last| code.trimmed(&tokens[*last]));
            let name = region_name(code.text(), line);
            Symbol {
                name: name.map_or(line.slice(code.text()), |name| name.text).to_owned(),
                detail: None,
                kind: SymbolKind::Region,
                is_deprecated: false,
                range: if chain.is_closed { line.cover(end) } else { line },
                selection: name.map_or(line, |name| name.range),
                children: Vec::new(),
            }
        })
        .collect()
}

fn method_symbol(code: &Code<'_>, id: NodeId) -> Option<Symbol> {
    let tree = code.tree();
    let name = tree.child(id, Role::Name)?;
    let kind =
        if tree.kind(id) == NodeKind::Procedure { SymbolKind::Procedure } else { SymbolKind::Function };
    Some(Symbol {
        name: name_of(code, name)?,
        detail: Some(signature(code, id)),
        kind,
        is_deprecated: is_deprecated(code, id),
        range: tree.range(id),
        selection: tree.range(name),
        children: Vec::new(),
    })
}

/// Methods without an end, which are no nodes of the tree: they reach to the next method at most.
fn unfinished_methods(code: &Code<'_>) -> Vec<Symbol> {
    let tree = code.tree();
    let named: FxHashSet<u32> = tree
        .nodes()
        .filter(|(_, node)| node.kind.is_method())
        .filter_map(|(id, _)| Some(tree.range(tree.child(id, Role::Name)?).start))
        .collect();
    let tokens = tree.tokens().iter().enumerate();
    let openings =
        tokens.filter(|(_, token)| matches!(token.kind, TokenKind::Procedure | TokenKind::Function));
    let is_unfinished = |name: &Token| name.kind == TokenKind::Identifier && !named.contains(&name.start);
    openings
        .filter_map(|(index, keyword)| {
            let name = tree.next_code_token(index + 1).filter(|name| is_unfinished(name))?;
            Some(unfinished_method(code, index, *keyword, *name))
        })
        .collect()
}

fn unfinished_method(code: &Code<'_>, index: usize, keyword: Token, name: Token) -> Symbol {
    let rest = &code.tree().tokens()[index + 1..];
    let next = rest.iter().position(|token| is_method_keyword(token.kind)).unwrap_or(rest.len());
    let body: Vec<Token> = rest[..next].iter().filter(|token| !token.kind.is_trivia()).copied().collect();
    let closing = rest.get(next).filter(|token| is_method_end(token.kind));
    let end = closing.or(body.last()).map_or(name.end, |token| token.end);
    let parameters = body.get(1).filter(|token| token.kind == TokenKind::LeftParen);
    let header = body.iter().position(|token| token.kind == TokenKind::RightParen);
    let detail = parameters.and(header).map(|last| tokens_on_one_line(code, &mut body[1..=last].iter()));
    Symbol {
        name: code.source().token_text(&name).to_owned(),
        detail,
        kind: match keyword.kind {
            TokenKind::Procedure => SymbolKind::Procedure,
            _ => SymbolKind::Function,
        },
        is_deprecated: false,
        range: TextRange { start: keyword.start, end },
        selection: name.range(),
        children: Vec::new(),
    }
}

fn is_method_keyword(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Procedure | TokenKind::Function) || is_method_end(kind)
}

fn is_method_end(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::EndProcedure | TokenKind::EndFunction)
}

fn variable_symbol(code: &Code<'_>, id: NodeId) -> Option<Symbol> {
    let tree = code.tree();
    let name = tree.child(id, Role::Name)?;
    let declaration = tree.parent(id)?;
    let mut details = annotations(code, declaration);
    details.extend(
        tree.own_token(id, TokenKind::Export).map(|token| code.source().token_text(token).to_owned()),
    );
    Some(Symbol {
        name: name_of(code, name)?,
        detail: (!details.is_empty()).then(|| details.join(" ")),
        kind: SymbolKind::Variable,
        is_deprecated: is_deprecated(code, declaration),
        range: tree.range(id),
        selection: tree.range(name),
        children: Vec::new(),
    })
}

/// A name that is missing in the text has no symbol.
fn name_of(code: &Code<'_>, name: NodeId) -> Option<String> {
    let text = code.source().node_text(name);
    (!text.is_empty()).then(|| text.to_owned())
}

/// `(Знач А, Б = 1) Экспорт &НаСервере`.
fn signature(code: &Code<'_>, method: NodeId) -> String {
    let tree = code.tree();
    let mut signature = String::from("(");
    if let Some(parameters) = tree.child(method, Role::Parameters) {
        let texts: Vec<String> = tree
            .children(parameters)
            .filter(|id| tree.kind(*id) == NodeKind::Parameter)
            .map(|id| code_on_one_line(code, id))
            .collect();
        signature += &texts.join(", ");
    }
    signature.push(')');
    if let Some(export) = tree.own_token(method, TokenKind::Export) {
        signature.push(' ');
        signature += code.source().token_text(export);
    }
    for annotation in annotations(code, method) {
        signature.push(' ');
        signature += &annotation;
    }
    signature
}

fn annotations(code: &Code<'_>, declaration: NodeId) -> Vec<String> {
    let tree = code.tree();
    // They stand first, so the search need not walk a long declaration.
    let annotations = tree.children(declaration).take_while(|id| tree.kind(*id) == NodeKind::Annotation);
    annotations.map(|id| code_on_one_line(code, id)).collect()
}

/// Code tokens of a declaration with blanks only where they are needed.
fn code_on_one_line(code: &Code<'_>, node: NodeId) -> String {
    tokens_on_one_line(code, &mut code.tree().code_tokens_of(node))
}

fn tokens_on_one_line(code: &Code<'_>, tokens: &mut dyn Iterator<Item = &Token>) -> String {
    let mut line = String::new();
    let mut is_tight = true;
    for token in tokens {
        let is_closing =
            matches!(token.kind, TokenKind::Comma | TokenKind::LeftParen | TokenKind::RightParen);
        if !is_tight && !is_closing {
            line.push(' ');
        }
        line += code.source().token_text(token);
        is_tight = matches!(
            token.kind,
            TokenKind::Ampersand | TokenKind::LeftParen | TokenKind::Minus | TokenKind::Plus
        );
    }
    line
}

fn is_deprecated(code: &Code<'_>, declaration: NodeId) -> bool {
    let comments = code.doc_comments(declaration);
    let mut lines = comments.iter().map(|index| code.token_text(*index).trim_start_matches('/').trim());
    let Some(first) = lines.find(|line| !line.is_empty()) else { return false };
    let word = first.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    DEPRECATION_WORDS.iter().any(|known| base::same_name(known, word))
}

/// Builds the tree from ranges; of two that overlap the later one becomes a sibling.
fn nest(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    symbols.sort_by_key(|symbol| (symbol.range.start, std::cmp::Reverse(symbol.range.end)));
    let mut roots = Vec::new();
    let mut open: Vec<Symbol> = Vec::new();
    let close = |open: &mut Vec<Symbol>, roots: &mut Vec<Symbol>| {
        let Some(symbol) = open.pop() else { return };
        match open.last_mut() {
            Some(parent) => parent.children.push(symbol),
            None => roots.push(symbol),
        }
    };
    for symbol in symbols {
        while open.last().is_some_and(|parent| !parent.range.contains(symbol.range)) {
            close(&mut open, &mut roots);
        }
        open.push(symbol);
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}
