//! Writes the method that a call names and that nobody has declared.

use base::same_name;
use syntax::{DeclarationKind, NodeId, NodeKind, Role, TokenKind};

use crate::refactor::context::{Context, numbered};
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};

const PROCEDURE: Refactoring = Refactoring {
    id: "createMethod",
    title_ru: "Создать процедуру",
    title_en: "Create procedure",
    kind: RefactoringKind::QuickFix,
};
const FUNCTION: Refactoring = Refactoring {
    id: "createMethod",
    title_ru: "Создать функцию",
    title_en: "Create function",
    kind: RefactoringKind::QuickFix,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let Some(call) = missing_call(context) else { return };
    let is_function = is_value(context, call.node);
    offers.add(if is_function { FUNCTION } else { PROCEDURE }, || Some(call.change(context, is_function)));
}

struct MissingCall<'a> {
    node: NodeId,
    name: &'a str,
    /// The method that calls.
    caller: NodeId,
}

fn missing_call<'a>(context: &Context<'a>) -> Option<MissingCall<'a>> {
    let tree = context.tree();
    let is_known = context.options.is_known_method?;
    let name = context.node_at_cursor(|kind| kind == NodeKind::Name)?;
    let node = tree.parent(name).filter(|node| tree.kind(*node) == NodeKind::Call)?;
    let text = context.node_text(name);
    let caller = tree.enclosing_method(node)?;
    let is_declared = context
        .module_names()
        .iter()
        .any(|it| it.kind != DeclarationKind::Variable && same_name(&it.name, text));
    let is_fit = tree.node(name).role == Role::Function
        && !text.is_empty()
        && context.code.closing_keyword(caller).is_some();
    (is_fit && !is_declared && !is_known(text)).then_some(MissingCall { node, name: text, caller })
}

fn is_value(context: &Context<'_>, call: NodeId) -> bool {
    let parent = context.tree().parent(call);
    parent.is_none_or(|parent| context.tree().kind(parent) != NodeKind::ExpressionStatement)
}

impl MissingCall<'_> {
    fn change(&self, context: &Context<'_>, is_function: bool) -> Change {
        let tree = context.tree();
        let (script, nl) = (context.script, context.line_break());
        let (opening, closing) = match is_function {
            true => (TokenKind::Function, TokenKind::EndFunction),
            false => (TokenKind::Procedure, TokenKind::EndProcedure),
        };
        let indent = context.indent(tree.range(self.caller).start);
        let unit = context.indent_unit();
        let body = match is_function {
            true => format!(
                "{indent}{unit}{} {};{nl}",
                script.keyword(TokenKind::Return),
                script.keyword(TokenKind::Undefined)
            ),
            false => nl.to_owned(),
        };
        let gap = if context.has_airy_methods(self.caller) && is_function { nl } else { "" };
        let text = format!(
            "{nl}{nl}{}{indent}{} {}({}){nl}{gap}{body}{gap}{indent}{}",
            context.directives(self.caller),
            script.keyword(opening),
            self.name,
            self.parameters(context).join(", "),
            script.keyword(closing),
        );
        Change::new(vec![context.insert(context.line_end(tree.range(self.caller).end), text)])
    }

    fn parameters(&self, context: &Context<'_>) -> Vec<String> {
        let tree = context.tree();
        let Some(list) = tree.child(self.node, Role::Arguments) else { return Vec::new() };
        let commas = tree.own_tokens(list).filter(|token| token.kind == TokenKind::Comma).count();
        let arguments: Vec<NodeId> = tree.children(list).collect();
        let count = if arguments.is_empty() && commas == 0 { 0 } else { commas + 1 };
        let mut names: Vec<String> = Vec::new();
        let mut arguments = arguments.into_iter().peekable();
        let ends: Vec<u32> = tree
            .own_tokens(list)
            .filter(|token| token.kind == TokenKind::Comma)
            .map(|token| token.start)
            .chain([u32::MAX])
            .collect();
        for end in ends.into_iter().take(count) {
            let argument = arguments.next_if(|argument| tree.range(*argument).start < end);
            let wanted = argument.and_then(|argument| parameter_name(context, argument));
            let is_taken = |name: &str, names: &[String]| names.iter().any(|known| same_name(known, name));
            let name = match wanted {
                Some(wanted) => numbered(wanted, |name| is_taken(name, &names)),
                None => {
                    let base = context.script.pick("Параметр", "Parameter");
                    numbered(&format!("{base}{}", names.len() + 1), |name| is_taken(name, &names))
                }
            };
            names.push(name);
        }
        names
    }
}

/// After what is passed.
fn parameter_name<'a>(context: &Context<'a>, argument: NodeId) -> Option<&'a str> {
    let tree = context.tree();
    let name = match tree.kind(argument) {
        NodeKind::Name => argument,
        NodeKind::Member => tree.child(argument, Role::Property)?,
        NodeKind::New => tree.child(argument, Role::Type)?,
        _ => return None,
    };
    let text = context.node_text(name);
    (!text.is_empty()).then_some(text)
}
