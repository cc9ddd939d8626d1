//! One pass over all tokens: each gap is compared with what it should be and replaced if it differs.

use base::{CancelToken, Edit, TextRange};
use syntax::{Token, TokenKind};

use crate::code::Code;
use crate::formatting::FormatOptions;
use crate::formatting::frozen::frozen_tokens;
use crate::formatting::keyword::respelled;
use crate::formatting::spacing::SpacingRules;
use crate::formatting::units::{Unit, UnitRole, units};

/// Edits inside `bounds`, which are whole lines.
pub(crate) fn layout(
    code: &Code<'_>,
    bounds: TextRange,
    options: &FormatOptions,
    token: &CancelToken,
) -> Vec<Edit> {
    let tree = code.tree();
    let units = units(tree);
    let mut layout = Layout {
        code,
        bounds,
        options,
        frozen: frozen_tokens(tree, &units),
        next_code: next_code_tokens(tree.tokens()),
        units,
        spacing: SpacingRules::new(tree),
        edits: Vec::new(),
        line: Shift::default(),
        unit: Shift::default(),
    };
    for index in 0..tree.tokens().len() {
        if token.is_cancelled() {
            return Vec::new();
        }
        layout.add_token(index);
    }
    layout.finish_text();
    layout.edits
}

/// The indent of a line before and after formatting.
#[derive(Clone, Debug, Default)]
struct Shift {
    old: String,
    new: String,
}

struct Layout<'a> {
    code: &'a Code<'a>,
    bounds: TextRange,
    options: &'a FormatOptions,
    units: Vec<Option<Unit>>,
    frozen: Vec<bool>,
    /// The token that is code at or behind each token.
    next_code: Vec<usize>,
    spacing: SpacingRules,
    edits: Vec<Edit>,
    /// Of the current line.
    line: Shift,
    /// Of the line on which the current unit starts.
    unit: Shift,
}

impl<'a> Layout<'a> {
    fn add_token(&mut self, index: usize) {
        let tokens = self.code.tree().tokens();
        let token = tokens[index];
        let start = index.checked_sub(1).map_or(0, |previous| tokens[previous].end);
        let gap = TextRange { start, end: token.start };
        if self.code.is_first_on_line(index) {
            self.start_line(index, gap);
        } else if !self.frozen[index] && is_plain(self.text(gap)) {
            let text = self.text(gap);
            let wanted = self.spacing.before(index, &tokens[index - 1], &token).apply(text);
            self.replace(gap, wanted.to_owned());
        }
        if self.units[index].is_some() {
            self.unit = self.line.clone();
        }
        if !self.frozen[index]
            && token.kind.is_keyword()
            && let Some(spelling) = respelled(token.kind, self.code.token_text(index), self.options)
        {
            self.replace(token.range(), spelling);
        }
    }

    fn start_line(&mut self, index: usize, gap: TextRange) {
        let text = self.text(gap);
        let own = text.rsplit(['\r', '\n']).next().unwrap_or_default();
        let indent = TextRange { start: gap.end - own.len() as u32, end: gap.end };
        self.line = Shift { old: own.to_owned(), new: own.to_owned() };
        if !is_plain(text) {
            return;
        }
        // Between the lines of a literal even empty lines are the author's.
        let previous = index.checked_sub(1).map(|previous| self.code.tree().tokens()[previous].kind);
        let is_in_literal = matches!(previous, Some(TokenKind::StringStart | TokenKind::StringPart));
        if !self.frozen[index] && !is_in_literal {
            self.trim_lines(TextRange { start: gap.start, end: indent.start });
        }
        if !self.frozen[index] && self.is_in_bounds(indent) {
            let wanted = self.wanted_indent(index, own);
            self.line.new.clone_from(&wanted);
            self.replace(indent, wanted);
        }
    }

