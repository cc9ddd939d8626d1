//! Programs that the code starts outside 1C:Enterprise.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::constructed_type;
use crate::calls::{PlatformName, callee};
use crate::context::Context;
use crate::name_pattern::NamePattern;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "ExternalAppStarting",
    kind: RuleKind::SecurityHotspot,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    params: &[
        ParamInfo {
            name: "checkGotoUrl",
            default: ParamDefault::Bool(false),
            meaning: Text {
                ru: "искать и переходы по навигационным ссылкам",
                en: "look for methods that open a link, too",
            },
        },
        ParamInfo {
            name: "userPatternString",
            default: ParamDefault::String(METHODS),
            meaning: Text {
                ru: "имена методов через `|`", en: "names of methods, separated by `|`"
            },
        },
    ],
    messages: &[Text {
        ru: "`{0}` запускает внешнее приложение: проверьте, откуда его имя и параметры",
        en: "`{0}` starts another program: check where its name and parameters come from",
    }],
    docs: docs!("external_app_starting"),
    create: |params| {
        let list = params.string("userPatternString");
        Box::new(ExternalAppStarting {
            methods: NamePattern::new(&list, METHODS),
            links: params.bool("checkGotoUrl").then(|| NamePattern::new(LINKS, LINKS)),
        })
    },
    ..RuleInfo::DEFAULT
};

const METHODS: &str = "КомандаСистемы|System|ЗапуститьСистему|RunSystem|ЗапуститьПриложение|RunApp|\
    НачатьЗапускПриложения|BeginRunningApplication|ЗапуститьПриложениеАсинх|RunAppAsync|\
    ЗапуститьПрограмму|ОткрытьПроводник|ОткрытьФайл";

const LINKS: &str = "ПерейтиПоНавигационнойСсылке|GotoURL|ОткрытьНавигационнуюСсылку";

/// Types whose method `ОткрытьФайл` opens a document to read or to write it.
const DOCUMENTS: [PlatformName; 8] = [
    PlatformName::new("ЧтениеXML", "XMLReader"),
    PlatformName::new("ЗаписьXML", "XMLWriter"),
    PlatformName::new("ЧтениеJSON", "JSONReader"),
    PlatformName::new("ЗаписьJSON", "JSONWriter"),
    PlatformName::new("ЧтениеHTML", "HTMLReader"),
    PlatformName::new("ЗаписьHTML", "HTMLWriter"),
    PlatformName::new("ЧтениеFastInfoset", "FastInfosetReader"),
    PlatformName::new("ЗаписьFastInfoset", "FastInfosetWriter"),
];

struct ExternalAppStarting {
    methods: NamePattern,
    links: Option<NamePattern>,
}

impl Rule for ExternalAppStarting {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(callee) = callee(ctx.source.tree, call) else { return };
        let name = ctx.source.node_text(callee.name);
        let is_found =
            self.methods.is_match(name) || self.links.as_ref().is_some_and(|links| links.is_match(name));
        if is_found && !is_called_for_document(ctx.source, call) {
            ctx.report_node(callee.name).arg(name);
        }
    }
}

/// The method belongs to a variable that holds nothing but readers and writers of documents.
fn is_called_for_document(source: Source<'_>, call: NodeId) -> bool {
    let tree = source.tree;
    let member = tree.child(call, Role::Function).filter(|function| tree.kind(*function) == NodeKind::Member);
    let object = member.and_then(|member| tree.child(member, Role::Object));
    let Some(object) = object.filter(|object| tree.kind(*object) == NodeKind::Name) else { return false };
    let variable = source.node_text(object);
    let is_variable =
        |node: NodeId| tree.kind(node) == NodeKind::Name && base::same_name(source.node_text(node), variable);
    let scope = tree.enclosing_method(call).unwrap_or(SyntaxTree::ROOT);
    let assignments = tree.descendants(scope).filter(|node| tree.kind(*node) == NodeKind::Assignment);
    let mut values = assignments
        .filter(|assignment| tree.child(*assignment, Role::Left).is_some_and(is_variable))
        .map(|assignment| {
            tree.child(assignment, Role::Right).and_then(|value| constructed_type(source, value))
        })
        .peekable();
    values.peek().is_some()
        && values.all(|name| name.is_some_and(|name| DOCUMENTS.iter().any(|known| known.is(name))))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "КомандаСистемы(\"dir\");\nЗапуститьПриложение(Имя);\nФайлыКлиент.открытьФайл(Имя);\n\
        Ждать RunAppAsync(Name);\nЗапуститьПриложениеПозже(Имя);\nПерейтиПоНавигационнойСсылке(Ссылка);\nА = System;\n";

    #[test]
    fn global_calls_and_methods() {
        rule("ExternalAppStarting").check(TEXT, expect![[r#"
            1:1 `КомандаСистемы` `КомандаСистемы` starts another program: check where its name and parameters come from
            2:1 `ЗапуститьПриложение` `ЗапуститьПриложение` starts another program: check where its name and parameters come from
            3:13 `открытьФайл` `открытьФайл` starts another program: check where its name and parameters come from
            4:7 `RunAppAsync` `RunAppAsync` starts another program: check where its name and parameters come from
        "#]]);
    }

    #[test]
    fn links_on_demand() {
        rule("ExternalAppStarting")
            .bool("checkGotoUrl", true)
            .string("userPatternString", "Запустить.+Позже")
            .check(TEXT, expect![[r#"
                5:1 `ЗапуститьПриложениеПозже` `ЗапуститьПриложениеПозже` starts another program: check where its name and parameters come from
                6:1 `ПерейтиПоНавигационнойСсылке` `ПерейтиПоНавигационнойСсылке` starts another program: check where its name and parameters come from
            "#]]);
    }

    #[test]
    fn documents_are_no_programs() {
        rule("ExternalAppStarting").check(
            "Процедура А()\n\tЧтение = Новый ЧтениеXML;\n\tчтение.ОткрытьФайл(Имя);\n\tЗапись = Новый ЗаписьJSON();\n\tЗапись = Б;\n\tЗапись.ОткрытьФайл(Имя);\n\
             \tФайл = Новый COMОбъект(Имя);\n\tФайл.ОткрытьФайл(Имя);\n\tВ.ОткрытьФайл(Имя);\nКонецПроцедуры\n",
            expect![[r#"
                6:9 `ОткрытьФайл` `ОткрытьФайл` starts another program: check where its name and parameters come from
                8:7 `ОткрытьФайл` `ОткрытьФайл` starts another program: check where its name and parameters come from
                9:4 `ОткрытьФайл` `ОткрытьФайл` starts another program: check where its name and parameters come from
            "#]],
        );
    }
}
