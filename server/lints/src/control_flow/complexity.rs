//! Places that make code harder to follow, found in one pass over tokens. Both complexity rules add up
//! their points.

use std::ops::Range;

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

use crate::facts::ModuleFacts;

/// A place with the points it adds to each score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Increment {
    pub range: TextRange,
    pub cognitive: u32,
    pub cyclomatic: u32,
}

/// A score with the places it comes from.
#[derive(Default)]
pub(crate) struct Score {
    pub total: i64,
    pub places: Vec<TextRange>,
}

impl Score {
    fn add(&mut self, range: TextRange, points: u32) {
        if points > 0 {
            self.total += i64::from(points);
            self.places.push(range);
        }
    }
}

/// Scores of a method as the complexity rules count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodComplexity {
    /// The name of the method.
    pub name: TextRange,
    pub cyclomatic: u32,
    pub cognitive: u32,
}

/// Scores of the methods of a module, in order; unfinished methods have none.
pub fn method_complexities(source: Source<'_>) -> impl Iterator<Item = MethodComplexity> {
    let tree = source.tree;
    let methods = tree.nodes().filter(|(_, node)| node.kind.is_method());
    methods.filter_map(move |(method, _)| {
        let block = tree.child_of_kind(method, NodeKind::Block)?;
        let name = tree.range(tree.child(method, Role::Name)?);
        let mut scores = MethodComplexity { name, cyclomatic: 1, cognitive: 0 };
        find_increments(source, tree.token_span(block), source.slice(name), |increment| {
            scores.cyclomatic += increment.cyclomatic;
            scores.cognitive += increment.cognitive;
        });
        Some(scores)
    })
}

/// Score of a method, if it is greater than a threshold. The name of the method is its first place.
pub(crate) fn method_score(
    source: Source<'_>,
    method: NodeId,
    threshold: i64,
    start: u32,
    points: fn(&Increment) -> u32,
) -> Option<Score> {
    let tree = source.tree;
    let block = tree.child_of_kind(method, NodeKind::Block)?;
    let name = tree.range(tree.child(method, Role::Name)?);
    let tokens = tree.token_span(block);
    let mut total = i64::from(start);
    find_increments(source, tokens.clone(), source.slice(name), |increment| {
        total += i64::from(points(&increment));
    });
    if total <= threshold {
        return None;
    }
    let mut score = Score { total: i64::from(start), places: vec![name] };
    find_increments(source, tokens, source.slice(name), |increment| {
        score.add(increment.range, points(&increment));
    });
    Some(score)
}

/// Score of the code outside methods.
pub(crate) fn module_score(facts: &ModuleFacts<'_>, points: fn(&Increment) -> u32) -> Score {
    let mut score = Score::default();
    for (offset, section) in &facts.sections {
        for increment in &section.outside_increments {
            score.add(increment.range.shifted(*offset), points(increment));
        }
    }
    score
}

/// Reports every place in some tokens; calls of the method's own name count.
pub(crate) fn find_increments(
    source: Source<'_>,
    tokens: Range<usize>,
    own_name: &str,
    mut report: impl FnMut(Increment),
) {
    let tokens = source.tree.tokens().get(tokens).unwrap_or_default();
    let mut scanner = Scanner::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind.is_trivia() {
            continue;
        }
        let is_own_call = token.kind == TokenKind::Identifier
            && !matches!(scanner.previous, Some(TokenKind::Dot | TokenKind::New))
            && is_called(&tokens[index + 1..])
            && base::same_name(source.token_text(token), own_name);
        let (cognitive, cyclomatic) = if is_own_call { (1, 1) } else { scanner.points(token.kind) };
        scanner.advance(token.kind);
        if cognitive + cyclomatic > 0 {
            report(Increment { range: token.range(), cognitive, cyclomatic });
        }
    }
}

fn is_called(rest: &[syntax::Token]) -> bool {
    rest.iter().find(|token| !token.kind.is_trivia()).is_some_and(|token| token.kind == TokenKind::LeftParen)
}

/// What a bracket opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// A part of the expression around it.
    Spliced,
    /// Parentheses behind a negation: logical operators in them end the run around them.
    Negated,
    /// Arguments or an index: expressions of their own.
    Arguments,
    /// Parts of a ternary operator.
    Ternary,
}

