//! Colours by meaning.

use std::collections::VecDeque;

use base::{CancelToken, TextRange, fold_case};
use rustc_hash::FxHashSet;
use syntax::{Document, NodeId, QueryLiteral, Source, Token, TokenKind, find_queries, region_name};

use crate::code::Code;
use crate::names::{NameRole, NameUse, name_uses, own_methods};
use crate::query_colors::query_colors;

/// Kinds in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SemanticTokenKind {
    Keyword,
    Comment,
    String,
    Number,
    Operator,
    Function,
    Method,
    Parameter,
    Variable,
    Property,
    Class,
    Decorator,
    Macro,
    Namespace,
    Label,
}

impl SemanticTokenKind {
    pub const ALL: [Self; 15] = [
        Self::Keyword,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Operator,
        Self::Function,
        Self::Method,
        Self::Parameter,
        Self::Variable,
        Self::Property,
        Self::Class,
        Self::Decorator,
        Self::Macro,
        Self::Namespace,
        Self::Label,
    ];
}

/// Bit set of modifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SemanticTokenModifiers(pub u32);

impl SemanticTokenModifiers {
    pub const NONE: Self = Self(0);
    pub const DECLARATION: Self = Self(1);
    pub const DOCUMENTATION: Self = Self(2);
    pub const DEFAULT_LIBRARY: Self = Self(4);
    /// Names of the bits, lowest first.
    pub const NAMES: [&'static str; 3] = ["declaration", "documentation", "defaultLibrary"];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Never spans lines.
    pub range: TextRange,
    pub kind: SemanticTokenKind,
    pub modifiers: SemanticTokenModifiers,
}

/// Tokens sorted by position, of the whole module or of those lines that `range` touches.
pub fn semantic_tokens(
    document: &Document,
    range: Option<TextRange>,
    token: &CancelToken,
) -> Vec<SemanticToken> {
    let code = Code::new(document);
    let Some(meanings) = Meanings::new(&code, token) else { return Vec::new() };
    let tree = code.tree();
    let lines = range.map_or(0..=u32::MAX, |range| tree.line_of(range.start)..=tree.line_of(range.end));
    let mut painter = Painter { code: &code, found: Vec::new() };
    let mut queries = QueryPainter::new(code.source());
    for (index, current) in tree.tokens().iter().enumerate() {
        if token.is_cancelled() {
            return Vec::new();
        }
        if current.line > *lines.end() {
            break;
        }
        let is_shown = current.line >= *lines.start() || current.kind == TokenKind::DirectiveDelete;
        if is_shown && !queries.paint(current, &mut painter.found) {
            painter.paint(current, meanings.names[index], meanings.is_documentation[index]);
        }
    }
    // A deleted block may start before the first line and end behind the last.
    painter.found.retain(|found| range.is_none() || lines.contains(&tree.line_of(found.range.start)));
    painter.found
}

type Meaning = (SemanticTokenKind, SemanticTokenModifiers);

/// What names and comments mean, by the index of their token.
struct Meanings {
    names: Vec<Option<Meaning>>,
    is_documentation: Vec<bool>,
}

impl Meanings {
    /// `None` if nobody waits for the answer any more.
    fn new(code: &Code<'_>, token: &CancelToken) -> Option<Self> {
        let uses = name_uses(code);
        let own_methods = own_methods(code, &uses);
        let mut names = vec![None; code.tree().tokens().len()];
        let mut parameters: FxHashSet<String> = FxHashSet::default();
        let mut method: Option<NodeId> = None;
        for name in &uses {
            if token.is_cancelled() {
                return None;
            }
            if name.method != method {
                parameters.clear();
                method = name.method;
            }
            let folded = fold_case(code.token_text(name.token));
            if name.role == NameRole::Parameter {
                parameters.insert(folded.clone().into_owned());
            }
            let is_parameter = parameters.contains(folded.as_ref());
            names[name.token] = Some(meaning(name, is_parameter, own_methods.contains(folded.as_ref())));
        }
        let mut is_documentation = vec![false; names.len()];
        for (id, node) in code.tree().nodes() {
            if node.kind.is_method() {
                code.doc_comments(id).into_iter().for_each(|comment| is_documentation[comment] = true);
            }
        }
        Some(Self { names, is_documentation })
    }
}

/// Paints the lines of literals that hold queries. Comments may stand between them, so this goes line by line.
struct QueryPainter<'a> {
    source: Source<'a>,
    /// From the one at hand.
    literals: VecDeque<QueryLiteral>,
    /// Colours of the literal at hand that are not painted yet; `None` before its first line.
    colors: Option<VecDeque<SemanticToken>>,
}

impl<'a> QueryPainter<'a> {
    fn new(source: Source<'a>) -> Self {
        Self { source, literals: find_queries(source).into(), colors: None }
    }

    /// False for tokens outside of queries. Tokens have to come in order.
    fn paint(&mut self, token: &Token, found: &mut Vec<SemanticToken>) -> bool {
        if !token.kind.is_string() {
            return false;
        }
        while self.literals.front().is_some_and(|query| query.range.end <= token.start) {
            self.literals.pop_front();
            self.colors = None;
        }
        let Some(query) = self.literals.front().filter(|query| query.range.start <= token.start) else {
            return false;
        };
        let source = self.source;
        let colors = self.colors.get_or_insert_with(|| query_colors(source, query).into());
        let count = colors.iter().take_while(|color| color.range.start < token.end).count();
        // If only some lines are asked for, the literal may have begun before them.
        found.extend(colors.drain(..count).filter(|color| color.range.start >= token.start));
        true
    }
}

