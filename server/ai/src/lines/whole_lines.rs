//! Lines of the project with the typed beginning.

use rustc_hash::FxHashMap;

use super::LineCandidate;
use super::beam::render;
use super::mixture::{Match, Mixture};
use super::segment::ModuleId;
use super::token::Token;

const SAMPLES: usize = 300;
/// Contexts across the line above count from this length on.
const LONG_CONTEXT: usize = 4;

#[derive(Default)]
struct Found {
    weight: f32,
    modules: Vec<ModuleId>,
    is_in_module: bool,
    context: usize,
    words: Vec<Token>,
}

pub(crate) fn find(mixture: &Mixture<'_>, at_most: usize) -> Vec<LineCandidate> {
    let matches = mixture.start();
    let typed = mixture.caret.typed();
    let deepest = matches.iter().map(|known| known.depth as usize).max().unwrap_or_default();
    let is_begun = typed > 0 || mixture.caret.partial.chars().count() > 1;
    let mut found: FxHashMap<Vec<Token>, Found> = FxHashMap::default();
    let mut sum = 0.0;
    if is_begun {
        for known in mixture.of_line(matches) {
            sum += collect(mixture, known, 1.0, &mut found);
        }
    }
    // The same words after the same line above: worth more than the beginning alone.
    if deepest > typed + 1 && deepest >= LONG_CONTEXT {
        for known in matches.iter().filter(|known| known.depth as usize == deepest) {
            sum += collect(mixture, known, 3.0, &mut found);
        }
    }
    let mut lines: Vec<Found> = found.into_values().collect();
    lines
        .sort_by(|left, right| right.weight.total_cmp(&left.weight).then_with(|| key(left).cmp(&key(right))));
    lines.truncate(at_most);
    lines
        .iter()
        .map(|line| LineCandidate {
            text: render(mixture, &line.words),
            replaced: mixture.caret.partial.len(),
            log_probability: 0.0,
            weakest: 0.0,
            words: line.words.len() + 1,
            count: line.weight,
            share: line.weight / sum.max(1.0),
            modules: line.modules.len(),
            is_in_module: line.is_in_module,
            context: line.context,
        })
        .collect()
}

fn key(found: &Found) -> Vec<(u32, u32)> {
    found.words.iter().map(|token| (token.id(), token.spelling())).collect()
}

fn collect(
    mixture: &Mixture<'_>,
    known: &Match,
    worth: f32,
    found: &mut FxHashMap<Vec<Token>, Found>,
) -> f32 {
    let has_partial = !mixture.caret.partial.is_empty();
    let narrowed = if has_partial { mixture.narrowed_to_partial(known) } else { vec![known.clone()] };
    let at_most = if narrowed.len() > 8 {
        40
    } else if has_partial {
        1000
    } else {
        SAMPLES
    };
    let mut sum = 0.0;
    for known in &narrowed {
        for (words, weight, module) in mixture.continuations(known, at_most) {
            let Some(first) = words.first() else { continue };
            if has_partial && !mixture.fits(first.bare()) {
                continue;
            }
            let key: Vec<Token> = words.iter().map(|token| token.bare()).collect();
            let entry = found.entry(key).or_default();
            entry.weight += weight * worth;
            entry.context = entry.context.max(known.depth as usize);
            entry.is_in_module |= mixture.is_current(module);
            if entry.modules.len() < 8 && !entry.modules.contains(&module) {
                entry.modules.push(module);
            }
            if entry.words.is_empty() {
                entry.words = words.to_vec();
            }
            sum += weight * worth;
        }
    }
    sum
}
