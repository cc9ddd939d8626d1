//! Behind a dot: members of the value; where nobody knows the value, names that stand behind it elsewhere.

use base::TextRange;
use platform::Names;
use semantics::{MemberKind, Type};

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::expected::fit;
use crate::completion::item::CompletionKind;
use crate::completion::usage::members_used;

/// Types of properties are compared with the expected one for lists up to this length.
const MAX_COMPARED: usize = 200;

/// Offers what may stand behind a dot; returns the type before it.
pub(crate) fn offer(asked: &Asked<'_>, receiver: TextRange, candidates: &mut Candidates) -> Type {
    let value = asked.typing.type_of(receiver);
    let members = asked.scope().members(&value);
    let is_compared = !asked.expected.is_unknown() && members.len() <= MAX_COMPARED;
    for (index, member) in members.into_iter().enumerate() {
        let kind = kind_of(member.kind);
        let fit = match is_compared && !is_method(member.kind) {
            true => fit(&asked.expected, &asked.scope().member_type(&value, &member)),
            false => Fit::Unknown,
        };
        // Values and parts of descriptions have an order of their own; other names are found by the alphabet.
        let order = match member.kind {
            MemberKind::EnumValue | MemberKind::Collection | MemberKind::Field | MemberKind::Column => {
                index as u32
            }
            _ => 0,
        };
        let tier = tier_of(member.kind);
        candidates.member(member, kind, tier, fit, order);
    }
    if value.is_unknown() || value.is_open() {
        guesses(asked, receiver, &value, candidates);
    }
    value
}

/// What the configuration or the module adds comes before what every value of the sort has.
fn tier_of(kind: MemberKind) -> Tier {
    match kind {
        MemberKind::Property | MemberKind::StandardAttribute => Tier::Context,
        MemberKind::Method => Tier::Global,
        _ => Tier::Own,
    }
}

fn guesses(asked: &Asked<'_>, receiver: TextRange, value: &Type, candidates: &mut Candidates) {
    let Some(module) = asked.of.project.module(asked.of.module) else { return };
    let text = asked.typing.text(receiver);
    let is_path = text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    if !is_path || text.is_empty() {
        return;
    }
    // `Запрос`, `ТаблицаЗначений`: many variables are called as what they hold.
    let alike = if value.is_unknown() { asked.scope().resolve_type(text) } else { Type::Unknown };
    for member in asked.scope().members(&alike) {
        let kind = kind_of(member.kind);
        candidates.member(member, kind, Tier::Guess, Fit::Differs, 0);
    }
    for (name, is_called) in members_used(&module.facts, asked.offset, text) {
        // The word that is being typed is a use, too.
        if base::same_name(&name, &asked.position.prefix) {
            continue;
        }
        let spelled = spelled(asked, &name);
        let kind = if is_called { CompletionKind::Method } else { CompletionKind::Property };
        let names = Names { ru: spelled.into(), ..Names::default() };
        let content = Content::Name(asked.pick("по тексту модуля", "from the module's text").to_owned());
        candidates.offer(Candidate {
            names,
            kind,
            tier: Tier::Guess,
            fit: Fit::Unknown,
            distance: 0,
            content,
        });
    }
}

/// Names in facts are in lower case; the section may show how they are written.
pub(crate) fn spelled(asked: &Asked<'_>, folded: &str) -> String {
    let source = asked.position.section.source();
    let words = source.tree.tokens().iter().filter(|token| !token.kind.is_trivia());
    let same = words.map(|token| source.token_text(token)).find(|text| base::same_name(text, folded));
    if let Some(found) = same {
        return found.to_owned();
    }
    let text = asked.of.document.rope();
    let module = asked.of.project.module(asked.of.module);
    let place =
        module.and_then(|module| module.facts.references_of(folded).next().map(|it| it.place.range()));
    let written =
        place.and_then(|range| text.get_byte_slice(range.as_usize())).map(|slice| slice.to_string());
    written.filter(|written| base::same_name(written, folded)).unwrap_or_else(|| folded.to_owned())
}

pub(crate) fn is_method(kind: MemberKind) -> bool {
    matches!(kind, MemberKind::Method | MemberKind::Function)
}

pub(crate) fn kind_of(kind: MemberKind) -> CompletionKind {
    match kind {
        MemberKind::Method => CompletionKind::Method,
        MemberKind::Function => CompletionKind::Function,
        MemberKind::Property => CompletionKind::Property,
        MemberKind::Variable => CompletionKind::Variable,
        MemberKind::Attribute
        | MemberKind::StandardAttribute
        | MemberKind::Section
        | MemberKind::Field
        | MemberKind::Column
        | MemberKind::Element => CompletionKind::Field,
        MemberKind::EnumValue => CompletionKind::EnumValue,
        MemberKind::Predefined => CompletionKind::Value,
        MemberKind::Object => CompletionKind::Object,
        MemberKind::Module | MemberKind::Collection => CompletionKind::Module,
        MemberKind::Form => CompletionKind::Form,
        MemberKind::Command => CompletionKind::Event,
        MemberKind::Type => CompletionKind::Class,
        MemberKind::Enum => CompletionKind::Enum,
    }
}