fn meaning(name: &NameUse, is_parameter: bool, is_own_method: bool) -> Meaning {
    let (none, declaration) = (SemanticTokenModifiers::NONE, SemanticTokenModifiers::DECLARATION);
    match name.role {
        NameRole::Method => (SemanticTokenKind::Function, declaration),
        NameRole::Call if is_own_method => (SemanticTokenKind::Function, none),
        NameRole::Call => (SemanticTokenKind::Function, SemanticTokenModifiers::DEFAULT_LIBRARY),
        NameRole::MethodCall => (SemanticTokenKind::Method, none),
        NameRole::Property => (SemanticTokenKind::Property, none),
        NameRole::Parameter => (SemanticTokenKind::Parameter, declaration),
        NameRole::DeclaredVariable => (SemanticTokenKind::Variable, declaration),
        NameRole::Class => (SemanticTokenKind::Class, none),
        NameRole::Annotation => (SemanticTokenKind::Decorator, none),
        NameRole::AnnotationArgument => (SemanticTokenKind::Parameter, none),
        NameRole::Label => (SemanticTokenKind::Label, none),
        NameRole::LoopVariable | NameRole::AssignedVariable | NameRole::Variable if is_parameter => {
            (SemanticTokenKind::Parameter, none)
        }
        NameRole::LoopVariable | NameRole::AssignedVariable | NameRole::Variable => {
            (SemanticTokenKind::Variable, none)
        }
    }
}

struct Painter<'a> {
    code: &'a Code<'a>,
    found: Vec<SemanticToken>,
}

impl Painter<'_> {
    fn paint(&mut self, token: &Token, name: Option<Meaning>, is_documentation: bool) {
        if let Some((kind, modifiers)) = name {
            return self.add(token.range(), kind, modifiers);
        }
        let none = SemanticTokenModifiers::NONE;
        match token.kind {
            TokenKind::Comment if is_documentation => {
                self.add(token.range(), SemanticTokenKind::Comment, SemanticTokenModifiers::DOCUMENTATION);
            }
            TokenKind::DirectiveDelete => self.paint_deleted(token),
            TokenKind::DirectiveRegion => self.paint_region(token),
            _ => {
                if let Some(kind) = kind_of(token.kind) {
                    self.add(self.code.trimmed(token), kind, none);
                }
            }
        }
    }

    fn paint_region(&mut self, token: &Token) {
        let none = SemanticTokenModifiers::NONE;
        let line = self.code.trimmed(token);
        let Some(name) = region_name(self.code.text(), line) else {
            return self.add(line, SemanticTokenKind::Macro, none);
        };
        let head = TextRange { start: line.start, end: name.range.start };
        let word = head.slice(self.code.text()).trim_end().len() as u32;
        self.add(TextRange { start: line.start, end: line.start + word }, SemanticTokenKind::Macro, none);
        self.add(name.range, SemanticTokenKind::Namespace, none);
    }

    /// The directives of a deleted block, and the dead lines between them.
    fn paint_deleted(&mut self, token: &Token) {
        let text = self.code.source().token_text(token);
        let mut start = token.start;
        for line in text.split_inclusive(['\r', '\n']) {
            let content = line.trim();
            let indent = (line.len() - line.trim_start().len()) as u32;
            let from = start + indent;
            let range = TextRange { start: from, end: from + content.len() as u32 };
            start += line.len() as u32;
            if content.is_empty() {
                continue;
            }
            let is_edge = range.start == token.start || start >= token.end;
            let is_directive = is_edge && content.starts_with('#');
            let kind = if is_directive { SemanticTokenKind::Macro } else { SemanticTokenKind::Comment };
            self.add(range, kind, SemanticTokenModifiers::NONE);
        }
    }

    fn add(&mut self, range: TextRange, kind: SemanticTokenKind, modifiers: SemanticTokenModifiers) {
        if !range.is_empty() {
            self.found.push(SemanticToken { range, kind, modifiers });
        }
    }
}

/// Colour of a token that is not a name; punctuation has none.
fn kind_of(kind: TokenKind) -> Option<SemanticTokenKind> {
    Some(match kind {
        kind if kind.is_keyword() => SemanticTokenKind::Keyword,
        kind if kind.is_directive() => SemanticTokenKind::Macro,
        kind if kind.is_string() => SemanticTokenKind::String,
        kind if kind.is_comparison() => SemanticTokenKind::Operator,
        TokenKind::Comment => SemanticTokenKind::Comment,
        TokenKind::Number | TokenKind::Date => SemanticTokenKind::Number,
        TokenKind::Plus
        | TokenKind::Minus
        | TokenKind::Star
        | TokenKind::Slash
        | TokenKind::Percent
        | TokenKind::Question => SemanticTokenKind::Operator,
        TokenKind::Ampersand => SemanticTokenKind::Decorator,
        TokenKind::Tilde => SemanticTokenKind::Label,
        _ => return None,
    })
}
