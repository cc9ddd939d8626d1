//! Transactions of the session: how deep they are nested, and whether an error has spoilt them.

use crate::failure::{Failure, Outcome};

#[derive(Debug, Default)]
pub(crate) struct Transactions {
    depth: usize,
    is_spoilt: bool,
}

impl Transactions {
    pub(crate) fn begin(&mut self) {
        self.depth += 1;
    }

    pub(crate) fn is_active(&self) -> bool {
        self.depth > 0
    }

    /// True when the outermost transaction ended.
    pub(crate) fn commit(&mut self) -> Outcome<bool> {
        if self.depth == 0 {
            return Err(Failure::runtime("Транзакция не активна"));
        }
        if self.is_spoilt {
            return Err(Failure::runtime("В данной транзакции уже происходили ошибки!"));
        }
        self.depth -= 1;
        Ok(self.depth == 0)
    }

    /// An inner rollback spoils the outer transactions, which can then only be rolled back too.
    pub(crate) fn roll_back(&mut self) -> Outcome<bool> {
        if self.depth == 0 {
            return Err(Failure::runtime("Транзакция не активна"));
        }
        self.depth -= 1;
        self.is_spoilt = self.depth > 0;
        Ok(self.depth == 0)
    }
}
