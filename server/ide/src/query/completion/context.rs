//! Where the cursor stands in a query that is being typed. Tokens decide, not the shape of the tree.

use base::{TextRange, same_name};
use syntax::{QueryToken, QueryTokenKind};

use crate::query::code::QueryCode;
use crate::query::meaning::{TYPE, VALUE, is_any_of};

pub(super) const CAST: [&str; 2] = ["ВЫРАЗИТЬ", "CAST"];
const REFS: [&str; 2] = ["ССЫЛКА", "REFS"];

/// The clause around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clause {
    Select,
    Into,
    From,
    /// `ПО` of a join.
    On,
    Where,
    Group,
    Having,
    ForUpdate,
    Union,
    Order,
    Totals,
    /// Behind `ПО` of the totals.
    TotalsBy,
    Index,
    Drop,
}

/// What may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A name that is being invented, a comment, a literal.
    Nothing,
    /// No query has begun.
    Start,
    /// Behind `&`.
    Parameter,
    /// Names of a table; those before the dot.
    Table(Vec<String>),
    /// `ТИП(`, `ВЫРАЗИТЬ(… КАК`, `ССЫЛКА`.
    Type { path: Vec<String>, is_cast: bool },
    /// `ЗНАЧЕНИЕ(`.
    Value(Vec<String>),
    /// Behind the dot of a field or of an alias.
    Field(Vec<String>),
    /// Behind the dot of a call; the token is its closing parenthesis.
    BehindCall(usize),
    /// A value has to follow.
    Operand(Clause),
    /// A value has just ended.
    AfterOperand(Clause),
    /// Behind a word that needs others: `УПОРЯДОЧИТЬ`.
    Behind(QueryTokenKind),
    /// A parameter of a virtual table by its index.
    Virtual { path: Vec<String>, index: usize },
    /// A temporary table that is dropped.
    Drop,
}

pub(super) struct Context<'c, 'a> {
    code: &'c QueryCode<'a>,
    /// Code tokens, comments left out; of the query without the word under the cursor.
    tokens: Vec<QueryToken>,
    /// Number of tokens before the word.
    pub(super) count: usize,
    /// An opening parenthesis stands behind the word.
    pub(super) has_arguments: bool,
}

impl<'c, 'a> Context<'c, 'a> {
    pub(super) fn new(code: &'c QueryCode<'a>, word: TextRange) -> Self {
        let all = code.tree.tokens().iter().copied();
        let tokens: Vec<_> = all.filter(|token| token.kind != QueryTokenKind::Comment).collect();
        let count = tokens.partition_point(|token| token.end <= word.start);
        let has_arguments = code.text().get(word.end as usize..).is_some_and(|rest| rest.starts_with('('));
        Self { code, tokens, count, has_arguments }
    }

    fn text(&self, index: usize) -> &str {
        self.tokens[index].range().slice(self.code.text())
    }

    fn kind(&self, index: usize) -> QueryTokenKind {
        self.tokens[index].kind
    }

    fn before(&self, index: usize) -> Option<usize> {
        index.checked_sub(1)
    }

    pub(super) fn place(&self) -> Place {
        let Some(last) = self.count.checked_sub(1) else { return Place::Start };
        match self.kind(last) {
            QueryTokenKind::Ampersand => Place::Parameter,
            QueryTokenKind::Dot => self.behind_dot(last),
            QueryTokenKind::Semicolon => Place::Start,
            QueryTokenKind::Into | QueryTokenKind::Add => Place::Nothing,
            QueryTokenKind::Drop => Place::Drop,
            QueryTokenKind::As if self.is_in_cast(last) => Place::Type { path: Vec::new(), is_cast: true },
            QueryTokenKind::As => Place::Nothing,
            kind if is_table_word(kind) => Place::Table(Vec::new()),
            QueryTokenKind::Comma if self.is_table_comma(last) => Place::Table(Vec::new()),
            _ if self.is_refs(last) => Place::Type { path: Vec::new(), is_cast: false },
            QueryTokenKind::LeftParen => self.behind_parenthesis(last),
            QueryTokenKind::Comma => self.argument(last).unwrap_or_else(|| Place::Operand(self.clause(last))),
            kind if needs_words(kind) => Place::Behind(kind),
            kind if ends_operand(kind) => Place::AfterOperand(self.clause(last)),
            QueryTokenKind::Star if self.is_all_fields(last) => Place::AfterOperand(self.clause(last)),
            _ => match self.argument(last + 1) {
                Some(place @ Place::Virtual { .. }) => place,
                _ => Place::Operand(self.clause(last)),
            },
        }
    }

    /// `*` that stands for all fields.
    fn is_all_fields(&self, star: usize) -> bool {
        let before = self.before(star).map(|index| self.kind(index));
        before.is_none_or(|kind| !ends_operand(kind))
    }

