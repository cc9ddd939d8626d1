//! Calls in handlers that run on every move through a list: the facts behind `ServerCallsInFormEvents`.

use base::TextRange;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Source};

use crate::argument_list::global_callee;
use crate::facts::folded;

/// A global call with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct EventCall {
    /// In lower case.
    pub name: SmolStr,
    pub range: TextRange,
}

/// How the names of those handlers end.
const EVENTS: [&str; 4] = ["ПриАктивизацииСтроки", "OnActivateRow", "НачалоВыбора", "OnStartChoice"];

/// Global calls of a method, if it is such a handler.
pub(crate) fn event_calls(source: Source<'_>, method: NodeId, name: &str) -> impl Iterator<Item = EventCall> {
    let tree = source.tree;
    let nodes = is_handler(name).then(|| tree.descendants(method)).into_iter().flatten();
    let calls = nodes.filter(move |node| tree.kind(*node) == NodeKind::Call);
    calls.filter_map(move |call| {
        let callee = global_callee(tree, call)?;
        Some(EventCall { name: folded(source.node_text(callee)), range: tree.range(call) })
    })
}

fn is_handler(name: &str) -> bool {
    EVENTS.iter().any(|event| {
        let start = name.len().checked_sub(event.len());
        let end = start.and_then(|start| name.get(start..));
        end.is_some_and(|end| base::same_name(end, event))
    })
}
