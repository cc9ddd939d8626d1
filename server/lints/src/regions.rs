//! Regions of a module, paired from its directives. A region without its end is none.

use base::TextRange;
use syntax::TokenKind;

use crate::calls::PlatformName;
use crate::facts::{DirectiveFact, ModuleFacts};
use crate::module::ModuleKind;

#[derive(Clone, Debug)]
pub(crate) struct Region {
    /// As written; empty while it is not typed yet.
    pub name: String,
    /// `Область Имя` without the sign.
    pub header: TextRange,
    /// From the header to the end of `КонецОбласти`.
    pub range: TextRange,
    /// Stands neither in another region nor in a method.
    pub is_module_level: bool,
}

/// All regions in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    all: Vec<Region>,
    /// For every method the outermost region around it.
    roots: Vec<Option<u32>>,
    /// For every method the innermost region around it.
    parents: Vec<Option<u32>>,
}

impl Region {
    pub(crate) fn name_range(&self) -> TextRange {
        TextRange { start: self.header.end - self.name.len() as u32, end: self.header.end }
    }

    /// The region holds what other modules may call.
    pub(crate) fn is_interface(&self) -> bool {
        let standard = StandardRegion::from_name(&self.name);
        matches!(standard, Some(StandardRegion::Public | StandardRegion::Internal))
    }
}

impl Regions {
    pub(crate) fn new(facts: &ModuleFacts<'_>) -> Self {
        let methods: Vec<_> = facts.methods().map(|(offset, method)| method.range.shifted(offset)).collect();
        let mut all = paired(facts);
        mark_module_level(&mut all, &methods);
        let roots = roots(&all, &methods);
        let parents = parents(&all, &methods);
        Self { all, roots, parents }
    }

    pub(crate) fn module_level(&self) -> impl Iterator<Item = &Region> {
        self.all.iter().filter(|region| region.is_module_level)
    }

    /// For every method of the module, in order, the innermost region around it.
    pub(crate) fn parents(&self) -> impl Iterator<Item = Option<&Region>> {
        self.parents.iter().map(|parent| parent.and_then(|index| self.all.get(index as usize)))
    }

    /// The method lies in the region and in no region inside it.
    pub(crate) fn is_direct(&self, region: &Region, method: TextRange) -> bool {
        let is_between = |inner: &Region| {
            inner.range != region.range && region.range.contains(inner.range) && inner.range.contains(method)
        };
        region.range.contains(method) && !self.all.iter().any(is_between)
    }

    /// For every method of the module, in order, the outermost region around it.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Option<&Region>> {
        self.roots.iter().map(|root| root.and_then(|index| self.all.get(index as usize)))
    }
}

/// Regions start in the order of the text and nest properly, so the open ones are a stack.
fn parents(all: &[Region], methods: &[TextRange]) -> Vec<Option<u32>> {
    let mut next = 0;
    let mut open: Vec<u32> = Vec::new();
    let parent_of = |method: &TextRange| {
        while let Some(region) = all.get(next).filter(|region| region.range.start <= method.start) {
            let start = region.range.start;
            open.retain(|index| all.get(*index as usize).is_some_and(|outer| outer.range.end > start));
            open.push(next as u32);
            next += 1;
        }
        let contains = |index: &&u32| all.get(**index as usize).is_some_and(|it| it.range.contains(*method));
        open.iter().rev().find(contains).copied()
    };
    methods.iter().map(parent_of).collect()
}

/// Closed regions, each with the nearest end that is not taken by a region inside.
fn paired(facts: &ModuleFacts<'_>) -> Vec<Region> {
    let mut all: Vec<Region> = Vec::new();
    let mut open = Vec::new();
    for directive in facts.directives() {
        match directive.kind {
            TokenKind::DirectiveRegion => {
                open.push(all.len());
                all.push(opened(facts, &directive));
            }
            TokenKind::DirectiveEndRegion => {
                if let Some(region) = open.pop().and_then(|index| all.get_mut(index)) {
                    region.range.end = directive.range.end;
                }
            }
            _ => {}
        }
    }
    // A region that was never closed still ends where its header ends.
    all.retain(|region| region.range.end > region.header.end);
    all
}

fn opened(facts: &ModuleFacts<'_>, directive: &DirectiveFact) -> Region {
    let text = (facts.text)(directive.range);
    let word = text.trim_start_matches(|letter: char| letter == '#' || letter.is_whitespace());
    let start = directive.range.end - word.len() as u32;
    let header = TextRange { start, end: directive.range.end };
    let name = text
        .get(text.len().saturating_sub(directive.name_range.len() as usize)..)
        .unwrap_or_default()
        .to_owned();
    Region { name, header, range: header, is_module_level: false }
}

