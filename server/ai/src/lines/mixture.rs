//! How likely each next word is: what followed the longest known contexts, mixed with what followed shorter ones. The
//! current module weighs most, then its object, then the project (a nested cache model).

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::caret::Caret;
use super::index::{Index, group_of};
use super::segment::{DEPTH, ModuleId, Segment};
use super::token::{ANY_LOCAL, DOT, LINE_END, Token, UNKNOWN, WordId, is_sign, is_word};

/// Everything that stays the same during a request.
pub(crate) struct Mixture<'a> {
    pub(crate) index: &'a Index,
    pub(crate) caret: &'a Caret,
    views: Vec<View<'a>>,
    current: Option<ModuleId>,
    group: u64,
    /// Where the half-typed line itself stands in the current module's row: nothing is learned from it.
    own_place: Option<usize>,
    /// Folded beginning of the word at the caret.
    pub(crate) folded: String,
    /// Known words that begin so, as many as are looked at.
    beginnings: Vec<WordId>,
    /// Matches of the words before the caret.
    start: Vec<Match>,
    /// What may come first: asked for each candidate.
    first: OnceCell<Vec<Next>>,
}

struct View<'a> {
    segment: &'a Arc<Segment>,
    weight: f32,
    /// The large one: contexts see rare locals as any local, and modules in it may be of the past.
    is_base: bool,
    is_current: bool,
}

/// A range of places whose words are those before the caret.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    view: u8,
    pub(crate) depth: u8,
    range: Range<u32>,
}

/// What may come next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Next {
    pub(crate) token: Token,
    pub(crate) probability: f32,
}

/// How much a place counts by where it is.
const MODULE_WEIGHT: f32 = 6.0;
const GROUP_WEIGHT: f32 = 3.0;
const OPEN_WEIGHT: f32 = 1.5;
const SAMPLES: usize = 32;
/// Context lengths that are asked, besides the shortest.
const LONGEST: usize = 4;
/// What is left for shorter contexts is not asked for below this.
const NEGLIGIBLE: f32 = 0.02;
/// Words that begin as typed: so many are looked at.
const BEGINNINGS: usize = 400;
/// Matches kept per view: the longest.
const MATCHES: usize = 8;
/// Changed modules that are looked at.
const OPEN_AT_MOST: usize = 24;
/// Probability that is left for words nobody has seen here.
const UNSEEN: f32 = 1e-5;

/// Votes for next words behind contexts of one length.
#[derive(Default)]
struct Votes {
    /// Weight, and the part of it that has a blank before.
    by_token: FxHashMap<Token, (f32, f32)>,
    sum: f32,
    any_local: (f32, f32),
}

impl Votes {
    fn add(&mut self, token: Token, weight: f32) {
        let entry = self.by_token.entry(token.bare()).or_default();
        entry.0 += weight;
        entry.1 += if token.has_blank_before() { weight } else { 0.0 };
        self.sum += weight;
    }
}

impl<'a> Mixture<'a> {
    pub(crate) fn new(index: &'a Index, caret: &'a Caret, module: &str) -> Self {
        let current = index.module(module);
        let mut views = vec![View { segment: &index.base, weight: 1.0, is_base: true, is_current: false }];
        let group = group_of(module);
        for (id, segment) in &index.changed {
            let is_current = Some(*id) == current;
            let weight = if is_current {
                MODULE_WEIGHT
            } else if index.group(*id) == group {
                GROUP_WEIGHT
            } else {
                OPEN_WEIGHT
            };
            // Few modules are open at once; the current one is always looked at.
            if views.len() < OPEN_AT_MOST || is_current {
                views.push(View { segment, weight, is_base: false, is_current });
            }
        }
        let folded = if is_word(&caret.partial) {
            base::fold_case(&caret.partial).into_owned()
        } else {
            caret.partial.clone()
        };
        let is_begun_word = is_word(&folded);
        let beginnings = if is_begun_word {
            index.vocabulary.beginning_with(&folded).take(BEGINNINGS).collect()
        } else {
            Vec::new()
        };
        let mut mixture = Self {
            index,
            caret,
            views,
            current,
            group,
            own_place: None,
            folded,
            beginnings,
            start: Vec::new(),
            first: OnceCell::new(),
        };
        mixture.start = mixture.matches_of_caret();
        mixture.own_place = mixture.find_own_place();
        mixture
    }

