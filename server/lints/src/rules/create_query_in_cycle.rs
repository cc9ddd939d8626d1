//! Queries that a loop executes again and again.

use base::TextRange;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::calls::{PlatformName, callee_of};
use crate::context::Context;
use crate::literals::code;
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "CreateQueryInCycle",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 20,
    tags: &["performance"],
    messages: &[Text {
        ru: "Запрос выполняется в цикле", en: "The query is executed in a loop"
    }],
    docs: docs!("create_query_in_cycle"),
    create: |_| Box::new(CreateQueryInCycle),
    ..RuleInfo::DEFAULT
};

const EXECUTE: [PlatformName; 1] = [PlatformName::new("Выполнить", "Execute")];

const QUERY_TYPES: [PlatformName; 3] = [
    PlatformName::new("Запрос", "Query"),
    PlatformName::new("ПостроительЗапроса", "QueryBuilder"),
    PlatformName::new("ПостроительОтчета", "ReportBuilder"),
];

struct CreateQueryInCycle;

impl Rule for CreateQueryInCycle {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Module, NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, scope: NodeId) {
        if !has_execution(ctx, scope) {
            return;
        }
        let mut tracker =
            Tracker { source: ctx.source, queries: FxHashMap::default(), longest: 0, loop_ends: Vec::new() };
        for node in nodes_of(ctx.source.tree, scope) {
            tracker.enter(node);
            if ctx.source.tree.kind(node) == NodeKind::Call
                && !tracker.loop_ends.is_empty()
                && callee_of(ctx, node, &EXECUTE).is_some()
                && let Some(range) = tracker.executed_query(node)
            {
                ctx.report(range);
            }
        }
    }
}

/// Nodes below `scope` that parsed and belong to no method inside it.
fn nodes_of(tree: &SyntaxTree, scope: NodeId) -> impl Iterator<Item = NodeId> {
    let end = tree.subtree_end(scope);
    let mut next = NodeId(scope.0 + 1);
    std::iter::from_fn(move || {
        while next < end && (tree.kind(next).is_method() || tree.kind(next) == NodeKind::Error) {
            next = tree.subtree_end(next);
        }
        let node = (next < end).then_some(next);
        next.0 += 1;
        node
    })
}

/// Most methods execute nothing and need no tracking.
fn has_execution(ctx: &Context<'_>, scope: NodeId) -> bool {
    let tree = ctx.source.tree;
    let mut calls = nodes_of(tree, scope).filter(|node| tree.kind(*node) == NodeKind::Call);
    calls.any(|call| callee_of(ctx, call, &EXECUTE).is_some_and(|callee| !callee.is_global))
}

/// What the places of a method hold, in the order of the text.
struct Tracker<'a> {
    source: Source<'a>,
    /// Whether a place may hold a query, by its exact text.
    queries: FxHashMap<Cow<'a, str>, bool>,
    /// No known place has more tokens than this.
    longest: usize,
    /// Ends of the code that is repeated.
    loop_ends: Vec<NodeId>,
}

impl<'a> Tracker<'a> {
    fn enter(&mut self, node: NodeId) {
        let tree = self.source.tree;
        while self.loop_ends.last().is_some_and(|end| *end <= node) {
            self.loop_ends.pop();
        }
        let is_repeated = match tree.kind(node) {
            NodeKind::While => true,
            NodeKind::Block => tree.parent(node).is_some_and(|owner| tree.kind(owner).is_loop()),
            NodeKind::Assignment => {
                self.assign(node);
                false
            }
            _ => false,
        };
        if is_repeated {
            self.loop_ends.push(tree.subtree_end(node));
        }
    }

