//! A stand-in for the model in end-to-end tests: what it suggests follows from the text before the caret, and the text
//! says how long it takes.

use std::time::{Duration, Instant};

use ai::{Extent, Source, Suggestion};
use base::CancelToken;
use parking_lot::Mutex;

use crate::assistant::completions::{Ask, Completions, Effort};
use crate::assistant::{ModelState, ModelStatus};

/// Continues every word that has two letters with `Продолжение();`, and an empty line with `Строка();`. `// think N` at
/// the end of the line above makes it think for N milliseconds; `// instant` makes the answer known at once.
#[derive(Default)]
pub(crate) struct Fake {
    modules: Mutex<usize>,
    warmed: Mutex<usize>,
    is_loaded: Mutex<bool>,
}

impl Completions for Fake {
    fn suggest(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        let prefix = ask.context.prefix.as_str();
        let line_start = prefix.rfind('\n').map_or(0, |at| at + 1);
        let (above, line) = prefix.split_at(line_start);
        let above = above.lines().next_back().unwrap_or_default();
        let is_instant = above.ends_with("// instant");
        if ask.effort == Effort::Instant && !is_instant {
            return Vec::new();
        }
        let pause = above.rsplit_once("// think ").and_then(|(_, number)| number.parse().ok()).unwrap_or(0);
        let end = Instant::now() + Duration::from_millis(pause);
        while Instant::now() < end && !cancel.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let word = &line[line.trim_end_matches(is_word).len()..];
        let make = |text: String| Suggestion {
            text,
            replaced: word.len(),
            source: if is_instant { Source::Lines } else { Source::Model },
            confidence: 0.5,
        };
        let first = match (word.chars().count(), line.trim().is_empty()) {
            (0, true) => "Строка();".to_owned(),
            (0 | 1, _) => return Vec::new(),
            _ if word.chars().all(char::is_lowercase) => {
                let mut letters = word.chars();
                let capital = letters.next().into_iter().flat_map(char::to_uppercase);
                format!("{}{}Продолжение();", capital.collect::<String>(), letters.as_str())
            }
            _ => format!("{word}Продолжение();"),
        };
        let mut found = vec![make(first)];
        if let Extent::Lines(count) = ask.extent {
            let more = (1..count.min(3)).map(|line| format!("\nСтрока{line}();"));
            found[0].text.extend(more);
        }
        if ask.candidates > 1 {
            found.push(make(format!("{word}Иначе();")));
        }
        found
    }

    fn load(&self) {
        *self.is_loaded.lock() = true;
    }

    fn warm(&self, _context: &ai::Context, _cancel: &CancelToken) {
        *self.warmed.lock() += 1;
    }

    fn learn(&self, _module: &str, _text: &str, _cancel: &CancelToken) {
        *self.modules.lock() += 1;
    }

    fn status(&self) -> ModelStatus {
        let state = if *self.is_loaded.lock() { ModelState::Ready } else { ModelState::Loading };
        let (modules, warmed) = (*self.modules.lock(), *self.warmed.lock());
        ModelStatus {
            state,
            name: "fake".to_owned(),
            message: format!("{modules} modules, {warmed} warmed"),
            ..ModelStatus::default()
        }
    }
}
