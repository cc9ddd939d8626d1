//! Exported methods of a command.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::context::Context;
use crate::layout::has_trivia;
use crate::module::ModuleKind;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CommandModuleExportMethods",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommandModule],
    tags: &["standard", "clumsy"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Экспортный метод модуля команды ниоткуда не вызвать",
        en: "An exported method of a command module cannot be called from anywhere",
    }],
    docs: docs!("command_module_export_methods"),
    create: |_| Box::new(CommandModuleExportMethods),
    ..RuleInfo::DEFAULT
};

struct CommandModuleExportMethods;

impl Rule for CommandModuleExportMethods {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        let (Some(name), Some(export)) =
            (tree.child(method, Role::Name), tree.own_token(method, TokenKind::Export))
        else {
            return;
        };
        let parameters = tree.child(method, Role::Parameters);
        let start = parameters.map_or(export.start, |parameters| tree.range(parameters).end);
        let keyword = TextRange { start, end: export.end };
        let fix = (!has_trivia(tree, keyword)).then(|| Edit::delete(keyword));
        ctx.report_node(name).fix(fix);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn every_exported_method() {
        rule("CommandModuleExportMethods").check(
            "&НаКлиенте\nПроцедура ОбработкаКоманды(А, Б)\nКонецПроцедуры\nПроцедура Печать() Экспорт\nКонецПроцедуры\n\
             Function X() Export\nEndFunction\n",
            expect![[r#"
                4:11 `Печать` An exported method of a command module cannot be called from anywhere
                6:10 `X` An exported method of a command module cannot be called from anywhere
            "#]],
        );
        rule("CommandModuleExportMethods").check_fix(
            "Процедура Печать()Экспорт // да\nКонецПроцедуры\nFunction X() // no\n\tExport\nEndFunction\n",
            expect![[r#"
                Процедура Печать() // да
                КонецПроцедуры
                Function X() // no
                	Export
                EndFunction
            "#]],
        );
    }
}