    /// Inside a loop an earlier value may still be there.
    fn assign(&mut self, assignment: NodeId) {
        let tree = self.source.tree;
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            return;
        };
        let is_query = self.is_query(right);
        let is_in_loop = !self.loop_ends.is_empty();
        self.longest = self.longest.max(tree.token_span(left).len());
        let known = self.queries.entry(code(self.source, left)).or_default();
        *known = is_query || (is_in_loop && *known);
    }

    /// The first operand decides.
    fn is_query(&self, expression: NodeId) -> bool {
        let tree = self.source.tree;
        let mut operand = expression;
        while let Some(first) = match tree.kind(operand) {
            NodeKind::Binary => tree.child(operand, Role::Left),
            NodeKind::Unary => tree.child(operand, Role::Operand),
            _ => None,
        } {
            operand = first;
        }
        match tree.kind(operand) {
            NodeKind::New => constructed_type(self.source, operand)
                .is_some_and(|name| QUERY_TYPES.iter().any(|query| query.is(name))),
            NodeKind::Name | NodeKind::Member | NodeKind::Index | NodeKind::Call => self.holds_query(operand),
            _ => false,
        }
    }

    fn holds_query(&self, place: NodeId) -> bool {
        let is_known_length = self.source.tree.token_span(place).len() <= self.longest;
        is_known_length && self.queries.get(&code(self.source, place)).copied().unwrap_or_default()
    }

    /// The statement or the chain around a call that executes a known query.
    fn executed_query(&self, call: NodeId) -> Option<TextRange> {
        let tree = self.source.tree;
        let member = tree.child(call, Role::Function)?;
        let object = tree.child(member, Role::Object)?;
        let parent = tree.parent(call)?;
        let is_whole_statement = tree.kind(parent) == NodeKind::ExpressionStatement;
        let place = if is_whole_statement { head_name(tree, object)? } else { object };
        if !self.holds_query(place) {
            return None;
        }
        let mut chain = call;
        while matches!(tree.node(chain).role, Role::Object | Role::Function) {
            chain = tree.parent(chain)?;
        }
        let statement =
            tree.parent(chain).filter(|parent| tree.kind(*parent) == NodeKind::ExpressionStatement);
        Some(tree.range(statement.unwrap_or(chain)))
    }
}

/// The name that a chain starts with; none if it starts with a call or a constructor.
fn head_name(tree: &SyntaxTree, chain: NodeId) -> Option<NodeId> {
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

/// Name behind `Новый`, or the literal in the parentheses.
fn constructed_type<'a>(source: Source<'a>, constructor: NodeId) -> Option<&'a str> {
    let tree = source.tree;
    if let Some(name) = tree.child(constructor, Role::Type) {
        return Some(source.node_text(name));
    }
    let list = tree.child(constructor, Role::Arguments)?;
    let first = tree.children(list).next().filter(|first| tree.kind(*first) == NodeKind::String)?;
    Some(source.node_text(first).trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn calls_in_every_kind_of_loop() {
        rule("CreateQueryInCycle").check(
            "Процедура А()\n\tЗапрос = Новый Запрос;\n\tДля Каждого Б Из Запрос.Выполнить().Выгрузить() Цикл\n\t\tЗапрос.Выполнить();\n\
             \t\tДля Сч = 1 По Запрос.Выполнить().Количество() Цикл\n\t\tКонецЦикла;\n\tКонецЦикла;\n\
             \tWhile Запрос.Execute().Next() Do\n\t\tX = 1 + Запрос.Execute().Unload()[0];\n\tEndDo;\n\tЗапрос.Выполнить();\nКонецПроцедуры\n",
            expect![[r#"
                4:3 `Запрос.Выполнить()` The query is executed in a loop
                5:17 `Запрос.Выполнить().Количество()` The query is executed in a loop
                8:8 `Запрос.Execute().Next()` The query is executed in a loop
                9:11 `Запрос.Execute().Unload()[0]` The query is executed in a loop
            "#]],
        );
    }

    #[test]
    fn assignments_decide_what_is_a_query() {
        rule("CreateQueryInCycle").check(
            "А.Запрос = New(\"QueryBuilder\");\nПока Истина Цикл\n\tБ = А.Запрос;\n\tБ = Неопределено;\n\tР = Б.Выполнить();\n\
             \tР = А.Запрос.Выполнить();\n\tА.Запрос.Выполнить();\n\tКоманда.Выполнить();\n\tЗапрос().Выполнить();\nКонецЦикла;\n\
             Б = 1;\nПока Истина Цикл\n\tБ.Выполнить();\nКонецЦикла;\n",
            expect![[r#"
                5:6 `Б.Выполнить()` The query is executed in a loop
                6:6 `А.Запрос.Выполнить()` The query is executed in a loop
            "#]],
        );
    }

    #[test]
    fn parameters_and_other_methods_are_unknown() {
        rule("CreateQueryInCycle").check(
            "Процедура А(Запрос)\n\tПока Истина Цикл\n\t\tЗапрос.Выполнить();\n\tКонецЦикла;\nКонецПроцедуры\n\
             Процедура Б()\n\tЗапрос = Новый Запрос;\n\tЗапрос.Выполнить();\n\tПока Истина Цикл\n\t\tЗапрос.УстановитьПараметр(1, 1);\n\tКонецЦикла;\nКонецПроцедуры\n\
             Пока Истина Цикл\n\tЗапрос.Выполнить();\nКонецЦикла;\n",
            expect![[""]],
        );
    }
}
