//! Exported methods of common modules by their own names: `ЗначениеРекв` offers
//! `ОбщегоНазначения.ЗначениеРеквизитаОбъекта`.

use metadata::ModuleKind;
use semantics::{Definition, Dialect, Module};
use smol_str::SmolStr;

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidates, Fit, Tier};
use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::matching::MatchLevel;
use crate::completion::texts::{Call, insert_call, method_signature};

/// Letters that must be typed before whole modules are searched.
pub(crate) const MIN_TYPED: usize = 3;
/// Most methods that are offered.
const LIMIT: usize = 50;

/// A method that fits, before any text is made.
struct Found<'a> {
    is_unavailable: bool,
    level: MatchLevel,
    name: &'a str,
    module: &'a Module,
    index: u32,
}

/// True if some were left out.
pub(crate) fn offer(asked: &Asked<'_>, candidates: &mut Candidates) -> bool {
    if candidates.matcher.len() < MIN_TYPED {
        return false;
    }
    let project = asked.of.project;
    let wanted = match asked.dialect() {
        Dialect::Enterprise => ModuleKind::CommonModule,
        Dialect::OneScript => ModuleKind::OScriptModule,
    };
    let visible: Vec<_> =
        project.root_chain(project.visible_root(asked.of.module)).map(|(root, _)| root).collect();
    let is_seen = |module: &Module| {
        module.id != asked.of.module
            && module.place.kind == wanted
            && module.place.root.is_none_or(|root| visible.is_empty() || visible.contains(&root))
    };
    let mut found = Vec::new();
    for module in project.modules().filter(|module| is_seen(module)) {
        search(asked, module, candidates, &mut found);
    }
    let key = |it: &Found<'_>| (it.is_unavailable, it.level, it.name.len());
    found.sort_by(|left, right| {
        key(left)
            .cmp(&key(right))
            .then_with(|| (left.name, &left.module.path).cmp(&(right.name, &right.module.path)))
    });
    let is_cut = found.len() > LIMIT;
    found.truncate(LIMIT);
    for method in found {
        if let Some(item) = item(asked, &method) {
            let tier = if method.is_unavailable { Tier::Unavailable } else { Tier::Qualified };
            candidates.ready_as(method.name, item, tier, Fit::Unknown);
        }
    }
    is_cut
}

fn search<'a>(asked: &Asked<'a>, module: &'a Module, candidates: &Candidates, found: &mut Vec<Found<'a>>) {
    let matcher = &candidates.matcher;
    let first = found.len();
    let Some(letter) = matcher.first() else { return };
    for (index, method) in module.exports_with(letter) {
        let name = &method.fact().name;
        if let Some(level) = matcher.level(name) {
            found.push(Found { is_unavailable: false, level, name, module, index });
        }
    }
    if found.len() > first && !asked.can_call(module.id) {
        found[first..].iter_mut().for_each(|method| method.is_unavailable = true);
    }
}

fn item(asked: &Asked<'_>, found: &Found<'_>) -> Option<CompletionItem> {
    let project = asked.of.project;
    let place = &found.module.place;
    let owner = match place.object.and_then(|object| project.object(object)) {
        Some(object) => SmolStr::clone(&object.name),
        None => place.name.clone(),
    };
    let method = found.module.method(found.index)?;
    let kind = if method.is_function { CompletionKind::Function } else { CompletionKind::Method };
    let mut item = CompletionItem::named(format!("{owner}.{}", found.name), kind);
    let call = Call { has_parameters: method.parameters().len() > 0, ..Call::default() };
    insert_call(asked, &mut item, &call);
    item.filter = Some(found.name.to_owned());
    item.signature = method_signature(asked, method);
    item.is_deprecated = method.is_deprecated;
    if found.is_unavailable {
        item.description = asked.pick("недоступен здесь", "not available here").to_owned();
    }
    item.definition = Some(Definition::Method { module: found.module.id, index: found.index });
    Some(item)
}
