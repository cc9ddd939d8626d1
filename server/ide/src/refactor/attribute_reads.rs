//! Reading several attributes through a dot asks the database as many times. One function of the project reads
//! them at once.

use base::same_name;
use metadata::{ObjectAspect, ObjectKind};
use semantics::{Module, Project, Type};
use syntax::{NodeId, NodeKind, Role};

use crate::meaning::ProjectDocument;

use crate::names::NameRole;
use crate::refactor::context::{Context, is_list};
use crate::refactor::locals::is_write;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const READ_AT_ONCE: Refactoring = Refactoring {
    id: "readAttributesAtOnce",
    title_ru: "Прочитать реквизиты одним запросом",
    title_en: "Read the attributes by one query",
    kind: RefactoringKind::Rewrite,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let Some(getter_of) = context.options.attribute_getter else { return };
    let Some(reads) = reads(context) else { return };
    let getter = reads.members.first().and_then(|member| {
        let start = context.tree().range(*member).start;
        getter_of(context.in_document(start))
    });
    if let Some(getter) = getter {
        offers.add(READ_AT_ONCE, || Some(reads.change(context, &getter)));
    }
}

/// Names of the function in libraries that many configurations are built on, and of its usual module.
const GETTERS: [&str; 2] = ["ЗначенияРеквизитовОбъекта", "ObjectAttributesValues"];
const USUAL_MODULES: [&str; 2] = ["ОбщегоНазначения", "Common"];

/// The exported function of the project that reads attributes by reference, `ОбщегоНазначения.ЗначенияРеквизитовОбъекта`,
/// if a reference to an object of the database is named at an offset.
pub fn attribute_getter(of: ProjectDocument<'_>, offset: u32) -> Option<String> {
    let section = of.section(offset);
    let name = section.name_at(offset)?;
    if !is_reference(&section.type_of(name)) {
        return None;
    }
    let getters = of.project.modules().filter_map(|module| getter_in(of.project, module));
    getters
        .min_by_key(|(module, _)| (!USUAL_MODULES.iter().any(|usual| same_name(usual, module)), *module))
        .map(|(module, method)| format!("{module}.{method}"))
}

fn getter_in<'a>(project: &'a Project, module: &'a Module) -> Option<(&'a str, &'a str)> {
    let object =
        project.object(module.place.object?).filter(|object| object.kind == ObjectKind::CommonModule)?;
    let mut found = GETTERS.iter().flat_map(|name| module.methods_named(name));
    let method =
        found.find(|method| method.is_export && method.is_function && method.parameters().len() > 1)?;
    Some((&object.name, &method.fact().name))
}

/// Attributes of other values are in memory already.
fn is_reference(value: &Type) -> bool {
    match value {
        Type::Object { aspect, .. } | Type::AnyObject { aspect, .. } => *aspect == ObjectAspect::Ref,
        Type::AnyRef => true,
        Type::Union { parts, is_open } => !is_open && parts.iter().all(is_reference),
        _ => false,
    }
}

struct Reads<'a> {
    reference: &'a str,
    method: Option<NodeId>,
    /// `Ссылка.Код` wherever it is read.
    members: Vec<NodeId>,
    /// Attributes in the order of their first reads.
    names: Vec<&'a str>,
    /// All reads happen in it or behind it.
    statement: NodeId,
}

fn reads<'a>(context: &Context<'a>) -> Option<Reads<'a>> {
    let tree = context.tree();
    let member = context.node_at_cursor(|kind| kind == NodeKind::Member)?;
    let object = tree.child(member, Role::Object).filter(|node| tree.kind(*node) == NodeKind::Name)?;
    let reference = context.node_text(object);
    let method = tree.enclosing_method(member);
    let uses: Vec<_> = context
        .uses()
        .iter()
        .filter(|name| name.method == method && name.role.is_variable())
        .filter(|name| same_name(context.code.token_text(name.token), reference))
        .collect();
    let mut members = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for name in uses.iter().filter(|name| name.role == NameRole::Variable) {
        let Some(member) = tree.parent(name.node).filter(|node| is_access(context, *node, name.node)) else {
            continue;
        };
        // Methods and assignments tell that it is no plain reference.
        let attribute = read_attribute(context, member)?;
        members.push(member);
        if !names.iter().any(|known| same_name(known, attribute)) {
            names.push(attribute);
        }
    }
    let statement = common_statement(context, &members)?;
    let (start, end) = (tree.range(statement).start, tree.range(*members.last()?).end);
    let is_kept = uses.iter().all(|name| {
        let at = context.use_range(name).start;
        !is_write(name.role) || at < start || at > end
    });
    (names.len() > 1 && is_kept).then_some(Reads { reference, method, members, names, statement })
}

fn is_access(context: &Context<'_>, node: NodeId, object: NodeId) -> bool {
    context.tree().kind(node) == NodeKind::Member && context.tree().node(object).role == Role::Object
}

fn read_attribute<'a>(context: &Context<'a>, member: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    let parent = tree.parent(member)?;
    let is_target = tree.kind(parent) == NodeKind::Assignment && tree.node(member).role == Role::Left;
    let is_called = tree.node(member).role == Role::Function;
    let property = tree.child(member, Role::Property)?;
    (!is_target && !is_called && !tree.node(member).has_error).then(|| context.node_text(property))
}

/// The statement with the first read, in the innermost block that holds all of them.
fn common_statement(context: &Context<'_>, members: &[NodeId]) -> Option<NodeId> {
    let tree = context.tree();
    let (first, last) = (*members.first()?, *members.last()?);
    let block =
        tree.ancestors(first).find(|node| is_list(tree.kind(*node)) && tree.is_within(last, *node))?;
    let statement = tree.children(block).find(|child| tree.is_within(first, *child))?;
    (tree.kind(statement) != NodeKind::While).then_some(statement)
}

impl Reads<'_> {
    fn change(&self, context: &Context<'_>, getter: &str) -> Change {
        let tree = context.tree();
        let wanted = context.script.pick("Реквизиты", "Attributes");
        let name = context.fresh_name(wanted, self.method);
        let start = tree.range(self.statement).start;
        let separator = format!("{}{}", context.line_break(), context.indent(start));
        let list = self.names.join(", ");
        let text = format!("{name} = {getter}({}, \"{list}\");{separator}", self.reference);
        let mut edits = vec![context.insert(start, text)];
        for member in &self.members {
            let object = tree.child(*member, Role::Object).unwrap_or(*member);
            edits.push(context.replace(tree.range(object), name.as_str()));
        }
        Change::new(edits).renaming(0, Some(0))
    }
}
