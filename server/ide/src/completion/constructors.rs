//! Behind `Новый`: types that can be made, those that are known to be made first.

use metadata::ModuleKind;
use platform::{Names, TypeInfo};
use semantics::{Definition, Dialect, PlatformType};

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::item::CompletionKind;
use crate::completion::typing::plain;

pub(crate) fn offer(asked: &Asked<'_>, candidates: &mut Candidates) {
    for (names, tier, definition) in types(asked) {
        candidates.offer(Candidate {
            names,
            kind: CompletionKind::Constructor,
            tier,
            fit: Fit::Unknown,
            distance: 0,
            content: Content::Constructor(definition),
        });
    }
}

/// Types that `Новый` may make.
pub(crate) fn types<'a>(asked: &Asked<'a>) -> impl Iterator<Item = (Names, Tier, Definition)> + use<'a> {
    let dialect = asked.dialect();
    let project = asked.of.project;
    let classes = project
        .modules()
        .filter(move |module| dialect == Dialect::OneScript && module.place.kind == ModuleKind::OScriptClass);
    let classes = classes.map(|module| (plain(&module.place.name), Tier::Own, Definition::Module(module.id)));
    let types = project.platform(dialect).types().filter_map(move |(id, info)| {
        let tier = tier_of(info)?;
        Some((info.names.clone(), tier, Definition::PlatformType(PlatformType { dialect, id })))
    });
    classes.chain(types)
}

/// `None` for what no code can make.
fn tier_of(info: &TypeInfo) -> Option<Tier> {
    if !info.constructors.is_empty() {
        return Some(Tier::Global);
    }
    // The tables do not list the constructors of all types; these are certainly made by the platform alone.
    let name = info.names.ru.as_str();
    let parts = [
        "Ссылка",
        "Объект",
        "Менеджер",
        "НаборЗаписей",
        "Выборка",
        "Список",
        "КлючЗаписи",
        "МенеджерЗаписи",
        "Запись",
        "МенеджерЗначения",
        "КлючЗначения",
        "ТабличнаяЧасть",
    ];
    let starts =
        ["ОбъектМетаданных", "Коллекция", "ДанныеФормы", "Расширение", "СтандартноеХранилище", "Событие"];
    let is_made = metadata::ObjectKind::ALL.iter().any(|kind| {
        !kind.name_ru().is_empty()
            && name.strip_prefix(kind.name_ru()).is_some_and(|rest| parts.contains(&rest))
    });
    (!is_made && !starts.iter().any(|start| name.starts_with(start))).then_some(Tier::Guess)
}
