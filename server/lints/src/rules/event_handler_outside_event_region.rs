//! Handlers of events that stand outside their region.

use base::{Edit, TextRange};

use crate::context::{ModuleContext, ProjectContext};
use crate::facts::ModuleFacts;
use crate::method_removal::removal;
use crate::project::{events_of, is_event_name};
use crate::regions::{Region, StandardRegion};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "EventHandlerOutsideEventRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["standard"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Обработчик события {0} стоит вне области `ОбработчикиСобытий`",
        en: "The event handler {0} stands outside the region `EventHandlers`",
    }],
    docs: docs!("event_handler_outside_event_region"),
    create: |_| Box::new(EventHandlerOutsideEventRegion),
    ..RuleInfo::DEFAULT
};

struct EventHandlerOutsideEventRegion;

impl Rule for EventHandlerOutsideEventRegion {
    fn needs_project(&self) -> bool {
        true
    }

    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if !StandardRegion::of_module(ctx.module.kind).contains(&StandardRegion::EventHandlers) {
            return;
        }
        let facts = ctx.facts;
        let mut target = None;
        for ((offset, method), parent) in facts.methods().zip(facts.regions().parents()) {
            if parent.is_some_and(is_of_events) || !is_event_name(&method.name) {
                continue;
            }
            let range = method.name_range.shifted(offset);
            let target = target.get_or_insert_with(|| Target::of(facts));
            let fix = removal(facts, offset, method).and_then(|removed| target.take(facts, removed));
            let name = (facts.text)(range);
            ctx.propose(range, false).arg(name).fix(fix.into_iter().flatten());
        }
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut proposals = ctx.proposals().peekable();
        if proposals.peek().is_none() {
            return;
        }
        let events = events_of(ctx);
        for proposal in proposals {
            let name = ctx.text(proposal.range);
            if events.iter().any(|event| event.names.is(&name)) {
                ctx.confirm(proposal);
            }
        }
    }
}

fn is_of_events(region: &Region) -> bool {
    StandardRegion::from_name(&region.name) == Some(StandardRegion::EventHandlers)
}

/// Where handlers go.
enum Target {
    /// Before the end of their region.
    Region(TextRange),
    /// Into a new region behind this offset: the first of them makes it.
    New(u32),
    Nowhere,
}

impl Target {
    fn of(facts: &ModuleFacts<'_>) -> Self {
        let regions = facts.regions();
        if let Some(region) = regions.module_level().find(|region| is_of_events(region)) {
            let end = facts.directives().map(|directive| directive.range);
            let end = end.filter(|directive| directive.end == region.range.end).last();
            return end.map_or(Self::Nowhere, Self::Region);
        }
        let last = regions.module_level().map(|region| region.range.end).max();
        last.map_or(Self::Nowhere, Self::New)
    }

    /// Edits that move the text of a method.
    fn take(&mut self, facts: &ModuleFacts<'_>, removed: TextRange) -> Option<[Edit; 2]> {
        let line_break = if facts.has_crlf() { "\r\n" } else { "\n" };
        let text = (facts.text)(removed);
        let method = text.trim_matches(['\r', '\n']);
        let insertion = match *self {
            Self::Region(end) if removed.contains(end) => return None,
            Self::Region(end) => Edit::insert(end.start, format!("{method}{line_break}{line_break}")),
            Self::New(end) if !removed.contains(TextRange::empty(end)) => {
                let is_english = method.lines().any(|line| line.is_ascii() && !line.starts_with("//"));
                let [start, name, stop] = if is_english {
                    ["#Region", "EventHandlers", "#EndRegion"]
                } else {
                    ["#Область", "ОбработчикиСобытий", "#КонецОбласти"]
                };
                *self = Self::Nowhere;
                let parts = ["", "", &format!("{start} {name}"), "", method, "", stop];
                Edit::insert(end, parts.join(line_break))
            }
            Self::New(_) | Self::Nowhere => return None,
        };
        Some([Edit::delete(removed), insertion])
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_direct_region_counts() {
        rule("EventHandlerOutsideEventRegion").check(
            "\
//- /Documents/Заказ/Ext/ObjectModule.bsl
#Область ОбработчикиСобытий
Процедура ПередЗаписью(Отказ, РежимЗаписи, РежимПроведения)
КонецПроцедуры
#Область Вложенная
Процедура ПриЗаписи(Отказ)
КонецПроцедуры
#КонецОбласти
#КонецОбласти
Procedure Posting(Cancel, Mode)
EndProcedure
Процедура ПриКопировании(ОбъектКопирования)
КонецПроцедуры
Процедура Своя()
КонецПроцедуры
//- /CommonModules/Общий/Ext/Module.bsl
Процедура ПередЗаписью()
КонецПроцедуры
",
            expect![[r#"
                /Documents/Заказ/Ext/ObjectModule.bsl
                5:11 `ПриЗаписи` The event handler ПриЗаписи stands outside the region `EventHandlers`
                9:11 `Posting` The event handler Posting stands outside the region `EventHandlers`
                11:11 `ПриКопировании` The event handler ПриКопировании stands outside the region `EventHandlers`
            "#]],
        );
    }

    fn moved(module: &str) -> String {
        let project = format!("//- /Catalogs/Товары/Ext/ObjectModule.bsl\n{module}");
        let findings = rule("EventHandlerOutsideEventRegion").findings(&project);
        let edits = findings.into_iter().flat_map(|finding| finding.fix).collect();
        base::apply_edits(module, edits).0
    }

    #[test]
    fn handlers_move_with_their_comments() {
        expect![[r#"
            #Область ОбработчикиСобытий

            // Проверяет.
            Процедура ПриЗаписи(Отказ)
            КонецПроцедуры

            #КонецОбласти

            Процедура Своя()
            КонецПроцедуры
        "#]]
        .assert_eq(&moved(
            "// Проверяет.\nПроцедура ПриЗаписи(Отказ)\nКонецПроцедуры\n\n#Область ОбработчикиСобытий\n\n#КонецОбласти\n\n\
             Процедура Своя()\nКонецПроцедуры\n",
        ));
        expect![[r#"
            #Region Private

            #EndRegion

            #Region EventHandlers

            Procedure OnWrite(Cancel)
            EndProcedure

            #EndRegion

            Procedure BeforeWrite(Cancel)
            EndProcedure
        "#]]
        .assert_eq(&moved(
            "#Region Private\n\nProcedure OnWrite(Cancel)\nEndProcedure\n\n#EndRegion\n\nProcedure BeforeWrite(Cancel)\nEndProcedure\n",
        ));
    }
}
