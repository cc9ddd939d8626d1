//! Whole procedures: handlers of events that the module may have, and those that its form names but that are missing.

use metadata::{FormHandler, ModuleKind};
use semantics::{Dialect, Module};

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidates, Fit, Tier};
use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::names::without_places;
use crate::completion::texts::escaped;

/// Parameters of handlers whose English names the tables lack.
const PARAMETERS: [(&str, &str); 16] = [
    ("Элемент", "Item"),
    ("Команда", "Command"),
    ("Отказ", "Cancel"),
    ("СтандартнаяОбработка", "StandardProcessing"),
    ("ПараметрыЗаписи", "WriteParameters"),
    ("ТекущийОбъект", "CurrentObject"),
    ("ИмяСобытия", "EventName"),
    ("Параметр", "Parameter"),
    ("Источник", "Source"),
    ("ВыбранноеЗначение", "ValueSelected"),
    ("ИсточникВыбора", "ChoiceSource"),
    ("ЗавершениеРаботы", "Exit"),
    ("ТекстПредупреждения", "WarningText"),
    ("ДанныеВыбора", "ChoiceData"),
    ("Настройки", "Settings"),
    ("ВыбраннаяСтрока", "RowSelected"),
];

/// A procedure to write.
struct Handler {
    name: String,
    parameters: Vec<String>,
    directive: &'static str,
    description: String,
    /// Somebody waits for it.
    is_missing: bool,
}

/// Offers handlers that the module does not have yet. `is_named`: the keyword is typed already.
pub(crate) fn offer(asked: &Asked<'_>, is_named: bool, candidates: &mut Candidates) {
    let Some(module) = asked.of.project.module(asked.of.module) else { return };
    let mut handlers = form_handlers(asked, module);
    handlers.extend(module_handlers(asked, module));
    handlers.retain(|handler| module.find_method(&handler.name).is_none());
    handlers.dedup_by(|left, right| base::same_name(&left.name, &right.name));
    for (index, handler) in handlers.into_iter().enumerate() {
        let tier = if handler.is_missing { Tier::Expected } else { Tier::Own };
        candidates.ready(item(asked, handler, is_named), tier, Fit::Unknown, index as u32);
    }
}

fn item(asked: &Asked<'_>, handler: Handler, is_named: bool) -> CompletionItem {
    let script = asked.position.script;
    let signature = format!("({})", handler.parameters.join(", "));
    let mut text = String::new();
    if !is_named {
        if !handler.directive.is_empty() {
            text += &format!("&{}\n", handler.directive);
        }
        text += script.pick("Процедура ", "Procedure ");
    }
    text += &escaped(&format!("{}{signature}", handler.name));
    text += script.pick("\n\n\t$0\n\nКонецПроцедуры", "\n\n\t$0\n\nEndProcedure");
    let preview = without_places(&text);
    let is_snippet = asked.options.snippets;
    CompletionItem {
        text: if is_snippet { text } else { preview.clone() },
        is_snippet,
        signature,
        description: handler.description,
        preview,
        ..CompletionItem::named(handler.name, CompletionKind::Event)
    }
}

/// Events of modules of this kind.
fn module_handlers(asked: &Asked<'_>, module: &Module) -> Vec<Handler> {
    let object = module.place.object.and_then(|object| asked.of.project.object(object));
    let kind = object.map_or("", |object| object.kind.name());
    let place = format!("{:?}", module.place.kind);
    let place = if asked.dialect() == Dialect::OneScript { "OneScriptClass" } else { &place };
    let platform = asked.platform();
    let mut events = platform.module_events(kind, place);
    if events.is_empty() {
        events = platform.module_events("", place);
    }
    if asked.dialect() == Dialect::OneScript && module.place.kind != ModuleKind::OScriptClass {
        return Vec::new();
    }
    let directive = match module.place.kind {
        ModuleKind::CommandModule => asked.position.script.pick("НаКлиенте", "AtClient"),
        _ => "",
    };
    let mut events: Vec<_> = events.iter().collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.seen));
    let handler = |event: &&platform::Event| Handler {
        name: asked.name(&event.names).to_owned(),
        parameters: event.parameters.iter().map(|names| asked.name(names).to_owned()).collect(),
        directive,
        description: asked.pick("событие модуля", "event of the module").to_owned(),
        is_missing: false,
    };
    events.iter().map(handler).collect()
}

/// Procedures that the form of the module names.
fn form_handlers(asked: &Asked<'_>, module: &Module) -> Vec<Handler> {
    let Some(form) = asked.of.project.form(module.id) else { return Vec::new() };
    let mut handlers = Vec::new();
    for handler in &form.handlers {
        handlers.extend(form_handler(asked, "Form", "", handler));
    }
    for command in &form.commands {
        for action in command.actions.iter().filter(|action| action.call_type.is_empty()) {
            let script = asked.position.script;
            handlers.push(Handler {
                name: action.procedure.to_string(),
                parameters: vec![script.pick("Команда", "Command").to_owned()],
                directive: script.pick("НаКлиенте", "AtClient"),
                description: format!("{} {}", script.pick("команда", "command"), command.name),
                is_missing: true,
            });
        }
    }
    for element in &form.elements {
        for handler in &element.handlers {
            handlers.extend(form_handler(asked, &element.kind, &element.name, handler));
        }
    }
    handlers
}

fn form_handler(asked: &Asked<'_>, kind: &str, element: &str, handler: &FormHandler) -> Option<Handler> {
    if !handler.call_type.is_empty() || handler.procedure.is_empty() {
        return None;
    }
    let script = asked.position.script;
    let events = asked.platform().form_events(kind);
    let event = events.iter().find(|event| event.names.is(&handler.event));
    let english = |name: &str| {
        let known = PARAMETERS.iter().find(|(russian, _)| base::same_name(russian, name));
        known.map_or_else(|| name.to_owned(), |(_, english)| (*english).to_owned())
    };
    let named = event.map(|event| event.parameters.iter());
    let parameters =
        named.map(|names| names.map(|name| script.pick(name.to_string(), english(name))).collect::<Vec<_>>());
    let default = || match element.is_empty() {
        true => Vec::new(),
        false => vec![script.pick("Элемент", "Item").to_owned()],
    };
    let directive = match event.map(|event| event.directive.as_str()) {
        Some("server") => script.pick("НаСервере", "AtServer"),
        Some("serverNoContext") => script.pick("НаСервереБезКонтекста", "AtServerNoContext"),
        _ => script.pick("НаКлиенте", "AtClient"),
    };
    let event_name = event.map_or(handler.event.as_str(), |event| asked.name(&event.names));
    let description =
        if element.is_empty() { event_name.to_owned() } else { format!("{element}: {event_name}") };
    Some(Handler {
        name: handler.procedure.to_string(),
        parameters: parameters.unwrap_or_else(default),
        directive,
        description,
        is_missing: true,
    })
}
