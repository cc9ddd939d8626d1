//! From the tree-sitter tree to the flat one. Empty blocks, lone semicolons and multi-line literals get
//! the shape that rules expect; half-typed constructs that the grammar tolerates become syntax errors.

mod errors;

use std::sync::LazyLock;

use base::TextRange;
use tree_sitter::{Language, Tree, TreeCursor};

use self::errors::missing_kind;
use crate::node::{Node, NodeKind, Role};
use crate::token::{Token, TokenKind};
use crate::tree::{SyntaxError, SyntaxErrorKind, SyntaxTree};

/// What a symbol of the grammar turns into.
#[derive(Clone, Copy)]
enum Entry {
    Token(TokenKind),
    Node(NodeKind),
    /// A node that is also a token of its own.
    Leaf(NodeKind, TokenKind),
    Quote,
    StringNewline,
    /// Contents of a literal: part of the token around it.
    StringText,
    Bar,
    Missing(SyntaxErrorKind),
    /// The end of a block or of a method; which one depends on its owner.
    MissingEnd,
    /// An end of something that is not open.
    UnexpectedEnd,
    Transparent,
}

struct Tables {
    entries: Vec<Entry>,
    roles: Vec<Role>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let language = Language::new(strizh_grammar::BSL);
    let entries = (0..language.node_kind_count() as u16)
        .map(|id| entry_of(language.node_kind_for_id(id).unwrap_or_default()))
        .collect();
    let roles = (0..=language.field_count() as u16)
        .map(|id| Role::from_field_name(language.field_name_for_id(id).unwrap_or_default()))
        .collect();
    Tables { entries, roles }
});

fn entry_of(name: &str) -> Entry {
    match name {
        "identifier" => Entry::Leaf(NodeKind::Name, TokenKind::Identifier),
        "number" => Entry::Leaf(NodeKind::Number, TokenKind::Number),
        "date" => Entry::Leaf(NodeKind::Date, TokenKind::Date),
        "comment" => Entry::Token(TokenKind::Comment),
        "\"" => Entry::Quote,
        "string_newline" => Entry::StringNewline,
        "string_content" | "escape" => Entry::StringText,
        "|" => Entry::Bar,
        "missing_parenthesis" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::RightParen)),
        "missing_bracket" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::RightBracket)),
        "missing_parameters" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::LeftParen)),
        "missing_name" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::Identifier)),
        "missing_separator" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::Semicolon)),
        "missing_then" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::Then)),
        "missing_do" => Entry::Missing(SyntaxErrorKind::Missing(TokenKind::Do)),
        "missing_end" => Entry::MissingEnd,
        "unexpected_end" => Entry::UnexpectedEnd,
        "missing_property" => Entry::Missing(SyntaxErrorKind::MissingProperty),
        "missing_quote" => Entry::Missing(SyntaxErrorKind::MissingQuote),
        // `undefined` and `null` are named like their keywords; visits tell them apart.
        "undefined" => Entry::Node(NodeKind::Undefined),
        "null" => Entry::Node(NodeKind::Null),
        _ => NodeKind::from_grammar_name(name)
            .map(Entry::Node)
            .or_else(|| TokenKind::from_grammar_name(name).map(Entry::Token))
            .unwrap_or(Entry::Transparent),
    }
}

impl SyntaxTree {
    /// Rebuilds the tree from those top-level nodes of `tree` that start inside `range`; `text` is the
    /// text of `range`, and all offsets become relative to its start.
    pub fn lower(&mut self, tree: &Tree, range: TextRange, text: &str) {
        self.tokens.clear();
        self.nodes.clear();
        self.errors.clear();
        find_line_starts(text, &mut self.line_starts);
        let mut lowering =
            Lowering { tree: self, base: range.start, frames: Vec::new(), literal: None, line: 0 };
        lowering.open(NodeKind::Module, Role::None);
        lowering.lower_children(tree, range);
        lowering.close();
        if tree.root_node().is_error() && self.errors.is_empty() {
            // Nothing fits at all, so no error node marks the place.
            let first = self.tokens.iter().find(|token| !token.kind.is_trivia());
            let error =
                |token: &Token| SyntaxError { kind: SyntaxErrorKind::Unexpected, range: token.range() };
            self.errors.extend(first.map(error));
        }
    }
}

fn find_line_starts(text: &str, line_starts: &mut Vec<u32>) {
    line_starts.clear();
    line_starts.push(0);
    let bytes = text.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let is_end = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
        if is_end {
            line_starts.push(index as u32 + 1);
        }
    }
}

/// State of the block that an open node owns at the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockState {
    Expected,
    Open,
    Done,
}

struct Frame {
    node: u32,
    kind: NodeKind,
    block: BlockState,
    /// The last child was a statement, so a `;` separates it from the next.
    after_statement: bool,
    /// The except part was seen.
    is_complete: bool,
}

