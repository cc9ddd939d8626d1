//! `Ссылка` where the field itself is the reference.

use metadata::ObjectKind;
use rustc_hash::FxHashMap;
use syntax::{QueryNodeId, QueryNodeKind, QueryTree};

use crate::context::{ProjectContext, QueryContext};
use crate::finding::Finding;
use crate::queries::{alias_of, is_column, table_path, virtual_table};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "RefOveruse",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    scope: Scope::Bsl,
    tags: &["sql", "performance"],
    messages: &[Text {
        ru: "Лишнее обращение к `Ссылка`: {0}", en: "A needless reference: {0}"
    }],
    docs: docs!("ref_overuse"),
    create: |_| Box::new(RefOveruse),
    ..RuleInfo::DEFAULT
};

const REFERENCE: [&str; 3] = ["Ссылка", "Ref", "Reference"];

struct RefOveruse;

impl Rule for RefOveruse {
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[QueryNodeKind::Select]
    }

    fn query(&self, ctx: &mut QueryContext<'_>, node: QueryNodeId) {
        let (tree, text) = (ctx.tree, ctx.text);
        let own = own_nodes(tree, node);
        let columns: Vec<_> = own.iter().copied().filter(|id| is_candidate(tree, text, *id)).collect();
        if columns.is_empty() {
            return;
        }
        let sources = Sources::of(tree, text, node, &own);
        for column in columns {
            let path = tree.path(column, text).unwrap_or_default();
            let range = tree.range(column);
            match sources.judge(&path) {
                Verdict::Fine => {}
                Verdict::Needless => {
                    ctx.report(range).arg(path.join("."));
                }
                Verdict::Unless(table) => {
                    ctx.propose(range).arg(path.join(".")).arg(table);
                }
            }
        }
    }

    fn needs_project(&self) -> bool {
        true
    }

    fn project(&self, ctx: &mut ProjectContext<'_>) {
        let mut has_sections: FxHashMap<&str, bool> = FxHashMap::default();
        for proposal in ctx.proposals() {
            let Finding { args, .. } = proposal;
            let Some(table) = args.get(1) else { continue };
            if !*has_sections.entry(table).or_insert_with(|| has_tabular_sections(ctx, table)) {
                ctx.confirm(proposal);
            }
        }
    }
}

fn has_tabular_sections(ctx: &ProjectContext<'_>, table: &str) -> bool {
    let Some((kind, name)) = table.split_once('.') else { return false };
    let object = ctx.scope().query_object(kind, name);
    object.is_some_and(|object| {
        let mut parts = ctx.project.project.object_chain(object);
        parts.any(|(_, object)| !object.tabular_sections.is_empty())
    })
}

/// Nodes of a query without those of its subqueries, of inline tables, and of what belongs to the whole statement.
fn own_nodes(tree: &QueryTree, select: QueryNodeId) -> Vec<QueryNodeId> {
    let mut own = Vec::new();
    let mut at = QueryNodeId(select.0 + 1);
    while at < tree.subtree_end(select) {
        match tree.kind(at) {
            QueryNodeKind::Select
            | QueryNodeKind::NestedTable
            | QueryNodeKind::Order
            | QueryNodeKind::Totals => at = tree.subtree_end(at),
            _ => {
                own.push(at);
                at = QueryNodeId(at.0 + 1);
            }
        }
    }
    own
}

/// A column of two or more names with a reference behind the first one.
fn is_candidate(tree: &QueryTree, text: &str, id: QueryNodeId) -> bool {
    tree.kind(id) == QueryNodeKind::Member
        && is_column(tree, text, id)
        && tree.path(id, text).is_some_and(|path| path.iter().skip(1).any(|name| is_reference(name)))
}

fn is_reference(name: &str) -> bool {
    REFERENCE.iter().any(|reference| base::same_name(name, reference))
}

enum Verdict {
    Fine,
    Needless,
    /// The table must have no tabular sections.
    Unless(String),
}

/// What a source says about a reference behind its alias.
#[derive(Clone)]
enum Table {
    /// A reference behind it is another object than the row.
    Rows,
    /// The same, if the object has tabular sections: `Справочник.Товары`.
    Object(String),
    Other,
}

/// Sources of a query by the names of their fields, the later ones win.
struct Sources<'t>(FxHashMap<&'t str, Table>);

impl<'t> Sources<'t> {
    fn of(tree: &QueryTree, text: &'t str, select: QueryNodeId, own: &[QueryNodeId]) -> Self {
        let mut sources = FxHashMap::default();
        let mut add = |nodes: &[QueryNodeId]| {
            let found = nodes.iter().filter(|id| tree.kind(**id) == QueryNodeKind::Source);
            sources.extend(found.map(|source| (name_of(tree, text, *source), table_of(tree, text, *source))));
        };
        add(own);
        let outermost = tree.ancestors(select).filter(|id| tree.kind(*id) == QueryNodeKind::Select).last();
        if let Some(outermost) = outermost {
            add(&own_nodes(tree, outermost));
        }
        Self(sources)
    }

