//! Several regions of one name at the level of the module.

use base::{Edit, TextRange};
use rustc_hash::FxHashMap;

use crate::context::ModuleContext;
use crate::facts::ModuleFacts;
use crate::layout::end_of_blank_line;
use crate::regions::{Region, StandardRegion};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DuplicateRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    compatibility: Some((8, 3, 1)),
    tags: &["standard"],
    fix: FixSafety::Safe,
    messages: &[Text {
        ru: "Область `{0}` встречается в модуле несколько раз",
        en: "The module has several regions `{0}`",
    }],
    docs: docs!("duplicate_region"),
    create: |_| Box::new(DuplicateRegion),
    ..RuleInfo::DEFAULT
};

/// Regions that are the same for a reader.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Standard(StandardRegion),
    Named(&'a str),
}

struct DuplicateRegion;

impl Rule for DuplicateRegion {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let mut groups: Vec<Vec<&Region>> = Vec::new();
        let mut index_of: FxHashMap<Identity<'_>, usize> = FxHashMap::default();
        let facts = ctx.facts;
        for region in facts.regions().module_level().filter(|region| !region.name.is_empty()) {
            let index = *index_of.entry(identity(&region.name)).or_insert(groups.len());
            if index == groups.len() {
                groups.push(Vec::new());
            }
            groups[index].push(region);
        }
        for group in groups.iter().filter(|group| group.len() > 1) {
            let places = group.iter().map(|region| region.header);
            let fix = joined(facts, group).unwrap_or_default();
            ctx.report(group[0].header).arg(&group[0].name).related(places).fix(fix);
        }
    }
}

/// Names of standard regions are the same in both languages; the names for tables of a form differ by
/// what follows the prefix.
fn identity(name: &str) -> Identity<'_> {
    match StandardRegion::from_name(name) {
        None | Some(StandardRegion::FormTableItemsEventHandlers) => Identity::Named(name),
        Some(region) => Identity::Standard(region),
    }
}

/// Regions with nothing between them become one: the lines go that end one and start the next.
fn joined(facts: &ModuleFacts<'_>, regions: &[&Region]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for pair in regions.windows(2) {
        let [region, next] = pair else { continue };
        let between = (facts.text)(TextRange { start: region.range.end, end: next.header.start });
        let text = (facts.text)(region.range);
        let start = region.range.start + text.rfind('#')? as u32;
        if between.trim() != "#" {
            return None;
        }
        let end = end_of_blank_line(facts.text, next.header.end)?;
        edits.push(Edit::delete(TextRange { start, end }));
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_joins_neighbors() {
        rule("DuplicateRegion").check_fix(
            "#Область А\nПроцедура А()\nКонецПроцедуры\n#КонецОбласти\n\n#Область А\n\nПроцедура Б()\nКонецПроцедуры\n#КонецОбласти\n#Область А\n#КонецОбласти\n\
             #Область Б\n#КонецОбласти\n// да\n#Область Б\n#КонецОбласти\n",
            expect![[r#"
                #Область А
                Процедура А()
                КонецПроцедуры

                Процедура Б()
                КонецПроцедуры
                #КонецОбласти
                #Область Б
                #КонецОбласти
                // да
                #Область Б
                #КонецОбласти
            "#]],
        );
    }

    #[test]
    fn names_in_two_languages_are_the_same() {
        rule("DuplicateRegion").check(
            "#Область ПрограммныйИнтерфейс\n#КонецОбласти\n#Область Разное\n#КонецОбласти\n#Region public\n#EndRegion\n\
             #Область Разное\n#Область Разное\n#КонецОбласти\n#КонецОбласти\n#  Область Public\n#КонецОбласти\n",
            expect![[r#"
                1:2 `Область ПрограммныйИнтерфейс` The module has several regions `ПрограммныйИнтерфейс` +1:2 +5:2 +11:4
                3:2 `Область Разное` The module has several regions `Разное` +3:2 +7:2
            "#]],
        );
    }

    #[test]
    fn inner_and_unpaired_regions_do_not_count() {
        rule("DuplicateRegion").check(
            "#Область А\n#Область Б\n#КонецОбласти\n#КонецОбласти\n#Область а\n#КонецОбласти\n\
             Процедура Ф()\n#Область А\n#КонецОбласти\nКонецПроцедуры\n#Область Б\n#КонецОбласти\n#Область Б\n",
            expect![[""]],
        );
    }
}
