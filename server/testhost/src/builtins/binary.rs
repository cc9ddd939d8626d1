//! Bytes as texts and back: Base64, hexadecimal digits, encodings, escapes of addresses; numbers as bits.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::objects::binary::{Binary, hex};
use crate::objects::enumeration::value_name;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("Base64Строка", "Base64String", 1, 1, |_, arguments| Ok(base64(&bytes(arguments)?).into())),
    ("Base64Значение", "Base64Value", 1, 1, from_base64),
    (
        "ПолучитьBase64СтрокуИзДвоичныхДанных",
        "GetBase64StringFromBinaryData",
        1,
        1,
        |_, arguments| Ok(base64(&bytes(arguments)?).into()),
    ),
    ("ПолучитьДвоичныеДанныеИзBase64Строки", "GetBinaryDataFromBase64String", 1, 1, from_base64),
    (
        "ПолучитьHexСтрокуИзДвоичныхДанных",
        "GetHexStringFromBinaryData",
        1,
        1,
        |_, arguments| Ok(hex(&bytes(arguments)?).into()),
    ),
    ("ПолучитьДвоичныеДанныеИзHexСтроки", "GetBinaryDataFromHexString", 1, 1, from_hex),
    (
        "ПолучитьДвоичныеДанныеИзСтроки",
        "GetBinaryDataFromString",
        1,
        3,
        |_, arguments| {
            let encoding = encoding(arguments, 1)?;
            let mut bytes =
                if arguments.boolean_or(2, false)? { encoding.mark().to_vec() } else { Vec::new() };
            bytes.extend(encoding.encode(&arguments.text(0)?));
            Ok(Binary::of(bytes))
        },
    ),
    (
        "ПолучитьСтрокуИзДвоичныхДанных",
        "GetStringFromBinaryData",
        1,
        2,
        |machine, arguments| {
            let text = encoding(arguments, 1)?.decode(&bytes(arguments)?);
            machine.check_text(text.len())?;
            Ok(text.into())
        },
    ),
    ("КодироватьСтроку", "EncodeString", 2, 3, escape),
    ("РаскодироватьСтроку", "DecodeString", 2, 3, unescape),
    ("ПобитовоеИ", "BitwiseAnd", 2, 2, |_, arguments| bits(arguments, |left, right| left & right)),
    ("ПобитовоеИли", "BitwiseOr", 2, 2, |_, arguments| {
        bits(arguments, |left, right| left | right)
    }),
    ("ПобитовоеИсключительноеИли", "BitwiseXor", 2, 2, |_, arguments| {
        bits(arguments, |left, right| left ^ right)
    }),
    ("ПобитовоеИНе", "BitwiseAndNot", 2, 2, |_, arguments| {
        bits(arguments, |left, right| left & !right)
    }),
    ("ПобитовоеНе", "BitwiseNot", 1, 1, |_, arguments| Ok(i64::from(!word(arguments, 0)?).into())),
    ("ПобитовыйСдвигВлево", "BitwiseShiftLeft", 2, 2, |_, arguments| {
        bits(arguments, |left, right| left.checked_shl(right).unwrap_or(0))
    }),
    ("ПобитовыйСдвигВправо", "BitwiseShiftRight", 2, 2, |_, arguments| {
        bits(arguments, |left, right| left.checked_shr(right).unwrap_or(0))
    }),
    ("ПроверитьБит", "CheckBit", 2, 2, |_, arguments| {
        Ok((word(arguments, 0)?.checked_shr(word(arguments, 1)?).unwrap_or(0) & 1 == 1).into())
    }),
    ("УстановитьБит", "SetBit", 3, 3, |_, arguments| {
        let mask = 1_u32.checked_shl(word(arguments, 1)?).ok_or_else(|| messages::wrong_value(2))?;
        let value = word(arguments, 0)?;
        Ok(i64::from(if arguments.boolean_or(2, false)? { value | mask } else { value & !mask }).into())
    }),
    (
        "ЧислоИзШестнадцатеричнойСтроки",
        "NumberFromHexString",
        1,
        1,
        |_, arguments| number_of_digits(&arguments.text(0)?, "0x", 16),
    ),
    ("ЧислоИзДвоичнойСтроки", "NumberFromBinaryString", 1, 1, |_, arguments| {
        number_of_digits(&arguments.text(0)?, "0b", 2)
    }),
];

