//! Moves whole statements or an expression to a method of their own, below the current one.

use base::TextRange;
use syntax::{NodeId, NodeKind, TokenKind};

use crate::refactor::context::{Context, Statements};
use crate::refactor::layout::directives_are_paired;
use crate::refactor::locals::Flow;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const STATEMENTS: Refactoring = Refactoring {
    id: "extractMethod",
    title_ru: "Выделить метод",
    title_en: "Extract method",
    kind: RefactoringKind::Extract,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    if let Some(extraction) = expression(context).or_else(|| statements(context)) {
        offers.add(STATEMENTS, || extraction.change(context));
    }
}

enum Piece {
    Expression(NodeId),
    Statements(Statements),
}

struct Extraction {
    method: NodeId,
    piece: Piece,
    is_async: bool,
}

fn expression(context: &Context<'_>) -> Option<Extraction> {
    let tree = context.tree();
    let node = context.selected_expression()?;
    let method = method_with_end(context, node)?;
    if tree.enclosing_statement(node).is_none() || is_not_a_value(context, node) {
        return None;
    }
    Some(Extraction { method, piece: Piece::Expression(node), is_async: has_await(context, &[node]) })
}

/// A name that is called, assigned or stands behind a dot, a single word, or a call that is a statement.
pub(crate) fn is_not_a_value(context: &Context<'_>, node: NodeId) -> bool {
    use syntax::Role;
    let tree = context.tree();
    let Some(parent) = tree.parent(node) else { return true };
    let is_target = tree.kind(parent) == NodeKind::Assignment && tree.node(node).role == Role::Left;
    let is_part = matches!(
        tree.node(node).role,
        Role::Function | Role::Property | Role::Type | Role::Variable | Role::Name | Role::Default
    );
    is_target
        || is_part
        || tree.kind(parent) == NodeKind::ExpressionStatement
        || tree.kind(node) == NodeKind::Name
}

fn statements(context: &Context<'_>) -> Option<Extraction> {
    let tree = context.tree();
    let statements = context.selected_statements()?;
    let method = method_with_end(context, statements.block)?;
    let tokens = tree.tokens();
    let first = tree.token_at_or_after(statements.range.start);
    let inside = tokens[first..].iter().take_while(|token| token.start < statements.range.end);
    let can_move = statements.nodes.iter().all(|node| can_move(context, *node))
        && directives_are_paired(inside.map(|token| token.kind));
    let is_async = has_await(context, &statements.nodes);
    let flows = context.flows(method, &statements);
    let outputs = flows.iter().filter(|flow| flow.is_output).count();
    // Parameters of asynchronous methods are copies. A variable that nothing above names cannot be passed.
    let is_copied = is_async && outputs > 1;
    let is_possible = !is_copied && flows.iter().all(|flow| !flow.is_input || !flow.is_new);
    (can_move && is_possible).then_some(Extraction { method, piece: Piece::Statements(statements), is_async })
}

fn method_with_end(context: &Context<'_>, node: NodeId) -> Option<NodeId> {
    let tree = context.tree();
    let method = tree.enclosing_method(node)?;
    let block = tree.child_of_kind(method, NodeKind::Block)?;
    let is_in_body = tree.is_within(node, block);
    (is_in_body && context.code.closing_keyword(method).is_some()).then_some(method)
}

fn has_await(context: &Context<'_>, nodes: &[NodeId]) -> bool {
    let tree = context.tree();
    let is_await = |node: NodeId| tree.kind(node) == NodeKind::Await;
    nodes.iter().any(|node| is_await(*node) || tree.descendants(*node).any(is_await))
}

/// Nothing in the statement jumps out of it or is declared for the whole method.
fn can_move(context: &Context<'_>, statement: NodeId) -> bool {
    let tree = context.tree();
    std::iter::once(statement).chain(tree.descendants(statement)).all(|node| match tree.kind(node) {
        NodeKind::Return | NodeKind::Goto | NodeKind::LabeledStatement | NodeKind::VarDeclaration => false,
        NodeKind::Break | NodeKind::Continue => tree
            .ancestors(node)
            .take_while(|around| tree.is_within(*around, statement))
            .any(|around| tree.kind(around).is_loop()),
        _ => true,
    })
}

/// The new method and its call.
struct Parts {
    is_function: bool,
    /// Assigned from the call.
    result: Option<String>,
    parameters: Vec<String>,
    /// Variables that have to exist before the call.
    created: Vec<String>,
    body: String,
    replaced: TextRange,
}

