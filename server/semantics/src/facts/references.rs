//! Uses of names. A large configuration has millions of them, so a section keeps them as a stream of bytes, about ten
//! per reference, and iterators unpack it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::facts::names::NameIndex;
use crate::facts::place::{Place, Shift};

/// One use of a name that may mean something outside its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// In lower case; of literals and tables of queries, their whole content.
    pub name: &'a str,
    pub receiver: Receiver<'a>,
    pub kind: ReferenceKind,
    /// Number of arguments of a call or of `Новый`, 127 for more; skipped ones count.
    pub arguments: u8,
    /// Bits of the arguments that are left out, the first one lowest; those behind the 32nd are not told.
    pub skipped: u32,
    /// What the name without receiver, or the first name of the receiver, may be.
    pub origin: Origin,
    /// Of the name; of literals, of the content between the quotes.
    pub place: Place,
}

/// What stands before the dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver<'a> {
    /// The name stands alone.
    None,
    /// Names joined by dots, in lower case: `справочники.товары`.
    Path(&'a str),
    /// More than a path of names: `Новый Массив`, `Ф().`, `А[0].`.
    Complex,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Origin {
    /// Nothing of the method: a variable of the module, a method, an attribute, a name of the platform.
    #[default]
    Outside,
    /// The method assigns the name without declaring it: a local variable, unless the module or its owner has it.
    MaybeLocal,
    /// A parameter or a declared variable of the method.
    Local,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ReferenceKind {
    /// A call whose value is used.
    FunctionCall,
    /// A call as a statement.
    ProcedureCall,
    Read,
    /// The target of an assignment or a loop.
    Write,
    /// `Новый X`.
    New,
    /// A literal whose content is a name or a path of names: `"ОбработкаВыбора"`, `"Справочник.Товары"`.
    Literal,
    /// A table, a type or a value in a query text, with all its names: `справочник.товары`.
    QueryTable,
    /// `&Вместо("X")`.
    Annotation,
    /// A path behind `См.` in a comment.
    DocLink,
}

impl ReferenceKind {
    const ALL: [Self; 9] = [
        Self::FunctionCall,
        Self::ProcedureCall,
        Self::Read,
        Self::Write,
        Self::New,
        Self::Literal,
        Self::QueryTable,
        Self::Annotation,
        Self::DocLink,
    ];

    pub fn is_call(self) -> bool {
        matches!(self, Self::FunctionCall | Self::ProcedureCall)
    }

    fn has_arguments(self) -> bool {
        self.is_call() || self == Self::New
    }
}

/// Index of a receiver in the names of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReceiverIndex {
    None,
    Path(u32),
    Complex,
}

/// A reference before it is packed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnpackedReference {
    pub name: u32,
    pub receiver: ReceiverIndex,
    pub kind: ReferenceKind,
    pub arguments: u8,
    pub skipped: u32,
    pub origin: Origin,
    pub place: Place,
}

/// References in the order of the text.
///
/// Each is: a byte of kind (3 bits), receiver (2) and origin (2) with one bit for "same line"; the name; the path of
/// the receiver if there is one; the fourth kind of receiver says that the kind is one of the next eight; arguments of
/// calls, and which are left out if some are; the way from the start of the previous reference in bytes; on
/// the same line how much more of them are bytes than units of UTF-16, else lines, column and that difference in the
/// column. Numbers are LEB128. The length is that of the name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReferenceList {
    bytes: Bytes,
}

const SAME_LINE: u8 = 0x80;
/// Of the bits of kind.
const KINDS: u8 = 7;
/// Receiver of kinds that do not fit into their bits and never have one.
const NEXT_KINDS: u8 = 3;
/// In the number of arguments: the skipped ones follow.
const HAS_SKIPPED: u8 = 0x80;
pub(crate) const MAX_ARGUMENTS: u8 = 0x7F;

impl ReferenceList {
    pub(crate) fn pack(references: &[UnpackedReference]) -> Self {
        let mut bytes = Vec::with_capacity(references.len() * 10);
        let mut previous = Place::default();
        for reference in references {
            pack_one(&mut bytes, reference, previous);
            previous = reference.place;
        }
        Self { bytes: bytes.into() }
    }

