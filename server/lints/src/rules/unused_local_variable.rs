//! Variables that nobody reads.

use base::Edit;
use rustc_hash::FxHashSet;
use syntax::{NodeId, NodeKind, SyntaxTree};

use crate::context::{Context, ModuleContext};
use crate::local_variables::{LocalVariable, Origin, declaration_removal, local_variables};
use crate::module::ModuleKind;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::unused_names::retain_missing;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UnusedLocalVariable",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    modules: &[
        ModuleKind::CommandModule,
        ModuleKind::CommonModule,
        ModuleKind::ManagerModule,
        ModuleKind::ValueManagerModule,
        ModuleKind::SessionModule,
        ModuleKind::Unknown,
    ],
    tags: &["brainoverload", "badpractice", "unused"],
    fix: FixSafety::Safe,
    messages: &[
        Text {
            ru: "Переменная {0} не используется", en: "The variable {0} is not used"
        },
        Text {
            ru: "Значение переменной {0} не используется",
            en: "The value of the variable {0} is not used",
        },
    ],
    docs: docs!("unused_local_variable"),
    create: |_| Box::new(UnusedLocalVariable),
    ..RuleInfo::DEFAULT
};

/// Message about a variable that an assignment or a loop creates.
const CREATED: u8 = 1;

struct UnusedLocalVariable;

impl Rule for UnusedLocalVariable {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let tree = ctx.source.tree;
        if !tree.node(method).has_error {
            let nodes = (method.0..tree.subtree_end(method).0).map(NodeId);
            report(ctx, &local_variables(ctx.source, nodes));
        }
    }

    /// Code outside methods is a scope of its own.
    fn section(&self, ctx: &mut Context<'_>) {
        let tree = ctx.source.tree;
        if ctx.facts.statements.is_empty() || tree.node(SyntaxTree::ROOT).has_error {
            return;
        }
        let is_code =
            |node: &NodeId| !tree.kind(*node).is_method() && tree.kind(*node) != NodeKind::VarDeclaration;
        let statements = tree.children(SyntaxTree::ROOT).filter(is_code);
        let nodes: Vec<NodeId> = statements.flat_map(|statement| tree.descendants(statement)).collect();
        report(ctx, &local_variables(ctx.source, nodes.iter().copied()));
    }

    /// Sections do not know the variables of the module: what they took for a new variable may be one.
    fn module(&self, ctx: &mut ModuleContext<'_>) {
        let of_module: FxHashSet<&str> = ctx.facts.variables().map(|(_, fact)| fact.name.as_str()).collect();
        if of_module.is_empty() {
            return;
        }
        let rule = ctx.rule;
        ctx.findings.retain(|finding| {
            let created = finding.args.first().filter(|_| finding.rule == rule && finding.message == CREATED);
            created.is_none_or(|name| !of_module.contains(base::fold_case(name).as_ref()))
        });
        report_variables_of_module(ctx);
    }
}

fn report(ctx: &mut Context<'_>, variables: &[LocalVariable]) {
    let source = ctx.source;
    for variable in variables.iter().filter(|variable| !variable.is_read) {
        let name = source.node_text(variable.node);
        match variable.origin {
            Origin::Parameter => {}
            Origin::Assignment => drop(ctx.report_node(variable.node).message(CREATED).arg(name)),
            Origin::Declaration => {
                let declared = source.tree.parent(variable.node).filter(|_| !variable.is_assigned);
                let removal = declared.and_then(|declared| declaration_removal(source, declared));
                ctx.report_node(variable.node).arg(name).fix(removal.map(Edit::delete));
            }
        }
    }
}

fn report_variables_of_module(ctx: &mut ModuleContext<'_>) {
    let facts = ctx.facts;
    let own = facts.variables().filter(|(_, fact)| !fact.is_export);
    let mut unused: FxHashSet<&str> = own.map(|(_, fact)| fact.name.as_str()).collect();
    retain_missing(&mut unused, facts, |section| &section.used_names);
    let mut unassigned = unused.clone();
    retain_missing(&mut unassigned, facts, |section| &section.assigned_names);
    for (offset, fact) in facts.variables() {
        // A second declaration of a name creates no variable.
        if fact.is_export || !unused.remove(fact.name.as_str()) {
            continue;
        }
        let removal = fact.removal.filter(|_| unassigned.contains(fact.name.as_str()));
        let range = fact.name_range.shifted(offset);
        let name = (facts.text)(range);
        ctx.report(range).arg(name).fix(removal.map(|range| Edit::delete(range.shifted(offset))));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn declared_assigned_and_looped_over() {
        rule("UnusedLocalVariable").check(
            "Процедура А(Б, В = 1)\n\tПерем Г, Д, Е;\n\tБ = 1;\n\tд = 2;\n\tЕ = 1;\n\tЕ.Поле = 3;\n\tЖ = 1;\n\tЖ = 2;\n\
             \tДля Каждого З Из Б Цикл\n\tКонецЦикла;\n\tДля И1 = 1 По К Цикл\n\tКонецЦикла;\n\tК = 5;\nКонецПроцедуры\n\
             Function F(X)\n\tString = 1;\n\tY = String(X.Z);\n\tZ = 1;\n\tA = A + 1;\n\tReturn Y;\nEndFunction\n",
            expect![[r#"
                2:8 `Г` The variable Г is not used
                2:11 `Д` The variable Д is not used
                7:2 `Ж` The value of the variable Ж is not used
                9:14 `З` The value of the variable З is not used
                11:6 `И1` The value of the variable И1 is not used
                16:2 `String` The value of the variable String is not used
                18:2 `Z` The value of the variable Z is not used
            "#]],
        );
    }

    #[test]
    fn variables_of_the_module() {
        rule("UnusedLocalVariable").check(
            "Перем Кэш, Счет, Флаг Экспорт;\nПерем Пусто;\nПерем пусто;\n\nПроцедура А()\n\tКЭШ = 1;\n\tСчет = 1;\n\tНовая = 2;\n\
             КонецПроцедуры\n\nПроцедура Б()\n\tСообщить(счет);\n\tПерем Кэш;\nКонецПроцедуры\n\nТело = 1;\nКэш = 2;\nДругое = 1;\nA(Другое);\n",
            expect![[r#"
                1:7 `Кэш` The variable Кэш is not used
                2:7 `Пусто` The variable Пусто is not used
                8:2 `Новая` The value of the variable Новая is not used
                13:8 `Кэш` The variable Кэш is not used
                16:1 `Тело` The value of the variable Тело is not used
            "#]],
        );
    }

    #[test]
    fn broken_methods_are_left_alone() {
        rule("UnusedLocalVariable")
            .check("Процедура А()\n\tБ = 1;\n\tЕсли Тогда\nКонецПроцедуры\n", expect![[""]]);
    }

    #[test]
    fn declarations_without_any_use_are_removed() {
        rule("UnusedLocalVariable").check_fix(
            "Перем М1, М2; // два\nПерем М3;\n\nПроцедура А()\n\tПерем Б, В;\n\tПерем Г, // это Г\n\t\tД;\n\tПерем Е; // это Е\n\n\
             \t// Нужна\n\tПерем Ж;\n\tПерем З;\n\tЗ = 1;\n\tМ3 = В; Д();\nКонецПроцедуры\n",
            expect![[r#"
                Перем М3;

                Процедура А()
                	Перем В;
                	Перем Г, // это Г
                		Д;

                	// Нужна
                	Перем Ж;
                	Перем З;
                	З = 1;
                	М3 = В; Д();
                КонецПроцедуры
            "#]],
        );
    }
}
