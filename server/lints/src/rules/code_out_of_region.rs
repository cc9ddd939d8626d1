//! Variables, methods and statements that stand in no region.

use base::TextRange;
use syntax::NodeKind;

use crate::context::ModuleContext;
use crate::facts::ModuleFacts;
use crate::module::ModuleKind;
use crate::module_parts::{block_before_methods, module_body};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CodeOutOfRegion",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 1)),
    tags: &["standard"],
    params: &[ParamInfo {
        name: "checkUnknownModuleType",
        default: ParamDefault::Bool(false),
        meaning: Text {
            ru: "проверять и модули, вид которых неизвестен",
            en: "check modules of an unknown kind too",
        },
    }],
    messages: &[Text { ru: "Код вне областей", en: "Code outside regions" }],
    docs: docs!("code_out_of_region"),
    create: |params: &Params<'_>| {
        Box::new(CodeOutOfRegion { checks_unknown: params.bool("checkUnknownModuleType") })
    },
    ..RuleInfo::DEFAULT
};

struct CodeOutOfRegion {
    checks_unknown: bool,
}

impl Rule for CodeOutOfRegion {
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        if ctx.module.kind == ModuleKind::Unknown && !self.checks_unknown {
            return;
        }
        let regions: Vec<_> = ctx.facts.regions().module_level().map(|region| region.range).collect();
        if regions.is_empty() {
            let parts = parts(ctx.facts);
            if let Some(first) = parts.first() {
                ctx.report(*first).related(parts);
            }
        } else {
            check_parts(ctx, &regions);
        }
    }
}

/// Everything that regions are for, part by part.
fn parts(facts: &ModuleFacts<'_>) -> Vec<TextRange> {
    let variables = facts.declarations().map(|declaration| declaration.range).reduce(TextRange::cover);
    let methods = facts.methods().map(|(offset, method)| method.name_range.shifted(offset));
    variables
        .into_iter()
        .chain(block_before_methods(facts))
        .chain(methods)
        .chain(module_body(facts))
        .collect()
}

fn check_parts(ctx: &mut ModuleContext<'_>, regions: &[TextRange]) {
    let facts = ctx.facts;
    for declaration in facts.declarations().filter(|declaration| !is_inside(regions, declaration.anchor)) {
        ctx.report(declaration.range);
    }
    for ((offset, method), root) in facts.methods().zip(facts.regions().roots()) {
        if root.is_none() {
            ctx.report(method.name_range.shifted(offset));
        }
    }
    let statements = facts.statements().filter(|statement| statement.kind != NodeKind::Raise);
    for statement in statements.filter(|statement| !is_inside(regions, statement.range)) {
        ctx.report(statement.range);
    }
}

/// `regions` are sorted and do not overlap.
fn is_inside(regions: &[TextRange], range: TextRange) -> bool {
    let after = regions.partition_point(|region| region.start <= range.start);
    after.checked_sub(1).is_some_and(|index| regions[index].contains(range))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    use crate::module::ModuleKind;

    #[test]
    fn one_finding_without_any_region() {
        rule("CodeOutOfRegion").check(
            "&НаКлиенте\nПерем А;\n#Если Сервер Тогда\nVar B;\n\nПроцедура Б()\n#Область Х\n#КонецОбласти\nКонецПроцедуры\n\nFunction C()\nEndFunction\n\nБ();\n#КонецЕсли\n",
            expect![[r#"
                1:1 `&НаКлиенте⏎Перем А;⏎#Если Сервер Тогда⏎Var B;` Code outside regions +1:1 +6:11 +11:10 +14:1
            "#]],
        );
        rule("CodeOutOfRegion").check("// пусто\n", expect![[""]]);
    }

    #[test]
    fn every_part_outside_regions() {
        rule("CodeOutOfRegion").check(
            "Перем А;\n#Область О\n&НаКлиенте\nПерем Б;\nПроцедура В()\nКонецПроцедуры\n#КонецОбласти\n\
             Процедура Г()\nКонецПроцедуры\nГ();\nВызватьИсключение \"\";\n#Region P\nIf А Then\nEndIf;\n#EndRegion\n;\n",
            expect![[r#"
                1:1 `Перем А;` Code outside regions
                8:11 `Г` Code outside regions
                10:1 `Г();` Code outside regions
                16:1 `;` Code outside regions
            "#]],
        );
    }

    #[test]
    fn unknown_modules_are_checked_on_demand() {
        let test = rule("CodeOutOfRegion").module(ModuleKind::Unknown);
        test.check("А();\n", expect![[""]]);
        test.bool("checkUnknownModuleType", true).check(
            "А();\n",
            expect![[r#"
            1:1 `А();` Code outside regions +1:1
        "#]],
        );
    }
}
