//! Where code runs and where modules are available.

use metadata::{CommonModule, Details, ModuleKind, ObjectKind};
use semantics::{ContextDirective, Method, Module, ObjectId, Project};

use super::conditions::Environments;

/// Environments that the code of a method runs in for sure, of those that rules judge: the server and the clients.
pub(crate) fn code_context(project: &Project, module: &Module, method: Method<'_>) -> Environments {
    let (client, server) = (Environments::CLIENT, Environments::SERVER);
    match (module.place.kind, method.directive) {
        (ModuleKind::CommonModule, ContextDirective::None) => {
            let flags = module.place.object.and_then(|object| common_module_flags(project, object));
            flags.map_or_else(Environments::default, runs_in)
        }
        (ModuleKind::FormModule, ContextDirective::None) => server,
        (ModuleKind::FormModule | ModuleKind::CommandModule, directive) => match directive {
            ContextDirective::None => Environments::default(),
            ContextDirective::AtClient => client,
            ContextDirective::AtServer | ContextDirective::AtServerNoContext => server,
            ContextDirective::AtClientAtServer | ContextDirective::AtClientAtServerNoContext => {
                client | server
            }
        },
        (
            ModuleKind::ObjectModule
            | ModuleKind::ManagerModule
            | ModuleKind::RecordSetModule
            | ModuleKind::ValueManagerModule
            | ModuleKind::HTTPServiceModule
            | ModuleKind::WEBServiceModule
            | ModuleKind::IntegrationServiceModule
            | ModuleKind::SessionModule,
            ContextDirective::None,
        ) => server,
        (ModuleKind::ManagedApplicationModule, ContextDirective::None) => client,
        _ => Environments::default(),
    }
}

/// Properties of a common module; those of the base decide.
pub(crate) fn common_module_flags(project: &Project, object: ObjectId) -> Option<&CommonModule> {
    let (_, object) = project.object_chain(object).last()?;
    match &object.details {
        Details::CommonModule(module) if object.kind == ObjectKind::CommonModule => Some(module),
        _ => None,
    }
}

fn runs_in(module: &CommonModule) -> Environments {
    let mut environments = Environments::default();
    if module.is_server {
        environments = environments | Environments::SERVER;
    }
    if module.is_client_managed {
        environments = environments | Environments::CLIENT;
    }
    environments
}

/// Environments whose code may call a common module; `None` if it is not known.
pub(crate) fn available_in(project: &Project, module: &Module) -> Option<Environments> {
    let object = module.place.object.filter(|_| module.place.kind == ModuleKind::CommonModule)?;
    let flags = common_module_flags(project, object)?;
    let remote =
        if flags.is_server && flags.is_server_call { Environments::CLIENT } else { Environments::default() };
    let environments = runs_in(flags) | remote;
    // Modules of the ordinary application and of external connections only.
    (!environments.is_empty()).then_some(environments)
}
