//! Types of functions that were computed, shared by the projects of one signature epoch.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::ids::ModuleId;
use crate::types::Type;

#[derive(Debug, Default)]
pub(crate) struct TypeCache {
    returns: RwLock<FxHashMap<(ModuleId, u32), Type>>,
}

impl TypeCache {
    pub(crate) fn returns(&self, module: ModuleId, method: u32) -> Option<Type> {
        let returns = self.returns.read().unwrap_or_else(PoisonError::into_inner);
        returns.get(&(module, method)).cloned()
    }

    pub(crate) fn set_returns(&self, module: ModuleId, method: u32, value: Type) {
        let mut returns = self.returns.write().unwrap_or_else(PoisonError::into_inner);
        returns.insert((module, method), value);
    }
}
