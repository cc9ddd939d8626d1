//! Properties of charts and forms that 8.3.12 replaced by others.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::argument_list::is_word;
use crate::chains::{ChainPlace, chain_around, chain_place, is_chain_start};
use crate::context::Context;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DeprecatedAttributes8312",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    compatibility: Some((8, 3, 12)),
    tags: &["deprecated"],
    messages: &[Text {
        ru: "`{0}` устарело с версии 8.3.12", en: "`{0}` is deprecated since 8.3.12"
    }],
    docs: docs!("deprecated_attributes8312"),
    create: |_| Box::new(DeprecatedAttributes8312),
    ..RuleInfo::DEFAULT
};

/// Owners, and their deprecated properties.
type Deprecated = (&'static [&'static str], &'static [&'static str]);

const PROPERTIES: [Deprecated; 3] = [
    (
        &["ОбластьПостроенияДиаграммы", "ChartPlotArea"],
        &[
            "ОтображатьШкалу",
            "ShowScale",
            "ЛинииШкалы",
            "ЦветШкалы",
            "ОтображатьПодписиШкалыСерий",
            "ShowSeriesScaleLabels",
            "ОтображатьПодписиШкалыТочек",
            "ShowPointsScaleLabels",
            "ОтображатьПодписиШкалыЗначений",
            "ShowValuesScaleLabels",
            "ОтображатьЛинииЗначенийШкалы",
            "ShowScaleValueLines",
            "ФорматШкалыЗначений",
            "ValueScaleFormat",
            "ОриентацияМеток",
            "LabelsOrientation",
        ],
    ),
    (
        &["Диаграмма", "Chart", "ДиаграммаГанта", "GanttChart", "СводнаяДиаграмма", "PivotChart"],
        &[
            "ОтображатьЛегенду",
            "ShowLegend",
            "ОтображатьЗаголовок",
            "ShowTitle",
            "МаксимальноеКоличествоЦветовГрадиентнойПалитры",
            "GradientPaletteMaxColors",
        ],
    ),
    (&["ГруппировкаПодчиненныхЭлементовФормы", "ChildFormItemsGroup"], &["Горизонтальная", "Horizontal"]),
];

const OLD_ENUMERATION: &[&str] = &["ОриентацияМетокДиаграммы"];

struct DeprecatedAttributes8312;

impl Rule for DeprecatedAttributes8312 {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Member, NodeKind::Name]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        match ctx.source.tree.kind(node) {
            NodeKind::Member => check_property(ctx, node),
            _ => check_enumeration(ctx, node),
        }
    }
}

fn check_property(ctx: &mut Context<'_>, member: NodeId) {
    let tree = ctx.source.tree;
    if tree.node(member).role == Role::Function {
        return;
    }
    let Some(property) = tree.child(member, Role::Property) else { return };
    let name = ctx.source.node_text(property);
    let Some((owners, _)) = PROPERTIES.iter().find(|(_, names)| is_word(name, names)) else { return };
    let chain = chain_around(tree, member);
    let first = tree.first_token(chain).map_or("", |token| ctx.source.token_text(token));
    if !is_word(first, owners) || chain_place(tree, chain) == ChainPlace::Statement {
        return;
    }
    let Some(dot) = tree.own_token(member, TokenKind::Dot) else { return };
    ctx.report(TextRange { start: dot.start, end: tree.range(property).end }).arg(name);
}

fn check_enumeration(ctx: &mut Context<'_>, name: NodeId) {
    let tree = ctx.source.tree;
    let text = ctx.source.node_text(name);
    if !is_word(text, OLD_ENUMERATION) {
        return;
    }
    // The name of a called function starts a chain, too.
    let start = match tree.parent(name).filter(|_| tree.node(name).role == Role::Function) {
        Some(call) => call,
        None => name,
    };
    let chain = chain_around(tree, start);
    if is_chain_start(tree, start) && chain_place(tree, chain) == ChainPlace::Operand {
        ctx.report_node(chain).arg(text);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn properties_of_chains_and_targets() {
        rule("DeprecatedAttributes8312").check(
            "ОбластьПостроенияДиаграммы.ОтображатьШкалу = Истина;\nА = chartPlotArea.Шкала . LabelsOrientation.Поле;\n\
             Диаграмма.ShowLegend = Ложь;\nСводнаяДиаграмма.Поле[1].ОтображатьЗаголовок = 1;\nФ(ДиаграммаГанта.ОтображатьЛегенду);\n\
             Группа.Вид = ГруппировкаПодчиненныхЭлементовФормы.Горизонтальная;\nА = ОриентацияМетокДиаграммы.Авто;\n",
            expect![[r#"
                1:27 `.ОтображатьШкалу` `ОтображатьШкалу` is deprecated since 8.3.12
                2:25 `. LabelsOrientation` `LabelsOrientation` is deprecated since 8.3.12
                3:10 `.ShowLegend` `ShowLegend` is deprecated since 8.3.12
                4:25 `.ОтображатьЗаголовок` `ОтображатьЗаголовок` is deprecated since 8.3.12
                5:17 `.ОтображатьЛегенду` `ОтображатьЛегенду` is deprecated since 8.3.12
                6:50 `.Горизонтальная` `Горизонтальная` is deprecated since 8.3.12
                7:5 `ОриентацияМетокДиаграммы.Авто` `ОриентацияМетокДиаграммы` is deprecated since 8.3.12
            "#]],
        );
    }

    #[test]
    fn other_owners_calls_and_statements() {
        rule("DeprecatedAttributes8312").check(
            "Диаграмма.ОтображатьШкалу = 1;\nА = Диаграмма.ОтображатьЛегенду();\nДиаграмма.ОтображатьЛегенду.Показать();\n\
             А = Форма.Диаграмма.ОтображатьЛегенду;\nА.ОриентацияМетокДиаграммы = 1;\nОриентацияМетокДиаграммы.Авто = 1;\n\
             А = ГруппировкаПодчиненныхЭлементовФормы.ГоризонтальнаяВсегда;\n",
            expect![[r#""#]],
        );
    }
}