fn bytes(arguments: &Arguments<'_>) -> Outcome<std::rc::Rc<[u8]>> {
    let value = arguments.value(0);
    value.downcast::<Binary>().map(Binary::bytes).ok_or_else(|| messages::wrong_type(1))
}

fn word(arguments: &Arguments<'_>, index: usize) -> Outcome<u32> {
    u32::try_from(arguments.integer(index)?).map_err(|_| messages::wrong_value(index + 1))
}

fn bits(arguments: &Arguments<'_>, operation: fn(u32, u32) -> u32) -> Outcome {
    Ok(i64::from(operation(word(arguments, 0)?, word(arguments, 1)?)).into())
}

fn number_of_digits(text: &str, prefix: &str, radix: u32) -> Outcome {
    let digits = text.strip_prefix(prefix).unwrap_or(text);
    let number = i64::from_str_radix(digits, radix).ok().filter(|number| *number >= 0);
    number.map(Value::from).ok_or_else(|| messages::wrong_value(1))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let digit = (group >> (18 - 6 * index) & 0x3f) as usize;
            text.push(if index <= chunk.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    text
}

fn from_base64(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let (mut group, mut count, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=') {
        let digit =
            DIGITS.iter().position(|digit| *digit == letter).ok_or_else(|| messages::wrong_value(1))?;
        group = group << 6 | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((group >> count) as u8);
            group &= (1 << count) - 1;
        }
    }
    machine.check_text(bytes.len())?;
    Ok(Binary::of(bytes))
}

fn from_hex(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let digits: Option<Vec<u32>> = arguments
        .text(0)?
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_digit(16))
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or_else(|| messages::wrong_value(1))?;
    Ok(Binary::of(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()))
}

/// How a text becomes bytes.
#[derive(Clone, Copy)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// An encoding as `КодировкаТекста` or by its name.
    pub(crate) fn find(value: &Value) -> Outcome<Self> {
        let name = match value_name(value) {
            Some(name) => name.to_owned(),
            None => value.presentation().to_string(),
        };
        Ok(match base::fold_case(&name).as_ref() {
            "" | "utf8" | "utf-8" | "utf8безbom" => Self::Utf8,
            "utf16" | "utf-16" | "utf-16le" => Self::Utf16,
            "ansi" | "системная" | "system" => Self::Other(encoding_rs::WINDOWS_1251),
            "oem" => Self::Other(encoding_rs::IBM866),
            label => match encoding_rs::Encoding::for_label(label.as_bytes()) {
                Some(encoding) => Self::Other(encoding),
                None => return Err(Failure::unsupported(format!("кодировка {name}"))),
            },
        })
    }

    pub(crate) fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xef, 0xbb, 0xbf],
            Self::Utf16 => &[0xff, 0xfe],
            Self::Other(_) => &[],
        }
    }

    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Other(encoding) => encoding.encode(text).0.into_owned(),
        }
    }

    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        let bytes = bytes.strip_prefix(self.mark()).unwrap_or(bytes);
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16 => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Other(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

fn encoding(arguments: &Arguments<'_>, index: usize) -> Outcome<Encoding> {
    Encoding::find(&arguments.value(index))
}

/// `СпособКодированияСтроки`: whether signs of addresses stay.
fn is_address(arguments: &Arguments<'_>) -> Outcome<bool> {
    match value_name(&arguments.value(1)) {
        Some("КодировкаURL") => Ok(false),
        Some("URLВКодировкеURL") => Ok(true),
        _ => Err(messages::wrong_type(2)),
    }
}

fn escape(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let kept = if is_address(arguments)? { "-_.~:/?#[]@!$&'()*+,;=" } else { "-_.~" };
    let mut text = String::new();
    for byte in encoding(arguments, 2)?.encode(&arguments.text(0)?) {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || kept.contains(letter) {
            text.push(letter);
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    Ok(text.into())
}

fn unescape(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    is_address(arguments)?;
    let text = arguments.text(0)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |index: usize| after.get(index).and_then(|letter| char::from(*letter).to_digit(16));
        match (*first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high << 4 | low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Ok(encoding(arguments, 2)?.decode(&bytes).into())
}
