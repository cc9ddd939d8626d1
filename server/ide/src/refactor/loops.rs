//! What rewrites of loops have to know before something is computed once instead of every time: what the loop changes,
//! and whether its calls may change anything else. Calls are trusted by a list; everything unknown says no.

use base::{TextRange, same_name};
use syntax::{NodeId, NodeKind, Role};

use crate::names::{NameRole, NameUse};
use crate::refactor::context::{Context, is_list};
use crate::refactor::locals::{Local, is_write};

/// Functions that only compute something of their arguments; `Сообщить` is harmless too.
const CALM_FUNCTIONS: [(&str, &str); 46] = [
    ("ЗначениеЗаполнено", "ValueIsFilled"),
    ("Строка", "String"),
    ("Число", "Number"),
    ("Дата", "Date"),
    ("Булево", "Boolean"),
    ("Тип", "Type"),
    ("ТипЗнч", "TypeOf"),
    ("Формат", "Format"),
    ("Окр", "Round"),
    ("Цел", "Int"),
    ("Мин", "Min"),
    ("Макс", "Max"),
    ("Sqrt", "Sqrt"),
    ("Pow", "Pow"),
    ("СтрДлина", "StrLen"),
    ("Лев", "Left"),
    ("Прав", "Right"),
    ("Сред", "Mid"),
    ("СокрЛ", "TrimL"),
    ("СокрП", "TrimR"),
    ("СокрЛП", "TrimAll"),
    ("ВРег", "Upper"),
    ("НРег", "Lower"),
    ("ТРег", "Title"),
    ("СтрНайти", "StrFind"),
    ("СтрЗаменить", "StrReplace"),
    ("СтрШаблон", "StrTemplate"),
    ("СтрСоединить", "StrConcat"),
    ("СтрРазделить", "StrSplit"),
    ("СтрНачинаетсяС", "StrStartsWith"),
    ("СтрЗаканчиваетсяНа", "StrEndsWith"),
    ("СтрСравнить", "StrCompare"),
    ("Символ", "Char"),
    ("КодСимвола", "CharCode"),
    ("НСтр", "NStr"),
    ("Год", "Year"),
    ("Месяц", "Month"),
    ("День", "Day"),
    ("НачалоДня", "BegOfDay"),
    ("КонецДня", "EndOfDay"),
    ("НачалоМесяца", "BegOfMonth"),
    ("КонецМесяца", "EndOfMonth"),
    ("ДобавитьМесяц", "AddMonth"),
    ("XMLСтрока", "XMLString"),
    ("ТекущаяДата", "CurrentDate"),
    ("Сообщить", "Message"),
];

/// Methods of values that only look.
const CALM_METHODS: [(&str, &str); 12] = [
    ("Количество", "Count"),
    ("ВГраница", "UBound"),
    ("Получить", "Get"),
    ("Найти", "Find"),
    ("НайтиСтроки", "FindRows"),
    ("НайтиПоЗначению", "FindByValue"),
    ("Индекс", "IndexOf"),
    ("Пустой", "IsEmpty"),
    ("Пустая", "IsEmpty"),
    ("Метаданные", "Metadata"),
    ("УникальныйИдентификатор", "UUID"),
    ("Итог", "Total"),
];

/// Methods that change the collection they belong to and nothing else.
const GROWING_METHODS: [(&str, &str); 2] = [("Добавить", "Add"), ("Вставить", "Insert")];

/// Collections of code; nobody else sees a new one.
const COLLECTIONS: [(&str, &str); 6] = [
    ("Массив", "Array"),
    ("Соответствие", "Map"),
    ("Структура", "Structure"),
    ("ТаблицаЗначений", "ValueTable"),
    ("СписокЗначений", "ValueList"),
    ("ДеревоЗначений", "ValueTree"),
];

pub(crate) fn is_any(names: &[(&str, &str)], name: &str) -> bool {
    names.iter().any(|(russian, english)| same_name(name, russian) || same_name(name, english))
}

/// `Объект.Метод(А, , Б)`.
pub(crate) struct MethodCall<'a> {
    pub(crate) receiver: NodeId,
    pub(crate) name: &'a str,
    pub(crate) arguments: Vec<NodeId>,
}

impl MethodCall<'_> {
    pub(crate) fn is(&self, russian: &str, english: &str) -> bool {
        same_name(self.name, russian) || same_name(self.name, english)
    }
}

