//! Makes answers token by token: the likeliest one, or several by a narrow beam.

use super::choose::Chooser;
use super::healing::Healing;
use super::language_model::LanguageModel;
use super::memories::Remembered;
use super::path::{Choice, Path};
use super::table::{Role, TokenTable};
use super::watch::Watch;
use super::{Finish, Generated, Score};
use crate::{Limits, Prompt, Tokenizer};

const MAX_CANDIDATES: usize = 8;

/// Everything that stays the same for one model.
pub(crate) struct Decoder {
    pub(crate) table: TokenTable,
    /// Tokens read between two looks at the watch.
    pub(crate) piece: usize,
    /// Tokens of prompt and answer together.
    pub(crate) window: usize,
    /// Buffers: nothing is allocated per token.
    pub(crate) healing: Healing,
    path: Path,
    choices: Vec<Choice>,
}

/// The model and the memory it reads with.
pub(crate) struct Reader<'a, L: LanguageModel> {
    pub(crate) model: &'a mut L,
    pub(crate) remembered: &'a mut Remembered<L::Memory>,
}

impl Decoder {
    pub(crate) fn new(tokenizer: &Tokenizer, vocabulary: usize, piece: usize, window: usize) -> Self {
        Self {
            table: TokenTable::new(tokenizer, vocabulary),
            piece: piece.max(1),
            window,
            healing: Healing::default(),
            path: Path::default(),
            choices: Vec::new(),
        }
    }

    /// Continuations of a prompt, the likeliest first. If the work was stopped before there was any, one without text
    /// tells why.
    pub(crate) fn complete<L: LanguageModel>(
        &mut self,
        tokenizer: &Tokenizer,
        reader: &mut Reader<L>,
        prompt: &Prompt,
        limits: &Limits,
        watch: &Watch,
    ) -> Result<Vec<Generated>, String> {
        self.healing.start(&prompt.typed);
        let width = limits.candidates.clamp(1, MAX_CANDIDATES);
        let (generated, finish) = if width == 1 {
            let finish = self.greedy(tokenizer, reader, prompt, limits, watch)?;
            (self.path.finish(&prompt.typed, finish).into_iter().collect(), finish)
        } else {
            self.beam(tokenizer, reader, prompt, limits, (watch, width))?
        };
        let was_stopped = matches!(finish, Finish::Cancelled | Finish::Deadline);
        if generated.is_empty() && was_stopped {
            return Ok(vec![stopped(finish)]);
        }
        Ok(generated)
    }

    /// The likeliest token again and again. The answer is in `self.path`.
    fn greedy<L: LanguageModel>(
        &mut self,
        tokenizer: &Tokenizer,
        reader: &mut Reader<L>,
        prompt: &Prompt,
        limits: &Limits,
        watch: &Watch,
    ) -> Result<Finish, String> {
        let Self { table, healing, path, choices, .. } = self;
        path.clear();
        let chooser = Chooser { tokenizer, table, healing, extent: limits.extent };
        let is_stopped = || watch.stop().is_some();
        let logits = reader.remembered.read(reader.model, &prompt.tokens, self.piece, is_stopped)?;
        let Some(mut logits) = logits else { return Ok(watch.stop().unwrap_or(Finish::Cancelled)) };
        loop {
            if let Some(finish) = watch.stop() {
                return Ok(finish);
            }
            chooser.choose(path, logits, 1, choices);
            let Some(choice) = choices.first() else { return Ok(Finish::Limit) };
            path.count(choice);
            let Some(token) = choice.token else { return Ok(Finish::Complete) };
            let finish = path.push(token, tokenizer.token_bytes(token), table.role(token), limits.extent);
            if let Some(finish) = finish {
                return Ok(finish);
            }
            if path.reaches(limits.max_tokens, &prompt.typed) || reader.remembered.len() >= self.window {
                return Ok(Finish::Limit);
            }
            logits = reader.remembered.append(reader.model, &[token])?;
        }
    }

