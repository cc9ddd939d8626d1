//! `ДвоичныеДанные` and `ХешированиеДанных`.

use std::cell::RefCell;
use std::rc::Rc;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::value_name;
use crate::types::TypeName;
use crate::value::Value;

/// Bytes that never change.
pub(crate) struct Binary {
    bytes: Rc<[u8]>,
}

impl Binary {
    pub(crate) fn of(bytes: Vec<u8>) -> Value {
        Value::object(Self { bytes: bytes.into() })
    }

    pub(crate) fn bytes(&self) -> Rc<[u8]> {
        self.bytes.clone()
    }
}

/// `Новый ДвоичныеДанные(ИмяФайла)`
pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 1)?;
    Ok(Binary::of(crate::files::read(machine, &arguments.text(0)?)?))
}

impl Object for Binary {
    fn type_name(&self) -> TypeName {
        TypeName::BINARY
    }

    fn trace(&self, tracer: &mut Tracer) {
        tracer.block(self.bytes.as_ptr().addr(), self.bytes.len());
    }

    fn is_filled(&self) -> bool {
        !self.bytes.is_empty()
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| self.bytes == other.bytes)
    }

    fn key(&self) -> Option<String> {
        Some(hex(&self.bytes))
    }

    /// The bytes as the platform shows them: pairs of digits.
    fn presentation(&self) -> String {
        self.bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "размер" | "size" => Ok(self.bytes.len().into()),
            "записать" | "write" => {
                crate::files::write(machine, &arguments.text(0)?, &self.bytes)?;
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The sum so far.
enum Hash {
    Md5(Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
    Crc32(u32),
}

/// `ХешированиеДанных`.
struct Hashing {
    function: Value,
    hash: RefCell<Hash>,
}

impl Hash {
    fn new(name: &str) -> Outcome<Self> {
        Ok(match name {
            "MD5" => Self::Md5(Md5::new()),
            "SHA1" => Self::Sha1(Sha1::new()),
            "SHA256" => Self::Sha256(Sha256::new()),
            "SHA512" => Self::Sha512(Sha512::new()),
            "CRC32" => Self::Crc32(u32::MAX),
            _ => return Err(Failure::unsupported(format!("ХешФункция.{name}"))),
        })
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hash) => hash.update(bytes),
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
            Self::Crc32(sum) => *sum = bytes.iter().fold(*sum, |sum, byte| crc32_step(sum, *byte)),
        }
    }

    fn sum(&self) -> Value {
        match self {
            Self::Md5(hash) => Binary::of(hash.clone().finalize().to_vec()),
            Self::Sha1(hash) => Binary::of(hash.clone().finalize().to_vec()),
            Self::Sha256(hash) => Binary::of(hash.clone().finalize().to_vec()),
            Self::Sha512(hash) => Binary::of(hash.clone().finalize().to_vec()),
            Self::Crc32(sum) => i64::from(!sum).into(),
        }
    }
}

fn crc32_step(sum: u32, byte: u8) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 })
}

pub(super) fn construct_hashing(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 1)?;
    let function = arguments.value(0);
    let name = value_name(&function).ok_or_else(|| messages::wrong_type(1))?;
    let hash = RefCell::new(Hash::new(name)?);
    Ok(Value::object(Hashing { function, hash }))
}

impl Object for Hashing {
    fn type_name(&self) -> TypeName {
        TypeName::made("ХешированиеДанных", "DataHashing")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "хешсумма" | "hashsum" => Ok(self.hash.borrow().sum()),
            "хешфункция" | "hashfunction" => Ok(self.function.clone()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "append" => {
                arguments.expect(1, 2)?;
                let value = arguments.value(0);
                match value.downcast::<Binary>() {
                    Some(binary) => {
                        machine.work(binary.bytes.len());
                        self.hash.borrow_mut().update(&binary.bytes);
                    }
                    None => self.hash.borrow_mut().update(arguments.text(0)?.as_bytes()),
                }
            }
            "добавитьфайл" | "appendfile" => {
                let bytes = crate::files::read(machine, &arguments.text(0)?)?;
                self.hash.borrow_mut().update(&bytes);
            }
            "очистить" | "clear" => {
                *self.hash.borrow_mut() = Hash::new(value_name(&self.function).unwrap_or_default())?;
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }
}