impl Extraction {
    fn change(&self, context: &Context<'_>) -> Option<Change> {
        let tree = context.tree();
        let indent = context.indent(tree.range(self.method).start).to_owned();
        let inner = format!("{indent}{}", context.indent_unit());
        let parts = match &self.piece {
            Piece::Expression(node) => self.expression_parts(context, *node, &inner),
            Piece::Statements(statements) => self.statement_parts(context, statements, &inner)?,
        };
        let wanted = match parts.is_function {
            true => context.script.pick("НоваяФункция", "NewFunction"),
            false => context.script.pick("НоваяПроцедура", "NewProcedure"),
        };
        let name = context.fresh_name(wanted, Some(self.method));
        let (call, at) = self.call(context, &parts, &name);
        let method_end = context.line_end(tree.range(self.method).end);
        let method = self.method_text(context, &parts, &name, &indent);
        let edits = vec![context.replace(parts.replaced, call), context.insert(method_end, method)];
        Some(Change::new(edits).renaming(0, Some(at)))
    }

    fn expression_parts(&self, context: &Context<'_>, node: NodeId, inner: &str) -> Parts {
        let returned = context.script.keyword(TokenKind::Return);
        Parts {
            is_function: true,
            result: None,
            parameters: owned(context.read_locals(self.method, node)),
            created: Vec::new(),
            body: format!("{inner}{returned} {};", context.moved(context.tree().range(node), inner)),
            replaced: context.tree().range(node),
        }
    }

    fn statement_parts(&self, context: &Context<'_>, statements: &Statements, inner: &str) -> Option<Parts> {
        let flows = context.flows(self.method, statements);
        let outputs: Vec<&Flow<'_>> = flows.iter().filter(|flow| flow.is_output).collect();
        let result = match outputs[..] {
            [only] => Some(only.name),
            _ => None,
        };
        let is_parameter = |flow: &&Flow<'_>| flow.is_input || (flow.is_output && result.is_none());
        let parameters = flows.iter().filter(is_parameter).map(|flow| flow.name).collect();
        let created = outputs.iter().filter(|flow| flow.is_new && result.is_none()).map(|flow| flow.name);
        let mut body = format!("{inner}{}", context.moved(statements.range, inner));
        let last = *statements.nodes.last()?;
        if let Some(result) = result {
            if context.tree().semicolon(last).is_none() {
                let end = context.tree().range(last).end;
                let at = body.len() - (statements.range.end - end) as usize;
                body.insert(at, ';');
            }
            let (nl, returned) = (context.line_break(), context.script.keyword(TokenKind::Return));
            let gap = if context.has_airy_methods(self.method) { nl } else { "" };
            body += &format!("{nl}{gap}{inner}{returned} {result};");
        }
        Some(Parts {
            is_function: result.is_some(),
            result: result.map(str::to_owned),
            parameters: owned(parameters),
            created: owned(created.collect()),
            body,
            replaced: statements.range,
        })
    }

    /// The text that calls the method, and the place of its name in it.
    fn call(&self, context: &Context<'_>, parts: &Parts, name: &str) -> (String, usize) {
        let mut text = String::new();
        let separator = format!("{}{}", context.line_break(), context.indent(parts.replaced.start));
        let undefined = context.script.keyword(TokenKind::Undefined);
        for variable in &parts.created {
            text += &format!("{variable} = {undefined};{separator}");
        }
        if let Some(result) = &parts.result {
            text += &format!("{result} = ");
        }
        if self.is_async {
            text += &format!("{} ", context.script.keyword(TokenKind::Await));
        }
        let at = text.len();
        text += &format!("{name}({})", parts.parameters.join(", "));
        if matches!(self.piece, Piece::Statements(_)) {
            text.push(';');
        }
        (text, at)
    }

    fn method_text(&self, context: &Context<'_>, parts: &Parts, name: &str, indent: &str) -> String {
        let (script, nl) = (context.script, context.line_break());
        let (opening, closing) = match parts.is_function {
            true => (TokenKind::Function, TokenKind::EndFunction),
            false => (TokenKind::Procedure, TokenKind::EndProcedure),
        };
        let modifier = match self.is_async {
            true => format!("{} ", script.keyword(TokenKind::Async)),
            false => String::new(),
        };
        let gap = if context.has_airy_methods(self.method) { nl } else { "" };
        format!(
            "{nl}{nl}{}{indent}{modifier}{} {name}({}){nl}{gap}{}{nl}{gap}{indent}{}",
            context.directives(self.method),
            script.keyword(opening),
            parts.parameters.join(", "),
            parts.body,
            script.keyword(closing),
        )
    }
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
