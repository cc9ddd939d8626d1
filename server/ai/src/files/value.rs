//! Values in the head of a GGUF file. Arrays are kept about as compact as they are in the file, so that no file makes
//! the reader take much more memory than it has itself.

/// The type of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    U64,
    I64,
    F64,
}

pub(crate) const STRING: u32 = 8;
pub(crate) const ARRAY: u32 = 9;

impl Kind {
    pub(crate) fn from_id(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::U8,
            1 => Self::I8,
            2 => Self::U16,
            3 => Self::I16,
            4 => Self::U32,
            5 => Self::I32,
            6 => Self::F32,
            7 => Self::Bool,
            10 => Self::U64,
            11 => Self::I64,
            12 => Self::F64,
            _ => return None,
        })
    }

    fn id(self) -> u32 {
        match self {
            Self::U8 => 0,
            Self::I8 => 1,
            Self::U16 => 2,
            Self::I16 => 3,
            Self::U32 => 4,
            Self::I32 => 5,
            Self::F32 => 6,
            Self::Bool => 7,
            Self::U64 => 10,
            Self::I64 => 11,
            Self::F64 => 12,
        }
    }

    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The low bytes of `bits` are as in the file.
    Number {
        kind: Kind,
        bits: u64,
    },
    String(String),
    Array(Array),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// The elements as in the file.
    Numbers {
        kind: Kind,
        bytes: Vec<u8>,
    },
    Strings(Vec<String>),
    Arrays(Vec<Array>),
}

impl Array {
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers { kind, bytes } => bytes.len() / kind.bytes(),
            Self::Strings(strings) => strings.len(),
            Self::Arrays(arrays) => arrays.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Value {
    pub fn u32(value: u32) -> Self {
        Self::Number { kind: Kind::U32, bits: u64::from(value) }
    }

    pub fn u64(value: u64) -> Self {
        Self::Number { kind: Kind::U64, bits: value }
    }

    pub fn f32(value: f32) -> Self {
        Self::Number { kind: Kind::F32, bits: u64::from(value.to_bits()) }
    }

    pub fn bool(value: bool) -> Self {
        Self::Number { kind: Kind::Bool, bits: u64::from(value) }
    }

    pub fn text(value: impl Into<String>) -> Self {
        Self::String(value.into())
    }

    /// A whole number that is not negative.
    pub fn to_u64(&self) -> Option<u64> {
        let Self::Number { kind, bits } = *self else { return None };
        let signed = match kind {
            Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 | Kind::Bool => return Some(bits),
            Kind::I8 => i64::from(bits as u8 as i8),
            Kind::I16 => i64::from(bits as u16 as i16),
            Kind::I32 => i64::from(bits as u32 as i32),
            Kind::I64 => bits as i64,
            Kind::F32 | Kind::F64 => return None,
        };
        u64::try_from(signed).ok()
    }

    /// A whole number that is not negative and counts things in memory.
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_u64()?).ok()
    }

    pub fn to_f64(&self) -> Option<f64> {
        match *self {
            Self::Number { kind: Kind::F32, bits } => Some(f64::from(f32::from_bits(bits as u32))),
            Self::Number { kind: Kind::F64, bits } => Some(f64::from_bits(bits)),
            _ => self.to_u64().map(|value| value as f64),
        }
    }

    pub fn to_bool(&self) -> Option<bool> {
        match *self {
            Self::Number { kind: Kind::Bool, bits } => Some(bits != 0),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Appends the type and the value as they stand in a file.
    pub(crate) fn write_to(&self, output: &mut Vec<u8>) {
        match self {
            Self::Number { kind, bits } => {
                output.extend(kind.id().to_le_bytes());
                output.extend(&bits.to_le_bytes()[..kind.bytes()]);
            }
            Self::String(text) => {
                output.extend(STRING.to_le_bytes());
                write_string(text, output);
            }
            Self::Array(array) => {
                output.extend(ARRAY.to_le_bytes());
                array.write_to(output);
            }
        }
    }
}

impl Array {
    fn write_to(&self, output: &mut Vec<u8>) {
        let id = match self {
            Self::Numbers { kind, .. } => kind.id(),
            Self::Strings(_) => STRING,
            Self::Arrays(_) => ARRAY,
        };
        output.extend(id.to_le_bytes());
        output.extend((self.len() as u64).to_le_bytes());
        match self {
            Self::Numbers { bytes, .. } => output.extend(bytes),
            Self::Strings(strings) => strings.iter().for_each(|text| write_string(text, output)),
            Self::Arrays(arrays) => arrays.iter().for_each(|array| array.write_to(output)),
        }
    }
}

pub(crate) fn write_string(text: &str, output: &mut Vec<u8>) {
    output.extend((text.len() as u64).to_le_bytes());
    output.extend(text.as_bytes());
}
