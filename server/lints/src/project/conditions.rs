//! Environments that the code between `#Если` and `#КонецЕсли` runs in.

use std::ops::{BitAnd, BitOr, Not};

use base::TextRange;
use serde::{Deserialize, Serialize};
use syntax::{DirectiveWord, DirectiveWordKind, TokenKind, directive_words};

use crate::facts::ModuleFacts;

/// A set of environments; empty where nothing is known, so that nothing is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Environments(u16);

impl Environments {
    pub const SERVER: Self = Self(1);
    pub const THIN_CLIENT: Self = Self(1 << 1);
    pub const WEB_CLIENT: Self = Self(1 << 2);
    const THICK_MANAGED: Self = Self(1 << 3);
    const THICK_ORDINARY: Self = Self(1 << 4);
    const EXTERNAL_CONNECTION: Self = Self(1 << 5);
    const MOBILE_CLIENT: Self = Self(1 << 6);
    const MOBILE_APP_CLIENT: Self = Self(1 << 7);
    const MOBILE_APP_SERVER: Self = Self(1 << 8);
    const STANDALONE_SERVER: Self = Self(1 << 9);
    const ALL: Self = Self((1 << 10) - 1);
    /// Clients that every configuration with managed forms runs in.
    pub const CLIENT: Self = Self(Self::THIN_CLIENT.0 | Self::WEB_CLIENT.0);

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn of_symbol(name: &str) -> Option<Self> {
        let is = |names: &[&str]| names.iter().any(|known| base::same_name(known, name));
        let client = Self::CLIENT
            | Self::THICK_MANAGED
            | Self::THICK_ORDINARY
            | Self::MOBILE_CLIENT
            | Self::MOBILE_APP_CLIENT;
        let server = Self::SERVER | Self::MOBILE_APP_SERVER | Self::STANDALONE_SERVER;
        let table: [(&[&str], Self); 10] = [
            (&["Сервер", "НаСервере", "Server", "AtServer"], server),
            (&["Клиент", "НаКлиенте", "Client", "AtClient"], client),
            (&["ТонкийКлиент", "ThinClient"], Self::THIN_CLIENT),
            (&["ВебКлиент", "WebClient"], Self::WEB_CLIENT),
            (&["ТолстыйКлиентОбычноеПриложение", "ThickClientOrdinaryApplication"], Self::THICK_ORDINARY),
            (&["ТолстыйКлиентУправляемоеПриложение", "ThickClientManagedApplication"], Self::THICK_MANAGED),
            (&["ВнешнееСоединение", "ExternalConnection"], Self::EXTERNAL_CONNECTION),
            (&["МобильныйКлиент", "MobileClient"], Self::MOBILE_CLIENT),
            (&["МобильноеПриложениеКлиент", "MobileAppClient"], Self::MOBILE_APP_CLIENT),
            (&["МобильноеПриложениеСервер", "MobileAppServer"], Self::MOBILE_APP_SERVER),
        ];
        if is(&["МобильныйАвтономныйСервер", "MobileStandaloneServer"]) {
            return Some(Self::STANDALONE_SERVER);
        }
        table.into_iter().find(|(names, _)| is(names)).map(|(_, environments)| environments)
    }
}

impl BitAnd for Environments {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Environments {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Not for Environments {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }
}

/// Where the set of environments changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Conditions {
    /// Offset and what holds from there on, sorted.
    changes: Vec<(u32, Environments)>,
}

/// An open `#Если`.
struct Frame {
    outer: Environments,
    /// Environments of the branches so far; `None` if a condition is not understood.
    taken: Option<Environments>,
}