    /// Indent of the line that the token at `index` starts; `own` is the present one.
    fn wanted_indent(&self, index: usize, own: &str) -> String {
        let kind = self.code.tree().tokens()[index].kind;
        let level = |level: u32| self.options.indent.levels(level);
        if !kind.is_trivia() {
            return match self.units[index] {
                Some(unit) => level(unit.level),
                None => self.options.indent.shifted(own, &self.unit.old, &self.unit.new),
            };
        }
        let is_fixed = matches!(kind, TokenKind::Unknown | TokenKind::DirectiveDelete);
        if is_fixed || (kind.is_directive() && own.is_empty()) {
            return own.to_owned();
        }
        let next = self.next_code[index];
        match self.units.get(next) {
            None => level(0),
            Some(Some(unit)) if self.describes_clause(next, *unit, own) => {
                if self.frozen[next] {
                    own.to_owned()
                } else {
                    level(unit.level)
                }
            }
            Some(Some(unit)) => level(unit.level_before()),
            Some(None) => self.options.indent.shifted(own, &self.unit.old, &self.unit.new),
        }
    }

    /// A comment right at the indent of `Иначе` speaks about that branch.
    fn describes_clause(&self, clause: usize, unit: Unit, own: &str) -> bool {
        if unit.role != UnitRole::Clause || !self.code.is_first_on_line(clause) {
            return false;
        }
        let token = self.code.tree().tokens()[clause];
        let line_start = self.code.tree().line_starts()[token.line as usize];
        self.text(TextRange { start: line_start, end: token.start }) == own
    }

    /// Empties blank lines and cuts blanks at the end of the line before them.
    fn trim_lines(&mut self, lines: TextRange) {
        if !self.options.trim_trailing_whitespace {
            return;
        }
        let mut start = lines.start;
        let text = self.text(lines);
        for line in text.split_inclusive(['\r', '\n']) {
            let blanks = line.trim_end_matches(['\r', '\n']).len() as u32;
            self.replace(TextRange { start, end: start + blanks }, String::new());
            start += line.len() as u32;
        }
    }

    /// What stands behind the last token.
    fn finish_text(&mut self) {
        let text = self.code.text();
        let start = self.code.tree().tokens().last().map_or(0, |token| token.end);
        let gap = TextRange::from(start as usize..text.len());
        let rest = self.text(gap);
        if is_plain(rest) {
            self.trim_lines(gap);
        }
        let is_trimmed = self.options.trim_trailing_whitespace && is_plain(rest);
        let end = if is_trimmed { rest.trim_end_matches([' ', '\t']) } else { rest };
        let is_frozen = self.frozen.last().is_none_or(|frozen| *frozen);
        let is_last_in_bounds = self.bounds.end as usize == text.len();
        if self.options.insert_final_newline
            && is_last_in_bounds
            && !is_frozen
            && !end.ends_with(['\r', '\n'])
        {
            self.edits.push(Edit::insert(gap.end, line_break(text)));
        }
    }

    fn text(&self, range: TextRange) -> &'a str {
        range.slice(self.code.text())
    }

    fn is_in_bounds(&self, range: TextRange) -> bool {
        self.bounds.contains(range)
    }

    fn replace(&mut self, range: TextRange, text: String) {
        if self.text(range) != text && self.is_in_bounds(range) {
            self.edits.push(Edit::replace(range, text));
        }
    }
}

/// True if a gap holds only what the formatter understands: no form feeds or no-break spaces.
fn is_plain(gap: &str) -> bool {
    gap.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn next_code_tokens(tokens: &[Token]) -> Vec<usize> {
    let mut next = tokens.len();
    let mut found = vec![next; tokens.len()];
    for (index, token) in tokens.iter().enumerate().rev() {
        if !token.kind.is_trivia() {
            next = index;
        }
        found[index] = next;
    }
    found
}

/// The line end that the text uses.
fn line_break(text: &str) -> &'static str {
    match text.find(['\r', '\n']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}