    /// References whose name has one of the indexes.
    pub(crate) fn iter<'a>(&'a self, names: &'a NameIndex, shift: Shift, wanted: Range<u32>) -> Iter<'a> {
        let rest = if wanted.is_empty() { &[][..] } else { &self.bytes };
        Iter { rest, names, shift, wanted, place: Place::default() }
    }

    pub(crate) fn heap_size(&self) -> usize {
        self.bytes.len()
    }
}

fn pack_one(bytes: &mut Vec<u8>, reference: &UnpackedReference, previous: Place) {
    let place = reference.place;
    let (receiver, path) = match reference.receiver {
        ReceiverIndex::None => (0, None),
        ReceiverIndex::Path(path) => (1, Some(path)),
        ReceiverIndex::Complex => (2, None),
    };
    let is_same_line = place.line == previous.line && place.column >= previous.column;
    let kind = reference.kind as u8;
    let receiver = if kind > KINDS { NEXT_KINDS } else { receiver };
    let head = kind & KINDS | receiver << 3 | (reference.origin as u8) << 5;
    bytes.push(if is_same_line { head | SAME_LINE } else { head });
    push_number(bytes, reference.name);
    if let Some(path) = path {
        push_number(bytes, path);
    }
    if reference.kind.has_arguments() {
        let count = reference.arguments.min(MAX_ARGUMENTS);
        bytes.push(if reference.skipped == 0 { count } else { count | HAS_SKIPPED });
        if reference.skipped != 0 {
            push_number(bytes, reference.skipped);
        }
    }
    push_number(bytes, place.offset.saturating_sub(previous.offset));
    let surplus = |place: Place| u32::from(place.column.saturating_sub(place.column_utf16));
    if is_same_line {
        push_number(bytes, surplus(place).saturating_sub(surplus(previous)));
    } else {
        push_number(bytes, place.line.saturating_sub(previous.line));
        push_number(bytes, u32::from(place.column));
        push_number(bytes, surplus(place));
    }
}

/// A letter counts at its first byte, and those of four bytes count twice.
fn utf16_length(text: &str) -> usize {
    let starts = text.bytes().filter(|byte| byte & 0xC0 != 0x80).count();
    starts + text.bytes().filter(|byte| *byte >= 0xF0).count()
}

fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Unpacks references. Damaged bytes end it or give wrong numbers; it never panics.
pub(crate) struct Iter<'a> {
    rest: &'a [u8],
    names: &'a NameIndex,
    shift: Shift,
    wanted: Range<u32>,
    /// Of the previous reference, without its length.
    place: Place,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Reference<'a>;

    fn next(&mut self) -> Option<Reference<'a>> {
        loop {
            let unpacked = self.unpack()?;
            if self.wanted.contains(&unpacked.name) {
                return self.resolve(unpacked);
            }
        }
    }
}

impl<'a> Iter<'a> {
    fn unpack(&mut self) -> Option<UnpackedReference> {
        let head = self.byte()?;
        let name = self.number()?;
        let (receiver, group) = match head >> 3 & 3 {
            0 => (ReceiverIndex::None, 0),
            1 => (ReceiverIndex::Path(self.number()?), 0),
            2 => (ReceiverIndex::Complex, 0),
            _ => (ReceiverIndex::None, KINDS + 1),
        };
        let kind = *ReferenceKind::ALL.get(usize::from(head & KINDS | group))?;
        let arguments = if kind.has_arguments() { self.byte()? } else { 0 };
        let skipped = if arguments & HAS_SKIPPED == 0 { 0 } else { self.number()? };
        let arguments = arguments & MAX_ARGUMENTS;
        let origin =
            [Origin::Outside, Origin::MaybeLocal, Origin::Local, Origin::Local][usize::from(head >> 5 & 3)];
        self.advance(head & SAME_LINE != 0)?;
        Some(UnpackedReference { name, receiver, kind, arguments, skipped, origin, place: self.place })
    }