    /// `Т.Поле ССЫЛКА `; `КАК Ссылка` and `Т.Ссылка` are names.
    fn is_refs(&self, index: usize) -> bool {
        let Some(before) = self.before(index) else { return false };
        is_any_of(REFS, self.text(index))
            && ends_operand(self.kind(before))
            && self.clause(index) != Clause::Order
    }

    /// Names before a dot and the first token of them.
    fn path_before(&self, dot: usize) -> Option<(Vec<String>, usize)> {
        let mut names = Vec::new();
        let mut dot = dot;
        loop {
            let name = self.before(dot)?;
            let kind = self.kind(name);
            if !(kind == QueryTokenKind::Identifier || kind.is_keyword()) {
                return None;
            }
            names.push(self.text(name).to_owned());
            match self.before(name) {
                Some(before) if self.kind(before) == QueryTokenKind::Dot => dot = before,
                _ => {
                    names.reverse();
                    return Some((names, name));
                }
            }
        }
    }

    fn behind_dot(&self, dot: usize) -> Place {
        let Some((path, head)) = self.path_before(dot) else {
            return match self.before(dot) {
                Some(closing) if self.kind(closing) == QueryTokenKind::RightParen => {
                    Place::BehindCall(closing)
                }
                _ => Place::Nothing,
            };
        };
        let Some(before) = self.before(head) else { return Place::Nothing };
        match self.kind(before) {
            kind if is_table_word(kind) => Place::Table(path),
            QueryTokenKind::Comma if self.is_table_comma(before) => Place::Table(path),
            QueryTokenKind::As if self.is_in_cast(before) => Place::Type { path, is_cast: true },
            _ if self.is_refs(before) => Place::Type { path, is_cast: false },
            QueryTokenKind::LeftParen => match self.before(before).map(|index| self.text(index)) {
                Some(function) if is_any_of(VALUE, function) => Place::Value(path),
                Some(function) if is_any_of(TYPE, function) => Place::Type { path, is_cast: false },
                _ => Place::Field(path),
            },
            _ => Place::Field(path),
        }
    }

    fn behind_parenthesis(&self, open: usize) -> Place {
        let Some(before) = self.before(open) else { return Place::Nothing };
        let name = self.text(before);
        match self.kind(before) {
            QueryTokenKind::From | QueryTokenKind::Join => Place::Start,
            QueryTokenKind::Comma if self.is_table_comma(before) => Place::Start,
            // `Т.Строки.(`
            QueryTokenKind::Dot => match self.path_before(before) {
                Some((path, _)) => Place::Field(path),
                None => Place::Nothing,
            },
            _ if is_any_of(VALUE, name) => Place::Value(Vec::new()),
            _ if is_any_of(TYPE, name) => Place::Type { path: Vec::new(), is_cast: false },
            _ => self.argument(open + 1).unwrap_or_else(|| Place::Operand(self.clause(open))),
        }
    }

    /// The parenthesis around a token, with the number of commas between them.
    fn opening(&self, index: usize) -> Option<(usize, usize)> {
        let (mut depth, mut commas) = (0_usize, 0);
        for index in (0..index).rev() {
            match self.kind(index) {
                QueryTokenKind::RightParen => depth += 1,
                QueryTokenKind::LeftParen if depth == 0 => return Some((index, commas)),
                QueryTokenKind::LeftParen => depth -= 1,
                QueryTokenKind::Comma if depth == 0 => commas += 1,
                QueryTokenKind::Semicolon => return None,
                _ => {}
            }
        }
        None
    }

    /// A parameter of a virtual table.
    fn argument(&self, end: usize) -> Option<Place> {
        let end = if self.tokens.get(end).is_some_and(|token| token.kind == QueryTokenKind::Comma) {
            end + 1
        } else {
            end
        };
        let (open, index) = self.opening(end.min(self.count))?;
        let (path, head) = self.path_before(open)?;
        let before = self.before(head)?;
        let is_table = is_table_word(self.kind(before))
            || (self.kind(before) == QueryTokenKind::Comma && self.is_table_comma(before));
        is_table.then_some(Place::Virtual { path, index })
    }

    /// The name of the function whose arguments a token stands in, with the index of the argument.
    pub(super) fn function(&self) -> Option<(&str, usize)> {
        let (open, index) = self.opening(self.count)?;
        let name = self.before(open)?;
        (self.kind(name) == QueryTokenKind::Identifier).then(|| (self.text(name), index))
    }

    /// Tokens between the start of the query and the cursor, the last one first, without what closed parentheses hold
    /// and without what stands outside of an open subquery.
    fn outwards(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let mut depth = 0_usize;
        let mut is_done = false;
        (0..index.min(self.tokens.len())).rev().filter(move |index| {
            if is_done {
                return false;
            }
            match self.kind(*index) {
                QueryTokenKind::Semicolon => is_done = true,
                QueryTokenKind::RightParen => depth += 1,
                QueryTokenKind::LeftParen => depth = depth.saturating_sub(1),
                QueryTokenKind::Select if depth == 0 => {
                    is_done = true;
                    return true;
                }
                _ => return depth == 0,
            }
            false
        })
    }

