//! Formatting while typing. The code around is usually unfinished, so the place of a new line and of the
//! keyword just typed is judged by matching keywords, not by the tree.

use base::{CancelToken, Edit, TextRange};
use syntax::TokenKind;

use crate::code::Code;
use crate::formatting::FormatOptions;
use crate::formatting::layout::layout;
use crate::formatting::units::{is_clause, is_closing, is_opening, units};
use crate::formatting::whole_lines;

/// Lays out the statement that the `;` before the cursor ends; of a compound one its last line.
pub(crate) fn after_semicolon(code: &Code<'_>, offset: u32, options: &FormatOptions) -> Vec<Edit> {
    let tokens = code.tree().tokens();
    let typed = offset.checked_sub(1).and_then(|offset| code.tree().token_at(offset));
    let Some(typed) = typed.filter(|index| tokens[*index].kind == TokenKind::Semicolon) else {
        return Vec::new();
    };
    let units = units(code.tree());
    let start = (0..=typed).rev().find(|index| units[*index].is_some()).unwrap_or(typed);
    // A `;` that ends nothing is a unit itself; what it was typed behind is on its line.
    let range = TextRange { start: tokens[start].start, end: tokens[typed].end };
    layout(code, whole_lines(code, range), options, &CancelToken::new())
}

/// Indents the new line, and puts a closing keyword on the line just left under the keyword it closes.
pub(crate) fn after_line_end(code: &Code<'_>, offset: u32, options: &FormatOptions) -> Vec<Edit> {
    let tree = code.tree();
    let line = tree.line_of(offset);
    let Some(&line_start) = tree.line_starts().get(line as usize) else { return Vec::new() };
    let next = tree.token_at_or_after(line_start);
    let is_inside = next > 0 && tree.tokens()[next - 1].end > line_start;
    let is_in_literal = tree
        .next_code_token(next)
        .is_some_and(|token| matches!(token.kind, TokenKind::StringPart | TokenKind::StringTail));
    if line == 0 || is_inside || is_in_literal {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    let left = first_token_of_line(code, line - 1);
    let fixed = left.and_then(|index| Some((index, partner_indent(code, index)?)));
    if let Some((index, indent)) = &fixed {
        edits.extend(indent_edit(code, *index, indent));
    }
    let started = first_token_of_line(code, line);
    let wanted = match started.and_then(|index| partner_indent(code, index)) {
        Some(indent) => Some(indent),
        None => new_line_indent(code, next, fixed.as_ref(), options),
    };
    if let Some(wanted) = wanted {
        let rest = TextRange { start: line_start, end: code.line_end(line) }.slice(code.text());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let indent = TextRange { start: line_start, end: line_start + blanks as u32 };
        if indent.slice(code.text()) != wanted {
            edits.push(Edit::replace(indent, wanted));
        }
    }
    edits
}

fn first_token_of_line(code: &Code<'_>, line: u32) -> Option<usize> {
    let start = *code.tree().line_starts().get(line as usize)?;
    let index = code.tree().token_at_or_after(start);
    (code.tree().tokens().get(index)?.line == line && code.is_first_on_line(index)).then_some(index)
}

/// Indent of the line with the keyword that the closing or dividing one at `index` belongs to.
fn partner_indent(code: &Code<'_>, index: usize) -> Option<String> {
    let kind = code.tree().tokens()[index].kind;
    if !is_clause(kind) && !is_closing(kind) {
        return None;
    }
    partner(code, index).map(|partner| line_indent(code, partner).to_owned())
}

/// The keyword that opens what the one at `index` divides or closes.
fn partner(code: &Code<'_>, index: usize) -> Option<usize> {
    let tokens = code.tree().tokens();
    let mut depth = 0;
    for at in (0..index).rev() {
        let kind = tokens[at].kind;
        if is_closing(kind) {
            depth += 1;
        } else if is_opening(kind) {
            if depth == 0 {
                return is_pair(kind, tokens[index].kind).then_some(at);
            }
            depth -= 1;
        }
    }
    None
}

fn is_pair(opening: TokenKind, other: TokenKind) -> bool {
    match opening {
        TokenKind::Procedure => other == TokenKind::EndProcedure,
        TokenKind::Function => other == TokenKind::EndFunction,
        TokenKind::If => matches!(other, TokenKind::Elsif | TokenKind::Else | TokenKind::EndIf),
        TokenKind::For | TokenKind::While => other == TokenKind::EndDo,
        TokenKind::Try => matches!(other, TokenKind::Except | TokenKind::EndTry),
        _ => false,
    }
}

/// Indent for code behind the token before `next`; `None` in the middle of a statement.
fn new_line_indent(
    code: &Code<'_>,
    next: usize,
    fixed: Option<&(usize, String)>,
    options: &FormatOptions,
) -> Option<String> {
    let tokens = code.tree().tokens();
    let Some(last) = (0..next).rev().find(|index| !tokens[*index].kind.is_trivia()) else {
        return Some(String::new());
    };
    let indent_at = |index: usize| match fixed {
        Some((keyword, indent)) if tokens[*keyword].line == tokens[index].line => indent.as_str(),
        _ => line_indent(code, index),
    };
    let opened = |index: usize| Some(format!("{}{}", indent_at(index), options.indent.levels(1)));
    match tokens[last].kind {
        TokenKind::Else | TokenKind::Try | TokenKind::Except => opened(last),
        TokenKind::Then => opened(last_of(code, last, &[TokenKind::If, TokenKind::Elsif])?),
        TokenKind::Do => opened(last_of(code, last, &[TokenKind::For, TokenKind::While])?),
        TokenKind::RightParen | TokenKind::Export => opened(method_keyword(code, last)?),
        kind if kind == TokenKind::Semicolon || is_closing(kind) => {
            let units = units(code.tree());
            let start = (0..=last).rev().find(|index| units[*index].is_some()).unwrap_or(last);
            Some(indent_at(start).to_owned())
        }
        _ => None,
    }
}

/// The nearest token of one of the kinds before `index`.
fn last_of(code: &Code<'_>, index: usize, kinds: &[TokenKind]) -> Option<usize> {
    (0..index).rev().find(|at| kinds.contains(&code.tree().tokens()[*at].kind))
}

/// The keyword of the header that the token at `last` ends.
fn method_keyword(code: &Code<'_>, last: usize) -> Option<usize> {
    let tokens = code.tree().tokens();
    let mut depth = 0;
    for at in (0..=last).rev() {
        match tokens[at].kind {
            TokenKind::RightParen => depth += 1,
            TokenKind::LeftParen if depth > 1 => depth -= 1,
            TokenKind::LeftParen => {
                let keyword = at.checked_sub(2)?;
                let is_header = matches!(tokens[keyword].kind, TokenKind::Procedure | TokenKind::Function);
                return is_header.then_some(keyword);
            }
            TokenKind::Semicolon => return None,
            _ => {}
        }
    }
    None
}

fn line_indent<'a>(code: &Code<'a>, index: usize) -> &'a str {
    let line = code.tree().tokens()[index].line;
    let start = code.tree().line_starts()[line as usize];
    let text = TextRange { start, end: code.line_end(line) }.slice(code.text());
    &text[..text.len() - text.trim_start_matches([' ', '\t']).len()]
}

fn indent_edit(code: &Code<'_>, index: usize, indent: &str) -> Option<Edit> {
    let old = line_indent(code, index);
    let end = code.tree().tokens()[index].start;
    (old != indent).then(|| Edit::replace(TextRange { start: end - old.len() as u32, end }, indent))
}
