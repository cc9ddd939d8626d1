//! Handlers of events whose parameters are not those of the event.

use base::{Edit, TextRange};
use platform::{Names, Script};

use crate::calls::PlatformName;
use crate::context::{ModuleContext, ProjectContext};
use crate::module::ModuleKind;
use crate::project::{call_range, events_of, is_event_name, known_parameter_counts};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "EventHandlerInvalidSignature",
    kind: RuleKind::Error,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["suspicious", "standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Параметров у обработчика {0}: {1}, а у события: {2}",
        en: "The handler {0} has {1} parameters, its event has {2}",
    }],
    docs: docs!("event_handler_invalid_signature"),
    create: |_| Box::new(EventHandlerInvalidSignature),
    ..RuleInfo::DEFAULT
};

/// The only event of a OneScript class with parameters of its own.
const PRESENTATION: PlatformName =
    PlatformName::new("ОбработкаПолученияПредставления", "PresentationGetProcessing");
const PRESENTATION_PARAMETERS: [PlatformName; 2] = [
    PlatformName::new("Представление", "Presentation"),
    PlatformName::new("СтандартнаяОбработка", "StandardProcessing"),
];

struct EventHandlerInvalidSignature;

impl Rule for EventHandlerInvalidSignature {
    fn needs_project(&self) -> bool {
        true
    }

    /// Classes of OneScript need no project.
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if ctx.module.kind != ModuleKind::OScriptClass {
            return;
        }
        let facts = ctx.facts;
        for (offset, method) in facts.methods().filter(|(_, method)| PRESENTATION.is(&method.name)) {
            let (count, wanted) = (method.parameters.len(), PRESENTATION_PARAMETERS);
            if count == wanted.len() || method.has_error {
                continue;
            }
            let name_range = method.name_range.shifted(offset);
            let name = (facts.text)(name_range);
            let names: Vec<&str> = wanted.iter().map(|known| known.in_language_of(&name)).collect();
            let fix = fix(facts.text, name_range, method.range.end + offset, &names);
            ctx.report(name_range).arg(name).arg(count).arg(wanted.len()).fix(fix);
        }
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let events = events_of(ctx);
        if events.is_empty() {
            return;
        }
        let handlers = ctx.module().facts.methods().filter(|method| is_event_name(&method.fact().name));
        for method in handlers {
            let name = &method.fact().name;
            let Some(event) = events.iter().find(|event| event.names.is(name)) else { continue };
            let count = method.parameters().len();
            let Some(wanted) = known_parameter_counts(event).filter(|counts| !counts.contains(&count)) else {
                continue;
            };
            let wanted = if count < *wanted.start() { *wanted.start() } else { *wanted.end() };
            let script = if name.is_ascii() { Script::English } else { Script::Russian };
            let in_script = |names: &Names| names.in_script(script).clone();
            let names: Vec<_> = event.parameters.iter().take(wanted).map(in_script).collect();
            let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
            let range = method.place().range();
            let fix = fix(ctx.project.text, range, method.range().end, &names);
            ctx.report(range).arg(name).arg(count).arg(wanted).fix(fix);
        }
    }
}

/// The parameters of the event; those that are there keep their text by position. Only if all of them have names.
fn fix(read: &dyn Fn(TextRange) -> String, name: TextRange, end: u32, wanted: &[&str]) -> Option<Edit> {
    let declaration = call_range(name, read, end);
    let text = read(TextRange { start: name.end, end: declaration.end });
    let open = text.find('(')?;
    let list = text.get(open + 1..text.len().checked_sub(1)?)?;
    if wanted.iter().any(|name| name.is_empty()) || list.contains("//") {
        return None;
    }
    let old = split(list);
    let new = wanted.iter().enumerate().map(|(index, name)| old.get(index).copied().unwrap_or(name));
    let start = name.end + open as u32 + 1;
    let range = TextRange { start, end: start + list.len() as u32 };
    Some(Edit::replace(range, new.collect::<Vec<_>>().join(", ")))
}

/// Parameters without blanks around them; literals and parentheses may hold commas.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_u32, None);
    for (at, letter) in list.char_indices() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(letter),
            ('(', None) => depth += 1,
            (')', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::split;
    use crate::module::ModuleKind;
    use crate::testing::rule;

    #[test]
    fn parameters_are_split_at_commas() {
        assert_eq!(split(" А, Знач Б = \",\" , &Х(1, 2) В"), ["А", "Знач Б = \",\"", "&Х(1, 2) В"]);
        assert!(split(" ").is_empty());
    }

    #[test]
    fn handlers_of_objects_and_commands() {
        rule("EventHandlerInvalidSignature").check(
            "\
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Процедура ПередЗаписью(Отказ, Замещение)
КонецПроцедуры
Procedure OnWrite(Cancel)
EndProcedure
Процедура ОбработкаПроведения()
КонецПроцедуры
Procedure FillCheckProcessing(Val Cancel = \",\")
EndProcedure
//- /CommonCommands/Открыть/Ext/CommandModule.bsl
Процедура ОбработкаКоманды()
КонецПроцедуры
//- /CommonModules/Общий/Ext/Module.bsl
Процедура ПередЗаписью()
КонецПроцедуры
",
            expect![[r#"
                /Catalogs/Товары/Ext/ObjectModule.bsl
                1:11 `ПередЗаписью` The handler ПередЗаписью has 2 parameters, its event has 1
                7:11 `FillCheckProcessing` The handler FillCheckProcessing has 1 parameters, its event has 2
                /CommonCommands/Открыть/Ext/CommandModule.bsl
                1:11 `ОбработкаКоманды` The handler ОбработкаКоманды has 0 parameters, its event has 2
            "#]],
        );
    }

    #[test]
    fn classes_of_oscript() {
        let class = rule("EventHandlerInvalidSignature").oscript().module(ModuleKind::OScriptClass);
        class.check(
            "Процедура ПриСозданииОбъекта(А, Б, В)\nКонецПроцедуры\nФункция ОбработкаПолученияПредставления(А)\nКонецФункции\n\
             Procedure PresentationGetProcessing(A, B)\nEndProcedure\n",
            expect![[r#"
                3:9 `ОбработкаПолученияПредставления` The handler ОбработкаПолученияПредставления has 1 parameters, its event has 2
            "#]],
        );
        class.check_fix(
            "Функция ОбработкаПолученияПредставления(Знач А)\nКонецФункции\nProcedure PresentationGetProcessing()\nEndProcedure\n\
             Procedure PresentationGetProcessing(A, B, C)\nEndProcedure\n",
            expect![[r#"
                Функция ОбработкаПолученияПредставления(Знач А, СтандартнаяОбработка)
                КонецФункции
                Procedure PresentationGetProcessing(Presentation, StandardProcessing)
                EndProcedure
                Procedure PresentationGetProcessing(A, B)
                EndProcedure
            "#]],
        );
    }
}