struct Level {
    bracket: Bracket,
    /// The level whose run goes on here.
    owner: usize,
    /// Parentheses of the expression around this place.
    depth: u32,
    /// The operator of the current run; kept by owners.
    run: Option<TokenKind>,
    has_operators: bool,
}

struct Scanner {
    nesting: u32,
    /// The last code token.
    previous: Option<TokenKind>,
    /// Open brackets; the first level is the statement itself.
    levels: Vec<Level>,
}

impl Scanner {
    fn new() -> Self {
        let base = Level { bracket: Bracket::Arguments, owner: 0, depth: 0, run: None, has_operators: false };
        Self { nesting: 0, previous: None, levels: vec![base] }
    }

    /// Cognitive and cyclomatic points of a token.
    fn points(&mut self, kind: TokenKind) -> (u32, u32) {
        match kind {
            TokenKind::If | TokenKind::While | TokenKind::For | TokenKind::Except | TokenKind::Question => {
                (1 + self.nesting, 1)
            }
            TokenKind::Elsif | TokenKind::Else | TokenKind::Goto => (1, 1),
            TokenKind::And | TokenKind::Or => self.operator(kind),
            _ => (0, 0),
        }
    }

    /// A change of the operator starts a run; each pair of parentheses around an operator counts it once
    /// more.
    fn operator(&mut self, kind: TokenKind) -> (u32, u32) {
        let (owner, depth) = self.top();
        let level = &mut self.levels[owner];
        let starts_run = level.run != Some(kind);
        level.run = Some(kind);
        level.has_operators = true;
        (u32::from(starts_run), 1 + depth)
    }

    fn top(&self) -> (usize, u32) {
        self.levels.last().map_or((0, 0), |level| (level.owner, level.depth))
    }

    fn advance(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::LeftParen => self.open(self.bracket_behind()),
            TokenKind::LeftBracket => self.open(Bracket::Arguments),
            TokenKind::RightParen | TokenKind::RightBracket => self.close(),
            TokenKind::Comma => {
                let (owner, _) = self.top();
                self.levels[owner].run = None;
            }
            _ if is_between_expressions(kind) => self.end_expression(),
            _ => {}
        }
        match kind {
            TokenKind::If | TokenKind::While | TokenKind::For | TokenKind::Except => self.nesting += 1,
            TokenKind::EndIf | TokenKind::EndDo | TokenKind::EndTry => {
                self.nesting = self.nesting.saturating_sub(1);
            }
            _ => {}
        }
        self.previous = Some(kind);
    }

    fn bracket_behind(&self) -> Bracket {
        match self.previous {
            Some(TokenKind::Question) => Bracket::Ternary,
            Some(TokenKind::Not) => Bracket::Negated,
            Some(TokenKind::Identifier | TokenKind::New | TokenKind::Raise) => Bracket::Arguments,
            _ => Bracket::Spliced,
        }
    }

    fn open(&mut self, bracket: Bracket) {
        let (owner, depth) = self.top();
        let own = self.levels.len();
        let (owner, depth) = match bracket {
            Bracket::Spliced => (owner, depth + 1),
            Bracket::Negated => (own, depth + 1),
            Bracket::Arguments | Bracket::Ternary => (own, 0),
        };
        self.nesting += u32::from(bracket == Bracket::Ternary);
        self.levels.push(Level { bracket, owner, depth, run: None, has_operators: false });
    }

    fn close(&mut self) {
        if self.levels.len() == 1 {
            return;
        }
        let Some(level) = self.levels.pop() else { return };
        if level.bracket == Bracket::Ternary {
            self.nesting = self.nesting.saturating_sub(1);
        }
        if level.bracket == Bracket::Negated && level.has_operators {
            let (owner, _) = self.top();
            self.levels[owner].run = None;
            self.levels[owner].has_operators = true;
        }
    }

    /// Brackets that were never closed end here too.
    fn end_expression(&mut self) {
        while self.levels.len() > 1 {
            self.close();
        }
        self.levels[0].run = None;
    }
}

fn is_between_expressions(kind: TokenKind) -> bool {
    kind == TokenKind::Semicolon
        || (kind.is_keyword()
            && !matches!(
                kind,
                TokenKind::And
                    | TokenKind::Or
                    | TokenKind::Not
                    | TokenKind::True
                    | TokenKind::False
                    | TokenKind::Undefined
                    | TokenKind::Null
                    | TokenKind::New
                    | TokenKind::Await
            ))
}
