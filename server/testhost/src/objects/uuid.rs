//! `УникальныйИдентификатор`.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uuid(pub(crate) u128);

/// A new random one, or the one that a text writes.
pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 1)?;
    if !arguments.is_given(0) {
        return Ok(Value::passing_object(random()));
    }
    let uuid = Uuid::parse(&arguments.text(0)?)
        .ok_or_else(|| Failure::runtime("Недопустимое значение параметра (параметр номер '1')"))?;
    Ok(Value::passing_object(uuid))
}

pub(crate) fn random() -> Uuid {
    let part = || u128::from(RandomState::new().build_hasher().finish());
    let bits = part() << 64 | part();
    // Version 4 of the common kind.
    Uuid(bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62)
}

impl Uuid {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let is_written_well = groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte != b'+');
        let digits = text.replace('-', "");
        u128::from_str_radix(&digits, 16).ok().filter(|_| is_written_well).map(Self)
    }
}

impl Object for Uuid {
    fn type_name(&self) -> TypeName {
        TypeName::UUID
    }

    fn presentation(&self) -> String {
        let digits = format!("{:032x}", self.0);
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }

    fn is_filled(&self) -> bool {
        self.0 != 0
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn key(&self) -> Option<String> {
        Some(format!("{:x}", self.0))
    }
}
