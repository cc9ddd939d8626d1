//! Calls of a module with what they call, resolved in one pass for all rules.

use std::iter::Peekable;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use semantics::{Method, Module, ModuleId, ObjectId, Origin, Project, Receiver, Reference, ReferenceKind};

use super::targets::Targets;

/// What a call means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The platform, a value, a module without text: nothing that rules speak about.
    Other,
    /// A method of the module itself or of the one that it extends.
    Own(ModuleId),
    /// An exported method of another module.
    Foreign(ModuleId),
    /// A method of another module that is not exported.
    Hidden(ModuleId),
    /// The common module has no such method.
    Missing(ObjectId),
    /// Called without receiver, and nothing has this name.
    Unresolved,
    /// A function of the platform that not every version has.
    Versioned,
}

/// A call that means something to rules.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedCall<'a> {
    pub reference: Reference<'a>,
    /// The method around; `None` for code outside methods.
    pub caller: Option<Method<'a>>,
    pub target: Target,
    /// Methods that the call may mean: directives may choose between several. Calls of the same name share them.
    pub methods: Rc<[Method<'a>]>,
}

impl ResolvedCall<'_> {
    /// True for an argument, counted from zero, that is not left out.
    pub(crate) fn has_argument(&self, index: usize) -> bool {
        let is_skipped =
            u32::try_from(index).is_ok_and(|index| self.reference.skipped >> index.min(31) & 1 == 1);
        index < usize::from(self.reference.arguments) && !(index < 32 && is_skipped)
    }

    /// Number of arguments without those at the end that are left out.
    pub(crate) fn given_arguments(&self) -> usize {
        let mut count = usize::from(self.reference.arguments);
        while count > 0 && !self.has_argument(count - 1) {
            count -= 1;
        }
        count
    }
}

/// What a call means, and the methods of that name.
type Meaning<'a> = (Target, Rc<[Method<'a>]>);

/// An assignment to the name of a common module, or to something behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assignment<'a> {
    pub reference: Reference<'a>,
    pub caller: Option<Method<'a>>,
}

#[derive(Default)]
pub(crate) struct ResolvedCalls<'a> {
    /// In the order of the text, without `Target::Other`.
    pub calls: Vec<ResolvedCall<'a>>,
    pub assignments: Vec<Assignment<'a>>,
}

impl<'a> ResolvedCalls<'a> {
    pub(super) fn new(project: &'a Project, module: &'a Module) -> Self {
        let targets = Targets::new(project, module);
        let mut known: FxHashMap<(&str, &str), Meaning<'a>> = FxHashMap::default();
        let mut modules: FxHashMap<&str, bool> = FxHashMap::default();
        let mut methods = module.facts.methods().peekable();
        let mut result = Self::default();
        for reference in module.facts.references() {
            if reference.kind == ReferenceKind::Write {
                let head = match reference.receiver {
                    Receiver::None if reference.origin == Origin::MaybeLocal => reference.name,
                    Receiver::Path(path) if reference.origin == Origin::Outside && !path.contains('.') => {
                        path
                    }
                    _ => continue,
                };
                let is_module = *modules.entry(head).or_insert_with(|| targets.common_module(head).is_some());
                if is_module {
                    let caller = method_around(&mut methods, reference.place.offset);
                    result.assignments.push(Assignment { reference, caller });
                }
                continue;
            }
            if !reference.kind.is_call() {
                continue;
            }
            let path = match reference.receiver {
                Receiver::None => "",
                Receiver::Path(path) if reference.origin == Origin::Outside => path,
                _ => continue,
            };
            let (target, meant) = known.entry((path, reference.name)).or_insert_with(|| {
                let target = match path {
                    "" => targets.of_name(reference.name),
                    path => targets.of_path(path, reference.name),
                };
                (target, methods_of(project, target, reference.name))
            });
            if *target != Target::Other {
                let caller = method_around(&mut methods, reference.place.offset);
                let methods = Rc::clone(meant);
                result.calls.push(ResolvedCall { reference, caller, target: *target, methods });
            }
        }
        result
    }
}

fn methods_of<'a>(project: &'a Project, target: Target, name: &str) -> Rc<[Method<'a>]> {
    match target {
        Target::Own(module) | Target::Foreign(module) => {
            let module = project.module(module).into_iter();
            module.flat_map(|module| module.methods_named(name)).collect()
        }
        _ => Rc::default(),
    }
}

/// Offsets grow from call to call.
fn method_around<'a>(
    methods: &mut Peekable<impl Iterator<Item = Method<'a>>>,
    offset: u32,
) -> Option<Method<'a>> {
    while methods.next_if(|method| method.range().end < offset).is_some() {}
    methods.peek().copied().filter(|method| method.range().start <= offset)
}
