//! What every source of proposals needs to know about the question.

use metadata::{Details, ModuleKind};
use platform::{Names, Platform};
use semantics::{ContextDirective, Definition, Dialect, ModuleId, Scope, Type};

use crate::completion::expected::expected_type;
use crate::completion::item::CompletionOptions;
use crate::completion::position::CompletionPosition;
use crate::completion::typing::Typing;
use crate::meaning::ProjectDocument;
use crate::script::Script;

/// One question of an editor.
pub(crate) struct Asked<'a> {
    pub(crate) of: ProjectDocument<'a>,
    pub(crate) position: &'a CompletionPosition,
    pub(crate) offset: u32,
    pub(crate) typing: Typing<'a>,
    pub(crate) options: CompletionOptions,
    /// Type of the value that the place expects; unknown in most places.
    pub(crate) expected: Type,
    /// Where the code around runs.
    pub(crate) sides: Sides,
}

/// Where code may run; both for code that runs anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) client: bool,
    pub(crate) server: bool,
}

impl Sides {
    const CLIENT: Self = Self { client: true, server: false };
    const SERVER: Self = Self { client: false, server: true };
    const BOTH: Self = Self { client: true, server: true };
}

impl<'a> Asked<'a> {
    pub(crate) fn new(
        of: ProjectDocument<'a>,
        offset: u32,
        position: &'a CompletionPosition,
        options: CompletionOptions,
    ) -> Self {
        let typing = Typing::new(of, position);
        let sides = sides_at(of, offset);
        let mut asked = Self { of, position, offset, typing, options, expected: Type::Unknown, sides };
        asked.expected = expected_type(&asked);
        asked
    }

    pub(crate) fn scope(&self) -> Scope<'a> {
        self.of.scope()
    }

    pub(crate) fn platform(&self) -> &'a Platform {
        self.of.project.platform(self.dialect())
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.of.project.dialect(self.of.module)
    }

    /// Language of names that are inserted.
    pub(crate) fn script(&self) -> platform::Script {
        platform_script(self.position.script)
    }

    pub(crate) fn pick<'t>(&self, russian: &'t str, english: &'t str) -> &'t str {
        self.position.script.pick(russian, english)
    }

    pub(crate) fn name<'n>(&self, names: &'n Names) -> &'n str {
        names.in_script(self.script())
    }

    /// True if code around may call a common module.
    pub(crate) fn can_call(&self, module: ModuleId) -> bool {
        let place = self.of.project.place(module);
        let object = place.and_then(|place| self.of.project.object(place.object?));
        match object.map(|object| &object.details) {
            Some(Details::CommonModule(flags)) => {
                let on_client = flags.is_client_managed || flags.is_server_call;
                let on_server = flags.is_server || flags.is_external_connection;
                (!self.sides.client || on_client) && (!self.sides.server || on_server)
            }
            _ => true,
        }
    }

    /// The character behind the word opens a list of arguments that is there already.
    pub(crate) fn has_arguments(&self) -> bool {
        let section = &self.position.section;
        let end = self.position.whole_word.end.saturating_sub(section.range.start);
        section.source().text.get(end as usize..).is_some_and(|rest| rest.starts_with('('))
    }
}

pub(crate) fn platform_script(script: Script) -> platform::Script {
    script.pick(platform::Script::Russian, platform::Script::English)
}

fn sides_at(of: ProjectDocument<'_>, offset: u32) -> Sides {
    let Some(module) = of.project.module(of.module) else { return Sides::BOTH };
    match module.place.kind {
        ModuleKind::FormModule | ModuleKind::CommandModule => {
            let method = module.facts.method_at(offset);
            match method.map(|method| method.directive) {
                Some(ContextDirective::AtClient) => Sides::CLIENT,
                Some(ContextDirective::AtClientAtServer | ContextDirective::AtClientAtServerNoContext)
                | None => Sides::BOTH,
                Some(_) => Sides::SERVER,
            }
        }
        ModuleKind::ManagedApplicationModule | ModuleKind::OrdinaryApplicationModule => Sides::CLIENT,
        ModuleKind::CommonModule => {
            let object = module.place.object.and_then(|object| of.project.object(object));
            match object.map(|object| &object.details) {
                Some(Details::CommonModule(flags)) => Sides {
                    client: flags.is_client_managed,
                    server: flags.is_server || flags.is_external_connection,
                },
                _ => Sides::BOTH,
            }
        }
        ModuleKind::OScriptClass | ModuleKind::OScriptModule | ModuleKind::Unknown => {
            Sides { client: false, server: false }
        }
        _ => Sides::SERVER,
    }
}

/// The module that a definition of a common module names.
pub(crate) fn module_of(definition: &Definition) -> Option<ModuleId> {
    match definition {
        Definition::Module(module) => Some(*module),
        _ => None,
    }
}