    /// The clause that a token belongs to, itself included.
    pub(super) fn clause(&self, index: usize) -> Clause {
        let mut has_by = false;
        for index in self.outwards(index + 1) {
            return match self.kind(index) {
                QueryTokenKind::By | QueryTokenKind::On => {
                    has_by = true;
                    continue;
                }
                QueryTokenKind::Select => Clause::Select,
                QueryTokenKind::Into | QueryTokenKind::Add => Clause::Into,
                QueryTokenKind::Join if has_by => Clause::On,
                QueryTokenKind::From | QueryTokenKind::Join => Clause::From,
                QueryTokenKind::Where => Clause::Where,
                QueryTokenKind::Group => Clause::Group,
                QueryTokenKind::Having => Clause::Having,
                QueryTokenKind::Update => Clause::ForUpdate,
                QueryTokenKind::Union => Clause::Union,
                QueryTokenKind::Order => Clause::Order,
                QueryTokenKind::Totals if has_by => Clause::TotalsBy,
                QueryTokenKind::Totals => Clause::Totals,
                QueryTokenKind::Index => Clause::Index,
                QueryTokenKind::Drop => Clause::Drop,
                _ => continue,
            };
        }
        Clause::Select
    }

    /// The cursor stands between parentheses that are no subquery.
    pub(super) fn is_in_parentheses(&self) -> bool {
        let Some((open, _)) = self.opening(self.count) else { return false };
        self.tokens.get(open + 1).is_none_or(|token| token.kind != QueryTokenKind::Select)
    }

    /// The last word of a `ВЫБОР` without `КОНЕЦ` before the cursor.
    pub(super) fn word_of_case(&self) -> Option<QueryTokenKind> {
        let mut closed = 0_usize;
        for index in self.outwards(self.count) {
            match self.kind(index) {
                QueryTokenKind::End => closed += 1,
                QueryTokenKind::Case if closed > 0 => closed -= 1,
                kind @ (QueryTokenKind::Case
                | QueryTokenKind::When
                | QueryTokenKind::Then
                | QueryTokenKind::Else)
                    if closed == 0 =>
                {
                    return Some(kind);
                }
                _ => {}
            }
        }
        None
    }

    /// The select around has made this word already.
    pub(super) fn has_word(&self, kind: QueryTokenKind) -> bool {
        self.outwards(self.count).any(|index| self.kind(index) == kind)
    }

    fn is_table_comma(&self, comma: usize) -> bool {
        let in_list = self.clause(comma);
        let inside = self.opening(comma).is_some_and(|(open, _)| {
            self.tokens.get(open + 1).is_none_or(|token| token.kind != QueryTokenKind::Select)
        });
        !inside && matches!(in_list, Clause::From | Clause::On)
    }

    fn is_in_cast(&self, index: usize) -> bool {
        let opening = self.opening(index).and_then(|(open, _)| self.before(open));
        opening.is_some_and(|name| CAST.iter().any(|cast| same_name(cast, self.text(name))))
    }

    /// Offset of a token by its index here.
    pub(super) fn token(&self, index: usize) -> QueryToken {
        self.tokens[index]
    }
}

fn is_table_word(kind: QueryTokenKind) -> bool {
    matches!(kind, QueryTokenKind::From | QueryTokenKind::Join)
}

fn needs_words(kind: QueryTokenKind) -> bool {
    matches!(
        kind,
        QueryTokenKind::Order
            | QueryTokenKind::Group
            | QueryTokenKind::Index
            | QueryTokenKind::Union
            | QueryTokenKind::All
            | QueryTokenKind::Left
            | QueryTokenKind::Right
            | QueryTokenKind::Full
            | QueryTokenKind::Inner
            | QueryTokenKind::Outer
            | QueryTokenKind::For
            | QueryTokenKind::Is
            | QueryTokenKind::AutoOrder
            | QueryTokenKind::Only
            | QueryTokenKind::Unique
    )
}

fn ends_operand(kind: QueryTokenKind) -> bool {
    matches!(
        kind,
        QueryTokenKind::Identifier
            | QueryTokenKind::Number
            | QueryTokenKind::String
            | QueryTokenKind::Placeholder
            | QueryTokenKind::RightParen
            | QueryTokenKind::RightBrace
            | QueryTokenKind::End
            | QueryTokenKind::True
            | QueryTokenKind::False
            | QueryTokenKind::Undefined
            | QueryTokenKind::Null
            | QueryTokenKind::Ascending
            | QueryTokenKind::Descending
            | QueryTokenKind::Hierarchy
            | QueryTokenKind::Overall
            | QueryTokenKind::Refs
            | QueryTokenKind::Update
    )
}