/// A literal whose current line is not finished.
struct LiteralLine {
    start: u32,
    /// End of what was seen of it so far.
    end: u32,
    is_continued: bool,
}

struct Lowering<'a> {
    tree: &'a mut SyntaxTree,
    base: u32,
    frames: Vec<Frame>,
    literal: Option<LiteralLine>,
    line: u32,
}

impl Lowering<'_> {
    fn lower_children(&mut self, tree: &Tree, range: TextRange) {
        let mut cursor = tree.walk();
        let has_child = if range.start == 0 {
            cursor.goto_first_child()
        } else {
            cursor.goto_first_child_for_byte(range.start as usize).is_some()
        };
        if !has_child {
            return;
        }
        loop {
            let start = cursor.node().start_byte() as u32;
            if start >= range.end && !(start == range.end && cursor.node().end_byte() as u32 == start) {
                return;
            }
            if start >= range.start {
                self.visit(&mut cursor);
            }
            if !cursor.goto_next_sibling() {
                return;
            }
        }
    }

    /// Visits the node under the cursor with everything below it and leaves the cursor where it was.
    fn visit(&mut self, cursor: &mut TreeCursor<'_>) {
        let mut depth = 0;
        loop {
            let is_open = self.enter(cursor);
            if is_open && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            if is_open {
                self.leave();
            }
            loop {
                if depth == 0 {
                    return;
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                cursor.goto_parent();
                depth -= 1;
                self.leave();
            }
        }
    }

    /// Tells whether a node was opened that has to be left again.
    fn enter(&mut self, cursor: &TreeCursor<'_>) -> bool {
        let node = cursor.node();
        let start = (node.start_byte() as u32).saturating_sub(self.base);
        let end = (node.end_byte() as u32).saturating_sub(self.base);
        if node.is_error() {
            self.enter_error(start, end, node.child_count() == 0);
            return true;
        }
        let mut entry = TABLES.entries.get(node.kind_id() as usize).copied().unwrap_or(Entry::Transparent);
        if !node.is_named()
            && let Some(kind) =
                TokenKind::from_grammar_name(node.kind()).filter(|_| matches!(entry, Entry::Node(_)))
        {
            entry = Entry::Token(kind);
        }
        if node.is_missing() {
            self.miss(missing_kind(entry));
            return false;
        }
        let role = cursor.field_id().map_or(Role::None, |id| TABLES.roles[id.get() as usize]);
        match entry {
            Entry::Token(kind) => self.token(kind, start, end),
            Entry::Leaf(kind, token) => {
                self.before_child(kind);
                self.open(kind, role);
                self.push_token(token, start, end);
                self.close();
            }
            Entry::Node(kind) => {
                self.before_child(kind);
                self.open(kind, role);
                return true;
            }
            Entry::Quote => self.quote(start, end),
            Entry::StringNewline => self.end_literal_line(start, false),
            Entry::Bar => self.start_literal_line(start, end, true),
            Entry::Missing(kind) => self.miss(kind),
            Entry::MissingEnd => self.miss_end(),
            Entry::UnexpectedEnd => {
                let end_of_method = ["endprocedure", "endfunction"];
                if node.child(0).is_some_and(|keyword| end_of_method.contains(&keyword.kind())) {
                    self.close_block();
                } else {
                    self.before_child(NodeKind::EmptyStatement);
                }
                self.enter_error(start, end, false);
                return true;
            }
            Entry::StringText => {
                if let Some(line) = &mut self.literal {
                    line.end = end;
                }
            }
            Entry::Transparent => {}
        }
        false
    }

    /// The root of a hopeless text is itself an error; its children are then children of the section.
    fn enter_error(&mut self, start: u32, end: u32, is_leaf: bool) {
        self.open(NodeKind::Error, Role::None);
        self.mark_error();
        self.tree
            .errors
            .push(SyntaxError { kind: SyntaxErrorKind::Unexpected, range: TextRange { start, end } });
        if is_leaf && start < end {
            self.push_token(TokenKind::Unknown, start, end);
        }
    }

    fn leave(&mut self) {
        if self.frames.last().is_some_and(|frame| frame.kind == NodeKind::Error) {
            self.abandon_literal_line();
        }
        self.check_shape();
        self.close_block();
        self.close();
    }

    // ---- tokens

    fn token(&mut self, kind: TokenKind, start: u32, end: u32) {
        match kind {
            TokenKind::Semicolon => return self.semicolon(start, end),
            TokenKind::EndIf
            | TokenKind::EndDo
            | TokenKind::EndTry
            | TokenKind::EndProcedure
            | TokenKind::EndFunction => self.close_block(),
            _ => {}
        }
        self.push_token(kind, start, end);
    }

    fn push_token(&mut self, kind: TokenKind, start: u32, end: u32) {
        self.abandon_literal_line();
        while self.tree.line_starts.get(self.line as usize + 1).is_some_and(|next| *next <= start) {
            self.line += 1;
        }
        self.tree.tokens.push(Token { kind, start, end, line: self.line });
    }

    /// A `;` after a statement separates it from the next one; any other is a statement of its own.
    fn semicolon(&mut self, start: u32, end: u32) {
        let is_separator = self.frames.last().is_some_and(|frame| frame.after_statement);
        if is_separator {
            self.push_token(TokenKind::Semicolon, start, end);
        } else {
            self.before_child(NodeKind::EmptyStatement);
            self.open(NodeKind::EmptyStatement, Role::None);
            self.push_token(TokenKind::Semicolon, start, end);
            self.close();
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.after_statement = false;
        }
    }

    fn quote(&mut self, start: u32, end: u32) {
        if self.literal.as_ref().is_some_and(|line| line.end == start) {
            self.end_literal_line(end, true);
        } else {
            self.start_literal_line(start, end, false);
        }
    }

    fn start_literal_line(&mut self, start: u32, end: u32, is_continued: bool) {
        self.abandon_literal_line();
        self.literal = Some(LiteralLine { start, end, is_continued });
    }

    /// Recovery from an error may leave a literal without its end.
    fn abandon_literal_line(&mut self) {
        if let Some(end) = self.literal.as_ref().map(|line| line.end) {
            self.end_literal_line(end, true);
        }
    }

    fn end_literal_line(&mut self, end: u32, is_last: bool) {
        let Some(line) = self.literal.take() else { return };
        let kind = match (line.is_continued, is_last) {
            (false, true) => TokenKind::String,
            (false, false) => TokenKind::StringStart,
            (true, false) => TokenKind::StringPart,
            (true, true) => TokenKind::StringTail,
        };
        self.push_token(kind, line.start, end);
    }

    // ---- nodes

    fn open(&mut self, kind: NodeKind, role: Role) {
        let index = self.tree.nodes.len() as u32;
        let first_token = self.tree.tokens.len() as u32;
        let parent = self.frames.last().map_or(0, |frame| frame.node);
        self.tree.nodes.push(Node {
            kind,
            role,
            has_error: false,
            is_broken: kind == NodeKind::Error,
            parent,
            end: index + 1,
            first_token,
            end_token: first_token,
        });
        let block = if kind.has_block() { BlockState::Expected } else { BlockState::Done };
        self.frames.push(Frame { node: index, kind, block, after_statement: false, is_complete: false });
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let end = self.tree.nodes.len() as u32;
        let node = &mut self.tree.nodes[frame.node as usize];
        node.end = end;
        let mut end_token = self.tree.tokens.len() as u32;
        if frame.kind != NodeKind::Module && frame.kind != NodeKind::Error {
            // Comments behind the last statement are outside; an empty node starts at the next token.
            while end_token > node.first_token && self.tree.tokens[end_token as usize - 1].kind.is_trivia() {
                end_token -= 1;
            }
            if end_token == node.first_token {
                end_token = self.tree.tokens.len() as u32;
                node.first_token = end_token;
            }
        }
        node.end_token = end_token;
        let has_error = node.has_error;
        if let Some(parent) = self.frames.last_mut() {
            let parent_node = &mut self.tree.nodes[parent.node as usize];
            parent_node.has_error |= has_error;
            parent_node.is_broken |= frame.kind == NodeKind::Error;
            parent.after_statement = frame.kind == NodeKind::Error
                || (frame.kind.is_statement() && frame.kind != NodeKind::EmptyStatement);
        }
    }

    /// Opens the block of the owner before its first statement and closes it before a clause.
    fn before_child(&mut self, child: NodeKind) {
        match child {
            NodeKind::ElsifClause | NodeKind::ElseClause => self.close_block(),
            NodeKind::ExceptClause => {
                self.close_block();
                self.complete();
            }
            _ if child.is_statement() => {
                let Some(frame) = self.frames.last_mut() else { return };
                if frame.block == BlockState::Expected {
                    frame.block = BlockState::Open;
                    self.open(NodeKind::Block, Role::None);
                }
            }
            _ => {}
        }
    }

    /// Closes the block of the innermost owner, or gives it an empty one.
    fn close_block(&mut self) {
        if self.frames.last().is_some_and(|frame| frame.kind == NodeKind::Block) {
            self.close();
        } else if self.frames.last().is_some_and(|frame| frame.block == BlockState::Expected) {
            self.open(NodeKind::Block, Role::None);
            self.close();
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.block = BlockState::Done;
        }
    }

    fn complete(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.is_complete = true;
        }
    }
}
