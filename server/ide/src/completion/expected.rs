//! What type of value a place expects: a parameter of the method that is called, the other side of a comparison.

use platform::Signature;
use semantics::{Definition, Dialect, Scope, Type};
use syntax::TokenKind;

use base::TextRange;

use crate::completion::asked::Asked;
use crate::completion::candidates::Fit;
use crate::completion::position::{CallPlace, PositionKind};

/// Unknown where anything may stand.
pub(crate) fn expected_type(asked: &Asked<'_>) -> Type {
    if asked.position.kind != PositionKind::Expression {
        return Type::Unknown;
    }
    if let Some(left) = compared_with(asked) {
        return left;
    }
    match &asked.position.call {
        Some(call) if is_start_of_argument(asked, call) => argument_type(asked, call),
        _ => Type::Unknown,
    }
}

/// The method or function that a list of arguments belongs to.
pub(crate) fn callee(asked: &Asked<'_>, call: &CallPlace) -> Option<Definition> {
    let text = asked.typing.text(call.callee);
    let scope = asked.scope();
    if call.is_new {
        return match scope.resolve_type(text) {
            Type::Platform(found) => Some(Definition::PlatformType(found)),
            Type::Query(_) | Type::Structure { .. } => {
                let id = asked.platform().type_id(text)?;
                Some(Definition::PlatformType(semantics::PlatformType { dialect: asked.dialect(), id }))
            }
            _ => None,
        };
    }
    let Some((receiver, name)) = receiver_and_name(asked, call) else { return scope.resolve_call(text) };
    let receiver = asked.typing.type_of(receiver);
    scope.member(&receiver, name).found().map(|member| member.definition)
}

/// What stands before the last dot of a callee, and the name behind.
pub(crate) fn receiver_and_name<'a>(asked: &Asked<'a>, call: &CallPlace) -> Option<(TextRange, &'a str)> {
    let text = asked.typing.text(call.callee);
    let dot = text.rfind('.')?;
    let receiver = text[..dot].trim_end();
    let range = TextRange { start: call.callee.start, end: call.callee.start + receiver.len() as u32 };
    Some((range, text[dot + 1..].trim()))
}

/// Type of the parameter that an argument belongs to.
fn argument_type(asked: &Asked<'_>, call: &CallPlace) -> Type {
    let Some(definition) = callee(asked, call) else { return Type::Unknown };
    let project = asked.of.project;
    match &definition {
        Definition::Method { module, index } => {
            let Some(method) = project.method(*module, *index) else { return Type::Unknown };
            let Some(parameter) = method.parameters().nth(call.argument) else { return Type::Unknown };
            Scope::new(project, *module).type_of(&parameter.fact().shape)
        }
        Definition::PlatformFunction { dialect, name } => {
            let found = project.platform(*dialect).function(name);
            found.map_or(Type::Unknown, |found| parameter_type(asked, &found.signatures, call.argument))
        }
        Definition::PlatformMethod { owner, name } => {
            let found = project.platform(owner.dialect).method(owner.id, name);
            found.map_or(Type::Unknown, |found| parameter_type(asked, &found.signatures, call.argument))
        }
        Definition::PlatformType(found) => {
            let info = project.platform(found.dialect).type_info(found.id);
            parameter_type(asked, &info.constructors, call.argument)
        }
        _ => Type::Unknown,
    }
}

fn parameter_type(asked: &Asked<'_>, signatures: &[Signature], argument: usize) -> Type {
    let parameters = signatures.iter().filter_map(|signature| signature.parameters.get(argument));
    let names = parameters.flat_map(|parameter| &parameter.types);
    Type::union(names.map(|name| asked.scope().resolve_type(name)))
}

/// Nothing but the word stands between the word and the comma or the parenthesis before it.
fn is_start_of_argument(asked: &Asked<'_>, call: &CallPlace) -> bool {
    let text = asked.typing.text(TextRange { start: call.start, end: asked.position.word.start });
    let before = text.trim_end();
    before.is_empty() || before.ends_with(',')
}

/// Type of what stands on the left of `=` or `<>`.
fn compared_with(asked: &Asked<'_>) -> Option<Type> {
    let section = &asked.position.section;
    let tree = section.source().tree;
    let start = asked.position.word.start.checked_sub(section.range.start)?;
    let count = tree.tokens().partition_point(|token| token.end <= start);
    let mut before = tree.tokens().get(..count)?.iter().rev().filter(|token| !token.kind.is_trivia());
    let sign = before.next()?;
    if !matches!(sign.kind, TokenKind::Equal | TokenKind::NotEqual) {
        return None;
    }
    let last = before.next()?;
    let mut first = last;
    let mut expects_dot = true;
    if last.kind != TokenKind::Identifier {
        return None;
    }
    for token in before {
        let is_part = match token.kind {
            TokenKind::Dot => expects_dot,
            TokenKind::Identifier => !expects_dot,
            _ => false,
        };
        if !is_part {
            break;
        }
        expects_dot = !expects_dot;
        first = token;
    }
    let range = TextRange { start: first.start, end: last.end }.shifted(section.range.start);
    let known = asked.typing.type_of(range);
    (!known.is_unknown()).then_some(known)
}

/// Whether a value of a type is what the place expects.
pub(crate) fn fit(expected: &Type, value: &Type) -> Fit {
    if expected.is_unknown() || value.is_unknown() {
        return Fit::Unknown;
    }
    let fits = expected.parts().iter().any(|wanted| value.parts().iter().any(|part| is_alike(wanted, part)));
    if fits {
        Fit::Fits
    } else if expected.is_open() || value.is_open() {
        Fit::Unknown
    } else {
        Fit::Differs
    }
}

fn is_alike(wanted: &Type, part: &Type) -> bool {
    match (wanted, part) {
        (Type::AnyRef, Type::Object { aspect, .. } | Type::AnyObject { aspect, .. }) => {
            *aspect == metadata::ObjectAspect::Ref
        }
        (Type::AnyObject { aspect, .. }, Type::Object { aspect: own, .. }) => aspect == own,
        _ => wanted == part || (base_of(wanted).is_some() && base_of(wanted) == base_of(part)),
    }
}

fn base_of(value: &Type) -> Option<semantics::PlatformType> {
    match value {
        Type::Platform(base)
        | Type::Collection { base, .. }
        | Type::Structure { base, .. }
        | Type::Table { base, .. }
        | Type::Row { base, .. } => Some(*base),
        _ => None,
    }
}

/// True for code of 1C:Enterprise.
pub(crate) fn is_enterprise(asked: &Asked<'_>) -> bool {
    asked.dialect() == Dialect::Enterprise
}
