//! What the sources offer for one place, each text once.

use base::CancelToken;

use super::features::{Features, Figures};
use super::{Request, untyped};
use crate::filter::clean;
use crate::lines::Asked;
use crate::{Context, LineCandidate, ProjectLines, Score, Source};

/// A continuation with what is known about it.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub text: String,
    /// How many bytes before the caret `text` replaces.
    pub replaced: usize,
    /// Who offered it first.
    pub source: Source,
    pub features: Features,
    /// The logarithm of its probability by the model, if the project was not asked.
    pub(super) model_alone: Option<f32>,
}

#[derive(Clone, Debug)]
struct Offer {
    text: String,
    replaced: usize,
    source: Source,
    /// Of the source that offered it, if that was the index.
    line: Option<LineCandidate>,
    names: Option<(usize, LineCandidate)>,
    judged: Option<LineCandidate>,
    model_rank: Option<usize>,
    score: Option<Score>,
}

impl Offer {
    fn is_unjudged(&self) -> bool {
        self.names.is_none() && self.judged.is_none()
    }
}

#[derive(Debug, Default)]
pub(super) struct Candidates {
    offers: Vec<Offer>,
    has_model: bool,
}

const LINES: usize = 6;
const NAMES: usize = 5;
/// So many candidates are scored by the model.
const SCORED: usize = 8;

pub(super) fn gather(lines: &ProjectLines, request: &Request<'_>, cancel: &CancelToken) -> Candidates {
    let mut candidates = Candidates::default();
    let context = request.context;
    lines.ask(context, |asked| {
        if request.sources.lines {
            for line in asked.lines(LINES) {
                if let Some(text) = clean(context, &line.text, line.replaced, request.extent) {
                    let offer = candidates.offer(text, line.replaced, Source::Lines);
                    offer.line.get_or_insert(line);
                }
            }
        }
        if request.sources.names {
            for (rank, line) in asked.names(NAMES, cancel).into_iter().enumerate() {
                if let Some(text) = clean(context, &line.text, line.replaced, request.extent) {
                    let offer = candidates.offer(text, line.replaced, Source::Names);
                    offer.names.get_or_insert((rank, line));
                }
            }
        }
        candidates.judge_with(asked);
    });
    candidates
}

impl Candidates {
    fn offer(&mut self, text: String, replaced: usize, source: Source) -> &mut Offer {
        let added =
            |text: &str, replaced: usize| text.get(replaced..).unwrap_or_default().trim_end().to_owned();
        let new = added(&text, replaced);
        let known = self.offers.iter().position(|offer| added(&offer.text, offer.replaced) == new);
        let index = known.unwrap_or_else(|| {
            let offer = Offer {
                text,
                replaced,
                source,
                line: None,
                names: None,
                judged: None,
                model_rank: None,
                score: None,
            };
            self.offers.push(offer);
            self.offers.len() - 1
        });
        &mut self.offers[index]
    }

    pub(super) fn add_generated(&mut self, text: String, replaced: usize, rank: usize, score: Option<Score>) {
        self.has_model = true;
        let offer = self.offer(text, replaced, Source::Model);
        offer.model_rank.get_or_insert(rank);
        offer.score = offer.score.or(score);
    }

    /// Numbers, texts and replaced bytes of what the model should score.
    pub(super) fn without_score(&mut self) -> Vec<(usize, String, usize)> {
        self.has_model = true;
        let open = self.offers.iter().enumerate().filter(|(_, offer)| offer.score.is_none());
        open.take(SCORED).map(|(index, offer)| (index, offer.text.clone(), offer.replaced)).collect()
    }

    pub(super) fn set_score(&mut self, index: usize, score: Option<Score>) {
        if let Some(offer) = self.offers.get_mut(index) {
            offer.score = score;
        }
    }

    /// Asks the index about what others offered.
    pub(super) fn judge(&mut self, lines: &ProjectLines, context: &Context) {
        if self.offers.iter().any(Offer::is_unjudged) {
            lines.ask(context, |asked| self.judge_with(asked));
        }
    }

    fn judge_with(&mut self, asked: &Asked<'_>) {
        for offer in self.offers.iter_mut().filter(|offer| offer.is_unjudged()) {
            offer.judged = asked.judge(&offer.text, offer.replaced);
        }
    }

    pub(super) fn into_list(self, context: &Context, has_project: bool) -> Vec<Candidate> {
        let words =
            |offer: &Offer| offer.names.as_ref().map(|names| names.1.clone()).or(offer.judged.clone());
        let by_names: Vec<f32> =
            self.offers.iter().map(|offer| words(offer).map_or(-30.0, |line| line.log_probability)).collect();
        let by_model: Vec<f32> =
            self.offers.iter().map(|offer| offer.score.as_ref().map_or(-30.0, untyped)).collect();
        let line = context.prefix.rsplit('\n').next().unwrap_or_default();
        let typed = |offer: &Offer| typed_characters(context, offer.replaced);
        let of = |(index, offer): (usize, &Offer)| {
            Features::of(&Figures {
                line: offer.line.as_ref(),
                words: words(offer),
                names_rank: offer.names.as_ref().map(|names| names.0),
                names_margin: margin(&by_names, index),
                model: offer.score,
                model_rank: offer.model_rank,
                model_margin: margin(&by_model, index),
                has_model: self.has_model,
                new_characters: offer.text.chars().count().saturating_sub(typed(offer)),
                typed_characters: typed(offer),
                is_line_start: line.trim().is_empty(),
                ends_statement: offer.text.ends_with(';'),
            })
        };
        let features: Vec<Features> = self.offers.iter().enumerate().map(of).collect();
        self.offers
            .into_iter()
            .zip(features)
            .map(|(offer, features)| Candidate {
                text: offer.text,
                replaced: offer.replaced,
                source: offer.source,
                features,
                model_alone: (!has_project).then(|| offer.score.as_ref().map_or(-30.0, untyped)),
            })
            .collect()
    }
}

fn typed_characters(context: &Context, replaced: usize) -> usize {
    let start = context.prefix.len().saturating_sub(replaced);
    context.prefix.get(start..).map_or(0, |typed| typed.chars().count())
}

/// How much more likely than the best of the others.
fn margin(values: &[f32], index: usize) -> f32 {
    let others = values.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, value)| *value);
    let best = others.fold(f32::NEG_INFINITY, f32::max);
    if best == f32::NEG_INFINITY { 4.0 } else { (values[index] - best).clamp(-8.0, 8.0) }
}
