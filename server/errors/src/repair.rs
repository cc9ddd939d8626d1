//! Repairs as edits of modules. Whatever is offered parses as well as the module did before.

use std::path::PathBuf;

use base::{Edit, TextRange, apply_edits};
use platform::Script;
use serde::Serialize;
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind, line_break, parse_text};

use crate::code::Code;

/// A change of one module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    pub title: String,
    pub path: PathBuf,
    pub edits: Vec<Edit>,
    /// The lines of the module that change, as they will be.
    pub preview: String,
    /// Something has to be filled in or thought about afterwards.
    pub needs_review: bool,
}

/// Words of the language that a module is written in.
#[derive(Clone, Copy)]
pub(crate) struct Wording {
    is_english: bool,
}

impl Wording {
    pub(crate) fn of(code: &Code, script: Script) -> Self {
        let mut keywords = code.tree.tokens().iter().filter(|token| token.kind.is_keyword());
        let first = keywords.find(|token| token.kind != TokenKind::Null);
        let is_english =
            first.map_or(script == Script::English, |token| code.source().token_text(token).is_ascii());
        Self { is_english }
    }

    pub(crate) fn word(self, kind: TokenKind) -> &'static str {
        match (self.is_english, kind) {
            (false, TokenKind::Not) => "НЕ",
            (false, TokenKind::Or) => "ИЛИ",
            (true, _) => {
                kind.canonical_spellings().iter().find(|word| word.is_ascii()).copied().unwrap_or("")
            }
            (false, _) => kind.canonical_spellings().first().copied().unwrap_or(""),
        }
    }

    pub(crate) fn name(self, ru: &'static str, en: &'static str) -> &'static str {
        if self.is_english { en } else { ru }
    }
}

/// A repair, unless the module would parse worse by it.
pub(crate) fn repair(code: &Code, title: String, edits: Vec<Edit>) -> Option<Repair> {
    let (text, skipped) = apply_edits(&code.text, edits.clone());
    if !skipped.is_empty() || text == code.text {
        return None;
    }
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(&text), TextRange::from(0..text.len()), &text);
    let preview = changed_lines(&code.text, &text);
    let is_fine = tree.errors().len() <= code.tree.errors().len();
    is_fine.then(|| Repair { title, path: code.path.clone(), edits, preview, needs_review: false })
}

/// Lines of the new text between what both have in common.
fn changed_lines(old: &str, new: &str) -> String {
    const LIMIT: usize = 20;
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(left, right)| left == right).count();
    let most = old.len().min(new.len()) - start;
    let end =
        old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(left, right)| left == right).count();
    let changed = &new[start..new.len() - end];
    changed.iter().take(LIMIT).copied().collect::<Vec<_>>().join("\n")
}

/// A condition under which the code at a node is not reached: a check put before its statement.
pub(crate) fn guard(code: &Code, node: NodeId, condition: &str, wording: Wording) -> Option<Vec<Edit>> {
    let tree = &code.tree;
    let statement = tree.enclosing_statement(node)?;
    // A condition of a loop is computed again and again.
    let is_in_condition = |role| tree.child(statement, role).is_some_and(|part| tree.is_within(node, part));
    if tree.kind(statement) == NodeKind::While && is_in_condition(Role::Condition) {
        return None;
    }
    let start = tree.range(statement).start;
    let (indent, unit, nl) = (code.indent(start), indent_unit(code), line_break(&code.text));
    let leave = leave(code, statement, wording);
    let check = format!(
        "{} {condition} {}{nl}{indent}{unit}{leave};{nl}{indent}{};{nl}{indent}",
        wording.word(TokenKind::If),
        wording.word(TokenKind::Then),
        wording.word(TokenKind::EndIf),
    );
    Some(vec![Edit::insert(start, check)])
}

/// How to leave the code around a statement: the pass of a loop, the function, the procedure.
fn leave(code: &Code, statement: NodeId, wording: Wording) -> String {
    let tree = &code.tree;
    for outer in tree.ancestors(statement) {
        match tree.kind(outer) {
            kind if kind.is_loop() => return wording.word(TokenKind::Continue).to_owned(),
            NodeKind::Function => {
                return format!("{} {}", wording.word(TokenKind::Return), wording.word(TokenKind::Undefined));
            }
            _ => {}
        }
    }
    wording.word(TokenKind::Return).to_owned()
}

/// One level of indents, as the first block that shows it has it.
pub(crate) fn indent_unit(code: &Code) -> &str {
    let tree = &code.tree;
    let shown = tree.nodes().filter(|(_, node)| node.kind == NodeKind::Block).filter_map(|(id, _)| {
        let inner = code.indent(tree.range(tree.children(id).next()?).start);
        let unit = inner.strip_prefix(code.indent(tree.range(tree.parent(id)?).start))?;
        (!unit.is_empty()).then_some(unit)
    });
    shown.take(1).next().unwrap_or("\t")
}

/// An expression that may be written twice: computing it calls nothing.
pub(crate) fn is_plain(code: &Code, node: NodeId) -> bool {
    let tree = &code.tree;
    std::iter::once(node).chain(tree.descendants(node)).all(|part| {
        matches!(
            tree.kind(part),
            NodeKind::Name | NodeKind::Member | NodeKind::Index | NodeKind::Number | NodeKind::String
        )
    })
}
