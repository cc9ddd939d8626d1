//! Common modules by their flags, and rules that compare the flags with the name.

use metadata::{CommonModule, Reuse};

use super::code_context::common_module_flags;
use crate::calls::PlatformName;
use crate::context::ProjectContext;
use crate::options::Params;
use crate::rule::Rule;

/// Kinds of common modules that the development standard knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommonModuleKind {
    Client,
    ClientServer,
    ServerCall,
    Server,
}

/// A common module as rules about its flags see it.
#[derive(Clone, Copy)]
pub(crate) struct CommonModuleView<'a> {
    pub name: &'a str,
    pub flags: &'a CommonModule,
    ignores_ordinary_application: bool,
}

impl CommonModuleView<'_> {
    /// `None` for a mixture that the standard does not know.
    pub(crate) fn kind(&self) -> Option<CommonModuleKind> {
        let flags = self.flags;
        let has_ordinary = flags.is_client_ordinary || self.ignores_ordinary_application;
        let has_clients = has_ordinary && flags.is_client_managed;
        let is_external = flags.is_external_connection;
        match (flags.is_server, flags.is_server_call) {
            (false, false) => (has_clients && !is_external).then_some(CommonModuleKind::Client),
            (true, false) if is_external && has_clients => Some(CommonModuleKind::ClientServer),
            (true, false) if is_external && has_ordinary => Some(CommonModuleKind::Server),
            (true, true) => {
                let is_at_server = !is_external && !flags.is_client_ordinary && !flags.is_client_managed;
                is_at_server.then_some(CommonModuleKind::ServerCall)
            }
            _ => None,
        }
    }

    pub(crate) fn is(&self, kind: CommonModuleKind) -> bool {
        self.kind() == Some(kind)
    }

    pub(crate) fn reuses_values(&self) -> bool {
        self.flags.reuse != Reuse::DontUse
    }

    /// Where the part stands in the name, in any case; the last place if there are several.
    pub(crate) fn last_place_of(&self, part: PlatformName) -> Option<usize> {
        let name = base::fold_case(self.name);
        [part.ru, part.en].iter().filter_map(|part| name.rfind(&*base::fold_case(part))).max()
    }

    pub(crate) fn is_named(&self, part: PlatformName) -> bool {
        self.last_place_of(part).is_some()
    }
}

/// The common module that is being checked; nothing without metadata about it. An extension need not repeat what its
/// base says.
pub(crate) fn common_module_of<'a>(ctx: &ProjectContext<'a>) -> Option<(&'a str, &'a CommonModule)> {
    let (id, object) = ctx.object()?;
    let flags = common_module_flags(ctx.project.project, id)?;
    let is_silent = object.is_adopted && *flags == CommonModule::default();
    (!is_silent).then_some((&*object.name, flags))
}

/// A whole rule: reports the module if something is wrong with it.
pub(crate) struct CommonModuleRule {
    ignores_ordinary_application: bool,
    is_wrong: fn(&CommonModuleView<'_>) -> bool,
}

impl CommonModuleRule {
    pub(crate) fn create(params: &Params<'_>, is_wrong: fn(&CommonModuleView<'_>) -> bool) -> Box<dyn Rule> {
        Box::new(Self { ignores_ordinary_application: params.ignores_ordinary_application, is_wrong })
    }
}

impl Rule for CommonModuleRule {
    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let Some((name, flags)) = common_module_of(ctx) else { return };
        let ignores_ordinary_application = self.ignores_ordinary_application;
        let view = CommonModuleView { name, flags, ignores_ordinary_application };
        if let Some(anchor) = ctx.anchor().filter(|_| (self.is_wrong)(&view)) {
            ctx.report(anchor).arg(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(flags: &str, ignores_ordinary_application: bool, expected: Option<CommonModuleKind>) {
        let has = |flag: char| flags.contains(flag);
        let module = CommonModule {
            is_server: has('s'),
            is_server_call: has('c'),
            is_client_managed: has('m'),
            is_client_ordinary: has('o'),
            is_external_connection: has('x'),
            ..CommonModule::default()
        };
        let view = CommonModuleView { name: "М", flags: &module, ignores_ordinary_application };
        assert_eq!(view.kind(), expected, "{flags}");
    }

    #[test]
    fn flags_make_kinds() {
        use CommonModuleKind::{Client, ClientServer, Server, ServerCall};
        check("mo", false, Some(Client));
        check("m", false, None);
        check("m", true, Some(Client));
        check("smox", false, Some(ClientServer));
        check("smx", true, Some(ClientServer));
        check("smo", false, None);
        check("sc", false, Some(ServerCall));
        check("sc", true, Some(ServerCall));
        check("sco", true, None);
        check("sox", false, Some(Server));
        check("sx", true, Some(Server));
        check("s", true, None);
        check("", true, None);
        check("c", false, None);
    }

    #[test]
    fn parts_of_names() {
        let flags = CommonModule::default();
        let view = |name| CommonModuleView { name, flags: &flags, ignores_ordinary_application: false };
        let client = PlatformName::new("Клиент", "Client");
        assert_eq!(view("ОБЩЕЕКЛИЕНТ").last_place_of(client), Some("ОБЩЕЕ".len()));
        assert_eq!(view("clientClient").last_place_of(client), Some(6));
        assert!(!view("Общее").is_named(client));
    }
}