    /// Moves to the place of the next reference.
    fn advance(&mut self, is_same_line: bool) -> Option<()> {
        let way = self.number()?;
        let place = &mut self.place;
        place.offset = place.offset.wrapping_add(way);
        if is_same_line {
            let surplus = self.number()? as u16;
            let place = &mut self.place;
            place.column = place.column.wrapping_add(way as u16);
            place.column_utf16 = place.column_utf16.wrapping_add(way as u16).wrapping_sub(surplus);
        } else {
            self.place.line = self.place.line.wrapping_add(self.number()?);
            self.place.column = self.number()? as u16;
            self.place.column_utf16 = self.place.column.wrapping_sub(self.number()? as u16);
        }
        Some(())
    }

    fn resolve(&self, unpacked: UnpackedReference) -> Option<Reference<'a>> {
        let name = self.names.get(unpacked.name)?;
        let receiver = match unpacked.receiver {
            ReceiverIndex::None => Receiver::None,
            ReceiverIndex::Path(path) => Receiver::Path(self.names.get(path)?),
            ReceiverIndex::Complex => Receiver::Complex,
        };
        let length_utf16 = if name.is_ascii() { name.len() } else { utf16_length(name) };
        let place = Place { length: cut(name.len()), length_utf16: cut(length_utf16), ..unpacked.place };
        let UnpackedReference { kind, arguments, skipped, origin, .. } = unpacked;
        Some(Reference { name, receiver, kind, arguments, skipped, origin, place: self.shift.place(place) })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// Lengths and columns beyond 65,535 do not occur in code that people read.
pub(crate) fn cut(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(offset: u32, line: u32, column: u16, column_utf16: u16) -> Place {
        Place { offset, line, column, column_utf16, length: 0, length_utf16: 0 }
    }

    #[test]
    fn references_come_back_as_they_were() {
        let names = NameIndex::from_sorted(["x", "товары"].into_iter());
        let list = [
            (0, ReceiverIndex::None, ReferenceKind::Read, (0, 0), Origin::MaybeLocal, place(3, 0, 3, 3)),
            (0, ReceiverIndex::None, ReferenceKind::DocLink, (0, 0), Origin::Outside, place(9, 0, 9, 9)),
            (
                1,
                ReceiverIndex::Path(0),
                ReferenceKind::ProcedureCall,
                (127, 0x8000_0001),
                Origin::Local,
                place(20, 0, 20, 12),
            ),
            (
                1,
                ReceiverIndex::Complex,
                ReferenceKind::Annotation,
                (0, 0),
                Origin::Outside,
                place(900, 70, 300, 150),
            ),
        ];
        let unpacked = list.map(|(name, receiver, kind, (arguments, skipped), origin, place)| {
            UnpackedReference { name, receiver, kind, arguments, skipped, origin, place }
        });
        let packed = ReferenceList::pack(&unpacked);
        let shift = Shift { offset: 1000, line: 10 };
        let all: Vec<_> = packed.iter(&names, shift, 0..u32::MAX).collect();
        assert_eq!(all.len(), 4);
        for (reference, original) in all.iter().zip(&unpacked) {
            let length = names.get(original.name).map_or(0, str::len) as u16;
            let utf16 = if length == 1 { 1 } else { 6 };
            let expected = Place { length, length_utf16: utf16, ..shift.place(original.place) };
            assert_eq!((reference.place, reference.kind), (expected, original.kind));
            assert_eq!((reference.arguments, reference.skipped), (original.arguments, original.skipped));
            assert_eq!(reference.origin, original.origin);
        }
        assert_eq!(all[2].receiver, Receiver::Path("x"));
        assert_eq!(packed.iter(&names, shift, 1..2).count(), 2);
    }

    #[test]
    fn damaged_bytes_do_no_harm() {
        let names = NameIndex::from_sorted(["x"].into_iter());
        let mut seed = 7_u32;
        for length in 0..200 {
            let next = |_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            };
            let bytes: Vec<u8> = (0..length).map(next).collect();
            let list = ReferenceList { bytes: bytes.into() };
            assert!(list.iter(&names, Shift { offset: u32::MAX, line: 1 }, 0..u32::MAX).count() <= length);
        }
    }
}
