//! Names of parameters before the arguments that do not tell what they are.

use semantics::{Definition, Flow, ModuleId};
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::inlay_hints::{Hints, InlayHintKind};
use crate::meaning::Meaning;

/// Parameters of what is called.
struct Callee {
    /// Several, if the platform tells variants of a call apart.
    signatures: Vec<Vec<SmolStr>>,
}

impl Hints<'_, '_> {
    /// Hints of a call or a constructor.
    pub(super) fn add_parameters(&mut self, flow: &Flow<'_>, call: NodeId) {
        let tree = self.section.source().tree;
        let Some(list) = tree.child(call, Role::Arguments).filter(|list| !tree.node(*list).is_broken) else {
            return;
        };
        let arguments = self.arguments(list);
        let count = arguments.last().map_or(0, |(index, _)| index + 1);
        let asked: Vec<_> = arguments.iter().filter(|(_, node)| self.needs_name(*node, count)).collect();
        if asked.is_empty() {
            return;
        }
        let Some(callee) = self.callee(flow, call) else { return };
        for (index, argument) in asked {
            let Some(name) = callee.parameter(*index, count) else { continue };
            if !is_numbered(name) && !self.says(*argument, name) {
                self.add(tree.range(*argument).start, InlayHintKind::Parameter, format!("{name}:"));
            }
        }
    }

    /// Arguments with their places; those that are left out have none.
    fn arguments(&self, list: NodeId) -> Vec<(usize, NodeId)> {
        let tree = self.section.source().tree;
        let mut commas = tree.own_tokens(list).filter(|token| token.kind == TokenKind::Comma).peekable();
        let mut index = 0;
        let place = |argument: NodeId| {
            let start = tree.range(argument).start;
            while commas.next_if(|comma| comma.start < start).is_some() {
                index += 1;
            }
            (index, argument)
        };
        tree.children(list).map(place).collect()
    }

    /// Names and chains of names speak for themselves. A lone argument is what the call is about, but for a word
    /// that may mean anything.
    fn needs_name(&self, argument: NodeId, count: usize) -> bool {
        let kind = self.section.source().tree.kind(argument);
        match kind {
            NodeKind::Name | NodeKind::Member | NodeKind::Error => false,
            NodeKind::Boolean | NodeKind::Undefined => true,
            _ => count > 1,
        }
    }

    fn callee(&self, flow: &Flow<'_>, call: NodeId) -> Option<Callee> {
        let tree = self.section.source().tree;
        let called = tree.child(call, Role::Function).or_else(|| tree.child(call, Role::Type))?;
        let name = match tree.kind(called) {
            NodeKind::Name => called,
            NodeKind::Member => tree.child(called, Role::Property)?,
            _ => return None,
        };
        let Some(Meaning::Known { definition, .. }) = self.section.meaning_in(flow, name) else {
            return None;
        };
        let project = self.section.of.project;
        let signatures = match &definition {
            Definition::Method { module, index } => vec![self.of_method(*module, *index)?],
            // A class of a script.
            Definition::Module(module) if tree.kind(call) == NodeKind::New => {
                let constructor = ["ПриСозданииОбъекта", "OnObjectCreate"];
                let found = project.module(*module)?;
                vec![self.of_method(*module, constructor.iter().find_map(|name| found.find_method(name))?)?]
            }
            // The platform's parameters have Russian names only.
            _ if self.script == platform::Script::English => return None,
            Definition::PlatformType(found) => {
                of_platform(&project.platform(found.dialect).type_info(found.id).constructors)
            }
            other => of_platform(&project.platform_method(other)?.signatures),
        };
        Some(Callee { signatures })
    }

    fn of_method(&self, module: ModuleId, index: u32) -> Option<Vec<SmolStr>> {
        let method = self.section.of.project.method(module, index)?;
        Some(method.parameters().map(|parameter| parameter.name.clone()).collect())
    }

    /// The argument already says the name: a call, a constructor or an element of that name.
    fn says(&self, argument: NodeId, parameter: &str) -> bool {
        let source = self.section.source();
        let tree = source.tree;
        let mut node = argument;
        loop {
            let role = match tree.kind(node) {
                NodeKind::Name => return base::same_name(source.node_text(node), parameter),
                NodeKind::Call => Role::Function,
                NodeKind::Member => Role::Property,
                NodeKind::New => Role::Type,
                NodeKind::Index => Role::Object,
                _ => return false,
            };
            let Some(inner) = tree.child(node, role) else { return false };
            node = inner;
        }
    }
}

impl Callee {
    /// The name of a parameter, if all variants that take so many arguments agree on it.
    fn parameter(&self, index: usize, count: usize) -> Option<&SmolStr> {
        let mut names = self.signatures.iter().filter(|names| names.len() >= count).map(|it| it.get(index));
        let first = names.next()??;
        names.all(|name| name == Some(first)).then_some(first)
    }
}

fn of_platform(signatures: &[platform::Signature]) -> Vec<Vec<SmolStr>> {
    let names = |signature: &platform::Signature| {
        signature.parameters.iter().map(|parameter| parameter.name.clone()).collect()
    };
    signatures.iter().map(names).collect()
}

/// One of a row of parameters that are alike: `Значение1`.
fn is_numbered(name: &str) -> bool {
    name.ends_with(|last: char| last.is_ascii_digit())
}
