//! Where a cursor stands in code that is being typed. Tokens decide, not the shape of the tree, and only the section
//! around the cursor is read.

use base::TextRange;
use syntax::{
    Document, NodeId, NodeKind, Role, SectionTree, Token, TokenKind, directive_words, is_query_literal,
};

use crate::code::Code;
use crate::completion::blocks::{OpenBlocks, open_blocks};
use crate::script::Script;

/// A place where something may be typed. Ranges are those of the document unless they say otherwise.
#[derive(Clone, Debug)]
pub struct CompletionPosition {
    pub kind: PositionKind,
    /// The word under the cursor, from its start to the cursor.
    pub word: TextRange,
    /// The word up to its end, behind the cursor too.
    pub whole_word: TextRange,
    /// What is typed of the word.
    pub prefix: String,
    pub script: Script,
    /// The list of arguments around the cursor, if any.
    pub call: Option<CallPlace>,
    /// The section around; nodes in `kind` and `call` belong to its tree.
    pub section: SectionTree,
    pub(crate) blocks: OpenBlocks,
    /// First keyword of the statement that the cursor is in.
    pub(crate) head: Option<TokenKind>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PositionKind {
    /// A statement or a declaration may start.
    Statement,
    /// A value has to follow.
    Expression,
    /// A value has just ended: an operator or the next keyword of the statement may follow.
    AfterExpression,
    /// Behind a dot.
    Member {
        /// Text before the dot.
        receiver: TextRange,
        /// The same as a node, where the tree has one.
        node: Option<NodeId>,
    },
    /// Behind `Новый`.
    New,
    /// In a literal that is no query.
    String { literal: TextRange },
    /// In the text of a query.
    Query { literal: TextRange },
    /// `is_description`: the comment describes a method.
    Comment { is_description: bool },
    /// Behind `&`.
    Annotation,
    /// The first word behind `#`.
    Directive,
    /// A later word of `#Если`.
    DirectiveCondition,
    /// The name of `#Область`.
    RegionName,
    /// A name that is just being invented: of a method, a variable, a loop variable.
    DeclarationName,
    /// In the parentheses of a method's header: `Знач` or a new name.
    Parameter,
    /// Behind `=` in a method's header.
    ParameterDefault,
    /// Behind `Для`: `Каждого` or a new name.
    ForHeader,
    /// Behind `~`.
    Label,
    /// A number, or nothing that could be completed.
    Nothing,
}

/// An argument that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlace {
    /// What is called: `Метод`, `Модуль.Метод`; for a constructor its type.
    pub callee: TextRange,
    /// The list belongs to `Новый Тип(`.
    pub is_new: bool,
    /// Counted from zero.
    pub argument: usize,
    /// Behind the opening parenthesis.
    pub start: u32,
}

impl CompletionPosition {
    pub fn is_in_loop(&self) -> bool {
        self.blocks.is_in_loop()
    }

    pub fn is_in_method(&self) -> bool {
        self.blocks.method.is_some()
    }
}

/// Describes the place at an offset.
pub fn completion_position(document: &Document, offset: u32) -> CompletionPosition {
    let section = document.open_section_at(offset);
    let base = section.range.start;
    let code = Code::of(section.source());
    let place = Place::new(code, offset.saturating_sub(base));
    let kind = place.kind().shifted(base);
    let script = Script::of(document, section.source());
    let call = place.call().map(|call| CallPlace {
        callee: call.callee.shifted(base),
        start: call.start + base,
        ..call
    });
    let (word, whole) = (place.word, place.whole_word());
    let prefix = word.slice(code.text()).to_owned();
    let blocks = open_blocks(place.before());
    let head = place.statement_head();
    CompletionPosition {
        kind,
        word: word.shifted(base),
        whole_word: whole.shifted(base),
        prefix,
        script,
        call,
        blocks,
        head,
        section,
    }
}

impl PositionKind {
    fn shifted(self, base: u32) -> Self {
        match self {
            Self::Member { receiver, node } => Self::Member { receiver: receiver.shifted(base), node },
            Self::String { literal } => Self::String { literal: literal.shifted(base) },
            Self::Query { literal } => Self::Query { literal: literal.shifted(base) },
            other => other,
        }
    }
}