impl Conditions {
    pub(crate) fn new(facts: &ModuleFacts<'_>) -> Self {
        let mut changes = Vec::new();
        let mut frames: Vec<Frame> = Vec::new();
        let mut current = Environments::ALL;
        for directive in facts.directives() {
            let condition = || {
                let text = (facts.text)(directive.range);
                evaluate(&directive_words(&text, TextRange::from(0..text.len())))
            };
            match directive.kind {
                TokenKind::DirectiveIf => {
                    let taken = condition();
                    frames.push(Frame { outer: current, taken });
                    current = current & taken.unwrap_or_default();
                }
                TokenKind::DirectiveElsif => {
                    let Some(frame) = frames.last_mut() else { continue };
                    let branch = condition();
                    let before = frame.taken;
                    frame.taken = before.zip(branch).map(|(before, branch)| before | branch);
                    let own = before.zip(branch).map(|(before, branch)| branch & !before);
                    current = frame.outer & own.unwrap_or_default();
                }
                TokenKind::DirectiveElse => {
                    let Some(frame) = frames.last_mut() else { continue };
                    current = frame.outer & frame.taken.map(|taken| !taken).unwrap_or_default();
                }
                TokenKind::DirectiveEndIf => {
                    let Some(frame) = frames.pop() else { continue };
                    current = frame.outer;
                }
                _ => continue,
            }
            changes.push((directive.range.end, current));
        }
        Self { changes }
    }

    pub(crate) fn at(&self, offset: u32) -> Environments {
        let after = self.changes.partition_point(|(start, _)| *start <= offset);
        let before = after.checked_sub(1).and_then(|index| self.changes.get(index));
        before.map_or(Environments::ALL, |(_, environments)| *environments)
    }
}

/// Environments that meet a condition; `None` if it is not understood.
fn evaluate(words: &[DirectiveWord<'_>]) -> Option<Environments> {
    let mut parser = Parser { words: words.get(1..)?, depth: 0 };
    let value = parser.alternatives()?;
    let rest = parser.words.first();
    let is_end = rest.is_none_or(|word| is_keyword(word, TokenKind::Then));
    is_end.then_some(value)
}

const MAX_DEPTH: u8 = 32;

struct Parser<'a> {
    words: &'a [DirectiveWord<'a>],
    depth: u8,
}

impl<'a> Parser<'a> {
    fn take(&mut self, is_wanted: impl Fn(&DirectiveWord<'a>) -> bool) -> bool {
        let is_next = self.words.first().is_some_and(is_wanted);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }

    fn alternatives(&mut self) -> Option<Environments> {
        let mut value = self.conjunction()?;
        while self.take(|word| is_keyword(word, TokenKind::Or)) {
            value = value | self.conjunction()?;
        }
        Some(value)
    }

    fn conjunction(&mut self) -> Option<Environments> {
        let mut value = self.operand()?;
        while self.take(|word| is_keyword(word, TokenKind::And)) {
            value = value & self.operand()?;
        }
        Some(value)
    }

    fn operand(&mut self) -> Option<Environments> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = self.nested();
        self.depth -= 1;
        value
    }

    fn nested(&mut self) -> Option<Environments> {
        if self.take(|word| is_keyword(word, TokenKind::Not)) {
            return self.operand().map(Environments::not);
        }
        if self.take(|word| word.text == "(") {
            let value = self.alternatives()?;
            return self.take(|word| word.text == ")").then_some(value);
        }
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        (word.kind == DirectiveWordKind::Word).then(|| Environments::of_symbol(word.text)).flatten()
    }
}

fn is_keyword(word: &DirectiveWord<'_>, kind: TokenKind) -> bool {
    kind.canonical_spellings().iter().any(|keyword| base::same_name(keyword, word.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(condition: &str, expected: Option<Environments>) {
        let words = directive_words(condition, TextRange::from(0..condition.len()));
        assert_eq!(evaluate(&words), expected, "{condition}");
    }

    #[test]
    fn conditions_give_environments() {
        let client = Environments::of_symbol("Клиент").expect("invariant: a known symbol");
        check("#Если ТонкийКлиент Тогда", Some(Environments::THIN_CLIENT));
        check("#If Not (ThinClient Or WebClient) And Client Then", Some(client & !Environments::CLIENT));
        check("#Если Не ВебКлиент", Some(!Environments::WEB_CLIENT));
        check("#ИначеЕсли Сервер И НЕ Сервер Или ВебКлиент Тогда", Some(Environments::WEB_CLIENT));
        for broken in ["#Если", "#Если Linux Тогда", "#Если (Сервер Тогда", "#Если Сервер Клиент Тогда"]
        {
            check(broken, None);
        }
        check(&format!("#Если {}Сервер", "НЕ ".repeat(1000)), None);
    }
}
