//! One name for every spelling of a module.

use base::fold_case;
use metadata::ModuleName;
use smol_str::SmolStr;

/// Equal for the Russian and the English name of a module in any case. Names that are none of metadata (files of
/// OneScript, modules of a host) are themselves.
pub fn module_key(name: &str) -> String {
    match ModuleName::parse(name) {
        Some(parsed) => parsed.key(),
        None => fold_case(name.trim()).into_owned(),
    }
}

/// The name as profiles keep it: in Russian, with the extension before it.
pub fn canonical_name(name: &str) -> SmolStr {
    ModuleName::parse(name).map_or_else(|| name.trim().into(), |parsed| parsed.name_ru())
}
