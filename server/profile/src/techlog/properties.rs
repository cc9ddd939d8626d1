//! Properties of an event in the text form: `name=value,name='value'`, quotes doubled inside, values over many lines.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::problems::ProblemKind;

/// A value as it stands in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Value<'a> {
    /// Without the quotes around, with those inside still doubled.
    pub(super) raw: &'a [u8],
    /// Zero if there is none.
    pub(super) quote: u8,
}

impl<'a> Value<'a> {
    pub(super) fn plain(raw: &'a [u8]) -> Self {
        Self { raw, quote: 0 }
    }

    /// The text; bytes that are none become question marks.
    pub(super) fn text(&self) -> Cow<'a, str> {
        let text = String::from_utf8_lossy(self.raw);
        if self.quote == 0 || memchr(self.quote, self.raw).is_none() {
            return text;
        }
        let quote = if self.quote == b'"' { "\"" } else { "'" };
        Cow::Owned(text.replace(&quote.repeat(2), quote))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.raw.trim_ascii().is_empty()
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self) -> Option<u64> {
        let digits = self.raw.trim_ascii();
        if digits.is_empty() {
            return None;
        }
        let add = |sum: u64, byte: &u8| {
            byte.is_ascii_digit().then(|| sum.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
        };
        digits.iter().try_fold(0, add)
    }
}

/// Something that is no property, by its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PropertyProblem {
    pub(super) offset: usize,
    pub(super) kind: ProblemKind,
}

/// Gives every property of an event in order; the bytes start after the head. What is wrong is told and skipped.
pub(super) fn each_property<'a>(
    bytes: &'a [u8],
    mut give: impl FnMut(&'a [u8], Value<'a>),
    mut tell: impl FnMut(PropertyProblem),
) {
    let end = bytes.trim_ascii_end().len();
    let mut at = 0;
    while at < end {
        let Some(found) = memchr2(b'=', b',', &bytes[at..end]) else {
            return tell_stray(bytes, at, end, &mut tell);
        };
        let stop = at + found;
        if bytes[stop] == b',' {
            // `level,` of records of contexts; an empty place is nothing.
            if memchr(b'\n', &bytes[at..stop]).is_some() {
                tell(PropertyProblem { offset: at, kind: ProblemKind::BadProperty });
            }
            at = stop + 1;
            continue;
        }
        let name = &bytes[at..stop];
        if memchr(b'\n', name).is_some() {
            tell(PropertyProblem { offset: at, kind: ProblemKind::BadProperty });
        }
        at = stop + 1;
        match bytes.get(at) {
            Some(&quote @ (b'\'' | b'"')) => {
                let Some(close) = closing_quote(&bytes[at + 1..], quote) else {
                    return tell(PropertyProblem { offset: at, kind: ProblemKind::UnclosedQuote });
                };
                give(name, Value { raw: &bytes[at + 1..at + 1 + close], quote });
                at = after_value(bytes, at + close + 2, end, &mut tell);
            }
            _ => {
                let stop = memchr2(b',', b'\n', &bytes[at..end]).map_or(end, |found| at + found);
                give(name, Value::plain(bytes[at..stop].trim_ascii_end()));
                at = after_value(bytes, stop, end, &mut tell);
            }
        }
    }
}

/// Where the next property starts. Lines that continue no quoted value are told one by one.
fn after_value(bytes: &[u8], at: usize, end: usize, tell: &mut impl FnMut(PropertyProblem)) -> usize {
    if at >= end {
        return end;
    }
    if bytes[at] == b',' {
        return at + 1;
    }
    let stop = memchr2(b',', b'\n', &bytes[at..end]).map_or(end, |found| at + found);
    if stop < end && bytes[stop] == b',' {
        tell(PropertyProblem { offset: at, kind: ProblemKind::BadProperty });
        return stop + 1;
    }
    if !bytes[at..stop].trim_ascii().is_empty() {
        tell(PropertyProblem { offset: at, kind: ProblemKind::BadProperty });
    }
    let lines = &bytes[stop.min(end)..end];
    let mut offset = stop;
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        if !line.trim_ascii().is_empty() {
            tell(PropertyProblem { offset, kind: ProblemKind::StrayLine });
        }
        offset += line.len();
    }
    end
}

fn tell_stray(bytes: &[u8], at: usize, end: usize, tell: &mut impl FnMut(PropertyProblem)) {
    // A single word at the end is `level` without a value.
    let is_level = bytes[at..end].trim_ascii() == b"level";
    if !is_level {
        tell(PropertyProblem { offset: at, kind: ProblemKind::BadProperty });
    }
}

/// Offset of the quote that ends a value; two quotes are one that belongs to it.
fn closing_quote(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr(quote, &bytes[at..])?;
        if bytes.get(found + 1) != Some(&quote) {
            return Some(found);
        }
        at = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let mut told = String::new();
        let mut problems = String::new();
        each_property(
            text.as_bytes(),
            |name, value| told += &format!("{} = {:?}\n", String::from_utf8_lossy(name), value.text()),
            |problem| problems += &format!("{:?} at {}\n", problem.kind, problem.offset),
        );
        expected.assert_eq(&(told + &problems));
    }

    #[test]
    fn values_may_be_quoted_and_empty() {
        check(
            "a=1,b=,c='x, ''y''\r\nz',d=\"p \"\"q\"\" 'r'\",Context=Форма.Вызов : А\r\n",
            expect![[r#"
                a = "1"
                b = ""
                c = "x, 'y'\r\nz"
                d = "p \"q\" 'r'"
                Context = "Форма.Вызов : А"
            "#]],
        );
        check("", expect![[""]]);
        check("level", expect![[""]]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(
            "a=1,b='x",
            expect![[r#"
                a = "1"
                UnclosedQuote at 6
            "#]],
        );
        check(
            "a='1'x,b=2,хлам",
            expect![[r#"
                a = "1"
                b = "2"
                BadProperty at 5
                BadProperty at 11
            "#]],
        );
        check(
            "a=1\nхлам один, два\n\nхлам=3\n",
            expect![[r#"
                a = "1"
                StrayLine at 4
                StrayLine at 31
            "#]],
        );
    }
}
