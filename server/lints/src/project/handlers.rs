//! Procedures of common modules that jobs and subscriptions name.

use metadata::{ModuleKind, ObjectKind, handler_parts};
use semantics::{Method, Module, RootId};

use super::code_context::common_module_flags;
use crate::context::ProjectContext;

/// What a text such as `CommonModule.M.Procedure` leads to.
pub(crate) enum Handler<'a> {
    NotNamed,
    /// Only a module is named.
    NoMethodName,
    NoModule,
    Found {
        is_server: bool,
        method: HandlerMethod<'a>,
    },
}

pub(crate) enum HandlerMethod<'a> {
    /// The module has no text, or one with errors.
    Unknown,
    Missing,
    /// An exported method is preferred: directives may choose between several.
    Found(&'a Module, Method<'a>),
}

/// The handler as the root of the module being checked sees it.
pub(crate) fn handler_of<'a>(ctx: &ProjectContext<'a>, root: RootId, text: &str) -> Handler<'a> {
    let project = ctx.project.project;
    let (module_name, method_name) = handler_parts(text);
    if text.is_empty() {
        return Handler::NotNamed;
    }
    if method_name.is_empty() {
        return Handler::NoMethodName;
    }
    let parts = project.metadata().parts(root, ObjectKind::CommonModule, module_name);
    let Some(first) = parts.first() else { return Handler::NoModule };
    let is_server = common_module_flags(project, *first).is_none_or(|flags| flags.is_server);
    let modules = parts.iter().filter_map(|part| project.object_module(*part, ModuleKind::CommonModule));
    let modules: Vec<&Module> = modules.filter_map(|module| project.module(module)).map(|it| &**it).collect();
    let named =
        modules.iter().flat_map(|module| module.methods_named(method_name).map(|method| (*module, method)));
    let is_whole = |module: &&Module| module.facts.is_read() && !module.facts.is_broken();
    let method = match named.max_by_key(|(_, method)| method.is_export) {
        Some((module, method)) => HandlerMethod::Found(module, method),
        None if !modules.is_empty() && modules.iter().all(is_whole) => HandlerMethod::Missing,
        None => HandlerMethod::Unknown,
    };
    Handler::Found { is_server, method }
}

/// The method that the module's own object names as a handler: `None` if it certainly is not there, `Some(None)` if it
/// lies in the module that this one extends, or cannot be read.
pub(crate) fn find_own_method<'a>(ctx: &ProjectContext<'a>, name: &str) -> Option<Option<Method<'a>>> {
    let module = ctx.module();
    if let Some(method) = module.methods_named(name).next() {
        return Some(Some(method));
    }
    let mut chain = ctx.project.project.module_chain(module.id);
    let may_have = |module: &Module| module.facts.is_broken() || module.find_method(name).is_some();
    chain.any(may_have).then_some(None)
}