/// A cursor in a section.
struct Place<'a> {
    code: Code<'a>,
    offset: u32,
    /// From the start of the word to the cursor.
    word: TextRange,
    /// Number of tokens that end before the word.
    count: usize,
}

impl<'a> Place<'a> {
    fn new(code: Code<'a>, offset: u32) -> Self {
        let mut offset = offset.min(code.text().len() as u32);
        while !code.text().is_char_boundary(offset as usize) {
            offset -= 1;
        }
        let before = &code.text()[..offset as usize];
        let length: usize =
            before.chars().rev().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
        let word = TextRange { start: offset - length as u32, end: offset };
        let count = code.tree().tokens().partition_point(|token| token.end <= word.start);
        Self { code, offset, word, count }
    }

    fn whole_word(&self) -> TextRange {
        let behind = &self.code.text()[self.offset as usize..];
        let length: usize = behind.chars().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
        TextRange { start: self.word.start, end: self.offset + length as u32 }
    }

    fn before(&self) -> &'a [Token] {
        &self.code.tree().tokens()[..self.count]
    }

    fn code_before(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Token)> {
        self.before().iter().enumerate().filter(|(_, token)| !token.kind.is_trivia())
    }

    fn kind(&self) -> PositionKind {
        if let Some(kind) = self.inside_token() {
            return kind;
        }
        if self.prefix().starts_with(|letter: char| letter.is_ascii_digit()) {
            return PositionKind::Nothing;
        }
        let Some((index, previous)) = self.code_before().next_back() else { return PositionKind::Statement };
        let is_adjacent = self.gap(previous).trim().is_empty();
        match previous.kind {
            TokenKind::Dot => self.member(index),
            TokenKind::Ampersand if is_adjacent => PositionKind::Annotation,
            TokenKind::Tilde => PositionKind::Label,
            TokenKind::New => PositionKind::New,
            TokenKind::Procedure | TokenKind::Function | TokenKind::Var | TokenKind::Each => {
                PositionKind::DeclarationName
            }
            TokenKind::For => PositionKind::ForHeader,
            _ => self.header().unwrap_or_else(|| self.in_statement(previous)),
        }
    }

    fn prefix(&self) -> &'a str {
        self.word.slice(self.code.text())
    }

    /// Text between a token and the word.
    fn gap(&self, token: &Token) -> &'a str {
        TextRange { start: token.end, end: self.word.start }.slice(self.code.text())
    }

    /// Comments, literals and directives.
    fn inside_token(&self) -> Option<PositionKind> {
        let tokens = self.code.tree().tokens();
        let after = tokens.partition_point(|token| token.start < self.offset);
        if let Some(index) = after.checked_sub(1) {
            let token = &tokens[index];
            match token.kind {
                TokenKind::Comment if self.offset <= token.end && self.offset > token.start + 1 => {
                    let is_description = self.code.source().is_in_method_description(index);
                    return Some(PositionKind::Comment { is_description });
                }
                TokenKind::Date if self.offset < token.end => return Some(PositionKind::Nothing),
                TokenKind::DirectiveDelete if self.offset < token.end => return Some(PositionKind::Nothing),
                kind if kind.is_string() && self.is_inside_literal(token) => {
                    return Some(self.literal(index));
                }
                _ => {}
            }
        }
        self.directive()
    }

    fn is_inside_literal(&self, token: &Token) -> bool {
        let text = self.code.source().token_text(token);
        let is_last = matches!(token.kind, TokenKind::String | TokenKind::StringTail);
        let quotes = text.len() - text.trim_end_matches('"').len();
        // A lone quote opens a literal and does not close it.
        let opening = usize::from(token.kind == TokenKind::String && quotes == text.len());
        let is_closed = is_last && (quotes - opening) % 2 == 1;
        self.offset < token.end || (self.offset == token.end && !is_closed)
    }

    fn literal(&self, index: usize) -> PositionKind {
        let tokens = self.code.tree().tokens();
        let starts = |kind| matches!(kind, TokenKind::String | TokenKind::StringStart);
        let ends = |kind| matches!(kind, TokenKind::String | TokenKind::StringTail);
        let is_part = |kind: TokenKind| kind.is_string() || kind.is_trivia();
        let (mut first, mut last) = (index, index);
        while first > 0 && !starts(tokens[first].kind) && is_part(tokens[first - 1].kind) {
            first -= 1;
        }
        while last + 1 < tokens.len() && !ends(tokens[last].kind) && is_part(tokens[last + 1].kind) {
            last += 1;
        }
        let literal = tokens[first].range().cover(tokens[last].range());
        let is_query = is_query_literal(literal.slice(self.code.text())) || self.is_query_place(first);
        if is_query { PositionKind::Query { literal } } else { PositionKind::String { literal } }
    }

    /// `Новый Запрос("`, `Запрос.Текст = "`.
    fn is_query_place(&self, literal: usize) -> bool {
        let tokens = &self.code.tree().tokens()[..literal];
        let mut before = tokens.iter().rev().filter(|token| !token.kind.is_trivia());
        let [sign, name, third] = [before.next(), before.next(), before.next()];
        let (Some(sign), Some(name), Some(third)) = (sign, name, third) else { return false };
        let is = |token: &Token, words: [&str; 2]| {
            let text = self.code.source().token_text(token);
            words.iter().any(|word| base::same_name(word, text))
        };
        match (sign.kind, third.kind) {
            (TokenKind::LeftParen, TokenKind::New) => is(name, ["Запрос", "Query"]),
            (TokenKind::Equal, TokenKind::Dot) => {
                let object = before.next();
                is(name, ["Текст", "Text"]) && object.is_some_and(|object| is(object, ["Запрос", "Query"]))
            }
            _ => false,
        }
    }

    /// The line starts with `#`.
    fn directive(&self) -> Option<PositionKind> {
        let tree = self.code.tree();
        let start = *tree.line_starts().get(tree.line_of(self.offset) as usize)?;
        let line = TextRange { start, end: self.offset };
        let text = line.slice(self.code.text());
        if !text.trim_start().starts_with('#') {
            return None;
        }
        let words = directive_words(self.code.text(), line);
        let done = words.iter().filter(|word| word.range.end < self.word.start.max(line.start + 1));
        let done: Vec<&str> =
            done.filter(|word| word.range.start < self.word.start).map(|word| word.text).collect();
        let is = |known: [&str; 4]| {
            done.first().is_some_and(|word| known.iter().any(|it| base::same_name(it, word)))
        };
        Some(match done.len() {
            0 => PositionKind::Directive,
            _ if is(["Если", "ИначеЕсли", "If", "ElsIf"]) => PositionKind::DirectiveCondition,
            1 if is(["Область", "Region", "Область", "Region"]) => PositionKind::RegionName,
            _ => PositionKind::Nothing,
        })
    }

    fn member(&self, dot: usize) -> PositionKind {
        let tree = self.code.tree();
        let receiver = self.chain_before(dot);
        let owner = tree.node_of_token(dot);
        let node = tree.child(owner, Role::Object).filter(|_| tree.kind(owner) == NodeKind::Member);
        PositionKind::Member { receiver, node }
    }

    /// Names, calls and indexes joined by dots that end before the token at `end`.
    fn chain_before(&self, end: usize) -> TextRange {
        let tokens = self.code.tree().tokens();
        let stop = tokens.get(end).map_or(self.word.start, |token| token.start);
        let mut start = stop;
        let mut first_end = None;
        let mut index = end;
        let mut expects_value = true;
        while let Some(at) = index.checked_sub(1) {
            let token = &tokens[at];
            index = at;
            if token.kind.is_trivia() {
                continue;
            }
            let is_close = matches!(token.kind, TokenKind::RightParen | TokenKind::RightBracket);
            match token.kind {
                TokenKind::Dot if !expects_value => expects_value = true,
                _ if is_close && expects_value => {
                    let Some(open) = opening(tokens, at) else { break };
                    index = open;
                    start = tokens[open].start;
                    first_end.get_or_insert(token.end);
                    // The name before a parenthesis is a part of the value.
                    let before = tokens[..open].iter().rposition(|token| !token.kind.is_trivia());
                    let continues = before.is_some_and(|before| {
                        let kind = tokens[before].kind;
                        matches!(
                            kind,
                            TokenKind::Identifier
                                | TokenKind::RightParen
                                | TokenKind::RightBracket
                                | TokenKind::Question
                        ) || is_name_behind_dot(tokens, before)
                    });
                    expects_value = continues;
                    continue;
                }
                TokenKind::Question if expects_value => {
                    start = token.start;
                    break;
                }
                _ if expects_value && (is_value(token.kind) || is_name_behind_dot(tokens, at)) => {
                    start = token.start;
                    first_end.get_or_insert(token.end);
                    expects_value = false;
                    let before = tokens[..at].iter().rfind(|token| !token.kind.is_trivia());
                    if let Some(new) = before.filter(|token| token.kind == TokenKind::New) {
                        start = new.start;
                        break;
                    }
                }
                _ => break,
            }
        }
        TextRange { start, end: first_end.unwrap_or(start) }
    }

    /// In the parentheses of a method's header.
    fn header(&self) -> Option<PositionKind> {
        let tokens = self.code.tree().tokens();
        let open = unmatched_opening(tokens, self.count)?;
        let mut before = tokens[..open].iter().rev().filter(|token| !token.kind.is_trivia());
        let is_name = before.next().is_some_and(|token| token.kind == TokenKind::Identifier);
        let keyword = before.next()?.kind;
        if !is_name || !matches!(keyword, TokenKind::Procedure | TokenKind::Function) {
            return None;
        }
        let (_, previous) = self.code_before().next_back()?;
        Some(match previous.kind {
            TokenKind::LeftParen | TokenKind::Comma => PositionKind::Parameter,
            TokenKind::Equal => PositionKind::ParameterDefault,
            TokenKind::Val => PositionKind::DeclarationName,
            _ => PositionKind::Nothing,
        })
    }

    fn in_statement(&self, previous: &Token) -> PositionKind {
        let is_new_line = self.gap(previous).contains(['\r', '\n']);
        if self.ends_header(previous) {
            let can_export = previous.kind == TokenKind::RightParen && !is_new_line;
            return if can_export { PositionKind::AfterExpression } else { PositionKind::Statement };
        }
        if ends_statement(previous.kind) || previous.kind == TokenKind::Colon {
            return PositionKind::Statement;
        }
        if self.statement_head() == Some(TokenKind::Var) {
            let is_next = previous.kind == TokenKind::Comma;
            return if is_next { PositionKind::DeclarationName } else { PositionKind::AfterExpression };
        }
        if !is_complete(previous.kind) {
            return PositionKind::Expression;
        }
        let is_in_parentheses = unmatched_opening(self.code.tree().tokens(), self.count).is_some();
        let is_header = matches!(
            self.statement_head(),
            Some(TokenKind::If | TokenKind::Elsif | TokenKind::While | TokenKind::For)
        );
        match is_new_line && !is_in_parentheses && !is_header {
            true => PositionKind::Statement,
            false => PositionKind::AfterExpression,
        }
    }

    /// `)` or `Экспорт` of a method's header, and the name of an annotation.
    fn ends_header(&self, previous: &Token) -> bool {
        let tokens = self.code.tree().tokens();
        let index = tokens.partition_point(|token| token.start < previous.start);
        let is_annotation = |index: usize| index > 0 && tokens[index - 1].kind == TokenKind::Ampersand;
        let close = match previous.kind {
            TokenKind::Export => tokens[..index].iter().rposition(|token| !token.kind.is_trivia()),
            TokenKind::RightParen => Some(index),
            TokenKind::Identifier => return is_annotation(index),
            _ => None,
        };
        let Some(close) = close.filter(|at| tokens[*at].kind == TokenKind::RightParen) else { return false };
        let Some(open) = opening(tokens, close) else { return false };
        let mut before = tokens[..open].iter().enumerate().rev().filter(|(_, token)| !token.kind.is_trivia());
        let Some((name, _)) = before.next() else { return false };
        let keyword = before.next().map(|(_, token)| token.kind);
        matches!(keyword, Some(TokenKind::Procedure | TokenKind::Function)) || is_annotation(name)
    }

    /// First token of the statement before the word, if it is not finished.
    fn statement_head(&self) -> Option<TokenKind> {
        let mut head = None;
        for (_, token) in self.code_before().rev() {
            if ends_statement(token.kind) {
                break;
            }
            head = Some(token.kind);
            if matches!(token.kind, TokenKind::If | TokenKind::While | TokenKind::For | TokenKind::Var) {
                break;
            }
            if matches!(token.kind, TokenKind::Elsif | TokenKind::Procedure | TokenKind::Function) {
                break;
            }
        }
        head
    }

    /// The innermost list of arguments around the cursor.
    fn call(&self) -> Option<CallPlace> {
        let tokens = self.code.tree().tokens();
        let mut end = tokens.partition_point(|token| token.end <= self.word.start);
        loop {
            let open = unmatched_opening(tokens, end)?;
            end = open;
            let name = tokens[..open].iter().rposition(|token| !token.kind.is_trivia());
            let Some(name) = name.filter(|_| tokens[open].kind == TokenKind::LeftParen) else { continue };
            let is_callee = tokens[name].kind == TokenKind::Identifier || is_name_behind_dot(tokens, name);
            if !is_callee {
                continue;
            }
            let before = tokens[..name].iter().rev().find(|token| !token.kind.is_trivia()).map(|it| it.kind);
            if matches!(before, Some(TokenKind::Procedure | TokenKind::Function | TokenKind::Ampersand)) {
                return None;
            }
            let is_new = before == Some(TokenKind::New);
            let callee = if is_new { tokens[name].range() } else { self.chain_before(open) };
            let argument = commas(&tokens[open + 1..self.count.max(open + 1)]);
            return Some(CallPlace { callee, is_new, argument, start: tokens[open].end });
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Behind it a statement may start.
fn ends_statement(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Semicolon
            | TokenKind::Then
            | TokenKind::Else
            | TokenKind::Do
            | TokenKind::Try
            | TokenKind::Except
            | TokenKind::EndIf
            | TokenKind::EndDo
            | TokenKind::EndTry
            | TokenKind::EndProcedure
            | TokenKind::EndFunction
    )
}

/// A value may end with it.
fn is_complete(kind: TokenKind) -> bool {
    is_value(kind)
        || matches!(
            kind,
            TokenKind::RightParen | TokenKind::RightBracket | TokenKind::Break | TokenKind::Continue
        )
}

fn is_value(kind: TokenKind) -> bool {
    kind.is_string()
        || matches!(
            kind,
            TokenKind::Identifier
                | TokenKind::Number
                | TokenKind::Date
                | TokenKind::True
                | TokenKind::False
                | TokenKind::Undefined
                | TokenKind::Null
        )
}

/// Behind a dot keywords are names.
fn is_name_behind_dot(tokens: &[Token], index: usize) -> bool {
    let is_word = tokens[index].kind.is_keyword() || tokens[index].kind == TokenKind::Identifier;
    let before = tokens[..index].iter().rfind(|token| !token.kind.is_trivia());
    is_word && before.is_some_and(|token| token.kind == TokenKind::Dot)
}

/// The bracket that the closing one at `close` belongs to.
fn opening(tokens: &[Token], close: usize) -> Option<usize> {
    unmatched_opening(tokens, close)
}

/// The nearest bracket before `end` that is still open there; statements end the search.
fn unmatched_opening(tokens: &[Token], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.get(..end)?.iter().enumerate().rev() {
        match token.kind {
            TokenKind::RightParen | TokenKind::RightBracket => depth += 1,
            TokenKind::LeftParen | TokenKind::LeftBracket => {
                if depth == 0 {
                    return Some(index);
                }
                depth -= 1;
            }
            kind if ends_statement(kind) => return None,
            _ => {}
        }
    }
    None
}

/// Commas outside inner brackets.
fn commas(tokens: &[Token]) -> usize {
    let mut depth = 0_i32;
    let mut count = 0;
    for token in tokens {
        match token.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
            TokenKind::RightParen | TokenKind::RightBracket => depth -= 1,
            TokenKind::Comma if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}
