//! Compilation directives in modules whose environment is decided elsewhere.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Source, SyntaxTree};

use crate::compilation_directives::is_directive_node;
use crate::context::Context;
use crate::module::ModuleKind;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CompilationDirectiveNeedLess",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    scope: Scope::Bsl,
    modules: &[
        ModuleKind::ApplicationModule,
        ModuleKind::CommonModule,
        ModuleKind::ExternalConnectionModule,
        ModuleKind::ManagedApplicationModule,
        ModuleKind::ManagerModule,
        ModuleKind::ObjectModule,
        ModuleKind::OrdinaryApplicationModule,
        ModuleKind::RecordSetModule,
        ModuleKind::SessionModule,
        ModuleKind::ValueManagerModule,
    ],
    tags: &["clumsy", "standard", "unpredictable"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Директива компиляции {0} в этом модуле не нужна",
        en: "The compilation directive {0} is needless in this module",
    }],
    docs: docs!("compilation_directive_need_less"),
    create: |_| Box::new(CompilationDirectiveNeedLess),
    ..RuleInfo::DEFAULT
};

struct CompilationDirectiveNeedLess;

impl Rule for CompilationDirectiveNeedLess {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Annotation]
    }

    fn node(&self, ctx: &mut Context<'_>, annotation: NodeId) {
        let tree = ctx.source.tree;
        let owner = tree.parent(annotation);
        let is_outside = owner.and_then(|owner| tree.parent(owner)) == Some(SyntaxTree::ROOT);
        let is_owner = |kind: NodeKind| kind.is_method() || kind == NodeKind::VarDeclaration;
        if !is_outside
            || !owner.is_some_and(|owner| is_owner(tree.kind(owner)))
            || !is_directive_node(ctx.source, annotation)
        {
            return;
        }
        let name = ctx.source.node_text(annotation);
        let removal = removal(ctx.source, tree.range(annotation));
        ctx.report_node(annotation).arg(name).fix([Edit::delete(removal)]);
    }
}

/// The line, if there is nothing else on it; else the directive with the blanks behind it.
fn removal(source: Source<'_>, range: TextRange) -> TextRange {
    let is_blank = |letter: char| matches!(letter, ' ' | '\t');
    let before = source.slice(TextRange { start: 0, end: range.start });
    let after = source.slice(TextRange { start: range.end, end: source.text.len() as u32 });
    let indent = before.len() - before.trim_end_matches(is_blank).len();
    let blanks = after.len() - after.trim_start_matches(is_blank).len();
    let line_end = match after.as_bytes().get(blanks..).unwrap_or_default() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    let starts_line = before.len() == indent || before[..before.len() - indent].ends_with(['\n', '\r']);
    let end = range.end + blanks as u32;
    if starts_line && line_end > 0 {
        return TextRange { start: range.start - indent as u32, end: end + line_end };
    }
    TextRange { start: range.start, end }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "&НаКлиенте\nПерем А;\n\t&AtServer  \r\n&НаКлиенте\n&После(\"Б\")\nПроцедура Б(Знач В)\nКонецПроцедуры\n\
        &НаСервере &НаКлиенте Функция Г()\nКонецФункции\n// &НаКлиенте\n&Свое\nПроцедура Д()\n\tПерем Е;\nКонецПроцедуры\n";

    #[test]
    fn every_directive() {
        rule("CompilationDirectiveNeedLess").check(
            TEXT,
            expect![[r#"
            1:1 `&НаКлиенте` The compilation directive &НаКлиенте is needless in this module
            3:2 `&AtServer` The compilation directive &AtServer is needless in this module
            4:1 `&НаКлиенте` The compilation directive &НаКлиенте is needless in this module
            8:1 `&НаСервере` The compilation directive &НаСервере is needless in this module
            8:12 `&НаКлиенте` The compilation directive &НаКлиенте is needless in this module
        "#]],
        );
    }

    #[test]
    fn the_line_goes_with_the_directive() {
        rule("CompilationDirectiveNeedLess").check_fix(
            TEXT,
            expect![[r#"
            Перем А;
            &После("Б")
            Процедура Б(Знач В)
            КонецПроцедуры
            Функция Г()
            КонецФункции
            // &НаКлиенте
            &Свое
            Процедура Д()
            	Перем Е;
            КонецПроцедуры
        "#]],
        );
    }
}