    fn judge(&self, path: &[&str]) -> Verdict {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return Verdict::Fine };
        let is_long = path.len() > 2;
        if self.0.is_empty() {
            return verdict(is_long && is_reference(last));
        }
        if is_long && ObjectKind::from_name(first).is_some() {
            return verdict(path[2..path.len() - 1].iter().any(|name| is_reference(name)));
        }
        match path.iter().rposition(|name| is_reference(name)) {
            None | Some(0) => Verdict::Fine,
            Some(at) if at + 1 == path.len() => verdict(!self.0.contains_key(path[at - 1])),
            Some(1) => match self.0.get(first) {
                Some(Table::Rows) => Verdict::Fine,
                Some(Table::Object(table)) => Verdict::Unless(table.clone()),
                Some(Table::Other) | None => Verdict::Needless,
            },
            Some(_) => Verdict::Needless,
        }
    }
}

fn verdict(is_needless: bool) -> Verdict {
    if is_needless { Verdict::Needless } else { Verdict::Fine }
}

/// Alias, or the last name of the table.
fn name_of<'t>(tree: &QueryTree, text: &'t str, source: QueryNodeId) -> &'t str {
    let path = || table_path(tree, text, source)?.last().copied();
    let parameter = || {
        let table = tree.child(source, syntax::QueryRole::Table)?;
        let name = tree.child(table, syntax::QueryRole::Name)?;
        Some(tree.node_text(name, text))
    };
    alias_of(tree, text, source).or_else(path).or_else(parameter).unwrap_or_default()
}

fn table_of(tree: &QueryTree, text: &str, source: QueryNodeId) -> Table {
    if virtual_table(tree, text, source).is_some() {
        return Table::Rows;
    }
    match table_path(tree, text, source).unwrap_or_default().as_slice() {
        [_] | [_, _, _, ..] => Table::Rows,
        [kind, name] => Table::Object(format!("{kind}.{name}")),
        [] => Table::Other,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn references_of_references() {
        rule("RefOveruse").check(
            "\
А = \"ВЫБРАТЬ Т.Ссылка КАК А, Т.Контрагент.Ссылка КАК Б, Т.Ссылка.Код КАК В, Т.А.Ссылка.Б КАК Г, т.Ссылка КАК Д
	|ИЗ Справочник.Товары КАК Т ГДЕ Т.Ссылка В (ВЫБРАТЬ С.Ссылка.Код ИЗ Документ.Заказ.Товары КАК С ГДЕ Т.Ссылка.Код = 1)
	|УПОРЯДОЧИТЬ ПО Т.А.Ссылка\";
Б = \"ВЫБРАТЬ ВТ.Ссылка.Код КАК А, Товары.Ссылка КАК Б, П.Ссылка.Код КАК В, Справочник.Т.Ссылка.Имя КАК Г
	|ИЗ ВТ, Справочник.Товары, &Параметр КАК П, (ВЫБРАТЬ 1 КАК А) КАК Р ЛЕВОЕ СОЕДИНЕНИЕ РегистрСведений.Ц.СрезПоследних КАК Ц
	|ПО Р.Ссылка.Код = Ц.Ссылка.Код\";
В = \"ВЫБРАТЬ А.Ссылка КАК А, А.Б.Ссылка КАК Б, А.Ссылка.Б КАК В\";
D = \"SELECT T.Owner.Ref AS A FROM Catalog.Goods AS T\";
",
            expect![[r#"
                1:30 `Т.Контрагент.Ссылка` A needless reference: Т.Контрагент.Ссылка
                1:57 `Т.Ссылка.Код` A needless reference: Т.Ссылка.Код
                1:77 `Т.А.Ссылка.Б` A needless reference: Т.А.Ссылка.Б
                1:97 `т.Ссылка` A needless reference: т.Ссылка
                2:102 `Т.Ссылка.Код` A needless reference: Т.Ссылка.Код
                4:56 `П.Ссылка.Код` A needless reference: П.Ссылка.Код
                4:76 `Справочник.Т.Ссылка.Имя` A needless reference: Справочник.Т.Ссылка.Имя
                6:6 `Р.Ссылка.Код` A needless reference: Р.Ссылка.Код
                7:30 `А.Б.Ссылка` A needless reference: А.Б.Ссылка
                8:13 `T.Owner.Ref` A needless reference: T.Owner.Ref
            "#]],
        );
    }

    #[test]
    fn objects_with_tabular_sections() {
        rule("RefOveruse").check(
            "\
//- /metadata
Catalog.Товары
section Состав
column Деталь: Строка
Catalog.Склады
//- /CommonModules/Тест/Ext/Module.bsl
Функция Данные() Экспорт
	Возврат \"ВЫБРАТЬ Т.Ссылка.Код КАК А, С.Ссылка.Код КАК Б, С.Т.Ссылка КАК В
	|ИЗ Справочник.Товары КАК Т, Справочник.Склады КАК С\";
КонецФункции
",
            expect![[r#"
                /CommonModules/Тест/Ext/Module.bsl
                2:39 `С.Ссылка.Код` A needless reference: С.Ссылка.Код
            "#]],
        );
    }
}
