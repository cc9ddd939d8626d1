//! Names without a dot: locals, what the module and its owner have, the configuration, the platform, and words of the
//! language.

use semantics::{Definition, Member, MemberKind};

use crate::completion::asked::{Asked, module_of};
use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::expected::fit;
use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::keywords::{KeywordItemKind, keyword_items};
use crate::completion::members::{is_method, kind_of, spelled};
use crate::completion::position::PositionKind;
use crate::completion::typing::plain;
use crate::completion::usage::{Usage, corpus_uses};

/// Names whose types are compared with the expected one.
const MAX_COMPARED: usize = 300;
/// Letters after which words of the module are offered, and how many.
const MIN_WORD: usize = 3;
const MAX_WORDS: usize = 20;

/// True if names were left out.
pub(crate) fn offer(asked: &Asked<'_>, usage: &Usage<'_>, candidates: &mut Candidates) -> bool {
    keywords(asked, candidates);
    locals(asked, candidates);
    let matcher = candidates.matcher.clone();
    let own = asked.scope().own_names(&|name| matcher.fits(name));
    members(asked, own, candidates);
    // Nobody reads thousands of names: until something is typed, those that are in use are enough.
    let is_short = matcher.len() == 0;
    let is_used = |name: &str| usage.of(name) > 0 || corpus_uses(name) > 0;
    let outer = asked.scope().outer_names(&|name| if is_short { is_used(name) } else { matcher.fits(name) });
    members(asked, outer, candidates);
    words(asked, usage, candidates);
    is_short
}

/// Names that other methods of the module give to their variables: here they may become new ones.
fn words(asked: &Asked<'_>, usage: &Usage<'_>, candidates: &mut Candidates) {
    if candidates.matcher.len() < MIN_WORD {
        return;
    }
    let typed = base::fold_case(&asked.position.prefix);
    for name in usage.starting_with(&typed).into_iter().filter(|name| *name != typed).take(MAX_WORDS) {
        let names = plain(&spelled(asked, name));
        let content = Content::Name(String::new());
        let (tier, fit) = (Tier::Guess, Fit::Unknown);
        candidates.offer(Candidate { names, kind: CompletionKind::Text, tier, fit, distance: 0, content });
    }
}

fn members(asked: &Asked<'_>, members: Vec<Member>, candidates: &mut Candidates) {
    let is_statement = asked.position.kind == PositionKind::Statement;
    let mut compared = if asked.expected.is_unknown() { MAX_COMPARED } else { 0 };
    for member in members {
        let tier = tier_of(asked, &member);
        let can_compare = matches!(tier, Tier::Own | Tier::Context) && compared < MAX_COMPARED;
        let fit = if is_procedure(&member) {
            if is_statement { Fit::Unknown } else { Fit::Differs }
        } else if is_statement && matches!(member.kind, MemberKind::Enum | MemberKind::EnumValue) {
            Fit::Differs
        } else if can_compare && !is_method(member.kind) {
            compared += 1;
            fit(&asked.expected, &asked.scope().type_of_definition(&member.definition))
        } else {
            Fit::Unknown
        };
        let kind = kind_of(member.kind);
        candidates.member(member, kind, tier, fit, 0);
    }
}

fn is_procedure(member: &Member) -> bool {
    member.kind == MemberKind::Method && matches!(member.definition, Definition::Method { .. })
}

fn tier_of(asked: &Asked<'_>, member: &Member) -> Tier {
    match &member.definition {
        Definition::Method { module, .. } | Definition::Variable { module, .. } => {
            if *module == asked.of.module { Tier::Own } else { Tier::Global }
        }
        Definition::PlatformFunction { .. }
        | Definition::PlatformProperty { .. }
        | Definition::SystemEnum(_)
        | Definition::ManagerCollection(_)
        | Definition::Object(_) => Tier::Global,
        definition => match module_of(definition) {
            Some(module) if !asked.can_call(module) => Tier::Unavailable,
            Some(_) => Tier::Global,
            None => Tier::Context,
        },
    }
}

fn locals(asked: &Asked<'_>, candidates: &mut Candidates) {
    let module = asked.of.project.module(asked.of.module);
    let method = module.and_then(|module| module.facts.method_at(asked.offset));
    let is_parameter =
        |name: &str| method.is_some_and(|it| it.parameters().any(|it| base::same_name(&it.name, name)));
    let locals = asked.typing.locals();
    let count = locals.len() as u32;
    for (index, local) in locals.into_iter().enumerate() {
        // The word that is being typed looks like a new variable.
        let fit = fit(&asked.expected, &asked.scope().type_of(&local.shape));
        let kind = match is_parameter(&local.name) {
            true => CompletionKind::Parameter,
            false => CompletionKind::Variable,
        };
        candidates.offer(Candidate {
            names: plain(&local.name),
            kind,
            tier: Tier::Local,
            fit,
            distance: count - index as u32,
            content: Content::Local(local.shape),
        });
    }
}

/// Words and pieces of code that fit the place.
pub(crate) fn keywords(asked: &Asked<'_>, candidates: &mut Candidates) {
    for (index, keyword) in keyword_items(asked.position).into_iter().enumerate() {
        let is_snippet = keyword.kind == KeywordItemKind::Snippet;
        if is_snippet && !asked.options.snippets {
            continue;
        }
        let kind = if is_snippet { CompletionKind::Snippet } else { CompletionKind::Keyword };
        let description = asked.pick(keyword.detail_ru, keyword.detail_en).to_owned();
        let mut item =
            CompletionItem { description, is_snippet, ..CompletionItem::named(keyword.label, kind) };
        if is_snippet {
            item.preview = without_places(&keyword.text);
        }
        item.text = keyword.text;
        candidates.ready(item, Tier::Context, Fit::Unknown, index as u32);
    }
}

/// A snippet as it looks when it is inserted.
pub(crate) fn without_places(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut rest = snippet;
    while let Some(at) = rest.find(['$', '\\', '}']) {
        text.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match mark {
            b'\\' => {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                text.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            b'$' => {
                rest =
                    rest.trim_start_matches('{').trim_start_matches(|letter: char| letter.is_ascii_digit());
                rest = rest.strip_prefix(':').unwrap_or(rest);
            }
            _ => {}
        }
    }
    text + rest
}