impl<'a> Context<'a> {
    /// A call behind a dot whose arguments are all written.
    pub(crate) fn method_call(&self, call: NodeId) -> Option<MethodCall<'a>> {
        let tree = self.tree();
        if tree.kind(call) != NodeKind::Call || tree.node(call).has_error {
            return None;
        }
        let function = tree.child(call, Role::Function).filter(|it| tree.kind(*it) == NodeKind::Member)?;
        let list = tree.child(call, Role::Arguments)?;
        let arguments: Vec<NodeId> = tree.children(list).collect();
        let commas = tree.own_tokens(list).filter(|token| token.kind == syntax::TokenKind::Comma).count();
        (commas == arguments.len().saturating_sub(1)).then_some(MethodCall {
            receiver: tree.child(function, Role::Object)?,
            name: self.node_text(tree.child(function, Role::Property)?),
            arguments,
        })
    }

    pub(crate) fn is_name(&self, node: NodeId, name: &str) -> bool {
        self.tree().kind(node) == NodeKind::Name && same_name(self.node_text(node), name)
    }

    /// A variable of the method and of nothing else; parameters are not.
    pub(crate) fn own_variable(&self, name: &str, method: Option<NodeId>) -> Option<Local<'a>> {
        self.local_at(name, method).filter(|local| !local.is_parameter)
    }

    /// The loop is a statement of a list, on lines of its own, and can be understood.
    pub(crate) fn is_plain_loop(&self, each: NodeId) -> bool {
        let tree = self.tree();
        let range = tree.statement_range(each);
        let tokens = tree.tokens_of(each);
        tree.parent(each).is_some_and(|parent| is_list(tree.kind(parent)))
            && self.starts_line(range.start)
            && !tree.node(each).has_error
            && !tokens.iter().any(|token| token.kind.is_directive())
    }

    /// The statement stands in a list that holds a loop, before it, so it runs before it.
    pub(crate) fn runs_before(&self, statement: NodeId, each: NodeId) -> bool {
        let tree = self.tree();
        let parent = tree.parent(statement);
        let is_around =
            parent.is_some_and(|list| is_list(tree.kind(list)) && tree.is_within(each, list) && each != list);
        is_around && tree.range(statement).end <= tree.range(each).start
    }

    /// Calls of a loop can be trusted: what they do, the statements tell. `known` says what the caller knows.
    pub(crate) fn is_calm(&self, each: NodeId, known: &dyn Fn(NodeId) -> bool) -> bool {
        let tree = self.tree();
        let method = tree.enclosing_method(each);
        tree.descendants(each).all(|node| match tree.kind(node) {
            NodeKind::Execute
            | NodeKind::Await
            | NodeKind::Goto
            | NodeKind::Label
            | NodeKind::LabeledStatement
            | NodeKind::AddHandler
            | NodeKind::RemoveHandler
            | NodeKind::Error => false,
            NodeKind::Call => known(node) || self.is_calm_call(node, each, method),
            NodeKind::New => {
                known(node)
                    || tree
                        .child(node, Role::Type)
                        .is_some_and(|name| is_any(&COLLECTIONS, self.node_text(name)))
            }
            _ => true,
        })
    }

    fn is_calm_call(&self, call: NodeId, each: NodeId, method: Option<NodeId>) -> bool {
        let tree = self.tree();
        let Some(function) = tree.child(call, Role::Function) else { return false };
        if tree.kind(function) == NodeKind::Name {
            let name = self.node_text(function);
            let is_own = self.module_names().iter().any(|it| same_name(&it.name, name));
            return is_any(&CALM_FUNCTIONS, name) && !is_own;
        }
        let Some(property) = tree.child(function, Role::Property) else { return false };
        let name = self.node_text(property);
        let Some(head) = self.head_name(function) else { return false };
        let is_local = self.local_at(self.node_text(head), method).is_some();
        if is_any(&CALM_METHODS, name) {
            return is_local;
        }
        let object = tree.child(function, Role::Object);
        let is_new = object.is_some_and(|object| self.is_fresh(self.node_text(object), each, method));
        is_any(&GROWING_METHODS, name) && object == Some(head) && is_new
    }

    /// The name that a chain of members, calls and indexes begins with.
    pub(crate) fn head_name(&self, chain: NodeId) -> Option<NodeId> {
        let tree = self.tree();
        let mut head = chain;
        loop {
            head = match tree.kind(head) {
                NodeKind::Name => return (tree.node(head).role != Role::Function).then_some(head),
                NodeKind::Member | NodeKind::Index => tree.child(head, Role::Object)?,
                NodeKind::Call => tree.child(head, Role::Function)?,
                _ => return None,
            };
        }
    }

    /// A variable that holds a collection that nobody else can see before the loop ends.
    pub(crate) fn is_fresh(&self, name: &str, each: NodeId, method: Option<NodeId>) -> bool {
        let tree = self.tree();
        let Some(local) = self.own_variable(name, method) else { return false };
        let end = self.seen_until(each);
        local.uses.iter().filter(|it| self.use_range(it).start < end).all(|it| match it.role {
            NameRole::DeclaredVariable => true,
            NameRole::AssignedVariable => self.assigned_value(it.node).is_some_and(|value| {
                let kind = tree.child(value, Role::Type).filter(|_| tree.kind(value) == NodeKind::New);
                kind.is_some_and(|kind| is_any(&COLLECTIONS, self.node_text(kind)))
            }),
            NameRole::Variable => matches!(tree.node(it.node).role, Role::Object | Role::Collection),
            _ => false,
        })
    }

    /// A variable that holds nothing but rows that were added to a new collection.
    fn is_fresh_row(&self, name: &str, each: NodeId, method: Option<NodeId>) -> bool {
        let Some(local) = self.own_variable(name, method) else { return false };
        let mut writes = local.uses.iter().filter(|it| is_write(it.role)).peekable();
        let is_added = |it: &NameUse| {
            let call = self.assigned_value(it.node).and_then(|value| self.method_call(value));
            call.is_some_and(|call| {
                is_any(&GROWING_METHODS, call.name)
                    && self.tree().kind(call.receiver) == NodeKind::Name
                    && self.is_fresh(self.node_text(call.receiver), each, method)
            })
        };
        writes.peek().is_some() && writes.all(is_added)
    }

    /// Uses behind the outermost loop around cannot have happened before.
    fn seen_until(&self, each: NodeId) -> u32 {
        let tree = self.tree();
        let outermost = tree.ancestors(each).filter(|node| tree.kind(*node).is_loop()).last();
        tree.range(outermost.unwrap_or(each)).end
    }

    /// What a variable is assigned at one of its uses.
    pub(crate) fn assigned_value(&self, name: NodeId) -> Option<NodeId> {
        let tree = self.tree();
        let assignment = tree.parent(name).filter(|node| tree.kind(*node) == NodeKind::Assignment)?;
        (tree.node(name).role == Role::Left).then(|| tree.child(assignment, Role::Right)).flatten()
    }

    /// Something is assigned to it; the left side of an operation is called `Left` too.
    pub(crate) fn is_target(&self, node: NodeId) -> bool {
        let tree = self.tree();
        let is_assigned = tree.parent(node).is_some_and(|it| tree.kind(it) == NodeKind::Assignment);
        is_assigned && tree.node(node).role == Role::Left
    }

    /// A loop may give one of these variables another value, its own head apart.
    pub(crate) fn writes_any(&self, each: NodeId, names: &[&str]) -> bool {
        let tree = self.tree();
        self.uses().iter().any(|it| {
            is_write(it.role)
                && tree.is_within(it.node, each)
                && tree.parent(it.node) != Some(each)
                && names.iter().any(|name| same_name(name, self.code.token_text(it.token)))
        })
    }

    /// A loop may give one of these properties of some object another value; objects that it has just made do not
    /// count.
    pub(crate) fn writes_property(&self, each: NodeId, properties: &[&str]) -> bool {
        let tree = self.tree();
        let method = tree.enclosing_method(each);
        let is_new = |object: NodeId| {
            tree.kind(object) == NodeKind::Name && {
                let name = self.node_text(object);
                self.is_fresh(name, each, method) || self.is_fresh_row(name, each, method)
            }
        };
        tree.descendants(each).filter(|node| tree.kind(*node) == NodeKind::Assignment).any(|assignment| {
            let Some(left) = tree.child(assignment, Role::Left) else { return true };
            let object = tree.child(left, Role::Object);
            match tree.kind(left) {
                NodeKind::Name => false,
                NodeKind::Member => {
                    let property = tree.child(left, Role::Property).map(|it| self.node_text(it));
                    let is_asked = property.is_none_or(|it| properties.iter().any(|own| same_name(own, it)));
                    is_asked && !object.is_some_and(is_new)
                }
                _ => !object.is_some_and(is_new),
            }
        })
    }

    /// Names behind dots in an expression.
    pub(crate) fn properties_in(&self, expression: NodeId) -> Vec<&'a str> {
        let tree = self.tree();
        let nodes = std::iter::once(expression).chain(tree.descendants(expression));
        let members = nodes.filter(|node| tree.kind(*node) == NodeKind::Member);
        members.filter_map(|node| tree.child(node, Role::Property)).map(|it| self.node_text(it)).collect()
    }

    /// Only names and dots: `Строка.Товар.Вид`.
    pub(crate) fn is_path(&self, expression: NodeId) -> bool {
        let tree = self.tree();
        let mut node = expression;
        loop {
            node = match tree.kind(node) {
                NodeKind::Name => return true,
                NodeKind::Member => match tree.child(node, Role::Object) {
                    Some(object) => object,
                    None => return false,
                },
                _ => return false,
            };
        }
    }

    /// Lines of code with one indent, each with its line break.
    pub(crate) fn lines(&self, indent: &str, lines: &[String]) -> String {
        lines.iter().map(|line| format!("{indent}{line}{}", self.line_break())).collect()
    }

    /// Where a statement that stands before a loop begins: its line.
    pub(crate) fn above(&self, each: NodeId) -> u32 {
        self.line_start(self.tree().range(each).start)
    }

    /// The range of a name or of an expression that is replaced.
    pub(crate) fn node_range(&self, node: NodeId) -> TextRange {
        self.tree().range(node)
    }
}