/// Regions nest properly, so one that starts before the last outer one ends lies inside it.
fn mark_module_level(all: &mut [Region], methods: &[TextRange]) {
    let mut outer_end = 0;
    let mut methods = methods.iter().copied().peekable();
    for region in all {
        while methods.next_if(|method| method.end <= region.range.start).is_some() {}
        let is_in_method = methods.peek().is_some_and(|method| method.contains(region.range));
        let is_outer = region.range.start >= outer_end;
        if is_outer {
            outer_end = region.range.end;
        }
        region.is_module_level = is_outer && !is_in_method;
    }
}

fn roots(all: &[Region], methods: &[TextRange]) -> Vec<Option<u32>> {
    let outer = all.iter().enumerate().filter(|(_, region)| region.is_module_level);
    let mut outer = outer.map(|(index, region)| (index as u32, region.range)).peekable();
    let root_of = |method: &TextRange| {
        while outer.next_if(|(_, range)| range.end <= method.start).is_some() {}
        outer.peek().filter(|(_, range)| range.contains(*method)).map(|(index, _)| *index)
    };
    methods.iter().map(root_of).collect()
}

/// Regions that the development standard names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StandardRegion {
    Variables,
    Public,
    Internal,
    Private,
    EventHandlers,
    FormEventHandlers,
    FormHeaderItemsEventHandlers,
    /// A prefix: the name of the table follows.
    FormTableItemsEventHandlers,
    FormCommandsEventHandlers,
    Initialize,
}

const NAMES: [(StandardRegion, PlatformName); 9] = [
    (StandardRegion::Variables, PlatformName::new("ОписаниеПеременных", "Variables")),
    (StandardRegion::Public, PlatformName::new("ПрограммныйИнтерфейс", "Public")),
    (StandardRegion::Internal, PlatformName::new("СлужебныйПрограммныйИнтерфейс", "Internal")),
    (StandardRegion::Private, PlatformName::new("СлужебныеПроцедурыИФункции", "Private")),
    (StandardRegion::EventHandlers, PlatformName::new("ОбработчикиСобытий", "EventHandlers")),
    (StandardRegion::FormEventHandlers, PlatformName::new("ОбработчикиСобытийФормы", "FormEventHandlers")),
    (
        StandardRegion::FormHeaderItemsEventHandlers,
        PlatformName::new("ОбработчикиСобытийЭлементовШапкиФормы", "FormHeaderItemsEventHandlers"),
    ),
    (
        StandardRegion::FormCommandsEventHandlers,
        PlatformName::new("ОбработчикиКомандФормы", "FormCommandsEventHandlers"),
    ),
    (StandardRegion::Initialize, PlatformName::new("Инициализация", "Initialize")),
];

const TABLE_PREFIX: PlatformName =
    PlatformName::new("ОбработчикиСобытийЭлементовТаблицыФормы", "FormTableItemsEventHandlers");

impl StandardRegion {
    /// Regions of a module of this kind besides the private one, which all modules may have, in their order.
    pub fn of_module(kind: ModuleKind) -> &'static [Self] {
        use StandardRegion::{
            EventHandlers, FormCommandsEventHandlers, FormEventHandlers, FormHeaderItemsEventHandlers,
            FormTableItemsEventHandlers, Initialize, Internal, Public, Variables,
        };
        match kind {
            ModuleKind::FormModule => &[
                Variables,
                FormEventHandlers,
                FormHeaderItemsEventHandlers,
                FormTableItemsEventHandlers,
                FormCommandsEventHandlers,
                Initialize,
            ],
            ModuleKind::ObjectModule | ModuleKind::RecordSetModule => {
                &[Variables, Public, EventHandlers, Internal, Initialize]
            }
            ModuleKind::ValueManagerModule => &[Variables, Public, EventHandlers, Internal],
            ModuleKind::CommonModule => &[Public, Internal],
            ModuleKind::ApplicationModule
            | ModuleKind::ManagedApplicationModule
            | ModuleKind::OrdinaryApplicationModule => &[Variables, Public, EventHandlers],
            ModuleKind::CommandModule
            | ModuleKind::SessionModule
            | ModuleKind::HTTPServiceModule
            | ModuleKind::WEBServiceModule => &[EventHandlers],
            ModuleKind::ExternalConnectionModule => &[Public, EventHandlers],
            ModuleKind::ManagerModule => &[Public, EventHandlers, Internal, Initialize],
            _ => &[],
        }
    }

    /// Its Russian and its English name; for regions of form tables the start of the name.
    pub fn names(self) -> [&'static str; 2] {
        let known = NAMES.iter().find(|(region, _)| *region == self).map_or(TABLE_PREFIX, |(_, name)| *name);
        [known.ru, known.en]
    }

    /// The standard region of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let known = NAMES.iter().find(|(_, known)| known.is(name)).map(|(region, _)| *region);
        known.or_else(|| TABLE_PREFIX.starts(name).then_some(Self::FormTableItemsEventHandlers))
    }
}
