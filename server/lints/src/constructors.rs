//! Constructors of values: which type they name, and rules that report every constructor of some types.

use std::borrow::Cow;

use syntax::{NodeId, NodeKind, Source};

use crate::argument_list::{arguments_of, constructed_type};
use crate::calls::PlatformName;
use crate::context::Context;
use crate::literals::content;
use crate::rule::Rule;

/// Name of the type that a constructor makes, given as a name or as a literal: `Новый("Массив")`.
pub(crate) fn constructed_name(source: Source<'_>, constructor: NodeId) -> Option<Cow<'_, str>> {
    if let Some(name) = constructed_type(source, constructor) {
        return Some(Cow::Borrowed(name));
    }
    let first = arguments_of(source.tree, constructor).next().flatten()?;
    (source.tree.kind(first) == NodeKind::String).then(|| content(source, first))
}

/// A whole rule: reports every constructor of these types.
pub(crate) struct Constructors(pub(crate) &'static [PlatformName]);

impl Rule for Constructors {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, constructor: NodeId) {
        let Some(name) = constructed_name(ctx.source, constructor) else { return };
        if self.0.iter().any(|known| known.is(&name)) {
            ctx.report_node(constructor).arg(name);
        }
    }
}
