//! Lines and indents of code that moves.

use base::TextRange;
use syntax::{NodeId, NodeKind, TokenKind};

use crate::refactor::context::Context;

impl Context<'_> {
    /// Start of the line that holds an offset.
    pub(crate) fn line_start(&self, offset: u32) -> u32 {
        let line = self.tree().line_of(offset) as usize;
        self.tree().line_starts().get(line).copied().unwrap_or_default()
    }

    /// End of the line that holds an offset, its line break not included.
    pub(crate) fn line_end(&self, offset: u32) -> u32 {
        self.code.line_end(self.tree().line_of(offset))
    }

    /// Start of the line behind the one that holds an offset, or the end of the text.
    pub(crate) fn next_line(&self, offset: u32) -> u32 {
        let line = self.tree().line_of(offset) as usize;
        self.tree().line_starts().get(line + 1).copied().unwrap_or(self.text().len() as u32)
    }

    /// Blanks at the start of the line that holds an offset.
    pub(crate) fn indent(&self, offset: u32) -> &str {
        let line = TextRange { start: self.line_start(offset), end: self.line_end(offset) };
        let line = line.slice(self.text());
        &line[..line.len() - line.trim_start().len()]
    }

    /// Nothing but blanks stands before an offset on its line.
    pub(crate) fn starts_line(&self, offset: u32) -> bool {
        TextRange { start: self.line_start(offset), end: offset }.slice(self.text()).trim().is_empty()
    }

    /// Nothing but blanks stands behind an offset on its line.
    pub(crate) fn ends_line(&self, offset: u32) -> bool {
        TextRange { start: offset, end: self.line_end(offset) }.slice(self.text()).trim().is_empty()
    }

    /// One level of indents, as the first block that shows it has it.
    pub(crate) fn indent_unit(&self) -> &str {
        let tree = self.tree();
        let blocks = tree.nodes().filter(|(_, node)| node.kind == NodeKind::Block);
        let shown = blocks.filter_map(|(id, _)| {
            let statement = tree.children(id).next()?;
            let owner = tree.range(tree.parent(id)?).start;
            let start = tree.range(statement).start;
            let is_own_line = self.starts_line(start) && self.starts_line(owner);
            let unit = self.indent(start).strip_prefix(self.indent(owner)).filter(|_| is_own_line)?;
            (!unit.is_empty()).then_some(unit)
        });
        shown.take(1).next().unwrap_or("\t")
    }

    /// A range of whole statements, moved from the indent of its first line to another one. Its first line
    /// comes without indent.
    pub(crate) fn moved(&self, range: TextRange, new: &str) -> String {
        reindented(range.slice(self.text()), self.indent(range.start), new)
    }

    /// The statement alone on its lines: with its indent and its line break. Else just the statement.
    pub(crate) fn whole_lines(&self, statement: NodeId) -> TextRange {
        let range = self.tree().statement_range(statement);
        if self.starts_line(range.start) && self.ends_line(range.end) {
            return TextRange { start: self.line_start(range.start), end: self.next_line(range.end) };
        }
        range
    }

    /// Methods of this module have an empty line below their header.
    pub(crate) fn has_airy_methods(&self, method: NodeId) -> bool {
        let tree = self.tree();
        let header = tree.child_of_kind(method, NodeKind::Parameters).map(|list| tree.range(list).end);
        let body = tree.child_of_kind(method, NodeKind::Block).and_then(|block| tree.first_token(block));
        let (Some(header), Some(body)) = (header, body) else { return true };
        let between = TextRange { start: header, end: body.start.max(header) };
        let mut lines = between.slice(self.text()).lines().skip(1);
        lines.next().is_some_and(|line| line.trim().is_empty()) && lines.next().is_some()
    }

    /// The lines with the directives of a method that say where it runs, each with its line break.
    pub(crate) fn directives(&self, method: NodeId) -> String {
        let tree = self.tree();
        let indent = self.indent(tree.range(method).start);
        let annotations = tree.children(method).take_while(|id| tree.kind(*id) == NodeKind::Annotation);
        let mut lines = String::new();
        for text in annotations.map(|id| self.node_text(id)).filter(|text| is_context_directive(text)) {
            lines += &format!("{indent}{text}{}", self.line_break());
        }
        lines
    }
}

/// `&НаКлиенте` and its kin.
pub(crate) fn is_context_directive(annotation: &str) -> bool {
    const NAMES: [&str; 10] = [
        "НаКлиенте",
        "НаСервере",
        "НаСервереБезКонтекста",
        "НаКлиентеНаСервере",
        "НаКлиентеНаСервереБезКонтекста",
        "AtClient",
        "AtServer",
        "AtServerNoContext",
        "AtClientAtServer",
        "AtClientAtServerNoContext",
    ];
    let name = annotation.trim_start_matches('&').trim();
    NAMES.iter().any(|known| base::same_name(known, name))
}

/// Replaces one indent by another on all lines but the first. Directives in the first column stay there.
pub(crate) fn reindented(text: &str, old: &str, new: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive(['\n']).enumerate() {
        if number == 0 || line.trim().is_empty() || line.starts_with('#') {
            result += line;
            continue;
        }
        result += new;
        result += line.strip_prefix(old).unwrap_or_else(|| line.trim_start_matches([' ', '\t']));
    }
    result
}

/// The kinds of tokens that end what a list of statements may hold.
pub(crate) fn directives_are_paired(kinds: impl Iterator<Item = TokenKind>) -> bool {
    let mut open = Vec::new();
    for kind in kinds {
        let closes = match kind {
            TokenKind::DirectiveRegion | TokenKind::DirectiveIf | TokenKind::DirectiveInsert => {
                open.push(kind);
                continue;
            }
            TokenKind::DirectiveElsif | TokenKind::DirectiveElse => {
                if open.last() != Some(&TokenKind::DirectiveIf) {
                    return false;
                }
                continue;
            }
            TokenKind::DirectiveEndRegion => TokenKind::DirectiveRegion,
            TokenKind::DirectiveEndIf => TokenKind::DirectiveIf,
            TokenKind::DirectiveEndInsert => TokenKind::DirectiveInsert,
            _ => continue,
        };
        if open.pop() != Some(closes) {
            return false;
        }
    }
    open.is_empty()
}
