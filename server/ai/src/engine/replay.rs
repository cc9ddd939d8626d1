//! How long suggestions take while somebody types: lines of a module are typed again, character by character.

use std::time::{Duration, Instant};

use base::CancelToken;

use super::{Engine, EngineError, Finish, Limits, LocalEngine};
use crate::{Context, Extent};

/// Tokens generated at each keystroke.
const TOKENS: usize = 12;
/// Typing begins after this share of the module, so that the window is full.
const SKIPPED_SHARE: usize = 3;
const MAX_WARM_UP: Duration = Duration::from_secs(10);

/// What a replay measured. Times are wall time in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct ReplayReport {
    /// Of the first suggestion in a text that was never read.
    pub cold_ms: f64,
    /// Of each keystroke, sorted.
    pub keystroke_ms: Vec<f64>,
    /// Means of each keystroke.
    pub prompt_tokens: f64,
    pub read_tokens: f64,
    /// Memory for texts.
    pub memory_bytes: usize,
}

impl ReplayReport {
    /// The time that this share of keystrokes does not exceed.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.keystroke_ms.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        self.keystroke_ms.get(at.min(last)).copied().unwrap_or_default()
    }
}

/// Types lines of a module until there are enough keystrokes. Each asks for a fixed number of tokens; when the caret
/// comes to another line, the text is read ahead, as an editor has it done in idle time.
pub fn replay(engine: &LocalEngine, module: &str, keystrokes: usize) -> Result<ReplayReport, EngineError> {
    let mut report = ReplayReport::default();
    let limits =
        Limits { extent: Extent::Lines(u16::MAX), max_tokens: TOKENS, candidates: 1, deadline: None };
    let mut tokens = (0, 0);
    let mut ask = |context: &Context| {
        let before = engine.status();
        let start = Instant::now();
        let generated = engine.complete(context, &limits, &CancelToken::new())?;
        debug_assert!(generated.iter().all(|one| one.finish != Finish::Cancelled), "nobody cancels");
        let elapsed = start.elapsed();
        let after = engine.status();
        tokens.0 += after.prompt_tokens - before.prompt_tokens;
        tokens.1 += after.read_tokens - before.read_tokens;
        Ok(elapsed.as_secs_f64() * 1000.0)
    };
    let mut at =
        (module.len() / SKIPPED_SHARE..module.len()).find(|at| module.is_char_boundary(*at)).unwrap_or(0);
    while report.keystroke_ms.len() < keystrokes {
        let Some(line_end) = module[at..].find('\n').map(|found| at + found + 1) else { break };
        at = line_end;
        let next_end = module[at..].find('\n').map_or(module.len(), |found| at + found);
        let line = &module[at..next_end];
        let indent = line.len() - line.trim_start().len();
        if line.trim().is_empty() {
            continue;
        }
        let mut context = Context {
            module: "replay".into(),
            prefix: module[..at + indent].into(),
            suffix: module[next_end..].into(),
            ..Context::default()
        };
        if report.cold_ms == 0.0 {
            report.cold_ms = ask(&context)?;
        }
        engine.warm(&context, &CancelToken::new());
        wait_until_idle(engine);
        let wanted = keystrokes - report.keystroke_ms.len();
        for character in line.trim_start().chars().take(wanted) {
            context.prefix.push(character);
            report.keystroke_ms.push(ask(&context)?);
        }
    }
    // The first one, cold, is among them: of hundreds it does not matter.
    let count = report.keystroke_ms.len().max(1) as f64;
    report.prompt_tokens = tokens.0 as f64 / count;
    report.read_tokens = tokens.1 as f64 / count;
    report.memory_bytes = engine.status().memory_bytes;
    report.keystroke_ms.sort_by(f64::total_cmp);
    Ok(report)
}

/// Waits until what was read ahead is read: a task of lower priority is done after it.
fn wait_until_idle(engine: &LocalEngine) {
    let cancel = CancelToken::new();
    let start = Instant::now();
    while start.elapsed() < MAX_WARM_UP && engine.embed("", &cancel).is_err() {}
}
