//! Identifiers of debuggers and measurements.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The identifier that means "none".
pub(crate) const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// A random identifier of version 4. It tells sessions apart and protects nothing.
pub(crate) fn random_identifier() -> String {
    let random = || RandomState::new().build_hasher().finish();
    let (high, low) = (random(), random());
    let (high, low) = (high & !0xF000 | 0x4000, low & !(3 << 62) | 2 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}
