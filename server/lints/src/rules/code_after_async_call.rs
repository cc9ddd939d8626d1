//! Code behind a call that returns at once and does its work later.

use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::calls::{PlatformName, global_callee_of};
use crate::context::Context;
use crate::module::ModuleKind;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CodeAfterAsyncCall",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 10,
    is_on_by_default: false,
    scope: Scope::Bsl,
    modules: &[ModuleKind::CommandModule, ModuleKind::FormModule, ModuleKind::ManagedApplicationModule],
    tags: &["suspicious"],
    messages: &[Text {
        ru: "Код после `{0}` выполнится, не дожидаясь результата",
        en: "The code behind `{0}` does not wait for its result",
    }],
    docs: docs!("code_after_async_call"),
    create: |_| Box::new(CodeAfterAsyncCall),
    ..RuleInfo::DEFAULT
};

const CALLS: &[PlatformName] = &[
    PlatformName::new("ПоказатьВопрос", "ShowQueryBox"),
    PlatformName::new("ПоказатьЗначение", "ShowValue"),
    PlatformName::new("ПоказатьПредупреждение", "ShowMessageBox"),
    PlatformName::new("ПоказатьВводДаты", "ShowInputDate"),
    PlatformName::new("ПоказатьВводЗначения", "ShowInputValue"),
    PlatformName::new("ПоказатьВводСтроки", "ShowInputString"),
    PlatformName::new("ПоказатьВводЧисла", "ShowInputNumber"),
    PlatformName::new("НачатьУстановкуВнешнейКомпоненты", "BeginInstallAddIn"),
    PlatformName::new("НачатьУстановкуРасширенияРаботыСФайлами", "BeginInstallFileSystemExtension"),
    PlatformName::new("НачатьУстановкуРасширенияРаботыСКриптографией", "BeginInstallCryptoExtension"),
    PlatformName::new("НачатьПодключениеРасширенияРаботыСКриптографией", "BeginAttachingCryptoExtension"),
    PlatformName::new("НачатьПодключениеРасширенияРаботыСФайлами", "BeginAttachingFileSystemExtension"),
    PlatformName::new("НачатьПомещениеФайла", "BeginPutFile"),
    PlatformName::new("НачатьКопированиеФайла", "BeginCopyingFile"),
    PlatformName::new("НачатьПеремещениеФайла", "BeginMovingFile"),
    PlatformName::new("НачатьПоискФайлов", "BeginFindingFiles"),
    PlatformName::new("НачатьУдалениеФайлов", "BeginDeletingFiles"),
    PlatformName::new("НачатьСозданиеКаталога", "BeginCreatingDirectory"),
    PlatformName::new("НачатьПолучениеКаталогаВременныхФайлов", "BeginGettingTempFilesDir"),
    PlatformName::new("НачатьПолучениеКаталогаДокументов", "BeginGettingDocumentsDir"),
    PlatformName::new("НачатьПолучениеРабочегоКаталогаДанныхПользователя", "BeginGettingUserDataWorkDir"),
    PlatformName::new("НачатьПолучениеФайлов", "BeginGettingFiles"),
    PlatformName::new("НачатьПомещениеФайлов", "BeginPuttingFiles"),
    PlatformName::new("НачатьЗапросРазрешенияПользователя", "BeginRequestingUserPermission"),
    PlatformName::new("НачатьЗапускПриложения", "BeginRunningApplication"),
];

struct CodeAfterAsyncCall;

impl Rule for CodeAfterAsyncCall {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call]
    }

    fn node(&self, ctx: &mut Context<'_>, call: NodeId) {
        let Some(name) = global_callee_of(ctx, call, CALLS) else { return };
        let source = ctx.source;
        if is_followed_by_code(source.tree, call) {
            ctx.report_node(call).arg(source.node_text(name));
        }
    }
}

/// Looks behind the statement with the call, then behind the statements around it, up to the method.
fn is_followed_by_code(tree: &SyntaxTree, call: NodeId) -> bool {
    if tree.enclosing_method(call).is_none() {
        return false;
    }
    let mut inner = call;
    for block in tree.ancestors(call) {
        if tree.kind(block).is_method() {
            return false;
        }
        if tree.kind(block) == NodeKind::Block {
            let last_line = tree.line_of(tree.statement_range(inner).end);
            let start_line = |node: NodeId| tree.first_token(node).map_or(0, |token| token.line);
            let mut behind = tree.children(block).filter(|statement| *statement > inner);
            match behind.find(|statement| start_line(*statement) > last_line).map(|next| tree.kind(next)) {
                Some(NodeKind::Return) => return false,
                Some(NodeKind::Break) | None => {}
                Some(_) => return true,
            }
        }
        inner = block;
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn statements_behind_the_call() {
        rule("CodeAfterAsyncCall").check(
            "Процедура А()\n\tПоказатьВопрос(О, \"?\",\n\t\tР); Б = 1;\n\tВ = 1;\nКонецПроцедуры\n\
             Procedure B()\n\tIf C Then\n\t\tShowMessageBox(,\n\t\t\t1);\n\tElse\n\t\tD();\n\tEndIf;\n\tE();\nEndProcedure\n",
            expect![[r#"
                2:2 `ПоказатьВопрос(О, "?",⏎		Р)` The code behind `ПоказатьВопрос` does not wait for its result
                8:3 `ShowMessageBox(,⏎			1)` The code behind `ShowMessageBox` does not wait for its result
            "#]],
        );
    }

    #[test]
    fn nothing_but_the_way_out() {
        rule("CodeAfterAsyncCall").check(
            "Процедура А()\n\tПока Б Цикл\n\t\tЕсли Б Тогда\n\t\t\tПоказатьЗначение(, Б);\n\t\t\tПрервать;\n\t\tКонецЕсли;\n\tКонецЦикла;\n\
             \tВозврат;\n\tВ();\nКонецПроцедуры\nПроцедура Б()\n\tПоказатьЗначение(, Б); В();\n\t// конец\nКонецПроцедуры\n\
             Процедура В()\n\tА.ПоказатьЗначение();\n\tБ();\nКонецПроцедуры\nПоказатьЗначение(, Б);\nВ();\n",
            expect![[""]],
        );
    }
}