    /// Keeps the best few paths at once. They share one memory: it is cut back to what the next path has in common
    /// with the one before.
    fn beam<L: LanguageModel>(
        &mut self,
        tokenizer: &Tokenizer,
        reader: &mut Reader<L>,
        prompt: &Prompt,
        limits: &Limits,
        (watch, width): (&Watch, usize),
    ) -> Result<(Vec<Generated>, Finish), String> {
        let Self { table, healing, choices, .. } = self;
        let chooser = Chooser { tokenizer, table, healing, extent: limits.extent };
        let mut alive = vec![Path::default()];
        let mut ended: Vec<(Path, Finish)> = Vec::new();
        let mut tokens = Vec::new();
        let mut finish = Finish::Complete;
        'steps: while !alive.is_empty() {
            let mut next: Vec<(usize, Choice)> = Vec::new();
            for (number, path) in alive.iter().enumerate() {
                tokens.clear();
                tokens.extend_from_slice(&prompt.tokens);
                tokens.extend_from_slice(&path.tokens);
                let is_stopped = || watch.stop().is_some();
                let logits = reader.remembered.read(reader.model, &tokens, self.piece, is_stopped)?;
                let Some(logits) = logits else {
                    finish = watch.stop().unwrap_or(Finish::Cancelled);
                    break 'steps;
                };
                chooser.choose(path, logits, width + 1, choices);
                // Somebody asked for text: to say nothing is no candidate.
                let is_blank = path.is_blank(&prompt.typed);
                let choices = choices.iter().filter(|choice| choice.token.is_some() || !is_blank);
                next.extend(choices.map(|choice| (number, *choice)));
            }
            next.sort_by(|left, right| total(&alive, right).total_cmp(&total(&alive, left)));
            next.truncate(width);
            let mut grown = Vec::new();
            for (number, choice) in &next {
                let mut path = alive[*number].clone();
                path.count(choice);
                let mut finish = advance(&mut path, choice, tokenizer, table, limits);
                let is_full = prompt.tokens.len() + path.tokens.len() >= self.window;
                if finish.is_none() && (path.reaches(limits.max_tokens, &prompt.typed) || is_full) {
                    finish = Some(Finish::Limit);
                }
                match finish {
                    Some(finish) => ended.push((path, finish)),
                    None => grown.push(path),
                }
            }
            ended.sort_by(|(left, _), (right, _)| value(right).total_cmp(&value(left)));
            // Paths only get less likely.
            let worst = ended.get(width - 1).map_or(f32::NEG_INFINITY, |(path, _)| value(path));
            grown.retain(|path| value(path) > worst);
            alive = grown;
        }
        ended.extend(alive.into_iter().map(|path| (path, finish)));
        ended.sort_by(|(left, _), (right, _)| value(right).total_cmp(&value(left)));
        let mut generated: Vec<Generated> = Vec::new();
        for one in ended.iter().filter_map(|(path, finish)| path.finish(&prompt.typed, *finish)) {
            if generated.len() < width && generated.iter().all(|other| other.text != one.text) {
                generated.push(one);
            }
        }
        Ok((generated, finish))
    }
}

fn advance(
    path: &mut Path,
    choice: &Choice,
    tokenizer: &Tokenizer,
    table: &TokenTable,
    limits: &Limits,
) -> Option<Finish> {
    let Some(token) = choice.token else { return Some(Finish::Complete) };
    let role = table.role(token);
    debug_assert!(!matches!(role, Role::End | Role::Void), "invariant: choices are text");
    path.push(token, tokenizer.token_bytes(token), role, limits.extent)
}

/// How likely a path is, given what was typed.
fn value(path: &Path) -> f32 {
    path.score.log_probability - path.score.typed
}

fn total(alive: &[Path], (number, choice): &(usize, Choice)) -> f32 {
    value(&alive[*number]) + choice.rank - choice.typed
}

/// The answer to a request whose work was stopped before there was any text.
pub(crate) fn stopped(finish: Finish) -> Generated {
    Generated { text: String::new(), replaced: 0, score: Score::default(), finish }
}
