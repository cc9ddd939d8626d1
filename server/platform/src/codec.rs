//! The format of the shipped tables: every string once, then records as numbers. The build script writes it, the
//! crate reads it; strings of the read records are slices of the program itself, so reading copies no text.

use smol_str::SmolStr;

/// A value that the tables hold.
pub trait Record: Sized {
    fn write(&self, writer: &mut Writer);
    fn read(reader: &mut Reader) -> Self;
}

/// Makes a struct a record of its fields.
macro_rules! record {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::codec::Record for $type {
            fn write(&self, writer: &mut $crate::codec::Writer) {
                $(self.$field.write(writer);)*
            }

            fn read(reader: &mut $crate::codec::Reader) -> Self {
                Self { $($field: $crate::codec::Record::read(reader),)* }
            }
        }
    };
}
pub(crate) use record;

#[derive(Default)]
pub struct Writer {
    strings: Vec<SmolStr>,
    numbers: std::collections::HashMap<SmolStr, u32>,
    records: Vec<u8>,
}

impl Writer {
    fn number(&mut self, value: u32) {
        push_number(&mut self.records, value);
    }

    fn string(&mut self, text: &SmolStr) {
        let next = self.strings.len() as u32;
        let number = *self.numbers.entry(text.clone()).or_insert_with(|| {
            self.strings.push(text.clone());
            next
        });
        self.number(number);
    }

    /// Count of strings, their lengths, their text, then the records.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_number(&mut bytes, self.strings.len() as u32);
        for text in &self.strings {
            push_number(&mut bytes, text.len() as u32);
        }
        for text in &self.strings {
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.extend_from_slice(&self.records);
        bytes
    }
}

/// Seven bits per byte, lowest first.
fn push_number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

pub struct Reader {
    bytes: &'static [u8],
    at: usize,
    strings: Vec<&'static str>,
}

impl Reader {
    pub fn new(bytes: &'static [u8]) -> Self {
        let mut reader = Self { bytes, at: 0, strings: Vec::new() };
        let count = reader.number() as usize;
        let lengths: Vec<usize> = (0..count.min(bytes.len())).map(|_| reader.number() as usize).collect();
        reader.strings = lengths.iter().map(|&length| reader.text(length)).collect();
        reader
    }

    /// Nothing is left and nothing was missing.
    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    fn text(&mut self, length: usize) -> &'static str {
        let start = self.at;
        self.at = start.saturating_add(length);
        let bytes = self.bytes.get(start..self.at).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    fn number(&mut self) -> u32 {
        let mut value = 0_u32;
        for shift in (0..32).step_by(7) {
            let byte = self.bytes.get(self.at).copied().unwrap_or_default();
            self.at += 1;
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }
}

impl Record for SmolStr {
    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }

    fn read(reader: &mut Reader) -> Self {
        let number = reader.number() as usize;
        Self::new_static(reader.strings.get(number).copied().unwrap_or_default())
    }
}

impl Record for u32 {
    fn write(&self, writer: &mut Writer) {
        writer.number(*self);
    }

    fn read(reader: &mut Reader) -> Self {
        reader.number()
    }
}

impl Record for bool {
    fn write(&self, writer: &mut Writer) {
        writer.number(u32::from(*self));
    }

    fn read(reader: &mut Reader) -> Self {
        reader.number() != 0
    }
}

impl<T: Record> Record for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        writer.number(self.len() as u32);
        for item in self {
            item.write(writer);
        }
    }

    fn read(reader: &mut Reader) -> Self {
        let count = (reader.number() as usize).min(reader.bytes.len());
        (0..count).map(|_| T::read(reader)).collect()
    }
}
