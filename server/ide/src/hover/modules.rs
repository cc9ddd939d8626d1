//! Modules: whose they are, and where common modules run.

use metadata::{CommonModule, Details, ModuleKind, Reuse};
use semantics::{ModuleId, Project};

use crate::hover::describer::Describer;
use crate::hover::page::{Page, inline};

impl Describer<'_> {
    /// One line that says whose module it is.
    pub(super) fn module_title(self, module: ModuleId) -> String {
        let project = self.project();
        let Some(found) = project.module(module) else { return String::new() };
        let place = &found.place;
        let mut parts = vec![self.kind_of_module(place.kind).to_owned()];
        if let Some(object) = place.object.and_then(|object| project.object(object)) {
            parts.push(match place.form.and_then(|form| project.form_entry(form)) {
                Some(form) if form.name != object.name => {
                    format!("`{}.{}.{}`", self.kind_name(object.kind), object.name, form.name)
                }
                _ => format!("`{}.{}`", self.kind_name(object.kind), object.name),
            });
            parts.extend(self.synonym(&object.synonym).map(inline));
            if let Details::CommonModule(flags) = &object.details {
                parts.push(self.flags(flags));
            }
        } else if place.is_script {
            parts.push(format!("`{}`", place.name));
        }
        parts.extend(self.extension_of(project, module));
        parts.retain(|part| !part.is_empty());
        parts.join(" · ")
    }

    fn extension_of(self, project: &Project, module: ModuleId) -> Option<String> {
        let root = project.root(project.place(module)?.root?)?;
        let word = self.say("расширение", "extension");
        root.is_extension().then(|| format!("{word} `{}`", root.configuration().name))
    }

    pub(super) fn module(self, module: ModuleId) -> Option<String> {
        let project = self.project();
        let place = &project.module(module)?.place;
        if let Some(object) = place.object {
            return self.object(object);
        }
        let mut page = Page::default();
        page.code(&place.name);
        page.paragraph(&self.module_title(module));
        Some(page.finish())
    }

    /// `сервер, вызов сервера`.
    pub(super) fn flags(self, module: &CommonModule) -> String {
        let reuse = match module.reuse {
            Reuse::DontUse => "",
            Reuse::DuringRequest => {
                self.say("повторное использование на время вызова", "cached during a call")
            }
            Reuse::DuringSession => {
                self.say("повторное использование на время сеанса", "cached during a session")
            }
        };
        let flags = [
            (module.is_global, self.say("глобальный", "global")),
            (module.is_client_managed, self.say("клиент", "client")),
            (
                module.is_client_ordinary,
                self.say("клиент (обычное приложение)", "client (ordinary application)"),
            ),
            (module.is_server, self.say("сервер", "server")),
            (module.is_server_call, self.say("вызов сервера", "server call")),
            (module.is_external_connection, self.say("внешнее соединение", "external connection")),
            (module.is_privileged, self.say("привилегированный", "privileged")),
            (!reuse.is_empty(), reuse),
        ];
        flags.iter().filter(|(is_set, _)| *is_set).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
    }

    fn kind_of_module(self, kind: ModuleKind) -> &'static str {
        let (ru, en) = match kind {
            ModuleKind::CommonModule => ("Общий модуль", "Common module"),
            ModuleKind::ObjectModule => ("Модуль объекта", "Object module"),
            ModuleKind::ManagerModule => ("Модуль менеджера", "Manager module"),
            ModuleKind::RecordSetModule | ModuleKind::RecalculationModule => {
                ("Модуль набора записей", "Record set module")
            }
            ModuleKind::ValueManagerModule => ("Модуль менеджера значения", "Value manager module"),
            ModuleKind::FormModule => ("Модуль формы", "Form module"),
            ModuleKind::CommandModule => ("Модуль команды", "Command module"),
            ModuleKind::HTTPServiceModule
            | ModuleKind::WEBServiceModule
            | ModuleKind::IntegrationServiceModule
            | ModuleKind::BotModule
            | ModuleKind::WEBSocketClientModule => ("Модуль сервиса", "Service module"),
            ModuleKind::SessionModule => ("Модуль сеанса", "Session module"),
            ModuleKind::ManagedApplicationModule
            | ModuleKind::OrdinaryApplicationModule
            | ModuleKind::ApplicationModule => ("Модуль приложения", "Application module"),
            ModuleKind::ExternalConnectionModule => {
                ("Модуль внешнего соединения", "External connection module")
            }
            ModuleKind::OScriptClass => ("Класс", "Class"),
            ModuleKind::OScriptModule => ("Модуль", "Module"),
            ModuleKind::Unknown => ("", ""),
        };
        self.say(ru, en)
    }
}
