//! What may be typed next: where the cursor stands, and what fits there. Candidates are collected light and ranked;
//! only those that are shown get texts.

mod annotations;
pub(crate) mod asked;
mod blocks;
pub(crate) mod candidates;
mod constructors;
mod documentation;
mod expected;
mod handlers;
mod item;
mod keywords;
mod literals;
mod matching;
mod members;
mod names;
mod position;
mod qualified;
mod snippets;
mod strings;
mod texts;
pub(crate) mod typing;
pub(crate) mod usage;
mod values;

use semantics::Type;
use syntax::TokenKind;

pub use documentation::completion_documentation;
pub use item::{Completion, CompletionItem, CompletionKind, CompletionOptions};
pub use keywords::{KeywordItem, KeywordItemKind, keyword_items};
pub use position::{CallPlace, CompletionPosition, PositionKind, completion_position};

use crate::completion::asked::{Asked, platform_script};
use crate::completion::candidates::Candidates;
use crate::completion::usage::Usage;
use crate::meaning::ProjectDocument;
use crate::query::query_completion;

/// Characters that ask for a list by themselves.
pub const COMPLETION_TRIGGERS: [char; 5] = ['.', '"', '&', '#', ' '];

/// What may be typed at an offset. `trigger` is the character whose typing asks; then only places are answered where
/// that character means something.
pub fn completions(
    of: ProjectDocument<'_>,
    offset: u32,
    trigger: Option<char>,
    options: CompletionOptions,
) -> Completion {
    // Inside a letter is before it.
    let rope = of.document.rope();
    let offset = rope.char_to_byte(rope.byte_to_char(offset.min(of.document.len()) as usize)) as u32;
    let position = completion_position(of.document, offset);
    let empty = Completion {
        insert: position.word,
        replace: position.whole_word,
        script: position.script,
        ..Completion::default()
    };
    if !answers(trigger, &position.kind) {
        return empty;
    }
    if let PositionKind::Query { .. } = position.kind
        && let Some(found) = query_completion(of, offset, options)
    {
        return found;
    }
    let asked = Asked::new(of, offset, &position, options);
    let mut candidates = Candidates::new(&position.prefix, platform_script(position.script));
    let facts = of.project.module(of.module).map(|module| module.facts.clone()).unwrap_or_default();
    let usage = Usage::around(&facts, offset);
    let (receiver, was_cut) = collect(&asked, &usage, &mut candidates);
    if candidates.is_empty() {
        return Completion { receiver, ..empty };
    }
    let (best, is_cut) = candidates.best(options.limit, &usage);
    let mut items = texts::items(&asked, receiver.as_ref(), best);
    if let Some(first) = items.first_mut() {
        first.is_best = !position.prefix.is_empty() || !asked.expected.is_unknown();
    }
    // More methods of other modules appear when there is enough to look for.
    let is_growing = matches!(position.kind, PositionKind::Statement | PositionKind::Expression)
        && position.prefix.chars().count() < qualified::MIN_TYPED;
    Completion { items, is_incomplete: is_cut || was_cut || is_growing, receiver, ..empty }
}

fn answers(trigger: Option<char>, kind: &PositionKind) -> bool {
    match trigger {
        Some(' ') => *kind == PositionKind::New,
        Some('"') => matches!(kind, PositionKind::String { .. } | PositionKind::Query { .. }),
        Some('.') => {
            matches!(
                kind,
                PositionKind::Member { .. } | PositionKind::String { .. } | PositionKind::Query { .. }
            )
        }
        Some('&') => matches!(kind, PositionKind::Annotation | PositionKind::Query { .. }),
        Some('#') => matches!(kind, PositionKind::Directive),
        _ => true,
    }
}

/// Asks the sources of a place; returns the type before a dot, and whether something was left out.
fn collect(asked: &Asked<'_>, usage: &Usage<'_>, candidates: &mut Candidates) -> (Option<Type>, bool) {
    match &asked.position.kind {
        PositionKind::Statement => {
            let was_cut = names::offer(asked, usage, candidates);
            if !asked.position.is_in_method() {
                handlers::offer(asked, false, candidates);
            }
            return (None, qualified::offer(asked, candidates) || was_cut);
        }
        PositionKind::Expression => {
            values::offer(asked, candidates);
            let was_cut = names::offer(asked, usage, candidates);
            return (None, qualified::offer(asked, candidates) || was_cut);
        }
        PositionKind::Member { receiver, .. } => {
            return (Some(members::offer(asked, *receiver, candidates)), false);
        }
        PositionKind::New => constructors::offer(asked, candidates),
        PositionKind::String { literal } => strings::offer(asked, *literal, candidates),
        PositionKind::DeclarationName => {
            let is_procedure = matches!(asked.position.head, Some(TokenKind::Procedure));
            if is_procedure {
                handlers::offer(asked, true, candidates);
            }
        }
        PositionKind::AfterExpression
        | PositionKind::Annotation
        | PositionKind::Directive
        | PositionKind::DirectiveCondition
        | PositionKind::Parameter
        | PositionKind::ParameterDefault
        | PositionKind::ForHeader => names::keywords(asked, candidates),
        // Texts of queries have a language of their own.
        PositionKind::Query { .. } => {}
        PositionKind::Comment { .. }
        | PositionKind::RegionName
        | PositionKind::Label
        | PositionKind::Nothing => {}
    }
    (None, false)
}
