//! A text that grows by `+` in a loop is copied every time. Its parts go into an array and are joined behind the loop.

use syntax::{NodeId, NodeKind, Role};

use crate::names::{NameRole, NameUse};
use crate::refactor::context::{Context, is_list};
use crate::refactor::loops::is_any;
use crate::refactor::string_template::{literal, operands};
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

pub(crate) const JOIN_PARTS: Refactoring = Refactoring {
    id: "concatenationToJoin",
    title_ru: "Собрать строку через массив и СтрСоединить",
    title_en: "Build the text by an array and StrConcat",
    kind: RefactoringKind::Rewrite,
};

/// Functions whose result is a text.
const TEXT_FUNCTIONS: [(&str, &str); 14] = [
    ("Строка", "String"),
    ("Формат", "Format"),
    ("СтрШаблон", "StrTemplate"),
    ("СтрСоединить", "StrConcat"),
    ("СтрЗаменить", "StrReplace"),
    ("СокрЛ", "TrimL"),
    ("СокрП", "TrimR"),
    ("СокрЛП", "TrimAll"),
    ("ВРег", "Upper"),
    ("НРег", "Lower"),
    ("Лев", "Left"),
    ("Прав", "Right"),
    ("Сред", "Mid"),
    ("НСтр", "NStr"),
];

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(growth) = growth(context) {
        offers.add(JOIN_PARTS, || Some(growth.change(context)));
    }
}

/// A variable that does nothing but grow in a loop.
struct Growth<'a> {
    name: &'a str,
    method: Option<NodeId>,
    each: NodeId,
    /// `Текст = Текст + …`
    appends: Vec<NodeId>,
    /// Right before the loop the text is empty.
    starts_empty: bool,
}

fn growth<'a>(context: &Context<'a>) -> Option<Growth<'a>> {
    let tree = context.tree();
    let append = context.node_at_cursor(|kind| kind == NodeKind::Assignment)?;
    let name = context.node_text(appended(context, append)?);
    let method = tree.enclosing_method(append);
    let local = context.local_at(name, method)?;
    let is_kept = local.is_parameter && !local.is_by_value;
    // Module code outside of methods has variables that others may see.
    if is_kept || method.is_none() {
        return None;
    }
    let loops = tree.ancestors(append).take_while(|node| Some(*node) != method);
    let fits = |each: &NodeId| tree.kind(*each).is_loop() && only_grows(context, *each, &local.uses);
    let each = loops.filter(fits).last().filter(|each| context.is_plain_loop(*each))?;
    let is_tried = tree
        .ancestors(each)
        .take_while(|node| Some(*node) != method)
        .any(|node| matches!(tree.kind(node), NodeKind::Try | NodeKind::ExceptClause));
    let (is_text, starts_empty) = text_before(context, each, &local.uses)?;
    if is_tried || !is_text {
        return None;
    }
    let inside = local.uses.iter().filter(|it| tree.is_within(it.node, each));
    let appends = inside.filter(|it| it.role == NameRole::AssignedVariable);
    let appends = appends.filter_map(|it| tree.parent(it.node)).collect();
    Some(Growth { name: local.name, method, each, appends, starts_empty })
}

/// The variable of `Текст = Текст + …`.
pub(crate) fn appended(context: &Context<'_>, assignment: NodeId) -> Option<NodeId> {
    let tree = context.tree();
    let left = tree.child(assignment, Role::Left).filter(|it| tree.kind(*it) == NodeKind::Name)?;
    let right = tree.child(assignment, Role::Right)?;
    let operands = operands(context, right);
    let is_growth = operands.len() > 1 && context.is_name(operands[0], context.node_text(left));
    (is_growth && !tree.node(assignment).has_error).then_some(left)
}

/// Every use of a variable in a loop is a part of a statement that appends to it.
fn only_grows(context: &Context<'_>, each: NodeId, uses: &[NameUse]) -> bool {
    let tree = context.tree();
    uses.iter().filter(|it| tree.is_within(it.node, each)).all(|it| match it.role {
        NameRole::AssignedVariable => {
            let assignment = tree.parent(it.node);
            assignment.is_some_and(|it| appended(context, it).is_some() && has_no_comments(context, it))
        }
        NameRole::Variable => is_first_operand(context, it.node),
        _ => false,
    })
}

fn has_no_comments(context: &Context<'_>, node: NodeId) -> bool {
    !context.has_trivia(context.node_range(node))
}