    /// The place in the current module that has the same words before it and behind it as the caret.
    fn find_own_place(&self) -> Option<usize> {
        let number = self.views.iter().position(|view| view.is_current)?;
        let segment = self.views[number].segment;
        let matches = self.start();
        let own =
            matches.iter().filter(|known| known.view as usize == number).max_by_key(|known| known.depth)?;
        let depth = own.depth as usize;
        let is_own = |suffix: &usize| {
            let rest = segment.tokens_from(*suffix, depth);
            let rest = match rest.split_first() {
                Some((first, rest)) if !self.caret.partial.is_empty() && self.is_begun(*first) => rest,
                _ => rest,
            };
            !rest.is_empty()
                && rest.iter().zip(&self.caret.after).all(|(token, wanted)| token.id() == *wanted)
        };
        let mut range = own.range.start as usize..own.range.end as usize;
        range.find(is_own).map(|suffix| segment.place(suffix) + depth)
    }

    /// True if what is typed of the current word begins with the token: it was there at an earlier keystroke.
    fn is_begun(&self, token: Token) -> bool {
        let text = self.text(token);
        !text.is_empty()
            && (self.folded.starts_with(&*base::fold_case(text)) || self.folded.starts_with(text))
    }

    /// True for the half-typed line itself.
    fn is_own(&self, view: &View<'_>, suffix: usize, depth: usize) -> bool {
        let Some(own) = self.own_place else { return false };
        if !view.is_current {
            return false;
        }
        let place = view.segment.place(suffix);
        let end = own + usize::from(!self.caret.partial.is_empty());
        place < end && place + depth >= own
    }

    pub(crate) fn text(&self, token: Token) -> &str {
        self.caret.text(token, &self.index.vocabulary)
    }

    /// The word's number, if anybody knows it.
    pub(crate) fn find(&self, text: &str) -> Token {
        self.caret.find(text, &self.index.vocabulary)
    }

    /// Matches of the words before the caret.
    pub(crate) fn start(&self) -> &[Match] {
        &self.start
    }

    fn matches_of_caret(&self) -> Vec<Match> {
        let before = &self.caret.before;
        // At least the whole typed line, for whole lines; some of the line above.
        let from = before.len().saturating_sub(DEPTH - 1).max(self.caret.line.saturating_sub(6));
        let mut matches = Vec::new();
        for token in &before[from..] {
            matches = self.extend(&matches, *token);
        }
        matches
    }

    /// Matches behind one more word.
    pub(crate) fn extend(&self, matches: &[Match], token: Token) -> Vec<Match> {
        let mut extended = Vec::with_capacity(matches.len() + self.views.len());
        for (number, view) in self.views.iter().enumerate() {
            let key = self.key(view, token);
            let own = matches.iter().filter(|known| known.view as usize == number).take(MATCHES);
            for known in own {
                let range = known.range.start as usize..known.range.end as usize;
                let range = view.segment.narrow(range, known.depth as usize, key);
                if !range.is_empty() {
                    let range = range.start as u32..range.end as u32;
                    extended.push(Match { view: number as u8, depth: known.depth + 1, range });
                }
            }
            let fresh = view.segment.beginning(key);
            if !fresh.is_empty() {
                let range = fresh.start as u32..fresh.end as u32;
                extended.push(Match { view: number as u8, depth: 1, range });
            }
        }
        extended
    }

    fn key(&self, view: &View<'_>, token: Token) -> WordId {
        let id = token.id();
        let stands_for_any = view.is_base
            && !is_sign(id)
            && id != LINE_END
            && self.caret.is_in_scope(id)
            && self.index.vocabulary.is_rare_local(id);
        if stands_for_any { ANY_LOCAL } else { id }
    }

