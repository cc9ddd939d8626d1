//! Work inside a transaction that makes others wait.

use semantics::Type;
use syntax::{NodeId, NodeKind};

use crate::hot::causes::calls::{BEGIN_TRANSACTION, EXECUTE};
use crate::hot::causes::{CauseKind, Scan, is_any};

const END_TRANSACTION: [(&str, &str); 2] =
    [("ЗафиксироватьТранзакцию", "CommitTransaction"), ("ОтменитьТранзакцию", "RollbackTransaction")];
const LOCK: [(&str, &str); 1] = [("Заблокировать", "Lock")];
const REMOTE_TYPES: [&str; 5] = ["HTTPСоединение", "ИнтернетПочта", "FTPСоединение", "WSПрокси", "COMОбъект"];
const REMOTE_NAMES: [&str; 6] = ["httpсоединение", "httpconnection", "ftp", "почт", "mail", "wsпрокси"];
const FILE_FUNCTIONS: [(&str, &str); 6] = [
    ("КопироватьФайл", "CopyFile"),
    ("ПереместитьФайл", "MoveFile"),
    ("УдалитьФайлы", "DeleteFiles"),
    ("ПолучитьФайл", "GetFile"),
    ("ЗапуститьПриложение", "RunApp"),
    ("НайтиФайлы", "FindFiles"),
];

impl Scan<'_, '_, '_> {
    /// Calls between the beginning and the end of a transaction, in the order of the text.
    pub(super) fn transactions(&mut self, nodes: &[NodeId]) {
        let tree = self.tree();
        let nodes = nodes.iter().flat_map(|node| std::iter::once(*node).chain(tree.descendants(*node)));
        let calls: Vec<NodeId> = nodes.filter(|node| tree.kind(*node) == NodeKind::Call).collect();
        let mut is_open = false;
        let mut is_locked = false;
        let mut reads = Vec::new();
        for call in calls {
            let Some(called) = self.called(call) else { continue };
            if called.receiver.is_none() && is_any(&BEGIN_TRANSACTION, called.name) {
                (is_open, is_locked) = (true, false);
                reads.clear();
            } else if called.receiver.is_none() && is_any(&END_TRANSACTION, called.name) {
                is_open = false;
            } else if !is_open {
                continue;
            } else if let Some(receiver) = called.receiver {
                if is_any(&LOCK, called.name) && !is_locked {
                    is_locked = true;
                    for (read, name) in std::mem::take(&mut reads) {
                        self.add(CauseKind::ReadBeforeLock, read, name);
                    }
                } else if is_any(&EXECUTE, called.name) && self.is_query(receiver) {
                    reads.push((call, called.name));
                } else if self.is_remote(receiver) {
                    self.add(CauseKind::RemoteWorkInTransaction, call, called.name);
                }
            } else if is_any(&FILE_FUNCTIONS, called.name) {
                self.add(CauseKind::RemoteWorkInTransaction, call, called.name);
            }
        }
    }

    fn is_remote(&self, receiver: NodeId) -> bool {
        let value = self.type_of(receiver);
        let is_remote = |part: &Type| REMOTE_TYPES.iter().any(|name| self.is_platform(part, name));
        if !value.parts().is_empty() {
            return value.parts().iter().any(is_remote);
        }
        let name = self.text(receiver).to_lowercase();
        REMOTE_NAMES.iter().any(|known| name.contains(known))
    }
}