fn is_first_operand(context: &Context<'_>, name: NodeId) -> bool {
    let tree = context.tree();
    let statement = tree.ancestors(name).find(|node| tree.kind(*node).is_statement());
    statement.filter(|node| tree.kind(*node) == NodeKind::Assignment).is_some_and(|assignment| {
        let right = tree.child(assignment, Role::Right);
        let is_first = right.is_some_and(|right| operands(context, right).first() == Some(&name));
        is_first && appended(context, assignment).is_some()
    })
}

/// Whether the variable holds a text when the loop begins, and whether an empty one: the last statement before that
/// names it assigns a literal or a sum that begins with one.
fn text_before(context: &Context<'_>, each: NodeId, uses: &[NameUse]) -> Option<(bool, bool)> {
    let tree = context.tree();
    let names = |node: &NodeId| uses.iter().any(|it| tree.is_within(it.node, *node));
    let mut inner = each;
    let last = loop {
        let block = tree.ancestors(inner).find(|node| is_list(tree.kind(*node)))?;
        let before = tree.children(block).take_while(|node| !tree.is_within(inner, *node));
        if let Some(last) = before.filter(names).last() {
            break last;
        }
        inner = tree.parent(block)?;
        if !matches!(tree.kind(inner), NodeKind::If | NodeKind::ElsifClause | NodeKind::ElseClause) {
            return None;
        }
    };
    if tree.kind(last) != NodeKind::Assignment {
        return None;
    }
    let left = tree.child(last, Role::Left)?;
    let right = tree.child(last, Role::Right)?;
    let is_own = uses.iter().any(|it| it.node == left);
    let first = *operands(context, right).first()?;
    let is_text = is_own && tree.kind(first) == NodeKind::String;
    Some((is_text, is_text && first == right && literal(context, right) == Some("")))
}

impl Growth<'_> {
    fn change(&self, context: &Context<'_>) -> Change {
        let tree = context.tree();
        let script = context.script;
        let wanted = format!("{}{}", script.pick("Части", "PartsOf"), genitive(self.name, script));
        let parts = context.fresh_name(&wanted, self.method);
        let range = tree.statement_range(self.each);
        let indent = context.indent(range.start);
        let new = format!("{parts} = {} {};", script.pick("Новый", "New"), script.pick("Массив", "Array"));
        let mut edits = vec![context.insert(context.above(self.each), context.lines(indent, &[new]))];
        let add = script.pick("Добавить", "Add");
        for append in &self.appends {
            let part = self.part(context, *append);
            let at = context.node_range(*append);
            edits.push(context.replace(at, format!("{parts}.{add}({part})")));
        }
        let joined = format!("{}({parts})", script.pick("СтрСоединить", "StrConcat"));
        let value = if self.starts_empty { joined } else { format!("{} + {joined}", self.name) };
        let semicolon = if tree.semicolon(self.each).is_some() { "" } else { ";" };
        let line = format!("{semicolon}{}{indent}{} = {value};", context.line_break(), self.name);
        edits.push(context.insert(range.end, line));
        Change::new(edits).renaming(0, Some(indent.len()))
    }

    /// What is appended. Operands are added to a text one by one, so the first of them has to be a text.
    fn part(&self, context: &Context<'_>, append: NodeId) -> String {
        let tree = context.tree();
        let Some(right) = tree.child(append, Role::Right) else { return String::new() };
        let operands = operands(context, right);
        let (Some(first), Some(last)) = (operands.get(1), operands.last()) else { return String::new() };
        let range = context.node_range(*first).cover(context.node_range(*last));
        let text = range.slice(context.text());
        if is_text(context, *first) { text.to_owned() } else { format!("\"\" + {text}") }
    }
}

fn is_text(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree();
    match tree.kind(node) {
        NodeKind::String => true,
        NodeKind::Call => tree.child(node, Role::Function).is_some_and(|function| {
            let name = context.node_text(function);
            let is_own = context.module_names().iter().any(|it| base::same_name(&it.name, name));
            tree.kind(function) == NodeKind::Name && is_any(&TEXT_FUNCTIONS, name) && !is_own
        }),
        _ => false,
    }
}

/// `Текст` of `ЧастиТекста`; other names stay as they are.
fn genitive(name: &str, script: crate::script::Script) -> String {
    match name {
        "Текст" if script == crate::script::Script::Russian => "Текста".to_owned(),
        "Строка" if script == crate::script::Script::Russian => "Строки".to_owned(),
        name => name.to_owned(),
    }
}