    /// The match that begins where the current line does, in each view.
    pub(crate) fn of_line<'m>(&self, matches: &'m [Match]) -> impl Iterator<Item = &'m Match> {
        let depth = self.caret.typed() + 1;
        matches.iter().filter(move |known| known.depth as usize == depth)
    }

    /// What may come at the caret.
    pub(crate) fn first(&self) -> &[Next] {
        self.first.get_or_init(|| {
            let previous = self.caret.before.last().map_or(LINE_END, |token| token.id());
            self.next(&self.start, previous, !self.caret.partial.is_empty())
        })
    }

    /// Next words with their probabilities, the likeliest first. With `partial` only those that begin as typed.
    pub(crate) fn next(&self, matches: &[Match], previous: WordId, partial: bool) -> Vec<Next> {
        let mut depths: Vec<u8> = matches.iter().map(|known| known.depth).collect();
        depths.sort_unstable();
        depths.dedup();
        // The longest contexts decide; the shortest is the floor.
        let shortest = depths.first().copied();
        let longest = depths.into_iter().rev().take(LONGEST).chain(shortest);
        let mut sum: FxHashMap<Token, (f32, f32)> = FxHashMap::default();
        let mut rest = 1.0;
        let mut last = None;
        for depth in longest {
            if last == Some(depth) || rest < NEGLIGIBLE {
                break;
            }
            last = Some(depth);
            let mut votes = Votes::default();
            for known in matches.iter().filter(|known| known.depth == depth) {
                self.vote(known, partial, previous, &mut votes);
            }
            self.share_among_locals(&mut votes, partial);
            mix(&mut sum, &mut rest, &votes);
        }
        self.add_floor(&mut sum, rest, previous, partial);
        let with_flags = |(token, (probability, blank)): (Token, (f32, f32))| Next {
            token: token.with_blank(blank > probability * 0.5),
            probability,
        };
        let mut next: Vec<Next> = sum.into_iter().map(with_flags).collect();
        if partial {
            let sum: f32 = next.iter().map(|next| next.probability).sum::<f32>() + UNSEEN;
            next.iter_mut().for_each(|next| next.probability /= sum);
        }
        next.sort_by(|left, right| {
            right.probability.total_cmp(&left.probability).then(left.token.id().cmp(&right.token.id()))
        });
        next
    }

    /// What may come without any context: names in scope, and words that begin as typed.
    fn add_floor(&self, sum: &mut FxHashMap<Token, (f32, f32)>, rest: f32, previous: WordId, partial: bool) {
        if previous != DOT {
            for (token, share) in &self.caret.scope {
                if !partial || self.fits(*token) {
                    let entry = sum.entry(*token).or_default();
                    entry.0 += 0.2 * share * rest;
                    entry.1 += 0.1 * share * rest;
                }
            }
        }
        if !partial || rest < NEGLIGIBLE {
            return;
        }
        let count_of = |id: &WordId| {
            let count: f32 =
                self.views.iter().map(|view| view.segment.beginning(*id).len() as f32 * view.weight).sum();
            // The half-typed word itself is in the row of the module.
            let is_typed = self.text(Token::new(*id, 0)).len() == self.folded.len();
            let count = if is_typed && self.own_place.is_some() { count - MODULE_WEIGHT } else { count };
            (Token::new(*id, 0), count)
        };
        let counts: Vec<(Token, f32)> =
            self.beginnings.iter().map(count_of).filter(|(_, count)| *count > 0.0).collect();
        let all: f32 = counts.iter().map(|(_, count)| count).sum();
        for (token, count) in counts {
            sum.entry(token).or_default().0 += 0.01 * rest * count / all;
        }
    }

    /// True if the word begins as typed.
    pub(crate) fn fits(&self, token: Token) -> bool {
        let text = self.text(token);
        if !is_word(&self.folded) {
            return text.starts_with(&self.folded) && text.len() > self.folded.len();
        }
        let mut letters = text.chars().flat_map(char::to_lowercase);
        self.folded.chars().all(|wanted| letters.next() == Some(wanted))
    }

    fn vote(&self, known: &Match, partial: bool, previous: WordId, votes: &mut Votes) {
        let Some(view) = self.views.get(known.view as usize) else { return };
        let range = known.range.start as usize..known.range.end as usize;
        let depth = known.depth as usize;
        if partial && range.len() > 512 && is_word(&self.folded) {
            // Too many to look at each: ask for each word that begins so.
            for id in &self.beginnings {
                let inner = view.segment.narrow(range.clone(), depth, *id);
                if !inner.is_empty() {
                    let scale = inner.len() as f32 / inner.len().min(4) as f32;
                    self.vote_samples(view, sampled(inner, 4), depth, scale, previous, votes);
                }
            }
            return;
        }
        let at_most = if partial { 512 } else { SAMPLES };
        let scale = range.len() as f32 / range.len().min(at_most) as f32;
        if !partial {
            return self.vote_samples(view, sampled(range, at_most), depth, scale, previous, votes);
        }
        let fitting = sampled(range, at_most)
            .filter(|&suffix| view.segment.token(suffix, depth).is_some_and(|token| self.fits(token.bare())));
        self.vote_samples(view, fitting, depth, scale, previous, votes);
    }

    fn vote_samples(
        &self,
        view: &View<'_>,
        suffixes: impl Iterator<Item = usize>,
        depth: usize,
        scale: f32,
        previous: WordId,
        votes: &mut Votes,
    ) {
        for suffix in suffixes {
            let Some(token) = view.segment.token(suffix, depth) else { continue };
            if token.id() == UNKNOWN {
                continue;
            }
            let weight = scale * self.weight(view, suffix, depth);
            if weight == 0.0 {
                continue;
            }
            if token.is_local() && !self.caret.is_in_scope(token.id()) {
                // A local of another method stands for those of this one, unless it is being introduced.
                let exact = if previous == LINE_END { 0.5 } else { 0.15 };
                votes.add(token, weight * exact);
                votes.any_local.0 += weight * (1.0 - exact);
                votes.any_local.1 += if token.has_blank_before() { weight * (1.0 - exact) } else { 0.0 };
            } else {
                votes.add(token, weight);
            }
        }
    }

    fn weight(&self, view: &View<'_>, suffix: usize, depth: usize) -> f32 {
        if self.is_own(view, suffix, depth) {
            return 0.0;
        }
        if !view.is_base {
            return view.weight;
        }
        let Some(module) = view.segment.module_of(suffix) else { return 0.0 };
        if self.index.is_stale_in_base(module) {
            0.0
        } else if Some(module) == self.current {
            MODULE_WEIGHT
        } else if self.index.group(module) == self.group {
            GROUP_WEIGHT
        } else {
            view.weight
        }
    }

    fn share_among_locals(&self, votes: &mut Votes, partial: bool) {
        let (sum, blank) = votes.any_local;
        if sum == 0.0 {
            return;
        }
        let part_with_blank = blank / sum;
        for (token, share) in &self.caret.scope {
            if !partial || self.fits(*token) {
                let entry = votes.by_token.entry(*token).or_default();
                entry.0 += sum * share;
                entry.1 += sum * share * part_with_blank;
                votes.sum += sum * share;
            }
        }
    }

    /// Lines that go on behind the matches: their words up to the end of the line, weight and module.
    pub(crate) fn continuations<'m>(
        &'m self,
        known: &'m Match,
        at_most: usize,
    ) -> impl Iterator<Item = (&'m [Token], f32, ModuleId)> + 'm {
        let view = &self.views[known.view as usize];
        let range = known.range.start as usize..known.range.end as usize;
        let scale = range.len() as f32 / range.len().min(at_most) as f32;
        sampled(range, at_most).filter_map(move |suffix| {
            let tokens = view.segment.tokens_from(suffix, known.depth as usize);
            let end = tokens.iter().position(|token| token.id() == LINE_END)?;
            let weight = self.weight(view, suffix, known.depth as usize) * scale;
            let module = view.segment.module_of(suffix)?;
            (weight > 0.0).then_some((&tokens[..end], weight, module))
        })
    }

    /// Narrows matches to those whose next word begins as typed, where there are too many to look at each.
    pub(crate) fn narrowed_to_partial(&self, known: &Match) -> Vec<Match> {
        if known.range.len() < 1000 || !is_word(&self.folded) {
            return vec![known.clone()];
        }
        let view = &self.views[known.view as usize];
        let range = known.range.start as usize..known.range.end as usize;
        let words = self.beginnings.iter();
        words
            .map(|id| view.segment.narrow(range.clone(), known.depth as usize, *id))
            .filter(|inner| !inner.is_empty())
            .map(|inner| Match { range: inner.start as u32..inner.end as u32, ..known.clone() })
            .collect()
    }

    pub(crate) fn is_current(&self, module: ModuleId) -> bool {
        Some(module) == self.current
    }
}

/// At most so many numbers of the range, evenly.
fn sampled(range: Range<usize>, at_most: usize) -> impl Iterator<Item = usize> {
    let count = range.len().min(at_most);
    let length = range.len();
    (0..count).map(move |index| range.start + index * length / count.max(1))
}

/// Longer contexts overrule shorter ones the more, the more places and the fewer different words they have. `rest` is the
/// probability that is left to shorter ones.
fn mix(sum: &mut FxHashMap<Token, (f32, f32)>, rest: &mut f32, votes: &Votes) {
    if votes.sum == 0.0 {
        return;
    }
    let kinds = votes.by_token.len() as f32;
    let unseen = 0.3 + 0.6 * kinds;
    let scale = *rest / (votes.sum + unseen);
    for (token, (weight, blank)) in &votes.by_token {
        let entry = sum.entry(*token).or_default();
        entry.0 += weight * scale;
        entry.1 += blank * scale;
    }
    *rest *= unseen / (votes.sum + unseen);
}
