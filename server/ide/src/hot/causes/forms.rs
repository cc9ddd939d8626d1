//! Calls from the client to the server.

use metadata::ModuleKind;
use semantics::{ContextDirective, Definition, Method, ModuleId, Scope};
use syntax::NodeId;

use crate::hot::causes::calls::Called;
use crate::hot::causes::{CauseKind, Scan};
use crate::meaning::{Meaning, is_of_context};

impl Scan<'_, '_, '_> {
    fn own_method(&self) -> Option<Method<'_>> {
        let module = self.section.of.project.module(self.section.of.module)?;
        let offset = self.section.in_document(self.tree().range(self.method)).start;
        module.facts.method_at(offset)
    }

    fn is_on_client(&self) -> bool {
        self.own_method().is_some_and(|method| method.directive == ContextDirective::AtClient)
    }

    /// A method of this code runs on the client, the called one on the server.
    pub(super) fn is_server_call(&self, module: ModuleId, index: u32) -> bool {
        let project = self.section.of.project;
        if !self.is_on_client() {
            return false;
        }
        if let Some(directive) = project.method(module, index).map(|method| method.directive)
            && matches!(directive, ContextDirective::AtServer | ContextDirective::AtServerNoContext)
        {
            return true;
        }
        let object = project.module(module).and_then(|module| project.object(module.place.object?));
        matches!(
            object.map(|object| &object.details),
            Some(metadata::Details::CommonModule(details)) if details.is_server_call
        )
    }

    /// A call of a server method of the form that needs nothing of the form.
    pub(super) fn form_call(&mut self, call: NodeId, called: Called<'_>) {
        if called.receiver.is_some() || !self.is_on_client() {
            return;
        }
        let Some(Meaning::Known { definition: Definition::Method { module, index }, .. }) =
            self.section.meaning_in(self.flow, called.name_node)
        else {
            return;
        };
        if module == self.section.of.module && self.needs_no_form(module, index) {
            self.add(CauseKind::FormContextWithoutNeed, call, called.name);
        }
    }

    fn needs_no_form(&self, module: ModuleId, index: u32) -> bool {
        let project = self.section.of.project;
        let Some(owner) = project.module(module) else { return false };
        let Some(method) = owner.method(index) else { return false };
        let is_form = owner.place.kind == ModuleKind::FormModule;
        if !is_form || method.directive != ContextDirective::AtServer || project.form(module).is_none() {
            return false;
        }
        let scope = Scope::new(project, module);
        let range = method.range();
        let inside = owner.facts.references().filter(|it| range.contains(it.place.range()));
        let mut outside = inside.filter(|it| it.origin != semantics::Origin::Local);
        outside.all(|it| {
            let name = match it.receiver {
                semantics::Receiver::Path(path) => path.split('.').next().unwrap_or(path),
                _ => it.name,
            };
            let is_call = it.kind.is_call() && it.receiver == semantics::Receiver::None;
            let definition = if is_call { scope.resolve_call(name) } else { scope.resolve_name(name) };
            match definition {
                Some(Definition::Method { module: of, index }) if of == module => {
                    project.method(of, index).is_some_and(|method| {
                        method.directive != ContextDirective::AtServer
                            && method.directive != ContextDirective::None
                    })
                }
                Some(
                    Definition::This { .. }
                    | Definition::ContextMember { .. }
                    | Definition::PlatformMember { .. }
                    | Definition::PlatformMethod { .. },
                ) => false,
                Some(definition) => !is_of_context(&definition),
                None => true,
            }
        })
    }
}
