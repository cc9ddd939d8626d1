//! Light candidates: collected by the thousand, ranked, and cut to what is shown; only then texts are made.

use std::cmp::Reverse;

use platform::{Names, Script};
use rustc_hash::FxHashSet;
use semantics::{Definition, Member, Shape};

use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::matching::{MatchLevel, Matcher};
use crate::completion::usage::{Usage, corpus_uses};

/// How near a name is to the cursor; the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// Exactly what is expected here.
    Expected,
    Local,
    /// Of the module.
    Own,
    /// Of the object or the form that the module belongs to; closing keywords.
    Context,
    /// Of the configuration and of the platform.
    Global,
    /// Members of other modules, with their qualification.
    Qualified,
    /// A guess.
    Guess,
    /// Not available where the code runs.
    Unavailable,
}

/// Whether the type is what the place expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    Fits,
    #[default]
    Unknown,
    Differs,
}

/// What a candidate becomes.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// A name with a meaning.
    Member(Member),
    /// A type behind `Новый`.
    Constructor(Definition),
    /// All texts are there already.
    Ready(Box<CompletionItem>),
    /// A variable or a parameter of the method.
    Local(Shape),
    /// The name is all there is; with a description.
    Name(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) names: Names,
    pub(crate) kind: CompletionKind,
    pub(crate) tier: Tier,
    pub(crate) fit: Fit,
    /// Order among equals; smaller is better.
    pub(crate) distance: u32,
    pub(crate) content: Content,
}

/// A candidate that fits what is typed.
pub(crate) struct Ranked {
    pub(crate) candidate: Candidate,
    level: MatchLevel,
    /// The name of the other language is the one that fits.
    pub(crate) is_other: bool,
}

pub(crate) struct Candidates {
    pub(crate) matcher: Matcher,
    script: Script,
    found: Vec<Ranked>,
}

impl Candidates {
    pub(crate) fn new(typed: &str, script: Script) -> Self {
        Self { matcher: Matcher::new(typed), script, found: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn offer(&mut self, candidate: Candidate) {
        if let Some((level, is_other)) = self.level(&candidate.names) {
            self.found.push(Ranked { candidate, level, is_other });
        }
    }

    /// How well the typed word fits; whether it is the name in the other language that does.
    pub(crate) fn level(&self, names: &Names) -> Option<(MatchLevel, bool)> {
        let shown = names.in_script(self.script);
        let own = self.matcher.level(shown);
        // Nothing beats a good match of the name that is shown.
        let other = match own {
            Some(MatchLevel::Exact | MatchLevel::Prefix) => None,
            _ => {
                let others = names.spellings().filter(|name| *name != shown);
                others.filter_map(|name| self.matcher.level(name)).min()
            }
        };
        match (own, other) {
            (Some(own), Some(other)) if other < own => Some((other, true)),
            (Some(own), _) => Some((own, false)),
            (None, other) => other.map(|other| (other, true)),
        }
    }

    /// A name with a meaning; `order` is its place among its like.
    pub(crate) fn member(&mut self, member: Member, kind: CompletionKind, tier: Tier, fit: Fit, order: u32) {
        let names = member.names.clone();
        self.offer(Candidate { names, kind, tier, fit, distance: order, content: Content::Member(member) });
    }

    /// An item that is complete, found by its label.
    pub(crate) fn ready(&mut self, item: CompletionItem, tier: Tier, fit: Fit, distance: u32) {
        let names = Names { ru: item.label.as_str().into(), ..Names::default() };
        let (kind, content) = (item.kind, Content::Ready(Box::new(item)));
        self.offer(Candidate { names, kind, tier, fit, distance, content });
    }

    /// An item that is complete, found by another name.
    pub(crate) fn ready_as(&mut self, name: &str, item: CompletionItem, tier: Tier, fit: Fit) {
        let names = Names { ru: name.into(), ..Names::default() };
        let (kind, content) = (item.kind, Content::Ready(Box::new(item)));
        self.offer(Candidate { names, kind, tier, fit, distance: 0, content });
    }

    /// The best ones in order, and whether some were left out.
    pub(crate) fn best(self, limit: usize, usage: &Usage<'_>) -> (Vec<Ranked>, bool) {
        let Self { script, found, .. } = self;
        let key = |ranked: &Ranked| {
            let candidate = &ranked.candidate;
            let name = candidate.names.in_script(script);
            let uses = usage.of(name);
            let is_platform = !candidate.names.en.is_empty();
            let corpus = if is_platform { corpus_uses(&candidate.names.ru) } else { 0 };
            let is_far = candidate.tier >= Tier::Guess;
            let distance = if candidate.tier <= Tier::Local { candidate.distance } else { 0 };
            (
                (is_far, ranked.level, candidate.fit, candidate.tier, distance),
                (Reverse(uses), Reverse(corpus), candidate.kind, candidate.distance),
            )
        };
        let mut order: Vec<_> =
            found.iter().enumerate().map(|(index, ranked)| (key(ranked), index)).collect();
        let name = |index: usize| found[index].candidate.names.in_script(script);
        order.sort_by(|left, right| left.0.cmp(&right.0).then_with(|| name(left.1).cmp(name(right.1))));
        let mut seen = FxHashSet::default();
        let mut best = Vec::with_capacity(limit.min(order.len()));
        let mut is_cut = false;
        for (_, index) in order {
            let candidate = &found[index].candidate;
            let is_snippet = candidate.kind == CompletionKind::Snippet;
            if !seen.insert((base::fold_case(label(candidate, script)).into_owned(), is_snippet)) {
                continue;
            }
            if best.len() == limit {
                is_cut = true;
                break;
            }
            best.push(index);
        }
        let mut found: Vec<_> = found.into_iter().map(Some).collect();
        (best.into_iter().filter_map(|index| found[index].take()).collect(), is_cut)
    }
}

fn label(candidate: &Candidate, script: Script) -> &str {
    match &candidate.content {
        Content::Ready(item) => &item.label,
        _ => candidate.names.in_script(script),
    }
}
